//! What services put around a message that they pass on: SNS, `EventBridge`, API Gateway, and relays that keep the HTTP request.
//!
//! Each is recognised by keys that only it writes, and the message in it is read as if it had come directly. What they put around
//! the message has nothing to say about the call, but for the attributes of a message of SNS.

use serde_json::Value;

use crate::Attributes;
use crate::error::IntakeErrorKind;
use crate::field::Field;
use crate::formats;
use crate::json_memory::Memory;
use crate::json_text::{self, Unreadable};

/// How many services one message may have passed through, such as `EventBridge` to SNS to the queue.
pub(crate) const MAX_RELAYS: usize = 4;

/// The keys beside `body` by which a request is recognised that was passed on as it was received.
const REQUEST_KEYS: [&str; 6] = ["headers", "requestContext", "httpMethod", "isBase64Encoded", "query", "webhookUrl"];
/// The keys under which other relays put what they pass on, if they add to it.
const RELAY_KEYS: [&str; 4] = ["payload", "body", "data", "detail"];
/// The events of SNS about a subscription, which have a link to be confirmed by a person.
const SUBSCRIPTION_EVENTS: [&str; 2] = ["SubscriptionConfirmation", "UnsubscribeConfirmation"];

/// What a relay holds.
pub(crate) enum Relayed<'v, 'p> {
    /// A value of the document.
    Value(Field<'v, 'p>),
    /// A document of its own, written as a text at that place.
    Document(Field<'v, 'p>, Value),
    /// A document like that, which cannot be read.
    Unreadable(Field<'v, 'p>, Unreadable),
    /// Nothing, and why.
    Nothing {
        /// The name of the service.
        service: &'static str,
        /// Why there is nothing to do.
        reason: String,
    },
}

/// What a relay passes on, if the message is one; a document is parsed in the memory of its message. Fails when it is one and holds
/// nothing that could be read.
pub(crate) fn open<'v, 'p>(
    message: &'p Field<'v, 'p>,
    memory: &Memory,
) -> Result<Option<Relayed<'v, 'p>>, IntakeErrorKind> {
    if let Some(text) = message.value().and_then(Value::as_str).filter(|text| is_container(text)) {
        return Ok(Some(document(*message, text, memory)));
    }
    let event = message.get("Type").non_blank().unwrap_or_default();
    if message.get("TopicArn").is_present() && (event == "Notification" || SUBSCRIPTION_EVENTS.contains(&event)) {
        return from_sns(message, event, memory).map(Some);
    }
    let detail = message.get("detail");
    if message.has("detail-type") && message.has("source") && message.get("source").non_blank() != Some("aws.s3") {
        detail.object()?;
        return Ok(Some(Relayed::Value(detail)));
    }
    if formats::detect(message).is_some() {
        return Ok(None);
    }
    let body = message.get("body");
    if body.is_present() && REQUEST_KEYS.iter().any(|key| message.has(key)) {
        return from_request(message, body, memory).map(Some);
    }
    for key in RELAY_KEYS {
        let inner = message.get(key);
        if let Some(text) = inner.value().and_then(Value::as_str).filter(|text| is_container(text)) {
            return Ok(Some(document(inner, text, memory)));
        }
        // `payload` is our own envelope, and is read whatever it holds.
        if key != "payload" && is_call(&inner) {
            return Ok(Some(Relayed::Value(inner)));
        }
    }
    Ok(None)
}

/// Whether a value is a call of a known format, with our envelope or without, and not only something that has one of its keys.
fn is_call(value: &Field<'_, '_>) -> bool {
    let payload = value.get("payload");
    let value = if payload.is_present() && !value.has("transcript") { &payload } else { value };
    formats::detect(value).is_some_and(|format| !format.is_native || value.get("transcript").is_present())
}

