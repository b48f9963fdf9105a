//! Whether the embedded scorer supports the language of a call: English, in all its varieties.
//!
//! Which language it is need not be known, only whether it is surely not English. Neighbours in a family (Norwegian and Danish)
//! make a detector of languages unsure, though neither is English. So each word is evidence for English or against it, and the sum
//! decides.
//!
//! **Invariant:** a language that the producer declares is believed. Otherwise a call is refused only where there is enough text and
//! it is surely not English: names, numbers and a few words of another language do not make it so.

mod script;
mod words;

use domain::{Call, Role};

use crate::language_tag::DeclaredLanguage;
use crate::tokenizer::{WordSpans, fold_into, punctuation_after};
use script::{is_combining, is_latin};
use words::WordOrigin;

/// Texts with fewer letters than this are accepted: a name and an address may be that long.
const FEWEST_LETTERS: usize = 40;
/// A letter of another script than Latin says as much as so many letters: most scripts write no or few vowels, some whole
/// syllables, and none of them English.
const LATIN_LETTERS_FOR_ANOTHER: usize = 4;

/// A text whose evidence is below this is not English. The weights below are in tenths of a word that only English has. Of 1,746
/// English dialogues, cut to 40 letters anywhere, none is refused; of 11,947 texts of programs in 90 other languages that are
/// written in Latin letters, cut likewise, 1 in 44 is accepted, mostly for commands and names in them, and of 80 letters 1 in 280.
const LEAST_EVIDENCE: i64 = -8;
/// A letter of a script that does not write English.
const OTHER_LETTER_WEIGHT: i64 = -2;

/// Whether the scorer supports the language of the call: the declared one, or else the detected one.
#[must_use]
pub fn supports(call: &Call) -> bool {
    match DeclaredLanguage::of(call.language.as_deref()) {
        DeclaredLanguage::English => true,
        DeclaredLanguage::Other => false,
        DeclaredLanguage::Unstated => !is_foreign(call),
    }
}

fn is_foreign(call: &Call) -> bool {
    let mut evidence = Evidence::default();
    for turn in call.transcript.iter().filter(|turn| turn.role != Role::Other) {
        evidence.add(&turn.text);
    }
    evidence.is_foreign()
}

/// What the words of a text say about its language.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    /// The sum over all words, above 0 for English.
    sum: i64,
    latin_letters: usize,
    other_letters: usize,
}

impl Evidence {
    fn add(&mut self, text: &str) {
        let mut starts_sentence = true;
        let mut folded = String::new();
        for range in WordSpans::of(text) {
            let word = text.get(range.clone()).unwrap_or_default();
            folded.clear();
            fold_into(&mut folded, word);
            let letters = |is_counted: fn(char) -> bool| word.chars().filter(|letter| is_counted(*letter)).count();
            let latin = letters(|letter| letter.is_alphabetic() && is_latin(letter));
            let other = letters(|letter| letter.is_alphabetic() && !is_latin(letter) && !is_combining(letter));
            self.latin_letters += latin;
            self.other_letters += other;
            if other == 0 {
                self.sum += weight(WordOrigin::of(word, &folded, starts_sentence));
            } else {
                self.sum += OTHER_LETTER_WEIGHT * i64::try_from(other).unwrap_or(i64::MAX / 4);
            }
            starts_sentence = punctuation_after(text, &range).ends_sentence();
        }
    }

    const fn is_foreign(self) -> bool {
        let letters = self.latin_letters + LATIN_LETTERS_FOR_ANOTHER * self.other_letters;
        letters >= FEWEST_LETTERS && (self.sum < LEAST_EVIDENCE || self.other_letters > self.latin_letters)
    }
}

/// The evidence of a word for English, in tenths.
const fn weight(origin: WordOrigin) -> i64 {
    match origin {
        WordOrigin::English => 10,
        WordOrigin::EnglishInflected => 5,
        WordOrigin::Shared => 1,
        WordOrigin::Symbol => 0,
        WordOrigin::Name => -2,
        WordOrigin::Unknown => -6,
        WordOrigin::Foreign => -10,
    }
}

#[cfg(test)]
mod tests;
