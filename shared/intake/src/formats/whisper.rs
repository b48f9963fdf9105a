//! The Whisper family with speakers: what whisperx, faster-whisper with a diarization, `OpenAI`'s transcriptions,
//! whisper.cpp and Hugging Face's pipelines write. It is a list of segments under one of several names, alone or in an
//! object.
//!
//! Whisper itself does not tell speakers apart; what is run beside it adds a speaker to each segment or word. Nothing
//! names the call or says when it began.

use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{MILLISECONDS, SECONDS};
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::speech_segments::{self, Segment};
use crate::turn_times::TurnTimes;

/// The names of the list: of Whisper itself and most tools, of whisper.cpp, and of Hugging Face's pipelines with and
/// without speakers.
const LISTS: [&str; 4] = ["segments", "transcription", "speakers", "chunks"];
/// Where services that run Whisper put what it wrote (Replicate, `RunPod`).
const WRAPPERS: [&str; 2] = ["output", "result"];
/// The names of a speaker's label.
const SPEAKERS: [&str; 3] = ["speaker", "speaker_id", "speaker_label"];
/// The names of a word's text.
const WORD_TEXTS: [&str; 2] = ["word", "text"];
const NO_SPEAKERS: &str = "does not tell the speakers apart: run a diarization beside Whisper (whisperx --diarize, \
    pyannote; diarized_json of OpenAI) that gives each segment its speaker";
const NO_TEXT: &str = "has no text";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    is_written(payload) || WRAPPERS.iter().any(|name| is_written(&payload.get(name)))
}

/// Whether this is what Whisper or its kin wrote.
fn is_written(payload: &Field<'_, '_>) -> bool {
    let is_listed = payload.elements().next().is_some_and(|first| is_segment(&first) && !first.has("role"));
    let has_list = LISTS.iter().any(|name| payload.get(name).elements().any(|one| is_segment(&one)));
    // What was heard in a recording without any speech.
    let is_empty = payload.get("segments").array().is_ok_and(<[Value]>::is_empty)
        && (payload.has("word_segments") || payload.has("language") && payload.has("text"));
    is_listed || has_list || is_empty
}

/// Whether an entry has a time as Whisper and its kin write them, and a text.
fn is_segment(entry: &Field<'_, '_>) -> bool {
    let is_timed = entry.has("start") && entry.has("end")
        || entry.get("timestamp").array().is_ok()
        || entry.has("offsets") && entry.has("timestamps");
    let has_speaker = SPEAKERS.iter().any(|name| entry.has(name));
    (entry.has("text") || entry.has("words")) && (is_timed || has_speaker && entry.has("text"))
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("call_id"), payload.get("id")])?;
    let wrappers = WRAPPERS.map(|name| payload.get(name));
    let wrapped = wrappers.iter().find(|inner| !is_written(payload) && is_written(inner));
    let payload = wrapped.unwrap_or(payload);
    builder.duration_seconds = payload.get("duration").duration_seconds(SECONDS);
    set_language(payload, builder);
    let named = LISTS.map(|name| payload.get(name));
    let list = named.iter().find(|list| list.elements().any(|one| is_segment(&one)));
    let list = list.unwrap_or(if payload.array().is_ok() { payload } else { &named[0] });
    let segments: Vec<_> = list.elements().filter_map(|one| segment(&one)).collect();
    if segments.is_empty() && payload.get("text").non_blank().is_some() {
        return Err(list.error(NO_SPEAKERS));
    }
    speech_segments::add_turns(segments, false, list, NO_SPEAKERS, builder)?;
    let is_known = |one: &Field<'_, '_>| one.get("text").is_text() || one.get("words").array().is_ok();
    builder.require_understood(first_unknown(list, NO_TEXT, is_known))?;
    Ok(PayloadKind::Call)
}

/// The language, as a tag. `OpenAI` writes its English name instead, of which only that of English itself is known
/// here.
fn set_language(payload: &Field<'_, '_>, builder: &mut CallBuilder) {
    let inferred = payload.get("inferred_languages");
    let first = inferred.elements().next();
    let names = ["language", "detected_language", "result.language"].map(|name| payload.get(name));
    for language in names.iter().chain(&first) {
        if builder.language.is_none() {
            builder.set_language(language);
        }
        if language.non_blank().is_some_and(|name| name.eq_ignore_ascii_case("english")) {
            builder.language = Some("en".to_owned());
        }
    }
}

fn segment(entry: &Field<'_, '_>) -> Option<Segment> {
    let words = words(&entry.get("words"));
    let text = entry.get("text").non_blank().unwrap_or_default();
    (!text.is_empty() || !words.is_empty()).then(|| Segment {
        channel: entry.get("channel").scalar_text(),
        speaker: entry.first_of(&SPEAKERS).scalar_text(),
        text: text.to_owned(),
        times: times(entry),
        words,
        ..Segment::default()
    })
}

/// The words of a segment. Some tools keep Whisper's own: a word that does not begin with a blank continues the one
/// before it.
fn words(list: &Field<'_, '_>) -> Vec<Segment> {
    let is_spaced = list.elements().filter_map(|word| word_text(&word)).any(|text| text.starts_with(' '));
    let segment = |word: Field<'_, '_>| {
        let text = word_text(&word)?;
        Some(Segment {
            speaker: word.first_of(&SPEAKERS).scalar_text(),
            text: text.trim().to_owned(),
            times: times(&word),
            is_attached: is_spaced && !text.starts_with(' '),
            ..Segment::default()
        })
    };
    list.elements().filter_map(segment).collect()
}

fn word_text<'v>(word: &Field<'v, '_>) -> Option<&'v str> {
    WORD_TEXTS.iter().find_map(|name| word.get(name).non_blank())
}

/// The times of an entry: in seconds, as a pair or apart, or in milliseconds (whisper.cpp).
fn times(entry: &Field<'_, '_>) -> TurnTimes {
    let pair = entry.get("timestamp");
    let mut pair = pair.elements();
    match (pair.next(), pair.next(), entry.get("offsets")) {
        (Some(start), Some(end), _) => TurnTimes::read(&start, &end, SECONDS),
        (_, _, offsets) if offsets.is_present() => {
            TurnTimes::read(&offsets.get("from"), &offsets.get("to"), MILLISECONDS)
        }
        _ => {
            let (start, end) = (entry.first_of(&["start", "start_time"]), entry.first_of(&["end", "end_time"]));
            TurnTimes::read(&start, &end, SECONDS)
        }
    }
}

#[cfg(test)]
#[path = "whisper_tests.rs"]
mod tests;
