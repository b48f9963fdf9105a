//! Puts right what is plainly meant: a quote that was said, under a wrong turn or role, or too short to show anything.
//!
//! **Invariant:** what is put right would be accepted as a quote, and holds the words that were quoted. Nothing is guessed: words that
//! nobody said stay rejected.

use std::ops::Range;

use domain::{Evidence, Role, Turn};

use super::folding::FoldedText;
use super::{FEWEST_WORDS, QuoteError, QuoteErrorKind, count_words, find, verify};

/// A sentence with more words than this is not taken for a short quote.
const MOST_WORDS: usize = 40;

/// Verifies a quote like [`verify`], and puts it right without asking where it was said as it stands: under the role that really
/// speaks in its turn; in the turn of at least [`FEWEST_WORDS`] of its words, of that role if it can be, the nearest one first; and, when
/// it is shorter than that, with the rest of its sentence. Turns that are not shown are not looked at. Fails like [`verify`].
pub fn settle(
    transcript: &[Turn],
    turn: usize,
    role: Role,
    quote: &str,
    is_shown: impl Fn(usize) -> bool,
) -> Result<Evidence, QuoteError> {
    let error = match verify(transcript, turn, role, quote) {
        Err(error) => error,
        proven => return proven,
    };
    let settled = match error.kind {
        QuoteErrorKind::TooShort { turn } => extended(transcript, turn, quote),
        QuoteErrorKind::WrongRole { turn, speaker, .. } => match find(transcript, turn, speaker, quote) {
            Ok(evidence) => Some(evidence),
            Err(QuoteErrorKind::TooShort { turn }) => extended(transcript, turn, quote),
            Err(_) => elsewhere(transcript, turn, role, quote, is_shown),
        },
        QuoteErrorKind::NotInTurn { .. } | QuoteErrorKind::NoSuchTurn { .. } => {
            elsewhere(transcript, turn, role, quote, is_shown)
        }
    };
    settled.ok_or(error)
}

/// The quote in another turn.
fn elsewhere(
    transcript: &[Turn],
    turn: usize,
    role: Role,
    quote: &str,
    is_shown: impl Fn(usize) -> bool,
) -> Option<Evidence> {
    if count_words(quote) < FEWEST_WORDS {
        return None;
    }
    let said = transcript.iter().enumerate().filter(|(index, _)| is_shown(*index));
    let found = said.filter_map(|(index, said)| find(transcript, index, said.role, quote).ok());
    found.min_by_key(|evidence| (evidence.role != role, evidence.turn.abs_diff(turn)))
}

/// The sentence of the turn that the quote is in, with the next ones as long as it is too short.
fn extended(transcript: &[Turn], turn: usize, quote: &str) -> Option<Evidence> {
    let said = transcript.get(turn)?;
    let range = FoldedText::of(&said.text).find(&FoldedText::of(quote))?;
    let sentences = sentences(&said.text);
    let mut first = sentences.iter().rposition(|sentence| sentence.start <= range.start)?;
    let mut last = sentences.iter().position(|sentence| sentence.end >= range.end)?;
    loop {
        let text = said.text.get(sentences.get(first)?.start..sentences.get(last)?.end)?.trim();
        let words = count_words(text);
        if words > MOST_WORDS {
            return None;
        }
        if words >= FEWEST_WORDS || (first == 0 && last + 1 == sentences.len()) {
            return find(transcript, turn, said.role, text).ok();
        }
        if last + 1 < sentences.len() { last += 1 } else { first -= 1 }
    }
}

/// The sentences of a text: a mark that ends one is followed by a space or the end, in East Asian scripts by anything.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let end = at + character.len_utf8();
        let is_last = characters.peek().is_none_or(|(_, next)| next.is_whitespace());
        if matches!(character, '。' | '！' | '？') || (matches!(character, '.' | '!' | '?' | '…') && is_last) {
            sentences.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        sentences.push(start..text.len());
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &[(Role, &str)] = &[
        (Role::Agent, "Good morning. Anything else?  I can look it up. Bye"),
        (Role::Customer, "no that was all thank you"),
        (Role::Agent, "Okay."),
        (Role::Customer, "That was all thank you very much"),
        (Role::Agent, "that was all thank you"),
    ];

    fn settled(turn: usize, role: Role, quote: &str) -> Option<(usize, Role, String)> {
        let turns: Vec<Turn> = SAID
            .iter()
            .map(|(role, text)| Turn { role: *role, text: (*text).to_owned(), start_ms: None, end_ms: None })
            .collect();
        settle(&turns, turn, role, quote, |index| index != 3).ok().map(|one| (one.turn, one.role, one.quote))
    }

    #[track_caller]
    fn assert_settled(claimed: (usize, Role, &str), turn: usize, role: Role, quote: &str) {
        let (claimed_turn, claimed_role, claimed_quote) = claimed;
        let settled = settled(claimed_turn, claimed_role, claimed_quote);
        assert_eq!(settled, Some((turn, role, quote.to_owned())));
    }

    #[test]
    fn a_short_quote_is_extended_to_its_sentence_and_on_until_it_shows_something() {
        assert_settled((0, Role::Agent, "look it"), 0, Role::Agent, "I can look it up.");
        assert_settled((0, Role::Agent, "anything else?"), 0, Role::Agent, "Anything else?  I can look it up.");
        assert_settled((0, Role::Agent, "bye"), 0, Role::Agent, "I can look it up. Bye");
        assert_settled((2, Role::Agent, "okay"), 2, Role::Agent, "Okay");
        assert_settled((0, Role::Customer, "Anything else"), 0, Role::Agent, "Anything else?  I can look it up.");
    }

    #[test]
    fn a_quote_under_a_wrong_role_or_turn_is_moved_to_where_it_was_said() {
        assert_settled((1, Role::Agent, "no that was all"), 1, Role::Customer, "no that was all");
        assert_settled((0, Role::Customer, "was all thank you"), 1, Role::Customer, "was all thank you");
        assert_settled((2, Role::Agent, "was all thank you"), 4, Role::Agent, "was all thank you");
        assert_settled((99, Role::Agent, "I can look it up"), 0, Role::Agent, "I can look it up");
    }

    #[test]
    fn what_nobody_said_and_what_was_not_shown_stay_rejected() {
        assert_eq!(settled(0, Role::Agent, "I cannot look it up"), None);
        assert_eq!(settled(1, Role::Customer, "all thank you very much"), None, "turn 3 is not shown");
        assert_eq!(settled(1, Role::Customer, "anything else"), None, "two words are said in any call");
        assert_eq!(settled(0, Role::Agent, "orning. Any"), None, "no whole words");
        assert_eq!(settled(0, Role::Agent, ""), None);
    }
}
