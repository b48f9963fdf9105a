//! Why a command ended early. What is wrong with a single call is not here: it is reported and the command goes on.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::interrupt::Interrupt;
use crate::token_text::without_secrets;

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// The command line or the settings are wrong.
    #[error("{0}")]
    Usage(String),
    /// Standard output cannot be written.
    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
    /// Something that the command needs did not respond, or refused.
    #[error("{doing}")]
    Unavailable {
        /// What could not be done, such as `cannot list tokens`.
        doing: String,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A signal came before everything was done.
    #[error("interrupted by {interrupt}: {told}")]
    Interrupted {
        /// Which signal.
        interrupt: Interrupt,
        /// Where to go on.
        told: String,
    },
    /// The command cannot be carried out: something does not exist, or exists already.
    #[error("{0}")]
    Refused(String),
}

impl CommandError {
    /// Turns an error into [`CommandError::Unavailable`]; for `map_err`.
    pub(crate) fn unavailable<E: Error + Send + Sync + 'static>(doing: impl Into<String>) -> impl FnOnce(E) -> Self {
        |source| Self::Unavailable { doing: doing.into(), source: Box::new(source) }
    }

    /// Writes to standard error what happened and returns the exit code. A reader of standard output that has seen enough
    /// (`head`) is no error.
    pub(crate) fn report(&self) -> ExitCode {
        if matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        // If standard error cannot be written, there is nowhere left to say so.
        let _ = writeln!(io::stderr(), "error: {}", without_secrets(&chain(self)));
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Interrupted { interrupt, .. } => ExitCode::from(interrupt.exit_code()),
            Self::Output(_) | Self::Unavailable { .. } | Self::Refused(_) => ExitCode::FAILURE,
        }
    }
}

/// The messages of an error and of its causes, outermost first. A message that only repeats the one before is left out.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    let mut texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.dedup();
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_reported_with_its_causes() {
        let cause = io::Error::other(io::Error::other("connection refused"));
        let error = CommandError::unavailable("cannot list tokens")(cause);
        assert_eq!(chain(&error), "cannot list tokens: connection refused");
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_no_error() {
        let code = |error: CommandError| format!("{:?}", error.report());
        assert_eq!(code(CommandError::Output(io::ErrorKind::BrokenPipe.into())), format!("{:?}", ExitCode::SUCCESS));
        assert_eq!(code(CommandError::Output(io::ErrorKind::StorageFull.into())), format!("{:?}", ExitCode::FAILURE));
        assert_eq!(code(CommandError::Usage("no queue".to_owned())), format!("{:?}", ExitCode::from(2)));
    }
}
