//! Aircall: the webhook `transcription.created`, whose `data` is the transcription, and the transcription as the API returns
//! it. The events of the call itself have no words; one of a transcription follows them.
//!
//! An utterance is of an internal or an external participant. Times are seconds from the start of the call.

use domain::{Role, SkipReason};

use super::{MAX_EVENT_LENGTH, PayloadKind};
use crate::call_builder::{CallBuilder, truncated};
use crate::coerce::{SECONDS, timestamp_from_unix_ms};
use crate::entries::{self, Speaker, first_unknown};
use crate::field::{Field, FieldError};
use crate::turn_times::{TurnTimes, sorted_by_start};

/// The event with a transcription.
const TRANSCRIBED: &str = "transcription.created";
/// The keys that every event has.
const EVENT_KEYS: [&str; 5] = ["resource", "event", "timestamp", "token", "data"];
/// What Aircall's other events begin with.
const OTHER_EVENTS: [&str; 13] = [
    "action_item.",
    "ai_voice_agent.",
    "call.",
    "contact.",
    "evaluation.",
    "integration.",
    "message.",
    "number.",
    "playbook_result.",
    "sentiment.",
    "summary.",
    "topics.",
    "user.",
];
/// The type of a transcription of what a caller left on the answering machine.
const VOICEMAIL: &str = "voicemail";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    is_event(payload) || is_transcription(&transcription(payload))
}

/// Whether a payload is an event, with a transcription or without.
fn is_event(payload: &Field<'_, '_>) -> bool {
    let is_own = |event: &str| event == TRANSCRIBED || OTHER_EVENTS.iter().any(|prefix| event.starts_with(prefix));
    EVENT_KEYS.iter().all(|key| payload.has(key)) && payload.get("event").non_blank().is_some_and(is_own)
        || payload.get("event").non_blank() == Some(TRANSCRIBED) && payload.get("data.call_id").is_present()
}

/// Whether an object is a transcription.
fn is_transcription(object: &Field<'_, '_>) -> bool {
    let utterances = object.get("content.utterances");
    object.has("call_id")
        && (utterances.elements().any(|one| one.has("participant_type"))
            || utterances.is_present() && object.has("call_created_at"))
}

/// The transcription in an event, in the API's answer, or the payload itself.
fn transcription<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    if payload.has("content") { *payload } else { payload.first_of(&["transcription", "data"]) }
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    if let Some(event) = payload.get("event").non_blank().filter(|event| *event != TRANSCRIBED) {
        let event = truncated(event, MAX_EVENT_LENGTH);
        return Ok(PayloadKind::Ignored(format!("{event} has no transcript: {TRANSCRIBED} brings it")));
    }
    let outer = transcription(payload);
    // The event may have the transcription under its own name as well.
    let inner = outer.get("transcription");
    let data = if inner.is_present() { inner } else { outer };
    builder.set_call_id(&[data.get("call_id"), data.get("call_uuid")])?;
    builder.started_at = data.get("call_created_at").instant_ms().and_then(timestamp_from_unix_ms);
    builder.stated_skip = (data.get("type").non_blank() == Some(VOICEMAIL)).then_some(SkipReason::Voicemail);
    let content = data.get("content");
    builder.set_language(&content.get("language"));
    let utterances = content.get("utterances");
    utterances.array()?;
    let start = |one: &Field<'_, '_>| one.get("start_time").offset_ms(SECONDS);
    let mut is_agent_known = false;
    for utterance in sorted_by_start(utterances.elements(), start) {
        if !is_agent_known && speaker(&utterance) == Speaker::Known(Role::Agent) {
            is_agent_known = utterance.get("user_id").is_present();
            builder.set_agent_id(&[utterance.get("user_id")]);
        }
        let times = TurnTimes::read(&utterance.get("start_time"), &utterance.get("end_time"), SECONDS);
        entries::add_turn(builder, speaker(&utterance), &utterance.get("text"), times);
    }
    let is_known = |one: &Field<'_, '_>| one.get("text").is_text() && speaker(one) != Speaker::Unknown;
    builder.require_understood(first_unknown(&utterances, "has no text of a known participant_type", is_known))?;
    Ok(PayloadKind::Call)
}

/// Who speaks in an utterance.
fn speaker(utterance: &Field<'_, '_>) -> Speaker {
    match utterance.get("participant_type").non_blank().unwrap_or_default() {
        "internal" | "ai_voice_agent" => Speaker::Known(Role::Agent),
        "external" => Speaker::Known(Role::Customer),
        other => Speaker::of(other),
    }
}

#[cfg(test)]
mod tests {
    use domain::{Role, SkipReason};
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    fn transcription() -> Value {
        json!({"id": 68, "call_id": 812, "call_created_at": "2026-03-02T08:00:00.000Z", "type": "call", "content": {
            "language": "en", "utterances": [
                {"start_time": 4.25, "end_time": 6.5, "text": "I lost my card.", "participant_type": "external", "phone_number": "+33"},
                {"start_time": 1, "end_time": "2.5", "text": "Good day.", "participant_type": "internal", "user_id": 77}]}})
    }

    fn event(name: &str, data: &Value) -> Value {
        json!({"org_id": "acme", "resource": "transcription", "event": name, "timestamp": 1_772_438_500, "token": "x", "data": data})
    }

    #[test]
    fn aircalls_utterances_are_sorted_and_have_the_side_of_their_speaker() {
        let call = read_call(&event("transcription.created", &transcription()));
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms, turn.end_ms)).collect();
        assert_eq!(turns, [(Role::Agent, Some(1_000), Some(2_500)), (Role::Customer, Some(4_250), Some(6_500))]);
        assert_eq!((call.call_id.as_str(), call.agent_id.unwrap().as_str()), ("812", "77"));
        assert_eq!((call.language.as_deref(), call.started_at.unwrap().unix_seconds()), (Some("en"), 1_772_438_400));
    }

    #[test]
    fn aircalls_transcription_from_the_api_is_read_like_the_event() {
        let expected = read_call(&event("transcription.created", &transcription()));
        for copy in [json!({"transcription": transcription()}), transcription()] {
            let call = read_call(&copy);
            assert_eq!((call.producer.as_str(), &call.transcript), ("aircall", &expected.transcript));
        }
    }

    #[test]
    fn aircalls_other_events_are_ignored_and_say_which_one_has_the_words() {
        for name in ["call.ended", "sentiment.created"] {
            let reason = format!("{name} has no transcript: transcription.created brings it");
            assert_eq!(read_ignored(&event(name, &json!({"id": 812}))), ("aircall", reason));
        }
    }

    #[test]
    fn aircalls_message_on_the_answering_machine_is_no_conversation() {
        let mut left = transcription();
        left["type"] = json!("voicemail");
        let call = read_call(&event("transcription.created", &left));
        assert_eq!(call.stated_skip, Some(SkipReason::Voicemail));
    }

    #[test]
    fn aircalls_utterances_that_are_not_understood_or_missing_are_errors_and_not_silence() {
        let mut other = transcription();
        for position in [0, 1] {
            other["content"]["utterances"][position]["participant_type"] = json!("monitor");
        }
        let error = read_error(&event("transcription.created", &other)).to_string();
        assert!(error.starts_with("data.content.utterances[0]: has no text of a known participant_type"), "{error}");
        other["content"].take();
        let error = read_error(&event("transcription.created", &other)).to_string();
        assert!(error.starts_with("data.content.utterances: is missing"), "{error}");
    }
}
