//! Messages that refer to calls stored in S3 instead of holding a call.
//!
//! There are three: `{"org_id": …, "s3": {"bucket": …, "key": …}}`, which a producer sends when its call is too large for the queue,
//! and the events that S3 itself sends when an object is written, to a queue or topic and to `EventBridge`. Nothing is fetched here.

use domain::{CallId, OrgId};
use percent_encoding::percent_decode_str;

use crate::ParsedMessage;
use crate::envelope::Envelope;
use crate::error::{IntakeError, IntakeErrorKind};
use crate::field::{Field, FieldError};

/// The name of the format in `ParsedMessage::Ignored`.
const FORMAT_NAME: &str = "s3";
/// The extensions of transcripts. A bucket may hold recordings as well.
const TRANSCRIPT_EXTENSIONS: [&str; 3] = [".json", ".vtt", ".srt"];

/// An object that holds a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Reference {
    /// The organisation, when the message names it: an event of S3 does not.
    pub org_id: Option<OrgId>,
    /// The bucket.
    pub bucket: String,
    /// The object's key, decoded.
    pub key: String,
    /// The size of the object, when the message states it.
    pub bytes: Option<u64>,
    envelope: Envelope,
}

impl S3Reference {
    /// The call's identifier, as far as the reference tells: from its envelope, or else from the object's name.
    #[must_use]
    pub fn call_id(&self) -> Option<CallId> {
        self.envelope.call_id.clone().or_else(|| CallId::parse(call_id_from_key(&self.key)).ok())
    }

    /// The envelope of the call in the object.
    pub(crate) fn envelope(&self) -> Envelope {
        let object_name = Some(call_id_from_key(&self.key)).filter(|name| !name.is_empty()).map(str::to_owned);
        Envelope { object_name, ..self.envelope.clone() }
    }
}

/// The objects that one message refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Objects {
    /// The objects, at least one.
    pub references: Vec<S3Reference>,
    /// What is wrong with references beside them. They cost no other object its call.
    pub unreadable: Vec<IntakeError>,
}

impl S3Objects {
    fn one(reference: S3Reference) -> ParsedMessage {
        ParsedMessage::Objects(Self { references: vec![reference], unreadable: Vec::new() })
    }
}

/// The objects that a message refers to; `None` when it is another kind of message. Fails when it refers to none that can be fetched and
/// to something that cannot.
pub(crate) fn read(
    message: &Field<'_, '_>,
    org_id: Option<&OrgId>,
    envelope: &Envelope,
) -> Result<Option<ParsedMessage>, IntakeErrorKind> {
    let reference = |object: &Field<'_, '_>, bucket: &str, key: String| S3Reference {
        org_id: org_id.cloned(),
        bucket: bucket.to_owned(),
        key,
        bytes: object.get("size").value().and_then(serde_json::Value::as_u64),
        envelope: envelope.clone(),
    };
    let object = message.get("s3");
    if object.is_present() && !message.has("transcript") {
        let (bucket, key) = (object.get("bucket").text()?, object.get("key"));
        return Ok(Some(S3Objects::one(reference(&object, bucket, fetchable(&key, key.text()?)?.to_owned()))));
    }
    if message.get("Event").non_blank() == Some("s3:TestEvent") {
        return Ok(Some(ignored("s3:TestEvent announces no object")));
    }
    if message.get("source").non_blank() == Some("aws.s3") && message.has("detail") {
        return from_event_bridge(message, reference).map(Some);
    }
    let records = message.get("Records");
    let is_s3_record = |record: &Field<'_, '_>| record.get("s3").is_present();
    if !records.elements().any(|record| is_s3_record(&record)) {
        return Ok(None);
    }
    let created = records.elements().filter_map(|record| created_object(&record, reference).transpose());
    let (mut references, mut errors) = (Vec::new(), Vec::new());
    for object in created {
        match object {
            Ok(object) => references.push(object),
            Err(error) => errors.push(error),
        }
    }
    if references.is_empty() {
        return errors.into_iter().next().map_or_else(|| Ok(Some(no_transcript())), |error| Err(error.into()));
    }
    // An identifier in the envelope can be that of one call only.
    if references.len() + errors.len() > 1 {
        for object in &mut references {
            object.envelope.call_id = None;
        }
    }
    let unreadable = errors.into_iter().map(|error| IntakeError {
        org_id: org_id.cloned(),
        call_id: None,
        agent_id: None,
        kind: Box::new(error.into()),
    });
    Ok(Some(ParsedMessage::Objects(S3Objects { references, unreadable: unreadable.collect() })))
}

