//! Checks what a model's texts put in quotation marks against the transcript.
//!
//! **Invariant:** whatever stands in quotation marks was said on the call, in the spelling of the transcript. **Invariant:** a
//! text is no longer than its limit. What is *not* here: the quotes given as evidence, which `scoring::evidence` verifies.

use domain::{Evidence, Turn};

/// More passages than these are not looked up; their quotation marks are removed.
const MOST_PASSAGES: usize = 20;

/// What ends a sentence, in Latin and in East Asian scripts.
const SENTENCE_ENDS: &[char] = &['.', '!', '?', '。', '！', '？'];

/// A text after the check, and what it quoted wrongly.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CheckedText {
    /// The text without quotation marks around what nobody said.
    pub(crate) text: String,
    /// The passages in quotation marks that nobody said.
    pub(crate) misquoted: Vec<String>,
}

/// A quoted passage, the mark that closes it, and the index of that mark.
struct Passage<'t> {
    inside: &'t [char],
    closing: char,
    end: usize,
}

impl CheckedText {
    /// The text, cut to that many characters, with each quoted passage looked up in the transcript. A passage that was said
    /// gets the transcript's spelling; one that was not loses its quotation marks and remains as a paraphrase.
    pub(crate) fn of(text: &str, longest: usize, transcript: &[Turn]) -> Self {
        let mut checked = Self { text: text.to_owned(), misquoted: Vec::new() };
        // When marks are removed, others may form a pair that were none before, and the transcript's spelling may be longer
        // than the model's. So the text is checked until nothing changes; each pass removes marks or corrects the spelling.
        loop {
            let before = cut(&checked.text, longest);
            checked.text.clear();
            checked.pass(&before.chars().collect::<Vec<_>>(), transcript);
            if checked.text == before {
                return checked;
            }
        }
    }

    /// Looks up each quoted passage, from the start to the end.
    fn pass(&mut self, text: &[char], transcript: &[Turn]) {
        // Closing marks whose opening marks have been removed.
        let mut orphans = Vec::new();
        let (mut at, mut looked_up) = (0, 0);
        while let Some(&mark) = text.get(at) {
            let passage = if orphans.contains(&at) { None } else { passage(text, at) };
            if let Some(Passage { inside, closing, end }) = passage {
                let inside: String = inside.iter().collect();
                let said = (looked_up < MOST_PASSAGES).then(|| said(transcript, &inside)).flatten();
                looked_up += 1;
                if let Some((quote, punctuation)) = said {
                    self.text.extend([mark.to_string().as_str(), &quote, closing.to_string().as_str(), punctuation]);
                    at = end;
                } else {
                    self.misquoted.push(inside);
                    orphans.push(end);
                }
            } else if !is_stray(mark) && !orphans.contains(&at) {
                self.text.push(mark);
            }
            at += 1;
        }
    }
}

/// The passage as it was said, and the punctuation at its end that the writer has put before the closing mark; `None` when
/// nobody said it.
fn said<'p>(transcript: &[Turn], passage: &'p str) -> Option<(String, &'p str)> {
    if !passage.contains(char::is_alphanumeric) {
        return None;
    }
    let trimmed = passage.trim();
    let bare = trimmed.trim_end_matches(['.', ',', ';', ':', '!', '?', '…']);
    let spelled = |Evidence { quote, .. }| without_controls(&quote);
    if let Some(quote) = scoring::evidence::locate(transcript, passage).map(spelled) {
        return Some((quote, ""));
    }
    let quote = scoring::evidence::locate(transcript, bare).map(spelled)?;
    Some((quote, trimmed.strip_prefix(bare).unwrap_or_default()))
}

/// The passage that the mark at `start` opens; `None` when it opens none.
fn passage(text: &[char], start: usize) -> Option<Passage<'_>> {
    let opening = *text.get(start)?;
    let closers: &[char] = match opening {
        '"' | '\u{ff02}' => &['"', '\u{ff02}', '”'],
        '“' | '”' | '„' | '‟' => &['”', '“', '"'],
        '«' => &['»'],
        '»' => &['«'],
        '‹' => &['›'],
        '›' => &['‹'],
        '「' => &['」'],
        '『' => &['』'],
        '《' => &['》'],
        '〈' => &['〉'],
        '❝' => &['❞'],
        '❛' => &['❜'],
        '〝' => &['〞', '〟'],
        '`' => &['`'],
        '‘' | '‚' => &['’', '‘'],
        '\'' | '’' if begins_word(text, start) => &['\'', '’'],
        _ => return None,
    };
    // Single marks within words and before words are apostrophes.
    let is_single = matches!(opening, '‘' | '‚' | '\'' | '’');
    let is_closing = |(at, mark): &(usize, &char)| closers.contains(mark) && !(is_single && is_apostrophe(text, *at));
    let (end, closing) = text.iter().enumerate().skip(start + 1).find(is_closing)?;
    Some(Passage { inside: text.get(start + 1..end)?, closing: *closing, end })
}

fn begins_word(text: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    let is_after_word = before.is_some_and(|before| before.is_alphanumeric());
    !is_after_word && text.get(at + 1).is_some_and(|next| !next.is_whitespace())
}

fn is_apostrophe(text: &[char], at: usize) -> bool {
    text.get(at + 1).is_some_and(|next| next.is_alphanumeric())
}

