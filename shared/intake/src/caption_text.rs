//! Reads captions (`WebVTT`, `SubRip`): cues with times, in which a speaker is named by a voice tag, `<v Dana>`, or by
//! a label before the words, `Dana:`.
//!
//! A cue without a label goes on with the speaker before it, as long sentences are split over several cues. In a file
//! with voice tags a cue without one is of nobody known, and so is a line with a dash before it, which is how captions
//! mark another speaker.
//!
//! **Invariant:** notes, styles, regions and the settings of cues are never speech. Of several speakers in one cue,
//! only the first has its start and only the last its end.

use std::borrow::Cow;

use serde_json::Value;

use crate::call_builder::CallBuilder;
use crate::caption_markup::{Voice, plain, voices};
use crate::field::{Field, FieldError};
use crate::json_text::BYTE_ORDER_MARK;
use crate::label_text::{LabelledLine, could_be_speaker, time_ms, with_line_breaks};
use crate::speaker_labels::common_role;
use crate::speaker_roles::is_voice_label;
use crate::speech_segments::{self, Segment};
use crate::turn_times::TurnTimes;

/// What a `WebVTT` file begins with.
const HEADER: &str = "WEBVTT";
/// What the line with the language begins with, which some writers put behind the header.
const LANGUAGE: &str = "Language:";
/// How much of a text is looked at to see whether it is captions: more than a number and the times of a cue.
const MAX_HEAD_CHARS: usize = 256;
/// What stands between the two times of a cue.
const ARROW: &str = "-->";
/// What a note begins with.
const NOTE: &str = "NOTE";
/// The first lines of the other blocks that are no cues.
const OTHER_BLOCKS: [&str; 2] = ["STYLE", "REGION"];
/// What a line of another speaker begins with.
const DASHES: [char; 4] = ['-', '–', '—', '>'];
const NO_SPEAKERS: &str = "are captions that name no speaker: each cue needs one, as <v Agent> or Agent:";

/// Whether a text is captions: it has the header, or begins with the times of a cue, which may be numbered.
#[must_use]
pub fn is_captions(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c == BYTE_ORDER_MARK || c.is_whitespace());
    let head = text.char_indices().nth(MAX_HEAD_CHARS).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    let head = with_line_breaks(head);
    let has_header = head.strip_prefix(HEADER).is_some_and(|rest| !rest.starts_with(|c: char| !c.is_whitespace()));
    let mut lines = head.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).peekable();
    lines.next_if(|line| line.trim().chars().all(|c| c.is_ascii_digit()));
    has_header || lines.next().and_then(cue_times).is_some()
}

/// Adds the turns of captions. Fails when a speaker's role cannot be known who may be the agent or the customer, when
/// nobody is named at all, and at times that are not understood.
pub(crate) fn add_turns(text: &str, place: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<(), FieldError> {
    if !builder.may_take_apart(text) {
        return Ok(());
    }
    let text = with_line_breaks(text.trim_start_matches(BYTE_ORDER_MARK));
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    set_language(&text, builder);
    let cues = cues(&text).map_err(|line| place.error(format_args!("line {line}: is no time of a cue")))?;
    let tagged: Vec<_> = cues.iter().map(|cue| voices(&cue.text.replace('\n', " "))).collect();
    let has_tags = tagged.iter().flatten().any(|voice| voice.name.is_some());
    let mut segments = Vec::new();
    let mut speaker = None;
    for (cue, tagged) in cues.iter().zip(tagged) {
        let said = if has_tags { tagged } else { labelled(&cue.text, &mut speaker, builder) };
        segments.extend(with_times(said, cue.times));
    }
    speech_segments::add_turns(segments, false, place, NO_SPEAKERS, builder)
}

/// Takes the language from the lines behind the header, unless it is known.
fn set_language(text: &str, builder: &mut CallBuilder) {
    let mut header = text.lines().skip(1).take_while(|line| !line.trim().is_empty() && !line.contains(ARROW));
    let tag = header.find_map(|line| line.strip_prefix(LANGUAGE));
    if let (true, None, Some(tag)) = (text.starts_with(HEADER), &builder.language, tag) {
        let tag = Value::from(tag.trim());
        builder.set_language(&Field::root(&tag));
    }
}

/// A cue whose markup is not read yet.
struct Cue {
    times: TurnTimes,
    text: String,
}

/// The cues of a text; fails with the number of a line that has times which are not understood.
fn cues(text: &str) -> Result<Vec<Cue>, usize> {
    let mut cues: Vec<Cue> = Vec::new();
    let (mut is_other_block, mut is_after_blank) = (false, true);
    let mut lines = text.lines().map(str::trim).enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        let next = lines.peek().map(|(_, next)| *next);
        if line.is_empty() {
            (is_other_block, is_after_blank) = (false, true);
        } else if let Some(times) = cue_times(line) {
            cues.push(Cue { times, text: String::new() });
            (is_other_block, is_after_blank) = (false, false);
        } else {
            is_other_block |= is_after_blank && is_start_of_other_block(line);
            if !is_other_block && line.contains(ARROW) && line.starts_with(|c: char| c.is_ascii_digit()) {
                return Err(index + 1);
            }
            if let Some(cue) =
                cues.last_mut().filter(|_| !is_other_block && !is_name_of_cue(line, next, is_after_blank))
            {
                cue.text.push_str(line);
                cue.text.push('\n');
            }
            is_after_blank = false;
        }
    }
    Ok(cues)
}

