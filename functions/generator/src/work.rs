//! What the work on messages is done with, and how it ends. The other files use these types; nothing here knows how the work is done.

use std::time::Duration;

use domain::{Feedback, Timestamp};
use judge::JudgeErrorKind;
use store::{CreateResult, Store, StoreError};
use tokio::time::Instant;

use crate::config::Config;
use crate::metrics::{CallMetric, Metrics};
use crate::objects::{Bucket, ObjectError};
use crate::queue::{DeadLetterError, Queue};
use crate::scorer::ActiveScorer;

/// What the function works with.
#[derive(Debug)]
pub(crate) struct Deps {
    /// Where feedback goes.
    pub(crate) store: Store,
    /// The queue of calls and its dead-letter queue.
    pub(crate) queue: Queue,
    /// The bucket of the calls that messages refer to, if one is configured.
    pub(crate) bucket: Option<Bucket>,
    /// What scores the calls.
    pub(crate) scorer: ActiveScorer,
    /// What was configured.
    pub(crate) config: Config,
    /// The clock.
    pub(crate) clock: fn() -> Timestamp,
}

/// What a batch is worked on with, and until when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work<'a> {
    /// What the function works with.
    pub(crate) deps: &'a Deps,
    /// What is counted in this invocation.
    pub(crate) metrics: &'a Metrics,
    /// When work on a message stops.
    pub(crate) stop: Instant,
}

/// Why a call can never be scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The reason's stable name, for programs.
    pub(crate) code: &'static str,
    /// The reason as a sentence, for people.
    pub(crate) message: String,
}

impl Rejection {
    /// Why a message belongs in the dead-letter queue that refers to so many objects, some of which are rejected; `None` if none is. The
    /// code is that of the first.
    pub(crate) fn of_several(rejections: &[Self], objects: usize) -> Option<Self> {
        let code = rejections.first()?.code;
        let reasons: Vec<_> = rejections.iter().map(|rejection| rejection.message.as_str()).collect();
        let message = format!("{} of {objects} objects cannot be scored: {}", rejections.len(), reasons.join("; "));
        Some(Self { code, message })
    }
}

/// A message that needs nothing more: it may be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Done {
    /// The call has feedback now.
    Created {
        /// Whether a person should look at it.
        needs_review: bool,
    },
    /// The call had feedback already.
    Duplicate,
    /// The call is not scored; the reason is recorded.
    Skipped,
    /// The message is an event that does not end a call.
    Ignored,
    /// The call can never be scored, which is recorded. Its message belongs in the dead-letter queue.
    Rejected(Rejection),
    /// The message refers to several objects. Each was logged and counted by itself. If the call of one can never be scored, the message
    /// belongs in the dead-letter queue.
    Several(Option<Rejection>),
}

impl Done {
    /// Why the message belongs in the dead-letter queue, if it does.
    pub(crate) const fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Rejected(rejection) => Some(rejection),
            Self::Several(rejection) => rejection.as_ref(),
            Self::Created { .. } | Self::Duplicate | Self::Skipped | Self::Ignored => None,
        }
    }

    /// What became of feedback that the table has taken.
    pub(crate) const fn stored(result: CreateResult, feedback: &Feedback) -> Self {
        match result {
            CreateResult::Created => Self::Created { needs_review: feedback.assessment.review.needs_review },
            CreateResult::Duplicate => Self::Duplicate,
        }
    }
}

/// A message that has to come back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfinished {
    /// The table could not be read or written.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The message could not be moved.
    #[error("the dead-letter queue failed")]
    DeadLetter(#[from] DeadLetterError),
    /// The object with the call could not be read.
    #[error("the call could not be fetched")]
    Object(#[source] ObjectError),
    /// The model has not judged the call; another attempt may succeed.
    #[error("the model gave no answer")]
    Model(#[source] JudgeErrorKind),
    /// Another delivery has claimed the call.
    #[error("another delivery of the call is being scored")]
    Claimed {
        /// How long the message waits at least.
        wait: Duration,
    },
    /// The invocation's time was over.
    #[error("the invocation ran out of time")]
    OutOfTime,
}

impl Unfinished {
    /// How long the message has to wait at least, if that is known.
    pub(crate) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Model(kind) => kind.retry_after(),
            Self::Claimed { wait } => Some(*wait),
            Self::Store(_) | Self::DeadLetter(_) | Self::Object(_) | Self::OutOfTime => None,
        }
    }

    /// Whether the table will reject the same write every time.
    pub(crate) const fn is_permanent(&self) -> bool {
        matches!(self, Self::Store(error) if !error.is_transient())
    }
}

/// How a delivery of a message ends. The log, the metrics and the response to the queue all follow from it.
#[derive(Debug)]
pub(crate) enum Ending {
    /// The message is done, and is deleted.
    Done(Done),
    /// The message comes back after a wait.
    Retried(Unfinished),
    /// The message has failed for the last time: it comes back at once, and SQS moves it to the dead-letter queue.
    Exhausted(Unfinished),
}

impl Ending {
    /// How work that came to that result ends, on the last delivery of a message or on an earlier one.
    pub(crate) fn of(result: Result<Done, Unfinished>, is_last_attempt: bool) -> Self {
        match result {
            Ok(done) => Self::Done(done),
            Err(cause) if is_last_attempt => Self::Exhausted(cause),
            Err(cause) => Self::Retried(cause),
        }
    }

    /// Its name in the log, as the field `outcome`.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Done(Done::Created { .. }) => "created",
            Self::Done(Done::Duplicate) => "duplicate",
            Self::Done(Done::Skipped) => "skipped",
            Self::Done(Done::Ignored) => "ignored",
            Self::Done(Done::Rejected(_) | Done::Several(Some(_))) => "dead_lettered",
            Self::Done(Done::Several(None)) => "fetched",
            Self::Retried(_) => "retried",
            Self::Exhausted(_) => "exhausted",
        }
    }

    /// The metrics that count it; none if it is not about a call, or about several that were counted before.
    pub(crate) const fn metrics(&self) -> &'static [CallMetric] {
        match self {
            Self::Done(Done::Created { needs_review: true }) => &[CallMetric::Scored, CallMetric::NeedingReview],
            Self::Done(Done::Created { needs_review: false }) => &[CallMetric::Scored],
            Self::Done(Done::Duplicate) => &[CallMetric::Duplicate],
            Self::Done(Done::Skipped) => &[CallMetric::Skipped],
            Self::Done(Done::Ignored | Done::Several(_)) => &[],
            Self::Done(Done::Rejected(_)) | Self::Exhausted(_) => &[CallMetric::Failed],
            Self::Retried(_) => &[CallMetric::Retried],
        }
    }

    /// Writes its one line of the log: an error where somebody has to act, a warning where the message comes back.
    pub(crate) fn log(&self, duration_ms: u64) {
        let outcome = self.name();
        match self {
            Self::Done(Done::Rejected(Rejection { code, .. })) => {
                tracing::error!(duration_ms, outcome, code, "the message can never be scored");
            }
            Self::Done(Done::Created { needs_review }) => {
                tracing::info!(duration_ms, outcome, needs_review, "the message is done");
            }
            Self::Done(_) => tracing::info!(duration_ms, outcome, "the message is done"),
            Self::Retried(cause) => {
                tracing::warn!(duration_ms, outcome, error = environment::chain(cause), "the message comes back");
            }
            Self::Exhausted(cause) => {
                let error = environment::chain(cause);
                tracing::error!(duration_ms, outcome, error, "the message has failed for the last time");
            }
        }
    }
}
