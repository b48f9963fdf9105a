//! The evidence guard: a quote is kept only if it was said, by the one who is said to have said it, in the turn it names.
//!
//! **Invariant:** whatever a model claims, a quote that is accepted is a stretch of that turn's own text, byte for byte, from
//! the border of a word to the border of a word. The model's spelling is never stored. The work is linear in the transcript.

mod folding;
mod nearest;

use domain::{Evidence, Role, Turn};

use folding::Folded;

use crate::tokenizer::WordSpans;

/// A quote has at least so many words, unless it is all that its turn says: fewer are found in any call.
pub const FEWEST_WORDS: usize = 3;

/// What is wrong with a quote. The texts are for the model that has to mend it, and hold nothing of the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
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
    OtherRole {
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
    /// The turn says it, but so do many.
    #[error("the quote from turn {turn} is too short; quote at least {FEWEST_WORDS} words, or all that the turn says")]
    TooShort {
        /// The turn that was named.
        turn: usize,
    },
}

/// A quote that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Rejection {
    /// What is wrong with it.
    pub problem: Problem,
    /// What was really said and comes nearest to it, if anything does; it would be accepted.
    pub nearest: Option<Evidence>,
}

/// The turn's own text that the quote quotes. Upper and lower case, white space, typographic quotation marks and dashes make
/// no difference (the table is in `folding.rs`); everything else does. Fails when the turn does not exist, is spoken by
/// somebody else, does not say that, or when the quote is shorter than [`FEWEST_WORDS`] and not all that the turn says.
pub fn verify(transcript: &[Turn], turn: usize, role: Role, quote: &str) -> Result<Evidence, Rejection> {
    find(transcript, turn, role, quote)
        .map_err(|problem| Rejection { problem, nearest: nearest::to(transcript, turn, role, quote) })
}

/// The text of the first turn that says this, whoever speaks and however short it is: for passages that a model puts in
/// quotation marks without naming a turn.
#[must_use]
pub fn locate(transcript: &[Turn], passage: &str) -> Option<Evidence> {
    let passage = Folded::of(passage);
    transcript.iter().enumerate().find_map(|(turn, said)| {
        let quote = said.text.get(Folded::of(&said.text).find(&passage)?)?;
        Some(Evidence { turn, role: said.role, quote: quote.to_owned() })
    })
}

fn find(transcript: &[Turn], turn: usize, role: Role, quote: &str) -> Result<Evidence, Problem> {
    let Some(said) = transcript.get(turn) else {
        return Err(Problem::NoSuchTurn { turn, turns: transcript.len() });
    };
    if said.role != role {
        return Err(Problem::OtherRole { turn, claimed: role, speaker: said.role });
    }
    let range = Folded::of(&said.text).find(&Folded::of(quote)).ok_or(Problem::NotInTurn { turn })?;
    let quote = said.text.get(range).ok_or(Problem::NotInTurn { turn })?;
    let words = count_words(quote);
    if words < FEWEST_WORDS && (words == 0 || words < count_words(&said.text)) {
        return Err(Problem::TooShort { turn });
    }
    Ok(Evidence { turn, role, quote: quote.to_owned() })
}

/// How many words the text has. Of scripts that put no spaces between words, each character counts as one.
fn count_words(text: &str) -> usize {
    let in_word = |word: &str| word.chars().filter(|character| folding::is_unspaced(*character)).count().max(1);
    WordSpans::of(text).map(|range| in_word(&text[range])).sum()
}

#[cfg(test)]
mod tests;
