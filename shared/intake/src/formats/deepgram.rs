//! Deepgram: the response to a transcription request, with `utterances` or with the words of each channel.
//!
//! It has speakers or channels, but not their roles: these come from the envelope's `speaker_map` or are guessed. `created` is when
//! the recording was transcribed, not when the call began.
//!
//! **Invariant:** a turn is of one speaker. An utterance in which the speaker changes from one word to the next gives
//! several.

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::SECONDS;
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::speech_segments::{self, Segment};
use crate::turn_times::TurnTimes;

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    payload.get("results.channels").is_present() && payload.get("metadata.request_id").is_present()
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let (metadata, results) = (payload.get("metadata"), payload.get("results"));
    builder.set_call_id(&[metadata.get("request_id")])?;
    builder.duration_seconds = metadata.get("duration").duration_seconds(SECONDS);
    let channels = results.get("channels");
    let separate_channels = channels.elements().count() > 1;
    if let Some(first) = channels.elements().next() {
        set_language(&first, builder);
    }
    let utterances = results.get("utterances");
    let segments = segments_from_utterances(&utterances, separate_channels);
    if segments.is_empty() {
        let words = words_of_channels(&channels, separate_channels);
        if words.is_empty() && has_transcript_text(&channels) {
            return Err(results.error(NO_SPEAKERS));
        }
        speech_segments::add_words(words, separate_channels, &results, NO_SPEAKERS, builder)?;
    } else {
        speech_segments::add_turns(segments, separate_channels, &results, NO_SPEAKERS, builder)?;
    }
    require_understood(&utterances, &channels, builder)?;
    let sentiment = results.get("sentiments.average.sentiment").scalar_text();
    builder.set_verdict(None, sentiment, results.get("summary.short").non_blank());
    builder.metadata.add_all(&metadata.get("extra"));
    builder.metadata.add_field("tags", &metadata.get("tags"));
    Ok(PayloadKind::Call)
}

/// The language that was detected in a channel, or the only one of those spoken in it.
fn set_language(channel: &Field<'_, '_>, builder: &mut CallBuilder) {
    builder.set_language(&channel.get("detected_language"));
    let alternatives = channel.get("alternatives");
    if let (None, Some(best)) = (&builder.language, alternatives.elements().next()) {
        let languages = best.get("languages");
        let mut languages = languages.elements();
        if let (Some(only), None) = (languages.next(), languages.next()) {
            builder.set_language(&only);
        }
    }
}

/// Fails when utterances, channels or words have none of the names that they are read by.
fn require_understood(
    utterances: &Field<'_, '_>,
    channels: &Field<'_, '_>,
    builder: &CallBuilder,
) -> Result<(), FieldError> {
    builder
        .require_understood(first_unknown(utterances, "has no transcript", |one| one.get("transcript").is_text()))?;
    // Utterances alone are enough.
    if !builder.turns.is_empty() {
        return Ok(());
    }
    builder.require_understood(first_unknown(channels, "has no alternatives", |one| one.has("alternatives")))?;
    for channel in channels.elements() {
        let alternatives = channel.get("alternatives");
        for alternative in alternatives.elements().take(1) {
            let is_word = |word: &Field<'_, '_>| word.first_of(&WORD_TEXTS).is_text();
            builder.require_understood(first_unknown(&alternative.get("words"), "has no word", is_word))?;
        }
    }
    Ok(())
}

/// Whether any channel has a transcript, with or without speakers.
fn has_transcript_text(channels: &Field<'_, '_>) -> bool {
    channels.elements().any(|channel| {
        let alternatives = channel.get("alternatives");
        alternatives.elements().any(|one| one.get("transcript").non_blank().is_some())
    })
}

/// The names of a word's text, the one with punctuation first.
const WORD_TEXTS: [&str; 2] = ["punctuated_word", "word"];

/// Why a transcript cannot be read in which nobody is told apart.
const NO_SPEAKERS: &str = "does not tell the speakers apart: transcribe with diarize or multichannel";

fn segments_from_utterances(utterances: &Field<'_, '_>, separate_channels: bool) -> Vec<Segment> {
    let segment = |utterance: Field<'_, '_>| {
        let text = utterance.get("transcript").non_blank()?;
        Some(Segment {
            channel: utterance.get("channel").scalar_text().filter(|_| separate_channels),
            speaker: utterance.get("speaker").scalar_text(),
            text: text.to_owned(),
            times: TurnTimes::read(&utterance.get("start"), &utterance.get("end"), SECONDS),
            words: words_of(&utterance.get("words"), None),
            ..Segment::default()
        })
    };
    utterances.elements().filter_map(segment).collect()
}

fn words_of_channels(channels: &Field<'_, '_>, separate_channels: bool) -> Vec<Segment> {
    let mut words = Vec::new();
    for (number, channel) in channels.elements().enumerate() {
        let alternatives = channel.get("alternatives");
        let Some(best) = alternatives.elements().next() else { continue };
        let channel = separate_channels.then(|| number.to_string());
        words.extend(words_of(&best.get("words"), channel.as_deref()));
    }
    words
}

