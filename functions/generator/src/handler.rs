//! One batch of messages. All records are worked on at the same time, and each fails on its own. The response is given before the
//! deadline and names exactly the records that have to come back.

use std::time::Duration;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use futures_util::stream::{self, StreamExt};
use tokio::time::{Instant, timeout, timeout_at};
use tracing::Instrument;
use tracing::field::Empty;

use crate::backoff;
use crate::failure;
use crate::metrics::Metrics;
use crate::process;
use crate::queue::Delay;
use crate::record::{MissingMessageId, Record};
use crate::work::{Deps, Ending, Unfinished, Work};

/// Records worked on at the same time: a whole batch, by the batch size in the template.
const IN_FLIGHT: usize = 10;
/// Work on records stops this long before the deadline. That leaves a second to record last failures, one to delay the records that
/// come back, and one to respond.
pub(crate) const RESERVE: Duration = Duration::from_secs(3);
/// Time to record a last failure.
const LAST_FAILURE_TIMEOUT: Duration = Duration::from_secs(1);

/// The response to the queue, and the line of metrics for the log.
pub(crate) struct HandledBatch {
    /// Which messages have to come back.
    pub(crate) response: SqsBatchResponse,
    /// The line, see [`crate::metrics`].
    pub(crate) metrics: String,
}

/// Works on a batch. Fails only if a record has no identifier; then SQS delivers the whole batch again.
pub(crate) async fn handle(deps: &Deps, event: SqsEvent, deadline: Instant) -> Result<HandledBatch, MissingMessageId> {
    let records = event.records.iter().map(Record::of).collect::<Result<Vec<_>, _>>();
    let records = records.inspect_err(|error| {
        tracing::error!(error = environment::chain(error), "the batch cannot be read");
    })?;
    let metrics = Metrics::default();
    let work = Work { deps, metrics: &metrics, stop: deadline.checked_sub(RESERVE).unwrap_or(deadline) };
    let delays: Vec<_> = stream::iter(&records)
        .map(|record| finish(&work, record))
        .buffer_unordered(IN_FLIGHT)
        .filter_map(std::future::ready)
        .collect()
        .await;
    deps.queue.delay(&delays).await;
    let mut response = SqsBatchResponse::default();
    response.set_failures(delays.iter().map(|delay| delay.message_id));
    let (scorer, model) = deps.scorer.name();
    let metrics = metrics.line(&deps.config.function_name, &scorer.to_string(), model, (deps.clock)());
    Ok(HandledBatch { response, metrics })
}

/// When the message comes back; nothing when it is done. Logs one line.
async fn finish<'a>(work: &Work<'_>, record: &Record<'a>) -> Option<Delay<'a>> {
    let Record { message_id, receipt_handle, attempts, .. } = *record;
    let span = tracing::info_span!("record", message_id, attempts, org_id = Empty, call_id = Empty);
    async {
        let started = Instant::now();
        let result = timeout_at(work.stop, process::process(work, record)).await.unwrap_or(Err(Unfinished::OutOfTime));
        let ending = Ending::of(result, attempts >= work.deps.config.max_receive_count.get());
        ending.log(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
        work.metrics.count(ending.metrics());
        let seconds = match ending {
            Ending::Done(_) => return None,
            Ending::Retried(cause) => backoff::seconds(attempts, fastrand::f64(), cause.retry_after()),
            Ending::Exhausted(cause) => {
                // If this takes too long as well, SQS still moves the message, and the log line has the reason.
                let _ = timeout(LAST_FAILURE_TIMEOUT, failure::record_exhausted(work.deps, record, &cause)).await;
                0
            }
        };
        Some(Delay { message_id, receipt_handle, seconds })
    }
    .instrument(span)
    .await
}
