//! `score` with the embedded scorer: calls in, feedback out, in the same order, on all processors.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::process::ExitCode;
use std::thread;

use domain::{Call, SkipReason};

use crate::arguments::ScoreArguments;
use crate::console::Console;
use crate::error::CommandError;
use crate::explain;
use crate::input::InputSources;
use crate::input_entry::InputEntry;
use crate::score_result::{ScoreCounts, ScoreResult, read_call, skipped};

/// How many calls a thread scores before their lines are written. Starting a thread costs as much as scoring a call or
/// two, and a reader of a slow input should not wait for many.
const CALLS_PER_THREAD: usize = 32;

/// How many bytes of calls are held before they are scored, but for the last call: long calls keep the threads busy
/// with fewer.
const BYTES_HELD: usize = 4 << 20;

/// Scores all calls of the input. The code is 1 when one of them failed.
pub(crate) fn run(arguments: &ScoreArguments) -> Result<ExitCode, CommandError> {
    let sources = InputSources::of(&arguments.input.paths);
    let mut console = Console::of(&sources);
    let mut entries = sources.entries();
    let jobs = arguments.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let mut counts = ScoreCounts::default();
    loop {
        let chunk = next_chunk(&mut entries, jobs * CALLS_PER_THREAD);
        if chunk.is_empty() {
            break;
        }
        for (entry, result) in chunk.iter().zip(score_all(&chunk, jobs, arguments)) {
            counts.add(&mut console, entry, result)?;
        }
        console.flush()?;
    }
    console.finish(counts)
}

/// The next entries: at most that many, and no more after [`BYTES_HELD`].
fn next_chunk(entries: &mut impl Iterator<Item = InputEntry>, most: usize) -> Vec<InputEntry> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    while chunk.len() < most && bytes < BYTES_HELD {
        let Some(entry) = entries.next() else { break };
        bytes += entry.text.as_ref().map_or(0, String::len);
        chunk.push(entry);
    }
    chunk
}

/// The results of those entries, in their order.
fn score_all(entries: &[InputEntry], jobs: usize, arguments: &ScoreArguments) -> Vec<ScoreResult> {
    let score_part = |part: &[InputEntry]| part.iter().map(|entry| score_entry(entry, arguments)).collect::<Vec<_>>();
    thread::scope(|scope| {
        let parts = entries.chunks(entries.len().div_ceil(jobs).max(1));
        let workers: Vec<_> = parts.map(|part| scope.spawn(move || score_part(part))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

fn score_entry(entry: &InputEntry, arguments: &ScoreArguments) -> ScoreResult {
    read_call(entry, arguments).map_or_else(ScoreResult::Failed, |call| score_call(&call, arguments))
}

fn score_call(call: &Call, arguments: &ScoreArguments) -> ScoreResult {
    let unsupported = || {
        let is_supported = scoring::embedded::supports(call);
        (!is_supported).then_some(SkipReason::UnsupportedLanguage)
    };
    match scoring::skip_reason(call, arguments.min_seconds).or_else(unsupported) {
        Some(reason) => skipped(call, reason, arguments.min_seconds),
        None if arguments.explain => ScoreResult::Scored(explain::text(call)),
        // Without the elapsed time, which would differ from run to run.
        None => ScoreResult::scored(&scoring::embedded_feedback(call, None)),
    }
}
