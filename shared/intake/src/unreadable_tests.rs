//! Tests with messages that are not quite JSON, are cut off, or hold more than a message may: what is read of them, and whose they are.

use serde_json::json;

use crate::call_builder::{MAX_SPOKEN_BYTES, MAX_TURNS};
use crate::tests::{complete, parse_message, read_call, read_for_acme, text_of, with};

#[test]
fn text_that_is_not_json_names_line_and_column() {
    let error = parse_message("{\n  \"call_id\": oops}", Some("acme")).unwrap_err();
    assert_eq!(error.to_string(), "$: is not JSON: expected value at line 2 column 14");
    assert_eq!((error.code(), text_of(error.org_id.as_ref())), ("malformed_message", Some("acme".to_owned())));
}

#[test]
fn what_is_not_quite_json_costs_a_character_or_a_number_and_not_the_call() {
    let read = |from: &str, to: &str| {
        let body = complete().to_string();
        assert!(body.contains(from), "{from}");
        parse_message(&body.replacen(from, to, 1), None).unwrap()
    };
    assert_eq!(read("Hello.", r"Hel\ud83d.").transcript[0].text, "Hel\u{fffd}.");
    assert_eq!(read("184.2", "1e400").stated_duration_seconds, None);
    assert_eq!(read("\"end_ms\":2100.4", "\"end_ms\":NaN").transcript[0].end_ms, None);
    for (from, to) in
        [("{", "\u{feff}{"), ("\"org_id\"", "\"\u{feff}org_id\""), ("\"call_456\"", r#""\ufeffcall_456""#)]
    {
        let call = read(from, to);
        assert_eq!(
            (call.org_id.as_str(), call.call_id.as_str(), call.transcript.len()),
            ("acme", "call_456", 3),
            "{to}"
        );
    }
}

#[test]
fn a_message_that_cannot_be_read_says_whose_it_was_as_far_as_it_can_be_read() {
    let whole = complete().to_string();
    let cut = whole.get(..whole.find("\"transcript\"").unwrap() + 40).unwrap();
    let retell =
        r#"{"event": "call_ended", "call": {"call_id": "call_456", "agent_id": "agent_7", "transcript": "Agent: "#;
    let enveloped = format!(r#"{{"org_id": "acme", "payload": {retell}"#);
    for body in [cut, &format!("{cut} oops"), &cut.replace("{\"role\"", "{'role'"), &enveloped] {
        let error = parse_message(body, None).unwrap_err();
        assert!(error.to_string().starts_with("$: is not JSON: "), "{error}");
        let ids = (text_of(error.org_id.as_ref()), text_of(error.call_id.as_ref()), text_of(error.agent_id.as_ref()));
        let (acme, call, agent) = ("acme".to_owned(), "call_456".to_owned(), "agent_7".to_owned());
        assert_eq!((ids, error.code()), ((Some(acme), Some(call), Some(agent)), "malformed_message"), "{body}");
    }
    let error = parse_message(retell, Some("acme")).unwrap_err();
    assert_eq!(
        text_of(error.org_id.as_ref()).zip(text_of(error.call_id.as_ref())),
        Some(("acme".into(), "call_456".into()))
    );
    let error = parse_message(cut, Some("globex")).unwrap_err();
    assert_eq!((error.code(), error.org_id), ("conflicting_organisations", None));
    // Of an identifier that may go on, nobody can say whose it is.
    let error = parse_message(r#"{"org_id": "acme", "call_id": 45"#, None).unwrap_err();
    assert_eq!((text_of(error.org_id.as_ref()), error.call_id), (Some("acme".to_owned()), None));
}

#[test]
fn what_lies_deeper_than_any_platform_writes_costs_no_call() {
    let body = complete().to_string().replacen(
        "\"unknown\":[1]",
        &format!("\"unknown\":{}{}", "[".repeat(500), "]".repeat(500)),
        1,
    );
    assert_eq!(parse_message(&body, None).unwrap(), parse_message(&complete().to_string(), None).unwrap());
}

#[test]
fn a_message_of_more_values_than_fit_into_the_memory_is_refused_and_says_whose_it_is() {
    let body = complete().to_string().replacen("[1]", &format!("[{}0]", "{\"a\":0},".repeat(400_000)), 1);
    let error = parse_message(&body, None).unwrap_err();
    assert_eq!(error.to_string(), "$: has more values than fit into 96 MiB of memory");
    assert_eq!((error.code(), text_of(error.call_id.as_ref())), ("message_too_large", Some("call_456".to_owned())));
}

#[test]
fn a_call_of_more_words_or_turns_than_any_has_is_refused_in_every_form() {
    let turn = |text: &str| json!({"role": "agent", "text": text});
    let long = "word ".repeat(MAX_SPOKEN_BYTES / 5 + 1);
    let half = long.get(..MAX_SPOKEN_BYTES / 2).unwrap();
    let retell =
        |transcript: &str| json!({"event": "call_ended", "call": {"call_id": "call_456", "transcript": transcript}});
    for message in [
        with("transcript", json!(vec![turn("Yes."); MAX_TURNS])),
        with("transcript", json!([turn(&long)])),
        with("transcript", json!([turn(half), turn(half)])),
        with("transcript", json!(format!("Agent: {long}"))),
        with("transcript", json!("Agent: a\n".repeat(MAX_TURNS))),
        retell(&format!("Agent: {long}")),
        retell(&"Agent: a\nUser: b\n".repeat(MAX_TURNS / 2)),
        json!({"call_id": "call_456", "messages": vec![json!({"role": "user", "content": "Yes."}); MAX_TURNS + 1]}),
    ] {
        let error = read_for_acme(&message).unwrap_err();
        assert_eq!(
            (error.code(), text_of(error.call_id.as_ref())),
            ("message_too_large", Some("call_456".to_owned())),
            "{error}"
        );
    }
    let most = with("transcript", json!(vec![turn("Yes."); MAX_TURNS - 1]));
    assert_eq!(read_call(&most).transcript.len(), MAX_TURNS - 1);
}
