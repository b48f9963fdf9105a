//! Errors on the way to the server and back, and what each one means for the call.

use std::time::{Duration, Instant};

use judge::{JudgeError, JudgeErrorKind};
use serde_json::{Value, json};
use test_support::{chat_completion, response};

use crate::fixtures::{answer, assess, call, in_seconds, judge_with};
use crate::stub_model::{NEVER, StubModel, answering, breaking_off, with_status};

fn error_body(code: &str) -> Value {
    json!({"error": {"message": "the customer said her card is 4111", "type": code, "code": code, "param": null}})
}

async fn assess_error(responses: Vec<Vec<u8>>) -> (JudgeError, usize) {
    let stub = StubModel::responding(responses);
    let error = assess(&stub).await.unwrap_err();
    let requests = stub.requests().len();
    assert_eq!(usize::try_from(error.usage.attempts).unwrap(), requests);
    (error, requests)
}

#[tokio::test]
async fn a_transient_error_is_retried() {
    for bad in [
        with_status(503, "busy"),
        with_status(529, error_body("overloaded_error")),
        with_status(500, ""),
        with_status(429, error_body("rate_limit_exceeded")),
        breaking_off("{\"choices\": [{\"mess"),
        response(200, "", b"<html>not the model</html>"),
        response(200, "", b"\xff\xfe\x00"),
        response(200, "", b""),
        response(200, "", vec![b' '; 3 << 20]),
    ] {
        let stub = StubModel::responding(vec![bad, answering(answer(8.0))]);
        let judgement = assess(&stub).await.unwrap();
        assert_eq!((judgement.usage.attempts, judgement.provenance.attempts), (2, Some(2)));
        assert_eq!(
            (judgement.usage.tokens.input, stub.requests().len()),
            (Some(100), 2),
            "what was answered is paid for once"
        );
    }
}

#[tokio::test]
async fn an_error_that_stays_goes_back_to_the_queue_after_three_attempts() {
    let (overloaded, attempts) = assess_error(vec![with_status(503, error_body("overloaded"))]).await;
    assert_eq!((overloaded.kind.code(), overloaded.kind.is_transient(), attempts), ("model_unavailable", true, 3));
    let (died, attempts) = assess_error(vec![breaking_off(&chat_completion("half").to_string())]).await;
    assert_eq!((died.kind.code(), died.kind.is_transient(), attempts), ("model_unreachable", true, 3));
}

