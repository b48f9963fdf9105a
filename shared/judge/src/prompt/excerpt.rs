//! The part of a transcript that a model is shown, as JSON.
//!
//! **Invariant:** what is shown is whole turns under their own numbers, and no text of a turn can end the JSON string it
//! stands in, end its line, or hide in it: it is read back as it was said, and nothing else is.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::ops::Range;

use domain::{Role, Turn};
use serde::Serialize;

/// Tokens are estimated from bytes on the safe side: English takes four bytes a token, most other scripts about three.
pub(super) const BYTES_PER_TOKEN: usize = 3;

/// The turns of a transcript that a model is shown.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// The turns as a JSON array, one turn a line.
    pub(crate) json: String,
    /// The turns that were left out, from the middle; empty when all are shown.
    pub(crate) omitted: Range<usize>,
}

#[derive(Serialize)]
struct ShownTurn<'a> {
    turn: usize,
    role: Role,
    text: &'a str,
}

impl Excerpt {
    /// The transcript, cut in the middle where it is longer than the budget. `None` when what fits shows nothing of one side,
    /// which nobody could judge.
    pub(crate) fn of(transcript: &[Turn], max_tokens: NonZeroUsize) -> Option<Self> {
        let lines: Vec<String> = transcript.iter().enumerate().map(|(turn, said)| line(turn, said)).collect();
        let omitted = omitted(&lines, max_tokens.get().saturating_mul(BYTES_PER_TOKEN));
        let shown = |turn: &usize| !omitted.contains(turn);
        let has = |role| (0..transcript.len()).filter(shown).any(|turn| transcript[turn].role == role);
        let has_both = has(Role::Agent) && has(Role::Customer);
        if !omitted.is_empty() && !has_both {
            return None;
        }
        let lines: Vec<&str> = (0..lines.len()).filter(shown).map(|turn| lines[turn].as_str()).collect();
        Some(Self { json: format!("[\n{}\n]", lines.join(",\n")), omitted })
    }

    /// Whether the model is shown that turn.
    pub(crate) fn shows(&self, turn: usize) -> bool {
        !self.omitted.contains(&turn)
    }
}

/// What has to be left out: turns are taken from both ends in turns as long as they fit.
fn omitted(lines: &[String], budget: usize) -> Range<usize> {
    let (mut start, mut end, mut left) = (0, lines.len(), budget);
    while start < end {
        let from_start = start <= lines.len() - end;
        let next = if from_start { start } else { end - 1 };
        let Some(rest) = left.checked_sub(lines[next].len() + 2) else { break };
        left = rest;
        if from_start { start += 1 } else { end -= 1 }
    }
    start..end
}

fn line(turn: usize, said: &Turn) -> String {
    let shown = ShownTurn { turn, role: said.role, text: &said.text };
    // Writing numbers and text to a string cannot fail; should it ever, an empty turn is shown rather than none.
    plain(&serde_json::to_string(&shown).unwrap_or_else(|_| "{}".to_owned()))
}

/// The JSON with everything escaped, as JSON allows within strings, that a model or its server may take for more than a
/// letter: `<`, with which most servers' own markers begin (`<|im_start|>`, `</s>`) and our own, and characters that cannot be
/// seen or change the order in which others are.
pub(crate) fn plain(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '<' || is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(plain, "\\u{unit:04x}");
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

/// Controls, breaks other than `\n`, zero-width and bidirectional marks, variation selectors and the tag characters.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn turns(texts: &[String]) -> Vec<Turn> {
        let role = |index| if index % 2 == 0 { Role::Agent } else { Role::Customer };
        let turn = |(index, text): (usize, &String)| Turn {
            role: role(index),
            text: text.clone(),
            start_ms: None,
            end_ms: None,
        };
        texts.iter().enumerate().map(turn).collect()
    }

    fn tokens(tokens: usize) -> NonZeroUsize {
        NonZeroUsize::new(tokens).unwrap()
    }

    #[test]
    fn short_transcripts_are_shown_whole() {
        let said = turns(&["Good morning.".to_owned(), "A \"bill\"\nis <b>wrong</b>".to_owned()]);
        let excerpt = Excerpt::of(&said, tokens(1_000)).unwrap();
        assert_eq!(
            excerpt.json,
            "[\n{\"turn\":0,\"role\":\"agent\",\"text\":\"Good morning.\"},\n\
             {\"turn\":1,\"role\":\"customer\",\"text\":\"A \\\"bill\\\"\\nis \\u003cb>wrong\\u003c/b>\"}\n]"
        );
        assert!(excerpt.omitted.is_empty() && excerpt.shows(0) && excerpt.shows(1));
        assert_eq!(Excerpt::of(&[], tokens(1)).unwrap().json, "[\n\n]");
    }

    #[test]
    fn long_transcripts_lose_their_middle_and_keep_their_numbers() {
        let said = turns(&(0..100).map(|number| format!("This is turn number {number:03}.")).collect::<Vec<_>>());
        let excerpt = Excerpt::of(&said, tokens(200)).unwrap();
        assert!(excerpt.json.len() <= 200 * BYTES_PER_TOKEN + 4, "{}", excerpt.json.len());
        let (first, last) = (excerpt.omitted.start, excerpt.omitted.end);
        assert!(first.abs_diff(100 - last) <= 1, "{first} {last}");
        assert!(excerpt.json.contains("number 000.") && excerpt.json.contains("{\"turn\":99,"), "{}", excerpt.json);
        assert!(excerpt.shows(first - 1) && !excerpt.shows(first) && !excerpt.shows(last - 1) && excerpt.shows(last));
    }

    #[test]
    fn a_transcript_of_which_one_side_does_not_fit_is_not_shown() {
        let said = turns(&["word ".repeat(500), "yes".to_owned()]);
        assert!(Excerpt::of(&said, tokens(100)).is_none());
        assert!(Excerpt::of(&said, tokens(1_000)).is_some());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_was_said_and_within_the_budget(
            texts in prop::collection::vec(any::<String>(), 0..20),
            budget in 1_usize..400,
        ) {
            let said = turns(&texts);
            let Some(excerpt) = Excerpt::of(&said, tokens(budget)) else { return Ok(()) };
            prop_assert!(excerpt.json.len() <= budget * BYTES_PER_TOKEN + 4);
            let shown: Vec<Value> = serde_json::from_str(&excerpt.json).unwrap();
            let expected: Vec<usize> = (0..said.len()).filter(|turn| excerpt.shows(*turn)).collect();
            prop_assert_eq!(shown.len(), expected.len());
            for (value, turn) in shown.iter().zip(expected) {
                prop_assert_eq!(value["turn"].as_u64(), u64::try_from(turn).ok());
                prop_assert_eq!(&value["role"], &said[turn].role.to_string());
                prop_assert_eq!(value["text"].as_str(), Some(said[turn].text.as_str()));
            }
            prop_assert_eq!(excerpt.json.lines().count(), shown.len().max(1) + 2);
            let unseen = |c: char| c == '<' || is_invisible(c) || (c.is_control() && c != '\n');
            prop_assert!(!excerpt.json.contains(unseen), "{:?}", excerpt.json);
        }
    }
}
