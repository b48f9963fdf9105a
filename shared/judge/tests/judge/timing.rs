//! Many calls wait for the model at the same time.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::fixtures::{answer, call, in_seconds, judge_with};
use crate::stub_server::{StubResponse, StubServer};

#[tokio::test]
async fn ten_calls_take_as_long_as_one() {
    let stub = StubServer::responding(vec![StubResponse::answer(answer(8.0)).after(Duration::from_secs(2))]).await;
    let judge = judge_with(&stub, &[]);
    judge.warm_up().await;
    let call = call();
    let start = Instant::now();
    let judgements = join_all((0..10).map(|_| judge.assess(&call, in_seconds(20)))).await;
    assert!(start.elapsed() <= Duration::from_millis(2_300), "{:?}", start.elapsed());
    assert!(judgements.iter().all(Result::is_ok) && stub.requests().len() == 10);
}
