//! Telnyx: events of its AI assistants, and the messages of a conversation as its API lists them.
//!
//! The events that end a conversation have costs and insights but no transcript, so the call cannot be scored from
//! them: the error says that, instead of "unknown format". Only the event that ends a gathering of answers brings what
//! was said.
//!
//! **Invariant:** a page of a longer list is not read as the call.

use serde_json::Value;

use super::{PayloadKind, messages};
use crate::call_builder::CallBuilder;
use crate::field::{Field, FieldError};

/// The events that come when the call is over, and have no transcript.
const ENDS_WITHOUT_TRANSCRIPT: [&str; 4] = [
    "call.analyzed",
    "call.conversation.ended",
    "call.conversation.insights.generated",
    "call.conversation_insights.generated",
];
/// The event with the messages of a gathering of answers.
const GATHER_ENDED: &str = "call.ai_gather.ended";
/// The event with the text of a recording.
const RECORDING_TRANSCRIBED: &str = "call.recording.transcription.saved";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    payload.get("data.event_type").non_blank().is_some_and(|event| event.starts_with("call."))
        || payload.get("data").elements().any(|entry| is_listed_message(&entry))
}

/// Whether an entry has the keys that Telnyx's messages have and no other list named `data`.
fn is_listed_message(entry: &Field<'_, '_>) -> bool {
    messages::is_message(entry)
        && entry.has("text")
        && ["sent_at", "created_at", "tool_calls"].iter().any(|key| entry.has(key))
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    if payload.get("data").value().is_some_and(Value::is_array) {
        return read_messages(payload, builder);
    }
    let event = payload.get("data.event_type").text()?;
    let data = payload.get("data.payload");
    let is_end = event == GATHER_ENDED || event == RECORDING_TRANSCRIBED || ENDS_WITHOUT_TRANSCRIPT.contains(&event);
    if !is_end {
        return Ok(PayloadKind::not_call_end(event));
    }
    let ids = ["conversation_id", "call_session_id", "call_leg_id", "call_control_id"];
    let has_call_id = builder.set_call_id(&[data.first_of(&ids)]);
    builder.set_agent_id(&[data.get("assistant_id")]);
    if event == RECORDING_TRANSCRIBED {
        return Err(data.get("transcription_text").error("does not tell the speakers apart"));
    }
    let history = data.get("message_history");
    if event == GATHER_ENDED && history.is_present() {
        has_call_id?;
        messages::read_list(&history, &data.get("start_time"), builder)?;
        return Ok(PayloadKind::Call);
    }
    // Without a transcript the identifier is needed only to record the failure.
    Err(data
        .get("transcript")
        .error("is missing: this event does not have it; send the messages of the conversation instead"))
}

/// Reads the answer to a request for the messages of a conversation, which names it in its address only.
fn read_messages(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("conversation_id")])?;
    builder.set_agent_id(&[payload.get("assistant_id")]);
    let (list, total) = (payload.get("data"), payload.get("meta.total_results"));
    let is_part =
        total.count().is_some_and(|total| usize::try_from(total).is_ok_and(|total| total > list.elements().count()));
    if is_part {
        return Err(total.error("is more than there are: send the messages of all pages in one list"));
    }
    messages::read_list(&list, &payload.get("started_at"), builder)?;
    Ok(PayloadKind::Call)
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    #[test]
    fn telnyx_event_has_no_transcript_and_cannot_be_scored() {
        let event = json!({"org_id": "acme", "data": {"event_type": "call.analyzed", "payload": {
            "conversation_id": "conv-1", "assistant_id": "assistant-1", "conversation_insights": []}}});
        let error = read_error(&event);
        assert!(error.to_string().starts_with("data.payload.transcript: is missing"), "{error}");
        assert!(error.to_string().ends_with("(in a message of the format telnyx)"), "{error}");
        assert_eq!((error.code(), error.call_id.unwrap().as_str()), ("malformed_message", "conv-1"));
    }

    #[test]
    fn telnyx_other_events_are_ignored() {
        let event = json!({"data": {"event_type": "call.hangup", "payload": {}}});
        assert_eq!(read_ignored(&event), ("telnyx", "call.hangup is not the end of a call".to_owned()));
    }

    fn event(name: &str, payload: &Value) -> Value {
        json!({"org_id": "acme", "data": {"record_type": "event", "event_type": name, "payload": payload}})
    }

    #[test]
    fn telnyx_events_of_the_end_are_errors_when_they_bring_no_transcript() {
        for name in ["call.conversation.ended", "call.conversation_insights.generated", "call.ai_gather.ended"] {
            let error = read_error(&event(name, &json!({"call_session_id": "session-1", "duration_sec": 40})));
            assert!(error.to_string().starts_with("data.payload.transcript: is missing"), "{name}: {error}");
            assert_eq!(error.call_id.unwrap().as_str(), "session-1");
        }
        let saved = event("call.recording.transcription.saved", &json!({"transcription_text": "hello hi"}));
        let error = read_error(&saved).to_string();
        assert!(error.starts_with("data.payload.transcription_text: does not tell the speakers apart"), "{error}");
    }

    #[test]
    fn telnyx_gathering_brings_what_was_said_when_it_ends() {
        let history = json!([{"role": "assistant", "content": "Which size?"}, {"role": "user", "content": "Large."}]);
        let payload = json!({"call_session_id": "session-1", "call_control_id": "v3:1", "message_history": history});
        let call = read_call(&event("call.ai_gather.ended", &payload));
        assert_eq!((call.call_id.as_str(), call.producer.as_str()), ("session-1", "telnyx"));
        let roles: Vec<_> = call.transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Agent, Role::Customer]);
        for running in ["call.ai_gather.partial_results", "call.ai_gather.message_history_updated"] {
            let (format, reason) = read_ignored(&event(running, &payload));
            assert_eq!((format, reason), ("telnyx", format!("{running} is not the end of a call")));
        }
    }

    #[test]
    fn telnyx_messages_are_read_as_its_api_lists_them() {
        let mut answer = json!({"call_id": "c1", "meta": {"total_pages": 1, "total_results": 3, "page_number": 1}, "data": [
            {"role": "assistant", "text": "Hello.", "created_at": "2026-04-15T13:00:00.500Z", "sent_at": "2026-04-15T13:00:00.500Z"},
            {"role": "user", "text": "Book it.", "sent_at": "2026-04-15T13:00:04Z"},
            {"role": "assistant", "text": "", "created_at": "2026-04-15T13:00:05Z", "tool_calls": [{"id": "t1", "type": "function", "function": {"name": "book", "arguments": "{}"}}]},
        ]});
        let call = read_call(&answer);
        assert_eq!(call.started_at.unwrap().to_string(), "2026-04-15T13:00:00.500Z");
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms)).collect();
        assert_eq!(turns, [(Role::Agent, Some(0)), (Role::Customer, Some(3_500))]);
        assert_eq!((call.tool_events[0].name.as_str(), call.producer.as_str()), ("book", "telnyx"));
        answer["meta"]["total_results"] = json!(21);
        answer["org_id"] = json!("acme");
        let error = read_error(&answer).to_string();
        assert!(error.starts_with("meta.total_results: is more than there are"), "{error}");
    }
}
