//! What the program reports to Sentry, and when.

use std::time::Duration;

use crate::stubs::{KNOWN, MEMORY, SENTRY, response_to, start, stubs};

/// How long sending a report may delay a response.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);
/// The additional delay allowed for a busy machine.
const TOLERANCE: Duration = Duration::from_secs(1);

#[test]
fn an_error_is_reported_before_the_response() {
    let stubs = stubs(vec![KNOWN.to_owned()], Some(200));
    let _program = start(&stubs, &[MEMORY]);
    let report = stubs.next(SENTRY);
    for expected in [
        "the request failed",
        "AccessDeniedException",
        "not authorized",
        "\"request_id\":\"r-0\"",
        "\"org_id\":\"demo\"",
        "\"call_id\":\"call-2026-1001\"",
        "\"function\":\"get\"",
    ] {
        assert!(report.body.contains(expected), "{expected}: {}", report.body);
    }
    assert!(!report.body.contains("s3cret") && !report.head.contains("s3cret"));
    let response = response_to(&stubs, 0);
    assert!(response.body.contains("\"statusCode\":500"), "{}", response.body);
}

#[test]
fn sentry_without_a_response_delays_by_at_most_the_flush_timeout() {
    let stubs = stubs(vec![KNOWN.to_owned()], None);
    let _program = start(&stubs, &[MEMORY]);
    let report = stubs.next(SENTRY);
    let response = response_to(&stubs, 0);
    assert!(response.body.contains("\"statusCode\":500"), "{}", response.body);
    let delay = response.at - report.at;
    assert!(delay < FLUSH_TIMEOUT + TOLERANCE, "{delay:?}");
}

#[test]
fn errors_that_a_library_logs_are_not_reported() {
    let stubs = stubs(vec![r#"{"version": "canary 4111 1111 1111 1111"}"#.to_owned(), KNOWN.to_owned()], Some(200));
    let _program = start(&stubs, &[MEMORY]);
    let _ = stubs.next("POST /2018-06-01/runtime/invocation/r-0/error");
    let report = stubs.next(SENTRY);
    assert!(report.body.contains("\"request_id\":\"r-1\"") && !report.body.contains("canary"), "{}", report.body);
    assert!(!report.body.contains("4111 1111"), "{}", report.body);
    // There is no report of the first invocation.
    assert!(stubs.next("POST ").head.contains("/r-1/response"));
}

#[test]
fn a_panic_is_reported_with_its_location_before_the_program_ends() {
    let stubs = stubs(vec![], Some(200));
    // The runtime panics without the variable `MEMORY`.
    let mut program = start(&stubs, &[]);
    let report = stubs.next(SENTRY);
    assert!(report.body.contains("panicked") && report.body.contains(".rs:"), "{}", report.body);
    assert!(!report.body.contains("MEMORY_SIZE"), "a panic's message must not be reported: {}", report.body);
    assert!(!program.0.wait().unwrap().success());
}

#[test]
fn an_error_at_the_start_is_reported_before_the_program_ends() {
    let stubs = stubs(vec![], Some(200));
    let mut program = start(&stubs, &[MEMORY, ("CALL_FEEDBACK_TABLE", "")]);
    let report = stubs.next(SENTRY);
    assert!(report.body.contains("environment variable CALL_FEEDBACK_TABLE is not set"), "{}", report.body);
    assert!(!program.0.wait().unwrap().success());
}
