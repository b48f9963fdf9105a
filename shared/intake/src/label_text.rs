//! How speaker labels are written in a text: where a line's label ends, what stands beside it, and whether an unknown one could be a
//! speaker's. Which role a label has is not known here (`speaker_labels`).

use std::borrow::Cow;
use std::collections::HashSet;

use crate::coerce::{SECONDS, call_offset_ms};

/// A longer text before a colon is no label.
const MAX_LABEL_CHARS: usize = 32;
/// A label has at most so many words.
const MAX_LABEL_WORDS: usize = 5;

/// Words before a colon that begin something else than a turn: the names of what agents read out, and what people say before they
/// explain something. The first or the last word of a label is compared.
const NO_SPEAKERS: [&str; 62] = [
    "account",
    "address",
    "also",
    "amount",
    "and",
    "answer",
    "attention",
    "balance",
    "but",
    "code",
    "confirmation",
    "correction",
    "date",
    "day",
    "delivery",
    "disclaimer",
    "email",
    "example",
    "fee",
    "http",
    "https",
    "id",
    "important",
    "like",
    "name",
    "no",
    "note",
    "number",
    "ok",
    "okay",
    "option",
    "order",
    "password",
    "phone",
    "please",
    "price",
    "ps",
    "question",
    "re",
    "reason",
    "reference",
    "reminder",
    "result",
    "right",
    "so",
    "sorry",
    "status",
    "step",
    "subject",
    "summary",
    "sure",
    "thanks",
    "then",
    "time",
    "tip",
    "today",
    "total",
    "tracking",
    "update",
    "warning",
    "well",
    "yes",
];
/// Labels of speakers that are names of fields as well: an agent may read them out.
const FIELD_LABELS: [&str; 8] =
    ["associate", "client", "consumer", "member", "other", "patient", "representative", "system"];
/// Words of names that begin with a small letter.
const NAME_PARTICLES: [&str; 14] =
    ["al", "at", "bin", "da", "de", "del", "der", "di", "for", "from", "la", "of", "van", "von"];
/// Words after which the next one is what somebody speaks of, and not a label.
const DETERMINERS: [&str; 16] = [
    "a", "an", "another", "any", "each", "every", "her", "his", "my", "no", "our", "that", "the", "their", "this",
    "your",
];
/// The characters that end a sentence, or a quotation behind it.
pub(crate) const SENTENCE_ENDS: [char; 9] = ['.', '?', '!', '…', '"', '”', ')', '।', '。'];
/// The marks that stand around labels in formatted texts.
const MARKS: [char; 7] = ['*', '_', '#', '>', '-', '–', '|'];

/// The parts of a line that begins with a label, known or not.
pub(crate) struct LabelledLine<'l> {
    /// The time of the line, in milliseconds from the start of the call.
    pub(crate) start_ms: Option<u64>,
    /// The label without what stands beside it.
    pub(crate) label: Cow<'l, str>,
    /// What follows the colon.
    pub(crate) speech: &'l str,
    /// Whether words follow the colon, or nothing: a time, an address of the web and a smiley have a colon as well.
    pub(crate) is_before_words: bool,
}

impl<'l> LabelledLine<'l> {
    /// The parts of a line; `None` when nothing in it could be a label.
    pub(crate) fn split(line: &'l str) -> Option<Self> {
        let unmarked = line.trim_start_matches(|c: char| MARKS.contains(&c) || c.is_whitespace());
        let (start_ms, rest) = leading_time(unmarked);
        let (before, after) = split_at_colon(rest)?;
        let (beside, label) = without_brackets(before.trim_matches(|c: char| MARKS.contains(&c) || c.is_whitespace()));
        // In "**Agent:** Hello" the marks end behind the colon.
        let is_marked = line.starts_with(MARKS);
        let speech = if is_marked { after.trim_start_matches(['*', '_']) } else { after };
        let next = speech.chars().next();
        let is_before_words = next.is_none_or(|c| c.is_whitespace() || c.is_alphabetic() || "\"'“‘([¿¡".contains(c));
        Some(Self { start_ms: start_ms.or(beside), label, speech: speech.trim_start(), is_before_words })
    }
}

