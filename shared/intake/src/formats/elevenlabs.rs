//! ElevenLabs: the webhook `post_call_transcription`, whose `data` is the conversation as the API returns it, and that conversation
//! alone.
//!
//! Turns have a start in whole seconds and no end, so overlaps cannot be measured.

use domain::{Role, SkipReason};
use serde_json::Value;

use super::{PayloadKind, WRITTEN_CHAT};
use crate::call_builder::CallBuilder;
use crate::coerce::SECONDS;
use crate::entries::{self, Entry, EntryKeys, Speaker};
use crate::field::{Field, FieldError};
use crate::turn_times::TurnTimes;

/// The prefix of the dynamic variables that the platform adds, telephone numbers among them.
const SYSTEM_VARIABLE_PREFIX: &str = "system__";
/// The tool with which an agent hangs up on an answering machine.
const VOICEMAIL_TOOL: &str = "voicemail_detection";
/// The keys of an entry of the transcript.
const KEYS: EntryKeys = EntryKeys { role: "role", text: "message" };

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let events = ["post_call_transcription", "post_call_audio", "call_initiation_failure"];
    payload.get("type").non_blank().is_some_and(|event| events.contains(&event))
        || is_resource(payload)
        || is_resource(&payload.get("data"))
}

/// Whether a payload is a conversation as the API returns it.
pub(super) fn is_resource(payload: &Field<'_, '_>) -> bool {
    let keys = [
        "metadata.start_time_unix_secs",
        "metadata.call_duration_secs",
        "conversation_initiation_client_data",
        "has_audio",
    ];
    let is_entry = |entry: Field<'_, '_>| entry.has("message") || entry.has("time_in_call_secs");
    let is_own = || keys.iter().any(|path| payload.get(path).is_present());
    let has_entry = || payload.get("transcript").elements().any(is_entry);
    payload.has("conversation_id") && payload.has("transcript") && (is_own() || has_entry())
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    match payload.get("type").non_blank() {
        Some("post_call_audio") => {
            return Ok(PayloadKind::Ignored("post_call_audio has a recording and no transcript".to_owned()));
        }
        Some("call_initiation_failure") => {
            return Ok(PayloadKind::Ignored("call_initiation_failure means that no call took place".to_owned()));
        }
        _ => {}
    }
    let data = if is_resource(payload) { *payload } else { payload.get("data") };
    if let Some(status @ ("initiated" | "in-progress" | "processing")) = data.get("status").non_blank() {
        return Ok(PayloadKind::not_call_end(status));
    }
    if is_written(&data) {
        return Ok(PayloadKind::Ignored(WRITTEN_CHAT.to_owned()));
    }
    builder.set_call_id(&[data.get("conversation_id")])?;
    builder.set_agent_id(&[data.get("agent_id")]);
    let metadata = data.get("metadata");
    builder.started_at = metadata.get("start_time_unix_secs").unix_timestamp(SECONDS);
    builder.duration_seconds = metadata.get("call_duration_secs").duration_seconds(SECONDS);
    builder.set_language(&metadata.get("main_language"));
    builder.stated_skip = is_voicemail(&data).then_some(SkipReason::Voicemail);
    let transcript = data.get("transcript");
    transcript.array()?;
    entries::read_first(&[transcript], KEYS, builder, add_entry)?;
    let analysis = data.get("analysis");
    let success = ["call_successful", "call_success_score"].iter().find_map(|key| analysis.get(key).scalar_text());
    builder.set_verdict(success, None, analysis.get("transcript_summary").non_blank());
    add_dynamic_variables(&data.get("conversation_initiation_client_data.dynamic_variables"), builder);
    builder.metadata.add("agent_name", data.get("agent_name").non_blank());
    builder.metadata.add("direction", metadata.get("phone_call.direction").non_blank());
    builder.metadata.add("ended_reason", metadata.get("termination_reason").non_blank());
    Ok(PayloadKind::Call)
}