/// A list of words; entries without a text are left out.
fn words_of(words: &Field<'_, '_>, channel: Option<&str>) -> Vec<Segment> {
    let segment = |word: Field<'_, '_>| {
        let text = WORD_TEXTS.iter().find_map(|name| word.get(name).non_blank())?;
        Some(Segment {
            channel: channel.map(str::to_owned),
            speaker: word.get("speaker").scalar_text(),
            text: text.to_owned(),
            times: TurnTimes::read(&word.get("start"), &word.get("end"), SECONDS),
            ..Segment::default()
        })
    };
    words.elements().filter_map(segment).collect()
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error};

    fn response(utterances: &Value) -> Value {
        json!({"metadata": {"request_id": "request-1", "created": "2025-07-16T10:15:34.833Z", "duration": 62.98657, "channels": 1},
            "results": {"channels": [{"alternatives": [{"transcript": "", "words": []}]}], "utterances": utterances}})
    }

    fn diarised() -> Value {
        response(&json!([
            {"start": 0.419_159_98, "end": 5.43012, "channel": 0, "speaker": 1, "transcript": "Thanks for calling."},
            {"start": 5.9, "end": 7.0, "channel": 0, "speaker": 0, "transcript": "Hi."},
            {"start": 7.5, "end": 8.0, "channel": 0, "speaker": 2, "transcript": "Me too."},
        ]))
    }

    fn roles(message: &Value) -> (Vec<Role>, bool) {
        let call = read_call(message);
        (call.transcript.iter().map(|turn| turn.role).collect(), call.roles_guessed)
    }

    #[test]
    fn deepgram_speakers_have_no_roles_and_the_first_is_guessed_to_be_the_agent() {
        assert_eq!(roles(&diarised()), (vec![Role::Agent, Role::Customer, Role::Other], true));
        let times: Vec<_> = read_call(&diarised()).transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times[0], (Some(419), Some(5_430)));
    }

    #[test]
    fn deepgram_speakers_have_the_roles_of_the_speaker_map() {
        let message = json!({"org_id": "acme", "payload": diarised(), "speaker_map": {"0": "agent", "1": "customer"}});
        assert_eq!(roles(&message), (vec![Role::Customer, Role::Agent, Role::Other], false));
    }

    #[test]
    fn deepgram_channels_are_speakers_and_their_turns_are_sorted_by_start() {
        let mut message = response(&json!([
            {"start": 0.5, "end": 2.0, "channel": 0, "speaker": 0, "transcript": "Thanks for calling."},
            {"start": 4.0, "end": 5.0, "channel": 0, "speaker": 0, "transcript": "Gladly."},
            {"start": 2.5, "end": 3.5, "channel": 1, "speaker": 0, "transcript": "Can you help me?"},
        ]));
        message["results"]["channels"] = json!([{}, {}]);
        assert_eq!(roles(&message), (vec![Role::Agent, Role::Customer, Role::Agent], true));
    }

    #[test]
    fn deepgram_words_are_grouped_by_speaker_when_there_are_no_utterances() {
        let mut message = response(&json!(null));
        message["results"]["channels"][0]["alternatives"][0]["words"] = json!([
            {"word": "hi", "punctuated_word": "Hi.", "start": 0.4, "end": 0.6, "speaker": 0},
            {"word": "thanks", "punctuated_word": "Thanks.", "start": 0.7, "end": 1.1, "speaker": 0},
            {"word": "hello", "start": 1.5, "end": 2.0, "speaker": 1},
        ]);
        let turns: Vec<_> =
            read_call(&message).transcript.into_iter().map(|t| (t.text, t.start_ms, t.end_ms)).collect();
        assert_eq!(
            turns,
            [("Hi. Thanks.".to_owned(), Some(400), Some(1_100)), ("hello".to_owned(), Some(1_500), Some(2_000))]
        );
    }

    #[test]
    fn deepgram_without_speakers_is_an_error() {
        let error = read_error(&response(&json!([{"start": 0, "end": 1, "channel": 0, "transcript": "Hi. Hello."}])));
        assert_eq!(
            error.to_string(),
            "results: does not tell the speakers apart: transcribe with diarize or multichannel (in a message of the format deepgram)"
        );
    }

    #[test]
    fn deepgram_segment_without_a_speaker_has_the_role_other() {
        let mut message = diarised();
        message["results"]["utterances"][1]["speaker"].take();
        assert_eq!(roles(&message), (vec![Role::Agent, Role::Other, Role::Customer], true));
    }

    #[test]
    fn deepgram_without_any_text_is_an_empty_call_and_with_text_but_no_speakers_an_error() {
        let mut message = response(&json!([]));
        assert!(read_call(&message).transcript.is_empty());
        message["results"]["channels"][0]["alternatives"][0]["transcript"] = json!("hello hi");
        assert!(read_error(&message).to_string().starts_with("results: does not tell the speakers apart"));
    }

    #[test]
    fn deepgram_created_is_when_it_was_transcribed_and_not_when_the_call_began() {
        let call = read_call(&diarised());
        assert_eq!((call.started_at, call.stated_duration_seconds), (None, Some(62.98657)));
        assert_eq!(call.call_id.as_str(), "request-1");
    }

    fn words(list: &[(&str, Option<u32>)]) -> Value {
        let word = |(position, (text, speaker)): (u32, &(&str, Option<u32>))| json!({"punctuated_word": text, "start": position, "end": f64::from(position) + 0.5, "speaker": speaker});
        (10..).zip(list).map(word).collect()
    }

    #[test]
    fn deepgram_speaker_of_a_word_counts_and_not_that_of_its_utterance() {
        let utterance = |words: Value| {
            response(&json!([{"start": 1, "end": 2, "speaker": 1, "transcript": "Sure.", "words": []},
                {"start": 10, "end": 14.5, "speaker": 0, "transcript": "May I help? Please do.", "words": words}]))
        };
        let said = |message: &Value| -> Vec<_> {
            read_call(message).transcript.into_iter().map(|t| (t.role, t.text, t.start_ms, t.end_ms)).collect()
        };
        let two = said(&utterance(words(&[
            ("May", Some(0)),
            ("I", None),
            ("help?", Some(0)),
            ("Please", Some(1)),
            ("do.", Some(1)),
        ])));
        let expected = [
            (Role::Agent, "Sure.".to_owned(), Some(1_000), Some(2_000)),
            (Role::Customer, "May I help?".to_owned(), Some(10_000), Some(12_500)),
            (Role::Agent, "Please do.".to_owned(), Some(13_000), Some(14_500)),
        ];
        assert_eq!(two, expected);
        let another = said(&utterance(words(&[("May", Some(1)), ("I", Some(1))])));
        let whole = (Role::Agent, "May I help? Please do.".to_owned(), Some(10_000), Some(14_500));
        assert_eq!(another, [expected[0].clone(), whole]);
    }

    #[test]
    fn deepgram_channel_of_an_utterance_counts_even_when_its_words_have_speakers() {
        let mut message = response(&json!([
            {"start": 0, "end": 1, "channel": 0, "transcript": "Hello there.", "words": words(&[("Hello", Some(0)), ("there.", Some(1))])},
            {"start": 2, "end": 3, "channel": 1, "transcript": "Hi.", "words": words(&[("Hi.", Some(0))])},
        ]));
        message["results"]["channels"] = json!([{}, {}]);
        assert_eq!(roles(&message), (vec![Role::Agent, Role::Customer], true));
    }

    #[test]
    fn deepgram_speaker_map_that_names_no_speaker_is_an_error() {
        let mut message = json!({"org_id": "acme", "payload": diarised(), "speaker_map": {"speaker_0": "agent"}});
        assert_eq!(
            read_error(&message).to_string(),
            "speaker_map: names none of the speakers 1, 0, 2 (in a message of the format deepgram)"
        );
        message["payload"]["results"]["channels"] = json!([{}]);
        assert!(read_error(&message).to_string().starts_with("speaker_map: names none of the speakers 1, 0, 2"));
        message["speaker_map"]["2"] = json!("other");
        assert_eq!(roles(&message), (vec![Role::Other; 3], false));
    }

    #[test]
    fn deepgram_texts_under_unknown_names_are_errors_and_not_silence() {
        let mut message = response(&json!([{"start": 0, "end": 1, "speaker": 0, "text": "Hi."}]));
        let error = read_error(&message).to_string();
        assert!(error.starts_with("results.utterances[0]: has no transcript"), "{error}");
        message["results"]["utterances"] = json!([]);
        message["results"]["channels"][0]["alternatives"][0]["words"] = json!([{"text": "Hi.", "speaker": 0}]);
        let error = read_error(&message).to_string();
        assert!(error.starts_with("results.channels[0].alternatives[0].words[0]: has no word"), "{error}");
        message["results"]["channels"] = json!([{"transcript": "Hi."}]);
        let error = read_error(&message).to_string();
        assert!(error.starts_with("results.channels[0]: has no alternatives"), "{error}");
    }

    #[test]
    fn deepgram_language_is_the_detected_one_or_the_only_one() {
        let mut message = diarised();
        let mut language = |alternative: Value, detected: Value| {
            message["results"]["channels"][0] = json!({"alternatives": [alternative], "detected_language": detected});
            read_call(&message).language
        };
        assert_eq!(language(json!({"languages": ["es"]}), json!(null)).as_deref(), Some("es"));
        assert_eq!(language(json!({"languages": ["es", "en"]}), json!(null)), None);
        assert_eq!(language(json!({"languages": ["es"]}), json!("en")).as_deref(), Some("en"));
    }
}
