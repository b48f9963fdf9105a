//! One batch of messages. Every record is worked on at the same time as the others and fails alone; the answer comes before
//! the deadline and names exactly the records that have to come back.

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

/// Records worked on at the same time: a whole batch, as the template sizes it.
const IN_FLIGHT: usize = 10;
/// Work on records stops this long before the deadline, which leaves a second for giving up on records that will not come
/// back, one for delaying the others and one to answer in.
pub(crate) const RESERVE: Duration = Duration::from_secs(3);
/// How long recording a last failure may take.
const GIVE_UP_TIMEOUT: Duration = Duration::from_secs(1);

/// The response to the queue, and the line of metrics for the log.
pub(crate) struct HandledBatch {
    /// Which messages have to come back.
    pub(crate) response: SqsBatchResponse,
    /// The line, see [`crate::metrics`].
    pub(crate) metrics: String,
}

/// Works on a batch; fails only when a record has no identifier, on purpose: then all of them come back.
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
        if let Some(metric) = ending.metric() {
            work.metrics.count(metric);
        }
        let seconds = match ending {
            Ending::Done(_) => return None,
            Ending::Retried(cause) => backoff::seconds(attempts, fastrand::f64(), cause.retry_after()),
            Ending::Exhausted(cause) => {
                // Out of time here too: the queue's own redrive still keeps the message, and the line above its reason.
                let _ = timeout(GIVE_UP_TIMEOUT, failure::record_exhausted(work.deps, record, &cause)).await;
                0
            }
        };
        Some(Delay { message_id, receipt_handle, seconds })
    }
    .instrument(span)
    .await
}
