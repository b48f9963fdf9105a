//! A text as words, numbers and what stands between them.
//!
//! **Invariant:** the tokens of a text cover it, in order and without gaps.

use std::ops::Range;

use super::PiiKind;
use super::speech::decimal;

/// A bracket that is not closed within so many bytes is punctuation, not a transcriber's mark.
const LONGEST_MARK_BYTES: usize = 40;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with apostrophes in between.
    Word,
    /// Decimal digits of any script.
    Number,
    /// White space, and what cannot be seen.
    Space,
    /// A transcriber's mark such as `[noise]`.
    Noise,
    /// A placeholder such as `[CARD]`, from an earlier redaction.
    Redacted,
    /// Any other character; dashes of every kind are `-`.
    Symbol(char),
}

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) bytes: Range<usize>,
}

/// A stretch of a turn's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) turn: usize,
    pub(super) bytes: Range<usize>,
}

/// The tokens of a text.
pub(super) fn lex(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let (kind, length) = match first {
            _ if decimal(first).is_some() => (Kind::Number, length_while(rest, |c| decimal(c).is_some())),
            _ if is_letter(first) => (Kind::Word, word_length(rest)),
            _ if is_space(first) => (Kind::Space, length_while(rest, is_space)),
            '[' | '<' => mark(rest).unwrap_or((Kind::Symbol(first), 1)),
            _ => (Kind::Symbol(if is_dash(first) { '-' } else { first }), first.len_utf8()),
        };
        tokens.push(Token { kind, bytes: start..start + length });
        start += length;
    }
    tokens
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character)).unwrap_or(text.len())
}

fn word_length(text: &str) -> usize {
    let mut length = length_while(text, is_letter);
    while let Some(next) = text[length..].strip_prefix(['\'', '\u{2019}']).filter(|next| next.starts_with(is_letter)) {
        length = text.len() - next.len() + length_while(next, is_letter);
    }
    length
}

/// The annotation or the placeholder that the text begins with.
fn mark(text: &str) -> Option<(Kind, usize)> {
    if let Some(kind) = PiiKind::ALL.iter().find(|kind| text.starts_with(kind.placeholder())) {
        return Some((Kind::Redacted, kind.placeholder().len()));
    }
    let close = text.bytes().take(LONGEST_MARK_BYTES).position(|byte| matches!(byte, b']' | b'>'))?;
    let says_words = text[1..close].chars().all(|inside| is_letter(inside) || is_space(inside) || inside == '_');
    says_words.then_some((Kind::Noise, close + 1))
}

fn is_letter(character: char) -> bool {
    character.is_alphanumeric() && decimal(character).is_none() || matches!(character, '\u{300}'..='\u{36f}')
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
    fn texts_are_words_numbers_and_what_stands_between() {
        let kinds = |text: &str| lex(text).into_iter().map(|token| token.kind).collect::<Vec<_>>();
        assert_eq!(kinds("it's ４2–7"), [Kind::Word, Kind::Space, Kind::Number, Kind::Symbol('-'), Kind::Number]);
        assert_eq!(kinds("[noise]<unk>[CARD]"), [Kind::Noise, Kind::Noise, Kind::Redacted]);
        assert_eq!(kinds("[12]"), [Kind::Symbol('['), Kind::Number, Kind::Symbol(']')]);
    }

    proptest! {
        #[test]
        fn tokens_cover_their_text(text in prop_oneof![any::<String>(), "[a-z0-9 \\[\\]<>'’@.-]{0,40}"]) {
            let mut end = 0;
            for token in lex(&text) {
                prop_assert_eq!(token.bytes.start, end);
                prop_assert!(token.bytes.end > end && text.get(token.bytes.clone()).is_some());
                end = token.bytes.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }
}
