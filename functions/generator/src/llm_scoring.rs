//! Scoring by a model, which costs money: nobody else is asked about a call that somebody is asked about already, and what was
//! answered is not lost, whatever becomes of the table.

use std::time::Duration;

use domain::{Call, Feedback, StoredFeedback, Timestamp};
use judge::{Judge, JudgeErrorKind};
use store::{Claim, Lease};
use tokio::time::{Instant, sleep, timeout};

use crate::failure;
use crate::record::Record;
use crate::work::{Done, Unfinished, Work};

/// How long one try to store an answer may take before it is parked. A transaction takes a tenth of this, one that meets
/// others a second.
const STORING: Duration = Duration::from_millis(2_500);
/// How long one try to park it may take.
const PARKING: Duration = Duration::from_millis(1_500);
/// Between tries that failed at once.
const PAUSE: Duration = Duration::from_millis(200);
/// What is left of a record's time for an answer once there is one: it was paid for, and is stored, or at least parked.
pub(crate) const KEEPING: Duration = STORING.saturating_add(PARKING).saturating_add(PAUSE);
/// A lease outlasts the work on its record by this, since clocks are read in whole seconds and are not all the same.
const LEASE_MARGIN: Duration = Duration::from_secs(3);

/// A call that a model has to judge.
pub(crate) struct LlmJob<'a> {
    /// What there is to work with, and how long.
    pub(crate) work: &'a Work<'a>,
    /// Who asks the model.
    pub(crate) judge: &'a Judge,
    /// The message.
    pub(crate) record: &'a Record<'a>,
    /// Its call.
    pub(crate) call: &'a Call,
}

impl LlmJob<'_> {
    /// Has the call judged and stores the feedback, unless that is done or being done.
    pub(crate) async fn score(&self) -> Result<Done, Unfinished> {
        let Call { org_id, call_id, .. } = self.call;
        let now = (self.work.deps.clock)();
        let left = self.work.stop.saturating_duration_since(Instant::now()) + LEASE_MARGIN;
        match self.work.deps.store.claim(org_id, call_id, now, later(now, left)).await? {
            Claim::Scored => Ok(Done::Duplicate),
            Claim::Held { until } => Err(Unfinished::Claimed { wait: self.wait(between(now, until)) }),
            Claim::Parked(lease, answer) => self.keep(&lease, *answer).await,
            Claim::Granted(lease) => self.ask(lease).await,
        }
    }

    /// How long to stay away from a call that is in other hands for at most that long. They are probably done in seconds; whoever
    /// still finds them at it waits for the end, so that no message uses up its deliveries on a sandbox that has fallen.
    fn wait(&self, at_most: Duration) -> Duration {
        if self.record.attempts > 1 { at_most } else { Duration::ZERO }
    }

    async fn ask(&self, lease: Lease) -> Result<Done, Unfinished> {
        let deadline = self.work.stop.checked_sub(KEEPING).unwrap_or(self.work.stop);
        match self.judge.assess(self.call, deadline).await {
            Ok(verdict) => {
                self.work.metrics.add(verdict.usage);
                self.keep(&lease, Feedback::of(self.call, verdict.assessment, verdict.provenance)).await
            }
            Err(failure) => {
                self.work.metrics.add(failure.usage);
                let result = self.unjudged(failure.kind).await;
                if let Err(error) = self.work.deps.store.release(lease).await {
                    let error = environment::chain(&error);
                    tracing::warn!(error, "the claim on the call stays until its lease ends");
                }
                result
            }
        }
    }

    async fn unjudged(&self, kind: JudgeErrorKind) -> Result<Done, Unfinished> {
        if kind.is_transient() {
            return Err(Unfinished::Model(kind));
        }
        failure::reject_call(self.work.deps, self.record, self.call, kind.code(), kind.to_string()).await
    }

    /// Stores an answer, or parks it, which is one write of an item that nobody else wants; while neither succeeds, both are
    /// tried again until the record's time is over. An answer that the table takes in neither form would be refused each time
    /// it is paid for.
    async fn keep(&self, lease: &Lease, answer: Feedback) -> Result<Done, Unfinished> {
        let store = &self.work.deps.store;
        loop {
            let stored = StoredFeedback { feedback: answer.clone(), created_at: (self.work.deps.clock)() };
            let failed = match timeout(STORING, store.create_claimed(lease, &stored)).await {
                Ok(Ok(creation)) => return Ok(creation.into()),
                Ok(Err(error)) => Unfinished::Store(error),
                Err(_) => Unfinished::OutOfTime,
            };
            match timeout(PARKING, store.park(lease, &answer, stored.created_at)).await {
                Ok(Ok(())) => return Err(failed),
                Ok(Err(error)) if !error.is_transient() && failed.is_permanent() => {
                    let message = "the feedback cannot be stored: the table rejects it".to_owned();
                    return failure::reject_call(self.work.deps, self.record, self.call, "feedback_rejected", message)
                        .await;
                }
                _ => sleep(PAUSE).await,
            }
        }
    }
}

/// That much later, rounded up to whole seconds.
fn later(now: Timestamp, by: Duration) -> Timestamp {
    let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
    Timestamp::from_unix_seconds(now.unix_seconds().saturating_add(seconds)).unwrap_or(now)
}

fn between(now: Timestamp, until: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(until.unix_seconds() - now.unix_seconds()).unwrap_or_default())
}
