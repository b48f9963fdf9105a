//! Folds a quote and a turn to the spelling in which the two are compared.
//!
//! | written | compared as |
//! |---|---|
//! | letters of any case | lower case of the upper case: `ß`, `ẞ`, `SS` are `ss`; `ς` is `σ` |
//! | any white space, of any length | one space; none at the ends |
//! | `‘ ’ ‚ ‛ ′ ʼ ‹ › ´` and the back quote | `'` |
//! | `“ ” „ ‟ ″ « »` | `"` |
//! | `‐ ‑ ‒ – — ― − ﹘ ﹣ －` | `-` |
//! | `…` | `...` |
//! | soft hyphens, zero-width and direction marks, controls | nothing |
//!
//! Letters and their accents are compared as they are written: composed and decomposed spellings (NFC, NFD) stay
//! different. The tables that normalise them would cost more than asking the model again, and hardly any recogniser
//! writes decomposed letters.
//!
//! **Invariant:** a match begins and ends where a character of the text begins and ends, and never within a word.

use std::ops::Range;

/// Is put at both ends of every word, so that a search finds whole words only. No folded text contains it otherwise.
const WORD_BOUNDARY: char = '\n';

/// A folded text that knows which bytes each of its characters was folded from.
#[derive(Debug, Default)]
pub(super) struct FoldedText {
    text: String,
    /// For each character of the folded text: its byte offset, and the bytes it was folded from.
    origins: Vec<(usize, Range<usize>)>,
}

/// The class of a character, as far as boundaries of words are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CharClass {
    Word,
    /// A character that is a word by itself.
    Unspaced,
    Other,
}

impl FoldedText {
    pub(super) fn of(source: &str) -> Self {
        let mut folded = Self::default();
        let (mut before, mut gap) = (CharClass::Other, None);
        for (start, character) in source.char_indices().filter(|(_, character)| !is_invisible(*character)) {
            let origin = start..start + character.len_utf8();
            if character.is_whitespace() {
                before = folded.end_word(before, start);
                gap = Some(origin);
                continue;
            }
            if let Some(space) = gap.take().filter(|_| !folded.text.is_empty()) {
                folded.push(' ', space);
            }
            for character in fold(character) {
                let class = char_class(character, before, source.get(origin.end..).unwrap_or_default());
                if is_boundary(before, class) {
                    folded.push(WORD_BOUNDARY, start..start);
                }
                folded.push(character, origin.clone());
                before = class;
            }
        }
        folded.end_word(before, source.len());
        folded
    }

    fn end_word(&mut self, before: CharClass, end: usize) -> CharClass {
        if before != CharClass::Other {
            self.push(WORD_BOUNDARY, end..end);
        }
        CharClass::Other
    }

    fn push(&mut self, character: char, origin: Range<usize>) {
        self.origins.push((self.text.len(), origin));
        self.text.push(character);
    }

    /// The original bytes of the first occurrence of the other text, if that is not empty.
    pub(super) fn find(&self, other: &Self) -> Option<Range<usize>> {
        let start = if other.text.is_empty() { None } else { self.text.find(&other.text) }?;
        self.origin(start..start + other.text.len())
    }

    /// The words, each with the bytes it was folded from.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let mut offset = 0;
        self.text.split(WORD_BOUNDARY).filter_map(move |part| {
            let start = offset;
            offset += part.len() + WORD_BOUNDARY.len_utf8();
            part.starts_with(char::is_alphanumeric).then_some(())?;
            Some((part, self.origin(start..start + part.len())?))
        })
    }

    /// The original bytes of a part of the folded text.
    fn origin(&self, folded: Range<usize>) -> Option<Range<usize>> {
        let index = |offset| self.origins.partition_point(|(start, _)| *start < offset);
        let origins = self.origins.get(index(folded.start)..index(folded.end))?;
        let mut written = origins.iter().map(|(_, origin)| origin).filter(|origin| !origin.is_empty());
        let first = written.next()?;
        Some(first.start..written.next_back().unwrap_or(first).end)
    }
}

/// The class of a folded character. Apostrophes and accents within a word are part of it.
fn char_class(character: char, before: CharClass, rest: &str) -> CharClass {
    let joins = |next: char| canonical(next).is_alphanumeric() && !is_unspaced(next);
    let goes_on = || rest.chars().find(|next| !is_invisible(*next)).is_some_and(joins);
    if is_unspaced(character) {
        CharClass::Unspaced
    } else if character.is_alphanumeric()
        || before == CharClass::Word && (is_combining_mark(character) || character == '\'' && goes_on())
    {
        CharClass::Word
    } else {
        CharClass::Other
    }
}

const fn is_boundary(before: CharClass, class: CharClass) -> bool {
    !matches!((before, class), (CharClass::Word, CharClass::Word) | (CharClass::Other, CharClass::Other))
}

/// The characters that a character is compared as.
fn fold(character: char) -> impl Iterator<Item = char> {
    let dots = if character == '…' { 3 } else { 0 };
    let cased = (dots == 0).then(|| character.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
    std::iter::repeat_n('.', dots).chain(cased.into_iter().flatten().map(canonical))
}

/// The one form of a character that is written in several ways.
const fn canonical(character: char) -> char {
    match character {
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '‹' | '›' | '´' | '`' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹘' | '﹣' | '－' => '-',
        'ς' => 'σ',
        _ => character,
    }
}

/// Whether the character cannot be seen and is no white space: controls, marks without width or of direction, variation
/// selectors, fillers and tags.
#[must_use]
pub const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}' | '\u{34f}'
            | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

const fn is_combining_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Whether the character belongs to a script that puts no spaces between words: Thai, Lao, Burmese, Khmer, Japanese,
/// Chinese. There, each character counts as a word.
#[must_use]
pub const fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}'
            | '\u{20000}'..='\u{3ffff}'
    )
}
