//! What a stub of Sentry receives, and how a function behaves when Sentry does not work.

use std::sync::Arc;

use sentry_types::protocol::v7::Event;
use serde_json::Value;
use test_support::{ReceivedRequest, StubServer, response};
use tokio::time::Instant;
use tracing::field::Empty;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use super::*;

/// Text that must not be sent, whichever field has it.
const CANARY: &str = "canary: my card is 4111 1111 1111 1111";

fn lookup(dsn: &str) -> impl Fn(&str) -> Option<String> {
    move |name| {
        let value = match name {
            "SENTRY_DSN" => dsn,
            "SENTRY_ENVIRONMENT" => "stage",
            "AWS_LAMBDA_FUNCTION_NAME" => "stage-GetFunction-1",
            _ => return None,
        };
        Some(value.to_owned())
    }
}

fn reports(server: &StubServer) -> Reports {
    let outbox = outbox(lookup(&format!("http://k3y@{}/42", server.address()))).unwrap();
    Reports { outbox: outbox.map(Arc::new) }
}

/// Does the work of an invocation whose errors are captured.
async fn invoke<T>(reports: &Reports, work: impl FnOnce() -> T) -> T {
    let layer = reports.outbox.clone().map(Capture::new);
    reports.flush_after(async { tracing::subscriber::with_default(registry().with(layer), work) }).await
}

/// The event in an envelope, whose lines are its own header, the header of its only item, and the event.
fn event(request: &ReceivedRequest) -> Event<'static> {
    let lines: Vec<_> = request.body.lines().collect();
    let [_, header, event] = lines.as_slice() else { panic!("{}", request.body) };
    assert_eq!(serde_json::from_str::<Value>(header).unwrap()["type"], "event");
    // By way of a value: read from a text, the protocol's types do not recognise numbers that keep their digits.
    serde_json::from_value(serde_json::from_str(event).unwrap()).unwrap()
}

fn ok() -> StubServer {
    StubServer::start(|_| Some(response(200, "", "{}")))
}

#[tokio::test]
async fn an_error_is_reported_with_its_causes_and_ids() {
    let server = ok();
    invoke(&reports(&server), || {
        let span = tracing::info_span!("record", requestId = "r-1", org_id = Empty, call_id = Empty);
        span.record("org_id", "acme").record("call_id", "call_456");
        let _entered = span.enter();
        let (error, code) = ("the table rejected get: no such table", "internal_error");
        tracing::error!(error, code, duration_ms = 12_u64, "the request failed");
    })
    .await;

    let request = server.next("POST /api/42/envelope/");
    assert!(request.head.to_lowercase().contains("x-sentry-auth: sentry sentry_key=k3y, sentry_version=7"));
    let event = event(&request);
    let exception = &event.exception[0];
    assert_eq!(exception.ty, "the request failed");
    assert_eq!(exception.value.as_deref(), Some("the table rejected get: no such table"));
    assert_eq!(event.environment.as_deref(), Some("stage"));
    assert_eq!(event.release.as_deref(), Some(concat!("call-feedback@", env!("CARGO_PKG_VERSION"))));
    let tags: Vec<_> = event.tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let expected =
        "call_id=call_456 code=internal_error duration_ms=12 function=stage-GetFunction-1 org_id=acme request_id=r-1";
    assert_eq!(tags.join(" "), expected);
    assert!(server.rest().is_empty());
}

#[tokio::test]
async fn no_other_fields_and_levels_are_reported() {
    let server = ok();
    invoke(&reports(&server), || {
        let outer = tracing::error_span!("outer", transcript = CANARY, message = CANARY, error = CANARY, code = CANARY);
        let _outer = outer.enter();
        let inner = tracing::error_span!("inner", authorization = Empty, call_id = "call_456");
        inner.record("authorization", CANARY);
        let _inner = inner.enter();
        tracing::warn!("{CANARY}");
        tracing::info!(error = CANARY, "{CANARY}");
        tracing::error!(token = CANARY, body = ?CANARY, quote = %CANARY, headers = CANARY, "the request failed");
    })
    .await;

    let request = server.next("POST /api/42/envelope/");
    assert_eq!(event(&request).tags["call_id"], "call_456");
    let sent = request.body;
    assert!(!sent.contains("canary") && !sent.contains("4111 1111"), "{sent}");
    assert!(!request.head.contains("canary"));
    assert!(server.rest().is_empty());
}

#[tokio::test]
async fn without_an_error_nothing_is_sent() {
    let server = ok();
    let reports = reports(&server);
    assert_eq!(invoke(&reports, || 7).await, 7);
    invoke(&reports, || tracing::error!("the request failed")).await;
    let _ = server.next("POST");
    invoke(&reports, || tracing::warn!("the store is busy")).await;
    drop(reports);
    assert!(server.rest().is_empty());
}

