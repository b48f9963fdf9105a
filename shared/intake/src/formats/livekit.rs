//! LiveKit: the report of a session, or the history in it alone.
//!
//! All times are seconds since 1970. An item's `created_at` is when it was written down, its metrics say when it was spoken; the
//! report is made when the session ends.

use domain::Role;
use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::{CallBuilder, TurnTimes};
use crate::coerce::{SECONDS, call_offset_ms, plausible_duration, timestamp_from_unix_ms};
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let items = items(payload);
    let is_item = |item: &Field<'_, '_>| item.get("type").non_blank().is_some();
    items.value().is_some_and(Value::is_array)
        && (payload.has("chat_history") || items.elements().any(|item| is_item(&item)))
}

fn items<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    let of_report = payload.get("chat_history.items");
    if of_report.is_present() { of_report } else { payload.get("items") }
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("room_id"), payload.get("job_id")])?;
    let items = items(payload);
    items.array()?;
    // A session may be handed from one agent to the next: it is the first one's.
    let handoff = items.elements().find(|item| item.get("new_agent_id").is_present());
    if let Some(handoff) = handoff {
        builder.set_agent_id(&[handoff.get("old_agent_id"), handoff.get("new_agent_id")]);
    }
    let begin = begin(payload, &items);
    builder.started_at = begin.and_then(|begin| timestamp_from_unix_ms(begin * SECONDS));
    let until_the_report =
        || payload.get("timestamp").number().zip(begin).and_then(|(end, begin)| plausible_duration(end - begin));
    builder.duration_seconds = payload.get("duration").duration_seconds(SECONDS).or_else(until_the_report);
    for item in items.elements() {
        match item.get("type").non_blank() {
            Some("message") => message(&item, begin, builder),
            Some("function_call") => {
                let (id, name) = (item.get("call_id"), item.get("name"));
                builder.add_tool_call(id.non_blank(), name.non_blank(), item.get("arguments").text_or_json());
            }
            Some("function_call_output") => {
                let (id, name) = (item.get("call_id"), item.get("name"));
                let (output, is_error) = (item.get("output").text_or_json(), item.get("is_error").boolean());
                builder.add_tool_result(id.non_blank(), name.non_blank(), output, is_error);
            }
            // Handoffs and configurations are of the machine; the latter hold its instructions.
            _ => {}
        }
    }
    builder.add_metadata("room", payload.get("room").non_blank());
    Ok(PayloadKind::Call)
}

/// When the session began: as the report says, else the earliest moment that any item has.
fn begin(payload: &Field<'_, '_>, items: &Field<'_, '_>) -> Option<f64> {
    let unix_seconds =
        |field: Field<'_, '_>| field.number().filter(|seconds| timestamp_from_unix_ms(seconds * SECONDS).is_some());
    let item_times = |item: Field<'_, '_>| {
        [unix_seconds(item.get("metrics.started_speaking_at")), unix_seconds(item.get("created_at"))]
    };
    let earliest = || items.elements().flat_map(item_times).flatten().reduce(f64::min);
    unix_seconds(payload.get("started_at")).or_else(earliest)
}

