//! A list of chat messages in OpenAI's schema, which others use as well: the transcripts and contexts of Pipecat, the histories of
//! custom agents. Either the bare list, or an object with the list as `messages`.
//!
//! The list has no identifier of the call: `call_id` comes from the envelope.

use domain::Role;
use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{call_offset_ms, timestamp_from_unix_ms};
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;
use crate::turn_times::TurnTimes;

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let list = message_list(payload);
    let is_message = |entry: &Field<'_, '_>| {
        entry.get("role").non_blank().is_some() && (entry.has("content") || entry.has("tool_calls"))
    };
    // Other schemas have a list `messages` of something else.
    let is_empty_list = payload.get("messages").is_present() && list.elements().next().is_none();
    is_empty_list || list.elements().any(|entry| is_message(&entry))
}

fn message_list<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    if payload.value().is_some_and(Value::is_array) { *payload } else { payload.get("messages") }
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("call_id")])?;
    builder.set_agent_id(&[payload.get("agent_id")]);
    let list = message_list(payload);
    list.array()?;
    let times = || list.elements().filter_map(|entry| entry.get("timestamp").rfc3339_ms());
    let zoned_times = list.elements().filter_map(|entry| entry.get("timestamp").rfc3339()).count();
    // Times without a zone can be compared with each other, not with times that have one.
    let start = times().reduce(f64::min).filter(|_| zoned_times == 0 || zoned_times == times().count());
    builder.started_at = start.filter(|_| zoned_times > 0).and_then(timestamp_from_unix_ms);
    list.elements().for_each(|entry| add_message(&entry, start, builder));
    builder.add_all_metadata(&payload.get("metadata"));
    Ok(PayloadKind::Call)
}

fn add_message(entry: &Field<'_, '_>, call_start_ms: Option<f64>, builder: &mut CallBuilder) {
    let text = entry.get("content").message_text();
    let role = match entry.get("role").non_blank().unwrap_or_default() {
        "assistant" => Role::Agent,
        "user" => Role::Customer,
        "tool" | "function" => {
            let (id, name) = (entry.get("tool_call_id"), entry.get("name"));
            return builder.add_tool_result(
                id.non_blank(),
                name.non_blank(),
                Some(text).filter(|text| !text.is_empty()),
                None,
            );
        }
        // Custom agents may use our own names of the roles.
        other => match Role::parse(other).ok().or_else(|| fallback_role(other)) {
            Some(role) => role,
            None => return,
        },
    };
    let times = entry.get("timestamp").rfc3339_ms().zip(call_start_ms);
    let start_ms = times.and_then(|(start, call_start)| call_offset_ms(start - call_start));
    builder.add_turn(role, &text, TurnTimes::starting_at(start_ms));
    for call in entry.get("tool_calls").elements() {
        let (name, arguments) = (call.get("function.name"), call.get("function.arguments"));
        builder.add_tool_call(call.get("id").non_blank(), name.non_blank(), arguments.text_or_json());
    }
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
}