#[tokio::test]
async fn the_same_error_of_two_calls_is_one_issue() {
    let server = ok();
    invoke(&reports(&server), || {
        for call_id in ["call_1", "call_2"] {
            let error = format!("the item feedback#{call_id} is corrupt: score is missing");
            tracing::error!(call_id, error, "the request failed");
        }
        tracing::error!(call_id = "call_1", error = "the table rejected get", "the request failed");
    })
    .await;
    let mut issues: Vec<_> = (0..3).map(|_| event(&server.next("POST")).fingerprint.join("/")).collect();
    issues.sort_unstable();
    let corrupt = "the request failed//the item feedback#* is corrupt: score is missing";
    assert_eq!(issues, [corrupt, corrupt, "the request failed//the table rejected get"]);
}

#[tokio::test]
async fn an_invocation_reports_at_most_ten_errors() {
    let server = ok();
    let reports = reports(&server);
    invoke(&reports, || (0..50).for_each(|_| tracing::error!("the request failed"))).await;
    for _ in 0..10 {
        let _ = server.next("POST");
    }
    assert!(server.rest().is_empty());
    invoke(&reports, || tracing::error!("the next invocation")).await;
    assert_eq!(event(&server.next("POST")).exception[0].ty, "the next invocation");
}

#[tokio::test]
async fn a_panic_is_sent_and_then_resumed() {
    let server = ok();
    let reports = reports(&server);
    let work = invoke(&reports, || {
        tracing::error!(place = "shared/scoring/src/lib.rs:1:2", "panicked");
        panic!("a panic of this test");
    });
    assert!(AssertUnwindSafe(work).catch_unwind().await.is_err());
    let event = event(&server.next("POST"));
    assert_eq!(event.exception[0].value.as_deref(), Some("shared/scoring/src/lib.rs:1:2"));
}

#[test]
fn errors_outside_of_an_invocation_are_sent_at_the_end() {
    let server = ok();
    let reports = reports(&server);
    let log = registry().with(reports.outbox.clone().map(Capture::new));
    tracing::subscriber::with_default(log, || tracing::error!("the start failed"));
    drop(reports);
    assert_eq!(event(&server.next("POST")).exception[0].ty, "the start failed");
}

#[tokio::test]
async fn sentry_without_a_response_delays_by_the_flush_timeout() {
    let server = StubServer::start(|_| None::<String>);
    let reports = reports(&server);
    let started = Instant::now();
    assert_eq!(
        invoke(&reports, || {
            tracing::error!("the request failed");
            7
        })
        .await,
        7
    );
    let elapsed = started.elapsed();
    // The upper bound allows for a busy machine.
    assert!(elapsed >= FLUSH_TIMEOUT && elapsed < FLUSH_TIMEOUT * 3, "{elapsed:?}");
    assert!(reports.outbox.as_ref().unwrap().is_empty(), "the report must be dropped");
}

#[tokio::test]
async fn errors_of_sentry_do_not_change_the_result() {
    let server = StubServer::start(|_| Some(response(500, "", "")));
    assert_eq!(
        invoke(&reports(&server), || {
            tracing::error!("the request failed");
            7
        })
        .await,
        7
    );
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outbox = outbox(lookup(&format!("http://k3y@{closed}/42"))).unwrap();
    let reports = Reports { outbox: outbox.map(Arc::new) };
    assert_eq!(
        invoke(&reports, || {
            tracing::error!("the request failed");
            7
        })
        .await,
        7
    );
}

#[tokio::test]
async fn nothing_is_sent_during_a_pause_that_sentry_asked_for() {
    let server = StubServer::start(|_| Some(response(429, "retry-after: 3600\r\n", "")));
    let reports = reports(&server);
    invoke(&reports, || tracing::error!("the request failed")).await;
    let _ = server.next("POST");
    invoke(&reports, || tracing::error!("the request failed")).await;
    assert!(server.rest().is_empty());
}

#[test]
fn a_dsn_is_optional_and_an_invalid_one_is_an_error_that_does_not_show_it() {
    assert!(outbox(|_| None).unwrap().is_none());
    assert!(outbox(lookup("")).unwrap().is_none());
    for dsn in
        ["sentry", "https://sentry.example/42", "https://s3cret@sentry.example", "ftp://s3cret@sentry.example/42"]
    {
        let error = outbox(lookup(dsn)).unwrap_err();
        let expected = "environment variable SENTRY_DSN is \"not shown\", it is not a DSN: ";
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
}

#[test]
fn the_template_sets_the_variables() {
    let template = test_support::template();
    let variables = &template.as_value()["Globals"]["Function"]["Environment"]["Variables"];
    let names: Vec<_> = variables.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["SSL_CERT_FILE", DSN, ENVIRONMENT], "the TLS client reads the first");
    assert_eq!((variables[DSN].as_str(), variables[ENVIRONMENT].as_str()), (Some("SentryDsn"), Some("AWS::StackName")));
    for dsn in template.values_of("SentryDsn") {
        assert!(outbox(lookup(&dsn)).is_ok(), "{dsn}");
    }
    let parameter = &template.as_value()["Parameters"]["SentryDsn"];
    assert_eq!((parameter["Default"].as_str(), parameter["NoEcho"].as_bool()), (Some(""), Some(true)));
}
