//! The spelling in which a quote and a turn are compared.
//!
//! | written | compared as |
//! |---|---|
//! | letters of any case | lower case of the upper case: `ß`, `ẞ`, `SS` are `ss`; `ς` is `σ` |
//! | any white space, of any length | one space; none at the ends |
//! | `‘ ’ ‚ ‛ ′ ʼ ‹ › ´` and the back quote | `'` |
//! | `“ ” „ ‟ ″ « »` | `"` |
//! | `‐ ‑ ‒ – — ― − ﹘ ﹣ －` | `-` |
//! | `…` | `...` |
//! | soft hyphens, zero-width and direction marks | nothing |
//!
//! Letters and their accents are compared as they are written: composed and decomposed spellings (NFC, NFD) stay different,
//! because the tables that would tell cost more than a repair round for a text that hardly any recogniser writes.
//!
//! **Invariant:** a match begins and ends where a character of the text begins and ends, and never within a word.

use std::ops::Range;

/// Stands at every border of a word, so that searching for a text between borders finds nothing else. No folded text holds it.
const BORDER: char = '\n';

/// A folded text that remembers where each of its characters comes from.
#[derive(Debug, Default)]
pub(super) struct Folded {
    text: String,
    /// For each character of the text: its place, and the bytes it was folded from.
    origins: Vec<(usize, Range<usize>)>,
}

/// What comes at a place in a text, as far as borders of words go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// A character that is a word by itself.
    Unspaced,
    Other,
}

impl Folded {
    pub(super) fn of(source: &str) -> Self {
        let mut folded = Self::default();
        let (mut before, mut gap) = (Kind::Other, None);
        for (start, character) in source.char_indices().filter(|(_, character)| !is_dropped(*character)) {
            let origin = start..start + character.len_utf8();
            if character.is_whitespace() {
                before = folded.close_word(before, start);
                gap = Some(origin);
                continue;
            }
            if let Some(space) = gap.take().filter(|_| !folded.text.is_empty()) {
                folded.push(' ', space);
            }
            for character in fold(character) {
                let kind = kind(character, before, &source[origin.end..]);
                if is_border(before, kind) {
                    folded.push(BORDER, start..start);
                }
                folded.push(character, origin.clone());
                before = kind;
            }
        }
        folded.close_word(before, source.len());
        folded
    }

    fn close_word(&mut self, before: Kind, end: usize) -> Kind {
        if before != Kind::Other {
            self.push(BORDER, end..end);
        }
        Kind::Other
    }

    fn push(&mut self, character: char, origin: Range<usize>) {
        self.origins.push((self.text.len(), origin));
        self.text.push(character);
    }

    /// Where the text that was folded first says what the other one says, if that is anything.
    pub(super) fn find(&self, other: &Self) -> Option<Range<usize>> {
        let start = if other.text.is_empty() { None } else { self.text.find(&other.text) }?;
        self.origin(start..start + other.text.len())
    }

    /// The words, each with the bytes it was folded from.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let mut place = 0;
        self.text.split(BORDER).filter_map(move |part| {
            let start = place;
            place += part.len() + BORDER.len_utf8();
            part.starts_with(char::is_alphanumeric).then_some(())?;
            Some((part, self.origin(start..start + part.len())?))
        })
    }

    /// The bytes that a part of the folded text was folded from.
    fn origin(&self, folded: Range<usize>) -> Option<Range<usize>> {
        let index = |place| self.origins.partition_point(|(at, _)| *at < place);
        let origins = self.origins.get(index(folded.start)..index(folded.end))?;
        let mut written = origins.iter().map(|(_, origin)| origin).filter(|origin| !origin.is_empty());
        let first = written.next()?;
        Some(first.start..written.next_back().unwrap_or(first).end)
    }
}

/// What a folded character is to the words around it. Apostrophes and accents within a word are part of it.
fn kind(character: char, before: Kind, rest: &str) -> Kind {
    let joins = |next: char| plain(next).is_alphanumeric() && !is_unspaced(next);
    let goes_on = || rest.chars().find(|next| !is_dropped(*next)).is_some_and(joins);
    if is_unspaced(character) {
        Kind::Unspaced
    } else if character.is_alphanumeric()
        || before == Kind::Word && (is_accent(character) || character == '\'' && goes_on())
    {
        Kind::Word
    } else {
        Kind::Other
    }
}

const fn is_border(before: Kind, kind: Kind) -> bool {
    !matches!((before, kind), (Kind::Word, Kind::Word) | (Kind::Other, Kind::Other))
}

/// The characters that the character is compared as.
fn fold(character: char) -> impl Iterator<Item = char> {
    let dots = if character == '…' { 3 } else { 0 };
    let cased = (dots == 0).then(|| character.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
    std::iter::repeat_n('.', dots).chain(cased.into_iter().flatten().map(plain))
}

/// The plain form of what is written in several ways.
const fn plain(character: char) -> char {
    match character {
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '‹' | '›' | '´' | '`' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹘' | '﹣' | '－' => '-',
        'ς' => 'σ',
        _ => character,
    }
}

/// Whether nobody sees the character.
const fn is_dropped(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

const fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Whether the character belongs to a script that puts no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
pub(super) const fn is_unspaced(character: char) -> bool {
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