/// Whether a mark that opens and closes nothing can be removed: it is a quotation mark that is never an apostrophe.
fn is_stray(mark: char) -> bool {
    "\"“”„‟«»‹›「」『』《》〈〉❝❞❛❜〝〞〟`‘‚\u{ff02}".contains(mark)
}

/// The text with one space for each run of white space and without control characters.
fn without_controls(text: &str) -> String {
    let is_visible = |character: &char| !character.is_control();
    let words = text.split_whitespace().map(|word| word.chars().filter(is_visible).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text [`without_controls`], cut to so many characters: after its last whole sentence if that is at least half of it, else
/// after its last whole word.
fn cut(text: &str, longest: usize) -> String {
    let text = without_controls(text);
    let Some((text, _)) = text.char_indices().nth(longest).and_then(|(end, _)| text.split_at_checked(end)) else {
        return text;
    };
    let sentences = text.trim_end_matches(|character| !SENTENCE_ENDS.contains(&character));
    if !sentences.is_empty() && sentences.len() >= text.len() / 2 {
        return sentences.to_owned();
    }
    // The ellipsis takes the place of one character.
    let mut shorter = text.chars();
    shorter.next_back();
    let shorter = shorter.as_str();
    format!("{}…", shorter.rsplit_once(' ').map_or(shorter, |(words, _)| words))
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use proptest::prelude::*;

    use super::*;

    fn transcript() -> Vec<Turn> {
        let turn = |(role, text): (Role, &str)| Turn { role, text: text.to_owned(), start_ms: None, end_ms: None };
        [
            (Role::Agent, "Good morning, how can I help you today?"),
            (Role::Customer, "I don’t know why my bill is so high."),
            (Role::Agent, "Let me check."),
            (Role::Customer, "that\u{7} is \u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b} fa\u{ad}\u{ad}\u{ad}\u{ad}ir   …   enough"),
        ]
        .map(turn)
        .into()
    }

    fn checked(text: &str) -> (String, Vec<String>) {
        let CheckedText { text, misquoted } = CheckedText::of(text, 500, &transcript());
        (text, misquoted)
    }

    #[test]
    fn what_was_said_stays_quoted_in_the_transcripts_spelling() {
        for (text, expected) in [
            ("He said “HOW CAN I HELP” at once.", "He said “how can I help” at once."),
            ("“I don't know”, she said.", "“I don’t know”, she said."),
            ("She said 'I don't know why' twice.", "She said 'I don’t know why' twice."),
            ("Said ‘my bill is so high’.", "Said ‘my bill is so high’."),
            ("With \"let me check,\" he began.", "With \"Let me check\", he began."),
            ("Mit „let me check“ und «my bill».", "Mit „Let me check“ und «my bill»."),
            (
                "The agent's and the customers' words, rock’n’roll.",
                "The agent's and the customers' words, rock’n’roll.",
            ),
        ] {
            assert_eq!(checked(text), (expected.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn what_nobody_said_loses_its_marks() {
        for (text, expected, misquoted) in [
            ("He said “I am so sorry” twice.", "He said I am so sorry twice.", vec!["I am so sorry"]),
            ("Try \"I see.\" and \"let me check\".", "Try I see. and \"Let me check\".", vec!["I see."]),
            ("An 'open question' helps.", "An open question helps.", vec!["open question"]),
            ("«so “my bill” and more»", "so “my bill” and more", vec!["so “my bill” and more"]),
            ("A stray \" mark and “ this", "A stray  mark and  this", vec![]),
            ("`code`, 「嘘」 and \"\"", "code, 嘘 and", vec!["code", "嘘", ""]),
            ("❝you lied❞, 《never》, 〝gone〟", "you lied, never, gone", vec!["you lied", "never", "gone"]),
        ] {
            let misquoted = misquoted.into_iter().map(str::to_owned).collect();
            if text.contains("stray") {
                let (text, _) = checked(text);
                assert!(!text.contains(['"', '“']), "{text}");
            } else {
                assert_eq!(checked(text), (expected.to_owned(), misquoted), "{text}");
            }
        }
    }

    #[test]
    fn long_texts_end_at_a_sentence_or_a_word() {
        assert_eq!(cut("One. Two three. Four five six.", 20), "One. Two three.");
        assert_eq!(cut("one two three four five six", 14), "one two…");
        assert_eq!(cut("ü".repeat(50).as_str(), 10), format!("{}…", "ü".repeat(9)));
        assert_eq!(cut("  a\u{0}\n\n b\t ", 10), "a b");
    }

    proptest! {
        #[test]
        fn whatever_is_written_only_what_was_said_is_quoted(
            parts in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(vec![
                        "\"", "“", "”", "„", "«", "»", "‹", "›", "‘", "’", "'", "`", "「", "」", " ", "so ", "my bill", "Let me check",
                        "I don't know", "you lied", "that is fair", "fair ... enough", "a", ".", "…", "\u{ff02}",
                    ]).prop_map(str::to_owned),
                    any::<String>(),
                ],
                0..30,
            ),
            longest in 2_usize..300,
        ) {
            let text = parts.concat();
            let checked = CheckedText::of(&text, longest, &transcript());
            prop_assert!(checked.text.chars().count() <= longest, "{:?}", checked.text);
            let again = CheckedText::of(&checked.text, usize::MAX, &transcript());
            prop_assert_eq!(&again.misquoted, &Vec::<String>::new(), "{:?} became {:?}", text, checked.text);
        }
    }
}
