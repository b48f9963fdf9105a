//! Why a message is not a call, and whose message it was as far as that is known.
//!
//! **Invariant:** no error shows what was said. Values are echoed only where they are identifiers or short names.

use domain::{AgentId, CallId, OrgId};

use crate::field::FieldError;

/// A message that could not be read as a call.
///
/// Its text is `<JSON path>: <what is wrong>`; `$` is the whole message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct IntakeError {
    /// The organisation, when the message names a single valid one.
    pub org_id: Option<OrgId>,
    /// The call, when the message names a valid one.
    pub call_id: Option<CallId>,
    /// The agent, when the message names a valid one.
    pub agent_id: Option<AgentId>,
    /// Boxed, because an error should not make every success larger.
    pub(crate) reason: Box<Reason>,
}

impl IntakeError {
    /// The stable name of the reason, for programs: `malformed_message`, `unknown_format`, `missing_organisation`,
    /// `conflicting_organisations` or `objects_from_webhook`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match *self.reason {
            Reason::NotJson(_) | Reason::Field(_) | Reason::Foreign { .. } => "malformed_message",
            Reason::UnknownFormat { .. } => "unknown_format",
            Reason::MissingOrganisation => "missing_organisation",
            Reason::ConflictingOrganisations { .. } => "conflicting_organisations",
            Reason::ObjectsFromWebhook => "objects_from_webhook",
        }
    }
}

/// What is wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Reason {
    /// The parser's message, which names line and column.
    #[error("$: is not JSON: {0}")]
    NotJson(String),
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A payload of a platform lacks something, or has it wrong.
    #[error("{error} (in a message of the format {format})")]
    Foreign { format: &'static str, error: FieldError },
    #[error("{path}: unknown format ({keys})")]
    UnknownFormat { path: String, keys: String },
    #[error("org_id: is missing, in the message and as its attribute")]
    MissingOrganisation,
    #[error("{path}: names the organisation {found}, but the message is {expected}'s")]
    ConflictingOrganisations { path: String, found: OrgId, expected: OrgId },
    /// It came from outside, and would have had the objects of somebody else read.
    #[error("$: refers to objects in S3, which a webhook may not: it has to bring the call itself")]
    ObjectsFromWebhook,
}
