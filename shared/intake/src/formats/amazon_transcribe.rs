//! Amazon Transcribe: the output file of a transcription job, with the speakers or the channels of the recording told
//! apart.
//!
//! Newer files list segments, each of one speaker. Older ones have the words in one list and their speakers in another,
//! or a list of words for each channel. Numbers are strings. Nothing says when the call began, or how long it was.
//!
//! **Invariant:** punctuation belongs to the word before it.

use std::collections::HashMap;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::SECONDS;
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::speech_segments::{self, Segment};
use crate::turn_times::TurnTimes;

/// What the API and the events about a job have instead of its words.
const JOB_NAMES: [&str; 2] = ["TranscriptionJobName", "TranscriptionJob.TranscriptionJobName"];
/// The states of a job, in the file, in the API's answer and in an event.
const STATES: [&str; 3] = ["status", "TranscriptionJobStatus", "TranscriptionJob.TranscriptionJobStatus"];
/// The states of a job that still runs.
const RUNNING: [&str; 2] = ["IN_PROGRESS", "QUEUED"];
const NO_SPEAKERS: &str =
    "does not tell the speakers apart: start the job with ShowSpeakerLabels or ChannelIdentification";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let results = payload.get("results");
    let is_object = results.object().is_ok();
    payload.has("jobName") && is_object
        || results.has("audio_segments")
        || results.has("transcripts") && results.has("items")
        || JOB_NAMES.iter().any(|name| payload.get(name).is_text())
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let [name, nested] = JOB_NAMES.map(|name| payload.get(name));
    builder.set_call_id(&[payload.get("jobName"), name, nested])?;
    for state in STATES.map(|name| payload.get(name)) {
        match state.non_blank() {
            Some(running) if RUNNING.contains(&running) => return Ok(PayloadKind::not_call_end(running)),
            Some("FAILED") => return Err(state.error("says that the transcription failed: there are no words")),
            _ => {}
        }
    }
    let results = payload.get("results");
    if !results.is_present() {
        return Err(results.error(
            "is missing: the event and the job do not have the words; send the output file (TranscriptFileUri) instead",
        ));
    }
    builder.set_language(&results.get("language_code"));
    let channels = results.get("channel_labels.channels");
    let several = channels.elements().count() > 1
        || results.get("channel_labels.number_of_channels").count().is_some_and(|channels| channels > 1);
    let items = results.get("items");
    let segments = results.get("audio_segments");
    let told_apart = segments_of_speakers(&segments, &items);
    if told_apart.iter().any(|segment| segment.speaker.is_some() || segment.channel.is_some()) {
        speech_segments::add_turns(told_apart, several, &results, NO_SPEAKERS, builder)?;
        builder
            .require_understood(first_unknown(&segments, "has no transcript", |one| one.get("transcript").is_text()))?;
        return Ok(PayloadKind::Call);
    }
    let words = words(&results);
    let transcripts = results.get("transcripts");
    if words.is_empty() && transcripts.elements().any(|one| one.get("transcript").non_blank().is_some()) {
        return Err(results.error(NO_SPEAKERS));
    }
    speech_segments::add_words(words, several, &results, NO_SPEAKERS, builder)?;
    builder.require_understood(first_unknown(&segments, "has no transcript", |one| one.get("transcript").is_text()))?;
    builder.require_understood(first_unknown(&items, "has no content", |item| content(item).is_some()))?;
    Ok(PayloadKind::Call)
}

/// The segments of a newer file, with the words that they refer to by number.
fn segments_of_speakers(segments: &Field<'_, '_>, items: &Field<'_, '_>) -> Vec<Segment> {
    let numbered = |(position, item): (usize, Field<'_, '_>)| {
        Some((item.get("id").scalar_text().unwrap_or_else(|| position.to_string()), word(&item, None)?))
    };
    let mut words: HashMap<String, Segment> = items.elements().enumerate().filter_map(numbered).collect();
    let segment = |entry: Field<'_, '_>| {
        let numbers = entry.get("items");
        let of_segment = numbers.elements().filter_map(|number| words.remove(&number.scalar_text()?));
        let mut of_segment = of_segment.collect::<Vec<_>>();
        inherit_speakers(&mut of_segment);
        Some(Segment {
            channel: entry.get("channel_label").scalar_text(),
            speaker: entry.get("speaker_label").scalar_text(),
            text: entry.get("transcript").non_blank()?.to_owned(),
            times: times(&entry),
            words: of_segment,
            ..Segment::default()
        })
    };
    segments.elements().filter_map(segment).collect()
}

