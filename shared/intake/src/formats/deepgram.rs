//! Deepgram: the response to a transcription request, with `utterances` or with the words of each channel.
//!
//! It has speakers or channels, but not their roles: these come from the envelope's `speaker_map` or are guessed. `created` is when
//! the recording was transcribed, not when the call began.

use domain::Role;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::SECONDS;
use crate::field::{Field, FieldError};
use crate::turn_times::{TurnTimes, sorted_by_start};

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
        builder.set_language(&first.get("detected_language"));
    }
    let mut segments = segments_from_utterances(&results.get("utterances"), separate_channels);
    if segments.is_empty() {
        segments = segments_from_words(&channels, separate_channels);
    }
    let has_no_speakers = segments.iter().all(|segment| segment.speaker.is_none());
    if has_no_speakers && (!segments.is_empty() || has_transcript_text(&channels)) {
        return Err(results.error("does not tell the speakers apart: transcribe with diarize or multichannel"));
    }
    // The utterances of one channel are listed after those of the other.
    for segment in sorted_by_start(segments.into_iter(), |segment| segment.times.start_ms) {
        let role = segment.speaker.map_or(Role::Other, |speaker| builder.role_of(&speaker));
        builder.add_turn(role, &segment.text, segment.times);
    }
    let sentiment = results.get("sentiments.average.sentiment").scalar_text();
    builder.set_verdict(None, sentiment, results.get("summary.short").non_blank());
    builder.add_all_metadata(&metadata.get("extra"));
    builder.add_metadata("tags", metadata.get("tags").value().cloned());
    Ok(PayloadKind::Call)
}

/// Whether any channel has a transcript, with or without speakers.
fn has_transcript_text(channels: &Field<'_, '_>) -> bool {
    channels.elements().any(|channel| {
        let alternatives = channel.get("alternatives");
        alternatives.elements().any(|one| one.get("transcript").non_blank().is_some())
    })
}

/// Consecutive words of one speaker.
struct Segment {
    speaker: Option<String>,
    text: String,
    times: TurnTimes,
}

/// The key of a speaker: the number of the channel if each speaker has one, else the number of the speaker.
fn speaker_key(segment: &Field<'_, '_>, channel: Option<String>, separate_channels: bool) -> Option<String> {
    if separate_channels { channel } else { segment.get("speaker").scalar_text() }
}

fn segments_from_utterances(utterances: &Field<'_, '_>, separate_channels: bool) -> Vec<Segment> {
    let segment = |utterance: Field<'_, '_>| {
        Some(Segment {
            speaker: speaker_key(&utterance, utterance.get("channel").scalar_text(), separate_channels),
            text: utterance.get("transcript").non_blank()?.to_owned(),
            times: TurnTimes::read(&utterance.get("start"), &utterance.get("end"), SECONDS),
        })
    };
    utterances.elements().filter_map(segment).collect()
}

/// The words of all channels in the order of time; consecutive words of one speaker are joined.
fn segments_from_words(channels: &Field<'_, '_>, separate_channels: bool) -> Vec<Segment> {
    let mut words = Vec::new();
    for (number, channel) in channels.elements().enumerate() {
        let alternatives = channel.get("alternatives");
        let Some(best) = alternatives.elements().next() else { continue };
        for word in best.get("words").elements() {
            let texts = [word.get("punctuated_word"), word.get("word")];
            let Some(text) = texts.iter().find_map(Field::non_blank) else { continue };
            words.push(Segment {
                speaker: speaker_key(&word, Some(number.to_string()), separate_channels),
                text: text.to_owned(),
                times: TurnTimes::read(&word.get("start"), &word.get("end"), SECONDS),
            });
        }
    }
    let mut segments: Vec<Segment> = Vec::new();
    for word in sorted_by_start(words.into_iter(), |word| word.times.start_ms) {
        match segments.last_mut() {
            Some(segment) if segment.speaker == word.speaker => {
                segment.text.push(' ');
                segment.text.push_str(&word.text);
                segment.times.end_ms = word.times.end_ms;
            }
            _ => segments.push(word),
        }
    }
    segments
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
}
