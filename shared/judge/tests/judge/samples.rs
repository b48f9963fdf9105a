//! Several samples of one call.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use domain::{ReviewReason, Role, Score};
use test_support::{model_answer, response};

use crate::fixtures::{answer, call, call_of, in_seconds, judge_with};
use crate::stub_model::{StubModel, answering, with_status};

#[tokio::test]
async fn the_median_is_stored_with_the_spread_and_wide_ones_ask_for_a_review() {
    for (scores, median, spread, needs_review) in [([8.0, 6.5, 7.0], 70, 15, false), ([9.0, 2.0, 7.0], 70, 70, true)] {
        let stub = StubModel::start(move |count, _| answering(answer(scores[count])));
        let judgement = judge_with(&stub, &[("LLM_SAMPLES", "3")]).assess(&call(), in_seconds(20)).await.unwrap();
        assert_eq!(Some(judgement.assessment.score), Score::from_tenths(median));
        let provenance = judgement.provenance;
        assert_eq!((provenance.samples, provenance.attempts), (Some(3), Some(3)));
        assert_eq!(
            (provenance.score_spread, judgement.assessment.review.needs_review),
            (Score::from_tenths(spread), needs_review)
        );
        assert_eq!((provenance.input_tokens, provenance.output_tokens), (Some(300), Some(30)));
    }
}

#[tokio::test]
async fn samples_are_asked_for_at_the_same_time_with_codes_of_their_own() {
    let delay = Duration::from_millis(500);
    let stub = StubModel::start(move |_, _| {
        sleep(delay);
        answering(answer(8.0))
    });
    let start = Instant::now();
    judge_with(&stub, &[("LLM_SAMPLES", "5")]).assess(&call(), in_seconds(20)).await.unwrap();
    assert!(start.elapsed() < 2 * delay, "{:?}", start.elapsed());
    let mut questions: Vec<_> = stub.requests().iter().map(|request| request.message(1).to_owned()).collect();
    questions.sort();
    questions.dedup();
    assert_eq!(questions.len(), 5);
}

#[tokio::test]
async fn what_was_answered_counts_even_when_others_failed() {
    for (good, needs_review) in [(2_usize, false), (1, true)] {
        let answered = AtomicUsize::new(0);
        let stub = StubModel::start(move |_, _| {
            if answered.fetch_add(1, Ordering::Relaxed) < good { answering(answer(8.0)) } else { with_status(401, "") }
        });
        let judgement = judge_with(&stub, &[("LLM_SAMPLES", "3")]).assess(&call(), in_seconds(20)).await.unwrap();
        assert_eq!(judgement.provenance.samples, u32::try_from(good).ok());
        assert_eq!((judgement.assessment.review.needs_review, judgement.usage.attempts), (needs_review, 3));
    }
}

#[tokio::test]
async fn when_all_samples_fail_the_transient_error_decides() {
    let stub = StubModel::start(|count, _| match count {
        0 => with_status(400, r#"{"error": {"code": "content_filter"}}"#),
        _ => response(429, "retry-after: 60\r\n", ""),
    });
    let error = judge_with(&stub, &[("LLM_SAMPLES", "2")]).assess(&call(), in_seconds(20)).await.unwrap_err();
    assert_eq!((error.kind.code(), error.kind.retry_after()), ("model_rate_limited", Some(Duration::from_mins(1))));
    assert_eq!(error.usage.attempts, 2);
}

#[tokio::test]
async fn what_a_person_must_see_is_given_to_a_person_whoever_judges() {
    let call = call_of(&[
        (Role::Agent, "I am sorry to hear that. What can I do?"),
        (Role::Customer, "Nothing. I will take this to the ombudsman tomorrow."),
    ]);
    let stub = StubModel::start(|_, _| answering(model_answer(0, "agent", "i am sorry to hear that", 7.0)));
    let judgement = judge_with(&stub, &[]).assess(&call, in_seconds(20)).await.unwrap();
    assert_eq!(judgement.assessment.review.review_reasons, [ReviewReason::LegalThreat]);
}
