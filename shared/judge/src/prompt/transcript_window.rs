//! The part of a transcript that a model is shown, as JSON.
//!
//! **Invariant:** whole turns are shown, under their own numbers. No text of a turn can end its JSON string or its line, or
//! hide in it: parsing the JSON gives the words that were said and nothing else.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::ops::Range;

use domain::{Role, Turn};
use scoring::evidence::is_invisible;
use serde::Serialize;

/// Tokens are estimated from bytes, on the safe side: English takes four bytes a token, most other scripts about three.
pub(super) const BYTES_PER_TOKEN: usize = 3;

/// The turns of a transcript that a model is shown.
#[derive(Debug)]
pub(crate) struct TranscriptWindow {
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

impl TranscriptWindow {
    /// The transcript, cut in the middle when it is longer than the budget. `None` when what fits has no turn of one side:
    /// nobody could judge that.
    pub(crate) fn of(transcript: &[Turn], max_tokens: NonZeroUsize) -> Option<Self> {
        let lines: Vec<String> = transcript.iter().enumerate().map(|(turn, said)| line(turn, said)).collect();
        let omitted = omitted(&lines, max_tokens.get().saturating_mul(BYTES_PER_TOKEN));
        let shown = |turn: &usize| !omitted.contains(turn);
        let has = |role| transcript.iter().enumerate().any(|(turn, said)| said.role == role && shown(&turn));
        let has_both = has(Role::Agent) && has(Role::Customer);
        if !omitted.is_empty() && !has_both {
            return None;
        }
        let lines: Vec<String> =
            lines.into_iter().enumerate().filter(|(turn, _)| shown(turn)).map(|(_, line)| line).collect();
        Some(Self { json: format!("[\n{}\n]", lines.join(",\n")), omitted })
    }

    /// Whether the model is shown that turn.
    pub(crate) fn shows(&self, turn: usize) -> bool {
        !self.omitted.contains(&turn)
    }
}

/// The turns that have to be left out: those that fit are taken alternately from the start and from the end.
fn omitted(lines: &[String], budget: usize) -> Range<usize> {
    let (mut start, mut end, mut left) = (0, lines.len(), budget);
    while start < end {
        let from_start = start <= lines.len() - end;
        let next = if from_start { start } else { end - 1 };
        let Some(rest) = lines.get(next).and_then(|line| left.checked_sub(line.len() + 2)) else { break };
        left = rest;
        if from_start { start += 1 } else { end -= 1 }
    }
    start..end
}

fn line(turn: usize, said: &Turn) -> String {
    let shown = ShownTurn { turn, role: said.role, text: &said.text };
    // Writing numbers and text to a string cannot fail; if it ever did, an empty turn would be shown rather than none.
    escape(&serde_json::to_string(&shown).unwrap_or_else(|_| "{}".to_owned()))
}

/// The JSON with those characters escaped, as JSON allows within strings, that a model or its server may take for more than
/// text: `<`, which begins our own markers and those of most servers (`<|im_start|>`, `</s>`), and characters that are
/// invisible or change the order in which others are shown.
pub(crate) fn escape(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '<' || is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether the character cannot be seen, or breaks a line other than as `\n` does.
const fn is_hidden(character: char) -> bool {
    is_invisible(character) || matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}')
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
        let window = TranscriptWindow::of(&said, tokens(1_000)).unwrap();
        assert_eq!(
            window.json,
            "[\n{\"turn\":0,\"role\":\"agent\",\"text\":\"Good morning.\"},\n\
             {\"turn\":1,\"role\":\"customer\",\"text\":\"A \\\"bill\\\"\\nis \\u003cb>wrong\\u003c/b>\"}\n]"
        );
        assert!(window.omitted.is_empty() && window.shows(0) && window.shows(1));
        assert_eq!(TranscriptWindow::of(&[], tokens(1)).unwrap().json, "[\n\n]");
    }

    #[test]
    fn long_transcripts_lose_their_middle_and_keep_their_numbers() {
        let said = turns(&(0..100).map(|number| format!("This is turn number {number:03}.")).collect::<Vec<_>>());
        let window = TranscriptWindow::of(&said, tokens(200)).unwrap();
        assert!(window.json.len() <= 200 * BYTES_PER_TOKEN + 4, "{}", window.json.len());
        let (first, last) = (window.omitted.start, window.omitted.end);
        assert!(first.abs_diff(100 - last) <= 1, "{first} {last}");
        assert!(window.json.contains("number 000.") && window.json.contains("{\"turn\":99,"), "{}", window.json);
        assert!(window.shows(first - 1) && !window.shows(first) && !window.shows(last - 1) && window.shows(last));
    }

    #[test]
    fn a_transcript_of_which_one_side_does_not_fit_is_not_shown() {
        let said = turns(&["word ".repeat(500), "yes".to_owned()]);
        assert!(TranscriptWindow::of(&said, tokens(100)).is_none());
        assert!(TranscriptWindow::of(&said, tokens(1_000)).is_some());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_was_said_and_within_the_budget(
            texts in prop::collection::vec(any::<String>(), 0..20),
            budget in 1_usize..400,
        ) {
            let said = turns(&texts);
            let Some(window) = TranscriptWindow::of(&said, tokens(budget)) else { return Ok(()) };
            prop_assert!(window.json.len() <= budget * BYTES_PER_TOKEN + 4);
            let shown: Vec<Value> = serde_json::from_str(&window.json).unwrap();
            let expected: Vec<usize> = (0..said.len()).filter(|turn| window.shows(*turn)).collect();
            prop_assert_eq!(shown.len(), expected.len());
            for (value, turn) in shown.iter().zip(expected) {
                prop_assert_eq!(value["turn"].as_u64(), u64::try_from(turn).ok());
                prop_assert_eq!(&value["role"], &said[turn].role.to_string());
                prop_assert_eq!(value["text"].as_str(), Some(said[turn].text.as_str()));
            }
            prop_assert_eq!(window.json.lines().count(), shown.len().max(1) + 2);
            let unseen = |c: char| c == '<' || is_hidden(c) || (c.is_control() && c != '\n');
            prop_assert!(!window.json.contains(unseen), "{:?}", window.json);
        }
    }
}
