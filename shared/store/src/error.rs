//! What can go wrong in the store, as situations a caller can act on. Expected results (a duplicate, nothing found) are
//! not here: they are values.

use std::error::Error;

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The code of a write whose condition did not hold.
pub(crate) const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

/// What lies underneath.
pub type Source = Box<dyn Error + Send + Sync>;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The table did not respond, or asked to be left alone: throttle, timeout, network, conflict, its own failure. The
    /// same request may succeed later.
    #[error("the table is unavailable for {operation}")]
    Unavailable {
        /// What was asked, such as `create_feedback`.
        operation: &'static str,
        /// What the table or the network said.
        #[source]
        source: Source,
    },
    /// The table refused the request, and will refuse it again: a missing permission or table, an item too large, a
    /// bug.
    #[error("the table rejected {operation}")]
    Rejected {
        /// What was asked, such as `create_feedback`.
        operation: &'static str,
        /// What the table said.
        #[source]
        source: Source,
    },
    /// An item is not what the store writes.
    #[error("the item {key} is corrupt: {attribute} {problem}")]
    Corrupt {
        /// The item's key.
        key: String,
        /// The attribute that is wrong.
        attribute: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The text is no cursor, or the cursor of another query.
    #[error("the cursor does not belong to this query")]
    InvalidCursor,
}

impl StoreError {
    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// The situation that an SDK error means.
    pub(crate) fn from_sdk<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let transient = match &error {
            SdkError::ServiceError(response) => {
                response.raw().status().is_server_error() || response.err().code().is_some_and(is_transient)
            }
            SdkError::ConstructionFailure(_) => false,
            // No response, or half of one.
            _ => true,
        };
        let source = Box::new(error);
        if transient { Self::Unavailable { operation, source } } else { Self::Rejected { operation, source } }
    }
}

/// Whether that error code, of a response that blames the client, asks the client to try again.
fn is_transient(code: &str) -> bool {
    matches!(
        code,
        "ProvisionedThroughputExceededException"
            | "ReplicatedWriteConflictException"
            | "RequestLimitExceeded"
            | "ThrottlingException"
            | "TransactionConflictException"
            | "TransactionInProgressException"
    )
}
