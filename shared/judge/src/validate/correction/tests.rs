//! What becomes of an answer and its correction.

use domain::{Criterion, Severity, ViolationKind};
use serde_json::{Value, json};

use super::super::tests::{call, changed, valid, validation, window};
use super::*;

const MISQUOTING: &str = "It was good. He said “I will sue you all” (customer, turn 1).";

/// The answer, corrected by these fields.
fn corrected(first: &Value, correction: &Value) -> Validation {
    let correction = Answer::read(&correction.to_string()).unwrap();
    validation(first).corrected(correction, &call(), &window(1_000))
}

/// A correction of one criterion: its quote, reason and score.
fn criterion(name: &str, quote: &str, reason: &str, score: f64) -> Value {
    let evidence = json!([{"turn": 2, "role": "agent", "quote": quote}]);
    json!({"criteria": [{"criterion": name, "evidence": evidence, "reason": reason, "score": score}]})
}

fn judged(validation: &Validation, criterion: Criterion) -> (f64, &str) {
    let one = validation.answer.criteria.iter().find(|one| one.criterion == criterion).unwrap();
    (one.score.unwrap().value(), one.reason.as_str())
}

#[test]
fn a_criterion_that_failed_is_replaced_and_the_others_are_kept() {
    let unproven = changed("/criteria/language_use/evidence", json!([]));
    let mut correction = criterion("language_use", "let me look at it", "New.", 3.0);
    let other = criterion("goal_achievement", "let me look at it", "Not asked for.", 0.0);
    correction["criteria"].as_array_mut().unwrap().push(other["criteria"][0].clone());
    let validation = corrected(&unproven, &correction);
    assert!(validation.errors.is_empty() && validation.is_usable());
    assert_eq!(judged(&validation, Criterion::LanguageUse), (3.0, "New."));
    assert_eq!(judged(&validation, Criterion::GoalAchievement), (7.5, "goal_achievement was so."));
}

#[test]
fn a_correction_that_is_as_wrong_leaves_the_error() {
    let unproven = changed("/criteria/language_use/evidence", json!([]));
    for correction in [
        criterion("language_use", "nobody said that at all", "New.", 3.0),
        criterion("goal_achievement", "let me look at it", "Another one.", 3.0),
    ] {
        assert!(!corrected(&unproven, &correction).is_usable(), "{correction}");
    }
}

#[test]
fn a_repair_of_a_reason_does_not_replace_its_score() {
    let misquoting = changed("/criteria/language_use/reason", json!(MISQUOTING));
    let validation = corrected(&misquoting, &criterion("language_use", "let me look at it", "New.", 0.0));
    assert_eq!(judged(&validation, Criterion::LanguageUse), (8.0, "New."));
    assert!(validation.errors.is_empty());
}

#[test]
fn a_text_is_replaced_by_a_better_one_only() {
    let misquoting = changed("/feedback", json!(MISQUOTING));
    for (second, stored) in [
        (json!("New."), "New."),
        (json!("Worse. He said “I will sue you all” (customer, turn 1)."), "It was good."),
        (json!("“You and all the others lied”"), "It was good."),
        (json!(""), "It was good."),
        (json!(null), "It was good."),
    ] {
        let validation =
            corrected(&misquoting, &json!({"criteria": {}, "feedback": second, "improvement_suggestions": "n"}));
        assert_eq!(validation.answer.feedback, stored, "{second}");
        assert_eq!(validation.answer.improvement_suggestions, "More.", "it was not asked for");
        assert_eq!((validation.is_usable(), validation.answer.says_little()), (true, false));
    }
}

#[test]
fn proven_violations_stay_and_those_that_are_proven_now_are_added() {
    let by_agent = json!([{"turn": 2, "role": "agent", "quote": "let me look at it"}]);
    let violation = |kind: &str, severity: &str, evidence: &Value| json!({"kind": kind, "severity": severity, "reason": "One.", "evidence": evidence});
    let first = json!([violation("threat", "serious", &by_agent), violation("harm", "critical", &json!([]))]);
    let second = json!([violation("threat", "critical", &by_agent), violation("harm", "critical", &by_agent)]);
    let kinds = |correction: &Value| {
        let violations = corrected(&changed("/violations", first.clone()), correction).answer.violations;
        violations.iter().map(|one| (one.kind, one.severity)).collect::<Vec<_>>()
    };
    let (threat, harm) = ((ViolationKind::Threat, Severity::Serious), (ViolationKind::Harm, Severity::Critical));
    assert_eq!(kinds(&json!({"criteria": [], "violations": second, "feedback": "f"})), [threat, harm]);
    assert_eq!(kinds(&json!({"criteria": [], "violations": [], "feedback": "f"})), [threat]);
}

#[test]
fn a_stamp_is_judged_anew() {
    let mut stamp = valid();
    for criterion in stamp["criteria"].as_object_mut().unwrap().values_mut() {
        criterion["score"] = json!(8);
    }
    let judged_anew = corrected(&stamp, &valid());
    assert!(judged_anew.errors.is_empty() && !judged_anew.answer.says_little());
    let still = corrected(&stamp, &stamp);
    assert!(still.is_usable() && still.answer.says_little());
}

#[test]
fn quotes_that_were_rejected_are_counted_in_both() {
    let unproven =
        changed("/criteria/language_use/evidence", json!([{"turn": 2, "role": "agent", "quote": "I will pay"}]));
    let validation = corrected(&unproven, &criterion("language_use", "I will not pay you", "New.", 3.0));
    assert_eq!(validation.rejected_quotes, 2);
}
