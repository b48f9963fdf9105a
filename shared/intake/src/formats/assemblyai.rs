//! `AssemblyAI`: a transcript as its API returns it, with the utterances of its speakers or channels, or its sentences
//! or paragraphs.
//!
//! The webhook has only the transcript's identifier and its status. Speakers are letters, unless the service was asked
//! for their roles. It does not say when the call began.

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{MILLISECONDS, SECONDS};
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::speech_segments::{self, Segment};
use crate::turn_times::TurnTimes;

/// The lists that a transcript may have its words in, the best one first.
const LISTS: [&str; 3] = ["utterances", "sentences", "paragraphs"];
/// Fields that the resource of a transcript has, and hardly anything else.
const OWN_FIELDS: [&str; 13] = [
    "acoustic_model",
    "audio_channels",
    "audio_duration",
    "audio_url",
    "auto_highlights",
    "dual_channel",
    "language_model",
    "multichannel",
    "speaker_labels",
    "speakers_expected",
    "speech_model",
    "speech_models",
    "webhook_status_code",
];
/// The states of a transcript that is still being made.
const RUNNING: [&str; 2] = ["queued", "processing"];
/// The state of a transcript that could not be made.
const FAILED: &str = "error";
const NO_SPEAKERS: &str = "does not tell the speakers apart: transcribe with speaker_labels or multichannel";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let own = OWN_FIELDS.iter().filter(|name| payload.has(name)).count();
    let has_list = LISTS.iter().any(|name| payload.has(name));
    has_list && own > 0 || payload.has("id") && payload.has("status") && own > 1 || is_webhook(payload)
}

/// Whether this is the event that a transcript is finished.
fn is_webhook(payload: &Field<'_, '_>) -> bool {
    payload.get("transcript_id").is_text()
        && payload.get("status").non_blank().is_some_and(|status| status == FAILED || status == "completed")
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("id"), payload.get("transcript_id")])?;
    let status = payload.get("status");
    match status.non_blank() {
        Some(running) if RUNNING.contains(&running) => return Ok(PayloadKind::not_call_end(running)),
        Some(FAILED) => return Err(status.error("says that the transcription failed: there are no words")),
        _ => {}
    }
    let lists = LISTS.map(|name| payload.get(name));
    let words = payload.get("words");
    if is_webhook(payload) && !words.is_present() && !lists.iter().any(Field::is_present) {
        let what =
            "is missing: the event does not have them; send the transcript that the API returns for transcript_id";
        return Err(payload.get("utterances").error(what));
    }
    builder.duration_seconds = payload.get("audio_duration").duration_seconds(SECONDS);
    builder.set_language(&payload.get("language_code"));
    let has_channels = payload.get("audio_channels").count().is_some_and(|channels| channels > 1)
        || ["multichannel", "dual_channel"].iter().any(|name| payload.get(name).boolean() == Some(true));
    if let Some(list) = lists.iter().find(|list| list.elements().next().is_some()) {
        let segments = list.elements().filter_map(|one| segment(&one, true)).collect();
        speech_segments::add_turns(segments, has_channels, list, NO_SPEAKERS, builder)?;
        builder.require_understood(first_unknown(list, "has no text", |one| one.get("text").is_text()))?;
    } else {
        lists.iter().try_for_each(|list| list.optional(Field::array).map(drop))?;
        let single = words.elements().filter_map(|word| segment(&word, false)).collect::<Vec<_>>();
        if single.is_empty() && payload.get("text").non_blank().is_some() {
            return Err(payload.get("utterances").error(NO_SPEAKERS));
        }
        speech_segments::add_words(single, has_channels, &payload.get("utterances"), NO_SPEAKERS, builder)?;
        builder.require_understood(first_unknown(&words, "has no text", |word| word.get("text").is_text()))?;
    }
    builder.set_verdict(None, None, payload.get("summary").non_blank());
    Ok(PayloadKind::Call)
}

