//! `score` by a model: calls in, feedback out, in the same order, several of them asked about at once.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use domain::{Call, Feedback};
use futures_util::{Stream, StreamExt, stream};
use judge::Judge;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::arguments::ScoreArguments;
use crate::console::Console;
use crate::error::{CommandError, chain};
use crate::input::{self, InputSource};
use crate::input_entry::InputEntry;
use crate::verdict::{Scores, Verdict, read_call, skipped};

/// What most providers let one client do at once, and what the generator does.
const JOBS: usize = 10;
/// A question and its repair, each asked as often as it is asked, with the pauses between.
const REQUESTS_PER_CALL: u32 = 8;

/// A model, and the time it has for a call.
struct Bench {
    judge: Judge,
    time: Duration,
}

/// Has all calls of the input judged. The code is 1 when one of them failed.
pub(crate) async fn run(arguments: &ScoreArguments) -> Result<ExitCode, CommandError> {
    let settings = ScoreArguments::model_settings().map_err(|error| CommandError::Usage(error.to_string()))?;
    let time = settings.timeout * REQUESTS_PER_CALL;
    let bench = Bench { judge: Judge::new(settings).map_err(CommandError::unavailable("cannot ask a model"))?, time };
    let sources = input::sources(&arguments.input.paths);
    let mut console = Console::new(input::total_bytes(&sources));
    let jobs = arguments.jobs.map_or(JOBS, NonZeroUsize::get);
    let mut work = pin!(entries(sources, jobs).map(|entry| bench.judged(entry, arguments)).buffered(jobs));
    let mut scores = Scores::default();
    while let Some((entry, verdict)) = work.next().await {
        scores.add(&mut console, &entry, verdict)?;
        // A reader should not wait for calls that take a minute each.
        console.flush()?;
    }
    console.finish(scores)
}

/// The entries, read beside the work: waiting for the next line of a slow input must not keep an answer waiting.
fn entries(sources: Vec<InputSource>, ahead: usize) -> impl Stream<Item = InputEntry> {
    let (sender, mut receiver) = mpsc::channel(ahead);
    thread::spawn(move || input::entries(sources).try_for_each(|entry| sender.blocking_send(entry)));
    stream::poll_fn(move |context| receiver.poll_recv(context))
}

impl Bench {
    async fn judged(&self, entry: InputEntry, arguments: &ScoreArguments) -> (InputEntry, Verdict) {
        let verdict = match read_call(&entry, arguments) {
            Ok(call) => self.verdict(&call, arguments.min_seconds).await,
            Err(message) => Verdict::Failed(message),
        };
        (entry, verdict)
    }

    async fn verdict(&self, call: &Call, min_seconds: f64) -> Verdict {
        if let Some(reason) = scoring::skip_reason(call, min_seconds) {
            return skipped(call, reason, min_seconds);
        }
        match self.judge.assess(call, Instant::now() + self.time).await {
            Ok(verdict) => Verdict::scored(&Feedback::of(call, verdict.assessment, verdict.provenance)),
            Err(error) => Verdict::Failed(format!("{}: {}", error.kind.code(), chain(&error))),
        }
    }
}
