//! The history of a voice session of OpenAI's Agents SDK, in Python or JavaScript, or of the Realtime API: a list of items,
//! on its own or as the field `history`. An item is a message, whose parts are recordings with their transcripts or texts,
//! or a call of a tool.
//!
//! The items have no times, and the list has no identifier of the call: `call_id` comes from the envelope. An item may be
//! in progress or incomplete, because the caller spoke over it or hung up: what it says so far was said.
//!
//! **Invariant:** a customer whose words were recorded and never transcribed does not count as silent.

use domain::Role;
use serde_json::Value;

use super::{PayloadKind, messages};
use crate::call_builder::CallBuilder;
use crate::field::{Field, FieldError};

/// The names of an item's identifier and of its predecessor's, which no other list of messages has.
const ITEM_ID: [&str; 4] = ["itemId", "item_id", "previousItemId", "previous_item_id"];
/// What the Realtime API calls an item.
const REALTIME_ITEM: &str = "realtime.item";
/// The types of parts of a message that only OpenAI's items have.
const PART_TYPES: [&str; 5] = ["input_text", "output_text", "input_audio", "output_audio", "audio"];
/// Those of them that are recordings.
const AUDIO_TYPES: [&str; 3] = ["input_audio", "output_audio", "audio"];

/// What a sender may call the session beside the history.
const CALL_ID: [&str; 5] = ["call_id", "session_id", "sessionId", "conversation_id", "conversationId"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let list = item_list(payload);
    let is_bare = payload.value().is_some_and(Value::is_array);
    list.elements().any(|entry| is_item(&entry) || !is_bare && messages::is_message(&entry))
}

/// The list of items: the payload itself or its `history`.
fn item_list<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    if payload.value().is_some_and(Value::is_array) { *payload } else { payload.get("history") }
}

/// Whether an entry is an item and not just a message as all lists of messages have.
fn is_item(entry: &Field<'_, '_>) -> bool {
    let kind = entry.get("type").non_blank();
    let content = entry.get("content");
    let is_typed = || content.elements().any(|part| is_part_of(&part, &PART_TYPES));
    let has_own_key = || ITEM_ID.iter().any(|key| entry.has(key));
    kind == Some("message") && is_typed()
        || kind.is_some() && (has_own_key() || entry.get("object").non_blank() == Some(REALTIME_ITEM))
}

/// Whether a part of a message is of one of these types.
fn is_part_of(part: &Field<'_, '_>, types: &[&str]) -> bool {
    part.get("type").non_blank().is_some_and(|kind| types.contains(&kind))
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.first_of(&CALL_ID)])?;
    let list = item_list(payload);
    let is_understood = messages::read_beside(&list, payload, builder);
    require_transcripts(&list, builder)?;
    is_understood?;
    Ok(PayloadKind::Call)
}

