//! Azure Speech: the result of a fast transcription, and the file of a batch transcription.
//!
//! A phrase has the number of its speaker, of its channel or of both, but no role. Times are milliseconds, or else
//! ticks or an ISO 8601 duration. Neither names the call or says when it began: the time in a batch's file is that of
//! the transcription.

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{MILLISECONDS, call_offset_ms};
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::speech_segments::{self, Segment};
use crate::turn_times::TurnTimes;

/// The lists of phrases, of a fast and a batch transcription.
const LISTS: [&str; 2] = ["phrases", "recognizedPhrases"];
/// The whole texts of the channels beside them.
const WHOLE_TEXTS: [&str; 2] = ["combinedPhrases", "combinedRecognizedPhrases"];
/// The names of times since the start of the recording, each with the milliseconds of its unit.
const OFFSETS: [(&str, f64); 4] = [
    ("offsetMilliseconds", MILLISECONDS),
    ("offsetInMs", MILLISECONDS),
    ("offsetInTicks", TICKS),
    ("offset", MILLISECONDS),
];
/// The names of durations.
const DURATIONS: [(&str, f64); 4] = [
    ("durationMilliseconds", MILLISECONDS),
    ("durationInMs", MILLISECONDS),
    ("durationInTicks", TICKS),
    ("duration", MILLISECONDS),
];
/// A tick of a hundred nanoseconds, in milliseconds.
const TICKS: f64 = 1e-4;
/// The writings of a phrase, the one for reading first.
const WRITINGS: [&str; 4] = ["display", "itn", "maskedITN", "lexical"];
const NO_SPEAKERS: &str =
    "does not tell the speakers apart: transcribe with diarization, or with a channel for each speaker";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    WHOLE_TEXTS.iter().any(|name| payload.has(name))
        || payload.has("recognizedPhrases")
        || payload.get("phrases").elements().any(|phrase| OFFSETS.iter().any(|(name, _)| phrase.has(name)))
        || is_job(payload)
}

/// Whether this is a batch transcription itself, which has links to its files.
fn is_job(payload: &Field<'_, '_>) -> bool {
    payload
        .get("self")
        .non_blank()
        .is_some_and(|link| link.contains("/speechtotext/") && link.contains("/transcriptions"))
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("call_id")])?;
    let lists = LISTS.map(|name| payload.get(name));
    let [fast, batch] = &lists;
    let phrases = if batch.is_present() { batch } else { fast };
    if is_job(payload) && !phrases.is_present() {
        let status = payload.get("status");
        return match status.non_blank() {
            Some(running @ ("NotStarted" | "Running")) => Ok(PayloadKind::not_call_end(running)),
            Some("Failed") => Err(status.error("says that the transcription failed: there are no words")),
            _ => Err(batch.error("is missing: send the file of the kind Transcription that links.files lists")),
        };
    }
    let whole = WHOLE_TEXTS.map(|name| payload.get(name));
    if !phrases.is_present() {
        let has_text = |one: &Field<'_, '_>| one.get("text").non_blank().is_some() || writing(one).is_some();
        if whole.iter().any(|list| list.elements().any(|one| has_text(&one))) {
            return Err(phrases.error(NO_SPEAKERS));
        }
    }
    phrases.optional(Field::array)?;
    builder.duration_seconds = duration_ms(payload).map(|ms| ms / 1_000.0).and_then(crate::coerce::plausible_duration);
    let has_channels = whole.iter().any(|list| list.elements().count() > 1);
    let segments = phrases.elements().filter_map(|phrase| segment(&phrase)).collect();
    speech_segments::add_turns(segments, has_channels, phrases, NO_SPEAKERS, builder)?;
    builder.require_understood(first_unknown(phrases, "has neither a text nor nBest", is_known))?;
    set_language(phrases, builder);
    Ok(PayloadKind::Call)
}

/// Whether a phrase is known: it has a text or a list of writings, or the service says that it has none.
fn is_known(phrase: &Field<'_, '_>) -> bool {
    let status = phrase.get("recognitionStatus");
    phrase.get("text").is_text()
        || phrase.get("nBest").array().is_ok()
        || status.non_blank().is_some_and(|status| status != "Success")
}

