//! Synthflow: the webhook after a call, and the call as its API returns it, alone or in a list of one.
//!
//! The transcript is one text, `bot: …\nhuman: …`, without times. What the agent did is listed by its name and without its
//! time; what extractors found when the call was over is no tool of the conversation.

use domain::{Role, SkipReason};
use serde_json::{Map, Value};

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{MILLISECONDS, SECONDS, timestamp_from_unix_ms};
use crate::field::{Field, FieldError};
use crate::speaker_labels::SpeakerLabel;

/// The speaker labels of the transcript.
const LABELS: [SpeakerLabel<'_>; 2] = [("bot", Some(Role::Agent)), ("human", Some(Role::Customer))];
/// The keys of which a call has one that no other format has beside `call_id` and `model_id`.
const OWN_KEYS: [&str; 6] = [
    "end_call_reason",
    "executed_actions",
    "telephony_disconnect_reason",
    "telephony_duration",
    "telephony_hangup",
    "type_of_call",
];
/// The states of a call that still runs, or has not begun.
const RUNNING: [&str; 8] =
    ["in-progress", "initiated", "paused", "pending", "queue", "queued", "registered", "ringing"];
/// The states of a call that nobody took, if it has no transcript.
const NOT_ANSWERED: [&str; 5] = ["busy", "canceled", "failed", "no-answer", "user-canceled"];
/// The states of a call that an answering machine took.
const VOICEMAIL: [&str; 2] = ["hangup_on_voicemail", "left_voicemail"];
/// What the reasons for such an end begin with.
const VOICEMAIL_REASON: &str = "voicemail";
/// What the types of actions begin with that extract facts when the call is over.
const EXTRACTOR: &str = "extract_info";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let (call, listed) = (payload.get("call"), payload.get("response.calls"));
    let is_webhook = || {
        let has_own_key = OWN_KEYS.iter().chain(&["lead"]).any(|key| payload.has(key) || call.has(key));
        call.has("call_id") && (call.has("model_id") || has_own_key) && !payload.has("event")
    };
    is_webhook() || is_call(payload) || listed.elements().any(|one| is_call(&one))
}

/// Whether an object is a call.
fn is_call(object: &Field<'_, '_>) -> bool {
    object.has("call_id") && object.has("model_id") && OWN_KEYS.iter().any(|key| object.has(key))
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let (call, listed) = (payload.get("call"), payload.get("response.calls"));
    let mut calls = listed.elements();
    let call = match (calls.next(), calls.next()) {
        (Some(_), Some(_)) => return Err(listed.error("has several calls: send each in a message of its own")),
        (Some(only), None) => only,
        (None, _) if call.is_present() => call,
        (None, _) => *payload,
    };
    let state = call.first_of(&["status", "call_status"]);
    let status = state.non_blank().unwrap_or_default();
    if RUNNING.contains(&status) {
        return Ok(PayloadKind::not_call_end(status));
    }
    builder.set_call_id(&[call.get("call_id")])?;
    builder.set_agent_id(&[call.get("model_id")]);
    let start = call.get("start_time");
    let scheduled = || start.instant_ms().filter(|_| start.is_absolute_instant()).and_then(timestamp_from_unix_ms);
    builder.started_at = call.get("telephony_start").rfc3339().or_else(scheduled);
    let of_line = || call.get("telephony_duration").duration_seconds(MILLISECONDS);
    builder.duration_seconds = call.get("duration").duration_seconds(SECONDS).or_else(of_line);
    let transcript = call.get("transcript");
    builder.stated_skip = skip_reason(&call, status);
    if !call.has("transcript") && builder.stated_skip.is_none() {
        return Err(transcript.error("is missing: without it nothing tells what was said"));
    }
    builder.add_labelled_turns(&transcript, &LABELS)?;
    // The webhook has them beside the call.
    let (beside, own) = (payload.get("executed_actions"), call.get("executed_actions"));
    add_actions(if beside.is_present() { &beside } else { &own }, builder);
    builder.metadata.add("direction", call.get("type_of_call").non_blank());
    builder.metadata.add("ended_by", call.get("telephony_hangup").non_blank());
    let reason = call.first_of(&["custom_end_call_reason", "end_call_reason"]);
    builder.metadata.add("ended_reason", reason.non_blank());
    builder.metadata.add("external_id", call.get("external_id").non_blank());
    builder.metadata.add_field("collected_variables", &call.get("collected_variables"));
    Ok(PayloadKind::Call)
}

/// What Synthflow says about whom the agent spoke with.
fn skip_reason(call: &Field<'_, '_>, status: &str) -> Option<SkipReason> {
    let reason = call.get("end_call_reason").non_blank().unwrap_or_default();
    if VOICEMAIL.contains(&status) || reason.starts_with(VOICEMAIL_REASON) {
        return Some(SkipReason::Voicemail);
    }
    let is_silent = call.get("transcript").non_blank().is_none();
    (is_silent && NOT_ANSWERED.contains(&status)).then_some(SkipReason::NotAnswered)
}

