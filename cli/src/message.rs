//! A call as the queue takes it.

use domain::{Call, OrgId};
use intake::IntakeError;

use crate::entry::Place;

/// The message attribute that names the organisation of a body that does not.
pub(crate) const ORG_ATTRIBUTE: &str = "org_id";

/// The type of every attribute that is sent.
pub(crate) const ATTRIBUTE_TYPE: &str = "String";

/// A message for the queue.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// Where its call stands in the input.
    pub(crate) place: Place,
    /// The call's JSON as it was written.
    pub(crate) body: String,
    /// The organisation, when the body does not name it.
    pub(crate) org_attribute: Option<OrgId>,
}

impl Message {
    /// How many bytes SQS counts: the body, and each attribute's name, type and value.
    pub(crate) fn bytes(&self) -> usize {
        let attribute = self.org_attribute.as_ref();
        self.body.len() + attribute.map_or(0, |org| ORG_ATTRIBUTE.len() + ATTRIBUTE_TYPE.len() + org.as_str().len())
    }
}

/// Reads a call, which is of the default organisation when it names none; that is then the attribute its message needs.
/// Fails as [`intake::parse_message`] does.
pub(crate) fn read_call(body: &str, default_org: Option<&OrgId>) -> Result<(Call, Option<OrgId>), IntakeError> {
    match (intake::parse_message(body, None), default_org) {
        (Err(error), Some(org)) if error.code() == "missing_organisation" => {
            intake::parse_message(body, Some(org.as_str())).map(|call| (call, Some(org.clone())))
        }
        (read, _) => read.map(|call| (call, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_organisation_is_for_calls_that_name_none() {
        let default = OrgId::parse("local").unwrap();
        let (call, attribute) = read_call(r#"{"call_id": "c", "transcript": []}"#, Some(&default)).unwrap();
        assert_eq!((&call.org_id, attribute.as_ref()), (&default, Some(&default)));
        let (call, attribute) =
            read_call(r#"{"org_id": "acme", "call_id": "c", "transcript": []}"#, Some(&default)).unwrap();
        assert_eq!((call.org_id.as_str(), attribute), ("acme", None));
    }

    #[test]
    fn without_a_default_the_organisation_is_required() {
        let error = read_call(r#"{"call_id": "c", "transcript": []}"#, None).unwrap_err();
        assert_eq!(error.code(), "missing_organisation");
    }

    #[test]
    fn attributes_count_as_sqs_counts_them() {
        let message = |org: Option<&str>| Message {
            place: Place::whole("in"),
            body: "{}".to_owned(),
            org_attribute: org.map(|org| OrgId::parse(org).unwrap()),
        };
        assert_eq!(message(None).bytes(), "{}".len());
        assert_eq!(message(Some("acme")).bytes(), "{}org_idStringacme".len());
    }
}
