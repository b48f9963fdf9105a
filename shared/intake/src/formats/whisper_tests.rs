//! Tests of the reader of the Whisper family.

use domain::Role;
use serde_json::{Value, json};

use crate::tests::{Said, read_call, read_error, said, turn};

fn segments() -> Value {
    json!([
        {"start": 0.031, "end": 1.5, "text": " Vet clinic, hello.", "speaker": "SPEAKER_01", "words": []},
        {"start": 1.9, "end": 3.25, "text": " My dog limps.", "speaker": "SPEAKER_00", "words": []}])
}

fn expected() -> [Said; 2] {
    [turn(Role::Agent, "Vet clinic, hello.", 31, 1_500), turn(Role::Customer, "My dog limps.", 1_900, 3_250)]
}

#[test]
fn whispers_list_may_have_any_of_its_names_or_none() {
    let cpp = json!([
        {"timestamps": {"from": "00:00:00,031", "to": "00:00:01,500"}, "offsets": {"from": 31, "to": 1500},
            "text": " Vet clinic, hello.", "speaker": "0"},
        {"timestamps": {"from": "00:00:01,900", "to": "00:00:03,250"}, "offsets": {"from": 1900, "to": 3250},
            "text": " My dog limps.", "speaker": "1"}]);
    let pipeline = json!([
        {"timestamp": [0.031, 1.5], "text": " Vet clinic, hello.", "speaker": "SPEAKER_01"},
        {"timestamp": [1.9, 3.25], "text": " My dog limps.", "speaker": "SPEAKER_00"}]);
    let plain = json!([{"timestamp": [0.031, 3.25], "text": "Vet clinic, hello. My dog limps."}]);
    let other_names = json!([
        {"start_time": 0.031, "end_time": 1.5, "text": " Vet clinic, hello.", "speaker_label": "SPEAKER_01"},
        {"start_time": 1.9, "end_time": 3.25, "text": " My dog limps.", "speaker_label": "SPEAKER_00"}]);
    let channels = json!([
        {"start": 0.031, "end": 1.5, "text": " Vet clinic, hello.", "channel": 0},
        {"start": 1.9, "end": 3.25, "text": " My dog limps.", "channel": 1}]);
    let openai = json!([
        {"type": "transcript.text.segment", "id": "seg_1", "start": 0.031, "end": 1.5, "text": "Vet clinic, hello.",
            "speaker": "A"},
        {"type": "transcript.text.segment", "id": "seg_2", "start": 1.9, "end": 3.25, "text": "My dog limps.",
            "speaker": "B"}]);
    for message in [
        json!({"call_id": "c1", "segments": segments(), "word_segments": [], "language": "en"}),
        json!({"call_id": "c1", "result": {"language": "en"}, "transcription": cpp}),
        json!({"call_id": "c1", "language": "en", "speakers": pipeline, "chunks": plain, "text": "…"}),
        json!({"call_id": "c1", "chunks": pipeline, "inferred_languages": ["en"], "diarization_segments": []}),
        json!({"call_id": "c1", "task": "transcribe", "language": "english", "text": "…", "segments": openai}),
        json!({"call_id": "c1", "payload": {"language": "en", "segments": segments()}}),
        json!({"call_id": "c1", "language": "en", "segments": other_names}),
        json!({"call_id": "c1", "language": "en", "segments": channels}),
        json!({"id": "c1", "status": "succeeded", "output": {"detected_language": "en", "segments": segments()}}),
    ] {
        assert_eq!(said(&message), expected(), "{message}");
        let call = read_call(&message);
        assert_eq!((call.language.as_deref(), call.roles_guessed), (Some("en"), true), "{message}");
    }
    assert_eq!(said(&json!({"call_id": "c1", "payload": segments()})), expected());
}

