//! Calls that lie in S3: messages that name an object instead of holding a call.
//!
//! Two shapes: `{"org_id": …, "s3": {"bucket": …, "key": …}}`, which a producer writes whose call is too large for the queue,
//! and the event that S3 itself sends when an object is written. Nothing is fetched here.

use domain::OrgId;
use percent_encoding::percent_decode_str;

use crate::Message;
use crate::beside::Beside;
use crate::error::Reason;
use crate::field::Field;

/// The name of both shapes, where a format is named.
const NAME: &str = "s3";

/// An object that holds a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Reference {
    /// The organisation, when the message says it: an event of S3 cannot.
    pub org_id: Option<OrgId>,
    /// The bucket.
    pub bucket: String,
    /// The object's key, decoded.
    pub key: String,
    /// How many bytes the object has, when the message says it.
    pub bytes: Option<u64>,
    beside: Beside,
}

impl S3Reference {
    /// What counts as standing beside the call in the object.
    pub(crate) fn beside(&self) -> Beside {
        let object_name = Some(call_name(&self.key)).filter(|name| !name.is_empty()).map(str::to_owned);
        Beside { object_name, ..self.beside.clone() }
    }
}

/// The objects that a message refers to, if it is of that kind.
pub(crate) fn read(
    message: &Field<'_, '_>,
    org_id: Option<&OrgId>,
    beside: &Beside,
) -> Result<Option<Message>, Reason> {
    let reference = |object: &Field<'_, '_>, bucket: &str, key: String| S3Reference {
        org_id: org_id.cloned(),
        bucket: bucket.to_owned(),
        key,
        bytes: object.get("size").value().and_then(serde_json::Value::as_u64),
        beside: beside.clone(),
    };
    let named = message.get("s3");
    if named.is_present() && !message.has("transcript") {
        let (bucket, key) = (named.get("bucket").text()?, named.get("key").text()?);
        return Ok(Some(Message::Objects(vec![reference(&named, bucket, key.to_owned())])));
    }
    if message.get("Event").words() == Some("s3:TestEvent") {
        return Ok(Some(ignored("s3:TestEvent")));
    }
    let records = message.get("Records");
    let is_of_s3 = |record: &Field<'_, '_>| record.get("s3").is_present();
    if !records.elements().any(|record| is_of_s3(&record)) {
        return Ok(None);
    }
    let mut objects = Vec::new();
    for record in records.elements() {
        let name = record.get("eventName");
        if name.words().is_some_and(|name| !name.trim_start_matches("s3:").starts_with("ObjectCreated")) {
            continue;
        }
        let (object, bucket, key) =
            (record.get("s3.object"), record.get("s3.bucket.name"), record.get("s3.object.key"));
        // S3 writes keys as in a form: a blank is a plus, what is special is percent-encoded.
        let decoded = key.text()?.replace('+', " ");
        let decoded = percent_decode_str(&decoded).decode_utf8().map_err(|_| key.error("is not UTF-8"))?;
        objects.push(reference(&object, bucket.text()?, decoded.into_owned()));
    }
    Ok(Some(if objects.is_empty() { ignored("what became of these objects") } else { Message::Objects(objects) }))
}

fn ignored(what: &str) -> Message {
    Message::Ignored { format: NAME, reason: format!("{what} is no new object") }
}

/// What an object's name says of its call: the file's name without its extension. Contact Lens writes
/// `<contact>_analysis_<time>.json` and `<contact>_analysis_redacted_<time>.json`, Call Analytics `<job>.json` and
/// `redacted-<job>.json`: the two are one call.
fn call_name(key: &str) -> &str {
    let file = key.rsplit('/').next().unwrap_or(key);
    match file.split_once("_analysis_") {
        Some((contact, _)) => contact,
        None => file.strip_prefix("redacted-").unwrap_or(file).trim_end_matches(".json"),
    }
}