/// Adds the actions: what extractors found to the metadata, and all others as tools without a place in the conversation.
fn add_actions(actions: &Field<'_, '_>, builder: &mut CallBuilder) {
    let names = actions.value().and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let mut extracted = Map::new();
    for key in names {
        let members = actions.value().and_then(|actions| actions.get(key));
        let Some(action) = members.map(Field::root) else { continue };
        let result = action.get("return_value");
        if action.get("action_type").non_blank().is_some_and(|kind| kind.starts_with(EXTRACTOR)) {
            extracted.extend(result.value().and_then(Value::as_object).cloned().unwrap_or_default());
            continue;
        }
        let name = action.get("name").non_blank().unwrap_or(key);
        let arguments = action.first_of(&["parameters_by_llm", "parameters"]).text_or_json();
        let is_error = action.get("error_message").non_blank().map(|_| true);
        builder.add_tool_event(None, name, arguments, result.text_or_json(), is_error);
    }
    builder.metadata.add("extracted_data", Some(extracted).filter(|extracted| !extracted.is_empty()));
}

#[cfg(test)]
mod tests {
    use domain::{Role, SkipReason};
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    fn webhook(key: &str, value: Value) -> Value {
        let mut webhook = json!({"org_id": "acme", "status": "completed", "lead": {"name": "Ada"}, "call": {
            "status": "completed", "call_id": "s1", "model_id": "m1", "duration": 32, "end_call_reason": "human_goodbye",
            "start_time": "2026-03-02T18:17:46.205134+01:00", "timezone": "Europe/Berlin",
            "transcript": "\nbot: Hello, this is Kite Travel. \nhuman: I need a ticket.\nbot: Where to?"}});
        webhook["call"][key] = value;
        webhook
    }

    #[test]
    fn synthflows_transcript_is_one_text() {
        let call = read_call(&webhook("diversion", json!(null)));
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.text.as_str())).collect();
        let expected = [
            (Role::Agent, "Hello, this is Kite Travel."),
            (Role::Customer, "I need a ticket."),
            (Role::Agent, "Where to?"),
        ];
        assert_eq!(turns, expected);
        assert_eq!((call.call_id.as_str(), call.agent_id.unwrap().as_str()), ("s1", "m1"));
        assert_eq!(
            (call.stated_duration_seconds, call.started_at.unwrap().unix_seconds()),
            (Some(32.0), 1_772_471_866)
        );
    }

    #[test]
    fn synthflows_call_from_the_api_is_read_alone_or_in_a_list_of_one() {
        let mut resource = webhook("start_time", json!("1772471866205"))["call"].clone();
        resource["type_of_call"] = json!("outbound");
        let listed = json!({"org_id": "acme", "status": "ok", "response": {"pagination": {"total_records": 1}, "calls": [resource]}});
        let call = read_call(&listed);
        assert_eq!((call.producer.as_str(), call.transcript.len()), ("synthflow", 3));
        assert_eq!(call.started_at.unwrap().unix_seconds(), 1_772_471_866);
        assert_eq!(read_call(&resource), call);
        let mut two = listed;
        two["response"]["calls"].as_array_mut().unwrap().push(resource);
        let error = read_error(&two).to_string();
        assert!(error.starts_with("response.calls: has several calls"), "{error}");
    }

    #[test]
    fn synthflows_states_tell_whom_the_agent_reached() {
        for status in ["in-progress", "queue", "ringing"] {
            let expected = ("synthflow", format!("{status} is not the end of a call"));
            assert_eq!(read_ignored(&webhook("status", json!(status))), expected);
        }
        for (key, value) in [("status", "hangup_on_voicemail"), ("end_call_reason", "voicemail_message_left")] {
            assert_eq!(read_call(&webhook(key, json!(value))).stated_skip, Some(SkipReason::Voicemail), "{value}");
        }
        for status in ["no-answer", "busy", "failed"] {
            let mut missed = webhook("status", json!(status));
            assert_eq!(read_call(&missed).stated_skip, None, "{status}");
            missed["call"].as_object_mut().unwrap().remove("transcript");
            assert_eq!(read_call(&missed).stated_skip, Some(SkipReason::NotAnswered), "{status}");
        }
        let mut without = webhook("status", json!("completed"));
        without["call"].as_object_mut().unwrap().remove("transcript");
        assert!(read_error(&without).to_string().starts_with("call.transcript: is missing"));
    }

    #[test]
    fn synthflows_extractors_are_facts_and_its_other_actions_tools() {
        let mut message = webhook("external_id", json!("x-1"));
        message["executed_actions"] = json!({
            "topic": {"name": "topic", "action_type": "extract_info_action_type", "return_value": {"purchase": "ticket"}},
            "book": {"name": "book", "action_type": "custom_action", "parameters_by_llm": {"to": "Rome"}, "return_value": {"ok": false}, "error_message": "full"}});
        let call = read_call(&message);
        assert_eq!(call.metadata["extracted_data"], json!({"purchase": "ticket"}));
        let [event] = call.tool_events.as_slice() else { panic!("{:?}", call.tool_events) };
        assert_eq!((event.name.as_str(), event.after_turn, event.is_error), ("book", None, Some(true)));
        assert_eq!(
            (event.arguments.as_deref(), event.result.as_deref()),
            (Some(r#"{"to":"Rome"}"#), Some(r#"{"ok":false}"#))
        );
    }

    #[test]
    fn synthflows_text_without_a_label_is_an_error_and_not_silence() {
        let error = read_error(&webhook("transcript", json!("Hello, this is Kite Travel."))).to_string();
        assert!(error.starts_with("call.transcript: line 1 comes before any speaker's label"), "{error}");
    }
}
