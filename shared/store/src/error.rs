//! The store's errors, one variant for each way a caller can react. Expected results (a duplicate, nothing found) are
//! values and not errors.

use std::error::Error;

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The code of a write whose condition did not hold.
pub(crate) const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

/// An error of any type.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Why an operation of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Throttling, timeout, network error, conflict or server error: the same request may succeed later.
    #[error("the table is unavailable for {operation}")]
    Unavailable {
        /// The operation, such as `create_feedback`.
        operation: &'static str,
        /// The SDK's error.
        #[source]
        source: BoxError,
    },
    /// The table rejected the request and will reject it again: a missing permission or table, an item that is too
    /// large, a bug.
    #[error("the table rejected {operation}")]
    Rejected {
        /// The operation, such as `create_feedback`.
        operation: &'static str,
        /// The error of the SDK or of serialization.
        #[source]
        source: BoxError,
    },
    /// An item does not have the form in which the store writes it.
    #[error("the item {key} is corrupt: {attribute} {reason}")]
    Corrupt {
        /// The item's key.
        key: String,
        /// The attribute that is wrong.
        attribute: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The text is not a cursor, or it is the cursor of another query.
    #[error("the cursor does not belong to this query")]
    InvalidCursor,
}

impl StoreError {
    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// The store's error for an SDK error.
    pub(crate) fn from_sdk<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let transient = match &error {
            SdkError::ServiceError(response) => {
                response.raw().status().is_server_error() || response.err().code().is_some_and(is_transient)
            }
            SdkError::ConstructionFailure(_) => false,
            // No response, or an incomplete one.
            _ => true,
        };
        let source = Box::new(error);
        if transient { Self::Unavailable { operation, source } } else { Self::Rejected { operation, source } }
    }
}

/// Whether a request with that error code, of a 4xx response, may succeed later.
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
