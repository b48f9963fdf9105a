//! The work on one message: reads it, and scores, skips or rejects its call.

use std::panic::AssertUnwindSafe;

use domain::{Call, CallId, OrgId, OutcomeKind, SkipReason, StoredFeedback};
use futures_util::FutureExt;
use intake::{IntakeError, ParsedMessage, S3Objects, S3Reference};
use scoring::embedded;
use store::RecordResult;
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::failure::{self, CallIds};
use crate::llm_scoring::LlmJob;
use crate::metrics::CallMetric;
use crate::objects::ObjectError;
use crate::record::Record;
use crate::scorer::ActiveScorer;
use crate::work::{Deps, Done, Ending, Rejection, Unfinished, Work};

/// Works on a message; fails when it has to come back. A panic is caught: it fails this message and no other one of the batch. A message
/// with a call that can never be scored moves to the dead-letter queue.
pub(crate) async fn process(work: &Work<'_>, record: &Record<'_>) -> Result<Done, Unfinished> {
    // The message is read inside the block, so that a panic while reading is caught as well.
    let read_and_attempt = async { attempt(work, record, intake::read(record.body, record.attributes)).await };
    let done = match AssertUnwindSafe(read_and_attempt).catch_unwind().await {
        Ok(result) => result?,
        Err(_) => failure::reject_after_panic(work.deps, record).await?,
    };
    if let Some(Rejection { code, message }) = done.rejection() {
        work.deps.queue.dead_letter(record, code, message).await?;
    }
    Ok(done)
}

async fn attempt(
    work: &Work<'_>,
    record: &Record<'_>,
    message: Result<ParsedMessage, IntakeError>,
) -> Result<Done, Unfinished> {
    let (org, call) = match &message {
        Ok(ParsedMessage::Call(call)) => (Some(&call.org_id), Some(&call.call_id)),
        Ok(ParsedMessage::Ignored { .. } | ParsedMessage::Objects(_)) => (None, None),
        Err(error) => (error.org_id.as_ref(), error.call_id.as_ref()),
    };
    Span::current().record("org_id", org.map(OrgId::as_str)).record("call_id", call.map(CallId::as_str));
    match message {
        Ok(ParsedMessage::Call(call)) => score(work, record, &work.deps.config.redaction().of_call(*call)).await,
        Ok(ParsedMessage::Ignored { format, reason }) => {
            let reason = work.deps.config.redaction().of_text(reason);
            tracing::info!(format, reason, "the message has no finished call");
            Ok(Done::Ignored)
        }
        // Boxed, because it recurses: a fetched object is worked on like a message.
        Ok(ParsedMessage::Objects(objects)) => Box::pin(fetch_all(work, record, objects)).await,
        Err(error) => failure::reject_message(work.deps, record, error).await,
    }
}

/// Works on the calls in these objects; usually a message names one. Each is worked on, whether or not others fail. The message comes
/// back as long as one of them is unfinished; those that are done are duplicates then. It moves to the dead-letter queue once all others
/// are done.
async fn fetch_all(work: &Work<'_>, record: &Record<'_>, objects: S3Objects) -> Result<Done, Unfinished> {
    let S3Objects { references, unreadable } = objects;
    if let ([object], []) = (&references[..], &unreadable[..]) {
        return fetch(work, record, object).await;
    }
    let number = references.len() + unreadable.len();
    let (mut rejections, mut unfinished) = (Vec::new(), None);
    for object in references {
        let span = tracing::info_span!("object", org_id = Empty, call_id = Empty);
        match finish(work, record, &object).instrument(span).await {
            Ok(Done::Rejected(rejection)) => rejections.push(rejection),
            Ok(done) => work.metrics.count(Ending::Done(done).metrics()),
            Err(cause) => unfinished = Some(cause),
        }
    }
    for error in unreadable {
        rejections.push(Rejection { code: error.code(), message: error.to_string() });
    }
    if let Some(cause) = unfinished {
        return Err(cause);
    }
    work.metrics.count(&vec![CallMetric::Failed; rejections.len()]);
    Ok(Done::Several(Rejection::of_several(&rejections, number)))
}