/// Whether a line is the number or the name of the cue that begins with the next line. Some files have no blank line
/// before it.
fn is_name_of_cue(line: &str, next: Option<&str>, is_after_blank: bool) -> bool {
    let is_number = line.chars().all(|c| c.is_ascii_digit());
    let is_before_cue = next.and_then(cue_times).is_some();
    is_before_cue && (is_after_blank || is_number) || is_after_blank && is_number && next.is_none_or(str::is_empty)
}

/// Whether a block that begins with this line is a note, styles or a region.
fn is_start_of_other_block(line: &str) -> bool {
    let rest = line.strip_prefix(NOTE);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) || OTHER_BLOCKS.contains(&line)
}

/// The times of a cue, and nothing else but settings behind them.
fn cue_times(line: &str) -> Option<TurnTimes> {
    let (start, rest) = line.split_once(ARROW)?;
    let end = rest.split_whitespace().next()?;
    Some(TurnTimes { start_ms: Some(time_ms(start.trim())?), end_ms: Some(time_ms(end)?) })
}

/// What is said in a cue whose speakers are named by labels. `speaker` is the one before it, and then the last one in
/// it.
fn labelled(text: &str, speaker: &mut Option<String>, builder: &CallBuilder) -> Vec<Voice> {
    let mut said: Vec<Voice> = Vec::new();
    for line in text.lines() {
        let line = plain(line);
        match (label_and_speech(&line, builder), said.last_mut()) {
            (Some((label, speech)), _) => {
                *speaker = Some(label.into_owned());
                said.push(Voice { name: speaker.clone(), text: speech.to_owned() });
            }
            (None, _) if line.starts_with(DASHES) => {
                *speaker = None;
                said.push(Voice { name: None, text: line.trim_start_matches(DASHES).trim_start().to_owned() });
            }
            (None, Some(before)) => {
                before.text.push(' ');
                before.text.push_str(&line);
            }
            (None, None) => said.push(Voice { name: speaker.clone(), text: line.into_owned() }),
        }
    }
    said
}

/// The label of a line, before a colon or in brackets (`[Agent] …`), and what follows it.
fn label_and_speech<'l>(line: &'l str, builder: &CallBuilder) -> Option<(Cow<'l, str>, &'l str)> {
    let is_known = |label: &str| builder.is_mapped(label) || common_role(label).is_some();
    let before_colon = LabelledLine::split(line)
        .filter(|labelled| is_known(&labelled.label) || labelled.is_before_words && could_be_speaker(&labelled.label));
    if let Some(labelled) = before_colon {
        return Some((labelled.label, labelled.speech));
    }
    let (label, speech) = line.strip_prefix(['[', '('])?.split_once([']', ')'])?;
    let is_voice = || label.contains(char::is_alphabetic) && is_voice_label(label);
    (is_known(label) || is_voice()).then(|| (Cow::Borrowed(label), speech.trim_start()))
}

fn with_times(said: Vec<Voice>, times: TurnTimes) -> impl Iterator<Item = Segment> {
    let is_said = |voice: &Voice| match voice.name {
        Some(_) => !voice.text.trim().is_empty(),
        // Not a dash between two voices.
        None => voice.text.contains(char::is_alphanumeric),
    };
    let mut said = said.into_iter().filter(is_said).peekable();
    let mut start_ms = times.start_ms;
    std::iter::from_fn(move || {
        let voice = said.next()?;
        let end_ms = times.end_ms.filter(|_| said.peek().is_none());
        let times = TurnTimes { start_ms: start_ms.take(), end_ms };
        Some(Segment { speaker: voice.name, text: voice.text, times, ..Segment::default() })
    })
}

#[cfg(test)]
#[path = "caption_text_tests.rs"]
mod tests;
