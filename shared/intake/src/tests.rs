//! Tests with whole messages: what is read as a call, what is an error, and which identifiers an error has. Also what the tests of
//! other modules use to read messages.

use domain::{Role, StartTime, Turn};
use serde_json::{Map, Value, json};

use super::*;

pub(crate) fn complete() -> Value {
    json!({
        "org_id": "acme", "call_id": "call_456", "agent_id": "agent_7", "started_at": "2026-11-22T09:58:00Z",
        "duration_seconds": 184.2, "language": "en", "metadata": {"campaign": "q4"}, "unknown": [1],
        "transcript": [
            {"role": "agent", "text": "Hello.", "start_ms": 0, "end_ms": 2100.4},
            {"role": "customer", "text": "", "start_ms": null, "confidence": 0.9},
            {"role": "other", "text": "[noise]", "start_ms": 900, "end_ms": 300},
        ],
    })
}

pub(crate) fn with(key: &str, value: Value) -> Value {
    let mut message = complete();
    message[key] = value;
    message
}

fn without(key: &str) -> Value {
    let mut message = complete();
    message.as_object_mut().unwrap().remove(key);
    message
}

/// Reads a message of the organisation acme, which the message need not name.
pub(crate) fn read_for_acme(message: &Value) -> Result<ParsedMessage, IntakeError> {
    read(&message.to_string(), Attributes { org_id: Some("acme"), ..Attributes::default() })
}

pub(crate) fn read_call(message: &Value) -> Call {
    match read_for_acme(message) {
        Ok(ParsedMessage::Call(call)) => *call,
        other => panic!("{message} is {other:?}"),
    }
}

/// Who said what from when until when, in milliseconds.
pub(crate) type Said = (Role, String, Option<u64>, Option<u64>);

/// What is said in the call of a message.
pub(crate) fn said(message: &Value) -> Vec<Said> {
    let turns = read_call(message).transcript.into_iter();
    turns.map(|turn| (turn.role, turn.text, turn.start_ms, turn.end_ms)).collect()
}

pub(crate) fn turn(role: Role, text: &str, start_ms: impl Into<Option<u64>>, end_ms: impl Into<Option<u64>>) -> Said {
    (role, text.to_owned(), start_ms.into(), end_ms.into())
}

pub(crate) fn read_ignored(message: &Value) -> (&'static str, String) {
    match read(&message.to_string(), Attributes::default()) {
        Ok(ParsedMessage::Ignored { format, reason }) => (format, reason),
        other => panic!("{message} is {other:?}"),
    }
}

pub(crate) fn read_error(message: &Value) -> IntakeError {
    read(&message.to_string(), Attributes::default()).unwrap_err()
}

/// Reads a text as a call.
pub(crate) fn parse_message(body: &str, org_id: Option<&str>) -> Result<Call, IntakeError> {
    read(body, Attributes { org_id, ..Attributes::default() }).map(|message| match message {
        ParsedMessage::Call(call) => *call,
        other => panic!("{body} is {other:?}"),
    })
}

pub(crate) fn text_of(id: Option<&impl ToString>) -> Option<String> {
    id.map(ToString::to_string)
}

#[test]
fn a_call_that_no_address_can_name_is_refused_by_name_wherever_it_is_named() {
    for (id, reason) in [
        (".", "must not be \".\", which no address can have"),
        ("..", "must not be \"..\", which no address can have"),
        ("stats", "\"stats\" is reserved"),
        ("a/../b", "must hold only letters, digits and . _ : - (found '/')"),
        ("%2e%2e", "must hold only letters, digits and . _ : - (found '%')"),
    ] {
        let error = read_error(&with("call_id", json!(id)));
        assert_eq!((error.to_string(), error.code()), (format!("call_id: {reason}"), "malformed_message"));
        assert_eq!((error.call_id, text_of(error.org_id.as_ref())), (None, Some("acme".to_owned())));
        let retell = json!({"event": "call_ended", "call": {"call_id": id, "transcript": "Agent: Hi.\nUser: Hello."}});
        let error = read_for_acme(&retell).unwrap_err().to_string();
        assert_eq!(error, format!("call.call_id: {reason} (in a message of the format retell)"));
        let attributes = Attributes { call_id: Some(id), ..Attributes::default() };
        let error = read(&without("call_id").to_string(), attributes).unwrap_err().to_string();
        assert_eq!(error, format!("messageAttributes.call_id: {reason}"));
    }
}

