//! Messages for the queue, and what `intake` makes of an input.

use domain::OrgId;
use intake::{Attributes, IntakeError};

use crate::input_entry::InputLocation;

/// The message attribute that names the organisation of a body that does not.
pub(crate) const ORG_ATTRIBUTE: &str = "org_id";

/// The type of every attribute that is sent.
pub(crate) const ATTRIBUTE_TYPE: &str = "String";

/// A message for the queue.
#[derive(Debug, Clone)]
pub(crate) struct QueueMessage {
    /// Where its call is in the input.
    pub(crate) location: InputLocation,
    /// The call's JSON as it was written.
    pub(crate) body: String,
    /// The organisation, when the body does not name it.
    pub(crate) org_attribute: Option<OrgId>,
}

impl QueueMessage {
    /// How many bytes SQS counts: the body, and each attribute's name, type and value.
    pub(crate) fn bytes(&self) -> usize {
        let attribute = self.org_attribute.as_ref();
        self.body.len() + attribute.map_or(0, |org| ORG_ATTRIBUTE.len() + ATTRIBUTE_TYPE.len() + org.as_str().len())
    }
}

/// Reads an input. When it names no organisation, it belongs to the default one, which is returned as well because its message
/// then needs the attribute. The format is the one of that name, else it is detected. Fails as [`intake::read`] does.
pub(crate) fn read(
    body: &str,
    default_org: Option<&OrgId>,
    format: Option<&str>,
) -> Result<(intake::ParsedMessage, Option<OrgId>), IntakeError> {
    let read = |org: Option<&OrgId>| {
        let attributes = Attributes { org_id: org.map(OrgId::as_str), ..Attributes::default() };
        let as_format = format.and_then(|format| intake::read_as(format, body, attributes));
        as_format.unwrap_or_else(|| intake::read(body, attributes))
    };
    match (read(None), default_org) {
        (Err(error), Some(org)) if error.code() == "missing_organisation" => {
            read(Some(org)).map(|message| (message, Some(org.clone())))
        }
        (message, _) => message.map(|message| (message, None)),
    }
}

/// Why a valid input is not a call; `None` when it is one.
pub(crate) fn is_no_call(message: &intake::ParsedMessage) -> Option<String> {
    match message {
        intake::ParsedMessage::Call(_) => None,
        intake::ParsedMessage::Ignored { format, reason } => Some(format!("ignored ({format}): {reason}")),
        intake::ParsedMessage::Objects(objects) => {
            let keys: Vec<_> =
                objects.references.iter().map(|object| format!("s3://{}/{}", object.bucket, object.key)).collect();
            Some(format!("refers to {}, which is not fetched here", keys.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org_of(message: intake::ParsedMessage) -> OrgId {
        match message {
            intake::ParsedMessage::Call(call) => call.org_id,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_default_organisation_is_for_calls_that_name_none() {
        let default = OrgId::parse("local").unwrap();
        let (message, attribute) = read(r#"{"call_id": "c", "transcript": []}"#, Some(&default), None).unwrap();
        assert_eq!((&org_of(message), attribute.as_ref()), (&default, Some(&default)));
        let named = r#"{"org_id": "acme", "call_id": "c", "transcript": []}"#;
        let (message, attribute) = read(named, Some(&default), None).unwrap();
        assert_eq!((org_of(message).as_str(), attribute), ("acme", None));
    }

    #[test]
    fn without_a_default_the_organisation_is_required() {
        let error = read(r#"{"call_id": "c", "transcript": []}"#, None, None).unwrap_err();
        assert_eq!(error.code(), "missing_organisation");
    }

    #[test]
    fn what_is_no_call_says_what_it_is() {
        let said = |body| is_no_call(&read(body, None, None).unwrap().0);
        assert_eq!(said(r#"{"org_id": "acme", "call_id": "c", "transcript": []}"#), None);
        let event = said(r#"{"event": "call_started", "call": {"call_id": "c"}}"#);
        assert_eq!(event.as_deref(), Some("ignored (retell): call_started is not the end of a call"));
        let object = said(r#"{"s3": {"bucket": "calls", "key": "a/b.json"}}"#);
        assert_eq!(object.as_deref(), Some("refers to s3://calls/a/b.json, which is not fetched here"));
    }

    #[test]
    fn attributes_count_as_sqs_counts_them() {
        let message = |org: Option<&str>| QueueMessage {
            location: InputLocation::whole("in"),
            body: "{}".to_owned(),
            org_attribute: org.map(|org| OrgId::parse(org).unwrap()),
        };
        assert_eq!(message(None).bytes(), "{}".len());
        assert_eq!(message(Some("acme")).bytes(), "{}org_idStringacme".len());
    }
}
