//! Retell: the webhooks `call_ended` and `call_analyzed`, which both have the whole call. The one that arrives first is scored, the
//! other is a duplicate; only `call_analyzed` has Retell's own analysis. Also the call as Retell's API returns it, without an event.
//!
//! The times of words are in seconds, and approximate according to the documentation.

use domain::{Role, SkipReason};

use super::{PayloadKind, WRITTEN_CHAT};
use crate::call_builder::CallBuilder;
use crate::coerce::{MILLISECONDS, SECONDS, plausible_duration};
use crate::entries::{self, Entry, EntryKeys, Speaker};
use crate::field::{Field, FieldError};
use crate::speaker_labels::SpeakerLabel;
use crate::turn_times::TurnTimes;

/// The events that bring a call that is over.
const CALL_END_EVENTS: [&str; 2] = ["call_ended", "call_analyzed"];
/// Retell's other events.
const OTHER_EVENTS: [&str; 10] = [
    "call_inbound",
    "call_started",
    "chat_analyzed",
    "chat_ended",
    "chat_started",
    "transcript_updated",
    "transfer_bridged",
    "transfer_cancelled",
    "transfer_ended",
    "transfer_started",
];
/// The states of a call.
const CALL_STATES: [&str; 5] = ["registered", "ongoing", "ended", "error", "not_connected"];
/// The lists that may hold the turns, the most detailed one first.
const TURN_LISTS: [&str; 3] = ["transcript_with_tool_calls", "transcript_object", SCRUBBED_TURN_LIST];
/// The list without personal data.
const SCRUBBED_TURN_LIST: &str = "scrubbed_transcript_with_tool_calls";
/// The keys of an entry of these lists.
const KEYS: EntryKeys = EntryKeys { role: "role", text: "content" };
/// The keys of which a call has one that no other format has beside `call_id` and `call_status`.
const CALL_KEYS: [&str; 9] = [
    "call_type",
    "agent_version",
    "start_timestamp",
    "end_timestamp",
    "duration_ms",
    "disconnection_reason",
    "call_analysis",
    "data_storage_setting",
    "retell_llm_dynamic_variables",
];

/// The speaker labels of the transcript that is one text.
const LABELS: [SpeakerLabel<'_>; 3] =
    [("Agent", Some(Role::Agent)), ("User", Some(Role::Customer)), ("Transfer Target", Some(Role::Other))];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let has_subject = ["call", "chat", "call_inbound"].iter().any(|key| payload.get(key).is_present());
    let is_identified = ["call.call_id", "chat.chat_id"].iter().any(|path| payload.get(path).is_present());
    let is_event = event(payload).is_some_and(|event| is_own_event(event) && has_subject || is_identified);
    is_event || is_resource(payload)
}

/// Whether a payload is a call, or a chat, without its event, as Retell's API returns it.
pub(super) fn is_resource(payload: &Field<'_, '_>) -> bool {
    is_call(payload) || is_chat(payload)
}

fn is_call(payload: &Field<'_, '_>) -> bool {
    let has_state = payload.get("call_status").non_blank().is_some_and(|state| CALL_STATES.contains(&state));
    let is_described = || CALL_KEYS.iter().any(|key| payload.has(key));
    payload.has("call_id") && (TURN_LISTS.iter().any(|list| payload.has(list)) || has_state && is_described())
}

fn is_chat(payload: &Field<'_, '_>) -> bool {
    payload.has("chat_id") && (payload.has("chat_status") || payload.has("message_with_tool_calls"))
}

fn has_transcript(call: &Field<'_, '_>) -> bool {
    call.get("transcript").is_present() || TURN_LISTS.iter().any(|list| call.get(list).is_present())
}

fn is_own_event(event: &str) -> bool {
    CALL_END_EVENTS.contains(&event) || OTHER_EVENTS.contains(&event)
}