/// Whether the conversation was held in writing: the platform says so, it came through a messenger and nobody spoke, or all that
/// the user said was typed.
fn is_written(data: &Field<'_, '_>) -> bool {
    let text_only = [
        "metadata.text_only",
        "conversation_initiation_client_data.conversation_config_override.conversation.text_only",
    ];
    let metadata = data.get("metadata");
    let source = metadata.get("conversation_initiation_source").non_blank();
    let is_messenger = ["whatsapp", "sms"].iter().any(|key| metadata.get(key).is_present() || source == Some(key));
    let transcript = data.get("transcript");
    let is_said = |entry: &Field<'_, '_>| {
        entry.get("role").non_blank() == Some("user") && entry.get("message").non_blank().is_some()
    };
    let media: Vec<_> =
        transcript.elements().filter(is_said).map(|entry| entry.get("source_medium").non_blank()).collect();
    let is_typed = !media.is_empty() && media.iter().all(|medium| *medium == Some("text"));
    text_only.iter().any(|path| data.get(path).boolean() == Some(true))
        || is_typed
        || is_messenger && !media.contains(&Some("audio"))
}

/// Whether the agent found an answering machine: by the tool for it, or by the reason for the end.
fn is_voicemail(data: &Field<'_, '_>) -> bool {
    let (metadata, transcript) = (data.get("metadata"), data.get("transcript"));
    let has_tool = |list: &str, counts: fn(&Field<'_, '_>) -> bool| {
        transcript.elements().any(|entry| {
            let tools = entry.get(list);
            tools.elements().any(|tool| tool.get("tool_name").non_blank() == Some(VOICEMAIL_TOOL) && counts(&tool))
        })
    };
    let has_failed = has_tool("tool_results", |result| result.get("is_error").boolean() == Some(true));
    let reason = metadata.get("termination_reason").non_blank().unwrap_or_default().to_ascii_lowercase();
    reason.contains("voicemail")
        || metadata.get("features_usage.voicemail_detection.used").boolean() == Some(true)
        || has_tool("tool_calls", |_| true) && !has_failed
}

fn add_entry(entry: &Field<'_, '_>, builder: &mut CallBuilder) -> Entry {
    let speaker = match entry.get("role").non_blank().unwrap_or_default() {
        // Context that the application sends to the agent and keys that were pressed are entries of the user as well.
        _ if entry.get("contextual_update_info").is_present() => Speaker::Nobody,
        _ if entry.get("source_medium").non_blank() == Some("dtmf") => Speaker::Nobody,
        "agent" => Speaker::Known(Role::Agent),
        "user" => Speaker::Known(Role::Customer),
        other => Speaker::of(other),
    };
    let (message, parts) = (entry.get("message"), entry.get("multivoice_message.parts"));
    // For an interrupted turn, this is what was heard; `original_message` is the whole text.
    let text = if message.non_blank().is_none() && parts.is_present() { parts } else { message };
    let (calls, results) = (entry.get("tool_calls"), entry.get("tool_results"));
    let has_tool = calls.elements().chain(results.elements()).next().is_some();
    let is_silent = !text.is_present() && (entry.has("message") || has_tool);
    let times = TurnTimes::starting_at(entry.get("time_in_call_secs").offset_ms(SECONDS));
    let read = if is_silent { Entry::Understood } else { entries::add_turn(builder, speaker, &text, times) };
    for call in calls.elements() {
        let (id, name) = (call.get("request_id"), call.get("tool_name"));
        builder.add_tool_call(id.non_blank(), name.non_blank(), call.get("params_as_json").text_or_json());
    }
    for result in results.elements() {
        let (id, name) = (result.get("request_id"), result.get("tool_name"));
        let (value, is_error) = (result.get("result_value").text_or_json(), result.get("is_error").boolean());
        builder.add_tool_result(id.non_blank(), name.non_blank(), value, is_error);
    }
    read
}

