//! One batch of messages. Every record is worked on at the same time as the others and fails alone; the answer comes before
//! the deadline and names exactly the records that have to come back.

use std::time::Duration;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::Timestamp;
use futures_util::stream::{self, StreamExt};
use store::Store;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::Instrument;
use tracing::field::Empty;

use crate::backoff;
use crate::config::Config;
use crate::failure;
use crate::process::{self, Done, Unfinished};
use crate::queue::{Delay, Queue};
use crate::record::{MissingMessageId, Record};

/// Records worked on at the same time: a whole batch, as the template sizes it.
const IN_FLIGHT: usize = 10;
/// Work on records stops this long before the deadline, which leaves a second for giving up on records that will not come
/// back, one for delaying the others and one to answer in.
const RESERVE: Duration = Duration::from_secs(3);
/// How long recording a last failure may take.
const GIVE_UP_TIMEOUT: Duration = Duration::from_secs(1);

/// What the handler works with.
#[derive(Debug)]
pub(crate) struct Deps {
    /// Where feedback goes.
    pub(crate) store: Store,
    /// Where messages come from and where they end.
    pub(crate) queue: Queue,
    /// What was configured.
    pub(crate) config: Config,
    /// What time it is.
    pub(crate) clock: fn() -> Timestamp,
}

/// Works on a batch; fails only when a record has no identifier, on purpose: then all of them come back.
pub(crate) async fn handle(
    deps: &Deps,
    event: SqsEvent,
    deadline: Instant,
) -> Result<SqsBatchResponse, MissingMessageId> {
    let records = event.records.iter().map(Record::of).collect::<Result<Vec<_>, _>>()?;
    let stop = deadline.checked_sub(RESERVE).unwrap_or(deadline);
    let failed: Vec<_> = stream::iter(&records)
        .map(|record| work(deps, record, stop))
        .buffer_unordered(IN_FLIGHT)
        .filter_map(std::future::ready)
        .collect()
        .await;
    deps.queue.delay(&failed.iter().map(|record| delay(deps, record)).collect::<Vec<_>>()).await;
    let mut response = SqsBatchResponse::default();
    response.set_failures(failed.iter().map(|record| record.message_id));
    Ok(response)
}

/// The record when it has to come back, nothing when it is done. Logs one line.
async fn work<'r, 'a>(deps: &Deps, record: &'r Record<'a>, stop: Instant) -> Option<&'r Record<'a>> {
    let Record { message_id, attempts, .. } = *record;
    let span = tracing::info_span!("record", message_id, attempts, org_id = Empty, call_id = Empty);
    async {
        let started = Instant::now();
        let result = timeout_at(stop, process::process(deps, record)).await.unwrap_or(Err(Unfinished::OutOfTime));
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        log(&result, duration_ms);
        let cause = result.err()?;
        if is_last_attempt(deps, record) {
            // Out of time here too: the queue's own redrive still keeps the message, and the line above its reason.
            let _ = timeout(GIVE_UP_TIMEOUT, failure::for_good(deps, record, &cause)).await;
        }
        Some(record)
    }
    .instrument(span)
    .await
}

fn log(result: &Result<Done, Unfinished>, duration_ms: u64) {
    match result {
        Ok(Done::DeadLettered(code)) => {
            tracing::error!(duration_ms, outcome = "dead_lettered", code, "the message can never be scored");
        }
        Ok(done) => tracing::info!(duration_ms, outcome = done.name(), "the message is done"),
        Err(cause) => {
            let error = environment::chain(cause);
            tracing::warn!(duration_ms, outcome = "retried", error, "the message comes back");
        }
    }
}

fn is_last_attempt(deps: &Deps, record: &Record<'_>) -> bool {
    record.attempts >= deps.config.max_receive_count.get()
}

/// After its last attempt a message comes back at once, which is when the queue moves it to the dead-letter queue.
fn delay<'a>(deps: &Deps, record: &Record<'a>) -> Delay<'a> {
    let seconds = if is_last_attempt(deps, record) { 0 } else { backoff::seconds(record.attempts, fastrand::f64()) };
    Delay { receipt_handle: record.receipt_handle, seconds }
}
