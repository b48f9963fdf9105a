//! Letters and digits that are dictated or typed, one by one or in groups: "g b two nine", `QQ 12 34 56 C`, "b for
//! bravo".

use std::ops::Range;

use super::spoken_numbers::{NumberWord, digit_value};
use super::tokens::{TokenKind, TurnTokens};
use super::word_set::WordSet;

/// A word of letters that is longer is a word, and no part of a number.
const MOST_LETTERS: usize = 5;
/// The names of letters on the radio; each begins with its letter.
static RADIO: WordSet = WordSet::of(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november \
    oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu",
);

/// A letter or a digit, and where it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Character {
    /// An ASCII digit or capital letter.
    pub(super) value: char,
    /// The tokens that say it.
    pub(super) tokens: Range<usize>,
    /// Whether it is typed and not said.
    pub(super) is_typed: bool,
    /// Its bytes; for what is said those of the whole word.
    pub(super) bytes: Range<usize>,
}

/// The letters and digits from that token on, as far as nothing else comes between, and the token after the last of
/// them.
pub(super) fn characters_at(turn: &TurnTokens, text: &str, start: usize) -> (Vec<Character>, usize) {
    let mut reader = CharacterReader { turn, text, read: Vec::new(), end: start, times: 1 };
    let mut at = start;
    while let Some(next) = reader.step(at) {
        at = next;
    }
    (reader.read, reader.end)
}

struct CharacterReader<'t> {
    turn: &'t TurnTokens,
    text: &'t str,
    read: Vec<Character>,
    /// The token after the last one that said a character.
    end: usize,
    /// How often the next character is said: "double five".
    times: usize,
}

impl CharacterReader<'_> {
    /// Reads the token there, and returns the one to read next; `None` where the characters end.
    fn step(&mut self, at: usize) -> Option<usize> {
        let token = self.turn.tokens.get(at)?;
        let (word, next) = (token.spelling.as_str(), at + 1);
        match token.kind {
            TokenKind::Number if self.turn.is_unit(next) => return None,
            TokenKind::Number => self.typed_digits(at, token.bytes.clone()),
            TokenKind::Word => match token.number {
                NumberWord::Digits(_) if self.turn.is_unit(next) => return None,
                NumberWord::Digits(digits) => self.say(digits, at..next, token.bytes.clone()),
                NumberWord::Oh => self.say("0", at..next, token.bytes.clone()),
                NumberWord::Repeat(_) if self.times > 1 => return None,
                NumberWord::Repeat(times) => {
                    self.times = times;
                    return Some(next);
                }
                NumberWord::Dash | NumberWord::Filler if !self.read.is_empty() => {}
                _ if is_letters(self.turn, at) => {
                    self.letters(at, word, token.bytes.start, word.len() > 1 || token.is_upper);
                    self.end = end_of_spelling(self.turn, at).unwrap_or(next);
                    return Some(self.end);
                }
                _ if RADIO.contains(word) => {
                    self.say(&word.chars().take(1).collect::<String>(), at..next, token.bytes.clone());
                }
                _ => return None,
            },
            TokenKind::Symbol('-' | '.' | ',' | '/' | '#') if !self.read.is_empty() => {}
            TokenKind::Symbol(_) | TokenKind::Redacted(_) => return None,
        }
        self.times = 1;
        Some(next)
    }

    /// Adds the characters that a spoken word stands for.
    fn say(&mut self, values: &str, tokens: Range<usize>, bytes: Range<usize>) {
        self.end = tokens.end;
        for value in values.chars() {
            for _ in 0..self.times {
                let value = value.to_ascii_uppercase();
                self.read.push(Character { value, tokens: tokens.clone(), is_typed: false, bytes: bytes.clone() });
            }
        }
    }

    fn typed_digits(&mut self, at: usize, bytes: Range<usize>) {
        let digits = self.text.get(bytes.clone()).unwrap_or_default();
        for (offset, digit) in digits.char_indices() {
            let from = bytes.start + offset;
            let value = digit_value(digit).map_or('0', |value| char::from(b'0' + value));
            let bytes = from..from + digit.len_utf8();
            self.read.push(Character { value, tokens: at..at + 1, is_typed: true, bytes });
        }
        self.end = at + 1;
    }

    fn letters(&mut self, at: usize, word: &str, start: usize, is_typed: bool) {
        for (offset, letter) in word.char_indices() {
            let (value, bytes) = (letter.to_ascii_uppercase(), start + offset..start + offset + 1);
            let said = Character { value, tokens: at..at + 1, is_typed, bytes };
            self.read.extend(std::iter::repeat_n(said, self.times));
        }
        self.times = 1;
    }
}

/// Whether the word there is one letter, or a few that are stuck to digits or in capitals.
fn is_letters(turn: &TurnTokens, at: usize) -> bool {
    let Some(token) = turn.tokens.get(at) else { return false };
    let is_stuck = token.is_glued && at.checked_sub(1).is_some_and(|before| turn.is_digits(before))
        || turn.is_glued(at + 1) && turn.is_digits(at + 1);
    let length = token.spelling.len();
    // "I" is a word where another word follows.
    let is_pronoun = token.spelling == "i" && !turn.is_glued(at) && turn.spelling(at + 1).len() > 1;
    !is_pronoun
        && token.spelling.bytes().all(|byte| byte.is_ascii_lowercase())
        && (length == 1 || length <= MOST_LETTERS && (is_stuck || token.is_upper))
}

/// The end of "b for bravo" or "b as in boy" that begins there.
fn end_of_spelling(turn: &TurnTokens, at: usize) -> Option<usize> {
    let letter = turn.spelling(at).chars().next()?;
    let link = at + 1 + usize::from(turn.is_symbol(at + 1, &[',']));
    let word = match turn.spelling(link) {
        "as" if turn.spelling(link + 1) == "in" => link + 2,
        "for" | "like" => link + 1,
        _ => return None,
    };
    turn.spelling(word).starts_with(letter).then_some(word + 1)
}