/// The text before the first colon outside of brackets, and the text behind it.
fn split_at_colon(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (index, character) in text.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ':' | '：' if depth == 0 => {
                let (before, after) = text.split_at_checked(index)?;
                return Some((before, after.trim_start_matches(character)));
            }
            _ => {}
        }
    }
    None
}

/// A label without its parts in brackets, unless it is in brackets as a whole, and the time in them.
fn without_brackets(label: &str) -> (Option<u64>, Cow<'_, str>) {
    let (mut outside, mut inside, mut depth) = (String::new(), String::new(), 0_usize);
    for character in label.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => outside.push(other),
            other => inside.push(other),
        }
    }
    if inside.is_empty() {
        return (None, Cow::Borrowed(label));
    }
    let start_ms = time_ms(inside.trim());
    let label = if outside.trim().is_empty() { inside } else { outside };
    (start_ms, Cow::Owned(label.trim().to_owned()))
}

/// The time that a line begins with, bare or in brackets, and the rest of the line.
fn leading_time(line: &str) -> (Option<u64>, &str) {
    let none = (None, line);
    let bracketed = line.strip_prefix(['[', '(']).and_then(|rest| rest.split_once([']', ')']));
    let (time, rest) = match bracketed {
        Some((inside, rest)) => (inside.split([' ', '-', '–']).next().unwrap_or_default(), rest),
        None => match line.split_once(char::is_whitespace) {
            Some((first, rest)) => (first, rest),
            None => return none,
        },
    };
    match time_ms(time) {
        Some(start_ms) => (Some(start_ms), rest.trim_start_matches(|c: char| MARKS.contains(&c) || c.is_whitespace())),
        None => none,
    }
}

/// A time such as `0:07`, `01:02:03` or `00:07.250`, in milliseconds; `None` for anything else.
pub(crate) fn time_ms(text: &str) -> Option<u64> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_number = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(is_number) {
        return None;
    }
    let seconds = parts.iter().try_fold(0.0, |sum: f64, part| {
        let number: f64 = part.replace(',', ".").parse().ok()?;
        Some(sum.mul_add(60.0, number))
    })?;
    call_offset_ms(seconds * SECONDS)
}

/// A label without the number at its end: several people may speak for one side.
pub(crate) fn without_number(label: &str) -> &str {
    label.trim_end_matches(|c: char| c.is_ascii_digit() || c == '#' || c == '_' || c.is_whitespace())
}

/// The number in a label such as "Speaker 2" or `SPEAKER_02`.
pub(crate) fn speaker_number(label: &str) -> Option<&str> {
    let (word, number) = label.split_once([' ', '_'])?;
    let number = number.trim_start_matches('0');
    let is_speaker = word.eq_ignore_ascii_case("speaker") || word.eq_ignore_ascii_case("spk");
    is_speaker.then_some(if number.is_empty() { "0" } else { number })
}

/// Whether a label that nobody knows could be a speaker's: a name, a role or "Speaker 2", and not the beginning of a sentence such as
/// "the code".
pub(crate) fn could_be_speaker(label: &str) -> bool {
    let words: Vec<&str> = label.split([' ', '_', '\t']).filter(|word| !word.is_empty()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == '#');
    let is_word = |word: &str| word.chars().all(|c| c.is_alphanumeric() || "-'’.&/#".contains(c));
    let is_name = |word: &&str| {
        is_number(word) || NAME_PARTICLES.contains(word) || word.chars().next().is_some_and(|c| !c.is_lowercase())
    };
    let is_no_speaker = |word: &str| NO_SPEAKERS.iter().any(|known| known.eq_ignore_ascii_case(word));
    label.chars().count() <= MAX_LABEL_CHARS
        && words.len() <= MAX_LABEL_WORDS
        && first.chars().next().is_some_and(char::is_alphabetic)
        && words.iter().all(|word| is_word(word))
        && !is_no_speaker(first)
        && !is_no_speaker(last)
        && (words.len() == 1 || words.iter().all(is_name) || is_number(last) && words.len() == 2)
}

