//! What becomes of one message.

use std::time::Instant;

use domain::{Call, CallId, OrgId, Outcome, OutcomeKind, SkipReason, StoredFeedback};
use intake::IntakeError;
use scoring::embedded;
use store::{Creation, StoreError};
use tracing::Span;

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

/// Does what is to be done about a message; fails when it has to come back.
pub(crate) async fn process(deps: &Deps, record: &Record<'_>) -> Result<Done, Unfinished> {
    let parsed = intake::parse_message(record.body, record.org_attribute);
    let (org, call) = match &parsed {
        Ok(call) => (Some(&call.org_id), Some(&call.call_id)),
        Err(error) => (error.org_id.as_ref(), error.call_id.as_ref()),
    };
    Span::current().record("org_id", org.map(OrgId::as_str)).record("call_id", call.map(CallId::as_str));
    match parsed {
        Ok(call) => score(deps, record, &call).await,
        Err(error) => dead_letter(deps, record, &error).await,
    }
}

async fn score(deps: &Deps, record: &Record<'_>, call: &Call) -> Result<Done, Unfinished> {
    let minimum = deps.config.minimum_seconds;
    if let Some(reason) = skip_reason(call, minimum) {
        let outcome = Outcome {
            call_id: call.call_id.clone(),
            agent_id: call.agent_id.clone(),
            kind: OutcomeKind::Skipped,
            reason: reason.code().to_owned(),
            message: scoring::skip_message(reason, call, minimum),
            attempts: record.attempts,
            recorded_at: (deps.clock)(),
        };
        deps.store.record_outcome(&call.org_id, &outcome).await?;
        return Ok(Done::Skipped);
    }
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
    let foreign = !embedded::supports(call.language.as_deref());
    scoring::skip_reason(call, minimum_seconds).or(foreign.then_some(SkipReason::UnsupportedLanguage))
}

async fn dead_letter(deps: &Deps, record: &Record<'_>, error: &IntakeError) -> Result<Done, Unfinished> {
    let reason = error.to_string();
    if let (Some(org), Some(call)) = (&error.org_id, &error.call_id) {
        let outcome = Outcome {
            call_id: call.clone(),
            agent_id: error.agent_id.clone(),
            kind: OutcomeKind::Failed,
            reason: error.code().to_owned(),
            message: reason.clone(),
            attempts: record.attempts,
            recorded_at: (deps.clock)(),
        };
        deps.store.record_outcome(org, &outcome).await?;
    }
    deps.queue.dead_letter(record, error.code(), &reason).await?;
    Ok(Done::DeadLettered(error.code()))
}

/// Records that a message fails for the last time, before the queue moves it to the dead-letter queue. There is nowhere left
/// to report to when this fails too, so that is logged.
pub(crate) async fn give_up(deps: &Deps, record: &Record<'_>, cause: &Unfinished) {
    let Ok(call) = intake::parse_message(record.body, record.org_attribute) else { return };
    let outcome = Outcome {
        call_id: call.call_id,
        agent_id: call.agent_id,
        kind: OutcomeKind::Failed,
        reason: "attempts_exhausted".to_owned(),
        message: format!("{cause}, {} times in a row", record.attempts),
        attempts: record.attempts,
        recorded_at: (deps.clock)(),
    };
    if let Err(error) = deps.store.record_outcome(&call.org_id, &outcome).await {
        tracing::error!(message_id = record.message_id, %error, "the last failure of a call cannot be recorded");
    }
}