/// The key, unless no object of that key can be fetched: without one the bucket itself would be asked for, and on the way to S3 an address
/// may lose its steps.
fn fetchable<'k>(field: &Field<'_, '_>, key: &'k str) -> Result<&'k str, FieldError> {
    if key.is_empty() {
        return Err(field.error("must not be empty"));
    }
    match key.split('/').find(|segment| matches!(*segment, "." | "..")) {
        Some(step) => Err(field.error(format_args!("must not have the step {step:?}"))),
        None => Ok(key),
    }
}

/// The transcript that a record of an event announces as created, if it does.
fn created_object(
    record: &Field<'_, '_>,
    reference: impl Fn(&Field<'_, '_>, &str, String) -> S3Reference,
) -> Result<Option<S3Reference>, FieldError> {
    let name = record.get("eventName");
    if name.non_blank().is_some_and(|name| !name.trim_start_matches("s3:").starts_with("ObjectCreated")) {
        return Ok(None);
    }
    let (object, bucket, key) = (record.get("s3.object"), record.get("s3.bucket.name"), record.get("s3.object.key"));
    // S3 encodes keys as in a form: a blank is `+`, special characters are percent-encoded.
    let decoded = key.text()?.replace('+', " ");
    let decoded = percent_decode_str(&decoded).decode_utf8().map_err(|_| key.error("is not UTF-8"))?;
    if !is_transcript(&decoded) {
        return Ok(None);
    }
    Ok(Some(reference(&object, bucket.text()?, fetchable(&key, &decoded)?.to_owned())))
}

/// The object that an event of `EventBridge` announces. Unlike S3's own event it has the key as it is.
fn from_event_bridge(
    event: &Field<'_, '_>,
    reference: impl Fn(&Field<'_, '_>, &str, String) -> S3Reference,
) -> Result<ParsedMessage, IntakeErrorKind> {
    let (object, bucket, key) =
        (event.get("detail.object"), event.get("detail.bucket.name"), event.get("detail.object.key"));
    if event.get("detail-type").non_blank() != Some("Object Created") || !is_transcript(key.text()?) {
        return Ok(no_transcript());
    }
    Ok(S3Objects::one(reference(&object, bucket.text()?, fetchable(&key, key.text()?)?.to_owned())))
}

/// Whether the object of that key may be a transcript.
fn is_transcript(key: &str) -> bool {
    TRANSCRIPT_EXTENSIONS.iter().any(|extension| key.ends_with(extension))
}

fn no_transcript() -> ParsedMessage {
    ignored(&format!("no new object whose name ends in {}", TRANSCRIPT_EXTENSIONS.join(" or ")))
}

fn ignored(reason: &str) -> ParsedMessage {
    ParsedMessage::Ignored { format: FORMAT_NAME, reason: reason.to_owned() }
}

