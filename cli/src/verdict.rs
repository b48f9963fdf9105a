//! What becomes of a call that is scored, whoever scores it, and how that is told.

use std::fmt;

use domain::{Call, Feedback, SkipReason};
use intake::Message;
use serde::Serialize;

use crate::arguments::ScoreArguments;
use crate::console::Console;
use crate::error::CommandError;
use crate::input_entry::InputEntry;
use crate::queue_message::{self, is_no_call};

/// What became of an entry.
pub(crate) enum Verdict {
    /// The feedback, as a line.
    Scored(String),
    /// What is said instead of a feedback, as a line and in words.
    Skipped { line: String, remark: String },
    /// What is wrong.
    Failed(String),
}

impl Verdict {
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

/// Says that the call is not scored, and why.
pub(crate) fn skipped(call: &Call, reason: SkipReason, min_seconds: f64) -> Verdict {
    let message = scoring::skip_message(reason, call, min_seconds);
    let skipped = Skipped { reason: reason.code(), message: &message };
    match serde_json::to_string(&SkippedLine { call_id: call.call_id.as_str(), skipped }) {
        Ok(line) => Verdict::Skipped { line, remark: format!("skipped ({reason}): {message}") },
        Err(error) => Verdict::Failed(error.to_string()),
    }
}

/// The call of that entry, redacted unless the operator wants it as it is; fails with what is wrong with it, or what it is
/// instead.
pub(crate) fn read_call(entry: &InputEntry, arguments: &ScoreArguments) -> Result<Call, String> {
    let text = entry.text.as_ref().map_err(ToString::to_string)?;
    let (message, _) =
        queue_message::read(text, arguments.input.org.as_ref(), None).map_err(|error| error.to_string())?;
    match message {
        Message::Call(call) => Ok(if arguments.redact { scoring::redact(*call) } else { *call }),
        other => Err(is_no_call(&other).unwrap_or_default()),
    }
}

/// How many calls were scored and skipped.
#[derive(Default)]
pub(crate) struct Scores {
    scored: usize,
    skipped: usize,
}

impl Scores {
    /// Tells what became of an entry and counts it; fails when standard output does.
    pub(crate) fn add(
        &mut self,
        console: &mut Console,
        entry: &InputEntry,
        verdict: Verdict,
    ) -> Result<(), CommandError> {
        match verdict {
            Verdict::Scored(line) => {
                self.scored += 1;
                console.result(&line)?;
            }
            Verdict::Skipped { line, remark } => {
                self.skipped += 1;
                console.result(&line)?;
                console.remark(&entry.location, remark);
            }
            Verdict::Failed(message) => console.error(&entry.location, message),
        }
        console.advance(entry);
        Ok(())
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scored {}, skipped {}", self.scored, self.skipped)
    }
}
