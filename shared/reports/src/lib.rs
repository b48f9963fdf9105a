//! Reports errors to Sentry when `SENTRY_DSN` is set: everything that the project logs at level `error`, and every panic.
//! Handlers only log.
//!
//! **Invariant:** reports do not change a function's response and delay it by at most [`FLUSH_TIMEOUT`]. They are sent before the
//! response, because Lambda freezes the process after it; without an error nothing is sent.
//!
//! **Invariant:** a report contains only what the lists in `capture.rs` name: no transcript, quote, token, key or header.

use std::error::Error;
use std::panic::{self, AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use environment::VariableError;
use futures_util::FutureExt;
use sentry_types::Dsn;

mod capture;
mod outbox;
mod rate_limit;
#[cfg(test)]
mod tests;

use crate::capture::Capture;
use crate::outbox::Outbox;

/// How long sending reports may delay a response.
pub const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

const DSN: &str = "SENTRY_DSN";
const ENVIRONMENT: &str = "SENTRY_ENVIRONMENT";

/// Error reporting of a process; does nothing without `SENTRY_DSN`.
#[derive(Debug)]
pub struct Reports {
    outbox: Option<Arc<Outbox>>,
}

impl Reports {
    /// Starts the log, as [`environment::start_log`] does, and error reporting when `SENTRY_DSN` is set; reports have
    /// `SENTRY_ENVIRONMENT` and the function's name. Fails when `SENTRY_DSN` is invalid, without showing it: that is noticed at
    /// deployment and not at the first error.
    pub fn start(variable: impl Fn(&str) -> Option<String>) -> Result<Self, VariableError> {
        let outbox = outbox(&variable)?.map(Arc::new);
        environment::start_log(variable, outbox.clone().map(Capture::new));
        if let Some(outbox) = outbox.clone().filter(|_| cfg!(panic = "abort")) {
            flush_on_panic(outbox);
        }
        Ok(Self { outbox })
    }

    /// Does the work of an invocation, then sends the errors captured meanwhile.
    pub fn flush_after<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = T> {
        // On the heap: this future would contain the handler's state, which has kilobytes, more than once.
        let work = Box::pin(AssertUnwindSafe(work).catch_unwind());
        async {
            let result = work.await;
            if let Some(outbox) = &self.outbox {
                outbox.flush().await;
            }
            result.unwrap_or_else(|panic| resume_unwind(panic))
        }
    }
}

/// Logs the error that keeps a function from starting, and returns the result. The error is reported when the process ends.
pub fn log_start_error<T, E: Error + 'static>(result: Result<T, E>) -> Result<T, E> {
    result.inspect_err(|error| tracing::error!(error = environment::chain(error), "the function cannot start"))
}

/// Errors outside of an invocation, such as at the start, are sent when the process ends.
impl Drop for Reports {
    fn drop(&mut self) {
        if let Some(outbox) = &self.outbox {
            flush_now(outbox);
        }
    }
}

fn outbox(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Outbox>, VariableError> {
    let Some(text) = variable(DSN).filter(|text| !text.is_empty()) else { return Ok(None) };
    let dsn: Dsn = text.parse().map_err(|error: sentry_types::ParseDsnError| {
        let reason = format!("it is not a DSN: {error}");
        VariableError::Invalid { name: DSN, value: "not shown".to_owned(), reason }
    })?;
    Ok(Some(Outbox::new(dsn, variable("AWS_LAMBDA_FUNCTION_NAME"), variable(ENVIRONMENT))))
}

/// Where a panic aborts the process, only the hook can send it. Where it unwinds, the hook must not delay the other calls of the
/// batch, and [`Reports::flush_after`] sends it.
fn flush_on_panic(outbox: Arc<Outbox>) {
    let log = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        log(panic);
        flush_now(&outbox);
    }));
}

/// Sends the captured errors without the process's own runtime, on a thread. Returns after [`FLUSH_TIMEOUT`] at the latest.
fn flush_now(outbox: &Arc<Outbox>) {
    if outbox.is_empty() {
        return;
    }
    let outbox = Arc::clone(outbox);
    let (done, finished) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = &runtime {
            runtime.block_on(outbox.flush());
        }
        // Fails when the receiver has timed out.
        let _ = done.send(());
    });
    // The process ends in any case.
    let _ = finished.recv_timeout(FLUSH_TIMEOUT);
}
