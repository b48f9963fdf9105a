//! Telnyx: events of its AI assistants. The event that ends a conversation, `call.analyzed`, has insights and costs but no
//! transcript, so the call cannot be scored: the error says that, instead of "unknown format".

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::field::{Field, FieldError};

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    payload.get("data.event_type").non_blank().is_some_and(|event| event.starts_with("call."))
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let event = payload.get("data.event_type").text()?;
    if event != "call.analyzed" {
        return Ok(PayloadKind::not_call_end(event));
    }
    let data = payload.get("data.payload");
    // The identifier is needed only to record the failure.
    let _ = builder.set_call_id(&[data.get("conversation_id")]);
    builder.set_agent_id(&[data.get("assistant_id")]);
    Err(data
        .get("transcript")
        .error("is missing: this event does not have it; send the messages of the conversation instead"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::tests::{read_error, read_ignored};

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
}
