//! Why a call has no feedback.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AgentId, CallId, Timestamp};

/// How the processing of a call without feedback ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// There is nothing to score, and that is not an error.
    Skipped,
    /// It could not be scored; its message is in the dead-letter queue.
    Failed,
}

/// Why a call is not scored though nothing is wrong with its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// The call is shorter than the configured minimum.
    CallTooShort,
    /// Neither side speaks, as when nobody picked up.
    NoSpeech,
    /// The agent does not speak.
    NoAgentSpeech,
    /// The customer does not speak.
    NoCustomerSpeech,
    /// One side is a machine that records a message or asks who calls: nobody answered.
    Voicemail,
    /// One side is menus and announcements only.
    IvrOnly,
    /// Nobody took the call: the platform says so, or an announcement of the network.
    NotAnswered,
    /// The scorer does not know the language of the call.
    UnsupportedLanguage,
}

impl SkipReason {
    /// The reasons that a platform knows by itself, whatever the transcript holds.
    pub const STATED_BY_PLATFORMS: [Self; 3] = [Self::Voicemail, Self::IvrOnly, Self::NotAnswered];

    /// The reason of that code, if it is one of [`SkipReason::STATED_BY_PLATFORMS`].
    #[must_use]
    pub fn parse_stated(code: &str) -> Option<Self> {
        Self::STATED_BY_PLATFORMS.into_iter().find(|reason| reason.code() == code)
    }

    /// The stable name of the reason, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CallTooShort => "call_too_short",
            Self::NoSpeech => "no_speech",
            Self::NoAgentSpeech => "no_agent_speech",
            Self::NoCustomerSpeech => "no_customer_speech",
            Self::Voicemail => "voicemail",
            Self::IvrOnly => "ivr_only",
            Self::NotAnswered => "not_answered",
            Self::UnsupportedLanguage => "unsupported_language",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The record of a call that has no feedback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The call.
    pub call_id: CallId,
    /// Who took the call, when known.
    #[serde(default)]
    pub agent_id: Option<AgentId>,
    /// Skipped or failed.
    pub kind: OutcomeKind,
    /// The stable name of the reason, for programs, such as `call_too_short`.
    pub reason: String,
    /// The reason as a sentence, for people.
    pub message: String,
    /// How often the call's message had been received until then.
    pub attempts: u32,
    /// When this was recorded.
    pub recorded_at: Timestamp,
}
