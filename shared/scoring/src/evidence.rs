//! Verifies quotes: a quote is accepted only if the role that it names said it in the turn that it names.
//!
//! **Invariant:** whatever a model claims, an accepted quote is a part of that turn's own text, byte for byte, and
//! consists of whole words. The model's spelling is never stored. The work is linear in the transcript.

mod error;
mod folded_transcript;
mod folding;
mod nearest;
mod settle;

use domain::{Evidence, Role, Turn};

pub use error::{QuoteError, QuoteErrorKind};
pub use folded_transcript::FoldedTranscript;
use folding::FoldedText;
pub use folding::{is_invisible, is_unspaced};
pub use settle::settle;

use crate::tokenizer::WordSpans;

/// A quote has at least this many words, unless it is all that its turn says: fewer words are found in any call.
pub const FEWEST_WORDS: usize = 3;

/// Verifies a quote and returns it in the turn's own spelling. Upper and lower case, white space, typographic quotation
/// marks and dashes make no difference (the table is in `folding.rs`); everything else does. Fails when the turn does
/// not exist, is spoken by somebody else, does not say that, or when the quote is shorter than [`FEWEST_WORDS`] and not
/// all that the turn says.
pub fn verify(transcript: &[Turn], turn: usize, role: Role, quote: &str) -> Result<Evidence, QuoteError> {
    find(transcript, turn, role, quote)
        .map_err(|kind| QuoteError { kind, nearest: nearest::to(transcript, turn, role, quote) })
}

/// The text of the first turn that says this, whoever speaks and however short it is: for passages that a model puts in
/// quotation marks without naming a turn.
#[must_use]
pub fn locate(transcript: &[Turn], passage: &str) -> Option<Evidence> {
    let passage = FoldedText::of(passage);
    transcript.iter().enumerate().find_map(|(turn, said)| {
        let quote = said.text.get(FoldedText::of(&said.text).find(&passage)?)?;
        Some(Evidence { turn, role: said.role, quote: quote.to_owned() })
    })
}

fn find(transcript: &[Turn], turn: usize, role: Role, quote: &str) -> Result<Evidence, QuoteErrorKind> {
    let Some(said) = transcript.get(turn) else {
        return Err(QuoteErrorKind::NoSuchTurn { turn, turns: transcript.len() });
    };
    if said.role != role {
        return Err(QuoteErrorKind::WrongRole { turn, claimed: role, speaker: said.role });
    }
    let range = FoldedText::of(&said.text).find(&FoldedText::of(quote)).ok_or(QuoteErrorKind::NotInTurn { turn })?;
    let quote = said.text.get(range).ok_or(QuoteErrorKind::NotInTurn { turn })?;
    let words = count_words(quote);
    if words < FEWEST_WORDS && (words == 0 || words < count_words(&said.text)) {
        return Err(QuoteErrorKind::TooShort { turn });
    }
    Ok(Evidence { turn, role, quote: quote.to_owned() })
}

/// The number of words in the text. In scripts without spaces between words, each character counts as one.
fn count_words(text: &str) -> usize {
    let in_word = |word: &str| word.chars().filter(|character| folding::is_unspaced(*character)).count().max(1);
    WordSpans::of(text).map(|range| in_word(text.get(range).unwrap_or_default())).sum()
}

#[cfg(test)]
mod tests;
