//! Answers that are not what was asked for, and the one repair that is asked for.

use domain::{Assessment, ReviewReason, Score, Severity, ViolationKind};
use serde_json::{Value, json};

use crate::fixtures::{answer, assess, call, in_seconds, judge_with};
use crate::stub_model::{StubModel, answering, with_status};

fn changed(path: &str, value: Value) -> Value {
    let mut answer = answer(8.0);
    *answer.pointer_mut(path).unwrap() = value;
    answer
}

/// Feedback that the software cannot prove as a whole.
const MISQUOTING: &str = "A friendly call. He said “I will sue you all” (customer, turn 1).";

fn unproven() -> Value {
    changed(
        "/criteria/goal_achievement/evidence",
        json!([{"turn": 2, "role": "agent", "quote": "I will refund you now"}]),
    )
}

/// Texts that are no valid answer, each with a part of what the model is told about it.
fn broken() -> Vec<(String, &'static str)> {
    let text = answer(8.0).to_string();
    let mut missing = answer(8.0);
    missing["criteria"].as_object_mut().unwrap().remove("language_use");
    vec![
        (String::new(), "EOF while parsing"),
        ("The agent was friendly. 9/10!".to_owned(), "expected value"),
        (text.split_at(text.len() - 20).0.to_owned(), "EOF while parsing"),
        (format!("{text}{text}"), "trailing characters"),
        (changed("/criteria/language_use/score", json!("high")).to_string(), "invalid type"),
        (
            changed("/criteria/language_use/score", json!(11)).to_string(),
            "language_use: the score must be from 0 to 10",
        ),
        (changed("/criteria/language_use/score", Value::Null).to_string(), "language_use always applies"),
        (changed("/criteria/language_use/evidence", json!([])).to_string(), "language_use: the score has no quote"),
        (changed("/criteria/language_use/reason", json!("")).to_string(), "language_use: the text is empty"),
        (text.replacen("8.0", "NaN", 1), "expected value"),
        (missing.to_string(), "language_use: not in the form of the schema: \"it is missing\""),
        (
            text.replacen(
                "\"criteria\":{",
                "\"criteria\":{\"language_use\":{\"evidence\":[],\"reason\":\"r\",\"score\":1},",
                1,
            ),
            "duplicate field",
        ),
        (unproven().to_string(), "goal_achievement: no quote is left for the score"),
        (
            changed("/feedback", json!(MISQUOTING)).to_string(),
            "feedback: in quotation marks, but not said on the call: \"I will sue you all\"",
        ),
    ]
}

#[tokio::test]
async fn a_fence_around_the_object_needs_no_repair() {
    let stub = StubModel::responding(vec![answering(format!("```json\n{:#}\n```", answer(8.0)))]);
    let judgement = assess(&stub).await.unwrap();
    assert_eq!((judgement.usage.repairs, judgement.usage.attempts), (0, 1));
}

#[tokio::test]
async fn whatever_is_wrong_is_sent_back_once_and_named() {
    for (text, told) in broken() {
        let stub = StubModel::responding(vec![answering(&text), answering(answer(8.0))]);
        let judgement = assess(&stub).await.unwrap();
        assert_eq!(
            (judgement.usage.repairs, judgement.usage.attempts, judgement.usage.tokens.output),
            (1, 2, Some(20)),
            "{told}"
        );
        let requests = stub.requests();
        let roles: Vec<_> =
            requests[1].body["messages"].as_array().unwrap().iter().map(|message| &message["role"]).collect();
        assert_eq!(roles, ["system", "user", "assistant", "user"]);
        assert_eq!((requests[0].message(0), requests[0].message(1)), (requests[1].message(0), requests[1].message(1)));
        assert!(!requests[1].message(2).is_empty(), "no protocol takes an empty message");
        assert!(requests[1].message(3).contains(told), "{told}: {}", requests[1].message(3));
    }
}

