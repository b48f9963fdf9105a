//! Short calls with what has to come of them.

use domain::Call;

use super::*;
use crate::test_calls::untimed;

/// Calls that the phrases were chosen with.
const CASES: &str = include_str!("cases.txt");
/// Calls that had no part in that.
const MEASURED: &str = include_str!("measured.txt");
/// So many percent of them are told right, at least.
const TOLD_PERCENT: usize = 90;

/// The calls of a file, each with its reason, `scored` or else why it is not.
fn cases(file: &'static str) -> Vec<(&'static str, &'static str, Call)> {
    let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let case = |line: &'static str| {
        let (label, said) = line.split_once('\t').unwrap_or_else(|| panic!("{line}"));
        let turn = |turn: &'static str| match turn.split_once(": ") {
            Some(("a", text)) => ("agent", text),
            Some(("c", text)) => ("customer", text),
            _ => panic!("{line}"),
        };
        (label, said, untimed(&said.split(" | ").map(turn).collect::<Vec<_>>()))
    };
    lines.map(case).collect()
}

fn told(call: &Call) -> &'static str {
    machine(&Dialogue::of(call)).map_or("scored", SkipReason::code)
}

/// The calls that are told wrong: skipped though they are scored or the other way round, and for another reason.
fn wrong(file: &'static str) -> (Vec<String>, Vec<String>) {
    let wrong = cases(file).into_iter().filter_map(|(label, said, call)| {
        let told = told(&call);
        (told != label).then(|| ((label == "scored") != (told == "scored"), format!("{label}, not {told}: {said}")))
    });
    let (decisions, reasons): (Vec<_>, Vec<_>) = wrong.partition(|(decision, _)| *decision);
    let texts = |wrong: Vec<(bool, String)>| wrong.into_iter().map(|(_, text)| text).collect();
    (texts(decisions), texts(reasons))
}

#[test]
fn calls_that_the_phrases_were_chosen_with_are_told() {
    let (decisions, reasons) = wrong(CASES);
    assert!(decisions.is_empty() && reasons.is_empty(), "{decisions:#?}\n{reasons:#?}");
}

#[test]
fn of_calls_that_had_no_part_in_choosing_them_no_conversation_is_skipped_and_most_machines_are_told() {
    let (decisions, reasons) = wrong(MEASURED);
    let skipped: Vec<&String> = decisions.iter().filter(|wrong| wrong.starts_with("scored")).collect();
    assert!(skipped.is_empty() && reasons.is_empty(), "{skipped:#?}\n{reasons:#?}");
    let count = cases(MEASURED).len();
    assert!((count - decisions.len()) * 100 >= count * TOLD_PERCENT, "{} of {count}: {decisions:#?}", decisions.len());
}

#[test]
fn every_reason_that_words_can_give_is_among_the_calls() {
    for file in [CASES, MEASURED] {
        for label in ["scored", "voicemail", "not_answered", "ivr_only"] {
            assert!(cases(file).iter().filter(|(known, ..)| *known == label).count() >= 7, "{label}");
        }
        assert!(
            cases(file).iter().all(|(label, ..)| ["scored", "voicemail", "not_answered", "ivr_only"].contains(label))
        );
    }
}

#[test]
fn no_announcement_is_as_long_as_a_speech() {
    let speech = |times| "please leave a message after the tone ".repeat(times);
    let told_of = |times| told(&untimed(&[("customer", &speech(times)), ("agent", "hello this is tom")]));
    assert_eq!((told_of(2), told_of(LONGEST_ANNOUNCEMENT)), ("voicemail", "scored"));
}
