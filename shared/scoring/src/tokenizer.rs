//! The words of a text, each as a byte range. Annotations that transcribers write for what is not speech (`[noise]`,
//! `<unk>`) are skipped.
//!
//! **Invariant:** a word's range lies on character boundaries of its text, and the work is linear in the text's length.

use std::ops::Range;

use crate::contractions::{I_WILL, ILL};

/// A bracket that is not closed within so many bytes is punctuation, not a transcriber's annotation.
const LONGEST_ANNOTATION_BYTES: usize = 40;

/// The punctuation after a word, as far as it separates clauses or sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Punctuation {
    /// None; many recognisers write no punctuation at all.
    None,
    /// A comma, a semicolon or a colon: the sentence goes on.
    Pause,
    /// A full stop.
    Period,
    /// An exclamation mark.
    ExclamationMark,
    /// A question mark.
    QuestionMark,
}

impl Punctuation {
    /// Whether the sentence ends.
    pub(crate) const fn ends_sentence(self) -> bool {
        matches!(self, Self::Period | Self::ExclamationMark | Self::QuestionMark)
    }
}

/// Backchannels: sounds with which a listener shows that they are listening.
const BACKCHANNELS: [&str; 9] = ["mm", "hmm", "hm", "mhm", "uh", "um", "huh", "oh", "ah"];

/// Whether the text holds speech; a lone backchannel ("mm hmm") does not count.
pub(crate) fn has_speech(text: &str) -> bool {
    WordSpans::of(text).any(|word| !is_backchannel(text.get(word).unwrap_or_default()))
}

/// Filler words: sounds that people make while they look for a word.
const FILLER_WORDS: [&str; 7] = ["um", "uh", "umm", "uhm", "er", "erm", "hmm"];

/// Whether the folded word is a filler word.
pub(crate) fn is_filler_word(folded: &str) -> bool {
    FILLER_WORDS.contains(&folded)
}

/// Whether the word is a backchannel.
pub(crate) fn is_backchannel(word: &str) -> bool {
    BACKCHANNELS.iter().any(|sound| sound.eq_ignore_ascii_case(word))
}

/// The byte ranges of the words of a text, in order. An apostrophe within a word is part of it.
#[derive(Debug, Clone)]
pub(crate) struct WordSpans<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> WordSpans<'t> {
    pub(crate) const fn of(text: &'t str) -> Self {
        Self { text, position: 0 }
    }

    /// The text from that byte on.
    fn from(&self, start: usize) -> &'t str {
        self.text.get(start..).unwrap_or_default()
    }

    /// The byte after the word that starts there.
    fn end_of_word(&self, start: usize) -> usize {
        let mut end = start;
        let mut characters = self.from(start).char_indices().peekable();
        while let Some((offset, character)) = characters.next() {
            let joins = is_apostrophe(character) && characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if !character.is_alphanumeric() && !joins {
                break;
            }
            end = start + offset + character.len_utf8();
        }
        end
    }
}

impl Iterator for WordSpans<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while let Some(character) = self.from(self.position).chars().next() {
            let start = self.position;
            if character.is_alphanumeric() {
                self.position = self.end_of_word(start);
                return Some(start..self.position);
            }
            self.position += match character {
                '[' => annotation_length(self.from(start), b']'),
                '<' => annotation_length(self.from(start), b'>'),
                other => other.len_utf8(),
            };
        }
        None
    }
}

/// The length of the annotation that the text starts with, or of its opening bracket alone when it is none.
fn annotation_length(text: &str, close: u8) -> usize {
    text.bytes().take(LONGEST_ANNOTATION_BYTES).position(|byte| byte == close).map_or(1, |position| position + 1)
}