#[test]
fn a_complete_call_is_read_as_it_was_sent() {
    let call = parse_message(&complete().to_string(), None).unwrap();
    assert_eq!((call.org_id.as_str(), call.call_id.as_str()), ("acme", "call_456"));
    assert_eq!(text_of(call.agent_id.as_ref()), Some("agent_7".to_owned()));
    assert_eq!(call.started_at, Some(StartTime::parse("2026-11-22T09:58:00Z").unwrap()));
    assert_eq!(call.stated_duration_seconds, Some(184.2));
    assert_eq!(call.language.as_deref(), Some("en"));
    assert_eq!(Value::Object(call.metadata), json!({"campaign": "q4"}));
    assert_eq!(call.producer, "native");
    let turn = |role, text: &str, start_ms, end_ms| Turn { role, text: text.to_owned(), start_ms, end_ms };
    let expected = [
        turn(Role::Agent, "Hello.", Some(0), Some(2100)),
        turn(Role::Customer, "", None, None),
        turn(Role::Other, "[noise]", Some(900), Some(300)),
    ];
    assert_eq!(call.transcript, expected);
}

#[test]
fn metadata_keep_the_digits_of_their_numbers() {
    let metadata = r#"{"order":123456789012345678901234567890,"offset":-98765432109876543210,"price":1.10,"list":[18446744073709551616]}"#;
    for body in [
        complete().to_string().replace(r#"{"campaign":"q4"}"#, metadata),
        format!(
            r#"{{"org_id": "acme", "call_id": "c1", "transcripts": [{{"user": "assistant", "text": "Hi."}}], "metadata": {metadata}}}"#
        ),
    ] {
        let call = parse_message(&body, None).unwrap();
        assert_eq!(Value::Object(call.metadata.clone()).to_string(), metadata);
        assert_eq!(parse_message(&native_json(&call).to_string(), None).unwrap().metadata, call.metadata);
    }
    let id = r#"{"org_id": "acme", "call_id": 123456789012345678901234, "payload": {"transcript": []}}"#;
    assert_eq!(parse_message(id, None).unwrap().call_id.as_str(), "123456789012345678901234");
}

#[test]
fn a_call_needs_no_more_than_its_identifiers_and_a_transcript() {
    let least = json!({"org_id": "acme", "call_id": "c", "transcript": [], "agent_id": null, "metadata": null});
    let call = parse_message(&least.to_string(), None).unwrap();
    assert_eq!((call.agent_id, call.started_at, call.stated_duration_seconds, call.language), (None, None, None, None));
    assert!(call.transcript.is_empty() && call.metadata.is_empty());
}

#[test]
fn a_transcript_may_be_a_labelled_text() {
    let call =
        parse_message(&with("transcript", json!("Agent: Hi.\nCaller: Hello\nthere.")).to_string(), None).unwrap();
    let spoken: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.text.as_str())).collect();
    assert_eq!(spoken, [(Role::Agent, "Hi."), (Role::Customer, "Hello there.")]);
}

#[test]
fn a_speaker_map_names_the_roles_of_the_labels_in_a_text() {
    let mut message =
        with("transcript", json!("Dana Cole: Hi.\nSpeaker 2: Hello.\nTool call: find(7)\nDana Cole: Bye."));
    assert_eq!(
        read_error(&message).to_string(),
        "transcript: line 1: unknown speaker \"Dana Cole\"; name the role of each speaker in speaker_map"
    );
    message["speaker_map"] = json!({"dana cole": "agent", "2": "customer"});
    let roles: Vec<_> = read_call(&message).transcript.iter().map(|turn| turn.role).collect();
    assert_eq!(roles, [Role::Agent, Role::Customer, Role::Agent]);
}

