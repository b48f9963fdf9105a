//! Puts a text together, sentence by sentence, and cuts it where no quotation is torn.
//!
//! **Invariant:** a quotation, which includes its claim, is in the text as a whole or not at all.

use std::ops::Range;

use super::claim::{is_closing_bracket, is_opening_bracket, is_punctuation};
use super::marks::{is_any_mark, is_mark, push_visible};

/// Titles and the like that are written with a full stop in the middle of a sentence. Single letters are such, too.
const ABBREVIATIONS: &[&str] = &["mr", "mrs", "ms", "dr", "prof", "vs", "approx"];

/// A text that is being put together.
#[derive(Debug, Default)]
pub(super) struct Prose {
    text: Vec<char>,
    /// The indices after the sentences.
    ends: Vec<usize>,
    quotations: Vec<Range<usize>>,
    /// Where the sentence begins that is being written.
    sentence: usize,
    is_wrong: bool,
}

impl Prose {
    pub(super) fn push(&mut self, character: char) {
        push_visible(&mut self.text, character);
    }

    /// Appends what cannot be cut.
    pub(super) fn push_quotation(&mut self, quotation: &str) {
        let start = self.text.len();
        self.text.extend(quotation.chars());
        self.quotations.push(start..self.text.len());
    }

    /// Says that the sentence which is being written has to go.
    pub(super) const fn reject_sentence(&mut self) {
        self.is_wrong = true;
    }

    /// Ends the sentence that is being written. One without a letter is none yet: it is the number of an item.
    pub(super) fn end_sentence(&mut self) {
        let mut sentence = self.text.iter().skip(self.sentence);
        if !self.is_wrong && !sentence.any(|character| character.is_alphabetic()) {
            return;
        }
        if self.is_wrong {
            self.text.truncate(self.sentence);
            self.quotations.retain(|quotation| quotation.start < self.sentence);
            self.is_wrong = false;
        } else {
            self.ends.push(self.text.len());
        }
        self.sentence = self.text.len();
    }

    /// The text of at most so many characters: up to its last whole sentence if that is at least half of them, else up to a word.
    pub(super) fn cut(mut self, longest: usize) -> Vec<char> {
        trim(&mut self.text);
        if self.text.len() <= longest {
            return self.text;
        }
        let sentences = self.ends.iter().copied().rfind(|end| *end <= longest).unwrap_or_default();
        if sentences >= longest.div_ceil(2) {
            self.text.truncate(sentences);
            trim(&mut self.text);
            return self.text;
        }
        // The ellipsis takes the place of one character.
        let most = longest.saturating_sub(1);
        let is_whole = |at: &usize| !self.quotations.iter().any(|torn| torn.start < *at && *at < torn.end);
        let is_space = |at: &usize| self.text.get(*at).is_some_and(|character| character.is_whitespace());
        let words = (1..=most).rev().filter(is_whole).find(is_space);
        let end = words.or_else(|| (1..=most).rev().find(is_whole)).unwrap_or_default();
        self.text.truncate(end);
        trim(&mut self.text);
        if !self.text.is_empty() {
            self.text.push('…');
        }
        self.text
    }

    /// The text with no marks but those of the quotations; apostrophes go, too. It counts as one sentence.
    pub(super) fn without_marks(&self) -> Self {
        let mut bare = Self::default();
        let mut at = 0;
        for quotation in &self.quotations {
            bare.push_unmarked(self.text.get(at..quotation.start).unwrap_or_default());
            let quotation = quotation.clone();
            at = quotation.end;
            bare.push_quotation(&self.text.get(quotation).unwrap_or_default().iter().collect::<String>());
        }
        bare.push_unmarked(self.text.get(at..).unwrap_or_default());
        bare
    }

    fn push_unmarked(&mut self, text: &[char]) {
        text.iter().filter(|character| !is_any_mark(**character)).for_each(|character| self.push(*character));
    }
}

fn trim(text: &mut Vec<char>) {
    while text.last().is_some_and(|last| last.is_whitespace()) {
        text.pop();
    }
}

/// Whether a sentence has ended before the index, where a passage may begin. The text from `start` up to there is outside of
/// passages.
pub(super) fn ends_before(text: &[char], start: usize, at: usize, is_passage: bool) -> bool {
    let Some(&next) = text.get(at) else { return false };
    if next == '\n' {
        return true;
    }
    let is_around = |character: char| is_closing_bracket(character) || is_mark(character);
    if !is_passage && (is_end(next) || is_around(next)) {
        return false;
    }
    let before = text.get(start..at).unwrap_or_default();
    let length = before.iter().rposition(|character| !is_around(*character)).map_or(0, |last| last + 1);
    match before.get(..length).and_then(<[char]>::split_last) {
        Some((end, _)) if is_unspaced_end(*end) => true,
        Some(('.', words)) => next.is_whitespace() && !is_abbreviated(words),
        Some((end, _)) => next.is_whitespace() && is_end(*end),
        None => false,
    }
}

/// Whether the passage ends a sentence of its own, so that the sentence around it may have ended with it.
pub(super) fn is_sentence(passage: &[char]) -> bool {
    let last = passage.iter().rfind(|character| !is_any_mark(**character) && !character.is_whitespace());
    last.is_some_and(|last| is_end(*last))
}

/// Whether a sentence begins with the next word of the text: it is apart from what is before and has an upper-case letter.
pub(super) fn begins_sentence(text: &[char]) -> bool {
    let is_before = |character: char| {
        character.is_whitespace()
            || is_any_mark(character)
            || is_opening_bracket(character)
            || is_closing_bracket(character)
    };
    let word = text.iter().position(|character| !is_before(*character)).unwrap_or(text.len());
    let is_apart = text.iter().take(word).any(|character| character.is_whitespace());
    is_apart && text.get(word).is_some_and(|first| first.is_uppercase())
}

/// Whether punctuation can be moved to the beginning of the text: not where there is other punctuation, where it would end a
/// sentence that goes on, nor where it would end none at the end of the text.
pub(super) fn fits(punctuation: char, text: &[char]) -> bool {
    let is_last = text.iter().all(|character| character.is_whitespace());
    if text.first().is_some_and(|next| is_punctuation(*next)) {
        false
    } else if is_unspaced_end(punctuation) {
        true
    } else if is_end(punctuation) {
        is_last || begins_sentence(text)
    } else {
        !is_last
    }
}

/// Whether the full stop after these characters belongs to the last word.
fn is_abbreviated(before: &[char]) -> bool {
    let start = before.iter().rposition(|character| !character.is_alphabetic()).map_or(0, |last| last + 1);
    let word = before.get(start..).unwrap_or_default();
    let spelled: String = word.iter().flat_map(|character| character.to_lowercase()).collect();
    word.len() == 1 || ABBREVIATIONS.contains(&spelled.as_str())
}

pub(super) const fn is_end(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…' | '؟' | '۔' | '।') || is_unspaced_end(character)
}

/// Whether a sentence ends here although no white space follows.
const fn is_unspaced_end(character: char) -> bool {
    matches!(character, '。' | '！' | '？')
}
