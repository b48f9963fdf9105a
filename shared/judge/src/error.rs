//! Why a call was not judged, and what to do with it.
//!
//! **Invariant:** of what a model or a server wrote, a message holds short codes only: their texts may quote the transcript or
//! the key. **Invariant:** an error is *permanent* only when this call would fail again however often it is sent. An error in
//! the key, the account or the settings affects every call: the call goes back to the queue, for long enough that somebody
//! can correct it.

use std::time::Duration;

use crate::Usage;

/// Nobody corrects settings or an account within seconds. With five deliveries, a message waits an hour before it ends in the
/// dead-letter queue.
const OPERATOR_DELAY: Duration = Duration::from_mins(15);

/// A call that was not judged.
#[derive(Debug)]
pub struct JudgeError {
    /// What happened.
    pub kind: JudgeErrorKind,
    /// What it has cost all the same.
    pub usage: Usage,
}

/// The message and the source are those of the kind, so that they are not repeated.
impl std::error::Error for JudgeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

impl std::fmt::Display for JudgeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind.fmt(f)
    }
}

/// Why a call was not judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeErrorKind {
    /// The server asks for fewer requests, with 429.
    #[error("the model's server asks for fewer requests ({response})")]
    RateLimited {
        /// The server's response.
        response: ErrorResponse,
        /// How long it asks to wait at least.
        retry_after: Option<Duration>,
    },
    /// The server failed or is overloaded.
    #[error("the model's server failed ({response})")]
    Unavailable {
        /// The server's response.
        response: ErrorResponse,
        /// How long it asks to wait at least.
        retry_after: Option<Duration>,
    },
    /// No connection, or one that broke before the response was complete.
    #[error("the model's server cannot be reached, or its connection broke")]
    Unreachable(#[source] reqwest::Error),
    /// The server sent something that is not a response of its protocol.
    #[error("the model's server sent {what}")]
    Garbled {
        /// What it sent instead.
        what: &'static str,
    },
    /// No response within the time of an attempt, or no time left for another one.
    #[error("no answer from the model in time")]
    TimedOut,
    /// The key or the credentials are missing, wrong, or not allowed to do this.
    #[error("the model's server refuses access: {advice} ({response})")]
    Unauthorized {
        /// What to do.
        advice: &'static str,
        /// The server's response.
        response: ErrorResponse,
    },
    /// There are no AWS credentials to sign the request with.
    #[error("the request to the model cannot be signed: check the AWS credentials and the region")]
    Unsigned(#[source] aws::SignError),
    /// The account's credit or quota is used up.
    #[error("the account's spending limit or credit at the model's provider is used up ({response})")]
    SpendLimit {
        /// The server's response.
        response: ErrorResponse,
    },
    /// The server does not support the way in which JSON was asked for.
    #[error("the model's server does not accept LLM_JSON_MODE={mode}: choose another one ({response})")]
    JsonModeRejected {
        /// The mode that was used.
        mode: crate::JsonMode,
        /// The server's response.
        response: ErrorResponse,
    },
    /// The model does not know the mark on what is to be cached. It is asked again without.
    #[error("the model does not cache prompts ({response})")]
    CacheRejected {
        /// The server's response.
        response: ErrorResponse,
    },
    /// The server does not accept the request for another reason: its path, its model, one of its fields.
    #[error("the model's server does not accept the request: {advice} ({response})")]
    Rejected {
        /// What to do.
        advice: &'static str,
        /// The server's response.
        response: ErrorResponse,
    },
    /// The model, or a filter in front of it, refuses to judge this call.
    #[error("the model refused to judge the call")]
    Refused,
    /// The call does not fit what the model or the settings allow.
    #[error("the call is too long for the model: raise LLM_MAX_INPUT_TOKENS or lower it to what the model can read")]
    TooLong,
    /// The answer was cut off at the limit of its length.
    #[error("the model's answer was cut off: raise LLM_MAX_OUTPUT_TOKENS")]
    CutOff,
    /// The answer is not what was asked for, even after it was sent back once.
    #[error("the model's answer is still invalid after one repair: {validation_error}")]
    InvalidOutput {
        /// The first thing that is wrong with it.
        validation_error: &'static str,
    },
}

impl JudgeErrorKind {
    /// Whether the same call may be judged when it is tried again.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        !matches!(self, Self::Refused | Self::TooLong | Self::CutOff | Self::InvalidOutput { .. })
    }

    /// How long to wait at least before it is tried again, when that is known.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Unavailable { retry_after, .. } => *retry_after,
            Self::Unauthorized { .. }
            | Self::Unsigned(_)
            | Self::SpendLimit { .. }
            | Self::JsonModeRejected { .. }
            | Self::CacheRejected { .. }
            | Self::Rejected { .. } => Some(OPERATOR_DELAY),
            _ => None,
        }
    }

    /// A name for logs, metrics and the dead-letter queue.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RateLimited { .. } => "model_rate_limited",
            Self::Unavailable { .. } | Self::Garbled { .. } => "model_unavailable",
            Self::Unreachable(_) => "model_unreachable",
            Self::TimedOut => "model_timeout",
            Self::Unauthorized { .. } | Self::Unsigned(_) => "model_unauthorized",
            Self::SpendLimit { .. } => "model_spend_limit",
            Self::JsonModeRejected { .. } => "model_json_mode_rejected",
            Self::CacheRejected { .. } | Self::Rejected { .. } => "model_request_rejected",
            Self::Refused => "model_refused",
            Self::TooLong => "call_too_long",
            Self::CutOff => "model_output_cut_off",
            Self::InvalidOutput { .. } => "invalid_model_output",
        }
    }

    /// Whether asking again after a short backoff, without the queue, may help.
    pub(crate) const fn is_worth_another_attempt(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::Unavailable { .. }
                | Self::Unreachable(_)
                | Self::Garbled { .. }
                | Self::TimedOut
        )
    }
}

