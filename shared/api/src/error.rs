//! Errors as clients see them: a status, a code and a message.

use std::error::Error;

use domain::{Outcome, OutcomeKind};
use lambda_http::http::StatusCode;
use store::StoreError;

/// The code of a 503.
const UNAVAILABLE: &str = "unavailable";

/// An error response. `Display` is the message for the client; the source is only logged.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable code, for programs.
    pub code: &'static str,
    /// The message, for people.
    pub message: String,
    /// The stable name of the reason behind a call without feedback, such as `call_too_short`.
    pub reason: Option<String>,
    /// The internal cause, for the log.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), reason: None, source: None }
    }

    /// 400: a parameter is unknown, repeated, malformed or out of range. The message begins with the parameter's name.
    #[must_use]
    pub fn invalid_parameter(name: &str, reason: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_parameter", format!("{name}: {reason}"))
    }

    /// 401: no authorizer has checked the request.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "the request carries no valid x-user-token")
    }

    /// 404: the organisation has neither feedback nor an outcome of that call.
    #[must_use]
    pub fn feedback_not_found(call: &domain::CallId) -> Self {
        let message = format!("there is no feedback for call {call}: it is not known, or not scored yet");
        Self::new(StatusCode::NOT_FOUND, "feedback_not_found", message)
    }

    /// 404: the call has an outcome instead of feedback; with its reason.
    #[must_use]
    pub fn no_feedback(outcome: &Outcome) -> Self {
        let code = match outcome.kind {
            OutcomeKind::Skipped => "call_skipped",
            OutcomeKind::Failed => "call_failed",
        };
        let reason = Some(outcome.reason.clone());
        Self { reason, ..Self::new(StatusCode::NOT_FOUND, code, outcome.message.clone()) }
    }

    /// 503: the work was not done before the function's deadline.
    #[must_use]
    pub(crate) fn out_of_time() -> Self {
        let error =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, "the service is slow; try again in a moment");
        Self { source: Some("the invocation ran out of time".into()), ..error }
    }

    /// 500: a bug. The client sees no details.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "internal error");
        Self { source: Some(source.into()), ..error }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::InvalidCursor) {
            return Self::invalid_parameter("cursor", "does not belong to this query; start again without it");
        }
        if !error.is_transient() {
            return Self::internal(error);
        }
        let message = "the service is busy; try again in a moment";
        let busy = Self::new(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, message);
        Self { source: Some(error.into()), ..busy }
    }
}
