//! Speechmatics: a transcript in the format `json-v2`, a list of words and punctuation marks with their speakers or
//! channels.
//!
//! The time in it is that of the job, not of the call.
//!
//! **Invariant:** a mark that attaches to the word before it is never set apart.

use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::SECONDS;
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::speech_segments::{self, Segment};
use crate::turn_times::TurnTimes;

/// The kinds of results that were said.
const SPOKEN: [&str; 3] = ["word", "punctuation", "entity"];
/// What the transcript's format is written as: its version.
const FORMAT_PREFIX: &str = "2.";
/// The states of a job that could not be done.
const FAILED: [&str; 3] = ["rejected", "deleted", "expired"];
const NO_SPEAKERS: &str = "does not tell the speakers apart: transcribe with diarization speaker or channel";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let results = payload.get("results");
    let is_version = payload.get("format").non_blank().is_some_and(|format| format.starts_with(FORMAT_PREFIX));
    let is_result = |one: &Field<'_, '_>| one.has("alternatives") && one.has("type") && one.has("start_time");
    results.array().is_ok()
        && (payload.get("metadata.transcription_config").is_present()
            || is_version && payload.has("metadata")
            || results.elements().take(8).any(|one| is_result(&one)))
        || is_job(payload)
}

/// Whether this is a job itself, as the API returns it.
fn is_job(payload: &Field<'_, '_>) -> bool {
    let job = payload.get("job");
    job.get("status").is_text()
        && job.get("id").is_present()
        && (job.has("data_name") || job.get("config.type").is_text())
        && !payload.has("results")
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let job = payload.get("job");
    builder.set_call_id(&[job.get("id")])?;
    let results = payload.get("results");
    if is_job(payload) {
        let status = job.get("status");
        return match status.non_blank().unwrap_or_default() {
            "running" => Ok(PayloadKind::not_call_end("running")),
            failed if FAILED.contains(&failed) => Err(status.error("says that there is no transcript")),
            _ => {
                Err(results.error("is missing: send the transcript of the job (json-v2), which the API has beside it"))
            }
        };
    }
    builder.duration_seconds = job.get("duration").duration_seconds(SECONDS);
    let config = payload.get("metadata.transcription_config");
    builder.set_language(&config.get("language"));
    if builder.language.is_none() {
        builder.set_language(&payload.get("metadata.language_identification.predicted_language"));
    }
    let has_channels = config.get("diarization").non_blank().is_some_and(|kind| kind.starts_with("channel"));
    // Of languages that are written without blanks it is empty.
    let delimiter = payload.get("metadata.language_pack_info.word_delimiter");
    let is_joined = delimiter.value().and_then(Value::as_str) == Some("");
    let words = words(&results, is_joined);
    speech_segments::add_words(words, has_channels, &results, NO_SPEAKERS, builder)?;
    builder.require_understood(first_unknown(&results, "has no content", |one| {
        !is_spoken(one) || content(one).is_some()
    }))?;
    builder.set_verdict(None, None, payload.get("summary.content").non_blank());
    builder.metadata.add_field("tracking", &job.get("tracking"));
    Ok(PayloadKind::Call)
}

fn words(results: &Field<'_, '_>, is_joined: bool) -> Vec<Segment> {
    let (mut words, mut attaches_next) = (Vec::new(), false);
    for result in results.elements().filter(is_spoken) {
        let Some(text) = content(&result) else { continue };
        let alternatives = result.get("alternatives");
        let best = alternatives.elements().next();
        let label = |name| {
            let own = result.get(name).scalar_text();
            own.or_else(|| best.as_ref().and_then(|best| best.get(name).scalar_text()))
        };
        let attaches = result.get("attaches_to").non_blank().unwrap_or_default();
        words.push(Segment {
            channel: label("channel"),
            speaker: label("speaker"),
            text,
            times: TurnTimes::read(&result.get("start_time"), &result.get("end_time"), SECONDS),
            is_attached: is_joined || attaches_next || matches!(attaches, "previous" | "both"),
            ..Segment::default()
        });
        attaches_next = matches!(attaches, "next" | "both");
    }
    words
}

/// Whether a result was said. One of an unknown kind is no speech.
fn is_spoken(result: &Field<'_, '_>) -> bool {
    result.get("type").non_blank().is_none_or(|kind| SPOKEN.contains(&kind))
}

