//! Why a call was not judged, and what to do with it.
//!
//! **Invariant:** no message holds anything a model or a server wrote but short codes: their texts may quote the transcript or
//! the key. **Invariant:** a failure is *permanent* only when this very call fails again however often it is sent. What is
//! wrong with the key, the account or the settings is wrong with every call: it comes back through the queue, late enough
//! for somebody to put it right.

use std::time::Duration;

use crate::Usage;

/// What is wrong with the settings or the account is not put right in seconds. With five receives, a message waits an hour
/// before it ends in the dead-letter queue.
const OPERATOR_DELAY: Duration = Duration::from_mins(15);

/// A call that was not judged.
#[derive(Debug)]
pub struct Failure {
    /// What happened.
    pub kind: FailureKind,
    /// What it has cost nevertheless.
    pub usage: Usage,
}

/// The error is its kind, which is not said twice.
impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind.fmt(f)
    }
}

/// Why a call was not judged.
#[derive(Debug, thiserror::Error)]
pub enum FailureKind {
    /// The server asks for fewer requests, with 429.
    #[error("the model's server asks for fewer requests ({answer})")]
    RateLimited {
        /// What the server answered.
        answer: ErrorAnswer,
        /// How long it asks to wait at least.
        retry_after: Option<Duration>,
    },
    /// The server failed or is overloaded.
    #[error("the model's server failed ({answer})")]
    Unavailable {
        /// What the server answered.
        answer: ErrorAnswer,
        /// How long it asks to wait at least.
        retry_after: Option<Duration>,
    },
    /// No connection, or one that broke before the answer was complete.
    #[error("the model's server cannot be reached or broke off")]
    Unreachable(#[source] reqwest::Error),
    /// The server answered with something that is not its protocol's answer.
    #[error("the model's server sent {what}")]
    Garbled {
        /// What it sent instead.
        what: &'static str,
    },
    /// No answer in the time of an attempt, or no time left for another one.
    #[error("no answer from the model in time")]
    TimedOut,
    /// The key is missing, wrong, or not allowed to do this.
    #[error("the model's server refuses the key: check LLM_API_KEY or its secret ({answer})")]
    Unauthorized {
        /// What the server answered.
        answer: ErrorAnswer,
    },
    /// The account's money or quota is used up.
    #[error("the account's spending limit or credit at the model's provider is used up ({answer})")]
    SpendLimit {
        /// What the server answered.
        answer: ErrorAnswer,
    },
    /// The server does not know the way in which JSON was asked for.
    #[error("the model's server does not accept LLM_JSON_MODE={mode}: choose another one ({answer})")]
    JsonModeRejected {
        /// The mode it was asked in.
        mode: crate::JsonMode,
        /// What the server answered.
        answer: ErrorAnswer,
    },
    /// The server does not accept the request for another reason: its path, its model, one of its fields.
    #[error(
        "the model's server does not accept the request: check LLM_BASE_URL, LLM_MODEL and the other settings ({answer})"
    )]
    Rejected {
        /// What the server answered.
        answer: ErrorAnswer,
    },
    /// The model, or a filter in front of it, refuses to judge this call.
    #[error("the model refused to judge the call")]
    Refused,
    /// The call does not fit what the model or the settings allow.
    #[error("the call is too long for the model: raise LLM_MAX_INPUT_TOKENS or lower it to what the model can read")]
    TooLong,
    /// The answer was cut off at its longest.
    #[error("the model's answer was cut off: raise LLM_MAX_OUTPUT_TOKENS")]
    CutOff,
    /// The answer is not what was asked for, even after it was sent back once.
    #[error("the model's answer is still invalid after one repair: {problem}")]
    InvalidOutput {
        /// The first thing that is wrong with it.
        problem: &'static str,
    },
}

impl FailureKind {
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
            | Self::SpendLimit { .. }
            | Self::JsonModeRejected { .. }
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
            Self::Unauthorized { .. } => "model_unauthorized",
            Self::SpendLimit { .. } => "model_spend_limit",
            Self::JsonModeRejected { .. } => "model_json_mode_rejected",
            Self::Rejected { .. } => "model_request_rejected",
            Self::Refused => "model_refused",
            Self::TooLong => "call_too_long",
            Self::CutOff => "model_output_cut_off",
            Self::InvalidOutput { .. } => "invalid_model_output",
        }
    }

    /// Whether asking again at once, after a short pause, may help.
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

/// What is told of a server's error: its status and its codes, never its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The codes of the error's body: its type, its code and the parameter it names.
    pub codes: Vec<String>,
}

impl std::fmt::Display for ErrorAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        self.codes.iter().try_for_each(|code| write!(f, " {code}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::JsonMode;

    fn answer() -> ErrorAnswer {
        ErrorAnswer { status: 401, codes: vec!["invalid_request_error".to_owned(), "invalid_api_key".to_owned()] }
    }

    #[test]
    fn only_what_is_wrong_with_this_call_is_permanent() {
        for kind in [
            FailureKind::Refused,
            FailureKind::TooLong,
            FailureKind::CutOff,
            FailureKind::InvalidOutput { problem: "no evidence" },
        ] {
            assert!(!kind.is_transient() && kind.retry_after().is_none() && !kind.is_worth_another_attempt(), "{kind}");
        }
    }

    #[test]
    fn what_an_operator_must_put_right_waits_for_one_and_is_not_tried_at_once() {
        for kind in [
            FailureKind::Unauthorized { answer: answer() },
            FailureKind::SpendLimit { answer: answer() },
            FailureKind::JsonModeRejected { mode: JsonMode::JsonSchema, answer: answer() },
            FailureKind::Rejected { answer: answer() },
        ] {
            assert!(kind.is_transient() && !kind.is_worth_another_attempt(), "{kind}");
            assert_eq!(kind.retry_after(), Some(OPERATOR_DELAY), "{kind}");
            assert!(kind.to_string().contains("HTTP 401 invalid_request_error invalid_api_key"), "{kind}");
        }
    }

    #[test]
    fn what_passes_is_tried_again_at_once() {
        let wait = Some(Duration::from_secs(7));
        for (kind, retry_after) in [
            (FailureKind::RateLimited { answer: answer(), retry_after: wait }, wait),
            (FailureKind::Unavailable { answer: answer(), retry_after: None }, None),
            (FailureKind::Garbled { what: "an empty answer" }, None),
            (FailureKind::TimedOut, None),
        ] {
            assert!(kind.is_transient() && kind.is_worth_another_attempt(), "{kind}");
            assert_eq!(kind.retry_after(), retry_after, "{kind}");
        }
    }
}
