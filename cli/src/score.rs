//! `score` by the embedded scorer: calls in, feedback out, in the same order, on all processors.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::process::ExitCode;
use std::thread;

use domain::{Call, SkipReason};

use crate::arguments::ScoreArguments;
use crate::console::Console;
use crate::error::CommandError;
use crate::explain;
use crate::input;
use crate::input_entry::InputEntry;
use crate::verdict::{Scores, Verdict, read_call, skipped};

/// How many calls a thread scores before their lines are written. Starting a thread costs as much as scoring a call or
/// two, and a reader of a slow input should not wait for many.
const CALLS_PER_SHARE: usize = 32;

/// Scores all calls of the input. The code is 1 when one of them failed.
pub(crate) fn run(arguments: &ScoreArguments) -> Result<ExitCode, CommandError> {
    let sources = input::sources(&arguments.input.paths);
    let mut console = Console::new(input::total_bytes(&sources));
    let mut entries = input::entries(sources);
    let jobs = arguments.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let mut scores = Scores::default();
    loop {
        let share: Vec<InputEntry> = entries.by_ref().take(jobs * CALLS_PER_SHARE).collect();
        if share.is_empty() {
            break;
        }
        for (entry, verdict) in share.iter().zip(verdicts(&share, jobs, arguments)) {
            scores.add(&mut console, entry, verdict)?;
        }
        console.flush()?;
    }
    console.finish(scores)
}

/// The verdicts on those entries, in their order.
fn verdicts(entries: &[InputEntry], jobs: usize, arguments: &ScoreArguments) -> Vec<Verdict> {
    let judge_all = |part: &[InputEntry]| part.iter().map(|entry| verdict(entry, arguments)).collect::<Vec<_>>();
    thread::scope(|scope| {
        let parts = entries.chunks(entries.len().div_ceil(jobs).max(1));
        let workers: Vec<_> = parts.map(|part| scope.spawn(move || judge_all(part))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

fn verdict(entry: &InputEntry, arguments: &ScoreArguments) -> Verdict {
    read_call(entry, arguments).map_or_else(Verdict::Failed, |call| judged(&call, arguments))
}

fn judged(call: &Call, arguments: &ScoreArguments) -> Verdict {
    let unsupported = || {
        let is_supported = scoring::embedded::supports(call);
        (!is_supported).then_some(SkipReason::UnsupportedLanguage)
    };
    match scoring::skip_reason(call, arguments.min_seconds).or_else(unsupported) {
        Some(reason) => skipped(call, reason, arguments.min_seconds),
        None if arguments.explain => Verdict::Scored(explain::text(call)),
        // What was measured of the scoring would differ from run to run.
        None => Verdict::scored(&scoring::embedded_feedback(call, None)),
    }
}
