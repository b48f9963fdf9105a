//! LiveKit: the report of a session, or only the chat history in it.
//!
//! Times are instants since 1970, in seconds from Python and in milliseconds from Node, where those of speech are in
//! seconds all the same: the unit of each is told by its size. Node writes a history alone in camel case. An item's
//! `created_at` is when it was recorded, its metrics have when it was spoken. The report's `timestamp` is the end of
//! the session.

use domain::Role;
use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{MILLISECONDS, SECONDS, call_offset_ms, plausible_duration, timestamp_from_unix_ms};
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;
use crate::turn_times::TurnTimes;

const CREATED_AT: [&str; 2] = ["created_at", "createdAt"];
const SPEECH_START: [&str; 2] = ["metrics.started_speaking_at", "metrics.startedSpeakingAt"];
const SPEECH_END: [&str; 2] = ["metrics.stopped_speaking_at", "metrics.stoppedSpeakingAt"];
const CALL_ID: [&str; 2] = ["call_id", "callId"];
const OLD_AGENT: [&str; 2] = ["old_agent_id", "oldAgentId"];
const NEW_AGENT: [&str; 2] = ["new_agent_id", "newAgentId"];
/// The types of items that LiveKit writes. Handoffs and changes of the agent's configuration (which has its
/// instructions) are not speech.
const ITEM_TYPES: [&str; 5] =
    ["message", "function_call", "function_call_output", "agent_handoff", "agent_config_update"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let items = history_items(payload);
    let is_item = |item: &Field<'_, '_>| item_type(item).is_some_and(|kind| ITEM_TYPES.contains(&kind));
    items.value().is_some_and(Value::is_array)
        && (["chat_history", "chatHistory"].iter().any(|name| payload.has(name))
            || items.elements().any(|item| is_item(&item)))
}

fn history_items<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    let in_report = payload.first_of(&["chat_history.items", "chatHistory.items"]);
    if in_report.is_present() { in_report } else { payload.get("items") }
}

fn item_type<'v>(item: &Field<'v, '_>) -> Option<&'v str> {
    item.get("type").non_blank()
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.first_of(&["room_id", "roomId"]), payload.first_of(&["job_id", "jobId"])])?;
    let items = history_items(payload);
    items.array()?;
    // A session may be handed over from one agent to another. The call is the first agent's.
    let handoff = items.elements().find(|item| item.first_of(&NEW_AGENT).is_present());
    if let Some(handoff) = handoff {
        builder.set_agent_id(&[handoff.first_of(&OLD_AGENT), handoff.first_of(&NEW_AGENT)]);
    }
    let start_ms = session_start_ms(payload, &items);
    builder.started_at = start_ms.and_then(timestamp_from_unix_ms);
    builder.duration_seconds = duration_seconds(payload, start_ms);
    for item in items.elements() {
        match item_type(&item) {
            Some("function_call") => {
                let (id, name) = (item.first_of(&CALL_ID), item.get("name"));
                let arguments = item.first_of(&["arguments", "args"]);
                builder.add_tool_call(id.non_blank(), name.non_blank(), arguments.text_or_json());
            }
            Some("function_call_output") => {
                let (id, name) = (item.first_of(&CALL_ID), item.get("name"));
                let is_error = item.first_of(&["is_error", "isError"]).boolean();
                builder.add_tool_result(id.non_blank(), name.non_blank(), item.get("output").text_or_json(), is_error);
            }
            None | Some("message") => add_message(&item, start_ms, builder),
            Some(_) => {}
        }
    }
    builder.require_understood(first_unknown(&items, "is no known item, or has no content", is_known))?;
    builder.metadata.add("room", payload.get("room").non_blank());
    Ok(PayloadKind::Call)
}

/// Whether an item is understood: a message of a known role, be it blank, or an item that is no speech.
fn is_known(item: &Field<'_, '_>) -> bool {
    match item_type(item) {
        None | Some("message") => role(item)
            .is_none_or(|role| role != Role::Other && (is_summary(item) || item.get("content").is_message_content())),
        Some(kind) => ITEM_TYPES.contains(&kind),
    }
}

/// The duration that the report states, or else the time to its end. A report that has its times in milliseconds has
/// its duration in milliseconds too.
fn duration_seconds(payload: &Field<'_, '_>, start_ms: Option<f64>) -> Option<f64> {
    let (end, start) = (payload.get("timestamp"), payload.first_of(&["started_at", "startedAt"]));
    let is_in_ms = |time: &Field<'_, '_>| time.unix_timestamp(MILLISECONDS).is_some();
    let unit = if is_in_ms(&end) || is_in_ms(&start) { MILLISECONDS } else { SECONDS };
    let from_timestamps =
        || end.instant_ms().zip(start_ms).and_then(|(end, start)| plausible_duration((end - start) / SECONDS));
    payload.get("duration").duration_seconds(unit).or_else(from_timestamps)
}

/// The start of the session in milliseconds since 1970: as stated in the report, else the earliest time of any item.
fn session_start_ms(payload: &Field<'_, '_>, items: &Field<'_, '_>) -> Option<f64> {
    let item_times =
        |item: Field<'_, '_>| [item.first_of(&SPEECH_START).instant_ms(), item.first_of(&CREATED_AT).instant_ms()];
    let earliest = || items.elements().flat_map(item_times).flatten().reduce(f64::min);
    payload.first_of(&["started_at", "startedAt"]).instant_ms().or_else(earliest)
}