/// The call's identifier in the key of an object: the name of the file without its extension. Contact Lens writes
/// `<contact>_analysis_<time>.json` and `<contact>_analysis_redacted_<time>.json`, Call Analytics `<job>.json` and
/// `redacted-<job>.json`; each pair is one call.
fn call_id_from_key(key: &str) -> &str {
    let file = key.rsplit('/').next().unwrap_or(key);
    if let Some((contact, _)) = file.split_once("_analysis_") {
        return contact;
    }
    let name = file.strip_prefix("redacted-").unwrap_or(file);
    TRANSCRIPT_EXTENSIONS.iter().find_map(|extension| name.strip_suffix(extension)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use domain::OrgId;
    use serde_json::{Value, json};

    use super::*;
    use crate::tests::{read_call, read_error, read_ignored};
    use crate::{Attributes, read, read_object};

    fn event(name: &str, key: &str) -> Value {
        json!({"Records": [{"eventSource": "aws:s3", "eventName": name,
            "s3": {"bucket": {"name": "transcripts"}, "object": {"key": key, "size": 2048}}}]})
    }

    fn objects(message: &Value) -> Vec<S3Reference> {
        match read(&message.to_string(), Attributes::default()) {
            Ok(ParsedMessage::Objects(objects)) => {
                assert_eq!(objects.unreadable, [], "{message}");
                objects.references
            }
            other => panic!("{message} is {other:?}"),
        }
    }

    #[test]
    fn an_event_of_s3_announces_an_object_by_its_encoded_key() {
        let [object] = &objects(&event("ObjectCreated:Put", "calls/a+b/c%C3%A9%2B1.json"))[..] else { panic!() };
        assert_eq!((object.bucket.as_str(), object.key.as_str()), ("transcripts", "calls/a b/cé+1.json"));
        assert_eq!((object.bytes, object.org_id.as_ref(), object.call_id()), (Some(2048), None, None));
        let [object] = &objects(&event("s3:ObjectCreated:Post", "job-7.json"))[..] else { panic!() };
        assert_eq!(object.call_id().unwrap().as_str(), "job-7");
    }

    #[test]
    fn an_event_of_s3_comes_through_eventbridge_with_the_key_as_it_is() {
        let event = |kind: &str, key: &str| {
            json!({"version": "0", "detail-type": kind, "source": "aws.s3",
                "detail": {"bucket": {"name": "transcripts"}, "object": {"key": key, "size": 2048}}})
        };
        let [object] = &objects(&event("Object Created", "calls/a+b/job%2B7.json"))[..] else { panic!() };
        assert_eq!((object.bucket.as_str(), object.key.as_str()), ("transcripts", "calls/a+b/job%2B7.json"));
        assert_eq!(object.bytes, Some(2048));
        for (kind, key) in [("Object Deleted", "a.json"), ("Object Created", "a.wav")] {
            assert_eq!(
                read_ignored(&event(kind, key)),
                ("s3", "no new object whose name ends in .json or .vtt or .srt".to_owned())
            );
        }
        let error = read_error(&json!({"detail-type": "Object Created", "source": "aws.s3", "detail": {}}));
        assert_eq!(error.to_string(), "detail.object.key: is missing");
    }

    #[test]
    fn an_event_of_s3_comes_through_sns() {
        let text = event("ObjectCreated:Put", "a+b/job-7.json").to_string();
        let notification = json!({"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": text,
            "MessageAttributes": {"org_id": {"Type": "String", "Value": "acme"}}});
        let [object] = &objects(&notification)[..] else { panic!() };
        assert_eq!((object.key.as_str(), object.org_id.as_ref().unwrap().as_str()), ("a b/job-7.json", "acme"));
        let mut trial = notification;
        trial["Message"] = json!(json!({"Service": "Amazon S3", "Event": "s3:TestEvent"}).to_string());
        assert_eq!(read_ignored(&trial).0, "s3");
    }

    #[test]
    fn several_objects_are_never_one_call() {
        let mut both = event("ObjectCreated:Put", "job-7.json");
        both["call_id"] = json!("c1");
        let named = |message: &Value| objects(message).iter().map(|one| one.call_id().unwrap()).collect::<Vec<_>>();
        assert_eq!(named(&both)[0].as_str(), "c1");
        let second = event("ObjectCreated:Put", "job-8.json")["Records"][0].clone();
        both["Records"].as_array_mut().unwrap().push(second);
        assert_eq!(named(&both).iter().map(CallId::as_str).collect::<Vec<_>>(), ["job-7", "job-8"]);
    }

    #[test]
    fn other_events_of_s3_are_ignored() {
        let reason = |message: Value| read_ignored(&message);
        assert_eq!(
            reason(json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "transcripts"})),
            ("s3", "s3:TestEvent announces no object".to_owned())
        );
        for event in [event("ObjectRemoved:Delete", "a.json"), event("ObjectCreated:Put", "a.wav")] {
            assert_eq!(reason(event), ("s3", "no new object whose name ends in .json or .vtt or .srt".to_owned()));
        }
    }

    #[test]
    fn a_reference_may_name_any_key_of_any_organisation_and_its_call() {
        let message = json!({"org_id": "acme", "call_id": "c1", "s3": {"bucket": "b", "key": "100%+1.txt"}});
        let [object] = &objects(&message)[..] else { panic!() };
        assert_eq!((object.key.as_str(), object.call_id().unwrap().as_str()), ("100%+1.txt", "c1"));
        assert_eq!(object.org_id, Some(OrgId::parse("acme").unwrap()));
    }

    #[test]
    fn an_invalid_reference_is_an_error_that_names_the_field() {
        let error_text = |message: Value| read_error(&message).to_string();
        assert_eq!(error_text(json!({"s3": {"key": "k"}})), "s3.bucket: is missing");
        assert_eq!(error_text(event("ObjectCreated:Put", "%ff.json")), "Records[0].s3.object.key: is not UTF-8");
    }

    #[test]
    fn a_key_that_would_ask_for_the_bucket_or_lose_a_step_is_refused() {
        let by_reference = |key: &str| json!({"org_id": "acme", "s3": {"bucket": "b", "key": key}});
        let by_bridge = |key: &str| {
            json!({"detail-type": "Object Created", "source": "aws.s3",
                "detail": {"bucket": {"name": "b"}, "object": {"key": key}}})
        };
        assert_eq!(read_error(&by_reference("")).to_string(), "s3.key: must not be empty");
        for key in ["..", ".", "../a.json", "a/./b.json", "a/../../b.json"] {
            let error = read_error(&by_reference(key)).to_string();
            assert!(error.starts_with("s3.key: must not have the step \"."), "{key}: {error}");
        }
        for (message, path) in [
            (event("ObjectCreated:Put", "%2E%2E/a.json"), "Records[0].s3.object.key"),
            (by_bridge("../a.json"), "detail.object.key"),
        ] {
            assert_eq!(read_error(&message).to_string(), format!("{path}: must not have the step \"..\""));
        }
        // No transcript can have such a name, so nothing is fetched.
        for message in [event("ObjectCreated:Put", ""), by_bridge("")] {
            assert_eq!(read_ignored(&message).0, "s3");
        }
        assert_eq!(objects(&by_reference("a..b/...json"))[0].key, "a..b/...json");
    }

    #[test]
    fn a_record_that_cannot_be_read_costs_no_other_object_its_call() {
        let mut message = event("ObjectCreated:Put", "job-7.json");
        message["org_id"] = json!("acme");
        message["call_id"] = json!("c1");
        for key in ["%ff.json", "../a.json", "job-8.json", "a.wav"] {
            let record = event("ObjectCreated:Put", key)["Records"][0].clone();
            message["Records"].as_array_mut().unwrap().push(record);
        }
        let Ok(ParsedMessage::Objects(found)) = read(&message.to_string(), Attributes::default()) else { panic!() };
        let keys: Vec<_> = found.references.iter().map(|object| (object.key.as_str(), object.call_id())).collect();
        let call = |id: &str| Some(CallId::parse(id).unwrap());
        assert_eq!(keys, [("job-7.json", call("job-7")), ("job-8.json", call("job-8"))]);
        let errors: Vec<_> = found.unreadable.iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            ["Records[1].s3.object.key: is not UTF-8", "Records[2].s3.object.key: must not have the step \"..\""]
        );
        assert_eq!(found.unreadable[0].org_id, Some(OrgId::parse("acme").unwrap()));
    }

    #[test]
    fn a_webhook_may_not_refer_to_objects() {
        let attributes = Attributes { org_id: Some("acme"), from_webhook: true, ..Attributes::default() };
        let reference = event("ObjectCreated:Put", "k.json");
        let in_sns = json!({"Type": "Notification", "TopicArn": "t", "Message": reference.to_string()});
        let in_event = json!({"source": "aws.s3", "detail-type": "Object Created",
            "detail": {"bucket": {"name": "b"}, "object": {"key": "k.json"}}});
        for message in [json!({"s3": {"bucket": "b", "key": "k"}}), reference, in_sns, in_event] {
            let error = read(&message.to_string(), attributes).unwrap_err();
            assert_eq!((error.code(), error.org_id.unwrap().as_str()), ("objects_from_webhook", "acme"));
        }
    }

    #[test]
    fn an_object_belongs_to_the_owner_of_its_bucket_unless_something_says_otherwise() {
        let (owner, sent) = (OrgId::parse("owner").unwrap(), objects(&event("ObjectCreated:Put", "job-7.json")));
        let organisation = |text: &Value, owner: Option<&OrgId>| match read_object(&text.to_string(), &sent[0], owner) {
            Ok(ParsedMessage::Call(call)) => Ok(call.org_id.to_string()),
            other => Err(other.unwrap_err().code()),
        };
        let native = json!({"call_id": "c1", "transcript": []});
        let mut named = native.clone();
        named["org_id"] = json!("acme");
        assert_eq!(organisation(&native, Some(&owner)), Ok("owner".to_owned()));
        assert_eq!(organisation(&named, Some(&owner)), Ok("acme".to_owned()));
        assert_eq!(organisation(&native, None), Err("missing_organisation"));
        assert_eq!(read_call(&named).org_id.as_str(), "acme");
    }

    #[test]
    fn the_error_of_an_object_that_is_not_json_names_its_owner() {
        let (owner, sent) = (OrgId::parse("owner").unwrap(), objects(&event("ObjectCreated:Put", "job-7.json")));
        let error = read_object("RIFF", &sent[0], Some(&owner)).unwrap_err();
        assert_eq!(
            (error.code(), error.org_id, error.call_id.unwrap().as_str()),
            ("malformed_message", Some(owner), "job-7")
        );
    }

    #[test]
    fn an_object_that_refers_to_objects_is_of_no_known_format() {
        let sent = objects(&event("ObjectCreated:Put", "job-7.json"));
        let again = event("ObjectCreated:Put", "job-8.json").to_string();
        let owner = OrgId::parse("owner").unwrap();
        assert_eq!(read_object(&again, &sent[0], Some(&owner)).unwrap_err().code(), "unknown_format");
    }
}