fn message(item: &Field<'_, '_>, begin: Option<f64>, builder: &mut CallBuilder) {
    let role = match item.get("role").non_blank().unwrap_or_default() {
        "assistant" => Role::Agent,
        "user" => Role::Customer,
        other => match fallback_role(other) {
            Some(role) => role,
            None => return,
        },
    };
    // A long history is compressed to an item of the assistant's that nobody ever said.
    if item.get("extra.is_summary").boolean() == Some(true) {
        return;
    }
    let within = |field: Field<'_, '_>| call_offset_ms((field.number()? - begin?) * SECONDS);
    let metrics = item.get("metrics");
    let times = match within(metrics.get("started_speaking_at")) {
        Some(start_ms) => TurnTimes { start_ms: Some(start_ms), end_ms: within(metrics.get("stopped_speaking_at")) },
        None => TurnTimes::starting_at(within(item.get("created_at"))),
    };
    builder.add_turn(role, &item.get("content").message_text(), times);
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::read_call;

    fn report(items: &Value) -> Value {
        json!({"job_id": "AJ_1", "room_id": "RM_1", "room": "call-42", "events": [], "timestamp": 1_763_800_041.2,
            "chat_history": {"items": items}})
    }

    fn said(role: &str, text: &str, extra: &Value) -> Value {
        let mut item = json!({"id": "item", "type": "message", "role": role, "content": [text], "interrupted": false});
        item.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        item
    }

    #[test]
    fn livekit_times_are_seconds_since_1970_and_count_from_the_first() {
        let call = read_call(&report(&json!([
            said(
                "assistant",
                "Hello.",
                &json!({"metrics": {"started_speaking_at": 1_763_800_001.2, "stopped_speaking_at": 1_763_800_003.0}, "created_at": 1_763_800_003.1})
            ),
            said("user", "Hi.", &json!({"created_at": 1_763_800_005.2})),
            said("assistant", "Yes?", &json!({})),
        ])));
        let times: Vec<_> = call.transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times, [(Some(0), Some(1_800)), (Some(4_000), None), (None, None)]);
        assert_eq!(call.started_at.unwrap().unix_seconds(), 1_763_800_001);
        assert_eq!(call.stated_duration_seconds.map(f64::round), Some(40.0));
    }

    #[test]
    fn livekit_start_and_duration_are_used_where_they_are_emitted() {
        let mut report = report(&json!([said("user", "Hi.", &json!({"created_at": 1_763_800_005.2}))]));
        report["started_at"] = json!(1_763_800_000.0);
        report["duration"] = json!(33.5);
        let call = read_call(&report);
        assert_eq!((call.transcript[0].start_ms, call.stated_duration_seconds), (Some(5_200), Some(33.5)));
    }

    #[test]
    fn livekit_summary_of_a_compressed_history_is_no_speech() {
        let call = read_call(&report(&json!([
            said(
                "assistant",
                "<chat_history_summary>They talked.</chat_history_summary>",
                &json!({"extra": {"is_summary": true}})
            ),
            said("assistant", "Anything else?", &json!({"extra": {}})),
        ])));
        assert_eq!(call.transcript.len(), 1);
    }

    #[test]
    fn livekit_instructions_are_no_speech_wherever_they_stand() {
        let call = read_call(&report(&json!([
            said("system", "Be nice.", &json!({})),
            said("developer", "Be brief.", &json!({})),
            {"type": "agent_config_update", "instructions": "Sell more."},
            {"type": "agent_handoff", "old_agent_id": null, "new_agent_id": "greeter"},
            {"type": "agent_handoff", "old_agent_id": "greeter", "new_agent_id": "closer"},
            {"type": "message", "role": "user", "content": [{"type": "instructions", "audio": "Greet.", "text": "Greet."}]},
            said("user", "Hi.", &json!({})),
        ])));
        assert_eq!(call.transcript.iter().map(|turn| turn.role).collect::<Vec<_>>(), [Role::Customer]);
        assert_eq!(call.agent_id.unwrap().as_str(), "greeter");
    }

    #[test]
    fn livekit_agent_that_hands_over_first_is_the_calls() {
        let handoff =
            |old: Value, new: &str| json!({"type": "agent_handoff", "old_agent_id": old, "new_agent_id": new});
        for first in [handoff(json!(null), "greeter"), handoff(json!("greeter"), "closer")] {
            let call = read_call(&report(&json!([first, handoff(json!("greeter"), "other")])));
            assert_eq!(call.agent_id.unwrap().as_str(), "greeter");
        }
    }

    #[test]
    fn livekit_times_that_are_no_seconds_since_1970_are_unknown() {
        for (first, second) in [(0_u64, 2_u64), (1_763_800_001_200, 1_763_800_003_200)] {
            let call = read_call(&report(&json!([
                said("assistant", "Hello.", &json!({"created_at": first})),
                said("user", "Hi.", &json!({"created_at": second})),
            ])));
            assert!(call.transcript.iter().all(|turn| turn.start_ms.is_none()), "{first}");
            assert_eq!((call.started_at, call.stated_duration_seconds), (None, None), "{first}");
        }
    }

    #[test]
    fn livekit_history_alone_has_no_times() {
        let history =
            json!({"org_id": "acme", "call_id": "c1", "payload": {"items": [said("user", "Hi.", &json!({}))]}});
        let call = read_call(&history);
        assert_eq!((call.transcript[0].start_ms, call.started_at, call.stated_duration_seconds), (None, None, None));
    }

    #[test]
    fn livekit_recordings_in_a_message_are_what_was_recognised_of_them() {
        let item = json!({"type": "message", "role": "user", "content": [{"type": "audio_content", "transcript": "Hi there."}, {"type": "image_content", "image": "x"}]});
        assert_eq!(read_call(&report(&json!([item]))).transcript[0].text, "Hi there.");
    }
}
