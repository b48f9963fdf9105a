//! Why a quote is rejected, and what could be quoted instead.

use domain::{Evidence, Role};

use super::FEWEST_WORDS;

/// Why a quote is rejected. The texts are for the model that has to correct it, and repeat nothing of the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuoteErrorKind {
    /// The transcript has no turn of that number.
    #[error("there is no turn {turn}; the transcript has {turns} turns, numbered from 0")]
    NoSuchTurn {
        /// The turn that was named.
        turn: usize,
        /// How many there are.
        turns: usize,
    },
    /// Somebody else speaks in that turn.
    #[error("turn {turn} is spoken by the {speaker}, not by the {claimed}")]
    WrongRole {
        /// The turn that was named.
        turn: usize,
        /// Who was named.
        claimed: Role,
        /// Who speaks.
        speaker: Role,
    },
    /// The turn does not say that.
    #[error(
        "turn {turn} does not contain the quote; copy whole words from the turn without changing, adding or omitting any"
    )]
    NotInTurn {
        /// The turn that was named.
        turn: usize,
    },
    /// The turn says it, but so few words are found in any call.
    #[error("the quote from turn {turn} is too short; quote at least {FEWEST_WORDS} words, or all that the turn says")]
    TooShort {
        /// The turn that was named.
        turn: usize,
    },
}

/// A quote that was rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct QuoteError {
    /// Why.
    pub kind: QuoteErrorKind,
    /// The nearest text that was really said, if there is any; it would be accepted as a quote.
    pub nearest: Option<Evidence>,
}
