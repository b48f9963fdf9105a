//! A key that is replaced while the program runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::{BoxFuture, join_all};
use judge::{Judge, JudgeError, Judgement, KeySource, Settings};
use serde_json::json;

use crate::fixtures::{answer, call, in_seconds};
use crate::stub_model::{StubModel, answering, with_status};

/// Where the key is kept: holds this one now, and counts how often it is read.
#[derive(Debug)]
struct Safe {
    key: Option<&'static str>,
    reads: Arc<AtomicU32>,
}

impl KeySource for Safe {
    fn read(&self) -> BoxFuture<'_, Option<String>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(self.key.map(str::to_owned)))
    }
}

/// A server that accepts the new key only.
fn server() -> StubModel {
    StubModel::start(|_, request| {
        if request.head.contains("\r\nauthorization: bearer new-key\r\n") {
            answering(answer(8.0))
        } else {
            with_status(401, json!({"error": {"code": "invalid_api_key"}}))
        }
    })
}

/// A judge that starts with the old key; and how often the key was read since.
fn judge(stub: &StubModel, key: Option<&'static str>) -> (Judge, Arc<AtomicU32>) {
    let lookup = |name: &str| match name {
        "LLM_BASE_URL" => Some(stub.url.clone()),
        "LLM_MODEL" => Some("m".to_owned()),
        "LLM_API_KEY" => Some("old-key".to_owned()),
        _ => None,
    };
    let reads = Arc::default();
    let source = Safe { key, reads: Arc::clone(&reads) };
    let settings = Settings::from_lookup(lookup).unwrap().with_key_source(Box::new(source));
    (Judge::new(settings).unwrap(), reads)
}

async fn assess(judge: &Judge) -> Result<Judgement, JudgeError> {
    judge.assess(&call(), in_seconds(20)).await
}

#[tokio::test]
async fn a_key_that_was_replaced_is_read_again_and_the_call_is_judged() {
    let stub = server();
    let (judge, reads) = judge(&stub, Some("new-key\n"));
    let judgement = assess(&judge).await.unwrap();
    assert_eq!((judgement.usage.attempts, judgement.usage.tokens.output), (2, Some(10)), "one answer is paid for");
    assess(&judge).await.unwrap();
    assert_eq!((reads.load(Ordering::Relaxed), stub.requests().len()), (1, 3), "the new key is kept");
}

#[tokio::test]
async fn calls_that_are_refused_together_read_the_key_once() {
    let stub = server();
    let (judge, reads) = judge(&stub, Some("new-key"));
    let judgements = join_all((0..10).map(|_| assess(&judge))).await;
    assert!(judgements.iter().all(Result::is_ok), "{judgements:?}");
    assert_eq!(reads.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_key_that_stays_the_same_or_cannot_be_read_is_asked_for_once_a_minute_and_the_error_stays() {
    for key in [Some("old-key"), None, Some("wrong-key"), Some("sch\u{fc}ssel")] {
        let stub = server();
        let (judge, reads) = judge(&stub, key);
        for _ in 0..3 {
            let error = assess(&judge).await.unwrap_err();
            assert_eq!(error.kind.code(), "model_unauthorized", "{key:?}");
        }
        assert_eq!(reads.load(Ordering::Relaxed), 1, "{key:?}");
        let sent = if key == Some("wrong-key") { 4 } else { 3 };
        assert_eq!(stub.requests().len(), sent, "{key:?}");
    }
}

#[tokio::test]
async fn other_refusals_leave_the_key_alone() {
    let stub = StubModel::responding(vec![with_status(403, json!({"error": {"code": "permission_error"}}))]);
    let (judge, reads) = judge(&stub, Some("new-key"));
    assert_eq!(assess(&judge).await.unwrap_err().kind.code(), "model_unauthorized");
    assert_eq!((reads.load(Ordering::Relaxed), stub.requests().len()), (0, 1));
}
