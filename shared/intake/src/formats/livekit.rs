//! LiveKit: the report of a session, or only the chat history in it.
//!
//! All times are seconds since 1970. An item's `created_at` is when it was recorded, its metrics have when it was spoken. The
//! report's `timestamp` is the end of the session.

use domain::Role;
use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, call_offset_ms, plausible_duration, timestamp_from_unix_ms};
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;
use crate::turn_times::TurnTimes;

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let items = history_items(payload);
    let is_item = |item: &Field<'_, '_>| item.get("type").non_blank().is_some();
    items.value().is_some_and(Value::is_array)
        && (payload.has("chat_history") || items.elements().any(|item| is_item(&item)))
}

fn history_items<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    let in_report = payload.get("chat_history.items");
    if in_report.is_present() { in_report } else { payload.get("items") }
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("room_id"), payload.get("job_id")])?;
    let items = history_items(payload);
    items.array()?;
    // A session may be handed over from one agent to another. The call is the first agent's.
    let handoff = items.elements().find(|item| item.get("new_agent_id").is_present());
    if let Some(handoff) = handoff {
        builder.set_agent_id(&[handoff.get("old_agent_id"), handoff.get("new_agent_id")]);
    }
    let start = session_start(payload, &items);
    builder.started_at = start.and_then(|start| timestamp_from_unix_ms(start * SECONDS));
    let from_timestamps =
        || payload.get("timestamp").number().zip(start).and_then(|(end, start)| plausible_duration(end - start));
    builder.duration_seconds = payload.get("duration").duration_seconds(SECONDS).or_else(from_timestamps);
    for item in items.elements() {
        match item.get("type").non_blank() {
            Some("message") => add_message(&item, start, builder),
            Some("function_call") => {
                let (id, name) = (item.get("call_id"), item.get("name"));
                builder.add_tool_call(id.non_blank(), name.non_blank(), item.get("arguments").text_or_json());
            }
            Some("function_call_output") => {
                let (id, name) = (item.get("call_id"), item.get("name"));
                let (output, is_error) = (item.get("output").text_or_json(), item.get("is_error").boolean());
                builder.add_tool_result(id.non_blank(), name.non_blank(), output, is_error);
            }
            // Handoffs and changes of the agent's configuration (which has its instructions) are not speech.
            _ => {}
        }
    }
    builder.add_metadata("room", payload.get("room").non_blank());
    Ok(PayloadKind::Call)
}

/// The start of the session: as stated in the report, else the earliest time of any item.
fn session_start(payload: &Field<'_, '_>, items: &Field<'_, '_>) -> Option<f64> {
    let unix_seconds =
        |field: Field<'_, '_>| field.number().filter(|seconds| timestamp_from_unix_ms(seconds * SECONDS).is_some());
    let item_times = |item: Field<'_, '_>| {
        [unix_seconds(item.get("metrics.started_speaking_at")), unix_seconds(item.get("created_at"))]
    };
    let earliest = || items.elements().flat_map(item_times).flatten().reduce(f64::min);
    unix_seconds(payload.get("started_at")).or_else(earliest)
}

