//! Why a message could not be read, with the identifiers that were found in it.
//!
//! **Invariant:** no error shows what was said in a call. Only identifiers and short names are echoed.

use domain::{AgentId, CallId, OrgId};

use crate::call_builder::{MAX_SPOKEN_BYTES, MAX_TURNS};
use crate::field::FieldError;
use crate::json_memory::OutOfMemory;

/// A message that could not be read.
///
/// Its text is `<JSON path>: <what is wrong>`; `$` is the whole message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct IntakeError {
    /// The organisation, when the message names a single valid one.
    pub org_id: Option<OrgId>,
    /// The call, when the message names a valid one.
    pub call_id: Option<CallId>,
    /// The agent, when the message names a valid one.
    pub agent_id: Option<AgentId>,
    /// What is wrong. Boxed, so that an error does not make every result larger.
    pub(crate) kind: Box<IntakeErrorKind>,
}

impl IntakeError {
    /// The error code, for programs: `malformed_message`, `unknown_format`, `missing_organisation`,
    /// `conflicting_organisations`, `objects_from_webhook` or `message_too_large`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match *self.kind {
            IntakeErrorKind::Field(_) | IntakeErrorKind::PlatformField { .. } => "malformed_message",
            IntakeErrorKind::UnknownFormat { .. } => "unknown_format",
            IntakeErrorKind::MissingOrganisation => "missing_organisation",
            IntakeErrorKind::ConflictingOrganisations { .. } => "conflicting_organisations",
            IntakeErrorKind::ObjectsFromWebhook => "objects_from_webhook",
            IntakeErrorKind::TooLarge { .. } | IntakeErrorKind::TooLong { .. } => "message_too_large",
        }
    }
}

/// What is wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IntakeErrorKind {
    /// A text is not JSON, or a field of the project's own schema is missing or wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A field of a platform's payload is missing or wrong.
    #[error("{error} (in a message of the format {format})")]
    PlatformField { format: &'static str, error: FieldError },
    /// The payload is of no known format.
    #[error("{path}: unknown format ({keys})")]
    UnknownFormat { path: String, keys: String },
    /// Nothing names the organisation.
    #[error("org_id: is missing, both in the message and in its attributes")]
    MissingOrganisation,
    /// Two organisations are named.
    #[error("{path}: names the organisation {found}, but the message is {expected}'s")]
    ConflictingOrganisations { path: String, found: OrgId, expected: OrgId },
    /// A webhook must not refer to objects in S3: they might be another organisation's.
    #[error("$: refers to objects in S3, which a webhook must not do: post the call itself")]
    ObjectsFromWebhook,
    /// What is to be parsed would take too much memory.
    #[error("{path}: {error}")]
    TooLarge { path: String, error: OutOfMemory },
    /// More is said than anybody can say.
    #[error("{path}: has {MAX_SPOKEN_BYTES} bytes of words or more, or {MAX_TURNS} turns, which no call has")]
    TooLong { path: String },
}