/// Fails when nothing that the customer said is known and a recording of it has no transcript: the session was not
/// configured to transcribe what it hears.
fn require_transcripts(list: &Field<'_, '_>, builder: &CallBuilder) -> Result<(), FieldError> {
    let is_heard = builder.turns.iter().any(|turn| turn.role == Role::Customer);
    for item in list.elements().filter(|item| !is_heard && item.get("role").non_blank() == Some("user")) {
        let content = item.get("content");
        for part in content.elements().filter(|part| is_part_of(part, &AUDIO_TYPES)) {
            let transcript = part.get("transcript");
            if !transcript.is_present() {
                return Err(transcript.error(
                    "is missing, and nothing else tells what the customer said: switch on the transcription of input audio",
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error};
    use crate::{Attributes, ParsedMessage, read};

    fn said(role: &str, part: &str, transcript: &Value) -> Value {
        json!({"itemId": "i", "type": "message", "role": role, "status": "completed",
            "content": [{"type": part, "audio": null, "transcript": transcript}]})
    }

    fn history(items: &[Value]) -> Value {
        json!({"org_id": "acme", "call_id": "c1", "history": items})
    }

    fn turns(message: &Value) -> Vec<(Role, String)> {
        read_call(message).transcript.into_iter().map(|turn| (turn.role, turn.text)).collect()
    }

    #[test]
    fn openais_recordings_are_read_by_their_transcripts_in_the_names_of_either_sdk() {
        let expected = [(Role::Agent, "Hi.".to_owned()), (Role::Customer, "My order?".to_owned())];
        for (agent, customer) in [("output_audio", "input_audio"), ("audio", "input_audio"), ("audio", "audio")] {
            let items = [said("assistant", agent, &json!("Hi.")), said("user", customer, &json!("My order?"))];
            assert_eq!(turns(&history(&items)), expected, "{agent}");
        }
    }

    #[test]
    fn openais_list_alone_is_a_call_in_the_envelope_or_with_attributes() {
        let items =
            json!([said("assistant", "output_audio", &json!("Hi.")), said("user", "input_audio", &json!("Yes?"))]);
        let enveloped = read_call(&json!({"call_id": "c1", "payload": items}));
        assert_eq!((enveloped.producer.as_str(), enveloped.transcript.len()), ("openai_agents", 2));
        let attributes = Attributes { org_id: Some("acme"), call_id: Some("c1"), ..Attributes::default() };
        let Ok(ParsedMessage::Call(bare)) = read(&items.to_string(), attributes) else { panic!("{items}") };
        assert_eq!(bare.transcript, enveloped.transcript);
        let error = read_error(&json!({"org_id": "acme", "payload": items})).to_string();
        assert!(error.starts_with("payload.call_id: is missing, and nothing else names the call"), "{error}");
    }

    #[test]
    fn openais_items_that_were_cut_off_say_what_was_said_so_far() {
        let mut items = [
            said("assistant", "output_audio", &json!("Good morn")),
            said("user", "input_audio", &json!("Stop.")),
            said("assistant", "output_audio", &json!(null)),
        ];
        items[0]["status"] = json!("incomplete");
        items[2]["status"] = json!("in_progress");
        let expected = [(Role::Agent, "Good morn".to_owned()), (Role::Customer, "Stop.".to_owned())];
        assert_eq!(turns(&history(&items)), expected);
    }

    #[test]
    fn openais_customer_who_was_never_transcribed_is_an_error_and_not_silence() {
        let mut items = vec![
            json!({"type": "message", "role": "system", "content": [{"type": "input_text", "text": "Sell."}]}),
            said("assistant", "output_audio", &json!("Hi.")),
            said("user", "input_audio", &json!(null)),
        ];
        let error = read_error(&history(&items)).to_string();
        assert!(error.starts_with("history[2].content[0].transcript: is missing"), "{error}");
        assert!(error.contains("switch on the transcription of input audio"), "{error}");
        items.push(said("user", "input_audio", &json!("Yes?")));
        assert_eq!(turns(&history(&items)).len(), 2);
        items.truncate(2);
        items.push(said("user", "input_audio", &json!("")));
        assert_eq!(turns(&history(&items)).len(), 1);
    }

    #[test]
    fn openais_tool_calls_have_their_output_or_an_item_of_its_own() {
        let js = json!({"itemId": "t", "type": "function_call", "status": "completed", "name": "book", "arguments": "{}", "output": "done"});
        let open = json!({"itemId": "u", "type": "function_call", "status": "in_progress", "name": "book", "arguments": "{}", "output": null});
        let call = read_call(&history(&[said("user", "input_audio", &json!("Two.")), js, open]));
        let results: Vec<_> = call.tool_events.iter().map(|event| event.result.as_deref()).collect();
        assert_eq!(results, [Some("done"), None]);
        let python = [
            said("user", "input_audio", &json!("Two.")),
            json!({"item_id": "t", "call_id": "x1", "type": "function_call", "name": "book", "arguments": "{\"n\":2}"}),
            json!({"item_id": "u", "call_id": "x1", "type": "function_call_output", "output": "done"}),
        ];
        let call = read_call(&history(&python));
        let [event] = call.tool_events.as_slice() else { panic!("{:?}", call.tool_events) };
        assert_eq!((event.arguments.as_deref(), event.result.as_deref()), (Some(r#"{"n":2}"#), Some("done")));
    }

    #[test]
    fn openais_history_of_simple_messages_is_read_too_and_a_bare_list_of_them_is_not_openais() {
        let list = json!([{"role": "user", "content": "Hi?"}, {"type": "message", "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": "Hello.", "annotations": []}]}]);
        let call = read_call(&json!({"session_id": "s1", "history": list}));
        assert_eq!((call.call_id.as_str(), call.producer.as_str(), call.transcript.len()), ("s1", "openai_agents", 2));
        let simple = json!({"call_id": "c1", "payload": [list[0]]});
        assert_eq!(read_call(&simple).producer, "messages");
    }

    #[test]
    fn openais_items_of_unknown_speakers_are_an_error_and_not_silence() {
        let error = read_error(&history(&[said("speaker_1", "audio", &json!("Hi."))])).to_string();
        assert!(error.starts_with("history[0]: has no text of a known speaker"), "{error}");
    }
}
