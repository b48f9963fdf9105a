//! Calls that end without feedback: records their outcome. What is rejected here moves its message to the dead-letter queue, once for all
//! of its calls (`process`).

use std::panic::catch_unwind;

use domain::{AgentId, Call, CallId, OrgId, Outcome, OutcomeKind, Timestamp};
use intake::{IntakeError, ParsedMessage, S3Reference};

use crate::record::Record;
use crate::work::{Deps, Done, Rejection, Unfinished};

/// What is said of a call that brought a bug to light.
const BUG: &str = "the call cannot be scored because of an error in the scorer";
/// Its code.
const BUG_CODE: &str = "internal_error";

/// The ids of a call, as far as its outcome needs them.
pub(crate) struct CallIds {
    /// The organisation.
    pub(crate) org: OrgId,
    call: CallId,
    agent: Option<AgentId>,
}

impl CallIds {
    /// The ids of a call that was read.
    pub(crate) fn of(call: &Call) -> Self {
        Self { org: call.org_id.clone(), call: call.call_id.clone(), agent: call.agent_id.clone() }
    }

    fn of_unreadable(error: IntakeError) -> Option<Self> {
        Some(Self { org: error.org_id?, call: error.call_id?, agent: error.agent_id })
    }

    fn of_object(deps: &Deps, object: &S3Reference) -> Option<Self> {
        let owner = deps.bucket.as_ref().filter(|bucket| bucket.contains(object)).and_then(|bucket| bucket.owner());
        Some(Self { org: object.org_id.as_ref().or(owner)?.clone(), call: object.call_id()?, agent: None })
    }

    /// The outcome to record of the call.
    pub(crate) fn outcome(
        &self,
        kind: OutcomeKind,
        reason: &str,
        message: String,
        attempts: u32,
        recorded_at: Timestamp,
    ) -> Outcome {
        let (call_id, agent_id) = (self.call.clone(), self.agent.clone());
        Outcome { call_id, agent_id, kind, reason: reason.to_owned(), message, attempts, recorded_at }
    }
}

/// Records that a message can never be read as a call, if its ids are known.
pub(crate) async fn reject_message(deps: &Deps, record: &Record<'_>, error: IntakeError) -> Result<Done, Unfinished> {
    let (code, message) = (error.code(), error.to_string());
    reject(deps, record, CallIds::of_unreadable(error), code, message).await
}

/// Records that a call can never be scored.
pub(crate) async fn reject_call(
    deps: &Deps,
    record: &Record<'_>,
    call: &Call,
    code: &'static str,
    message: String,
) -> Result<Done, Unfinished> {
    reject(deps, record, Some(CallIds::of(call)), code, message).await
}

/// Records that an object can never be read as a call, if its ids are known.
pub(crate) async fn reject_object(
    deps: &Deps,
    record: &Record<'_>,
    object: &S3Reference,
    code: &'static str,
    message: String,
) -> Result<Done, Unfinished> {
    reject(deps, record, CallIds::of_object(deps, object), code, message).await
}

/// Records that our code panicked on a message: it would panic at every delivery.
pub(crate) async fn reject_after_panic(deps: &Deps, record: &Record<'_>) -> Result<Done, Unfinished> {
    reject(deps, record, ids(deps, record), BUG_CODE, BUG.to_owned()).await
}

/// The same of the call in an object.
pub(crate) async fn reject_object_after_panic(
    deps: &Deps,
    record: &Record<'_>,
    object: &S3Reference,
) -> Result<Done, Unfinished> {
    reject_object(deps, record, object, BUG_CODE, BUG.to_owned()).await
}

/// Records that a message has failed for the last time, before SQS moves it to the dead-letter queue. If that fails as well, it is
/// logged.
pub(crate) async fn record_exhausted(deps: &Deps, record: &Record<'_>, cause: &Unfinished) {
    if let Some(ids) = ids(deps, record) {
        record_last_failure(deps, record, &ids, cause).await;
    }
}

/// The same of one of several objects.
pub(crate) async fn record_object_exhausted(
    deps: &Deps,
    record: &Record<'_>,
    object: &S3Reference,
    cause: &Unfinished,
) {
    if let Some(ids) = CallIds::of_object(deps, object) {
        record_last_failure(deps, record, &ids, cause).await;
    }
}

async fn record_last_failure(deps: &Deps, record: &Record<'_>, ids: &CallIds, cause: &Unfinished) {
    let message = deps.config.redaction().of_text(format!("{cause}, {} times in a row", record.attempts));
    let kind = OutcomeKind::Failed;
    let outcome = ids.outcome(kind, "attempts_exhausted", message, record.attempts, (deps.clock)());
    if let Err(error) = deps.store.record_outcome(&ids.org, &outcome).await {
        let error = environment::chain(&error);
        tracing::error!(error, "the last failure of the call cannot be recorded");
    }
}

async fn reject(
    deps: &Deps,
    record: &Record<'_>,
    ids: Option<CallIds>,
    code: &'static str,
    message: String,
) -> Result<Done, Unfinished> {
    // What is wrong with a message may quote a part of it.
    let message = deps.config.redaction().of_text(message);
    if let Some(ids) = ids {
        let outcome = ids.outcome(OutcomeKind::Failed, code, message.clone(), record.attempts, (deps.clock)());
        deps.store.record_outcome(&ids.org, &outcome).await?;
    }
    Ok(Done::Rejected(Rejection { code, message }))
}

/// The ids in a message, if it has exactly one call. Reading it may be what panicked, so a panic is caught here.
fn ids(deps: &Deps, record: &Record<'_>) -> Option<CallIds> {
    let (body, attributes) = (record.body, record.attributes);
    match catch_unwind(|| intake::read(body, attributes)).ok()? {
        Ok(ParsedMessage::Call(call)) => Some(CallIds::of(&call)),
        Ok(ParsedMessage::Objects(objects)) => match (&objects.references[..], &objects.unreadable[..]) {
            ([object], []) => CallIds::of_object(deps, object),
            _ => None,
        },
        Ok(ParsedMessage::Ignored { .. }) => None,
        Err(error) => CallIds::of_unreadable(error),
    }
}