fn segment(phrase: &Field<'_, '_>) -> Option<Segment> {
    let best = phrase.get("nBest");
    let best = best.elements().next();
    let text = phrase.get("text").non_blank().map(str::to_owned).or_else(|| best.as_ref().and_then(writing))?;
    let start = time_ms(phrase, &OFFSETS);
    let end = start.zip(duration_ms(phrase)).map(|(start, duration)| start + duration);
    Some(Segment {
        channel: phrase.get("channel").scalar_text(),
        speaker: phrase.get("speaker").scalar_text(),
        text,
        times: TurnTimes { start_ms: start.and_then(call_offset_ms), end_ms: end.and_then(call_offset_ms) },
        ..Segment::default()
    })
}

/// The best writing of what was recognised.
fn writing(recognised: &Field<'_, '_>) -> Option<String> {
    WRITINGS.iter().find_map(|name| recognised.get(name).non_blank().map(str::to_owned))
}

fn duration_ms(entry: &Field<'_, '_>) -> Option<f64> {
    time_ms(entry, &DURATIONS)
}

/// The first of these times that is known, in milliseconds.
fn time_ms(entry: &Field<'_, '_>, names: &[(&str, f64)]) -> Option<f64> {
    names.iter().find_map(|(name, unit)| {
        let time = entry.get(name);
        time.number().map(|number| number * unit).or_else(|| iso_duration_ms(time.non_blank()?))
    })
}

/// The milliseconds of an ISO 8601 duration of at most hours, such as `PT1M2.5S`.
fn iso_duration_ms(text: &str) -> Option<f64> {
    let mut rest = text.trim().strip_prefix("PT")?;
    let mut seconds = 0.0;
    for (unit, length) in [('H', 3_600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, behind)) = rest.split_once(unit) {
            seconds += number.parse::<f64>().ok()? * length;
            rest = behind;
        }
    }
    rest.is_empty().then_some(seconds * 1_000.0)
}

