//! What is stored of an answer, and what is not.

use std::num::NonZeroUsize;

use domain::{CallId, OrgId, Role, Turn};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

const SAID: &[(Role, &str)] = &[
    (Role::Agent, "Good morning, thank you for calling. How can I help?"),
    (Role::Customer, "My bill is twice as high as last month."),
    (Role::Agent, "I am sorry to hear that. Let me look at it."),
    (Role::Customer, "Okay."),
];

fn call() -> Call {
    let turn =
        |(role, text): &(Role, &str)| Turn { role: *role, text: (*text).to_owned(), start_ms: None, end_ms: None };
    let transcript = SAID.iter().map(turn).collect();
    Call::new(OrgId::parse("acme").unwrap(), CallId::parse("call").unwrap(), transcript)
}

fn window(tokens: usize) -> TranscriptWindow {
    TranscriptWindow::of(&call().transcript, NonZeroUsize::new(tokens).unwrap()).unwrap()
}

fn valid() -> Value {
    let evidence = json!([{"turn": 2, "role": "agent", "quote": "let me look at it"}]);
    let criterion = json!({"evidence": evidence, "reason": "It was so.", "score": 7.5});
    let criteria: Map<String, Value> =
        Criterion::ALL.iter().map(|name| (name.to_string(), criterion.clone())).collect();
    json!({"criteria": criteria, "feedback": "Good.", "improvement_suggestions": "More.", "suggestions": []})
}

fn changed(path: &str, value: Value) -> Value {
    let mut answer = valid();
    *answer.pointer_mut(path).unwrap() = value;
    answer
}

fn validation(answer: &Value) -> Validation {
    Validation::of(Answer::read(&answer.to_string()).unwrap(), &call(), &window(1_000))
}

fn labels(validation: &Validation) -> Vec<&'static str> {
    validation.errors.iter().map(ValidationError::label).collect()
}

#[test]
fn what_is_proven_is_stored_in_the_transcripts_spelling() {
    let validation = validation(&valid());
    assert!(validation.errors.is_empty() && validation.is_usable());
    let expected = Evidence { turn: 2, role: Role::Agent, quote: "Let me look at it".to_owned() };
    assert!(validation.answer.criteria.iter().all(|one| one.evidence == std::slice::from_ref(&expected)));
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
    let message = crate::validation_error::repair_message(
        &validation(&changed("/criteria/language_use/evidence", claimed)).errors,
    );
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
    let misquoted = validation(&changed("/feedback", json!("She said “I will sue you all” and 'fine'.")));
    assert_eq!(labels(&misquoted), ["a text quotes what nobody said"]);
    assert!(misquoted.is_usable(), "it can be stored as a paraphrase");
    assert_eq!(misquoted.answer.feedback, "She said I will sue you all and fine.");
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
fn only_turns_that_were_shown_are_quoted() {
    let mut call = call();
    call.transcript = (0..40).flat_map(|_| call.transcript.clone()).collect();
    let window = TranscriptWindow::of(&call.transcript, NonZeroUsize::new(400).unwrap()).unwrap();
    let hidden = window.omitted.clone().find(|turn| turn % 4 == 2).unwrap();
    let quote = json!([{"turn": hidden, "role": "agent", "quote": "let me look at it"}]);
    let answer = Answer::read(&changed("/criteria/language_use/evidence", quote).to_string()).unwrap();
    let validation = Validation::of(answer, &call, &window);
    let message = crate::validation_error::repair_message(&validation.errors);
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
    let words = prop_oneof![any::<String>(), Just("let me look at it".to_owned()), Just("I lie".to_owned())];
    let text = prop::collection::vec((mark, words), 0..6)
        .prop_map(|parts| parts.into_iter().flat_map(|(mark, words)| [mark.to_owned(), words]).collect::<String>());
    let score = prop_oneof![
        Just(Value::Null),
        any::<f64>().prop_map(|score| json!(score)),
        (0..11).prop_map(|score| json!(score))
    ];
    let criterion = (claims(), text.clone(), score)
        .prop_map(|(evidence, reason, score)| json!({"evidence": evidence, "reason": reason, "score": score}));
    (prop::collection::vec(criterion, Criterion::ALL.len()), text.clone(), text).prop_map(|(criteria, feedback, advice)| {
        let names = Criterion::ALL.iter().map(ToString::to_string);
        let criteria: Map<String, Value> = names.zip(criteria).collect();
        let suggestion = json!({"criterion": "language_use", "text": advice, "turn": 9});
        json!({"criteria": criteria, "feedback": feedback, "improvement_suggestions": advice, "suggestions": [suggestion]})
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn no_output_of_a_model_can_make_a_stored_quote_that_is_not_in_the_transcript(answer in answers()) {
        let Ok(answer) = Answer::read(&answer.to_string()) else { return Ok(()) };
        let Validation { answer, .. } = Validation::of(answer, &call(), &window(1_000));
        for Evidence { turn, role, quote } in answer.criteria.iter().flat_map(|one| &one.evidence) {
            let (speaker, text) = SAID[*turn];
            prop_assert!(speaker == *role && text.contains(quote.as_str()), "{turn} {role} {quote:?}");
        }
        let reasons = answer.criteria.iter().map(|one| &one.reason);
        let advice = answer.suggestions.iter().map(|one| &one.text);
        for text in reasons.chain(advice).chain([&answer.feedback, &answer.improvement_suggestions]) {
            let again = CheckedText::of(text, usize::MAX, &call().transcript);
            prop_assert!(again.misquoted.is_empty(), "{:?} is in {text:?}", again.misquoted);
        }
        for one in &answer.criteria {
            prop_assert!(one.reason.chars().count() <= LONGEST_REASON && one.evidence.len() <= MOST_QUOTES);
        }
    }
}
