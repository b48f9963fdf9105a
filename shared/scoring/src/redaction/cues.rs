//! What words say about the numbers and names that follow them. The phrases are in `cues.txt`.
//!
//! **Invariant:** placeholders of an earlier redaction are no cue, so that redacting again finds the same cues.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::tokens::{TokenKind, TurnTokens};

const FILE: &str = include_str!("cues.txt");

/// What a phrase is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    Card,
    /// A card, and not its number.
    SomeCard,
    Cvv,
    Expiry,
    Pin,
    Code,
    /// A code that may be of any kind.
    SomeCode,
    /// That a code was sent.
    CodeSent,
    Password,
    Account,
    /// An account that may be of any kind.
    SomeAccount,
    /// That money goes from or to a bank.
    Banking,
    Iban,
    Ssn,
    /// The last digits of whatever is named with them.
    LastFour,
    NationalId,
    BirthDate,
    Address,
    /// An address that may be anybody's, or of another kind.
    SomeAddress,
    /// Where somebody lives or wants something to go.
    LivesAt,
    Postcode,
    Phone,
    /// Something to call: a phone number if it looks like one.
    Call,
    /// The number of something else, or no number.
    Stay,
}

impl Cue {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "card" => Self::Card,
            "some-card" => Self::SomeCard,
            "cvv" => Self::Cvv,
            "expiry" => Self::Expiry,
            "pin" => Self::Pin,
            "code" => Self::Code,
            "some-code" => Self::SomeCode,
            "code-sent" => Self::CodeSent,
            "password" => Self::Password,
            "account" => Self::Account,
            "some-account" => Self::SomeAccount,
            "banking" => Self::Banking,
            "iban" => Self::Iban,
            "ssn" => Self::Ssn,
            "last-four" => Self::LastFour,
            "national-id" => Self::NationalId,
            "birth-date" => Self::BirthDate,
            "address" => Self::Address,
            "some-address" => Self::SomeAddress,
            "lives-at" => Self::LivesAt,
            "postcode" => Self::Postcode,
            "phone" => Self::Phone,
            "call" => Self::Call,
            "stay" => Self::Stay,
            _ => return None,
        })
    }
}

/// A cue in a turn, from its first token to the one before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CueAt {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) cue: Cue,
}

/// The words of a phrase after the first, and its cue.
type Phrase = (Vec<&'static str>, Cue);

/// The phrases by their first word, the longest first.
static PHRASES: LazyLock<BTreeMap<&str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut phrases: BTreeMap<&str, Vec<Phrase>> = BTreeMap::new();
    for line in FILE.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, list)) = line.split_once(": ") else { continue };
        let Some(cue) = Cue::parse(name) else { continue };
        for phrase in list.split(", ") {
            let mut words = phrase.split_ascii_whitespace();
            if let Some(first) = words.next() {
                phrases.entry(first).or_default().push((words.collect(), cue));
            }
        }
    }
    for of_word in phrases.values_mut() {
        of_word.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
    }
    phrases
});

/// The cues of a turn, in order; none overlaps another.
pub(super) fn cues(turn: &TurnTokens) -> Vec<CueAt> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < turn.tokens.len() {
        match longest_phrase(turn, at) {
            Some((end, cue)) => {
                found.push(CueAt { first: at, end, cue });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The end of the longest phrase that begins there, and its cue.
fn longest_phrase(turn: &TurnTokens, at: usize) -> Option<(usize, Cue)> {
    let of_word = PHRASES.get(turn.spelling(at))?;
    of_word.iter().find_map(|(rest, cue)| Some((end_of_words(turn, at + 1, rest)?, *cue)))
}

/// The end of these words, if they stand there, with nothing but a dash or a point between them.
fn end_of_words(turn: &TurnTokens, start: usize, words: &[&str]) -> Option<usize> {
    words.iter().try_fold(start, |at, word| {
        let next = at + usize::from(turn.is_symbol(at, &['-', '.']));
        let is_it =
            matches!(turn.kind(next), Some(TokenKind::Word | TokenKind::Number)) && turn.spelling(next) == *word;
        is_it.then_some(next + 1)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::lexer::lex;
    use super::*;

    fn named(text: &str) -> Vec<Cue> {
        cues(&TurnTokens::of(text, &lex(text), &[])).into_iter().map(|at| at.cue).collect()
    }

    #[test]
    fn every_line_of_the_file_is_read_and_no_phrase_has_two_meanings() {
        let lines = || FILE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert!(lines().all(|line| Cue::parse(line.split_once(": ").unwrap().0).is_some()));
        let mut seen = BTreeSet::new();
        for phrase in lines().flat_map(|line| line.split_once(": ").unwrap().1.split(", ")) {
            assert!(seen.insert(phrase), "{phrase}");
        }
    }

    #[test]
    fn the_longest_phrase_wins_and_names_in_code_are_words() {
        assert_eq!(named("a gift card, no card"), [Cue::Stay, Cue::SomeCard]);
        assert_eq!(named(r#"{"cardNumber": 1, "date_of_birth": 2}"#), [Cue::Card, Cue::BirthDate]);
        assert_eq!(named("one-time code and the driver's license"), [Cue::Code, Cue::NationalId]);
    }
}
