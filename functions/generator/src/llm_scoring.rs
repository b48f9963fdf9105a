//! Scoring by a language model. An answer costs money, so no two deliveries ask about the same call at the same time, and an answer
//! is not lost when the table fails.

use std::time::Duration;

use domain::{Call, Feedback, StoredFeedback, Timestamp};
use judge::{Judge, JudgeErrorKind};
use store::{Claim, Lease};
use tokio::time::{Instant, sleep, timeout};

use crate::failure;
use crate::record::Record;
use crate::work::{Done, Unfinished, Work};

/// Time for one attempt to store feedback; then it is parked. A transaction takes a tenth of this, or a second if it conflicts with
/// others.
const STORING: Duration = Duration::from_millis(2_500);
/// Time for one attempt to park it.
const PARKING: Duration = Duration::from_millis(1_500);
/// Wait between attempts that fail immediately.
const PAUSE: Duration = Duration::from_millis(200);
/// Time that is kept free after the answer, so that its feedback can be stored, or at least parked.
pub(crate) const KEEPING: Duration = STORING.saturating_add(PARKING).saturating_add(PAUSE);
/// A lease ends this long after the work on its record, because clocks are read in whole seconds and differ between machines.
const LEASE_MARGIN: Duration = Duration::from_secs(3);

/// A call that a model has to judge.
pub(crate) struct LlmJob<'a> {
    /// What the work is done with, and until when.
    pub(crate) work: &'a Work<'a>,
    /// The client of the model.
    pub(crate) judge: &'a Judge,
    /// The message.
    pub(crate) record: &'a Record<'a>,
    /// Its call.
    pub(crate) call: &'a Call,
}

impl LlmJob<'_> {
    /// Has the model judge the call and stores the feedback, unless there is feedback or another delivery has claimed the call.
    pub(crate) async fn score(&self) -> Result<Done, Unfinished> {
        let Call { org_id, call_id, .. } = self.call;
        let now = (self.work.deps.clock)();
        let left = self.work.stop.saturating_duration_since(Instant::now()) + LEASE_MARGIN;
        match self.work.deps.store.claim(org_id, call_id, now, later(now, left)).await? {
            Claim::Scored => Ok(Done::Duplicate),
            Claim::Held { until } => Err(Unfinished::Claimed { wait: self.wait(between(now, until)) }),
            Claim::Parked(lease, feedback) => self.keep(&lease, *feedback).await,
            Claim::Granted(lease) => self.ask(lease).await,
        }
    }

    /// How long the message waits while another delivery has claimed the call, which lasts `at_most` that long. The first time it
    /// comes back soon, because the other is probably done in seconds. After that it waits for the end of the claim, so that it does
    /// not use up its deliveries while a crashed sandbox holds the call.
    fn wait(&self, at_most: Duration) -> Duration {
        if self.record.attempts > 1 { at_most } else { Duration::ZERO }
    }

    async fn ask(&self, lease: Lease) -> Result<Done, Unfinished> {
        let deadline = self.work.stop.checked_sub(KEEPING).unwrap_or(self.work.stop);
        match self.judge.assess(self.call, deadline).await {
            Ok(judgement) => {
                self.work.metrics.add(judgement.usage);
                self.keep(&lease, Feedback::of(self.call, judgement.assessment, judgement.provenance)).await
            }
            Err(error) => {
                self.work.metrics.add(error.usage);
                let result = self.not_judged(error.kind).await;
                if let Err(error) = self.work.deps.store.release(lease).await {
                    let error = environment::chain(&error);
                    tracing::warn!(error, "the claim cannot be released and stays until its lease ends");
                }
                result
            }
        }
    }

    async fn not_judged(&self, kind: JudgeErrorKind) -> Result<Done, Unfinished> {
        if kind.is_transient() {
            return Err(Unfinished::Model(kind));
        }
        failure::reject_call(self.work.deps, self.record, self.call, kind.code(), kind.to_string()).await
    }

    /// Stores the feedback. If that fails, parks it, which is one write of an item that no other delivery writes. If both fail, tries
    /// both again until the record's time is over. Feedback that the table rejects permanently in both forms would be rejected, and
    /// paid for, at every delivery: the call fails.
    async fn keep(&self, lease: &Lease, feedback: Feedback) -> Result<Done, Unfinished> {
        let store = &self.work.deps.store;
        loop {
            let stored = StoredFeedback { feedback: feedback.clone(), created_at: (self.work.deps.clock)() };
            let unfinished = match timeout(STORING, store.create_claimed(lease, &stored)).await {
                Ok(Ok(result)) => return Ok(Done::stored(result, &feedback)),
                Ok(Err(error)) => Unfinished::Store(error),
                Err(_) => Unfinished::OutOfTime,
            };
            match timeout(PARKING, store.park(lease, &feedback, stored.created_at)).await {
                Ok(Ok(())) => return Err(unfinished),
                Ok(Err(error)) if !error.is_transient() && unfinished.is_permanent() => {
                    let message = "the feedback cannot be stored: the table rejects it".to_owned();
                    return failure::reject_call(self.work.deps, self.record, self.call, "feedback_rejected", message)
                        .await;
                }
                _ => sleep(PAUSE).await,
            }
        }
    }
}

/// The time after that duration, rounded up to whole seconds.
fn later(now: Timestamp, by: Duration) -> Timestamp {
    let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
    Timestamp::from_unix_seconds(now.unix_seconds().saturating_add(seconds)).unwrap_or(now)
}

fn between(now: Timestamp, until: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(until.unix_seconds() - now.unix_seconds()).unwrap_or_default())
}