/// The name of the event: the field is `event` on one page of the documentation and `event_type` on another.
fn event<'v>(payload: &Field<'v, '_>) -> Option<&'v str> {
    payload.get("event").non_blank().or_else(|| payload.get("event_type").non_blank())
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    if event(payload).is_none() && is_chat(payload) {
        return Ok(PayloadKind::Ignored(WRITTEN_CHAT.to_owned()));
    }
    let call = if is_call(payload) { *payload } else { payload.get("call") };
    let state = call.get("call_status").non_blank();
    let event = if is_call(payload) { None } else { event(payload) };
    let is_over = match event {
        Some(event) if is_own_event(event) => CALL_END_EVENTS.contains(&event),
        // With an event that is new to us, the call says whether it is over, as it does where the API returns it.
        _ => matches!(state, Some("ended" | "error" | "not_connected")) || state.is_none() && has_transcript(&call),
    };
    if !is_over {
        return Ok(PayloadKind::not_call_end(event.or(state).unwrap_or("an event without a name")));
    }
    builder.set_call_id(&[call.get("call_id")])?;
    builder.set_agent_id(&[call.get("agent_id")]);
    let (start, end) = (call.get("start_timestamp"), call.get("end_timestamp"));
    builder.started_at = start.unix_timestamp(MILLISECONDS);
    // When the start is not in the documented unit, the duration cannot be computed either.
    let start = start.number().filter(|_| builder.started_at.is_some());
    let from_timestamps =
        || end.number().zip(start).and_then(|(end, start)| plausible_duration((end - start) / SECONDS));
    builder.duration_seconds = call.get("duration_ms").duration_seconds(MILLISECONDS).or_else(from_timestamps);
    let analysis = call.get("call_analysis");
    builder.stated_skip = skip_reason(&call, &analysis);
    add_turns(&call, builder)?;
    let (success, sentiment) =
        (analysis.get("call_successful").scalar_text(), analysis.get("user_sentiment").scalar_text());
    builder.set_verdict(success, sentiment, analysis.get("call_summary").non_blank());
    builder.metadata.add_all(&call.get("metadata"));
    builder.metadata.add("agent_name", call.get("agent_name").non_blank());
    builder.metadata.add("direction", call.get("direction").non_blank());
    builder.metadata.add("ended_reason", call.get("disconnection_reason").non_blank());
    builder.metadata.add_field("dynamic_variables", &call.get("retell_llm_dynamic_variables"));
    Ok(PayloadKind::Call)
}

/// What Retell says about whom the agent spoke with.
fn skip_reason(call: &Field<'_, '_>, analysis: &Field<'_, '_>) -> Option<SkipReason> {
    if analysis.get("in_voicemail").boolean() == Some(true) {
        return Some(SkipReason::Voicemail);
    }
    match call.get("disconnection_reason").non_blank() {
        Some("voicemail_reached" | "machine_detected") => Some(SkipReason::Voicemail),
        Some("ivr_reached") => Some(SkipReason::IvrOnly),
        Some(
            "dial_busy"
            | "dial_failed"
            | "dial_no_answer"
            | "error_user_not_joined"
            | "invalid_destination"
            | "marked_as_spam"
            | "registered_call_timeout"
            | "sip_routing_error"
            | "telephony_provider_permission_denied"
            | "telephony_provider_unavailable"
            | "user_declined",
        ) => Some(SkipReason::NotAnswered),
        _ if call.get("call_status").non_blank() == Some("not_connected") => Some(SkipReason::NotAnswered),
        _ => None,
    }
}