fn add_dynamic_variables(variables: &Field<'_, '_>, builder: &mut CallBuilder) {
    let members = variables.value().and_then(Value::as_object).into_iter().flatten();
    for (name, value) in members.filter(|(name, _)| !name.starts_with(SYSTEM_VARIABLE_PREFIX)) {
        builder.metadata.add_value(name, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    fn event(transcript: &Value) -> Value {
        json!({"type": "post_call_transcription", "event_timestamp": 1_739_537_297, "data": {
            "conversation_id": "conv_1", "agent_id": "agent_1", "transcript": transcript}})
    }

    #[test]
    fn elevenlabs_whole_seconds_are_a_start_and_never_an_end() {
        let call = read_call(&event(&json!([
            {"role": "agent", "message": "Hello.", "time_in_call_secs": 0},
            {"role": "user", "message": "Hi.", "time_in_call_secs": 2},
        ])));
        let times: Vec<_> = call.transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times, [(Some(0), None), (Some(2_000), None)]);
    }

    #[test]
    fn elevenlabs_message_is_null_on_tool_turns() {
        let call = read_call(&event(&json!([
            {"role": "agent", "message": "One moment.", "time_in_call_secs": 0},
            {"role": "agent", "message": null, "tool_calls": [{"request_id": "r1", "tool_name": "book", "params_as_json": "{\"day\":\"Monday\"}"}]},
            {"role": "agent", "message": null, "tool_results": [{"request_id": "r1", "tool_name": "book", "result_value": "full", "is_error": true}]},
        ])));
        assert_eq!(call.transcript.len(), 1);
        let [event] = call.tool_events.as_slice() else { panic!("{:?}", call.tool_events) };
        assert_eq!((event.after_turn, event.name.as_str()), (Some(0), "book"));
        assert_eq!((event.arguments.as_deref(), event.result.as_deref()), (Some("{\"day\":\"Monday\"}"), Some("full")));
        assert_eq!(event.is_error, Some(true));
    }

    #[test]
    fn elevenlabs_interrupted_turn_is_what_was_heard() {
        let turn = json!({"role": "agent", "message": "Let me...", "interrupted": true,
            "original_message": "Let me tell you all about it.", "time_in_call_secs": 1});
        assert_eq!(read_call(&event(&json!([turn]))).transcript[0].text, "Let me...");
    }

    #[test]
    fn elevenlabs_contextual_updates_and_pressed_keys_are_not_turns() {
        let call = read_call(&event(&json!([
            {"role": "user", "message": "Page is /cart.", "contextual_update_info": {"context_id": "page"}},
            {"role": "user", "message": "1", "source_medium": "dtmf"},
            {"role": "tool", "message": "ok"},
            {"role": "user", "message": "Hi.", "contextual_update_info": null, "source_medium": "audio"},
        ])));
        assert_eq!(call.transcript.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["Hi."]);
    }

    #[test]
    fn elevenlabs_message_without_text_is_the_joined_parts_of_its_voices() {
        let voices = json!({"parts": [{"text": "Once upon a time.", "voice_label": "narrator"}, {"text": "Boo!", "voice_label": "ghost"}]});
        let texts = |message: &Value| {
            let turn = json!({"role": "agent", "message": message, "multivoice_message": voices});
            read_call(&event(&json!([turn]))).transcript.remove(0).text
        };
        assert_eq!(
            (texts(&json!(null)).as_str(), texts(&json!("Told.")).as_str()),
            ("Once upon a time. Boo!", "Told.")
        );
    }

    #[test]
    fn elevenlabs_zero_is_an_unknown_time() {
        let mut sent = event(&json!([{"role": "user", "message": "Hi.", "time_in_call_secs": 0}]));
        sent["data"]["metadata"] = json!({"start_time_unix_secs": 0, "call_duration_secs": 0});
        let call = read_call(&sent);
        assert_eq!((call.started_at, call.stated_duration_seconds), (None, None));
        assert_eq!(call.transcript[0].start_ms, Some(0));
    }

    #[test]
    fn elevenlabs_audio_and_failed_initiations_are_ignored() {
        let audio = json!({"type": "post_call_audio", "data": {"conversation_id": "conv_1", "full_audio": "SUQz"}});
        assert_eq!(
            read_ignored(&audio),
            ("elevenlabs", "post_call_audio has a recording and no transcript".to_owned())
        );
        let failure = json!({"type": "call_initiation_failure", "data": {"conversation_id": "conv_1"}});
        assert_eq!(read_ignored(&failure).0, "elevenlabs");
    }

    #[test]
    fn elevenlabs_failed_conversation_is_read_like_any_other_call() {
        let mut failed = event(&json!([]));
        failed["data"]["status"] = json!("failed");
        assert!(read_call(&failed).transcript.is_empty());
    }

    #[test]
    fn elevenlabs_without_a_transcript_says_what_is_missing() {
        let error = read_error(&event(&Value::Null)).to_string();
        assert_eq!(error, "data.transcript: is missing (in a message of the format elevenlabs)");
    }

    #[test]
    fn elevenlabs_system_variables_with_telephone_numbers_are_not_kept() {
        let mut sent = event(&json!([]));
        sent["data"]["conversation_initiation_client_data"] =
            json!({"dynamic_variables": {"order": "4711", "system__caller_id": "+12025550101"}});
        assert_eq!(Value::Object(read_call(&sent).metadata), json!({"order": "4711"}));
    }
}