/// An utterance, a sentence or a word; `None` without a text.
fn segment(entry: &Field<'_, '_>, with_words: bool) -> Option<Segment> {
    let words = entry.get("words");
    Some(Segment {
        channel: entry.get("channel").scalar_text(),
        speaker: entry.get("speaker").scalar_text(),
        text: entry.get("text").non_blank()?.to_owned(),
        times: TurnTimes::read(&entry.get("start"), &entry.get("end"), MILLISECONDS),
        words: words.elements().filter(|_| with_words).filter_map(|word| segment(&word, false)).collect(),
        ..Segment::default()
    })
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{Said, read_call, read_error, read_ignored, said};

    fn transcript() -> Value {
        json!({"id": "as-1", "status": "completed", "audio_url": "https://x/y.mp3", "audio_duration": 61,
            "language_code": "en_us",
            "speaker_labels": true, "text": "Bakery, hello. One rye, please.", "words": [], "utterances": [
                {"speaker": "A", "start": 250, "end": 1900, "text": "Bakery, hello.", "confidence": 0.97, "words": []},
                {"speaker": "B", "start": 2100, "end": 3600, "text": "One rye, please.", "confidence": 0.95,
                    "words": []}]})
    }

    fn two(first: Role, second: Role) -> Vec<Said> {
        vec![
            (first, "Bakery, hello.".to_owned(), Some(250), Some(1_900)),
            (second, "One rye, please.".to_owned(), Some(2_100), Some(3_600)),
        ]
    }

    #[test]
    fn assemblyais_speakers_are_letters_and_times_are_milliseconds() {
        assert_eq!(said(&transcript()), two(Role::Agent, Role::Customer));
        let call = read_call(&transcript());
        assert_eq!(
            (call.call_id.as_str(), call.stated_duration_seconds, call.roles_guessed),
            ("as-1", Some(61.0), true)
        );
        assert_eq!((call.language.as_deref(), call.started_at), (Some("en_us"), None));
        let mut mapped = transcript();
        mapped["speaker_map"] = json!({"A": "customer", "B": "agent"});
        assert_eq!(said(&mapped), two(Role::Customer, Role::Agent));
        assert!(!read_call(&mapped).roles_guessed);
    }

    #[test]
    fn assemblyais_roles_are_used_where_it_was_asked_for_them_even_if_the_words_still_have_letters() {
        let mut named = transcript();
        named["utterances"][0]["speaker"] = json!("Customer");
        named["utterances"][0]["words"] =
            json!([{"text": "Bakery, hello.", "speaker": "A", "start": 250, "end": 1900}]);
        named["utterances"][1]["speaker"] = json!("Agent");
        assert_eq!(said(&named), two(Role::Customer, Role::Agent));
        assert!(!read_call(&named).roles_guessed);
    }

    #[test]
    fn assemblyais_channels_are_speakers() {
        let mut stereo = transcript();
        stereo["multichannel"] = json!(true);
        for (utterance, channel) in [(0, "2"), (1, "1")] {
            stereo["utterances"][utterance]["channel"] = json!(channel);
            stereo["utterances"][utterance]["speaker"] = json!(format!("{channel}A"));
        }
        stereo["speaker_map"] = json!({"1": "agent", "2": "customer"});
        assert_eq!(said(&stereo), two(Role::Customer, Role::Agent));
        stereo["speaker_map"] = json!({"1A": "customer", "2A": "agent"});
        assert_eq!(said(&stereo), two(Role::Agent, Role::Customer));
    }

    #[test]
    fn assemblyais_event_has_no_words_and_says_where_they_are() {
        let event = json!({"org_id": "acme", "transcript_id": "as-9", "status": "completed"});
        let error = read_error(&event);
        assert!(error.to_string().starts_with("utterances: is missing: the event does not have them"), "{error}");
        assert_eq!(error.call_id.unwrap().as_str(), "as-9");
        let failed = json!({"org_id": "acme", "transcript_id": "as-9", "status": "error"});
        assert!(read_error(&failed).to_string().starts_with("status: says that the transcription failed"));
    }

    #[test]
    fn assemblyais_transcript_that_is_still_being_made_is_ignored() {
        for status in ["queued", "processing"] {
            let mut running = transcript();
            running["status"] = json!(status);
            running["utterances"].take();
            assert_eq!(read_ignored(&running), ("assemblyai", format!("{status} is not the end of a call")));
        }
    }

    #[test]
    fn assemblyais_transcript_without_speakers_names_the_option() {
        let mut mono = transcript();
        mono["utterances"].take();
        mono["words"] = json!([{"text": "Bakery,", "start": 250, "end": 900, "speaker": null}]);
        let error = read_error(&mono).to_string();
        assert!(
            error.starts_with("utterances: does not tell the speakers apart: transcribe with speaker_labels"),
            "{error}"
        );
        mono["words"] = json!(null);
        assert!(read_error(&mono).to_string().starts_with("utterances: does not tell the speakers apart"));
        mono["text"] = json!("");
        assert!(read_call(&mono).transcript.is_empty());
    }

    #[test]
    fn assemblyais_sentences_words_and_unknown_entries() {
        let mut sentences = transcript();
        sentences["sentences"] = sentences["utterances"].take();
        sentences
            .as_object_mut()
            .unwrap()
            .retain(|key, _| ["id", "sentences", "audio_duration"].contains(&key.as_str()));
        assert_eq!(said(&sentences), two(Role::Agent, Role::Customer));
        let mut words = transcript();
        words["words"] = words["utterances"].take();
        assert_eq!(said(&words), two(Role::Agent, Role::Customer));
        let mut unknown = transcript();
        unknown["utterances"] = json!([{"speaker": "A", "content": "Bakery, hello."}]);
        assert!(read_error(&unknown).to_string().starts_with("utterances[0]: has no text"));
    }
}
