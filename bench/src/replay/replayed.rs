//! Judges calls with recorded answers.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::CallId;
use environment::chain;
use judge::{BuildError, Judge, Settings, SettingsError};
use serde_json::Value;
use test_support::{StubServer, chat_completion, response};
use tokio::time::Instant;

use super::RecordedAnswers;
use crate::calls::{RatedCall, ScoredCall};
use crate::error::DatasetError;

/// How long the judge may take for a call. The answers are there, so it takes milliseconds.
const DEADLINE: Duration = Duration::from_secs(20);
/// What is wrong with a call whose answer has no repair.
const UNREPAIRED: &str = "sent back, and no answer to that is recorded";

/// Why no call can be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A recorded answer cannot be read.
    #[error("cannot replay the recorded answers")]
    Answers(#[from] DatasetError),
    /// The judge does not take the address of the server on this machine.
    #[error("cannot ask the server of recorded answers")]
    Settings(#[from] SettingsError),
    /// There is no judge on this machine.
    #[error("cannot judge on this machine")]
    Judge(#[from] BuildError),
}

/// A first answer that the judge sends back.
#[derive(Debug, Clone)]
pub struct SentBack<'c> {
    /// The call that it is about.
    pub rated: &'c RatedCall,
    /// What the model is told of it.
    pub message: String,
    /// The schema of the answer to that.
    pub schema: Value,
    /// Whether an answer to that is recorded. Without one, the judge keeps what it can of the first.
    pub is_answered: bool,
}

/// What the judge makes of calls with recorded answers.
#[derive(Debug)]
pub struct Replay<'c> {
    /// The calls that were judged.
    pub scored: Vec<ScoredCall<'c>>,
    /// The first answers that were sent back.
    pub sent_back: Vec<SentBack<'c>>,
    /// The calls that no answer is recorded about.
    pub unanswered: Vec<&'c RatedCall>,
    /// The calls whose answers cannot be stored, with the reason.
    pub failed: Vec<(&'c CallId, String)>,
    /// The hash of the prompt that the judge asks with.
    pub prompt_sha256: String,
    /// That of the prompt that was answered, if the recording states it.
    pub recorded_sha256: Option<String>,
}

impl Replay<'_> {
    /// What is missing and what went wrong, a line for each call that it happened to.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let unanswered =
            self.unanswered.iter().map(|rated| format!("not judged: {}: no recorded answer", rated.call.call_id));
        let failed = self.failed.iter().map(|(call, reason)| format!("not judged: {call}: {reason}"));
        let is_failed = |call: &CallId| self.failed.iter().any(|(failed, _)| *failed == call);
        let unrepaired = self.sent_back.iter().filter(|one| !one.is_answered).map(|one| &one.rated.call.call_id);
        let unrepaired = unrepaired
            .filter(|call| !is_failed(call))
            .map(|call| format!("judged without a repair: {call}: {UNREPAIRED}"));
        unanswered.chain(failed).chain(unrepaired).collect()
    }
}

impl fmt::Display for Replay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unrepaired = self.sent_back.iter().filter(|one| !one.is_answered).count();
        writeln!(
            f,
            "replayed: {} judged, {} sent back ({unrepaired} without a recorded answer to that), {} not judged, \
             {} without a recorded answer",
            self.scored.len(),
            self.sent_back.len(),
            self.failed.len(),
            self.unanswered.len(),
        )?;
        if self.recorded_sha256.as_ref() == Some(&self.prompt_sha256) {
            Ok(())
        } else {
            writeln!(f, "the answers are to another prompt than the judge's of today")
        }
    }
}

/// Judges the calls, one after the other in their order, with the recorded answers. Fails when an answer cannot be read
/// or this machine has no judge.
pub async fn replay<'c>(calls: &'c [RatedCall], answers: &RecordedAnswers) -> Result<Replay<'c>, ReplayError> {
    let model = RecordedModel::start();
    let judge = model.judge()?;
    let mut replay = Replay {
        scored: Vec::new(),
        sent_back: Vec::new(),
        unanswered: Vec::new(),
        failed: Vec::new(),
        prompt_sha256: judge.prompt_sha256().to_owned(),
        recorded_sha256: answers.prompt_sha256()?,
    };
    for rated in calls {
        let recorded = answers.about(&rated.call.call_id)?;
        if recorded.is_empty() {
            replay.unanswered.push(rated);
            continue;
        }
        let is_answered = recorded.len() > 1;
        model.answer_with(recorded);
        let judged = judge.assess(&rated.call, Instant::now() + DEADLINE).await;
        let repair = model.repair();
        match judged {
            Ok(judgement) => replay.scored.push(ScoredCall { rated, assessment: judgement.assessment }),
            // The error would be that of a server that has no more answers.
            Err(_) if repair.is_some() && !is_answered => {
                replay.failed.push((&rated.call.call_id, UNREPAIRED.to_owned()));
            }
            Err(error) => replay.failed.push((&rated.call.call_id, chain(&error))),
        }
        replay.sent_back.extend(repair.map(|(message, schema)| SentBack { rated, message, schema, is_answered }));
    }
    Ok(replay)
}

/// The judge that asks a model on this machine, with default settings. Fails when this machine has none.
pub(super) fn judge_at(address: &str) -> Result<Judge, ReplayError> {
    let lookup = |name: &str| match name {
        "LLM_BASE_URL" => Some(format!("http://{address}/v1")),
        "LLM_MODEL" => Some("recorded".to_owned()),
        _ => None,
    };
    Ok(Judge::new(Settings::from_lookup(lookup)?)?)
}

/// A model's server that gives recorded answers, one after the other, and refuses when there are no more.
struct RecordedModel {
    answers: Arc<Mutex<VecDeque<String>>>,
    server: StubServer,
}

impl RecordedModel {
    fn start() -> Self {
        let answers: Arc<Mutex<VecDeque<String>>> = Arc::default();
        let left = Arc::clone(&answers);
        let server = StubServer::start(move |_| {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            // An error that is not asked about again.
            let refused = || response(400, "", "{}");
            Some(next.map_or_else(refused, |answer| response(200, "", chat_completion(&answer).to_string())))
        });
        Self { answers, server }
    }

    fn judge(&self) -> Result<Judge, ReplayError> {
        judge_at(self.server.address())
    }

    /// Gives these answers from now on.
    fn answer_with(&self, answers: Vec<String>) {
        *self.answers.lock().unwrap_or_else(PoisonError::into_inner) = answers.into();
    }

    /// What it was told when the answer was sent back, if it was, and the schema that it was to answer in. Forgets what
    /// it was asked.
    fn repair(&self) -> Option<(String, Value)> {
        let request: Value = serde_json::from_str(&self.server.rest().get(1)?.body).ok()?;
        let message = request.pointer("/messages")?.as_array()?.last()?.get("content")?.as_str()?.to_owned();
        Some((message, request.pointer("/response_format/json_schema/schema")?.clone()))
    }
}