/// Whether a text is probably JSON with members or elements.
fn is_container(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

fn document<'v, 'p>(field: Field<'v, 'p>, text: &str, memory: &Memory) -> Relayed<'v, 'p> {
    match json_text::parse(text, memory) {
        Ok(document) => Relayed::Document(field, document),
        Err(unreadable) => Relayed::Unreadable(field, unreadable),
    }
}

fn from_sns<'v, 'p>(
    message: &'p Field<'v, 'p>,
    event: &str,
    memory: &Memory,
) -> Result<Relayed<'v, 'p>, IntakeErrorKind> {
    if event != "Notification" {
        return Ok(Relayed::Nothing { service: "sns", reason: format!("{event} is about a subscription") });
    }
    let text = message.get("Message");
    Ok(document(text, text.text()?, memory))
}

fn from_request<'v, 'p>(
    message: &Field<'_, '_>,
    body: Field<'v, 'p>,
    memory: &Memory,
) -> Result<Relayed<'v, 'p>, IntakeErrorKind> {
    if message.get("isBase64Encoded").boolean() == Some(true) {
        return Err(body.error("is encoded in base64: pass it on decoded").into());
    }
    match body.value().and_then(Value::as_str) {
        Some(text) => Ok(document(body, text, memory)),
        None => Ok(Relayed::Value(body)),
    }
}

/// The organisation in the attributes that SNS wrote into a message.
pub(crate) fn org_id<'v, 'p>(message: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    message.get("MessageAttributes.org_id.Value")
}

/// The attributes of a message, those that SNS wrote into it among them. What the queue itself states counts first.
pub(crate) fn attributes<'a>(message: &Field<'a, '_>, outer: Attributes<'a>) -> Attributes<'a> {
    let written = message.get("MessageAttributes");
    let attribute = |name| written.get(name).get("Value").non_blank();
    Attributes {
        org_id: outer.org_id.or_else(|| attribute("org_id")),
        call_id: outer.call_id.or_else(|| attribute("call_id")),
        agent_id: outer.agent_id.or_else(|| attribute("agent_id")),
        speaker_map: outer.speaker_map.or_else(|| attribute("speaker_map")),
        from_webhook: outer.from_webhook,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::tests::{parse_message, read_error, read_ignored};
    use crate::{Attributes, read};

    fn native() -> Value {
        json!({"org_id": "acme", "call_id": "c1", "transcript": [{"role": "agent", "text": "Hello."}]})
    }

    fn vapi() -> Value {
        json!({"message": {"type": "end-of-call-report", "call": {"id": "c1"},
            "artifact": {"messages": [{"role": "bot", "message": "Hello."}]}}})
    }

    fn notification(message: &Value) -> Value {
        json!({"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": message.to_string()})
    }

    #[test]
    fn a_call_in_what_a_service_put_around_it_is_read_as_if_it_had_come_directly() {
        for call in [native(), vapi(), json!({"org_id": "acme", "payload": native()})] {
            let text = call.to_string();
            let relayed = [
                notification(&call),
                json!({"version": "0", "detail-type": "call ended", "source": "dialer", "detail": call}),
                json!({"version": "2.0", "routeKey": "POST /", "headers": {}, "isBase64Encoded": false, "body": text}),
                json!({"headers": {}, "params": {}, "query": {}, "body": call}),
                json!({"id": "evt_1", "data": call}),
                json!({"payload": text}),
                json!(text),
                json!({"source": "pipe", "detail-type": "x", "detail": notification(&json!({"payload": call.to_string()}))}),
            ];
            let expected = parse_message(&text, Some("acme")).unwrap();
            for message in relayed {
                assert_eq!(parse_message(&message.to_string(), Some("acme")).as_ref(), Ok(&expected), "{message}");
            }
        }
    }

    #[test]
    fn attributes_that_sns_wrote_into_the_message_count_like_the_queues_own() {
        let mut sent = notification(&json!([{"role": "assistant", "content": "Hello."}]));
        let attribute = |value: &str| json!({"Type": "String", "Value": value});
        sent["MessageAttributes"] =
            json!({"org_id": attribute("acme"), "call_id": attribute("c1"), "agent_id": attribute("a1")});
        let call = parse_message(&sent.to_string(), None).unwrap();
        assert_eq!((call.org_id.as_str(), call.call_id.as_str()), ("acme", "c1"));
        assert_eq!(call.agent_id.unwrap().as_str(), "a1");
        let error = parse_message(&sent.to_string(), Some("globex")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "MessageAttributes.org_id.Value: names the organisation acme, but the message is globex's"
        );
        assert_eq!(error.org_id, None);
    }

    #[test]
    fn the_path_of_an_error_leads_through_the_relay() {
        let mut call = native();
        call["transcript"][0]["role"] = json!("boss");
        let error = read_error(&json!({"detail-type": "x", "source": "y", "detail": notification(&call)}));
        assert!(error.to_string().starts_with("detail.Message.transcript[0].role: unknown role"), "{error}");
        assert_eq!((error.org_id.unwrap().as_str(), error.call_id.unwrap().as_str()), ("acme", "c1"));
    }

    #[test]
    fn a_relay_without_a_readable_call_says_so() {
        let text = |message: &Value| read_error(message).to_string();
        let mut sent = notification(&json!(null));
        sent["Message"] = json!("Call c1 has ended.");
        assert_eq!(text(&sent), "Message: is not JSON: expected value at line 1 column 1");
        assert_eq!(
            text(&json!({"headers": {}, "isBase64Encoded": true, "body": "e30="})),
            "body: is encoded in base64: pass it on decoded"
        );
        assert_eq!(text(&json!({"data": {"call_id": "c1"}})), "$: unknown format (keys: data)");
        let confirmation =
            json!({"Type": "SubscriptionConfirmation", "TopicArn": "t", "SubscribeURL": "https://x", "Message": "m"});
        assert_eq!(read_ignored(&confirmation), ("sns", "SubscriptionConfirmation is about a subscription".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_in_a_relay_still_says_whose_it_is() {
        let mut sent = notification(&json!(null));
        sent["Message"] = json!(r#"{"org_id": "acme", "call_id": "c1", "agent_id": "a1", "transcript": [{"role": "#);
        let error = read_error(&sent);
        assert!(error.to_string().starts_with("Message: is not JSON: EOF"), "{error}");
        assert_eq!((error.code(), error.org_id.unwrap().as_str()), ("malformed_message", "acme"));
        assert_eq!((error.call_id.unwrap().as_str(), error.agent_id.unwrap().as_str()), ("c1", "a1"));
        sent["MessageAttributes"] = json!({"org_id": {"Type": "String", "Value": "globex"}});
        let error = read_error(&sent);
        assert_eq!((error.code(), error.org_id), ("conflicting_organisations", None));
    }

    #[test]
    fn a_message_and_what_is_relayed_in_it_share_one_memory() {
        let many = format!("{{\"items\": [{}0]}}", "{\"a\":0},".repeat(100_000));
        let once = json!({"Type": "Notification", "TopicArn": "t", "Message": many});
        assert_eq!(read_error(&once).code(), "unknown_format");
        let mut twice = once;
        twice["junk"] = serde_json::from_str(&many).unwrap();
        let error = read_error(&twice);
        assert_eq!((error.code(), error.to_string().split(':').next()), ("message_too_large", Some("Message")));
    }

    #[test]
    fn what_is_relayed_too_often_is_of_no_known_format() {
        let mut message = native();
        for _ in 0..40 {
            message = json!({"detail-type": "x", "source": "y", "detail": message});
        }
        assert_eq!(read(&message.to_string(), Attributes::default()).unwrap_err().code(), "unknown_format");
    }
}
