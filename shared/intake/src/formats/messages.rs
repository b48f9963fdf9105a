//! A list of chat messages in OpenAI's schema, which others use as well: the transcripts and contexts of Pipecat, the
//! histories of custom agents, in the variants of Anthropic and Telnyx too. Either the bare list, or an object with the
//! list as `messages`.
//!
//! The list has no identifier of the call: `call_id` comes from the envelope.

use domain::Role;
use serde_json::Value;

use super::chat_tools::{self, ToolEntry};
use super::{PayloadKind, openai_agents, ultravox};
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, call_offset_ms, timestamp_from_unix_ms};
use crate::entries::{self, Speaker};
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;
use crate::turn_times::{TurnTimes, sorted_by_start};

/// The names of when a message was said: when it reached the other side, before when it was recorded.
const TIME: [&str; 7] = ["timestamp", "sent_at", "sentAt", "created_at", "createdAt", "time", "ts"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    if openai_agents::detects(payload) || ultravox::detects(payload) {
        return false;
    }
    let list = message_list(payload);
    // Other schemas have a list `messages` of something else.
    let is_empty_list = payload.get("messages").is_present() && list.elements().next().is_none();
    is_empty_list || list.elements().any(|entry| is_message(&entry))
}

/// Whether an entry has the keys of a message.
pub(super) fn is_message(entry: &Field<'_, '_>) -> bool {
    entry.get("role").non_blank().is_some()
        && (entry.has("content") || entry.get("text").is_text() || entry.has("tool_calls"))
}

fn message_list<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    if payload.value().is_some_and(Value::is_array) { *payload } else { payload.get("messages") }
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("call_id")])?;
    read_beside(&message_list(payload), payload, builder)?;
    Ok(PayloadKind::Call)
}

/// Reads a list of messages, and the facts of the call that a sender puts beside it. Fails when nothing in the list is
/// understood.
pub(super) fn read_beside(
    list: &Field<'_, '_>,
    facts: &Field<'_, '_>,
    builder: &mut CallBuilder,
) -> Result<(), FieldError> {
    builder.set_agent_id(&[facts.get("agent_id")]);
    builder.duration_seconds = facts.get("duration_seconds").duration_seconds(SECONDS);
    builder.set_language(&facts.get("language"));
    builder.metadata.add_all(&facts.get("metadata"));
    read_list(list, &facts.get("started_at"), builder)
}

/// Reads a list of messages in the order of time, as far as they have times. `stated_start` is when the call began, if
/// that is known; else it began with the first message. Fails when nothing in the list is understood.
pub(super) fn read_list(
    list: &Field<'_, '_>,
    stated_start: &Field<'_, '_>,
    builder: &mut CallBuilder,
) -> Result<(), FieldError> {
    list.array()?;
    // Times without a zone can be compared with each other, not with times that have one.
    let (mut times, mut absolute_times, mut start) = (0_usize, 0_usize, f64::INFINITY);
    let mut add_time = |time: &Field<'_, '_>| {
        if let Some(instant) = time.instant_ms() {
            times += 1;
            absolute_times += usize::from(time.is_absolute_instant());
            start = start.min(instant);
        }
    };
    add_time(stated_start);
    list.elements().for_each(|entry| add_time(&entry.first_of(&TIME)));
    let start = Some(start).filter(|_| times > 0 && (absolute_times == 0 || absolute_times == times));
    builder.started_at = start.filter(|_| absolute_times > 0).and_then(timestamp_from_unix_ms);
    let offset_ms = |entry: &Field<'_, '_>| call_offset_ms(entry.first_of(&TIME).instant_ms()? - start?);
    for entry in sorted_by_start(list.elements(), offset_ms) {
        add_entry(&entry, TurnTimes::starting_at(offset_ms(&entry)), builder);
    }
    builder.require_understood(entries::first_unknown(list, "has no text of a known speaker", is_known))
}

/// Who speaks in a message.
fn speaker(entry: &Field<'_, '_>) -> Speaker {
    let name = entry.get("role").non_blank().unwrap_or_default().trim();
    match name.to_ascii_lowercase().as_str() {
        "assistant" | "model" => Speaker::Known(Role::Agent),
        "user" | "human" => Speaker::Known(Role::Customer),
        "other" | "ivr" => Speaker::Known(Role::Other),
        _ => match fallback_role(name) {
            None => Speaker::Nobody,
            Some(Role::Other) => Speaker::Unknown,
            Some(role) => Speaker::Known(role),
        },
    }
}

/// What a message says, under one of the two names that its text has.
fn text_of(entry: &Field<'_, '_>) -> String {
    let text = entry.get("content").message_text();
    if text.trim().is_empty() { entry.get("text").message_text() } else { text }
}

