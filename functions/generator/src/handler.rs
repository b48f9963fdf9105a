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
use crate::metrics::{Ending, Metrics};
use crate::objects::Bucket;
use crate::process::{self, Done, Unfinished, Work};
use crate::queue::{Delay, Queue};
use crate::record::{MissingMessageId, Record};
use crate::scorer::Scorer;

/// Records worked on at the same time: a whole batch, as the template sizes it.
const IN_FLIGHT: usize = 10;
/// Work on records stops this long before the deadline, which leaves a second for giving up on records that will not come
/// back, one for delaying the others and one to answer in.
pub(crate) const RESERVE: Duration = Duration::from_secs(3);
/// How long recording a last failure may take.
const GIVE_UP_TIMEOUT: Duration = Duration::from_secs(1);

/// What the handler works with.
#[derive(Debug)]
pub(crate) struct Deps {
    /// Where feedback goes.
    pub(crate) store: Store,
    /// Where messages come from and where they end.
    pub(crate) queue: Queue,
    /// Where calls lie that messages refer to, if somewhere.
    pub(crate) bucket: Option<Bucket>,
    /// Who judges the calls.
    pub(crate) scorer: Scorer,
    /// What was configured.
    pub(crate) config: Config,
    /// What time it is.
    pub(crate) clock: fn() -> Timestamp,
}

/// A message that has to come back, and why.
struct Returning<'r, 'a> {
    record: &'r Record<'a>,
    cause: Unfinished,
}

/// What is answered to the queue, and the line of metrics for the log.
pub(crate) struct Handled {
    /// The answer.
    pub(crate) response: SqsBatchResponse,
    /// The line, see [`crate::metrics`].
    pub(crate) metrics: String,
}

/// Works on a batch; fails only when a record has no identifier, on purpose: then all of them come back.
pub(crate) async fn handle(deps: &Deps, event: SqsEvent, deadline: Instant) -> Result<Handled, MissingMessageId> {
    let records = event.records.iter().map(Record::of).collect::<Result<Vec<_>, _>>();
    let records = records.inspect_err(|error| {
        tracing::error!(error = environment::chain(error), "the batch cannot be read");
    })?;
    let metrics = Metrics::default();
    let work = Work { deps, metrics: &metrics, stop: deadline.checked_sub(RESERVE).unwrap_or(deadline) };
    let returning: Vec<_> = stream::iter(&records)
        .map(|record| finish(&work, record))
        .buffer_unordered(IN_FLIGHT)
        .filter_map(std::future::ready)
        .collect()
        .await;
    deps.queue.delay(&returning.iter().map(|returning| delay(deps, returning)).collect::<Vec<_>>()).await;
    let mut response = SqsBatchResponse::default();
    response.set_failures(returning.iter().map(|returning| returning.record.message_id));
    let (scorer, model) = deps.scorer.name();
    let metrics = metrics.line(&deps.config.function_name, &scorer.to_string(), model, (deps.clock)());
    Ok(Handled { response, metrics })
}

/// The record when it has to come back, nothing when it is done. Logs one line.
async fn finish<'r, 'a>(work: &Work<'_>, record: &'r Record<'a>) -> Option<Returning<'r, 'a>> {
    let Record { message_id, attempts, .. } = *record;
    let span = tracing::info_span!("record", message_id, attempts, org_id = Empty, call_id = Empty);
    async {
        let started = Instant::now();
        let result = timeout_at(work.stop, process::process(work, record)).await.unwrap_or(Err(Unfinished::OutOfTime));
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let is_last = is_last_attempt(work.deps, record);
        log(&result, is_last, duration_ms);
        if let Some(ending) = ending(&result, is_last) {
            work.metrics.count(ending);
        }
        let cause = result.err()?;
        if is_last {
            // Out of time here too: the queue's own redrive still keeps the message, and the line above its reason.
            let _ = timeout(GIVE_UP_TIMEOUT, failure::for_good(work.deps, record, &cause)).await;
        }
        Some(Returning { record, cause })
    }
    .instrument(span)
    .await
}

/// What is counted, if it is about a call.
const fn ending(result: &Result<Done, Unfinished>, is_last: bool) -> Option<Ending> {
    Some(match result {
        Ok(Done::Created) => Ending::Scored,
        Ok(Done::Duplicate) => Ending::Duplicate,
        Ok(Done::Skipped) => Ending::Skipped,
        Ok(Done::Ignored) => return None,
        Ok(Done::DeadLettered(_)) => Ending::Failed,
        Err(_) if is_last => Ending::Failed,
        Err(_) => Ending::Retried,
    })
}

fn log(result: &Result<Done, Unfinished>, is_last: bool, duration_ms: u64) {
    match result {
        Ok(Done::DeadLettered(code)) => {
            tracing::error!(duration_ms, outcome = "dead_lettered", code, "the message can never be scored");
        }
        Ok(done) => tracing::info!(duration_ms, outcome = done.name(), "the message is done"),
        Err(cause) if is_last => {
            let error = environment::chain(cause);
            tracing::error!(duration_ms, outcome = "exhausted", error, "the message has failed for the last time");
        }
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
fn delay<'a>(deps: &Deps, returning: &Returning<'_, 'a>) -> Delay<'a> {
    let Record { receipt_handle, attempts, .. } = *returning.record;
    let is_last = is_last_attempt(deps, returning.record);
    let seconds = if is_last { 0 } else { backoff::seconds(attempts, fastrand::f64(), returning.cause.retry_after()) };
    Delay { receipt_handle, seconds }
}