/// What is kept of a server's error response: its status and its codes, never its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    /// The HTTP status.
    pub status: u16,
    /// The codes of the error: its type, its code and the parameter it names.
    pub codes: Vec<String>,
}

impl std::fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        self.codes.iter().try_for_each(|code| write!(f, " {code}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::JsonMode;

    fn response() -> ErrorResponse {
        ErrorResponse { status: 401, codes: vec!["invalid_request_error".to_owned(), "invalid_api_key".to_owned()] }
    }

    #[test]
    fn only_what_is_wrong_with_this_call_is_permanent() {
        for kind in [
            JudgeErrorKind::Refused,
            JudgeErrorKind::TooLong,
            JudgeErrorKind::CutOff,
            JudgeErrorKind::InvalidOutput { validation_error: "no evidence" },
        ] {
            assert!(!kind.is_transient() && kind.retry_after().is_none() && !kind.is_worth_another_attempt(), "{kind}");
        }
    }

    #[test]
    fn what_an_operator_must_correct_waits_for_it_and_is_not_tried_at_once() {
        for kind in [
            JudgeErrorKind::Unauthorized { advice: "check it", response: response() },
            JudgeErrorKind::SpendLimit { response: response() },
            JudgeErrorKind::JsonModeRejected { mode: JsonMode::JsonSchema, response: response() },
            JudgeErrorKind::Rejected { advice: "check it", response: response() },
        ] {
            assert!(kind.is_transient() && !kind.is_worth_another_attempt(), "{kind}");
            assert_eq!(kind.retry_after(), Some(OPERATOR_DELAY), "{kind}");
            assert!(kind.to_string().contains("HTTP 401 invalid_request_error invalid_api_key"), "{kind}");
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_at_once() {
        let wait = Some(Duration::from_secs(7));
        for (kind, retry_after) in [
            (JudgeErrorKind::RateLimited { response: response(), retry_after: wait }, wait),
            (JudgeErrorKind::Unavailable { response: response(), retry_after: None }, None),
            (JudgeErrorKind::Garbled { what: "an empty answer" }, None),
            (JudgeErrorKind::TimedOut, None),
        ] {
            assert!(kind.is_transient() && kind.is_worth_another_attempt(), "{kind}");
            assert_eq!(kind.retry_after(), retry_after, "{kind}");
        }
    }
}