/// The words of all speakers: those of the channels, or else those of the one list.
fn words(results: &Field<'_, '_>) -> Vec<Segment> {
    let channels = results.get("channel_labels.channels");
    let mut words = Vec::new();
    for channel in channels.elements() {
        let (label, items) = (channel.get("channel_label").scalar_text(), channel.get("items"));
        words.extend(items.elements().filter_map(|item| word(&item, label.clone())));
    }
    if words.is_empty() {
        let (speakers, items) = (Speakers::read(&results.get("speaker_labels.segments")), results.get("items"));
        for item in items.elements() {
            let speaker = || speakers.at(&item.get("start_time"));
            words.extend(word(&item, None).map(|word| Segment { speaker: word.speaker.or_else(speaker), ..word }));
        }
    }
    inherit_speakers(&mut words);
    words
}

/// A word or a punctuation mark; `None` without its text.
fn word(item: &Field<'_, '_>, channel: Option<String>) -> Option<Segment> {
    Some(Segment {
        channel: channel.or_else(|| item.get("channel_label").scalar_text()),
        speaker: item.get("speaker_label").scalar_text(),
        text: content(item)?,
        times: times(item),
        is_attached: item.get("type").non_blank() == Some("punctuation"),
        ..Segment::default()
    })
}

fn content(item: &Field<'_, '_>) -> Option<String> {
    let alternatives = item.get("alternatives");
    alternatives.elements().next().and_then(|best| best.get("content").non_blank().map(str::to_owned))
}

fn times(entry: &Field<'_, '_>) -> TurnTimes {
    TurnTimes::read(&entry.get("start_time"), &entry.get("end_time"), SECONDS)
}

/// Gives every punctuation mark the speaker of the word before it.
fn inherit_speakers(words: &mut [Segment]) {
    let mut before: Option<Segment> = None;
    for word in words {
        if let Some(before) = before.as_ref().filter(|_| word.is_attached) {
            word.speaker.clone_from(&before.speaker);
            word.channel.clone_from(&before.channel);
        }
        let labels = Segment { speaker: word.speaker.clone(), channel: word.channel.clone(), ..Segment::default() };
        before = Some(labels);
    }
}

/// Who speaks when, from the list that older files have beside their words.
struct Speakers {
    /// The speaker of the word that starts at a time, as it is written.
    of_words: HashMap<String, String>,
    /// Start, end and speaker of each segment, in milliseconds, in the order of time.
    segments: Vec<(u64, u64, String)>,
}

impl Speakers {
    fn read(list: &Field<'_, '_>) -> Self {
        let (mut of_words, mut segments) = (HashMap::new(), Vec::new());
        for segment in list.elements() {
            let Some(speaker) = segment.get("speaker_label").scalar_text() else { continue };
            if let TurnTimes { start_ms: Some(start), end_ms: Some(end) } = times(&segment) {
                segments.push((start, end, speaker.clone()));
            }
            let items = segment.get("items");
            for item in items.elements() {
                let start = item.get("start_time").scalar_text();
                let speaker = item.get("speaker_label").scalar_text().unwrap_or_else(|| speaker.clone());
                of_words.extend(start.map(|start| (start, speaker)));
            }
        }
        segments.sort_by_key(|(start, ..)| *start);
        Self { of_words, segments }
    }

    /// The speaker of the word that starts then.
    fn at(&self, start: &Field<'_, '_>) -> Option<String> {
        if let Some(speaker) = start.scalar_text().and_then(|start| self.of_words.get(&start)) {
            return Some(speaker.clone());
        }
        let start_ms = start.offset_ms(SECONDS)?;
        let next = self.segments.partition_point(|(start, ..)| *start <= start_ms);
        let (_, end, speaker) = self.segments.get(next.checked_sub(1)?)?;
        (start_ms <= *end).then(|| speaker.clone())
    }
}

#[cfg(test)]
#[path = "amazon_transcribe_tests.rs"]
mod tests;
