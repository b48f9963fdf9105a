//! What a client is told when it does not get what it asked for.

use std::error::Error;

use domain::{Outcome, OutcomeKind};
use lambda_http::http::StatusCode;
use store::StoreError;

/// The code of a 503.
const UNAVAILABLE: &str = "unavailable";

/// A response that is not the data asked for. `Display` is the client's message; the source is for the log alone.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable name of the situation, for programs.
    pub code: &'static str,
    /// What happened, for people.
    pub message: String,
    /// The stable name of the reason behind a call without feedback, such as `call_too_short`.
    pub reason: Option<String>,
    /// What happened inside, for the log.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), reason: None, source: None }
    }

    /// 400: a parameter is unknown, repeated, malformed or out of range. The message begins with the parameter's name.
    #[must_use]
    pub fn invalid_parameter(name: &str, problem: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_parameter", format!("{name}: {problem}"))
    }

    /// 401: nobody vouches for the request.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "the request carries no valid x-user-token")
    }

    /// 404: the organisation has no feedback for that call, and nothing is known of the call.
    #[must_use]
    pub fn feedback_not_found(call: &domain::CallId) -> Self {
        let message = format!("there is no feedback for call {call}: it is not known, or not scored yet");
        Self::new(StatusCode::NOT_FOUND, "feedback_not_found", message)
    }

    /// 404: the call is known and has no feedback, with the reason.
    #[must_use]
    pub fn no_feedback(outcome: &Outcome) -> Self {
        let code = match outcome.kind {
            OutcomeKind::Skipped => "call_skipped",
            OutcomeKind::Failed => "call_failed",
        };
        let reason = Some(outcome.reason.clone());
        Self { reason, ..Self::new(StatusCode::NOT_FOUND, code, outcome.message.clone()) }
    }

    /// 503: the request could not be answered in the time that the function has.
    #[must_use]
    pub(crate) fn out_of_time() -> Self {
        let error =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, "the service is slow; try again in a moment");
        Self { source: Some("the invocation ran out of time".into()), ..error }
    }

    /// 500: a bug of ours. The client learns no more than that.
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
