//! What becomes of one message.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use domain::{Call, CallId, OrgId, OutcomeKind, SkipReason, StoredFeedback};
use futures_util::FutureExt;
use scoring::embedded;
use store::{Creation, StoreError};
use tracing::Span;

use crate::failure::{self, Subject};
use crate::handler::Deps;
use crate::queue::DeadLetterError;
use crate::record::Record;

/// A message that needs nothing more: it may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// The call has feedback now.
    Created,
    /// The call had feedback already.
    Duplicate,
    /// The call is not to be scored; that is recorded.
    Skipped,
    /// The message can never be scored; it is in the dead-letter queue, with the reason.
    DeadLettered(&'static str),
}

impl Done {
    /// The name in the log.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Duplicate => "duplicate",
            Self::Skipped => "skipped",
            Self::DeadLettered(_) => "dead_lettered",
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
    /// The invocation's time was over.
    #[error("the invocation ran out of time")]
    OutOfTime,
}

/// Does what is to be done about a message; fails when it has to come back. A bug that a message brings to light is that
/// message's failure and nobody else's.
pub(crate) async fn process(deps: &Deps, record: &Record<'_>) -> Result<Done, Unfinished> {
    let result = AssertUnwindSafe(attempt(deps, record)).catch_unwind().await;
    match result {
        Ok(result) => result,
        Err(_) => failure::of_ours(deps, record).await,
    }
}

async fn attempt(deps: &Deps, record: &Record<'_>) -> Result<Done, Unfinished> {
    let parsed = intake::parse_message(record.body, record.org_attribute);
    let (org, call) = match &parsed {
        Ok(call) => (Some(&call.org_id), Some(&call.call_id)),
        Err(error) => (error.org_id.as_ref(), error.call_id.as_ref()),
    };
    Span::current().record("org_id", org.map(OrgId::as_str)).record("call_id", call.map(CallId::as_str));
    match parsed {
        Ok(call) => match skip_reason(&call, deps.config.minimum_seconds) {
            Some(reason) => skip(deps, record, &call, reason).await,
            None => score(deps, &call).await,
        },
        Err(error) => failure::of_message(deps, record, error).await,
    }
}

async fn score(deps: &Deps, call: &Call) -> Result<Done, Unfinished> {
    let started = Instant::now();
    let mut feedback = scoring::embedded_feedback(call, None);
    feedback.provenance.elapsed_ms = u64::try_from(started.elapsed().as_millis()).ok();
    let stored = StoredFeedback { feedback, created_at: (deps.clock)() };
    Ok(match deps.store.create_feedback(&call.org_id, &stored).await? {
        Creation::Created => Done::Created,
        Creation::Duplicate => Done::Duplicate,
    })
}

fn skip_reason(call: &Call, minimum_seconds: f64) -> Option<SkipReason> {
    let foreign = !embedded::supports(call);
    scoring::skip_reason(call, minimum_seconds).or(foreign.then_some(SkipReason::UnsupportedLanguage))
}

async fn skip(deps: &Deps, record: &Record<'_>, call: &Call, reason: SkipReason) -> Result<Done, Unfinished> {
    let message = scoring::skip_message(reason, call, deps.config.minimum_seconds);
    let subject = Subject::of(call);
    let outcome = subject.outcome(OutcomeKind::Skipped, reason.code(), message, record.attempts, (deps.clock)());
    deps.store.record_outcome(&subject.org, &outcome).await?;
    Ok(Done::Skipped)
}