/// Works on the call in one of several objects and logs how that ended. The last failure of one that has to come back is recorded here,
/// because the message does not tell which of its calls failed.
async fn finish(work: &Work<'_>, record: &Record<'_>, object: &S3Reference) -> Result<Done, Unfinished> {
    let started = Instant::now();
    match fetch(work, record, object).await {
        Ok(done) => {
            let ending = Ending::Done(done.clone());
            ending.log(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
            Ok(done)
        }
        Err(cause) => {
            tracing::warn!(error = environment::chain(&cause), "one of several objects is unfinished");
            if record.attempts >= work.deps.config.max_receive_count.get() {
                failure::record_object_exhausted(work.deps, record, object, &cause).await;
            }
            Err(cause)
        }
    }
}

/// Fetches an object and works on the call in it. A panic fails this object and no other one of the message.
async fn fetch(work: &Work<'_>, record: &Record<'_>, object: &S3Reference) -> Result<Done, Unfinished> {
    let read_and_attempt = async {
        let read = match &work.deps.bucket {
            Some(bucket) => bucket.read(object, (work.deps.clock)()).await,
            None => Err(ObjectError::OtherBucket(object.bucket.clone())),
        };
        match read {
            Ok(message) => attempt(work, record, message).await,
            Err(error) => match error.code() {
                Some(code) => failure::reject_object(work.deps, record, object, code, error.to_string()).await,
                None => Err(Unfinished::Object(error)),
            },
        }
    };
    match AssertUnwindSafe(read_and_attempt).catch_unwind().await {
        Ok(result) => result,
        Err(_) => failure::reject_object_after_panic(work.deps, record, object).await,
    }
}

async fn score(work: &Work<'_>, record: &Record<'_>, call: &Call) -> Result<Done, Unfinished> {
    let deps = work.deps;
    if let Some(reason) = skip_reason(deps, call) {
        return skip(deps, record, call, reason).await;
    }
    match &deps.scorer {
        ActiveScorer::Embedded => score_embedded(deps, record, call).await,
        ActiveScorer::Llm { judge, .. } => LlmJob { work, judge, record, call }.score().await,
    }
}

/// Scores the call and stores the feedback. When a message comes back, a call of it that has feedback is not scored again.
async fn score_embedded(deps: &Deps, record: &Record<'_>, call: &Call) -> Result<Done, Unfinished> {
    if record.attempts > 1 && deps.store.find_feedback(&call.org_id, &call.call_id).await?.is_some() {
        return Ok(Done::Duplicate);
    }
    let started = Instant::now();
    let mut feedback = scoring::embedded_feedback(call, None);
    feedback.provenance.elapsed_ms = u64::try_from(started.elapsed().as_millis()).ok();
    let stored = StoredFeedback { feedback, created_at: (deps.clock)() };
    let result = deps.store.create_feedback(&call.org_id, &stored).await?;
    Ok(Done::stored(result, &stored.feedback))
}

/// Why the call is not scored, if there is a reason. A model also scores languages that the embedded scorer does not know.
fn skip_reason(deps: &Deps, call: &Call) -> Option<SkipReason> {
    let is_unsupported = matches!(deps.scorer, ActiveScorer::Embedded) && !embedded::supports(call);
    let by_language = is_unsupported.then_some(SkipReason::UnsupportedLanguage);
    scoring::skip_reason(call, deps.config.minimum_seconds).or(by_language)
}

async fn skip(deps: &Deps, record: &Record<'_>, call: &Call, reason: SkipReason) -> Result<Done, Unfinished> {
    let message = scoring::skip_message(reason, call, deps.config.minimum_seconds);
    let message = deps.config.redaction().of_text(message);
    let ids = CallIds::of(call);
    let outcome = ids.outcome(OutcomeKind::Skipped, reason.code(), message, record.attempts, (deps.clock)());
    Ok(match deps.store.record_outcome(&ids.org, &outcome).await? {
        RecordResult::Recorded | RecordResult::Unchanged => Done::Skipped,
        RecordResult::AlreadyScored => Done::Duplicate,
    })
}