/// The text with a line break before every known label that stands inside a line. If the text is one line, any such label counts,
/// unless somebody speaks of it ("the agent: …"); else only one behind the end of a sentence.
pub(crate) fn one_turn_per_line(text: &str, is_known: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let text = with_line_breaks(text);
    let labels = labels_of_lines(&text);
    let is_one_line = text.trim().lines().nth(1).is_none();
    let mut breaks = Vec::new();
    let mut line_start = 0;
    for (index, character) in text.char_indices() {
        match character {
            '\n' => line_start = index + 1,
            ':' | '：' if is_before_blank(&text, index) => {
                let line = text.get(line_start..index).unwrap_or_default();
                let Some(label_start) = last_label(line, &is_known) else { continue };
                let (spoken, label) = line.split_at_checked(label_start).unwrap_or_default();
                let spoken = spoken.trim_end();
                let is_turn = if is_one_line {
                    !follows_determiner(spoken)
                } else {
                    let label = label.to_lowercase();
                    let is_speaker = !FIELD_LABELS.contains(&&*label) || labels.contains(&label);
                    spoken.ends_with(SENTENCE_ENDS) && is_speaker
                };
                if spoken.contains(char::is_alphabetic) && is_turn {
                    breaks.push(line_start + label_start);
                }
            }
            _ => {}
        }
    }
    if breaks.is_empty() { text } else { Cow::Owned(with_breaks(&text, &breaks)) }
}

/// Whether the character at that index is the last one, or a blank follows.
fn is_before_blank(text: &str, index: usize) -> bool {
    let mut rest = text.get(index..).unwrap_or_default().chars().skip(1);
    rest.next().is_none_or(char::is_whitespace)
}

/// The text with line breaks where it has their escapes instead: it was escaped twice.
pub(crate) fn with_line_breaks(text: &str) -> Cow<'_, str> {
    if text.contains('\n') || !text.contains("\\n") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\\r\\n", "\n").replace("\\n", "\n"))
}

/// The labels that begin a line, in small letters.
fn labels_of_lines(text: &str) -> HashSet<String> {
    text.lines().filter_map(LabelledLine::split).map(|line| line.label.to_lowercase()).collect()
}

/// Where the known label begins that a text ends with, behind a blank; the longest one, if there are several.
fn last_label(text: &str, is_known: impl Fn(&str) -> bool) -> Option<usize> {
    let mut longest = None;
    let is_blank = |c: char| c == ' ' || c == '\t';
    let mut blanks = text.char_indices().rev().filter(|(_, character)| is_blank(*character));
    for _ in 0..MAX_LABEL_WORDS {
        let Some((blank, _)) = blanks.next() else { break };
        let label = text.get(blank + 1..).unwrap_or_default();
        if label.chars().count() > MAX_LABEL_CHARS {
            break;
        }
        if !label.is_empty() && (is_known(label) || is_known(without_number(label))) {
            longest = Some(blank + 1);
        }
    }
    longest
}

fn follows_determiner(spoken: &str) -> bool {
    let last = spoken.rsplit(char::is_whitespace).next().unwrap_or_default();
    DETERMINERS.iter().any(|word| word.eq_ignore_ascii_case(last))
}

fn with_breaks(text: &str, breaks: &[usize]) -> String {
    let mut broken = String::with_capacity(text.len() + breaks.len());
    let mut breaks = breaks.iter().peekable();
    for (index, character) in text.char_indices() {
        if breaks.next_if_eq(&&index).is_some() {
            broken.push('\n');
        }
        broken.push(character);
    }
    broken
}
