//! The words of a text and where they stand in it. What a transcriber writes for what is not speech (`[noise]`, `<unk>`) is
//! no word.
//!
//! **Invariant:** a word's range lies on character boundaries of its text, and the work is linear in the text's length.

use std::ops::Range;

/// A bracket that is not closed within so many bytes is punctuation, not a transcriber's mark.
const LONGEST_MARK_BYTES: usize = 40;

/// How a sentence goes on after a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It goes on; or it ends, but nobody wrote that down.
    None,
    /// It goes on after a comma or the like.
    Pause,
    /// It ends with a full stop.
    Statement,
    /// It ends with an exclamation mark.
    Exclamation,
    /// It ends with a question mark.
    Question,
}

impl Stop {
    /// Whether the sentence ends.
    pub(crate) const fn ends_sentence(self) -> bool {
        matches!(self, Self::Statement | Self::Exclamation | Self::Question)
    }
}

/// Sounds that keep a conversation going without saying anything.
const LISTENING_SOUNDS: [&str; 9] = ["mm", "hmm", "hm", "mhm", "uh", "um", "huh", "oh", "ah"];

/// Whether anything is said in the text; a lone "mm hmm" says nothing.
pub(crate) fn says_something(text: &str) -> bool {
    Words::of(text).any(|word| !is_listening_sound(&text[word]))
}

/// Sounds that people make while they look for a word.
const HESITATIONS: [&str; 7] = ["um", "uh", "umm", "uhm", "er", "erm", "hmm"];

/// Whether the folded word is a sound of looking for a word.
pub(crate) fn is_hesitation(folded: &str) -> bool {
    HESITATIONS.contains(&folded)
}

/// Whether the word is a sound that keeps the conversation going.
pub(crate) fn is_listening_sound(word: &str) -> bool {
    LISTENING_SOUNDS.iter().any(|sound| sound.eq_ignore_ascii_case(word))
}

/// The byte ranges of the words of a text, in order. An apostrophe within a word is part of it.
#[derive(Debug, Clone)]
pub(crate) struct Words<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Words<'t> {
    pub(crate) const fn of(text: &'t str) -> Self {
        Self { text, position: 0 }
    }

    /// The position after the word that starts here.
    fn end_of_word(&self, start: usize) -> usize {
        let mut end = start;
        let mut characters = self.text[start..].char_indices().peekable();
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

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while let Some(character) = self.text[self.position..].chars().next() {
            let start = self.position;
            if character.is_alphanumeric() {
                self.position = self.end_of_word(start);
                return Some(start..self.position);
            }
            self.position += match character {
                '[' => mark_length(&self.text[start..], b']'),
                '<' => mark_length(&self.text[start..], b'>'),
                other => other.len_utf8(),
            };
        }
        None
    }
}

/// The length of the transcriber's mark that the text starts with; that of its bracket alone, when it is none.
fn mark_length(text: &str, close: u8) -> usize {
    text.bytes().take(LONGEST_MARK_BYTES).position(|byte| byte == close).map_or(1, |position| position + 1)
}

const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{2018}' | '`')
}

/// Appends the word as the lexicon spells it: lower case, without apostrophes.
pub(crate) fn fold_into(folded: &mut String, word: &str) {
    for character in word.chars() {
        if character.is_ascii() {
            if character != '\'' && character != '`' {
                folded.push(character.to_ascii_lowercase());
            }
        } else if !is_apostrophe(character) {
            folded.extend(character.to_lowercase());
        }
    }
}

/// How the sentence goes on after the word that ends there. A point or a comma between digits means nothing.
pub(crate) fn stop_after(text: &str, end: usize) -> Stop {
    let mut stop = Stop::None;
    for character in text[end..].chars() {
        match character {
            '?' => return Stop::Question,
            '!' => return Stop::Exclamation,
            '.' => stop = Stop::Statement,
            ',' | ';' | ':' if stop == Stop::None => stop = Stop::Pause,
            other if other.is_numeric() => return Stop::None,
            other if other.is_whitespace() && stop == Stop::None => {}
            other if other.is_whitespace() || other.is_alphanumeric() || matches!(other, '[' | '<') => break,
            _ => {}
        }
    }
    stop
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        let fold = |range: Range<usize>| {
            let mut word = String::new();
            fold_into(&mut word, &text[range]);
            word
        };
        Words::of(text).map(fold).collect()
    }

    #[test]
    fn words_are_folded_as_the_lexicon_spells_them() {
        assert_eq!(folded("I DON\u{2019}T, 'really' — don't!"), ["i", "dont", "really", "dont"]);
        assert_eq!(folded("Ünder 8:15 o'clock"), ["ünder", "8", "15", "oclock"]);
    }

    #[test]
    fn transcribers_marks_are_no_words() {
        for text in ["", "  ", "[noise]", "<unk>", "[noise] <unk> ...", "[background speech]", "—?!", "Mm-hmm."] {
            assert!(!says_something(text), "{text}");
        }
        assert_eq!(folded("[noise] yes <unk>please"), ["yes", "please"]);
        assert_eq!(folded("[never closed"), ["never", "closed"]);
        assert_eq!(folded(&format!("[{}]", "x".repeat(LONGEST_MARK_BYTES))).len(), 1);
    }

    #[test]
    fn sentences_end_where_somebody_wrote_that_down() {
        for (text, stop) in [
            ("yes", Stop::None),
            ("yes and", Stop::None),
            ("yes, and", Stop::Pause),
            ("yes,and", Stop::Pause),
            ("yes. and", Stop::Statement),
            ("yes.And", Stop::Statement),
            ("yes . And", Stop::Statement),
            ("yes! ", Stop::Exclamation),
            ("yes?", Stop::Question),
            ("yes...?", Stop::Question),
            ("yes [what?]", Stop::None),
        ] {
            assert_eq!(stop_after(text, 3), stop, "{text}");
        }
        assert_eq!(stop_after("350.20", 3), Stop::None);
        assert_eq!(stop_after("350,000", 3), Stop::None);
    }

    proptest! {
        #[test]
        fn words_are_in_order_and_on_character_boundaries(text in any::<String>()) {
            let mut last = 0;
            for range in Words::of(&text) {
                prop_assert!(range.start >= last && range.end > range.start);
                prop_assert!(text.get(range.clone()).is_some());
                let _ = stop_after(&text, range.end);
                last = range.end;
            }
        }
    }
}
