//! Tests of captions: as the text of a call in our schema, where every line of this is used.

use domain::Role;
use serde_json::{Value, json};

use super::is_captions;
use crate::tests::{Said, read_call, read_error, said, turn};

fn message(captions: &str) -> Value {
    json!({"org_id": "acme", "call_id": "c1", "transcript": captions})
}

fn two() -> [Said; 2] {
    [turn(Role::Agent, "Ferry desk.", 1_000, 2_500), turn(Role::Customer, "Is it late?", 3_000, 4_250)]
}

#[test]
fn captions_are_read_however_they_are_written() {
    for captions in [
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Agent>Ferry desk.</v>\n\n00:00:03.000 --> 00:00:04.250\n<v Customer>Is it late?\n",
        "\u{feff}WEBVTT - call 7\nKind: captions\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\nNOTE\nof two lines\nAgent: no\n\n\
            intro\n00:01.000 --> 00:02.500 align:start position:0%\nAgent: Ferry desk.\n\nNOTE short\n\n\
            00:03.000 --> 00:04.250\nCaller: Is it late?\n\nREGION\nid:bottom\n",
        "1\r\n00:00:01,000 --> 00:00:02,500\r\nAGENT: Ferry\r\ndesk.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,250\r\nCustomer: Is it late?\r\n\r\n3",
        "WEBVTT\n\n00:01.000 --> 00:02.500\n(Agent) Ferry desk.\n\n00:03.000 --> 00:04.250\n[CUSTOMER] Is it\nlate?",
        "1\n00:00:01,000 --> 00:00:02,500\n[Agent]: Ferry desk.\n2\n00:00:03,000-->00:00:04,250 X1:40 X2:600\n<b>Customer:</b> Is\n\nit late?",
        "0:01.000 --> 0:02.500\rAgent (Ada): Ferry desk.\r\r0:03.000 --> 0:04.250\rCustomer: Is it late?",
        "WEBVTT\\n\\n00:01.000 --> 00:02.500\\nAgent: Ferry desk.\\n\\n00:03.000 --> 00:04.250\\nUser: Is it late?",
    ] {
        assert!(is_captions(captions), "{captions}");
        assert_eq!(said(&message(captions)), two(), "{captions}");
        let language = captions.contains("Language").then_some("en");
        assert_eq!(read_call(&message(captions)).language.as_deref(), language);
        assert!(!read_call(&message(captions)).roles_guessed);
    }
}

#[test]
fn a_cue_without_a_label_goes_on_with_the_speaker_before_it() {
    let captions = "WEBVTT\n\n00:01.000 --> 00:02.000\n(ringing)\n\n00:02.000 --> 00:03.000\nAgent: We leave\n\n00:03.000 --> 00:04.000\n\
        at nine, and the fare: 12 euros.\n\n00:04.000 --> 00:05.000\n- Two, please.\n\n00:05.000 --> 00:06.000\nCustomer: So two.";
    assert_eq!(
        said(&message(captions)),
        [
            turn(Role::Other, "(ringing)", 1_000, 2_000),
            turn(Role::Agent, "We leave", 2_000, 3_000),
            turn(Role::Agent, "at nine, and the fare: 12 euros.", 3_000, 4_000),
            turn(Role::Other, "Two, please.", 4_000, 5_000),
            turn(Role::Customer, "So two.", 5_000, 6_000),
        ]
    );
}

#[test]
fn several_speakers_in_one_cue_share_its_times() {
    let tags = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Agent>One?</v> <v User>Two.</v> <v Agent>Right.</v>\n\n00:05.000 --> 00:06.000\n[beep]";
    let labels = "00:01.000 --> 00:04.000\nAgent: One?\nUser: Two.\nAgent: Right.";
    let expected = [
        turn(Role::Agent, "One?", 1_000, None),
        turn(Role::Customer, "Two.", None, None),
        turn(Role::Agent, "Right.", None, 4_000),
    ];
    assert_eq!(said(&message(labels)), expected);
    let found = said(&message(tags));
    assert_eq!((&found[..3], &found[3]), (&expected[..], &turn(Role::Other, "[beep]", 5_000, 6_000)));
}

#[test]
fn names_need_a_speaker_map_and_labels_of_voices_are_guessed() {
    let captions =
        "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ada Byron>Ferry desk.\n\n00:03.000 --> 00:04.250\n<v Leo>Is it late?";
    let mut named = message(captions);
    assert_eq!(
        read_error(&named).to_string(),
        "transcript: unknown speaker \"Ada Byron\"; name the role of each speaker in speaker_map"
    );
    named["speaker_map"] = json!({"ada byron": "agent", "Leo": "customer"});
    assert_eq!(said(&named), two());
    named["transcript"] = json!(captions.replace("<v Ada Byron>", "Ada Byron: ").replace("<v Leo>", "Leo: "));
    assert_eq!(said(&named), two());
    for (first, second) in [
        ("[SPEAKER_01]:", "[SPEAKER_00]:"),
        ("Speaker 2:", "Speaker 1:"),
        ("[SPEAKER_00]", "[SPEAKER_01]"),
        ("(B)", "(A)"),
    ] {
        let voices = captions.replace("<v Ada Byron>", &format!("{first} ")).replace("<v Leo>", &format!("{second} "));
        assert_eq!(said(&message(&voices)), two());
        assert!(read_call(&message(&voices)).roles_guessed);
    }
    named["transcript"] = json!(captions.replace("Ada Byron", "Speaker 2").replace("Leo", "SPEAKER_01"));
    named["speaker_map"] = json!({"1": "customer", "2": "agent"});
    assert_eq!(said(&named), two());
}

#[test]
fn captions_without_speakers_or_with_broken_times_are_errors() {
    let error = |captions: &str| read_error(&message(captions)).to_string();
    let unnamed = error("WEBVTT\n\n00:01.000 --> 00:02.000\nFerry desk.\n\n00:03.000 --> 00:04.000\nIs it late?");
    assert!(unnamed.starts_with("transcript: are captions that name no speaker"), "{unnamed}");
    let broken =
        error("WEBVTT\n\n00:01.000 --> 00:02.000\nAgent: Ferry desk.\n\n00:00:03:04 --> 00:00:04:05\nUser: Hm.");
    assert_eq!(broken, "transcript: line 6: is no time of a cue");
    assert!(read_call(&message("WEBVTT\n")).transcript.is_empty());
}

#[test]
fn other_texts_are_no_captions() {
    for text in [
        "Agent: Hi.\nUser: 00:01 --> 00:02",
        "WEBVTTX\n\n00:01.000 --> 00:02.000",
        "Agent: a --> b",
        "12\nAgent: Hi.",
        "",
        "{\"a\": \"00:01.000 --> 00:02.000\"}",
    ] {
        assert!(!is_captions(text), "{text}");
    }
}

#[test]
fn many_cues_speakers_and_marks_take_little_time() {
    let cue = |number: u32| {
        format!("00:01.000 --> 00:02.000\n<v Agent>Hi.</v> <{{\\ &amp; <v Voice {number}> Hello\n[a] b: c\n\n")
    };
    let captions = format!("WEBVTT\n\n{}", (0..4_000).map(cue).collect::<String>());
    let mut long = message(&captions);
    long["speaker_map"] = json!({"Voice 1": "customer", "Agent": "agent"});
    assert_eq!(read_call(&long).transcript.len(), 8_000);
}
