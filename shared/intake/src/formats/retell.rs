//! Retell: the webhooks `call_ended` and `call_analyzed`, which both have the whole call. The one that arrives first is scored, the
//! other is a duplicate; only `call_analyzed` has Retell's own analysis.
//!
//! The times of words are in seconds, and approximate according to the documentation.

use domain::Role;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{MILLISECONDS, SECONDS, plausible_duration};
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;
use crate::turn_times::TurnTimes;

/// The lists that may hold the turns, the most detailed one first.
const TURN_LISTS: [&str; 3] = ["transcript_with_tool_calls", "transcript_object", SCRUBBED_TURN_LIST];
/// The list without personal data.
const SCRUBBED_TURN_LIST: &str = "scrubbed_transcript_with_tool_calls";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    event(payload).is_some() && (payload.get("call").is_present() || payload.get("chat").is_present())
        || is_call(payload)
}

/// Whether a payload is a call without its event, as Retell's API returns it.
pub(super) fn is_call(payload: &Field<'_, '_>) -> bool {
    payload.has("call_id") && payload.has("transcript_object")
}

/// The name of the event: the field is `event` on one page of the documentation and `event_type` on another.
fn event<'v>(payload: &Field<'v, '_>) -> Option<&'v str> {
    payload.get("event").non_blank().or_else(|| payload.get("event_type").non_blank())
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let call = if is_call(payload) { *payload } else { payload.get("call") };
    match if is_call(payload) { call.get("call_status").non_blank() } else { event(payload) } {
        Some("call_ended" | "call_analyzed" | "ended" | "error" | "not_connected") => {}
        other => return Ok(PayloadKind::not_call_end(other.unwrap_or("an event without a name"))),
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
    add_turns(&call, builder)?;
    let analysis = call.get("call_analysis");
    let (success, sentiment) =
        (analysis.get("call_successful").scalar_text(), analysis.get("user_sentiment").scalar_text());
    builder.set_verdict(success, sentiment, analysis.get("call_summary").non_blank());
    builder.add_all_metadata(&call.get("metadata"));
    builder.add_metadata("agent_name", call.get("agent_name").non_blank());
    builder.add_metadata("direction", call.get("direction").non_blank());
    builder.add_metadata("ended_reason", call.get("disconnection_reason").non_blank());
    builder.add_metadata("dynamic_variables", call.get("retell_llm_dynamic_variables").value().cloned());
    Ok(PayloadKind::Call)
}

fn add_turns(call: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<(), FieldError> {
    // The owner of the agent has configured that no personal data is stored.
    let is_scrubbed = call.get("data_storage_setting").non_blank() == Some("everything_except_pii");
    let order = is_scrubbed.then_some(SCRUBBED_TURN_LIST).into_iter().chain(TURN_LISTS);
    for name in order {
        let list = call.get(name);
        if list.elements().next().is_some() {
            list.elements().for_each(|entry| add_entry(&entry, builder));
            return Ok(());
        }
    }
    builder.add_labelled_turns(&call.get("transcript"), &[("transfer target", Some(Role::Other))])
}

fn add_entry(entry: &Field<'_, '_>, builder: &mut CallBuilder) {
    let (id, content) = (entry.get("tool_call_id"), entry.get("content"));
    let role = match entry.get("role").non_blank().unwrap_or_default() {
        "agent" => Role::Agent,
        "user" => Role::Customer,
        "tool_call_invocation" => {
            let (name, arguments) = (entry.get("name"), entry.get("arguments"));
            return builder.add_tool_call(id.non_blank(), name.non_blank(), arguments.text_or_json());
        }
        "tool_call_result" => {
            let is_error = entry.get("successful").boolean().map(|successful| !successful);
            return builder.add_tool_result(id.non_blank(), None, content.text_or_json(), is_error);
        }
        // These are not speech.
        "node_transition" | "dtmf" | "sms" | "injected" => return,
        other => match fallback_role(other) {
            Some(role) => role,
            None => return,
        },
    };
    builder.add_turn(role, content.non_blank().unwrap_or_default(), times(entry));
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

    use crate::tests::{read_call, read_ignored};

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
    fn retells_other_events_are_ignored() {
        for event in ["call_started", "transcript_updated", "transfer_started"] {
            let mut started = ended(&json!({}));
            started["event"] = json!(event);
            assert_eq!(read_ignored(&started), ("retell", format!("{event} is not the end of a call")));
        }
        assert_eq!(read_ignored(&json!({"event": "chat_ended", "chat": {"chat_id": "x"}})).0, "retell");
    }
}