#[test]
fn whispers_speakers_have_the_roles_of_the_speaker_map_or_of_their_names() {
    let mut message = json!({"call_id": "c1", "segments": segments(), "duration": 4.5,
        "speaker_map": {"SPEAKER_00": "agent", "SPEAKER_01": "customer"}});
    let call = read_call(&message);
    assert_eq!((call.transcript[0].role, call.roles_guessed), (Role::Customer, false));
    assert_eq!(call.stated_duration_seconds, Some(4.5));
    message.as_object_mut().unwrap().remove("speaker_map");
    message["segments"][0]["speaker"] = json!("customer");
    message["segments"][1]["speaker"] = json!("agent");
    let call = read_call(&message);
    assert_eq!(
        (call.transcript[0].role, call.transcript[1].role, call.roles_guessed),
        (Role::Customer, Role::Agent, false)
    );
}

#[test]
fn whispers_speaker_of_a_word_counts_and_a_word_without_one_is_of_the_one_before_it() {
    let word = |text: &str, speaker: Option<&str>, start: Option<f64>| {
        json!({"word": text, "start": start,
        "end": start.map(|start| start + 0.2), "score": 0.9, "speaker": speaker})
    };
    let one = |words: [Value; 4]| {
        json!({"call_id": "c1", "segments": [{"start": 1.0, "end": 3.0, "text": " Forty dollars. Too much.",
            "speaker": "SPEAKER_00",
            "words": words}]})
    };
    let (a, b) = (Some("SPEAKER_00"), Some("SPEAKER_01"));
    let both = one([
        word("Forty", None, None),
        word("dollars.", a, Some(1.4)),
        word("Too", b, Some(2.0)),
        word("much.", None, None),
    ]);
    let turns = said(&both);
    let texts: Vec<_> = turns.iter().map(|(role, text, ..)| (*role, text.as_str())).collect();
    assert_eq!(texts, [(Role::Agent, "Forty dollars."), (Role::Customer, "Too much.")]);
    let spaced = one([
        word(" Forty", a, Some(1.0)),
        word(" dollars", a, Some(1.4)),
        word(".", a, Some(1.6)),
        word(" Why?", b, Some(2.0)),
    ]);
    assert_eq!(said(&spaced)[0].1, "Forty dollars.");
}

#[test]
fn whispers_segment_without_a_known_speaker_is_other() {
    let mut message = json!({"call_id": "c1", "segments": segments()});
    message["segments"].as_array_mut().unwrap().push(json!({"start": 4, "end": null, "text": "Hm.", "speaker": null}));
    message["segments"].as_array_mut().unwrap().push(json!({"text": "Well.", "speaker": "UNKNOWN"}));
    let turns = said(&message);
    assert_eq!(
        turns[2..],
        [(Role::Other, "Hm.".to_owned(), Some(4_000), None), (Role::Other, "Well.".to_owned(), None, None)]
    );
}

#[test]
fn whisper_without_speakers_says_what_to_run() {
    let verbose = json!({"call_id": "c1", "task": "transcribe", "language": "english", "duration": 8.4,
        "text": "Hello. Hi.",
        "segments": [{"id": 0, "seek": 0, "start": 0.0, "end": 3.0, "text": " Hello. Hi.", "tokens": [1],
            "no_speech_prob": 0.01}]});
    let error = read_error(&verbose).to_string();
    assert!(error.starts_with("segments: does not tell the speakers apart: run a diarization"), "{error}");
    let silent = json!({"call_id": "c1", "segments": [], "language": "en", "text": ""});
    assert!(read_call(&silent).transcript.is_empty());
    let unnamed = json!({"language": "en", "segments": segments()});
    assert!(read_error(&unnamed).to_string().starts_with("call_id: is missing, and nothing else names the call"));
}

#[test]
fn whispers_segments_under_unknown_names_are_errors_and_not_silence() {
    let unknown = json!({"call_id": "c1", "segments": [{"start": 0, "end": 1, "text": {"en": "Hello."},
        "speaker": "SPEAKER_00"}]});
    let error = read_error(&unknown).to_string();
    assert!(error.starts_with("segments[0]: has no text"), "{error}");
}
