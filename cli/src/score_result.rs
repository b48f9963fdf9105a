//! The result of scoring one call, with either scorer, and how it is printed.

use std::fmt;

use domain::{Call, Feedback, SkipReason};
use intake::ParsedMessage;
use serde::Serialize;

use crate::arguments::ScoreArguments;
use crate::console::Console;
use crate::error::CommandError;
use crate::input_entry::InputEntry;
use crate::queue_message::{self, is_no_call};

/// What became of one entry.
pub(crate) enum ScoreResult {
    /// The feedback, as a line.
    Scored(String),
    /// The line that is printed instead of a feedback, and a remark for standard error.
    Skipped { line: String, remark: String },
    /// What is wrong.
    Failed(String),
}

impl ScoreResult {
    /// The feedback, written as a line.
    pub(crate) fn scored(feedback: &Feedback) -> Self {
        serde_json::to_string(feedback).map_or_else(|error| Self::Failed(error.to_string()), Self::Scored)
    }
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

/// The result of a call that is not scored, with the reason.
pub(crate) fn skipped(call: &Call, reason: SkipReason, min_seconds: f64) -> ScoreResult {
    let message = scoring::skip_message(reason, call, min_seconds);
    let skipped = Skipped { reason: reason.code(), message: &message };
    match serde_json::to_string(&SkippedLine { call_id: call.call_id.as_str(), skipped }) {
        Ok(line) => ScoreResult::Skipped { line, remark: format!("skipped ({reason}): {message}") },
        Err(error) => ScoreResult::Failed(error.to_string()),
    }
}

/// The call of that entry, redacted unless the operator has switched that off; fails with what is wrong with the entry, or what
/// it is instead of a call.
pub(crate) fn read_call(entry: &InputEntry, arguments: &ScoreArguments) -> Result<Call, String> {
    let text = entry.text.as_ref().map_err(ToString::to_string)?;
    let (message, _) =
        queue_message::read(text, arguments.input.org.as_ref(), None).map_err(|error| error.to_string())?;
    match message {
        ParsedMessage::Call(call) => Ok(arguments.redaction().of_call(*call)),
        other => Err(is_no_call(&other).unwrap_or_default()),
    }
}

/// How many calls were scored and skipped.
#[derive(Default)]
pub(crate) struct ScoreCounts {
    scored: usize,
    skipped: usize,
}

impl ScoreCounts {
    /// Prints the result of an entry and counts it; fails when standard output does.
    pub(crate) fn add(
        &mut self,
        console: &mut Console,
        entry: &InputEntry,
        result: ScoreResult,
    ) -> Result<(), CommandError> {
        match result {
            ScoreResult::Scored(line) => {
                self.scored += 1;
                console.result(&line)?;
            }
            ScoreResult::Skipped { line, remark } => {
                self.skipped += 1;
                console.result(&line)?;
                console.remark(&entry.location, remark);
            }
            ScoreResult::Failed(message) => console.error(&entry.location, message),
        }
        console.advance(entry);
        Ok(())
    }
}

impl fmt::Display for ScoreCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scored {}, skipped {}", self.scored, self.skipped)
    }
}
