//! What is stored of an answer, and what is not.

use std::num::NonZeroUsize;

use domain::{CallId, OrgId, Severity, Turn, ViolationKind};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::unseen::seen;

const SAID: &[(Role, &str)] = &[
    (Role::Agent, "Good morning, thank you for calling. How can I help?"),
    (Role::Customer, "My bill is twice as high as last month."),
    (Role::Agent, "I am sorry to hear that. Let me look at it."),
    (Role::Customer, "Okay."),
];

pub(super) fn call() -> Call {
    let turn =
        |(role, text): &(Role, &str)| Turn { role: *role, text: (*text).to_owned(), start_ms: None, end_ms: None };
    let transcript = SAID.iter().map(turn).collect();
    Call::new(OrgId::parse("acme").unwrap(), CallId::parse("call").unwrap(), transcript)
}

pub(super) fn window(tokens: usize) -> TranscriptWindow {
    TranscriptWindow::of(&call().transcript, NonZeroUsize::new(tokens).unwrap()).unwrap()
}

pub(super) fn valid() -> Value {
    let quotes = ["let me look at it", "i am sorry to hear that"];
    let judged = |(at, criterion): (usize, &Criterion)| {
        let evidence = json!([{"turn": 2, "role": "agent", "quote": quotes[at % 2]}]);
        let score = if at % 2 == 0 { 7.5 } else { 8.0 };
        (criterion.to_string(), json!({"evidence": evidence, "reason": format!("{criterion} was so."), "score": score}))
    };
    let criteria: Map<String, Value> = Criterion::ALL.iter().enumerate().map(judged).collect();
    json!({
        "summary": "A bill is too high.", "outcome": "partly", "topics": ["bill"], "violations": [],
        "criteria": criteria, "feedback": "Good.", "improvement_suggestions": "More.", "suggestions": []
    })
}

pub(super) fn changed(path: &str, value: Value) -> Value {
    let mut answer = valid();
    *answer.pointer_mut(path).unwrap() = value;
    answer
}

pub(super) fn validation(answer: &Value) -> Validation {
    Validation::of(Answer::read(&answer.to_string()).unwrap(), &call(), &window(1_000))
}

fn message_about(errors: &[ValidationError]) -> String {
    crate::validation_error::repair(errors, crate::JsonMode::JsonSchema).0
}

fn labels(validation: &Validation) -> Vec<&'static str> {
    validation.errors.iter().map(ValidationError::label).collect()
}

#[test]
fn what_is_proven_is_stored_in_the_transcripts_spelling() {
    let validation = validation(&valid());
    assert!(validation.errors.is_empty() && validation.is_usable());
    let VerifiedAnswer { criteria, synopsis, .. } = validation.answer;
    let quote = |quote: &str| [Evidence { turn: 2, role: Role::Agent, quote: quote.to_owned() }];
    assert_eq!(criteria[0].evidence, quote("Let me look at it"));
    assert_eq!(criteria[1].evidence, quote("I am sorry to hear that"));
    assert_eq!(
        (synopsis.summary.as_deref(), synopsis.outcome),
        (Some("A bill is too high."), Some(Resolution::Partly))
    );
    assert_eq!(synopsis.topics, ["bill"]);
}

#[test]
fn what_is_not_proven_is_dropped_and_a_score_without_proof_is_an_error() {
    let invented = json!({"turn": 2, "role": "agent", "quote": "I will refund you right now"});
    let mixed = json!([invented, {"turn": 0, "role": "agent", "quote": "how can I help"}]);
    let kept = validation(&changed("/criteria/problem_solving/evidence", mixed));
    assert!(kept.errors.is_empty());
    assert_eq!((kept.rejected_quotes, kept.answer.criteria[5].evidence.len()), (1, 1));
    for evidence in [json!([invented]), json!([])] {
        let lost = validation(&changed("/criteria/problem_solving/evidence", evidence));
        assert_eq!(labels(&lost), ["a score has no quote that is in the transcript"]);
        assert!(!lost.is_usable() && lost.answer.criteria[5].evidence.is_empty());
    }
}