#[tokio::test]
async fn an_answer_that_stays_invalid_is_a_permanent_error_that_does_not_quote_it() {
    let is_prose = |told: &str| told.starts_with("feedback") || told.ends_with("the text is empty");
    for (text, _) in broken().into_iter().filter(|(_, told)| !is_prose(told)) {
        let stub = StubModel::responding(vec![answering(&text)]);
        let error = assess(&stub).await.unwrap_err();
        assert_eq!((error.kind.code(), error.kind.is_transient()), ("invalid_model_output", false), "{text}");
        assert_eq!((error.usage.repairs, stub.requests().len(), error.usage.tokens.output), (1, 2, Some(20)));
        assert!(!format!("{error:?}").contains("refund"), "{error:?}");
    }
}

#[tokio::test]
async fn the_nearest_text_is_offered_for_a_quote_that_failed() {
    let stub = StubModel::responding(vec![
        answering(changed(
            "/criteria/goal_achievement/evidence",
            json!([{"turn": 0, "role": "agent", "quote": "may I have the order number"}]),
        )),
        answering(answer(8.0)),
    ]);
    let judgement = assess(&stub).await.unwrap();
    assert_eq!(judgement.usage.rejected_quotes, 1);
    let told = stub.requests()[1].message(3).to_owned();
    assert!(told.contains(r#"the nearest that was said: {"turn":2,"role":"agent","quote":"#), "{told}");
}

#[tokio::test]
async fn a_sentence_that_quotes_what_nobody_said_goes_when_the_model_insists() {
    let stub = StubModel::responding(vec![answering(changed("/feedback", json!(MISQUOTING)))]);
    let judgement = assess(&stub).await.unwrap();
    assert_eq!(judgement.assessment.feedback, "A friendly call.");
    assert_eq!((judgement.usage.repairs, stub.requests().len()), (1, 2));
}

#[tokio::test]
async fn a_repair_that_fails_loses_nothing_that_was_proven() {
    let nearly = answering(changed("/feedback", json!(MISQUOTING)));
    for second in
        [answering("no"), with_status(401, ""), answering(json!({"criteria": [], "feedback": "“No one said it”"}))]
    {
        let stub = StubModel::responding(vec![nearly.clone(), second]);
        assert_eq!(assess(&stub).await.unwrap().assessment.feedback, "A friendly call.");
    }
}

#[tokio::test]
async fn a_repair_asks_for_what_failed_only_and_is_merged() {
    let mut second = answer(3.0);
    second["feedback"] = json!("A better text.");
    let stub = StubModel::responding(vec![answering(changed("/feedback", json!(MISQUOTING))), answering(&second)]);
    let assessment = assess(&stub).await.unwrap().assessment;
    assert_eq!(
        (assessment.feedback.as_str(), assessment.score.tenths()),
        ("A better text.", 80),
        "scores were not asked for"
    );

    let correction = json!({
        "violations": [], "feedback": null, "improvement_suggestions": null,
        "criteria": [{"criterion": "goal_achievement", "reason": "Nothing is done.", "score": 1,
            "evidence": [{"turn": 2, "role": "agent", "quote": "may I have your order number"}]}]
    });
    let stub = StubModel::responding(vec![answering(unproven()), answering(correction)]);
    let assessment = assess(&stub).await.unwrap().assessment;
    let scores: Vec<_> = assessment.criteria.iter().map(|one| one.score.unwrap().tenths()).collect();
    assert_eq!(scores, [80, 80, 85, 80, 10, 80, 80, 80, 75, 80, 80, 80]);
    let requests = stub.requests();
    assert!(requests[1].message(3).ends_with("Asked for: goal_achievement."), "{}", requests[1].message(3));
    let schema = |at: usize| requests[at].body["response_format"]["json_schema"]["schema"]["properties"].clone();
    assert!(schema(0)["criteria"]["properties"]["language_use"].is_object());
    assert_eq!(schema(1)["criteria"]["type"], "array", "the schema of a correction");
}

#[tokio::test]
async fn a_schema_that_the_server_does_not_tell_stands_in_the_repair() {
    for (mode, is_told) in [("json_object", true), ("none", true), ("json_schema", false)] {
        let stub = StubModel::responding(vec![answering(unproven()), answering(answer(8.0))]);
        judge_with(&stub, &[("LLM_JSON_MODE", mode)]).assess(&call(), in_seconds(20)).await.unwrap();
        let requests = stub.requests();
        assert_eq!(requests[1].message(3).contains("Its JSON schema: {\"type\":\"object\""), is_told, "{mode}");
    }
}

#[tokio::test]
async fn an_answer_that_says_little_is_stored_and_a_person_is_asked_to_look() {
    let mut stamp = answer(8.0);
    let criteria = stamp["criteria"].as_object_mut().unwrap();
    criteria.values_mut().for_each(|criterion| criterion["reason"] = json!("Good."));
    for (text, told) in [
        (changed("/criteria/language_use/reason", json!("")), "language_use: the text is empty"),
        (changed("/feedback", json!(" ")), "feedback: the text is empty"),
        (changed("/improvement_suggestions", Value::Null), "improvement_suggestions: not in the form of the schema"),
        (stamp, "one reason stands under nearly all criteria"),
    ] {
        let stub = StubModel::responding(vec![answering(&text)]);
        let judgement = assess(&stub).await.unwrap();
        assert_eq!(judgement.assessment.review.review_reasons, [ReviewReason::RubberStamp], "{told}");
        assert_eq!((judgement.assessment.score.tenths(), judgement.usage.repairs), (80, 1), "{told}");
        let requests = stub.requests();
        assert!(requests[1].message(3).contains(told), "{told}: {}", requests[1].message(3));
    }
}

#[tokio::test]
async fn a_violation_caps_the_total_and_asks_for_a_person() {
    let violation = |kind: &str, severity: &str| {
        let evidence = json!([{"turn": 2, "role": "agent", "quote": "I am sorry to hear that"}]);
        json!({"kind": kind, "severity": severity, "reason": "It was one.", "evidence": evidence})
    };
    let violation = json!([violation("privacy", "serious"), violation("discrimination", "critical")]);
    let stub = StubModel::responding(vec![answering(changed("/violations", violation))]);
    let Assessment { score, score_before_cap, violations, review, certainty, .. } =
        assess(&stub).await.unwrap().assessment;
    assert_eq!((score, score_before_cap), (Severity::Critical.cap(), Score::from_tenths(80)));
    let kinds: Vec<_> = violations.iter().map(|violation| violation.kind).collect();
    assert_eq!(kinds, [ViolationKind::Discrimination, ViolationKind::Privacy], "the worst first");
    assert_eq!(review.review_reasons, [ReviewReason::Violation, ReviewReason::Discrimination]);
    assert!(certainty.score_low <= Some(score) && Some(score) <= certainty.score_high, "{certainty:?}");
}

#[tokio::test]
async fn an_error_on_the_way_to_the_repair_is_reported_as_it_is() {
    let stub = StubModel::responding(vec![answering(unproven()), with_status(401, "")]);
    let error = assess(&stub).await.unwrap_err();
    assert_eq!((error.kind.code(), error.usage.rejected_quotes), ("model_unauthorized", 1));
}

#[tokio::test]
async fn a_long_call_is_cut_and_says_so() {
    let mut long = call();
    long.transcript = (0..60).flat_map(|_| call().transcript).collect();
    let last = long.transcript.len() - 2;
    let mut about_the_end = answer(8.0);
    about_the_end["criteria"]["language_use"]["evidence"][0]["turn"] = json!(last);
    let stub = StubModel::responding(vec![answering(about_the_end)]);
    let judge = judge_with(&stub, &[("LLM_MAX_INPUT_TOKENS", "600")]);
    let judgement = judge.assess(&long, in_seconds(20)).await.unwrap();
    let cut = judgement.provenance.truncated_turns.unwrap();
    assert!(cut > 180 && stub.requests()[0].message(1).contains("were left out"), "{cut}");
    assert_eq!(judgement.assessment.criteria[3].evidence[0].turn, last, "turns keep their numbers");
    let error = judge_with(&stub, &[("LLM_MAX_INPUT_TOKENS", "10")]).assess(&long, in_seconds(20)).await.unwrap_err();
    assert_eq!((error.kind.code(), error.usage.attempts), ("call_too_long", 0));
}
