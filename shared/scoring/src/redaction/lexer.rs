//! Splits a text into lexemes: words, numbers, white space, annotations and symbols.
//!
//! **Invariant:** the lexemes of a text cover it, in order and without gaps.

use std::ops::Range;

use super::pii_kind::PiiKind;
use super::spoken_numbers::digit_value;

/// A bracket that is not closed within so many bytes is punctuation, not a transcriber's annotation.
const LONGEST_ANNOTATION_BYTES: usize = 40;

/// The kinds of lexemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LexemeKind {
    /// Letters, with apostrophes in between.
    Word,
    /// Decimal digits of any script.
    Number,
    /// White space, and what cannot be seen.
    Space,
    /// An annotation such as `[noise]`.
    Annotation,
    /// A placeholder such as `[CARD]`, from an earlier redaction.
    Redacted,
    /// Any other character; dashes of every kind are `-`.
    Symbol(char),
}

/// A part of a text, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub(super) kind: LexemeKind,
    pub(super) bytes: Range<usize>,
}

impl Lexeme {
    /// Its text, in the text that it was split from.
    #[expect(clippy::string_slice, reason = "a lexeme's bytes are whole characters of the text that it was split from")]
    pub(super) fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.bytes.clone()]
    }
}

/// A byte range in the text of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TurnSpan {
    pub(super) turn: usize,
    pub(super) bytes: Range<usize>,
}

/// The lexemes of a text.
#[expect(clippy::string_slice, reason = "each lexeme ends where its last character does")]
pub(super) fn lex(text: &str) -> Vec<Lexeme> {
    let mut lexemes = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let (kind, length) = match first {
            _ if digit_value(first).is_some() => (LexemeKind::Number, length_while(rest, |c| digit_value(c).is_some())),
            _ if is_letter(first) => (LexemeKind::Word, word_length(rest)),
            _ if is_space(first) => (LexemeKind::Space, length_while(rest, is_space)),
            '[' | '<' => bracketed(rest).unwrap_or((LexemeKind::Symbol(first), 1)),
            _ => (LexemeKind::Symbol(if is_dash(first) { '-' } else { first }), first.len_utf8()),
        };
        lexemes.push(Lexeme { kind, bytes: start..start + length });
        start += length;
    }
    lexemes
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character)).unwrap_or(text.len())
}

fn word_length(text: &str) -> usize {
    let mut length = length_while(text, is_letter);
    let next_letters =
        |length| text.get(length..)?.strip_prefix(['\'', '\u{2019}']).filter(|next: &&str| next.starts_with(is_letter));
    while let Some(next) = next_letters(length) {
        length = text.len() - next.len() + length_while(next, is_letter);
    }
    length
}

/// The annotation or the placeholder that the text begins with.
fn bracketed(text: &str) -> Option<(LexemeKind, usize)> {
    if let Some(kind) = PiiKind::ALL.iter().find(|kind| text.starts_with(kind.placeholder())) {
        return Some((LexemeKind::Redacted, kind.placeholder().len()));
    }
    let close = text.bytes().take(LONGEST_ANNOTATION_BYTES).position(|byte| matches!(byte, b']' | b'>'))?;
    let says_words = text.get(1..close)?.chars().all(|inside| is_letter(inside) || is_space(inside) || inside == '_');
    says_words.then_some((LexemeKind::Annotation, close + 1))
}

fn is_letter(character: char) -> bool {
    character.is_alphanumeric() && digit_value(character).is_none() || matches!(character, '\u{300}'..='\u{36f}')
}

const fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

const fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_split_into_lexemes() {
        let kinds = |text: &str| lex(text).into_iter().map(|lexeme| lexeme.kind).collect::<Vec<_>>();
        assert_eq!(
            kinds("it's ４2–7"),
            [LexemeKind::Word, LexemeKind::Space, LexemeKind::Number, LexemeKind::Symbol('-'), LexemeKind::Number]
        );
        assert_eq!(kinds("[noise]<unk>[CARD]"), [LexemeKind::Annotation, LexemeKind::Annotation, LexemeKind::Redacted]);
        assert_eq!(kinds("[12]"), [LexemeKind::Symbol('['), LexemeKind::Number, LexemeKind::Symbol(']')]);
    }

    proptest! {
        #[test]
        fn tokens_cover_their_text(text in prop_oneof![any::<String>(), "[a-z0-9 \\[\\]<>'’@.-]{0,40}"]) {
            let mut end = 0;
            for lexeme in lex(&text) {
                prop_assert_eq!(lexeme.bytes.start, end);
                prop_assert!(lexeme.bytes.end > end && text.get(lexeme.bytes.clone()).is_some());
                end = lexeme.bytes.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }
}
