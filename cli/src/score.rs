//! `score`: calls in, feedback out, in the same order, without AWS.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::process::ExitCode;
use std::thread;

use domain::{Call, OrgId, SkipReason};
use serde::Serialize;

use crate::arguments::ScoreArguments;
use crate::entry::Entry;
use crate::explain;
use crate::failure::Failure;
use crate::input;
use crate::message;
use crate::report::Report;

/// How many calls a thread scores before their lines are written. Starting a thread costs as much as scoring a call or
/// two, and a reader of a slow input should not wait for many.
const CALLS_PER_SHARE: usize = 32;

/// What became of an entry.
enum Verdict {
    /// The feedback, as a line.
    Scored(String),
    /// What is said instead of a feedback, as a line and in words.
    Skipped { line: String, remark: String },
    /// What is wrong.
    Failed(String),
}

/// The line of a call that is not scored.
#[derive(Serialize)]
struct SkippedLine<'a> {
    call_id: &'a str,
    skipped: Skipped<'a>,
}

#[derive(Serialize)]
struct Skipped<'a> {
    reason: &'a str,
    message: &'a str,
}

/// Scores all calls of the input. The code is 1 when one of them failed.
pub(crate) fn run(arguments: &ScoreArguments) -> Result<ExitCode, Failure> {
    let sources = input::sources(&arguments.input.paths);
    let mut report = Report::new(input::total_bytes(&sources));
    let mut entries = input::entries(sources);
    let jobs = arguments.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let (mut scored, mut skipped) = (0_usize, 0_usize);
    loop {
        let share: Vec<Entry> = entries.by_ref().take(jobs * CALLS_PER_SHARE).collect();
        if share.is_empty() {
            break;
        }
        for (entry, verdict) in share.iter().zip(verdicts(&share, jobs, arguments)) {
            match verdict {
                Verdict::Scored(line) => {
                    scored += 1;
                    report.result(&line)?;
                }
                Verdict::Skipped { line, remark } => {
                    skipped += 1;
                    report.result(&line)?;
                    report.remark(&entry.place, remark);
                }
                Verdict::Failed(message) => report.failure(&entry.place, message),
            }
            report.advance(entry);
        }
        report.flush()?;
    }
    report.finish(format_args!("scored {scored}, skipped {skipped}"))
}

/// The verdicts on those entries, in their order.
fn verdicts(entries: &[Entry], jobs: usize, arguments: &ScoreArguments) -> Vec<Verdict> {
    let judge = |entry: &Entry| verdict(entry, arguments.input.org.as_ref(), arguments.min_seconds, arguments.explain);
    let judge_all = |part: &[Entry]| part.iter().map(judge).collect::<Vec<_>>();
    thread::scope(|scope| {
        let parts = entries.chunks(entries.len().div_ceil(jobs).max(1));
        let workers: Vec<_> = parts.map(|part| scope.spawn(move || judge_all(part))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

fn verdict(entry: &Entry, default_org: Option<&OrgId>, min_seconds: f64, explained: bool) -> Verdict {
    let read = |text: &String| match message::read_call(text, default_org) {
        Ok((call, _)) => {
            judged(&call, min_seconds, explained).unwrap_or_else(|error| Verdict::Failed(error.to_string()))
        }
        Err(error) => Verdict::Failed(error.to_string()),
    };
    entry.text.as_ref().map_or_else(|error| Verdict::Failed(error.to_string()), read)
}

fn judged(call: &Call, min_seconds: f64, explained: bool) -> Result<Verdict, serde_json::Error> {
    let unsupported = || {
        let is_supported = scoring::embedded::supports(call);
        (!is_supported).then_some(SkipReason::UnsupportedLanguage)
    };
    let Some(reason) = scoring::skip_reason(call, min_seconds).or_else(unsupported) else {
        if explained {
            return Ok(Verdict::Scored(explain::text(call)));
        }
        // What was measured of the scoring would differ from run to run.
        return serde_json::to_string(&scoring::embedded_feedback(call, None)).map(Verdict::Scored);
    };
    let message = scoring::skip_message(reason, call, min_seconds);
    let skipped = Skipped { reason: reason.code(), message: &message };
    let line = serde_json::to_string(&SkippedLine { call_id: call.call_id.as_str(), skipped })?;
    Ok(Verdict::Skipped { line, remark: format!("skipped ({reason}): {message}") })
}