const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{2018}' | '`')
}

/// Appends the word as the lexicon spells it: lower case, without apostrophes but for "i'll", which is another word
/// without it.
pub(crate) fn fold_into(folded: &mut String, word: &str) {
    let start = folded.len();
    for character in word.chars().filter(|character| !is_apostrophe(*character)) {
        if character.is_ascii() {
            folded.push(character.to_ascii_lowercase());
        } else {
            folded.extend(character.to_lowercase());
        }
    }
    if folded.get(start..) == Some(ILL) && word.len() > ILL.len() {
        folded.truncate(start);
        folded.push_str(I_WILL);
    }
}

/// Abbreviations that are written with a full stop in the middle of a sentence: titles before a name, mostly.
const ABBREVIATIONS: [&str; 13] =
    ["mr", "mrs", "ms", "mx", "messrs", "dr", "prof", "rev", "sgt", "capt", "lt", "ext", "approx"];

/// Whether the full stop after a word belongs to the word: in "Mr. Hall", after an initial in "p.m.", "U.S." and
/// "e.g.", and after the last one of those if the sentence goes on in lower case.
fn is_abbreviated(text: &str, word: &Range<usize>) -> bool {
    let spelled = text.get(word.clone()).unwrap_or_default();
    let mut rest = text.get(word.end..).unwrap_or_default().chars();
    if rest.next() != Some('.') {
        return false;
    }
    let next = rest.clone().find(|character| !character.is_whitespace());
    if ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(spelled)) {
        return next.is_some_and(char::is_alphanumeric);
    }
    let is_letter = spelled.chars().count() == 1 && spelled.chars().all(char::is_alphabetic);
    let follows_initial = text.get(..word.start).is_some_and(|before| before.ends_with('.'));
    is_letter
        && (is_initial(rest.as_str()) || follows_initial && next.is_some_and(|next| next.is_lowercase() || next == ','))
}

/// Whether the text begins with a single letter and a full stop, as after the "p" in "p.m.".
fn is_initial(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(char::is_alphabetic) && !characters.next().is_some_and(char::is_alphanumeric)
}

/// The punctuation after the word there. A point or a comma between digits does not count, nor does the full stop of an
/// abbreviation.
pub(crate) fn punctuation_after(text: &str, word: &Range<usize>) -> Punctuation {
    let mut punctuation = Punctuation::None;
    let end = word.end + usize::from(is_abbreviated(text, word));
    for character in text.get(end..).unwrap_or_default().chars() {
        match character {
            '?' => return Punctuation::QuestionMark,
            '!' => return Punctuation::ExclamationMark,
            '.' => punctuation = Punctuation::Period,
            ',' | ';' | ':' if punctuation == Punctuation::None => punctuation = Punctuation::Pause,
            other if other.is_numeric() => return Punctuation::None,
            other if other.is_whitespace() && punctuation == Punctuation::None => {}
            other if other.is_whitespace() || other.is_alphanumeric() || matches!(other, '[' | '<') => break,
            _ => {}
        }
    }
    punctuation
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        let fold = |range: Range<usize>| {
            let mut word = String::new();
            fold_into(&mut word, text.get(range).unwrap());
            word
        };
        WordSpans::of(text).map(fold).collect()
    }

    #[test]
    fn words_are_folded_as_the_lexicon_spells_them() {
        assert_eq!(folded("I DON\u{2019}T, 'really' — don't!"), ["i", "dont", "really", "dont"]);
        assert_eq!(folded("Ünder 8:15 o'clock"), ["ünder", "8", "15", "oclock"]);
    }

    #[test]
    fn annotations_are_not_words() {
        for text in ["", "  ", "[noise]", "<unk>", "[noise] <unk> ...", "[background speech]", "—?!", "Mm-hmm."] {
            assert!(!has_speech(text), "{text}");
        }
        assert_eq!(folded("[noise] yes <unk>please"), ["yes", "please"]);
        assert_eq!(folded("[never closed"), ["never", "closed"]);
        assert_eq!(folded(&format!("[{}]", "x".repeat(LONGEST_ANNOTATION_BYTES))).len(), 1);
    }

    #[test]
    fn sentences_end_at_written_punctuation() {
        for (text, expected) in [
            ("yes", Punctuation::None),
            ("yes and", Punctuation::None),
            ("yes, and", Punctuation::Pause),
            ("yes,and", Punctuation::Pause),
            ("yes. and", Punctuation::Period),
            ("yes.And", Punctuation::Period),
            ("yes . And", Punctuation::Period),
            ("yes! ", Punctuation::ExclamationMark),
            ("yes?", Punctuation::QuestionMark),
            ("yes...?", Punctuation::QuestionMark),
            ("yes [what?]", Punctuation::None),
        ] {
            assert_eq!(punctuation_after(text, &(0..3)), expected, "{text}");
        }
        assert_eq!(punctuation_after("350.20", &(0..3)), Punctuation::None);
        assert_eq!(punctuation_after("350,000", &(0..3)), Punctuation::None);
    }

    #[test]
    fn abbreviations_end_no_sentence() {
        let sentences = |text: &str| {
            let ends = |word: &Range<usize>| punctuation_after(text, word).ends_sentence();
            WordSpans::of(text).filter(ends).count()
        };
        for (text, count) in [
            ("Hi Mrs. Okafor, this is Dr. Lind.", 1),
            ("Ask for Prof. Amis or Ms. Roy. They know.", 2),
            ("Ring ext. 212. Then wait.", 2),
            ("Come at 3 p.m. on Monday.", 1),
            ("We open at 9 a.m. and close at 5 p.m.", 1),
            ("It is the U.S. dollar account, e.g. the blue one.", 1),
            ("I saw him. I did. So did I. Yes.", 4),
            ("She is my Dr.", 1),
        ] {
            assert_eq!(sentences(text), count, "{text}");
        }
    }

    #[test]
    fn i_will_keeps_its_apostrophe() {
        assert_eq!(folded("I'll I\u{2019}LL ill we'll"), ["i'll", "i'll", "ill", "well"]);
    }

    proptest! {
        #[test]
        fn words_are_in_order_and_on_character_boundaries(text in any::<String>()) {
            let mut last = 0;
            for range in WordSpans::of(&text) {
                prop_assert!(range.start >= last && range.end > range.start);
                prop_assert!(text.get(range.clone()).is_some());
                let _ = punctuation_after(&text, &range);
                last = range.end;
            }
        }
    }
}
