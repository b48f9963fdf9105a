//! The program and a server that stands in for Lambda's runtime API, the table and Sentry.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use test_support::{ReceivedRequest, StubServer, response};

/// The event of a request for a call.
pub(crate) const KNOWN: &str = include_str!("../../../../events/get-known.json");
const NEXT: &str = "GET /2018-06-01/runtime/invocation/next";
/// The beginning of a request that reports to Sentry.
pub(crate) const SENTRY: &str = "POST /api/42/envelope/";
const TABLE: &str = "POST / ";
/// A variable that the runtime requires.
pub(crate) const MEMORY: (&str, &str) = ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128");
/// The year 2100, in milliseconds.
const FAR_DEADLINE: u64 = 4_102_444_800_000;

/// Stops the program with the test.
pub(crate) struct Program(pub(crate) Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Invokes the program with these events and a deadline that is far away. The table rejects requests; Sentry responds with that
/// status, or not at all.
pub(crate) fn stubs(events: Vec<String>, sentry: Option<u16>) -> StubServer {
    let error = r#"{"__type": "AccessDeniedException", "message": "not authorized"}"#;
    let rejected = response(400, "content-type: application/x-amz-json-1.0\r\n", error);
    stubs_with(events, FAR_DEADLINE, Some(rejected), sentry)
}

/// The same with a deadline, in milliseconds since 1970, and with the table's response, or none.
pub(crate) fn stubs_with(
    events: Vec<String>,
    deadline: u64,
    table: Option<Vec<u8>>,
    sentry: Option<u16>,
) -> StubServer {
    let invoked = AtomicUsize::new(0);
    StubServer::start(move |request| {
        if request.head.starts_with(NEXT) {
            let number = invoked.fetch_add(1, Ordering::Relaxed);
            return events.get(number).map(|event| invocation(number, event, deadline));
        }
        match request.head.as_str() {
            head if head.starts_with(SENTRY) => sentry.map(|status| response(status, "", "{}")),
            head if head.starts_with(TABLE) => table.clone(),
            _ => Some(response(202, "", "")),
        }
    })
}

fn invocation(number: usize, event: &str, deadline: u64) -> Vec<u8> {
    let headers = format!(
        "lambda-runtime-aws-request-id: r-{number}\r\nlambda-runtime-deadline-ms: {deadline}\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:get\r\n"
    );
    response(200, &headers, event)
}

/// Starts the program with these variables in addition to those that every test sets.
pub(crate) fn start(stubs: &StubServer, variables: &[(&str, &str)]) -> Program {
    let address = stubs.address();
    let child = Command::new(env!("CARGO_BIN_EXE_get"))
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_ENDPOINT_URL", format!("http://{address}"))
        .env("SENTRY_DSN", format!("http://k3y@{address}/42"))
        .envs([("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "s3cret")])
        .envs([("CALL_FEEDBACK_TABLE", "feedback"), ("AWS_LAMBDA_FUNCTION_NAME", "get")])
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    Program(child.unwrap())
}

/// The response to the invocation of that number.
pub(crate) fn response_to(stubs: &StubServer, number: usize) -> ReceivedRequest {
    stubs.next(&format!("POST /2018-06-01/runtime/invocation/r-{number}/response"))
}
