//! Claims of machine agents in small calls.

use domain::{Call, ToolEvent};

use super::*;
use crate::test_calls::untimed;

const NONE: [usize; 0] = [];

fn event(after_turn: usize, name: &str, result: &str, is_error: Option<bool>) -> ToolEvent {
    ToolEvent {
        after_turn: Some(after_turn),
        name: name.to_owned(),
        arguments: None,
        result: Some(result.to_owned()),
        is_error,
    }
}

fn with_tools(turns: &[(&str, &str)], tool_events: Vec<ToolEvent>) -> Call {
    Call { tool_events, ..untimed(turns) }
}

/// The turns of claims that no tool bears out, in a call in which the claim is turn 2.
fn found(claim: &str, tool_events: Vec<ToolEvent>) -> Vec<usize> {
    let turns = [
        ("agent", "hello this is the harbour office"),
        ("customer", "please move my berth to may"),
        ("agent", claim),
        ("customer", "lovely and the key"),
        ("agent", "the key is at the gate"),
    ];
    let call = with_tools(&turns, tool_events);
    let dialogue = Dialogue::of(&call);
    unbacked(&dialogue).into_iter().map(|word| dialogue.word(word).turn).collect()
}

#[test]
fn the_file_is_of_the_format_and_its_examples_match() {
    for example in PhraseFile::parse("claims.txt", FILE).unwrap().examples {
        let call = untimed(&[("agent", example.said)]);
        let dialogue = Dialogue::of(&call);
        let matches = dialogue.utterances.iter().any(|said| !claims(&dialogue, said).is_empty());
        assert_eq!(matches, example.matches, "claims.txt:{}: {}", example.line, example.said);
    }
}

#[test]
fn a_claim_is_unbacked_when_nothing_that_changes_anything_succeeded() {
    let failed = || vec![event(1, "move_berth", r#"{"code": 7}"#, Some(true))];
    assert_eq!(found("I've moved your berth to May.", failed()), [2]);
    assert_eq!(found("your berth has been moved to may", failed()), [2]);
    assert_eq!(found("I've moved it.", vec![event(1, "find_berth", "{}", Some(false))]), [2]);
    assert_eq!(
        found("I've moved it.", vec![event(1, "berthLookup", "{}", None), event(1, "getBerth", "{}", None)]),
        [2]
    );
    assert_eq!(found("I've moved it.", vec![event(1, "move_berth", r#"{"status": "declined"}"#, None)]), [2]);
}

#[test]
fn a_claim_is_backed_by_what_succeeded_before_it_or_by_the_reply() {
    let success = |after| vec![event(after, "move_berth", r#"{"error": null, "moved": true}"#, None)];
    for after in 0..=3 {
        assert_eq!(found("I've moved it.", success(after)), NONE, "{after}");
    }
    assert_eq!(found("I've moved it.", success(4)), [2]);
    let second_try = vec![event(1, "move_berth", "{}", Some(true)), event(1, "move_berth", "{}", Some(false))];
    assert_eq!(found("I've moved it.", second_try), NONE);
}

#[test]
fn what_was_done_earlier_does_not_back_a_claim_right_after_a_failure() {
    let gate_opens_and_berth_fails =
        || vec![event(0, "open_gate", "{}", Some(false)), event(1, "move_berth", "{}", Some(true))];
    assert_eq!(found("I've moved it.", gate_opens_and_berth_fails()), [2]);
    let turns = [
        ("customer", "open the gate and move my berth"),
        ("agent", "one after the other then"),
        ("customer", "okay"),
        ("agent", "moving the berth did not work"),
        ("customer", "and the gate"),
        ("agent", "that has been confirmed"),
    ];
    let call =
        with_tools(&turns, vec![event(0, "open_gate", "{}", Some(false)), event(2, "move_berth", "{}", Some(true))]);
    assert_eq!(unbacked(&Dialogue::of(&call)), NONE);
}

#[test]
fn nothing_is_held_against_an_agent_whose_tools_are_not_recorded_or_that_claims_nothing() {
    let failed = || vec![event(1, "move_berth", "{}", Some(true))];
    assert_eq!(found("I've moved your berth.", Vec::new()), NONE);
    for said in [
        "I could not move it, and it has not been moved.",
        "It will be free once it has been paid.",
        "Shall I say it has been moved?",
        "If I have moved it you get a letter.",
        "I am sorry, that did not work.",
    ] {
        assert_eq!(found(said, failed()), NONE, "{said}");
    }
    let read_from_a_record = vec![event(1, "get_berth", r#"{"paid": true}"#, Some(false))];
    assert_eq!(found("It has been booked since March.", read_from_a_record), NONE);
}

#[test]
fn an_unbacked_claim_is_a_violation_that_quotes_it() {
    let turns = [("customer", "stop the milk please"), ("agent", "Sure. Your milk has been paused for June.")];
    let call = with_tools(&turns, vec![event(0, "pause_order", "{}", Some(true))]);
    let violation = violation(&Dialogue::of(&call)).unwrap();
    assert_eq!((violation.kind, violation.severity), (ViolationKind::ActionNotDone, Severity::Serious));
    assert_eq!((violation.evidence[0].turn, violation.evidence[0].role), (1, Role::Agent));
    assert_eq!(violation.evidence[0].quote, "Your milk has been paused for June");
}
