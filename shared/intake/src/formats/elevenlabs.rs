//! ElevenLabs: the webhook `post_call_transcription`, whose `data` has the fields of the conversation as the API returns it.
//!
//! Turns have a start in whole seconds and no end, so overlaps cannot be measured.

use domain::Role;
use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::SECONDS;
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;
use crate::turn_times::TurnTimes;

/// The prefix of the dynamic variables that the platform adds, telephone numbers among them.
const SYSTEM_VARIABLE_PREFIX: &str = "system__";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let events = ["post_call_transcription", "post_call_audio", "call_initiation_failure"];
    payload.get("type").non_blank().is_some_and(|event| events.contains(&event))
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
    let data = payload.get("data");
    builder.set_call_id(&[data.get("conversation_id")])?;
    builder.set_agent_id(&[data.get("agent_id")]);
    let metadata = data.get("metadata");
    builder.started_at = metadata.get("start_time_unix_secs").unix_timestamp(SECONDS);
    builder.duration_seconds = metadata.get("call_duration_secs").duration_seconds(SECONDS);
    builder.set_language(&metadata.get("main_language"));
    data.get("transcript").array()?;
    data.get("transcript").elements().for_each(|entry| add_entry(&entry, builder));
    let analysis = data.get("analysis");
    builder.set_verdict(
        analysis.get("call_successful").scalar_text(),
        None,
        analysis.get("transcript_summary").non_blank(),
    );
    add_dynamic_variables(&data.get("conversation_initiation_client_data.dynamic_variables"), builder);
    builder.add_metadata("agent_name", data.get("agent_name").non_blank());
    builder.add_metadata("direction", metadata.get("phone_call.direction").non_blank());
    builder.add_metadata("ended_reason", metadata.get("termination_reason").non_blank());
    Ok(PayloadKind::Call)
}

fn add_entry(entry: &Field<'_, '_>, builder: &mut CallBuilder) {
    // Context that the application sends to the agent and keys that were pressed are entries of the user as well.
    let is_speech =
        !entry.get("contextual_update_info").is_present() && entry.get("source_medium").non_blank() != Some("dtmf");
    let role = match entry.get("role").non_blank().unwrap_or_default() {
        "agent" => Some(Role::Agent),
        "user" => Some(Role::Customer),
        other => fallback_role(other),
    };
    // For an interrupted turn, this is what was heard; `original_message` is the whole text.
    let text = match entry.get("message").non_blank() {
        Some(text) => text.to_owned(),
        None => entry.get("multivoice_message.parts").message_text(),
    };
    if let Some(role) = role.filter(|_| is_speech) {
        builder.add_turn(role, &text, TurnTimes::starting_at(entry.get("time_in_call_secs").offset_ms(SECONDS)));
    }
    for call in entry.get("tool_calls").elements() {
        let (id, name) = (call.get("request_id"), call.get("tool_name"));
        builder.add_tool_call(id.non_blank(), name.non_blank(), call.get("params_as_json").text_or_json());
    }
    for result in entry.get("tool_results").elements() {
        let (id, name) = (result.get("request_id"), result.get("tool_name"));
        let (value, is_error) = (result.get("result_value").text_or_json(), result.get("is_error").boolean());
        builder.add_tool_result(id.non_blank(), name.non_blank(), value, is_error);
    }
}

fn add_dynamic_variables(variables: &Field<'_, '_>, builder: &mut CallBuilder) {
    let members = variables.value().and_then(Value::as_object).into_iter().flatten();
    for (name, value) in members.filter(|(name, _)| !name.starts_with(SYSTEM_VARIABLE_PREFIX)) {
        builder.add_metadata(name, Some(value.clone()));
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