/// The role of a message; `None` for an instruction.
fn role(item: &Field<'_, '_>) -> Option<Role> {
    match item.get("role").non_blank().unwrap_or_default() {
        "assistant" => Some(Role::Agent),
        "user" => Some(Role::Customer),
        other => fallback_role(other),
    }
}

/// Whether a message is no speech but the summary of a long history, which is recorded as a message of the assistant.
fn is_summary(item: &Field<'_, '_>) -> bool {
    item.first_of(&["extra.is_summary", "extra.isSummary"]).boolean() == Some(true)
}

fn add_message(item: &Field<'_, '_>, session_start_ms: Option<f64>, builder: &mut CallBuilder) {
    let Some(role) = role(item).filter(|_| !is_summary(item)) else { return };
    let offset_ms = |names| call_offset_ms(item.first_of(names).instant_ms()? - session_start_ms?);
    let times = match offset_ms(&SPEECH_START) {
        Some(start_ms) => TurnTimes { start_ms: Some(start_ms), end_ms: offset_ms(&SPEECH_END) },
        None => TurnTimes::starting_at(offset_ms(&CREATED_AT)),
    };
    builder.add_turn(role, &item.get("content").message_text(), times);
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error};

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
    fn livekit_times_that_are_no_instants_are_unknown() {
        for (first, second) in [(0_u64, 2_u64), (500_000_000_000, 500_000_002_000)] {
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

    #[test]
    fn livekit_times_from_node_are_milliseconds_except_those_of_speech() {
        let mut report = report(&json!([
            message(
                "assistant",
                "Hello.",
                &json!({"created_at": 1_785_500_003_000_u64,
                "metrics": {"started_speaking_at": 1_785_500_001.5, "stopped_speaking_at": 1_785_500_002.75}})
            ),
            message("user", "Hi.", &json!({"created_at": 1_785_500_004_500_u64})),
        ]));
        report["timestamp"] = json!(1_785_500_052_500_u64);
        let call = read_call(&report);
        let times: Vec<_> = call.transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times, [(Some(0), Some(1_250)), (Some(3_000), None)]);
        assert_eq!(call.started_at.unwrap().to_string(), "2026-07-31T12:13:21.500Z");
        assert_eq!(call.stated_duration_seconds, Some(51.0));
        report["duration"] = json!(48_250);
        assert_eq!(read_call(&report).stated_duration_seconds, Some(48.25));
    }

    #[test]
    fn livekit_history_from_node_is_in_camel_case() {
        let history = json!({"call_id": "c1", "items": [
            {"type": "agent_handoff", "oldAgentId": null, "newAgentId": "greeter", "createdAt": 1_785_500_001_000_u64},
            {"type": "message", "role": "user", "content": ["A table for two."], "createdAt": 1_785_500_001_500_u64},
            {"type": "function_call", "callId": "f1", "name": "book", "args": "{\"n\":2}", "createdAt": 1_785_500_002_000_u64},
            {"type": "function_call_output", "callId": "f1", "name": "book", "output": "full", "isError": true, "createdAt": 1_785_500_003_000_u64},
            {"type": "message", "role": "assistant", "content": ["They talked."], "extra": {"isSummary": true}},
            {"type": "message", "role": "assistant", "content": ["We are full."], "createdAt": 1_785_500_004_500_u64},
        ]});
        let call = read_call(&history);
        assert_eq!(call.agent_id.as_ref().unwrap().as_str(), "greeter");
        assert_eq!(call.transcript.iter().map(|turn| turn.start_ms).collect::<Vec<_>>(), [Some(500), Some(3_500)]);
        let [event] = call.tool_events.as_slice() else { panic!("{:?}", call.tool_events) };
        assert_eq!(
            (event.arguments.as_deref(), event.result.as_deref(), event.is_error),
            (Some(r#"{"n":2}"#), Some("full"), Some(true))
        );
        let report = json!({"roomId": "RM_1", "jobId": "AJ_1", "chatHistory": {"items": history["items"]}});
        let in_report = read_call(&report);
        assert_eq!((in_report.call_id.as_str(), in_report.transcript), ("RM_1", call.transcript));
    }

    #[test]
    fn livekit_markers_of_expression_are_not_speech() {
        let call = read_call(&report(&json!([
            message(
                "assistant",
                "<expr type=\"expression\" label=\"calm\"/> Please hold. <expr type=\"break\" label=\"1s\"/> Done.",
                &json!({})
            ),
            message("user", "Fine.", &json!({})),
        ])));
        assert_eq!(call.transcript[0].text, "Please hold. Done.");
    }

    #[test]
    fn livekit_items_that_are_not_understood_are_an_error_and_not_silence() {
        for (item, index) in [
            (json!({"type": "message", "role": "assistant", "text": "Hello."}), 1),
            (json!({"type": "speech", "role": "assistant", "content": ["Hello."]}), 1),
            (message("speaker_0", "Hello.", &json!({})), 1),
        ] {
            let mut report = report(&json!([{"type": "agent_handoff", "new_agent_id": "greeter"}, item]));
            report["org_id"] = json!("acme");
            let error = read_error(&report).to_string();
            assert!(error.starts_with(&format!("chat_history.items[{index}]: is no known item")), "{error}");
        }
        let untyped = report(&json!([{"role": "assistant", "content": ["Hello."]}, {"role": "user", "content": []}]));
        assert_eq!(read_call(&untyped).transcript.len(), 1);
    }

    #[test]
    fn a_list_of_items_of_another_service_is_not_livekits() {
        let orders = json!({"org_id": "acme", "items": [{"type": "order", "content": "shoes"}]});
        assert_eq!(read_error(&orders).code(), "unknown_format");
    }
}