#[test]
fn the_message_names_the_quote_and_the_nearest_that_was_said() {
    let claimed = json!([{"turn": 0, "role": "agent", "quote": "let me look at <it> now"}]);
    let message = message_about(&validation(&changed("/criteria/language_use/evidence", claimed)).errors);
    assert!(message.contains("- language_use: no quote is left for the score"), "{message}");
    assert!(
        message.contains(r#"{"turn":0,"role":"agent","quote":"let me look at \u003cit> now"}: turn 0 does not"#),
        "{message}"
    );
    assert!(
        message.contains(r#"the nearest that was said: {"turn":2,"role":"agent","quote":"Let me look at it"#),
        "{message}"
    );
}

#[test]
fn scores_are_on_the_scale_and_there_where_a_criterion_always_applies() {
    for score in [json!(-0.1), json!(10.1), json!(1e300)] {
        assert_eq!(
            labels(&validation(&changed("/criteria/language_use/score", score))),
            ["a score is not from 0 to 10"]
        );
    }
    let null = validation(&changed("/criteria/language_use/score", Value::Null));
    assert_eq!(labels(&null), ["a criterion that always applies has no score"]);
    let none = validation(&changed(
        "/criteria/objection_handling",
        json!({"evidence": [], "reason": "None raised.", "score": null}),
    ));
    assert!(none.errors.is_empty() && none.answer.criteria[10].score.is_none());
}

#[test]
fn texts_are_there_within_their_limits_and_quote_what_was_said() {
    for path in ["/feedback", "/improvement_suggestions", "/criteria/language_use/reason"] {
        assert_eq!(labels(&validation(&changed(path, json!(" \n")))), ["a text is empty"], "{path}");
        let long = validation(&changed(path, json!("word ".repeat(5_000))));
        assert!(long.errors.is_empty() && long.answer.feedback.chars().count() <= LONGEST_TEXT, "{path}");
        assert!(long.answer.criteria[3].reason.chars().count() <= LONGEST_REASON, "{path}");
    }
    for (misquote, told) in [
        ("She said “I will sue you all” (customer, turn 1).", "in quotation marks, but not said on the call"),
        ("He said “my bill is twice as high” (agent, turn 1).", "the customer said it, in turn 1"),
        ("He said “let me look at it”.", "without a claim of who said it"),
    ] {
        for (path, rest) in [("/feedback", "A 'fine' call."), ("/criteria/language_use/reason", "It was fine.")] {
            let misquoted = validation(&changed(path, json!(format!("{rest} {misquote}"))));
            assert_eq!(labels(&misquoted), ["a quotation in a text is not proven"]);
            assert!(misquoted.is_usable() && misquoted.rejected_quotes == 1, "it can be stored without the sentence");
            let VerifiedAnswer { feedback, criteria, .. } = &misquoted.answer;
            let stored = if path == "/feedback" { feedback } else { &criteria[3].reason };
            assert_eq!(*stored, rest.replace('\'', ""));
            let message = message_about(&misquoted.errors);
            assert!(message.contains(told), "{message}");
        }
    }
    let proven = validation(&changed("/feedback", json!("He said “let me look at it” (agent, turn 1).")));
    assert!(proven.errors.is_empty());
    assert_eq!(proven.answer.feedback, "He said “Let me look at it” (agent, turn 2).");
    let claimed = json!("Be calm. Not “let me look at it” (customer, turn 2).");
    let claimed = validation(&changed("/improvement_suggestions", claimed));
    assert_eq!(labels(&claimed), ["a quotation in a text is not proven"]);
    assert_eq!(claimed.answer.improvement_suggestions, "Be calm.");
    let recommended = validation(&changed("/improvement_suggestions", json!("Say “I see how annoying that is”.")));
    assert!(recommended.errors.is_empty());
    assert_eq!(recommended.answer.improvement_suggestions, "Say I see how annoying that is.");
}

#[test]
fn suggestions_are_few_and_point_to_turns_that_are_there() {
    let suggestion =
        |turn: Value| json!({"criterion": "language_use", "text": "Say “thank you for calling”.", "turn": turn});
    let many = json!([
        suggestion(json!(3)),
        suggestion(json!(4)),
        suggestion(json!(null)),
        suggestion(json!(0)),
        suggestion(json!(1)),
        suggestion(json!(2))
    ]);
    let turns: Vec<_> =
        validation(&changed("/suggestions", many)).answer.suggestions.iter().map(|one| one.turn).collect();
    assert_eq!(turns, [Some(3), None, None, Some(0), Some(1)]);
}

#[test]
fn a_quote_under_a_wrong_turn_or_role_or_too_short_is_put_right() {
    let claims = json!([
        {"turn": 0, "role": "agent", "quote": "i am sorry to hear that"},
        {"turn": 1, "role": "agent", "quote": "twice as high"},
        {"turn": 2, "role": "agent", "quote": "sorry"},
    ]);
    let settled = validation(&changed("/criteria/language_use/evidence", claims));
    assert!(settled.errors.is_empty() && settled.rejected_quotes == 0);
    let quotes: Vec<_> =
        settled.answer.criteria[3].evidence.iter().map(|one| (one.turn, one.role, one.quote.as_str())).collect();
    assert_eq!(
        quotes,
        [
            (2, Role::Agent, "I am sorry to hear that"),
            (1, Role::Customer, "twice as high"),
            (2, Role::Agent, "I am sorry to hear that.")
        ]
    );
}

fn violation(kind: &str, severity: &str, evidence: &Value) -> Value {
    json!({"kind": kind, "severity": severity, "reason": "It was one.", "evidence": evidence})
}

#[test]
fn a_violation_needs_words_of_the_agent_and_caps_the_total() {
    let by_agent = json!([{"turn": 2, "role": "agent", "quote": "let me look at it"}]);
    let by_customer = json!([{"turn": 1, "role": "customer", "quote": "my bill is twice as high"}]);
    let claimed = json!([
        violation("threat", "serious", &by_agent),
        violation("threat", "critical", &by_agent),
        violation("harm", "critical", &by_customer),
        violation("privacy", "critical", &json!([])),
    ]);
    let validation = validation(&changed("/violations", claimed));
    assert_eq!(labels(&validation), ["a violation has no quote of the agent that is in the transcript"; 2]);
    assert!(validation.is_usable());
    let kept: Vec<_> = validation.answer.violations.iter().map(|one| (one.kind, one.severity)).collect();
    assert_eq!(kept, [(ViolationKind::Threat, Severity::Serious)]);
    let before = scoring::total(&validation.answer.criteria);
    assert_eq!(validation.answer.total(), (Severity::Serious.cap(), Some(before)));
}

#[test]
fn a_list_of_violations_that_is_missing_or_partly_unreadable_is_asked_for_and_what_is_proven_stays() {
    let by_agent = json!([{"turn": 2, "role": "agent", "quote": "let me look at it"}]);
    for (list, kept) in [
        (Value::Null, 0),
        (json!("none"), 0),
        (json!([{"kind": "rudeness"}, violation("threat", "critical", &by_agent)]), 1),
    ] {
        let validation = validation(&changed("/violations", list));
        assert_eq!(labels(&validation), ["a part of it is missing or not in the form that was asked for"]);
        assert!(validation.is_usable() && validation.answer.violations.len() == kept);
        assert!(message_about(&validation.errors).ends_with("Asked for: violations."));
    }
}

#[test]
fn what_the_summary_quotes_wrongly_goes_and_nothing_of_it_is_asked_for_again() {
    let answer = |path: &str, value: Value| validation(&changed(path, value)).answer.synopsis;
    let summary = answer("/summary", json!("A bill. The agent said “my bill is twice as high” (agent, turn 1)."));
    assert_eq!(summary.summary.as_deref(), Some("A bill."));
    for value in [json!(null), json!(7), json!(" ")] {
        let validation = validation(&changed("/summary", value));
        assert!(validation.errors.is_empty() && validation.answer.synopsis.summary.is_none());
    }
    assert_eq!(answer("/outcome", json!("fine")).outcome, None);
    assert_eq!(answer("/topics", json!(["a", " ", "b", "c", "d"])).topics, ["a", "b", "c"]);
}

#[test]
fn a_stamp_is_sent_back_and_says_little() {
    let mut stamp = valid();
    for criterion in stamp["criteria"].as_object_mut().unwrap().values_mut() {
        criterion["score"] = json!(8);
    }
    let validation = validation(&stamp);
    assert_eq!(labels(&validation), ["it judges nothing"]);
    assert!(validation.is_usable() && validation.answer.says_little());
    let message = message_about(&validation.errors);
    assert!(
        message.contains("all criteria have the same score") && message.contains("objection_handling"),
        "{message}"
    );
}

#[test]
fn only_turns_that_were_shown_are_quoted() {
    let mut call = call();
    call.transcript = (0..40).flat_map(|_| call.transcript.clone()).collect();
    let window = TranscriptWindow::of(&call.transcript, NonZeroUsize::new(400).unwrap()).unwrap();
    let hidden = window.omitted.clone().find(|turn| turn % 4 == 2).unwrap();
    let quote = json!([{"turn": hidden, "role": "agent", "quote": "let me look at it"}]);
    let answer = Answer::read(&changed("/criteria/language_use/evidence", quote).to_string()).unwrap();
    let validation = Validation::of(answer, &call, &window);
    let message = message_about(&validation.errors);
    assert!(message.contains(&format!("turn {hidden} was left out")), "{message}");
}

/// Quotes as a model may give them: real, bent, invented, and anything.
fn claims() -> impl Strategy<Value = Value> {
    let said = prop::sample::select(SAID.iter().map(|(_, text)| *text).collect::<Vec<_>>());
    let bent = (said, 0_usize..60, 0_usize..60, any::<bool>()).prop_map(|(text, from, to, is_upper)| {
        let part: String = text.chars().skip(from.min(to)).take(to.abs_diff(from)).collect();
        if is_upper { part.to_uppercase() } else { part.replace(' ', " \u{200b}\t") }
    });
    let quote = prop_oneof![bent, any::<String>(), Just("x".repeat(1_000))];
    let role = prop::sample::select(vec!["agent", "customer", "other"]);
    let claim =
        (0_usize..6, role, quote).prop_map(|(turn, role, quote)| json!({"turn": turn, "role": role, "quote": quote}));
    prop::collection::vec(claim, 0..5).prop_map(Value::Array)
}

fn answers() -> impl Strategy<Value = Value> {
    let mark = prop::sample::select(vec!["\"", "“", "”", "'", "«", "»", "`", " "]);
    let words =
        prop::sample::select(vec!["let me look at it", "I lie", " (agent, turn 2)", "(customer, turn 1)", ". So "]);
    let words = prop_oneof![any::<String>(), words.prop_map(str::to_owned)];
    let text = prop::collection::vec((mark, words), 0..6)
        .prop_map(|parts| parts.into_iter().flat_map(|(mark, words)| [mark.to_owned(), words]).collect::<String>());
    let score = prop_oneof![
        Just(Value::Null),
        any::<f64>().prop_map(|score| json!(score)),
        (0..11).prop_map(|score| json!(score))
    ];
    let criterion = (claims(), text.clone(), score)
        .prop_map(|(evidence, reason, score)| json!({"evidence": evidence, "reason": reason, "score": score}));
    let violation = (claims(), text.clone()).prop_map(
        |(evidence, reason)| json!({"kind": "threat", "severity": "critical", "evidence": evidence, "reason": reason}),
    );
    (prop::collection::vec(criterion, Criterion::ALL.len()), violation, text.clone(), text).prop_map(|(criteria, violation, feedback, advice)| {
        let names = Criterion::ALL.iter().map(ToString::to_string);
        let criteria: Map<String, Value> = names.zip(criteria).collect();
        let suggestion = json!({"criterion": "language_use", "text": advice, "turn": 9});
        json!({
            "summary": feedback, "topics": [advice], "violations": [violation], "criteria": criteria, "feedback": feedback,
            "improvement_suggestions": advice, "suggestions": [suggestion]
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn no_output_of_a_model_can_make_a_stored_quote_that_is_not_in_the_transcript(first in answers(), second in answers()) {
        let (Ok(first), Ok(second)) = (Answer::read(&first.to_string()), Answer::read(&second.to_string())) else {
            return Ok(());
        };
        let Validation { answer, .. } =
            Validation::of(first, &call(), &window(1_000)).corrected(second, &call(), &window(1_000));
        let of_violations = answer.violations.iter().flat_map(|one| &one.evidence);
        for Evidence { turn, role, quote } in answer.criteria.iter().flat_map(|one| &one.evidence).chain(of_violations) {
            let (speaker, text) = SAID[*turn];
            prop_assert!(speaker == *role && text.contains(quote.as_str()), "{turn} {role} {quote:?}");
        }
        let reasons = answer.criteria.iter().map(|one| &one.reason);
        let advice = answer.suggestions.iter().map(|one| &one.text);
        let synopsis = answer.synopsis.topics.iter().chain(&answer.synopsis.summary);
        let others = answer.violations.iter().map(|one| &one.reason).chain(synopsis);
        for text in reasons.chain(advice).chain(others).chain([&answer.feedback, &answer.improvement_suggestions]) {
            let again = CheckedText::of(text, usize::MAX, &call().transcript, Unclaimed::Refused);
            prop_assert_eq!(again, CheckedText { text: text.clone(), misquotes: vec![] });
            prop_assert_eq!(&seen(text), text, "a character that cannot be seen");
        }
        for one in &answer.criteria {
            prop_assert!(one.reason.chars().count() <= LONGEST_REASON && one.evidence.len() <= MOST_QUOTES);
        }
    }
}