/// The language, where all phrases have the same.
fn set_language(phrases: &Field<'_, '_>, builder: &mut CallBuilder) {
    let locales = || phrases.elements().filter_map(|phrase| phrase.get("locale").non_blank());
    let first = locales().next();
    if locales().all(|locale| Some(locale) == first)
        && let Some(phrase) = phrases.elements().find(|phrase| phrase.get("locale").non_blank().is_some())
    {
        builder.set_language(&phrase.get("locale"));
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use super::iso_duration_ms;
    use crate::tests::{Said, read_call, read_error, read_ignored, said};

    fn expected() -> [Said; 2] {
        [
            (Role::Agent, "City library.".to_owned(), Some(960), Some(1_600)),
            (Role::Customer, "Are you open?".to_owned(), Some(2_000), Some(3_250)),
        ]
    }

    fn fast() -> Value {
        json!({"call_id": "c1", "durationMilliseconds": 40_500,
            "combinedPhrases": [{"text": "City library. Are you open?"}], "phrases": [
            {"speaker": 1, "offsetMilliseconds": 960, "durationMilliseconds": 640, "text": "City library.", "words": [
                {"text": "City", "offsetMilliseconds": 960, "durationMilliseconds": 300}], "locale": "en-US",
                    "confidence": 0.93},
            {"speaker": 2, "offsetMilliseconds": 2000, "durationMilliseconds": 1250, "text": "Are you open?",
                "locale": "en-US"}]})
    }

    fn batch() -> Value {
        let phrase = |channel: u32, offset: u64, duration: u64, text: &str| {
            json!({"recognitionStatus": "Success", "channel": channel, "offsetInTicks": offset,
                "durationInTicks": duration,
                "nBest": [{"confidence": 0.9, "lexical": text.to_lowercase(), "display": text},
                    {"display": "Another."}]})
        };
        json!({"call_id": "c1", "source": "https://x/y.wav", "timestamp": "2026-02-03T04:05:06Z",
            "durationInTicks": 405_000_000, "duration": "PT40.5S",
            "combinedRecognizedPhrases": [{"channel": 0, "display": "…"}, {"channel": 1, "display": "…"}],
            "recognizedPhrases": [phrase(1, 20_000_000, 12_500_000,
                "Are you open?"), phrase(0, 9_600_000, 6_400_000, "City library.")]})
    }

    #[test]
    fn azures_phrases_have_milliseconds_or_ticks_and_speakers_or_channels() {
        for message in [fast(), batch()] {
            assert_eq!(said(&message), expected(), "{message}");
            let call = read_call(&message);
            assert_eq!((call.stated_duration_seconds, call.roles_guessed), (Some(40.5), true));
            assert_eq!(call.started_at, None);
        }
        assert_eq!(read_call(&fast()).language.as_deref(), Some("en-US"));
        let mut mapped = batch();
        mapped["speaker_map"] = json!({"0": "customer", "1": "agent"});
        assert_eq!(said(&mapped).iter().map(|turn| turn.0).collect::<Vec<_>>(), [Role::Customer, Role::Agent]);
    }

    #[test]
    fn azures_times_may_be_iso_durations_and_unknown_ones_are_none() {
        let mut message = batch();
        for (phrase, offset, duration) in [(0, "PT2S", "PT1.25S"), (1, "PT0.96S", "PT0.64S")] {
            let phrase = &mut message["recognizedPhrases"][phrase];
            phrase.as_object_mut().unwrap().retain(|key, _| !key.ends_with("Ticks"));
            phrase["offset"] = json!(offset);
            phrase["duration"] = json!(duration);
        }
        assert_eq!(said(&message), expected());
        message["recognizedPhrases"][0]["duration"] = json!("soon");
        assert_eq!(said(&message)[1].3, None);
        assert_eq!(iso_duration_ms("PT1H2M3.5S"), Some(3_723_500.0));
        for text in ["", "P1D", "PT1X", "1S", "PTS"] {
            assert_eq!(iso_duration_ms(text), None, "{text}");
        }
    }

    #[test]
    fn azures_phrase_in_which_nothing_was_recognised_is_no_turn() {
        let mut message = batch();
        let silence = json!({"recognitionStatus": "InitialSilenceTimeout", "channel": 0, "offsetInTicks": 0});
        message["recognizedPhrases"].as_array_mut().unwrap().insert(0, silence.clone());
        assert_eq!(said(&message), expected());
        message["recognizedPhrases"] = json!([silence]);
        assert!(read_call(&message).transcript.is_empty());
        message["recognizedPhrases"] = json!([{"recognitionStatus": "Success", "channel": 0, "best": []}]);
        assert!(read_error(&message).to_string().starts_with("recognizedPhrases[0]: has neither a text nor nBest"));
    }

    #[test]
    fn azures_result_without_speakers_names_the_option() {
        let mut message = fast();
        for phrase in message["phrases"].as_array_mut().unwrap() {
            phrase["speaker"].take();
            phrase["channel"] = json!(0);
        }
        let error = read_error(&message).to_string();
        assert!(error.starts_with("phrases: does not tell the speakers apart: transcribe with diarization"), "{error}");
        message["phrases"].take();
        assert!(read_error(&message).to_string().starts_with("phrases: does not tell the speakers apart"));
    }

    #[test]
    fn azures_batch_itself_has_no_words_and_says_where_they_are() {
        let mut job = json!({"org_id": "acme", "call_id": "c1",
            "self": "https://westus.api.cognitive.microsoft.com/speechtotext/v3.2/transcriptions/7",
            "status": "Succeeded", "links": {"files": "https://…/files"}});
        assert!(read_error(&job).to_string().starts_with("recognizedPhrases: is missing: send the file"));
        job["status"] = json!("Failed");
        assert!(read_error(&job).to_string().starts_with("status: says that the transcription failed"));
        job["status"] = json!("Running");
        assert_eq!(read_ignored(&job).1, "Running is not the end of a call");
    }
}
