//! What the program reports to Sentry, and when.

use std::time::Duration;

use crate::world::{KNOWN, MEMORY, SENTRY, response_to, start, text, world};

/// How much later an answer may come because of Sentry.
const LIMIT: Duration = Duration::from_millis(500);
/// What a busy machine adds.
const SLACK: Duration = Duration::from_secs(1);

#[test]
fn an_error_is_reported_before_the_answer() {
    let world = world(vec![KNOWN.to_owned()], Some(200));
    let _program = start(&world, &[MEMORY]);
    let report = world.next(SENTRY);
    for expected in [
        "the request failed",
        "AccessDeniedException",
        "not authorized",
        "\"request_id\":\"r-0\"",
        "\"org_id\":\"demo\"",
        "\"call_id\":\"call-2026-1001\"",
        "\"function\":\"get\"",
    ] {
        assert!(text(&report).contains(expected), "{expected}: {}", text(&report));
    }
    assert!(!text(&report).contains("s3cret") && !report.headers.contains("s3cret"));
    let response = response_to(&world, 0);
    assert!(text(&response).contains("\"statusCode\":500"), "{}", text(&response));
}

#[test]
fn a_sentry_that_does_not_answer_delays_the_answer_by_the_limit() {
    let world = world(vec![KNOWN.to_owned()], None);
    let _program = start(&world, &[MEMORY]);
    let report = world.next(SENTRY);
    let response = response_to(&world, 0);
    assert!(text(&response).contains("\"statusCode\":500"), "{}", text(&response));
    let delay = response.at - report.at;
    assert!(delay < LIMIT + SLACK, "{delay:?}");
}

#[test]
fn what_a_library_says_of_a_payload_is_not_reported() {
    let world = world(vec![r#"{"version": "canary 4111 1111 1111 1111"}"#.to_owned(), KNOWN.to_owned()], Some(200));
    let _program = start(&world, &[MEMORY]);
    let _ = world.next("POST /2018-06-01/runtime/invocation/r-0/error");
    let report = world.next(SENTRY);
    assert!(text(&report).contains("\"request_id\":\"r-1\"") && !text(&report).contains("4111"), "{}", text(&report));
    // Nothing of the first invocation follows.
    assert!(world.next("POST ").target.contains("/r-1/response"));
}

#[test]
fn a_panic_is_reported_by_its_place_before_the_program_ends() {
    let world = world(vec![], Some(200));
    // The runtime panics without the variable it wants.
    let mut program = start(&world, &[]);
    let report = world.next(SENTRY);
    assert!(text(&report).contains("panicked") && text(&report).contains(".rs:"), "{}", text(&report));
    assert!(!text(&report).contains("MEMORY_SIZE"), "the message of a panic may hold anything: {}", text(&report));
    assert!(!program.0.wait().unwrap().success());
}

#[test]
fn a_start_that_fails_is_reported_before_the_program_ends() {
    let world = world(vec![], Some(200));
    let mut program = start(&world, &[MEMORY, ("CALL_FEEDBACK_TABLE", "")]);
    let report = world.next(SENTRY);
    assert!(text(&report).contains("environment variable CALL_FEEDBACK_TABLE is not set"), "{}", text(&report));
    assert!(!program.0.wait().unwrap().success());
}
