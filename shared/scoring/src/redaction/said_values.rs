//! What was redacted so far, so that it is known when it is said again: a card is read back in pieces, a password is
//! repeated.
//!
//! **Invariant:** what is known only adds to what is found, so that a text in which nothing more is found stays as it
//! is.

use super::pii_kind::PiiKind;
use super::tokens::{TokenKind, TurnTokens};

/// Fewer digits may be any number.
const FEWEST_DIGITS: usize = 4;
/// At most so many values are known, the latest ones, so that the work for each number is bounded.
const MOST_VALUES: usize = 16;

/// Values that were redacted.
#[derive(Debug, Default)]
pub(super) struct SaidValues {
    numbers: Vec<(PiiKind, Vec<u8>)>,
    passwords: Vec<Vec<String>>,
}

impl SaidValues {
    /// Remembers the digits of a value, if they are enough to know it by.
    pub(super) fn add_number(&mut self, kind: PiiKind, digits: &[u8]) {
        if digits.len() >= FEWEST_DIGITS && !self.numbers.iter().any(|(_, known)| known == digits) {
            if self.numbers.len() == MOST_VALUES {
                self.numbers.remove(0);
            }
            self.numbers.push((kind, digits.to_vec()));
        }
    }

    /// What these digits are a piece of. Only the numbers of cards, accounts and social security are read back in
    /// pieces.
    pub(super) fn kind_of(&self, digits: &[u8]) -> Option<PiiKind> {
        let is_piece = |(kind, known): &&(PiiKind, Vec<u8>)| {
            let has_pieces = matches!(kind, PiiKind::Card | PiiKind::Account | PiiKind::Ssn);
            known == digits || has_pieces && known.windows(digits.len()).any(|piece| piece == digits)
        };
        (digits.len() >= FEWEST_DIGITS)
            .then(|| self.numbers.iter().rev().find(is_piece))
            .flatten()
            .map(|(kind, _)| *kind)
    }

    /// Remembers the words of a password.
    pub(super) fn add_password(&mut self, words: impl Iterator<Item = String>) {
        let words: Vec<String> = words.collect();
        let is_long = words.iter().map(String::len).sum::<usize>() >= FEWEST_DIGITS;
        if is_long && self.passwords.len() < MOST_VALUES && !self.passwords.contains(&words) {
            self.passwords.push(words);
        }
    }

    /// The end of a password that is said again there.
    pub(super) fn password_end(&self, turn: &TurnTokens, at: usize) -> Option<usize> {
        let is_said =
            |words: &&Vec<String>| words.iter().enumerate().all(|(offset, word)| turn.spelling(at + offset) == word);
        let is_speech = matches!(turn.kind(at)?, TokenKind::Word | TokenKind::Number | TokenKind::Symbol(_));
        is_speech.then(|| self.passwords.iter().find(is_said)).flatten().map(|words| at + words.len())
    }
}