fn assert_malformed(cases: &[(Value, &str)]) {
    for (message, expected) in cases {
        let error = read_error(message);
        assert_eq!((error.to_string().as_str(), error.code()), (*expected, "malformed_message"));
    }
}

#[test]
fn an_error_names_the_path_of_a_wrong_field() {
    let cases = [
        (without("call_id"), "call_id: is missing, and nothing else names the call"),
        (with("call_id", json!(456)), "call_id: must be a string, not a number"),
        (with("call_id", json!("stats")), "call_id: \"stats\" is reserved"),
        (with("org_id", json!("")), "org_id: must not be empty"),
        (with("agent_id", json!("a b")), "agent_id: must hold only letters, digits and . _ : - (found ' ')"),
        (with("started_at", json!("yesterday")), "started_at: must be an RFC 3339 time such as 2026-11-22T09:58:00Z"),
        (with("duration_seconds", json!(-1)), "duration_seconds: must be from 0 to 604800 seconds, which is a week"),
        (with("duration_seconds", json!("184")), "duration_seconds: must be a number, not a string"),
        (with("language", json!("English, mostly")), "language: must be a language tag such as en or en-US"),
        (with("metadata", json!([])), "metadata: must be an object, not an array"),
        (with("metadata", json!({"k": "x".repeat(2041)})), "metadata: must not be larger than 2048 bytes, but is 2049"),
        (without("transcript"), "transcript: is missing"),
        (with("transcript", json!({})), "transcript: must be an array of turns or a string, not an object"),
        (
            with("transcript", json!("Hi.\nAgent: Hello.")),
            "transcript: line 1 comes before any speaker's label, such as \"Agent:\" or \"Customer:\"",
        ),
    ];
    assert_malformed(&cases);
}

#[test]
fn an_error_names_the_path_of_a_wrong_turn() {
    let turn = |turn: Value| with("transcript", json!([{"role": "agent", "text": "a"}, turn]));
    let cases = [
        (turn(json!("hello")), "transcript[1]: must be an object, not a string"),
        (turn(json!({"text": "b"})), "transcript[1].role: is missing"),
        (
            turn(json!({"role": "supervisor", "text": "b"})),
            "transcript[1].role: unknown role \"supervisor\" (known are agent, customer and other)",
        ),
        (turn(json!({"role": "x".repeat(33), "text": "b"})), "transcript[1].role: must be agent, customer or other"),
        (turn(json!({"role": "agent", "text": null})), "transcript[1].text: is missing"),
        (
            turn(json!({"role": "agent", "text": "b", "start_ms": -1})),
            "transcript[1].start_ms: must be from 0 to 604800000 milliseconds, which is a week",
        ),
        (
            turn(json!({"role": "agent", "text": "b", "end_ms": "1"})),
            "transcript[1].end_ms: must be a number, not a string",
        ),
    ];
    assert_malformed(&cases);
}

#[test]
fn metadata_may_fill_its_limit() {
    let largest = with("metadata", json!({"k": "x".repeat(2040)}));
    assert_eq!(parse_message(&largest.to_string(), None).unwrap().metadata["k"], "x".repeat(2040));
}

#[test]
fn json_other_than_an_object_is_malformed() {
    assert_eq!(read_error(&json!([complete()])).to_string(), "$: must be an object, not an array");
    assert_eq!(
        read_error(&json!({"org_id": "acme", "payload": "x"})).to_string(),
        "payload: must be an object, not a string"
    );
    assert_eq!(read_error(&json!({"org_id": "acme", "payload": null})).to_string(), "payload: is missing");
}

