//! Tests of the reader of Amazon Transcribe's files.

use domain::Role;
use serde_json::{Value, json};

use crate::tests::{read_call, read_error, read_ignored, said, turn};

/// A word or a punctuation mark as the list of items has it.
fn item(text: &str, start: Option<f64>, labels: &Value) -> Value {
    let kind = if start.is_some() { "pronunciation" } else { "punctuation" };
    let mut item = json!({"type": kind, "alternatives": [{"confidence": "0.99", "content": text}]});
    if let Some(start) = start {
        item["start_time"] = json!(format!("{start:.2}"));
        item["end_time"] = json!(format!("{:.2}", start + 0.2));
    }
    item.as_object_mut().unwrap().extend(labels.as_object().unwrap().clone());
    item
}

fn file(results: &Value) -> Value {
    json!({"jobName": "job-1", "accountId": "111122223333", "status": "COMPLETED", "results": results})
}

fn segments() -> Value {
    let (first, second) = (json!({"speaker_label": "spk_0"}), json!({"speaker_label": "spk_1"}));
    file(&json!({"transcripts": [{"transcript": "Hello. Hi there."}], "language_code": "en-GB",
        "items": [item("Hello", Some(0.1), &first), item(".", None, &first), item("Hi", Some(1.0), &second),
            item("there", Some(1.2), &second), item(".", None, &second)],
        "audio_segments": [
            {"id": 0, "transcript": "Hello.", "start_time": "0.09", "end_time": "0.45", "speaker_label": "spk_0",
                "items": [0, 1]},
            {"id": 1, "transcript": "Hi there.", "start_time": "0.98", "end_time": "1.51", "speaker_label": "spk_1",
                "items": [2, 3, 4]}]}))
}

#[test]
fn transcribes_segments_are_turns_and_their_numbers_are_strings() {
    let expected = [turn(Role::Agent, "Hello.", 90, 450), turn(Role::Customer, "Hi there.", 980, 1_510)];
    assert_eq!(said(&segments()), expected);
    let call = read_call(&segments());
    assert_eq!((call.call_id.as_str(), call.language.as_deref(), call.roles_guessed), ("job-1", Some("en-GB"), true));
    let mut mapped = segments();
    mapped["speaker_map"] = json!({"spk_1": "agent", "spk_0": "customer"});
    assert_eq!(read_call(&mapped).transcript[0].role, Role::Customer);
}

#[test]
fn transcribes_speaker_of_a_word_counts_and_not_that_of_its_segment() {
    let mut both = segments();
    both["results"]["audio_segments"] = json!([{"id": 0, "transcript": "Hello. Hi there.", "start_time": "0.09",
        "end_time": "1.51", "speaker_label": "spk_0", "items": [0, 1, 2, 3, 4]}]);
    assert_eq!(said(&both), [turn(Role::Agent, "Hello.", 100, 300), turn(Role::Customer, "Hi there.", 1_000, 1_400)]);
}

#[test]
fn transcribes_older_files_have_the_speakers_beside_the_words() {
    let none = json!({});
    let mut older = file(&json!({"transcripts": [{"transcript": "Hello. Hi there."}],
        "items": [item("Hello", Some(0.1), &none), item(".", None, &none), item("Hi", Some(1.0), &none),
            item("there", Some(1.2), &none), item(".", None, &none)],
        "speaker_labels": {"speakers": 2, "segments": [
            {"start_time": "0.1", "end_time": "0.3", "speaker_label": "spk_1",
                "items": [{"start_time": "0.10", "end_time": "0.30", "speaker_label": "spk_1"}]},
            {"start_time": "1.0", "end_time": "1.4", "speaker_label": "spk_0", "items": [
                {"start_time": "1.00", "end_time": "1.20", "speaker_label": "spk_0"},
                {"start_time": "1.20", "end_time": "1.40", "speaker_label": "spk_0"}]}]}}));
    let expected = [turn(Role::Agent, "Hello.", 100, 300), turn(Role::Customer, "Hi there.", 1_000, 1_400)];
    assert_eq!(said(&older), expected);
    for segment in [0, 1] {
        older["results"]["speaker_labels"]["segments"][segment]["items"].take();
    }
    assert_eq!(said(&older), expected);
}

