//! Bolna: the execution of a call, which its webhook posts at every change of its status and its API returns.
//!
//! The transcript is one text, `assistant: …\nuser: …`, without times. `created_at` is when the call was ordered, `initiated_at` when
//! it was dialled; both are UTC, with or without saying so. The status comes from the telephone network: a call may be completed
//! although nobody spoke.

use domain::{Role, SkipReason};

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, timestamp_from_unix_ms};
use crate::field::{Field, FieldError};
use crate::speaker_labels::SpeakerLabel;

/// The speaker labels of the transcript.
const LABELS: [SpeakerLabel<'_>; 2] = [("assistant", Some(Role::Agent)), ("user", Some(Role::Customer))];
/// The keys that every execution has, beside one of [`OWN_KEYS`].
const COMMON_KEYS: [&str; 3] = ["id", "agent_id", "status"];
/// The keys of an execution that other formats do not have.
const OWN_KEYS: [&str; 5] =
    ["answered_by_voice_mail", "conversation_duration", "conversation_time", "telephony_data", "usage_breakdown"];

/// The statuses of calls that took place.
const ENDED: [&str; 4] = ["completed", "error", "failed", "stopped"];
/// The statuses of calls that nobody took. Some of the others say the same when there is no transcript.
const NOT_ANSWERED: [&str; 4] = ["balance-low", "busy", "canceled", "no-answer"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    COMMON_KEYS.iter().all(|key| payload.has(key)) && OWN_KEYS.iter().any(|key| payload.has(key))
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let status = payload.get("status").text()?;
    // The line may be free before the transcript is complete: then another post follows.
    if !ENDED.contains(&status) && !NOT_ANSWERED.contains(&status) {
        return Ok(PayloadKind::not_call_end(status));
    }
    builder.set_call_id(&[payload.get("id")])?;
    builder.set_agent_id(&[payload.get("agent_id")]);
    builder.started_at = start_ms(payload).and_then(timestamp_from_unix_ms);
    let telephony = payload.get("telephony_data");
    let durations = [payload.get("conversation_duration"), payload.get("conversation_time"), telephony.get("duration")];
    builder.duration_seconds = durations.iter().find_map(|field| field.duration_seconds(SECONDS));
    let transcript = payload.get("transcript");
    if !payload.has("transcript") && !NOT_ANSWERED.contains(&status) {
        return Err(transcript.error("is missing: a list of executions does not have it, each of them does"));
    }
    builder.stated_skip = skip_reason(payload, status, builder.duration_seconds);
    builder.add_labelled_turns(&transcript, &LABELS)?;
    builder.set_verdict(None, None, payload.get("summary").non_blank());
    builder.metadata.add("direction", telephony.get("call_type").non_blank());
    builder.metadata.add("ended_by", telephony.get("hangup_by").non_blank());
    builder.metadata.add("ended_reason", telephony.get("hangup_reason").non_blank());
    builder.metadata.add_field("extracted_data", &payload.get("extracted_data"));
    Ok(PayloadKind::Call)
}

/// When the call was dialled or, where that is not said, the last of the times at which it was to be.
fn start_ms(payload: &Field<'_, '_>) -> Option<f64> {
    let planned = ["created_at", "scheduled_at", "rescheduled_at"].map(|key| payload.get(key).rfc3339_ms());
    payload.get("initiated_at").rfc3339_ms().or_else(|| planned.into_iter().flatten().reduce(f64::max))
}

/// What Bolna says about whom the agent spoke with.
fn skip_reason(payload: &Field<'_, '_>, status: &str, duration_seconds: Option<f64>) -> Option<SkipReason> {
    let is_silent = payload.get("transcript").non_blank().is_none();
    let is_unanswered = NOT_ANSWERED.contains(&status) || status != "completed" || duration_seconds.is_none();
    if payload.get("answered_by_voice_mail").boolean() == Some(true) {
        Some(SkipReason::Voicemail)
    } else {
        (is_silent && is_unanswered).then_some(SkipReason::NotAnswered)
    }
}

#[cfg(test)]
mod tests {
    use domain::{Role, SkipReason};
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    fn with(key: &str, value: Value) -> Value {
        let mut execution = json!({"id": "x1", "agent_id": "a1", "status": "completed", "conversation_duration": 24.2,
            "created_at": "2026-03-02T08:48:27.193399", "telephony_data": {"duration": "24", "call_type": "outbound"},
            "transcript": "assistant: Hello from the clinic.\nuser:  hello\nassistant:  Is this a good time?\n"});
        execution[key] = value;
        execution
    }

    #[test]
    fn bolnas_transcript_is_one_text() {
        let call = read_call(&with("summary", json!("They spoke.")));
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.text.as_str())).collect();
        let expected =
            [(Role::Agent, "Hello from the clinic."), (Role::Customer, "hello"), (Role::Agent, "Is this a good time?")];
        assert_eq!(turns, expected);
        assert_eq!((call.call_id.as_str(), call.producer.as_str()), ("x1", "bolna"));
        assert_eq!((call.stated_duration_seconds, call.stated_skip), (Some(24.2), None));
    }

    #[test]
    fn bolnas_call_began_when_it_was_dialled() {
        let started_at = |execution: &Value| read_call(execution).started_at.unwrap().unix_seconds();
        assert_eq!(started_at(&with("batch_id", json!(null))), 1_772_441_307);
        assert_eq!(started_at(&with("scheduled_at", json!("2026-03-02T08:49:27"))), 1_772_441_367);
        assert_eq!(started_at(&with("initiated_at", json!("2026-03-02T08:50:27Z"))), 1_772_441_427);
    }

    #[test]
    fn bolnas_running_call_is_ignored_until_its_transcript_is_complete() {
        for status in ["queued", "ringing", "in-progress", "call-disconnected"] {
            let reason = format!("{status} is not the end of a call");
            assert_eq!(read_ignored(&with("status", json!(status))), ("bolna", reason));
        }
    }

    #[test]
    fn bolnas_calls_that_nobody_took_say_so() {
        let skip = |execution: &Value| read_call(execution).stated_skip;
        assert_eq!(skip(&with("answered_by_voice_mail", json!(true))), Some(SkipReason::Voicemail));
        for status in ["busy", "no-answer", "canceled", "failed"] {
            let mut execution = with("status", json!(status));
            execution["transcript"].take();
            assert_eq!(skip(&execution), Some(SkipReason::NotAnswered), "{status}");
        }
        let mut rejected = with("conversation_duration", json!(0));
        rejected["telephony_data"].take();
        assert_eq!(skip(&rejected), None);
        rejected["transcript"].take();
        assert_eq!(skip(&rejected), Some(SkipReason::NotAnswered));
        assert_eq!(skip(&with("status", json!("stopped"))), None);
    }

    #[test]
    fn bolnas_entry_of_a_list_lacks_the_transcript() {
        let mut entry = with("status", json!("completed"));
        entry.as_object_mut().unwrap().remove("transcript");
        let error = read_error(&entry).to_string();
        assert!(error.starts_with("transcript: is missing: a list of executions"), "{error}");
    }
}
