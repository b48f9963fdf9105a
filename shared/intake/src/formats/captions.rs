//! Captions, `WebVTT` or `SubRip`, as a whole: the text of a message or of an object, or the payload of an envelope.
//!
//! They name neither the call nor anything else but who says what when. The name of the object or the envelope has to
//! name the call: it is never guessed.

use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::caption_text;
use crate::field::{Field, FieldError};

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    payload.value().and_then(Value::as_str).is_some_and(caption_text::is_captions)
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    if !builder.is_named() {
        return Err(payload.error(
            "captions do not name their call: send {\"call_id\": …, \"transcript\": the captions}, or the call's id \
                as the attribute call_id",
        ));
    }
    builder.set_call_id(&[payload.get("call_id")])?;
    caption_text::add_turns(payload.text()?, payload, builder)?;
    Ok(PayloadKind::Call)
}

#[cfg(test)]
mod tests {
    use domain::{OrgId, Role};
    use serde_json::json;

    use crate::tests::{read_call, text_of};
    use crate::{Attributes, ParsedMessage, read, read_object};

    const CAPTIONS: &str =
        "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Agent>Ferry desk.\n\n00:03.000 --> 00:04.250\n<v User>Is it late?\n";

    fn roles(message: ParsedMessage) -> Vec<Role> {
        let ParsedMessage::Call(call) = message else { panic!("{message:?}") };
        assert_eq!(call.producer, "captions");
        call.transcript.iter().map(|turn| turn.role).collect()
    }

    #[test]
    fn captions_may_be_the_whole_message_if_an_attribute_names_the_call() {
        let attributes = Attributes { org_id: Some("acme"), call_id: Some("c1"), ..Attributes::default() };
        for body in [CAPTIONS.to_owned(), format!("\u{feff}{CAPTIONS}"), json!(CAPTIONS).to_string()] {
            assert_eq!(roles(read(&body, attributes).unwrap()), [Role::Agent, Role::Customer]);
            let error = read(&body, Attributes { call_id: None, ..attributes }).unwrap_err();
            assert!(error.to_string().starts_with("$: captions do not name their call: send {"), "{error}");
            assert_eq!((error.code(), text_of(error.org_id.as_ref())), ("malformed_message", Some("acme".to_owned())));
        }
    }

    #[test]
    fn captions_may_be_in_an_envelope_or_passed_on_by_a_service() {
        for message in [
            json!({"call_id": "c1", "payload": CAPTIONS}),
            json!({"call_id": "c1", "headers": {}, "body": CAPTIONS}),
            json!({"call_id": "c1", "Type": "Notification", "TopicArn": "t", "Message": CAPTIONS}),
            json!({"call_id": "c1", "data": CAPTIONS}),
        ] {
            assert_eq!(
                roles(ParsedMessage::Call(Box::new(read_call(&message)))),
                [Role::Agent, Role::Customer],
                "{message}"
            );
        }
    }

    #[test]
    fn captions_in_an_object_are_named_by_it() {
        let owner = OrgId::parse("acme").unwrap();
        for name in ["call-7.vtt", "call-7.srt"] {
            let event = json!({"Records": [{"eventName": "ObjectCreated:Put",
                "s3": {"bucket": {"name": "b"}, "object": {"key": format!("in/{name}")}}}]});
            let Ok(ParsedMessage::Objects(objects)) = read(&event.to_string(), Attributes::default()) else { panic!() };
            let Ok(ParsedMessage::Call(call)) = read_object(CAPTIONS, &objects.references[0], Some(&owner)) else {
                panic!()
            };
            assert_eq!((call.call_id.as_str(), call.transcript.len()), ("call-7", 2));
        }
    }
}