#[tokio::test]
async fn a_wait_that_fits_is_waited_for_and_one_that_does_not_is_passed_on() {
    let wait = response(429, "retry-after-ms: 700\r\n", error_body("rate_limit_exceeded").to_string());
    let stub = StubModel::responding(vec![wait, answering(answer(8.0))]);
    let start = Instant::now();
    assess(&stub).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(700));
    let seconds = response(429, "retry-after: 30\r\n", error_body("rate_limit_exceeded").to_string());
    let date = "date: Mon, 23 Nov 2026 10:00:00 GMT\r\nretry-after: Mon, 23 Nov 2026 10:01:30 GMT\r\n";
    for (response, expected) in [(seconds, 30), (response(503, date, ""), 90)] {
        let start = Instant::now();
        let (error, attempts) = assess_error(vec![response]).await;
        assert_eq!((error.kind.retry_after(), attempts), (Some(Duration::from_secs(expected)), 1));
        assert!(error.kind.is_transient() && start.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn what_an_operator_has_to_correct_is_not_retried_at_once() {
    for (status, body, code) in [
        (401, error_body("invalid_api_key"), "model_unauthorized"),
        (403, error_body("permission_error"), "model_unauthorized"),
        (402, error_body("billing_error"), "model_spend_limit"),
        (429, error_body("insufficient_quota"), "model_spend_limit"),
        (429, error_body("credit_balance_exhausted"), "model_spend_limit"),
        (400, error_body("unsupported_parameter"), "model_request_rejected"),
        (404, error_body("model_not_found"), "model_request_rejected"),
        (500, json!({"error": {"message": "'loc': ('body', 'response_format', 'type')"}}), "model_json_mode_rejected"),
    ] {
        let (error, attempts) = assess_error(vec![with_status(status, body)]).await;
        assert_eq!((error.kind.code(), attempts), (code, 1));
        assert!(error.kind.is_transient() && error.kind.retry_after() >= Some(Duration::from_mins(10)), "{code}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = StubModel::responding(vec![answering(answer(10.0))]);
    let redirect = response(307, &format!("location: {}/chat/completions\r\n", target.url), "");
    let (error, attempts) = assess_error(vec![redirect]).await;
    assert_eq!((error.kind.code(), attempts, target.requests().len()), ("model_request_rejected", 1, 0));
}

#[tokio::test]
async fn what_the_call_itself_makes_impossible_is_permanent() {
    let ended = |reason: &str| {
        let mut body = chat_completion("{\"criteria\": {");
        body["choices"][0]["finish_reason"] = json!(reason);
        with_status(200, body)
    };
    let mut refusal = chat_completion("");
    refusal["choices"][0]["message"]["refusal"] = json!("I cannot help with that.");
    for (response, code) in [
        (with_status(200, refusal), "model_refused"),
        (ended("content_filter"), "model_refused"),
        (with_status(400, error_body("content_filter")), "model_refused"),
        (ended("length"), "model_output_cut_off"),
        (with_status(400, error_body("context_length_exceeded")), "call_too_long"),
    ] {
        let (error, attempts) = assess_error(vec![response]).await;
        assert_eq!((error.kind.code(), error.kind.is_transient(), attempts), (code, false, 1));
        assert!(matches!(error.usage.tokens.input, Some(100) | None));
    }
}

#[tokio::test]
async fn a_server_that_hangs_takes_an_attempts_time_and_no_more() {
    let stub = StubModel::responding(vec![NEVER, answering(answer(8.0))]);
    let judge = judge_with(&stub, &[("LLM_TIMEOUT_SECONDS", "1.5")]);
    assert_eq!(judge.assess(&call(), in_seconds(20)).await.unwrap().usage.attempts, 2);
    let dead = StubModel::responding(vec![NEVER]);
    let start = Instant::now();
    let error = judge_with(&dead, &[]).assess(&call(), in_seconds(2)).await.unwrap_err();
    assert!(matches!(error.kind, JudgeErrorKind::TimedOut), "{error}");
    assert!(error.kind.is_transient());
    assert!(start.elapsed() < Duration::from_secs(4), "an attempt alone may take five");
}

#[tokio::test]
async fn nothing_is_asked_when_there_is_no_time_left() {
    let stub = StubModel::responding(vec![answering(answer(8.0))]);
    let error = judge_with(&stub, &[]).assess(&call(), in_seconds(0)).await.unwrap_err();
    assert_eq!((error.kind.code(), error.usage.attempts, stub.requests().len()), ("model_timeout", 0, 0));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_transient_error() {
    let stub = StubModel::responding(vec![NEVER]);
    let judge = judge_with(&stub, &[("LLM_BASE_URL", "http://127.0.0.1:1/v1?secret=s-1")]);
    let error = judge.assess(&call(), in_seconds(20)).await.unwrap_err();
    assert_eq!((error.kind.code(), error.kind.is_transient()), ("model_unreachable", true));
    assert!(!format!("{error:?}").contains("s-1"), "{error:?}");
}

#[tokio::test]
async fn no_error_holds_what_the_server_wrote_or_the_key() {
    for status in [400, 401, 429, 500] {
        let (error, _) =
            assess_error(vec![response(status, "retry-after: 60\r\n", error_body("some_code").to_string())]).await;
        let told = format!("{error} {error:?}");
        assert!(told.contains("some_code") && !told.contains("her card") && !told.contains("key-123"), "{told}");
    }
    let stub = StubModel::responding(vec![NEVER]);
    assert!(!format!("{:?}", judge_with(&stub, &[])).contains("key-123"));
}
