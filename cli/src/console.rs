//! What the operator sees while calls are processed: results on standard output, everything else on standard error.
//!
//! **Invariant:** standard output holds results only. The progress bar is drawn on standard error, and only when that is a
//! terminal.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::error::CommandError;
use crate::input::InputSources;
use crate::input_entry::{InputEntry, InputLocation};
use crate::token_text::without_secrets;

/// Standard output, standard error and the progress bar, with the number of calls that failed.
pub(crate) struct Console {
    output: BufWriter<StdoutLock<'static>>,
    output_is_terminal: bool,
    bar: ProgressBar,
    failed: usize,
    /// What the sources leave out, for the end.
    left_out: Option<String>,
}

impl Console {
    /// The console for that input.
    pub(crate) fn of(input: &InputSources) -> Self {
        let total_bytes = input.total_bytes();
        let bar = ProgressBar::with_draw_target(total_bytes, ProgressDrawTarget::stderr());
        let template = match total_bytes {
            Some(_) => "{wide_bar} {bytes}/{total_bytes} {eta}",
            None => "{spinner} {bytes} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let output = io::stdout().lock();
        let left_out = (!input.left_out.is_nothing()).then(|| input.left_out.to_string());
        Self { output_is_terminal: output.is_terminal(), output: BufWriter::new(output), bar, failed: 0, left_out }
    }

    /// Writes a line of results; fails when standard output does.
    pub(crate) fn result(&mut self, line: &str) -> Result<(), CommandError> {
        let Self { output, bar, .. } = self;
        let written = if self.output_is_terminal {
            bar.suspend(|| writeln!(output, "{line}").and_then(|()| output.flush()))
        } else {
            writeln!(output, "{line}")
        };
        written.map_err(CommandError::Output)
    }

    /// Writes a remark about an entry to standard error.
    pub(crate) fn remark(&self, location: &InputLocation, message: impl Display) {
        self.write_error_line(format_args!("{location}: {message}"));
    }

    /// Writes to standard error what is wrong with an entry, and counts it.
    pub(crate) fn error(&mut self, location: &InputLocation, message: impl Display) {
        self.failed += 1;
        self.remark(location, message);
    }

    /// Counts an entry as done.
    pub(crate) fn advance(&self, entry: &InputEntry) {
        // White space between entries is not counted, so the bar is approximate.
        self.bar.inc(entry.text.as_ref().map_or(0, |text| text.len() as u64));
    }

    /// Passes the lines so far on to a waiting reader; fails when standard output does.
    pub(crate) fn flush(&mut self) -> Result<(), CommandError> {
        self.output.flush().map_err(CommandError::Output)
    }

    /// Writes what was left out and a summary to standard error, and returns the exit code; fails when standard output
    /// does.
    pub(crate) fn finish(mut self, done: impl Display) -> Result<ExitCode, CommandError> {
        self.flush()?;
        self.bar.finish_and_clear();
        if let Some(left_out) = &self.left_out {
            self.write_error_line(left_out);
        }
        self.write_error_line(format_args!("{done}, failed {}", self.failed));
        Ok(if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn write_error_line(&self, line: impl Display) {
        // If standard error cannot be written, there is nowhere left to say so.
        let _ = self.bar.suspend(|| writeln!(io::stderr(), "{}", without_secrets(&line.to_string())));
    }
}