/// Adds the turns of the first list that has any, or else of the text. Fails when nothing of what there is was understood, and when
/// the call's transcript is not stored.
fn add_turns(call: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<(), FieldError> {
    let setting = call.get("data_storage_setting");
    // The owner of the agent has configured that no personal data is stored.
    let is_scrubbed = setting.non_blank() == Some("everything_except_pii");
    let [first, second, third] = TURN_LISTS;
    let order = if is_scrubbed { [third, first, second] } else { [first, second, third] };
    let of_list = entries::read_first(&order.map(|name| call.get(name)), KEYS, builder, add_entry);
    if !builder.turns.is_empty() {
        return of_list;
    }
    builder.add_labelled_turns(&call.get("transcript"), &LABELS)?;
    if !builder.turns.is_empty() {
        return Ok(());
    }
    if setting.non_blank() == Some("basic_attributes_only") && builder.stated_skip.is_none() {
        return Err(call.get("transcript").error("is missing: the agent's data_storage_setting keeps no transcripts"));
    }
    of_list
}

fn add_entry(entry: &Field<'_, '_>, builder: &mut CallBuilder) -> Entry {
    let (id, content) = (entry.get("tool_call_id"), entry.get("content"));
    let speaker = match entry.get("role").non_blank().unwrap_or_default() {
        "agent" => Speaker::Known(Role::Agent),
        "user" => Speaker::Known(Role::Customer),
        "transfer_target" => Speaker::Known(Role::Other),
        "tool_call_invocation" => {
            let (name, arguments) = (entry.get("name"), entry.get("arguments"));
            builder.add_tool_call(id.non_blank(), name.non_blank(), arguments.text_or_json());
            return Entry::Understood;
        }
        "tool_call_result" => {
            let is_error = entry.get("successful").boolean().map(|successful| !successful);
            builder.add_tool_result(id.non_blank(), None, content.text_or_json(), is_error);
            return Entry::Understood;
        }
        "node_transition" | "dtmf" | "sms" | "injected" => Speaker::Nobody,
        other => Speaker::of(other),
    };
    if !content.is_present() && entry.has("content") {
        return Entry::Understood;
    }
    entries::add_turn(builder, speaker, &content, times(entry))
}

/// From the start of the first word that has one to the end of the last.
fn times(entry: &Field<'_, '_>) -> TurnTimes {
    let words = entry.get("words");
    TurnTimes {
        start_ms: words.elements().find_map(|word| word.get("start").offset_ms(SECONDS)),
        end_ms: words.elements().filter_map(|word| word.get("end").offset_ms(SECONDS)).last(),
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    fn ended(call: &Value) -> Value {
        let mut event = json!({"event": "call_ended", "call": {"call_id": "c1", "agent_id": "a1"}});
        event["call"].as_object_mut().unwrap().extend(call.as_object().unwrap().clone());
        event
    }

    #[test]
    fn retells_two_events_are_the_same_call_and_only_the_second_has_a_verdict() {
        let first = ended(&json!({"transcript": "Agent: Hello.\nUser: Hi."}));
        let mut second = first.clone();
        second["event"] = json!("call_analyzed");
        second["call"]["call_analysis"] =
            json!({"call_successful": true, "user_sentiment": "Positive", "call_summary": "Fine."});
        let (first, second) = (read_call(&first), read_call(&second));
        assert_eq!((&first.call_id, &first.transcript), (&second.call_id, &second.transcript));
        assert_eq!(first.producer_verdict, None);
        let verdict = second.producer_verdict.unwrap();
        assert_eq!((verdict.success.as_deref(), verdict.sentiment.as_deref()), (Some("true"), Some("Positive")));
    }

    #[test]
    fn retells_event_may_be_called_event_type() {
        let mut event = ended(&json!({"transcript": "Agent: Hello."}));
        event["event"].take();
        event["event_type"] = json!("call_analyzed");
        assert_eq!(read_call(&event).transcript.len(), 1);
    }

    #[test]
    fn retells_words_are_in_seconds_and_may_be_missing() {
        let call = read_call(&ended(&json!({"transcript_object": [
            {"role": "agent", "content": "hello there", "words": [{"word": "hello", "start": 0.7, "end": 1.3}, {"word": "there", "start": 1.3, "end": 1.85}]},
            {"role": "user", "content": "hi", "words": []},
            {"role": "agent", "content": "yes", "words": [{"word": "yes"}]},
        ]})));
        let times: Vec<_> = call.transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times, [(Some(700), Some(1_850)), (None, None), (None, None)]);
    }

    #[test]
    fn retells_scrubbed_transcript_is_preferred_where_personal_data_are_not_to_be_stored() {
        let transcripts = json!({
            "transcript_with_tool_calls": [{"role": "user", "content": "I am Ada.", "words": []}],
            "scrubbed_transcript_with_tool_calls": [{"role": "user", "content": "I am [NAME].", "words": []}],
        });
        let mut event = ended(&transcripts);
        assert_eq!(read_call(&event).transcript[0].text, "I am Ada.");
        event["call"]["data_storage_setting"] = json!("everything_except_pii");
        assert_eq!(read_call(&event).transcript[0].text, "I am [NAME].");
    }

    #[test]
    fn retells_unconnected_call_is_a_call_without_turns() {
        let event = ended(&json!({"call_status": "registered", "disconnection_reason": "dial_no_answer"}));
        let call = read_call(&event);
        assert!(call.transcript.is_empty());
        assert_eq!(call.metadata["ended_reason"], "dial_no_answer");
    }

    #[test]
    fn retells_entries_without_speech_are_not_turns() {
        let call = read_call(&ended(&json!({"transcript_with_tool_calls": [
            {"role": "node_transition", "new_node_name": "Greeting"},
            {"role": "agent", "content": "Press one.", "words": []},
            {"role": "dtmf", "digit": "1"},
            {"role": "sms", "content": "A code: 4711", "time_sec": 3},
            {"role": "injected", "content": "The customer is a VIP.", "time_sec": 4},
            {"role": "tool_result", "content": "[4711]"},
            {"role": "transfer_target", "content": "Desk two.", "words": []},
        ]})));
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.text.as_str())).collect();
        assert_eq!(turns, [(Role::Agent, "Press one."), (Role::Other, "Desk two.")]);
    }

    #[test]
    fn retells_transfer_target_has_the_role_other_in_the_text_as_well() {
        let call = read_call(&ended(&json!({"transcript": "Agent: Hello.\nTransfer Target: Desk two.\nUser: Hi."})));
        let roles: Vec<_> = call.transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Agent, Role::Other, Role::Customer]);
    }

    #[test]
    fn retells_timestamps_are_milliseconds_and_those_in_seconds_are_unknown() {
        let right = read_call(&ended(
            &json!({"start_timestamp": 1_714_608_475_945_u64, "end_timestamp": 1_714_608_491_736_u64}),
        ));
        assert_eq!(right.started_at.unwrap().unix_seconds(), 1_714_608_475);
        assert_eq!(right.stated_duration_seconds, Some(15.791));
        for (start, end) in [(1_714_608_475, 1_714_608_491), (0, 0)] {
            let wrong = read_call(&ended(&json!({"start_timestamp": start, "end_timestamp": end, "duration_ms": 0})));
            assert_eq!((wrong.started_at, wrong.stated_duration_seconds), (None, None), "{start}");
        }
    }

    #[test]
    fn retells_call_without_its_event_is_read_once_it_has_ended() {
        let call_alone = |status: &str| {
            json!({"call_id": "c1", "agent_id": "a1", "call_status": status, "transcript": "Agent: Hello.",
                "transcript_object": [{"role": "agent", "content": "Hello.", "words": [{"start": 0.5, "end": 1}]}]})
        };
        let ended = read_call(&call_alone("ended"));
        assert_eq!((ended.producer.as_str(), ended.transcript[0].start_ms), ("retell", Some(500)));
        assert_eq!(read_ignored(&call_alone("ongoing")), ("retell", "ongoing is not the end of a call".to_owned()));
    }

    #[test]
    fn retells_call_without_a_stored_transcript_says_so_unless_nobody_took_it() {
        let mut event = ended(&json!({"data_storage_setting": "basic_attributes_only", "duration_ms": 9_000}));
        let error = read_error(&event).to_string();
        assert!(error.starts_with("call.transcript: is missing: the agent's data_storage_setting"), "{error}");
        event["call"]["disconnection_reason"] = json!("dial_busy");
        assert!(read_call(&event).transcript.is_empty());
    }

    #[test]
    fn retells_new_events_bring_a_call_once_it_is_over() {
        let mut event = ended(&json!({"transcript": "Agent: Hello."}));
        event["event"] = json!("call_archived");
        assert_eq!(read_call(&event).transcript.len(), 1);
        event["call"]["call_status"] = json!("ongoing");
        assert_eq!(read_ignored(&event).1, "call_archived is not the end of a call");
    }

    #[test]
    fn retells_other_events_are_ignored() {
        for event in ["call_started", "transcript_updated", "transfer_started"] {
            let mut started = ended(&json!({}));
            started["event"] = json!(event);
            assert_eq!(read_ignored(&started), ("retell", format!("{event} is not the end of a call")));
        }
        assert_eq!(read_ignored(&json!({"event": "chat_ended", "chat": {"chat_id": "x"}})).0, "retell");
    }
}
