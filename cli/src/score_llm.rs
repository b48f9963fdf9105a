//! `score` with a language model: calls in, feedback out, in the same order, with several requests at a time.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use domain::{Call, Feedback};
use futures_util::StreamExt;
use judge::{Judge, JudgeError, JudgeErrorKind};
use tokio::time::Instant;

use crate::arguments::ScoreArguments;
use crate::console::Console;
use crate::error::{CommandError, chain};
use crate::input::InputSources;
use crate::input_entry::InputEntry;
use crate::score_result::{ScoreCounts, ScoreResult, read_call, skipped};

/// How many calls most providers let one client ask about at a time; the generator does the same.
const JOBS: usize = 10;
/// A call takes at most three requests and three more for the repair; the rest is for the backoff between them.
const REQUESTS_PER_CALL: u32 = 8;

/// A judge, and the time that one request may take.
struct LlmScorer {
    judge: Judge,
    timeout: Duration,
}

/// Scores all calls of the input. The code is 1 when one of them failed.
pub(crate) async fn run(arguments: &ScoreArguments) -> Result<ExitCode, CommandError> {
    let settings = ScoreArguments::model_settings().await.map_err(|error| CommandError::Usage(error.to_string()))?;
    let timeout = settings.timeout;
    let judge = Judge::new(settings).map_err(CommandError::unavailable("cannot ask a model"))?;
    let scorer = LlmScorer { judge, timeout };
    let sources = InputSources::of(&arguments.input.paths);
    let mut console = Console::of(&sources);
    let jobs = arguments.jobs.map_or(JOBS, NonZeroUsize::get);
    let mut work = pin!(sources.stream(jobs).map(|entry| scorer.score_entry(entry, arguments)).buffered(jobs));
    let mut counts = ScoreCounts::default();
    while let Some((entry, result)) = work.next().await {
        counts.add(&mut console, &entry, result)?;
        // A reader of the output should not have to wait for other calls, which may take a minute each.
        console.flush()?;
    }
    console.finish(counts)
}

impl LlmScorer {
    async fn score_entry(&self, entry: InputEntry, arguments: &ScoreArguments) -> (InputEntry, ScoreResult) {
        let result = match read_call(&entry, arguments) {
            Ok(call) => self.score_call(&call, arguments.min_seconds).await,
            Err(message) => ScoreResult::Failed(message),
        };
        (entry, result)
    }

    async fn score_call(&self, call: &Call, min_seconds: f64) -> ScoreResult {
        if let Some(reason) = scoring::skip_reason(call, min_seconds) {
            return skipped(call, reason, min_seconds);
        }
        match self.judge.assess(call, Instant::now() + self.timeout * REQUESTS_PER_CALL).await {
            Ok(judgement) => ScoreResult::scored(&Feedback::of(call, judgement.assessment, judgement.provenance)),
            Err(error) => ScoreResult::Failed(self.message(&error)),
        }
    }

    /// The message of an error. A model on one's own machine works on one call after the other, and the others wait.
    fn message(&self, error: &JudgeError) -> String {
        let message = format!("{}: {}", error.kind.code(), chain(error));
        if !matches!(error.kind, JudgeErrorKind::TimedOut) {
            return message;
        }
        let seconds = self.timeout.as_secs_f64();
        format!("{message} (LLM_TIMEOUT_SECONDS={seconds}; a model on your own machine may need more, and --jobs 1)")
    }
}