fn add_message(item: &Field<'_, '_>, session_start: Option<f64>, builder: &mut CallBuilder) {
    let role = match item.get("role").non_blank().unwrap_or_default() {
        "assistant" => Role::Agent,
        "user" => Role::Customer,
        other => match fallback_role(other) {
            Some(role) => role,
            None => return,
        },
    };
    // A long history is compressed to a summary, which is recorded as a message of the assistant.
    if item.get("extra.is_summary").boolean() == Some(true) {
        return;
    }
    let offset_ms = |field: Field<'_, '_>| call_offset_ms((field.number()? - session_start?) * SECONDS);
    let metrics = item.get("metrics");
    let times = match offset_ms(metrics.get("started_speaking_at")) {
        Some(start_ms) => TurnTimes { start_ms: Some(start_ms), end_ms: offset_ms(metrics.get("stopped_speaking_at")) },
        None => TurnTimes::starting_at(offset_ms(item.get("created_at"))),
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

    fn message(role: &str, text: &str, extra: &Value) -> Value {
        let mut item = json!({"id": "item", "type": "message", "role": role, "content": [text], "interrupted": false});
        item.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        item
    }

    #[test]
    fn livekit_times_are_seconds_since_1970_and_become_offsets_from_the_first() {
        let call = read_call(&report(&json!([
            message(
                "assistant",
                "Hello.",
                &json!({"metrics": {"started_speaking_at": 1_763_800_001.2, "stopped_speaking_at": 1_763_800_003.0}, "created_at": 1_763_800_003.1})
            ),
            message("user", "Hi.", &json!({"created_at": 1_763_800_005.2})),
            message("assistant", "Yes?", &json!({})),
        ])));
        let times: Vec<_> = call.transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times, [(Some(0), Some(1_800)), (Some(4_000), None), (None, None)]);
        assert_eq!(call.started_at.unwrap().unix_seconds(), 1_763_800_001);
        assert_eq!(call.stated_duration_seconds.map(f64::round), Some(40.0));
    }

    #[test]
    fn livekit_start_and_duration_of_the_report_are_used_where_it_has_them() {
        let mut report = report(&json!([message("user", "Hi.", &json!({"created_at": 1_763_800_005.2}))]));
        report["started_at"] = json!(1_763_800_000.0);
        report["duration"] = json!(33.5);
        let call = read_call(&report);
        assert_eq!((call.transcript[0].start_ms, call.stated_duration_seconds), (Some(5_200), Some(33.5)));
    }

    #[test]
    fn livekit_summary_of_a_compressed_history_is_not_a_turn() {
        let call = read_call(&report(&json!([
            message(
                "assistant",
                "<chat_history_summary>They talked.</chat_history_summary>",
                &json!({"extra": {"is_summary": true}})
            ),
            message("assistant", "Anything else?", &json!({"extra": {}})),
        ])));
        assert_eq!(call.transcript.len(), 1);
    }

    #[test]
    fn livekit_instructions_are_never_turns() {
        let call = read_call(&report(&json!([
            message("system", "Be nice.", &json!({})),
            message("developer", "Be brief.", &json!({})),
            {"type": "agent_config_update", "instructions": "Sell more."},
            {"type": "agent_handoff", "old_agent_id": null, "new_agent_id": "greeter"},
            {"type": "agent_handoff", "old_agent_id": "greeter", "new_agent_id": "closer"},
            {"type": "message", "role": "user", "content": [{"type": "instructions", "audio": "Greet.", "text": "Greet."}]},
            message("user", "Hi.", &json!({})),
        ])));
        assert_eq!(call.transcript.iter().map(|turn| turn.role).collect::<Vec<_>>(), [Role::Customer]);
        assert_eq!(call.agent_id.unwrap().as_str(), "greeter");
    }

    #[test]
    fn livekit_agent_of_the_call_is_the_one_that_hands_over_first() {
        let handoff =
            |old: Value, new: &str| json!({"type": "agent_handoff", "old_agent_id": old, "new_agent_id": new});
        for first in [handoff(json!(null), "greeter"), handoff(json!("greeter"), "closer")] {
            let call = read_call(&report(&json!([first, handoff(json!("greeter"), "other")])));
            assert_eq!(call.agent_id.unwrap().as_str(), "greeter");
        }
    }

    #[test]
    fn livekit_times_in_other_units_are_unknown() {
        for (first, second) in [(0_u64, 2_u64), (1_763_800_001_200, 1_763_800_003_200)] {
            let call = read_call(&report(&json!([
                message("assistant", "Hello.", &json!({"created_at": first})),
                message("user", "Hi.", &json!({"created_at": second})),
            ])));
            assert!(call.transcript.iter().all(|turn| turn.start_ms.is_none()), "{first}");
            assert_eq!((call.started_at, call.stated_duration_seconds), (None, None), "{first}");
        }
    }

    #[test]
    fn livekit_history_alone_has_no_times() {
        let history =
            json!({"org_id": "acme", "call_id": "c1", "payload": {"items": [message("user", "Hi.", &json!({}))]}});
        let call = read_call(&history);
        assert_eq!((call.transcript[0].start_ms, call.started_at, call.stated_duration_seconds), (None, None, None));
    }

    #[test]
    fn livekit_recordings_in_a_message_are_read_as_their_transcript() {
        let item = json!({"type": "message", "role": "user", "content": [{"type": "audio_content", "transcript": "Hi there."}, {"type": "image_content", "image": "x"}]});
        assert_eq!(read_call(&report(&json!([item]))).transcript[0].text, "Hi there.");
    }
}