#[test]
fn transcribes_channels_are_speakers() {
    let channel = |label: &str, items: &[(&str, Option<f64>)]| {
        let label = json!({"channel_label": label});
        let items = items.iter().map(|(text, start)| item(text, *start, &label)).collect::<Value>();
        json!({"channel_label": label["channel_label"], "items": items})
    };
    let words =
        [("How", Some(0.5)), ("come", Some(0.7)), ("?", None), ("Well", Some(3.0)), (",", None), ("yes", Some(3.3))];
    let other = [("Hm", Some(0.6)), ("Fog", Some(1.5)), (".", None)];
    let channels = file(&json!({"transcripts": [{"transcript": "…"}], "items": [], "channel_labels": {
        "number_of_channels": 2, "channels": [channel("ch_0", &words), channel("ch_1", &other)]}}));
    let expected = [
        turn(Role::Agent, "How come?", 500, 900),
        turn(Role::Customer, "Hm Fog.", 600, 1_700),
        turn(Role::Agent, "Well, yes", 3_000, 3_500),
    ];
    assert_eq!(said(&channels), expected);
}

#[test]
fn transcribes_segments_of_channels_count_by_channel_even_with_speakers() {
    let mut both = segments();
    both["results"]["channel_labels"] = json!({"number_of_channels": 2, "channels": []});
    both["results"]["audio_segments"][0]["channel_label"] = json!("ch_1");
    both["results"]["audio_segments"][1]["channel_label"] = json!("ch_0");
    both["speaker_map"] = json!({"ch_0": "agent", "ch_1": "customer"});
    let roles: Vec<_> = read_call(&both).transcript.iter().map(|turn| turn.role).collect();
    assert_eq!(roles, [Role::Customer, Role::Agent]);
}

#[test]
fn transcribes_file_without_speakers_names_the_options() {
    let mut mono = segments();
    for list in ["items", "audio_segments"] {
        for entry in mono["results"][list].as_array_mut().unwrap() {
            entry["speaker_label"].take();
        }
    }
    let expected = "results: does not tell the speakers apart: start the job with ShowSpeakerLabels";
    assert!(read_error(&mono).to_string().starts_with(expected), "{}", read_error(&mono));
    mono["results"]["items"].take();
    mono["results"]["audio_segments"].take();
    assert!(read_error(&mono).to_string().starts_with(expected), "{}", read_error(&mono));
    mono["results"]["transcripts"] = json!([{"transcript": ""}]);
    assert!(read_call(&mono).transcript.is_empty());
}

#[test]
fn transcribes_job_and_its_event_have_no_words_and_say_where_they_are() {
    let job = json!({"TranscriptionJobName": "job-2", "TranscriptionJobStatus": "COMPLETED"});
    let event = json!({"detail-type": "Transcribe Job State Change", "source": "aws.transcribe", "detail": job});
    for message in [event, json!({"TranscriptionJob": job}), job.clone()] {
        let error = read_error(&message);
        assert!(error.to_string().contains("results: is missing: the event and the job"), "{error}");
        assert_eq!(error.call_id.unwrap().as_str(), "job-2");
    }
    let mut failed = json!({"TranscriptionJob": job});
    failed["TranscriptionJob"]["TranscriptionJobStatus"] = json!("FAILED");
    assert!(read_error(&failed).to_string().contains("says that the transcription failed"));
    failed["TranscriptionJob"]["TranscriptionJobStatus"] = json!("IN_PROGRESS");
    assert_eq!(read_ignored(&failed).1, "IN_PROGRESS is not the end of a call");
}

#[test]
fn transcribes_entries_under_unknown_names_are_errors_and_not_silence() {
    let mut unknown = segments();
    unknown["results"]["audio_segments"] = json!([{"text": "Hello.", "speaker_label": "spk_0"}]);
    unknown["results"]["items"] = json!([]);
    unknown["results"]["transcripts"] = json!([]);
    let error = read_error(&unknown).to_string();
    assert!(error.starts_with("results.audio_segments[0]: has no transcript"), "{error}");
    unknown["results"]["audio_segments"] = json!([]);
    unknown["results"]["items"] = json!([{"type": "pronunciation", "word": "Hello"}]);
    let error = read_error(&unknown).to_string();
    assert!(error.starts_with("results.items[0]: has no content"), "{error}");
}