#[test]
fn the_error_for_an_unknown_format_names_the_keys() {
    let error = read_error(&json!({"org_id": "acme", "payload": {"event": "call_ended", "caller": {"call_id": "c"}}}));
    assert_eq!(error.to_string(), "payload: unknown format (keys: caller, event)");
    assert_eq!((error.code(), text_of(error.org_id.as_ref())), ("unknown_format", Some("acme".to_owned())));
    assert_eq!(read_error(&json!({})).to_string(), "$: unknown format (no keys)");
    let many: Map<_, _> = (0..10).map(|n| (format!("{n}{}", "k".repeat(40)), json!(n))).collect();
    let error = read_error(&Value::Object(many)).to_string();
    assert!(error.ends_with(&format!("7{} and 2 more)", "k".repeat(31))), "{error}");
}

#[test]
fn an_identifier_alone_does_not_make_a_payload_one_of_our_schema() {
    let sent = json!({"call_id": "c1", "status": "completed", "length": 62, "lines": [{"by": "A", "said": "Hello."}]});
    let error = read_error(&sent);
    assert_eq!(error.to_string(), "$: unknown format (keys: call_id, length, lines, status)");
    assert_eq!((error.code(), error.call_id.unwrap().as_str()), ("unknown_format", "c1"));
    for incomplete in [json!({"call_id": "c1"}), json!({"call_id": "c1", "language": "en", "queue": "a"})] {
        assert_eq!(read_error(&incomplete).to_string(), "transcript: is missing");
    }
}

#[test]
fn turns_of_our_schema_make_a_call_native_whatever_else_is_in_it() {
    for (key, value) in [("messages", json!([{"role": "user", "content": "Hi."}])), ("transcript_object", json!([]))] {
        assert_eq!(read_call(&with(key, value)).transcript.len(), 3, "{key}");
    }
}

#[test]
fn the_organisation_may_come_from_body_envelope_or_attribute() {
    let bare = without("org_id");
    let messages = [
        (complete(), None),
        (bare.clone(), Some("acme")),
        (json!({"org_id": "acme", "payload": bare}), None),
        (json!({"payload": complete()}), None),
        (json!({"org_id": "acme", "payload": complete()}), Some("acme")),
    ];
    let expected = parse_message(&complete().to_string(), None).unwrap();
    for (message, attribute) in messages {
        assert_eq!(parse_message(&message.to_string(), attribute).as_ref(), Ok(&expected), "{message}");
    }
}

#[test]
fn a_message_without_an_organisation_is_an_error() {
    let error = read_error(&without("org_id"));
    assert_eq!(error.to_string(), "org_id: is missing, both in the message and in its attributes");
    assert_eq!((error.code(), text_of(error.call_id.as_ref())), ("missing_organisation", Some("call_456".to_owned())));
}

#[test]
fn conflicting_organisations_are_an_error_of_neither_one() {
    let error = parse_message(&complete().to_string(), Some("globex")).unwrap_err();
    assert_eq!(error.to_string(), "org_id: names the organisation acme, but the message is globex's");
    assert_eq!((error.code(), error.org_id), ("conflicting_organisations", None));
    let error = read_error(&json!({"org_id": "globex", "payload": complete()}));
    assert_eq!(error.to_string(), "payload.org_id: names the organisation acme, but the message is globex's");
}

#[test]
fn an_error_names_an_attribute_that_is_not_an_identifier() {
    let error = parse_message(&complete().to_string(), Some("a b")).unwrap_err().to_string();
    assert!(error.starts_with("messageAttributes.org_id: must hold only letters"), "{error}");
}

#[test]
fn a_native_call_may_have_a_field_named_payload() {
    assert!(parse_message(&with("payload", json!({"call_id": "other"})).to_string(), None).is_ok());
}

#[test]
fn of_a_repeated_key_the_last_one_counts() {
    let body = r#"{"org_id": "acme", "call_id": "first", "call_id": "last", "transcript": []}"#;
    assert_eq!(parse_message(body, None).unwrap().call_id.as_str(), "last");
}
