//! A list of messages as OpenAI's chat interface has it, and everything that follows it: the transcripts and contexts of
//! Pipecat, the histories of home-made agents. Bare, or as the `messages` of an object.
//!
//! The list itself has no identifier: `call_id` comes from the envelope.

use domain::Role;
use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::{CallBuilder, TurnTimes};
use crate::coerce::{call_offset_ms, timestamp_from_unix_ms};
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let list = list(payload);
    let is_message = |entry: &Field<'_, '_>| {
        entry.get("role").non_blank().is_some() && (entry.has("content") || entry.has("tool_calls"))
    };
    // Others have lists of that name as well, whose entries are something else.
    let is_known_to_be_empty = payload.get("messages").is_present() && list.elements().next().is_none();
    is_known_to_be_empty || list.elements().any(|entry| is_message(&entry))
}

fn list<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    if payload.value().is_some_and(Value::is_array) { *payload } else { payload.get("messages") }
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("call_id")])?;
    builder.set_agent_id(&[payload.get("agent_id")]);
    let list = list(payload);
    list.array()?;
    let times = || list.elements().filter_map(|entry| entry.get("timestamp").rfc3339_ms());
    let offsets = list.elements().filter_map(|entry| entry.get("timestamp").rfc3339()).count();
    // Local times cannot be compared with others: hours may lie between them.
    let begin = times().reduce(f64::min).filter(|_| offsets == 0 || offsets == times().count());
    builder.started_at = begin.filter(|_| offsets > 0).and_then(timestamp_from_unix_ms);
    list.elements().for_each(|entry| message(&entry, begin, builder));
    builder.add_all_metadata(&payload.get("metadata"));
    Ok(PayloadKind::Call)
}

fn message(entry: &Field<'_, '_>, begin: Option<f64>, builder: &mut CallBuilder) {
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
        // Home-made lists call the sides what they are.
        other => match Role::parse(other).ok().or_else(|| fallback_role(other)) {
            Some(role) => role,
            None => return,
        },
    };
    let start = entry.get("timestamp").rfc3339_ms().zip(begin).and_then(|(ms, begin)| call_offset_ms(ms - begin));
    builder.add_turn(role, &text, TurnTimes::starting_at(start));
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
    fn pipecats_list_has_no_envelope_and_takes_its_identifiers_from_beside_it() {
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
    fn pipecats_system_prompt_is_no_speech_and_tools_are_no_turns() {
        let call = read_call(&json!({"org_id": "acme", "call_id": "c1", "messages": list()}));
        let said: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms)).collect();
        assert_eq!(said, [(Role::Agent, Some(0)), (Role::Customer, Some(2_250))]);
        let [event] = call.tool_events.as_slice() else { panic!("{:?}", call.tool_events) };
        assert_eq!((event.after_turn, event.name.as_str(), event.result.as_deref()), (Some(1), "order", Some("ok")));
    }

    #[test]
    fn pipecats_context_has_no_times_and_local_ones_are_no_start_of_the_call() {
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
    fn a_list_of_that_name_with_other_entries_is_no_list_of_messages() {
        let stored = json!({"org_id": "acme", "id": "v1", "messages": [{"role": "bot", "message": "Hi."}]});
        assert_eq!(read_error(&stored).code(), "unknown_format");
        let later =
            json!({"call_id": "c1", "messages": [{"type": "function_call"}, {"role": "user", "content": "Hi."}]});
        assert_eq!(read_call(&later).transcript.len(), 1);
    }

    #[test]
    fn a_list_may_call_the_sides_agent_and_customer() {
        let list = json!([{"role": "agent", "content": "Hi."}, {"role": "customer", "content": "Hello."}]);
        let call = read_call(&json!({"call_id": "c1", "messages": list}));
        assert_eq!(call.transcript.iter().map(|turn| turn.role).collect::<Vec<_>>(), [Role::Agent, Role::Customer]);
    }

    #[test]
    fn a_machines_thoughts_and_results_are_no_speech() {
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