fn content(result: &Field<'_, '_>) -> Option<String> {
    let alternatives = result.get("alternatives");
    alternatives.elements().next().and_then(|best| best.get("content").non_blank().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{Said, read_call, read_error, read_ignored, said};

    fn result(text: &str, start: f64, speaker: &str) -> Value {
        let is_mark = text.chars().all(|c| c.is_ascii_punctuation());
        let end = if is_mark { start } else { start + 0.3 };
        let mut result = json!({"type": if is_mark { "punctuation" } else { "word" }, "start_time": start,
            "end_time": end,
            "alternatives": [{"content": text, "confidence": 1.0, "language": "en", "speaker": speaker}]});
        if is_mark {
            result["attaches_to"] = json!("previous");
        }
        result
    }

    fn transcript() -> Value {
        json!({"format": "2.9", "job": {"id": "sm-1", "created_at": "2026-03-04T05:06:07Z", "data_name": "a.wav",
            "duration": 75,
                "tracking": {"reference": "t-9"}},
            "metadata": {"type": "transcription", "transcription_config": {"language": "en", "diarization": "speaker"}},
            "results": [result("Harbour", 0.5, "S2"), result("office", 0.9, "S2"), result(".", 1.2,
                "S2"), result("Any", 2.0, "S1"),
                result("berth", 2.4, "S1"), result("?", 2.7, "S1")]})
    }

    fn expected(first: Role, second: Role) -> [Said; 2] {
        [
            (first, "Harbour office.".to_owned(), Some(500), Some(1_200)),
            (second, "Any berth?".to_owned(), Some(2_000), Some(2_700)),
        ]
    }

    #[test]
    fn speechmatics_words_are_joined_by_speaker() {
        assert_eq!(said(&transcript()), expected(Role::Agent, Role::Customer));
        let call = read_call(&transcript());
        assert_eq!(
            (call.call_id.as_str(), call.stated_duration_seconds, call.roles_guessed),
            ("sm-1", Some(75.0), true)
        );
        assert_eq!((call.language.as_deref(), call.started_at), (Some("en"), None));
        assert_eq!(Value::Object(call.metadata), json!({"tracking": {"reference": "t-9"}}));
        let mut mapped = transcript();
        mapped["speaker_map"] = json!({"S1": "agent", "S2": "customer"});
        assert_eq!(said(&mapped), expected(Role::Customer, Role::Agent));
    }

    #[test]
    fn speechmatics_channels_may_be_named_by_their_roles() {
        let mut stereo = transcript();
        stereo["metadata"]["transcription_config"]["diarization"] = json!("channel");
        let results = stereo["results"].as_array_mut().unwrap();
        for result in results.iter_mut() {
            let is_first = result["alternatives"][0]["speaker"] == "S2";
            result["channel"] = json!(if is_first { "Caller" } else { "Agent" });
            result["alternatives"][0].as_object_mut().unwrap().remove("speaker");
        }
        results.rotate_left(3);
        assert_eq!(said(&stereo), expected(Role::Customer, Role::Agent));
        assert!(!read_call(&stereo).roles_guessed);
    }

    #[test]
    fn speechmatics_marks_attach_to_either_side_and_words_of_some_languages_have_no_blanks() {
        let mut message = transcript();
        message["results"] =
            json!([result("so", 0.0, "S1"), result("(", 0.3, "S1"), result("well", 0.4, "S1"), result(")", 0.8, "S1")]);
        message["results"][1]["attaches_to"] = json!("next");
        assert_eq!(said(&message)[0].1, "so (well)");
        message["metadata"]["language_pack_info"] = json!({"word_delimiter": ""});
        assert_eq!(said(&message)[0].1, "so(well)");
    }

    #[test]
    fn speechmatics_unknown_speaker_is_other_and_without_any_the_option_is_named() {
        let mut message = transcript();
        message["results"].as_array_mut().unwrap().push(result("Hm", 4.0, "UU"));
        message["results"]
            .as_array_mut()
            .unwrap()
            .push(json!({"type": "speaker_change", "start_time": 5, "end_time": 5}));
        assert_eq!(said(&message)[2].0, Role::Other);
        for result in message["results"].as_array_mut().unwrap().iter_mut().take(7) {
            result["alternatives"][0]["speaker"] = json!("UU");
        }
        let error = read_error(&message).to_string();
        assert!(error.starts_with("results: does not tell the speakers apart: transcribe with diarization"), "{error}");
        message["results"] = json!([]);
        assert!(read_call(&message).transcript.is_empty());
    }

    #[test]
    fn speechmatics_job_itself_has_no_words_and_says_so() {
        let mut job = json!({"org_id": "acme", "job": {"id": "sm-1", "status": "done", "data_name": "a.wav",
            "config": {"type": "transcription"}}});
        assert!(read_error(&job).to_string().starts_with("results: is missing: send the transcript of the job"));
        job["job"]["status"] = json!("rejected");
        assert!(read_error(&job).to_string().starts_with("job.status: says that there is no transcript"));
        job["job"]["status"] = json!("running");
        assert_eq!(read_ignored(&job).1, "running is not the end of a call");
    }

    #[test]
    fn speechmatics_results_under_unknown_names_are_errors_and_not_silence() {
        let mut unknown = transcript();
        unknown["results"] = json!([{"type": "word", "start_time": 0, "alternatives": [{"text": "Harbour"}]}]);
        assert!(read_error(&unknown).to_string().starts_with("results[0]: has no content"));
    }
}
