//! The signals with which a program is asked to end, by a person (Ctrl-C) or by the system.

use std::fmt;
use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// A signal to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interrupt {
    /// SIGINT, which Ctrl-C sends.
    Int,
    /// SIGTERM, which the system sends.
    Term,
}

impl Interrupt {
    /// The exit code of a program that it has ended: 128 and the signal's number.
    pub(crate) const fn exit_code(self) -> u8 {
        match self {
            Self::Int => 130,
            Self::Term => 143,
        }
    }
}

impl fmt::Display for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Int => "SIGINT",
            Self::Term => "SIGTERM",
        })
    }
}

/// What waits for these signals. From now on they do not end the program by themselves.
pub(crate) struct Interrupts {
    int: Signal,
    term: Signal,
}

impl Interrupts {
    /// Waits for the signals from now on; fails when the system does not allow it.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { int: signal(SignalKind::interrupt())?, term: signal(SignalKind::terminate())? })
    }

    /// The result of the work, or the signal that came before it was done: then it is left as it is.
    pub(crate) async fn or<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Interrupt> {
        tokio::select! {
            biased;
            Some(()) = self.int.recv() => Err(Interrupt::Int),
            Some(()) = self.term.recv() => Err(Interrupt::Term),
            done = work => Ok(done),
        }
    }
}
