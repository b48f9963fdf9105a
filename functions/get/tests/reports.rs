//! The program itself, between a Lambda runtime, a table and a Sentry of this test: what it reports, and when.
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use test_support::{Received, Server, answer};

const KNOWN: &str = include_str!("../../../events/get-known.json");
const NEXT: &str = "GET /2018-06-01/runtime/invocation/next";
const SENTRY: &str = "POST /api/42/envelope/";
const TABLE: &str = "POST / ";
/// How much later an answer may come because of Sentry.
const LIMIT: Duration = Duration::from_millis(500);
/// What a busy machine adds.
const SLACK: Duration = Duration::from_secs(1);

/// Stops the program with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Everything the program speaks to: a runtime with these invocations, a table that refuses, and a Sentry that answers with
/// that status, or not at all.
fn world(invocations: &'static [&'static str], sentry: Option<u16>) -> Server {
    let invoked = AtomicUsize::new(0);
    Server::start(move |request| {
        if request.target.starts_with(NEXT) {
            let number = invoked.fetch_add(1, Ordering::Relaxed);
            return invocations.get(number).map(|event| invocation(number, event));
        }
        match request.target.as_str() {
            target if target.starts_with(SENTRY) => sentry.map(|status| answer(status, "", "{}")),
            target if target.starts_with(TABLE) => {
                let refusal = r#"{"__type": "AccessDeniedException", "message": "not authorized"}"#;
                Some(answer(400, "content-type: application/x-amz-json-1.0\r\n", refusal))
            }
            _ => Some(answer(202, "", "")),
        }
    })
}

fn invocation(number: usize, event: &str) -> String {
    let headers = format!(
        "lambda-runtime-aws-request-id: r-{number}\r\nlambda-runtime-deadline-ms: 4102444800000\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:get\r\n"
    );
    answer(200, &headers, event)
}

fn start(world: &Server, more: &[(&str, &str)]) -> Program {
    let address = world.address();
    let child = Command::new(env!("CARGO_BIN_EXE_get"))
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_ENDPOINT_URL", format!("http://{address}"))
        .env("SENTRY_DSN", format!("http://k3y@{address}/42"))
        .envs([("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "s3cret")])
        .envs([("CALL_FEEDBACK_TABLE", "feedback"), ("AWS_LAMBDA_FUNCTION_NAME", "get")])
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .envs(more.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    Program(child.unwrap())
}

/// What the runtime demands besides.
const MEMORY: (&str, &str) = ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128");

fn text(request: &Received) -> &str {
    std::str::from_utf8(&request.body).unwrap()
}

#[test]
fn an_error_is_reported_before_the_answer() {
    let world = world(&[KNOWN], Some(200));
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
    let response = world.next("POST /2018-06-01/runtime/invocation/r-0/response");
    assert!(text(&response).contains("\"statusCode\":500"), "{}", text(&response));
}

#[test]
fn a_sentry_that_does_not_answer_delays_the_answer_by_the_limit() {
    let world = world(&[KNOWN], None);
    let _program = start(&world, &[MEMORY]);
    let report = world.next(SENTRY);
    let response = world.next("POST /2018-06-01/runtime/invocation/r-0/response");
    assert!(text(&response).contains("\"statusCode\":500"), "{}", text(&response));
    let delay = response.at - report.at;
    assert!(delay < LIMIT + SLACK, "{delay:?}");
}

#[test]
fn what_a_library_says_of_a_payload_is_not_reported() {
    let world = world(&[r#"{"version": "canary 4111 1111 1111 1111"}"#, KNOWN], Some(200));
    let _program = start(&world, &[MEMORY]);
    let _ = world.next("POST /2018-06-01/runtime/invocation/r-0/error");
    let report = world.next(SENTRY);
    assert!(text(&report).contains("\"request_id\":\"r-1\"") && !text(&report).contains("4111"), "{}", text(&report));
    // Nothing of the first invocation follows.
    assert!(world.next("POST ").target.contains("/r-1/response"));
}

#[test]
fn a_panic_is_reported_by_its_place_before_the_program_ends() {
    let world = world(&[], Some(200));
    // The runtime panics without the variable it wants.
    let mut program = start(&world, &[]);
    let report = world.next(SENTRY);
    assert!(text(&report).contains("panicked") && text(&report).contains(".rs:"), "{}", text(&report));
    assert!(!text(&report).contains("MEMORY_SIZE"), "the message of a panic may hold anything: {}", text(&report));
    assert!(!program.0.wait().unwrap().success());
}

#[test]
fn a_start_that_fails_is_reported_before_the_program_ends() {
    let world = world(&[], Some(200));
    let mut program = start(&world, &[MEMORY, ("CALL_FEEDBACK_TABLE", "")]);
    let report = world.next(SENTRY);
    assert!(text(&report).contains("environment variable CALL_FEEDBACK_TABLE is not set"), "{}", text(&report));
    assert!(!program.0.wait().unwrap().success());
}
