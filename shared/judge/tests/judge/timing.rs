//! Many calls wait for the model at the same time.

use std::thread::sleep;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::fixtures::{answer, call, in_seconds, judge_with};
use crate::stub_model::{StubModel, answering};

#[tokio::test]
async fn ten_calls_take_as_long_as_one() {
    let stub = StubModel::start(|_, _| {
        sleep(Duration::from_secs(2));
        answering(answer(8.0))
    });
    let judge = judge_with(&stub, &[]);
    judge.warm_up().await;
    let call = call();
    let start = Instant::now();
    let judgements = join_all((0..10).map(|_| judge.assess(&call, in_seconds(20)))).await;
    assert!(start.elapsed() <= Duration::from_millis(2_300), "{:?}", start.elapsed());
    assert!(judgements.iter().all(Result::is_ok) && stub.requests().len() == 10);
}
