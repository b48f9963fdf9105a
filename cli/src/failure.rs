//! Why a command could not do its work at all, in contrast to single calls that fail.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command was asked for in a way that cannot work.
    #[error("{0}")]
    Usage(String),
    /// Standard output cannot be written.
    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
    /// Something that the command needs did not answer or refused.
    #[error("{doing}")]
    Unavailable {
        /// What was tried, such as `cannot list tokens`.
        doing: String,
        /// What came of it.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// What is asked cannot be done as things are: something does not exist, or does already.
    #[error("{0}")]
    Refused(String),
}

impl Failure {
    /// Turns an error into [`Failure::Unavailable`]; for `map_err`.
    pub(crate) fn of<E: Error + Send + Sync + 'static>(doing: impl Into<String>) -> impl FnOnce(E) -> Self {
        |source| Self::Unavailable { doing: doing.into(), source: Box::new(source) }
    }

    /// Says on standard error what happened, and with which code to exit. A reader of standard output that has seen
    /// enough (`head`) is no failure.
    pub(crate) fn report(&self) -> ExitCode {
        if matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        // There is nowhere left to say that standard error cannot be written.
        let _ = writeln!(io::stderr(), "error: {}", chain(self));
        if matches!(self, Self::Usage(_)) { ExitCode::from(2) } else { ExitCode::FAILURE }
    }
}

/// An error and all that caused it, outermost first. What only repeats its cause is left out.
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
    fn a_failure_is_told_with_its_causes() {
        let cause = io::Error::other(io::Error::other("connection refused"));
        let failure = Failure::of("cannot list tokens")(cause);
        assert_eq!(chain(&failure), "cannot list tokens: connection refused");
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_no_failure() {
        let code = |failure: Failure| format!("{:?}", failure.report());
        assert_eq!(code(Failure::Output(io::ErrorKind::BrokenPipe.into())), format!("{:?}", ExitCode::SUCCESS));
        assert_eq!(code(Failure::Output(io::ErrorKind::StorageFull.into())), format!("{:?}", ExitCode::FAILURE));
        assert_eq!(code(Failure::Usage("no queue".to_owned())), format!("{:?}", ExitCode::from(2)));
    }
}