/// Whether an entry is understood: a tool's, nobody's, or what a known speaker says, be it nothing.
fn is_known(entry: &Field<'_, '_>) -> bool {
    let has_text = || entry.get("content").is_message_content() || entry.get("text").is_message_content();
    chat_tools::entry_kind(entry).is_some()
        || match speaker(entry) {
            Speaker::Nobody => true,
            Speaker::Known(_) => has_text() || chat_tools::has_calls(entry),
            Speaker::Unknown => false,
        }
}

fn add_entry(entry: &Field<'_, '_>, times: TurnTimes, builder: &mut CallBuilder) {
    // Anthropic and the AI SDK put results into a message's parts.
    let has_result_parts = chat_tools::add_result_parts(entry, builder);
    match chat_tools::entry_kind(entry) {
        Some(ToolEntry::Call) => return chat_tools::add_call(entry, builder),
        Some(ToolEntry::Result) if has_result_parts => return,
        Some(ToolEntry::Result) => return chat_tools::add_result(entry, builder),
        None => {}
    }
    let name = entry.get("role");
    let role = match speaker(entry) {
        Speaker::Known(role) => role,
        Speaker::Unknown => builder.mapped_role(name.non_blank().unwrap_or_default()).unwrap_or(Role::Other),
        Speaker::Nobody => return,
    };
    builder.add_turn(role, &text_of(entry), times);
    chat_tools::add_calls(entry, builder);
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error};
    use crate::{Attributes, ParsedMessage, is_one_call, read};

    fn list() -> Value {
        json!([
            {"role": "system", "content": "You sell pizza."},
            {"role": "assistant", "content": "Hi, what would you like?", "timestamp": "2025-11-22T10:00:01.000Z"},
            {"role": "user", "content": [{"type": "text", "text": "A large one."}], "timestamp": "2025-11-22T10:00:03.250Z", "user_id": null},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "t1", "type": "function", "function": {"name": "order", "arguments": "{\"size\":\"L\"}"}}]},
            {"role": "tool", "tool_call_id": "t1", "content": "ok"},
        ])
    }

    #[test]
    fn pipecats_list_has_no_identifiers_and_takes_them_from_the_envelope() {
        let attributes =
            Attributes { org_id: Some("acme"), call_id: Some("c1"), agent_id: Some("a1"), ..Attributes::default() };
        let ParsedMessage::Call(bare) = read(&list().to_string(), attributes).unwrap() else { panic!("{}", list()) };
        let enveloped = json!({"org_id": "acme", "call_id": "c1", "agent_id": "a1", "payload": list()});
        let keyed = json!({"org_id": "acme", "call_id": "c1", "agent_id": "a1", "messages": list()});
        assert_eq!((read_call(&enveloped), read_call(&keyed)), (*bare.clone(), *bare));
        let error = read_error(&json!({"org_id": "acme", "payload": list()})).to_string();
        assert!(error.starts_with("payload.call_id: is missing, and nothing else names the call"), "{error}");
    }

    #[test]
    fn pipecats_system_prompt_and_tools_are_not_turns() {
        let call = read_call(&json!({"org_id": "acme", "call_id": "c1", "messages": list()}));
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms)).collect();
        assert_eq!(turns, [(Role::Agent, Some(0)), (Role::Customer, Some(2_250))]);
        let [event] = call.tool_events.as_slice() else { panic!("{:?}", call.tool_events) };
        assert_eq!((event.after_turn, event.name.as_str(), event.result.as_deref()), (Some(1), "order", Some("ok")));
    }

    #[test]
    fn pipecats_context_has_no_times_and_local_times_do_not_tell_the_start_of_the_call() {
        let message = |times: [Value; 2]| {
            let [first, second] = times;
            json!({"call_id": "c1", "messages": [{"role": "assistant", "content": "Hi.", "timestamp": first},
                {"role": "user", "content": "Hello.", "timestamp": second}]})
        };
        let none = read_call(&message([json!(null), json!(null)]));
        assert!(none.started_at.is_none() && none.transcript.iter().all(|turn| turn.start_ms.is_none()));
        let local = read_call(&message([json!("2025-11-22T10:00:01"), json!("2025-11-22T10:00:02.5")]));
        assert_eq!((local.started_at, local.transcript[1].start_ms), (None, Some(1_500)));
        let mixed = read_call(&message([json!("2025-11-22T10:00:01Z"), json!("2025-11-22T12:00:02")]));
        assert!(mixed.started_at.is_none() && mixed.transcript.iter().all(|turn| turn.start_ms.is_none()));
    }

    #[test]
    fn a_list_named_messages_with_other_entries_is_not_a_list_of_messages() {
        let stored = json!({"org_id": "acme", "id": "v1", "messages": [{"role": "bot", "message": "Hi."}]});
        assert_eq!(read_error(&stored).code(), "unknown_format");
        let later =
            json!({"call_id": "c1", "messages": [{"type": "function_call"}, {"role": "user", "content": "Hi."}]});
        assert_eq!(read_call(&later).transcript.len(), 1);
    }

    #[test]
    fn a_list_may_use_the_roles_agent_and_customer() {
        let list = json!([{"role": "agent", "content": "Hi."}, {"role": "customer", "content": "Hello."}]);
        let call = read_call(&json!({"call_id": "c1", "messages": list}));
        assert_eq!(call.transcript.iter().map(|turn| turn.role).collect::<Vec<_>>(), [Role::Agent, Role::Customer]);
    }

    #[test]
    fn reasoning_and_tool_results_are_not_turns() {
        let call = read_call(&json!({"call_id": "c1", "messages": [
            {"role": "assistant", "content": [{"type": "thinking", "text": "Upsell."}, {"type": "text", "text": "Hi."}]},
            {"role": "user", "content": [{"type": "tool_result", "content": "ok", "text": "ok"}]},
            {"role": "tool_result", "content": "ok"},
        ]}));
        assert_eq!(call.transcript.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["Hi."]);
    }

    #[test]
    fn a_list_of_messages_is_one_call_and_a_list_of_calls_is_not() {
        assert!(is_one_call(&list().to_string()));
        assert!(!is_one_call(r#"[{"call_id": "c1", "transcript": []}]"#));
        assert!(!is_one_call("[]"));
    }

    fn said(entries: &Value) -> Vec<(Role, String, Option<u64>)> {
        let call = read_call(&json!({"call_id": "c1", "messages": entries}));
        call.transcript.into_iter().map(|turn| (turn.role, turn.text, turn.start_ms)).collect()
    }

    #[test]
    fn telnyx_messages_have_a_text_and_say_when_they_were_sent() {
        let list = json!([
            {"role": "assistant", "text": "Good morning.", "tool_calls": [], "created_at": "2026-04-15T13:00:00.100Z", "sent_at": "2026-04-15T13:00:00.500Z"},
            {"role": "user", "text": "Morning.", "created_at": "2026-04-15T13:00:03.000Z"},
        ]);
        let expected =
            [(Role::Agent, "Good morning.".to_owned(), Some(0)), (Role::Customer, "Morning.".to_owned(), Some(2_500))];
        assert_eq!(said(&list), expected);
        let latest_first = list.as_array().unwrap().iter().rev().cloned().collect();
        assert_eq!(said(&latest_first), expected);
    }

    #[test]
    fn times_may_be_numbers_since_1970() {
        for (first, second) in
            [(json!(1_777_629_601.2), json!(1_777_629_603.5)), (json!(1_777_629_601_200_u64), json!("1777629603500"))]
        {
            let call = read_call(&json!({"call_id": "c1", "messages": [
                {"role": "user", "content": "Hello?", "timestamp": first}, {"role": "assistant", "content": "Hi.", "createdAt": second}]}));
            assert_eq!(call.transcript.iter().map(|turn| turn.start_ms).collect::<Vec<_>>(), [Some(0), Some(2_300)]);
            assert_eq!(call.started_at.unwrap().to_string(), "2026-05-01T10:00:01.200Z");
        }
    }

    #[test]
    fn facts_beside_the_list_are_read() {
        let call = read_call(
            &json!({"call_id": "c1", "started_at": "2026-05-01T10:00:00.4Z", "duration_seconds": 61, "language": "de",
            "messages": [{"role": "user", "content": "Hello?", "timestamp": "2026-05-01T10:00:01.9Z"}]}),
        );
        assert_eq!(
            (call.started_at.unwrap().to_string(), call.transcript[0].start_ms),
            ("2026-05-01T10:00:00.400Z".to_owned(), Some(1_500))
        );
        assert_eq!((call.stated_duration_seconds, call.language.as_deref()), (Some(61.0), Some("de")));
    }

    #[test]
    fn anthropics_tools_are_parts_of_messages() {
        let call = read_call(&json!({"call_id": "c1", "messages": [
            {"role": "user", "content": "Is order 7 out?"},
            {"role": "assistant", "content": [{"type": "text", "text": "Let me see."}, {"type": "tool_use", "id": "t1", "name": "track", "input": {"order": 7}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": [{"type": "text", "text": "no such order"}]}, {"type": "text", "text": "Well?"}]},
        ]}));
        let turns: Vec<_> = call.transcript.iter().map(|turn| turn.text.as_str()).collect();
        assert_eq!(turns, ["Is order 7 out?", "Let me see.", "Well?"]);
        let [event] = call.tool_events.as_slice() else { panic!("{:?}", call.tool_events) };
        assert_eq!(
            (event.after_turn, event.name.as_str(), event.arguments.as_deref()),
            (Some(1), "track", Some(r#"{"order":7}"#))
        );
        assert_eq!((event.result.as_deref(), event.is_error), (Some("no such order"), Some(true)));
    }

    #[test]
    fn a_call_of_a_tool_and_its_result_are_one_event_however_they_are_written() {
        let arguments = r#"{"n":2}"#;
        for entries in [
            json!([{"role": "assistant", "content": null, "function_call": {"name": "book", "arguments": arguments}}, {"role": "function", "name": "book", "content": "done"}]),
            json!([{"role": "ai", "content": "", "tool_calls": [{"id": "t1", "name": "book", "args": {"n": 2}}]}, {"role": "tool", "tool_call_id": "t1", "content": "done"}]),
            json!([{"role": "assistant", "content": [{"type": "tool-call", "toolCallId": "t1", "toolName": "book", "args": {"n": 2}}]},
                {"role": "tool", "content": [{"type": "tool-result", "toolCallId": "t1", "toolName": "book", "output": {"type": "text", "value": "done"}}]}]),
            json!([{"type": "function_call", "id": "f1", "call_id": "t1", "name": "book", "arguments": arguments}, {"type": "function_call_output", "id": "f2", "call_id": "t1", "output": "done"}]),
            json!([{"type": "function_call", "callId": "t1", "name": "book", "arguments": arguments}, {"type": "function_call_result", "callId": "t1", "name": "book", "output": {"type": "text", "text": "done"}}]),
            json!([{"type": "function_call", "itemId": "f1", "name": "book", "arguments": arguments, "output": "done"}]),
        ] {
            let mut list = vec![json!({"role": "human", "content": "Two, please."})];
            list.extend(entries.as_array().unwrap().clone());
            let call = read_call(&json!({"call_id": "c1", "messages": list}));
            let [event] = call.tool_events.as_slice() else { panic!("{entries}: {:?}", call.tool_events) };
            let found = (event.after_turn, event.name.as_str(), event.arguments.as_deref(), event.result.as_deref());
            assert_eq!(found, (Some(0), "book", Some(arguments), Some("done")), "{entries}");
        }
    }

    #[test]
    fn speakers_may_have_the_names_that_models_and_frameworks_write() {
        let roles = |first: &str, second: &str| {
            said(&json!([{"role": first, "content": "Hi."}, {"role": second, "content": "Yes?"}]))
                .into_iter()
                .map(|(role, _, _)| role)
                .collect::<Vec<_>>()
        };
        for (agent, customer) in [("ai", "human"), ("model", "user"), ("Assistant", "USER"), ("bot", "caller")] {
            assert_eq!(roles(agent, customer), [Role::Agent, Role::Customer], "{agent}");
        }
        let mapped = json!({"call_id": "c1", "speaker_map": {"spk-a": "agent"}, "messages": [
            {"role": "spk-a", "content": "Hi."}, {"role": "spk-b", "content": "Yes?"}]});
        assert_eq!(
            read_call(&mapped).transcript.iter().map(|turn| turn.role).collect::<Vec<_>>(),
            [Role::Agent, Role::Other]
        );
    }

    #[test]
    fn a_list_of_which_nothing_is_understood_is_an_error_that_names_its_first_entry() {
        for (entries, path) in [
            (json!([{"role": "assistant", "content": null}, {"role": "user", "content": null}]), "messages[0]"),
            (
                json!([{"role": "system", "content": "Sell."}, {"role": "assistant", "content": [{"type": "speech", "words": "Hi."}]}]),
                "messages[1]",
            ),
            (json!([{"role": "speaker_0", "content": "Hi."}, {"role": "speaker_1", "content": "Yes?"}]), "messages[0]"),
        ] {
            let error = read_error(&json!({"org_id": "acme", "call_id": "c1", "messages": entries})).to_string();
            assert!(error.starts_with(&format!("{path}: has no text of a known speaker")), "{error}");
        }
        let bare = json!([{"role": "speaker_0", "content": "Hi."}]).to_string();
        let attributes = Attributes { org_id: Some("acme"), call_id: Some("c1"), ..Attributes::default() };
        let error = read(&bare, attributes).unwrap_err().to_string();
        assert!(error.starts_with("[0]: has no text of a known speaker"), "{error}");
        assert_eq!(said(&json!([{"role": "system", "content": "Sell."}, {"role": "assistant", "content": ""}])), []);
    }
}
