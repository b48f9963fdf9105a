//! The errors of a function, on their way to Sentry when `SENTRY_DSN` is set: whatever the project logs at level `error`, and
//! every panic. Handlers know nothing of it; they log.
//!
//! **Invariant:** nothing here changes what a function answers, and nothing delays an answer by more than [`LIMIT`]. What is
//! captured is sent before the answer, because Lambda freezes the process after it; without an error nothing is sent at all.
//!
//! **Invariant:** a report holds what the lists in `capture.rs` name and nothing else: no transcript, quote, token, key or header.

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

/// How much later an answer may come because Sentry is told of an error.
pub const LIMIT: Duration = Duration::from_millis(500);

const DSN: &str = "SENTRY_DSN";
const ENVIRONMENT: &str = "SENTRY_ENVIRONMENT";

/// The reports of a process; none without `SENTRY_DSN`.
#[derive(Debug)]
pub struct Reports {
    outbox: Option<Arc<Outbox>>,
}

impl Reports {
    /// Starts the log, as [`environment::start_log`] does, and the reports when `SENTRY_DSN` asks for them; they show
    /// `SENTRY_ENVIRONMENT` and the function's name. Fails when `SENTRY_DSN` is no DSN, without showing it: like any other variable it
    /// is refused at deployment, and not found out at the first error.
    pub fn start(variable: impl Fn(&str) -> Option<String>) -> Result<Self, VariableError> {
        let outbox = outbox(&variable)?.map(Arc::new);
        environment::start_log(variable, outbox.clone().map(Capture::new));
        if let Some(outbox) = outbox.clone().filter(|_| cfg!(panic = "abort")) {
            flush_on_panic(outbox);
        }
        Ok(Self { outbox })
    }

    /// Does the work of an invocation, then sends what was captured meanwhile, before the answer is given.
    pub fn around<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = T> {
        // On the heap, because a handler's state of kilobytes would be part of this one's more than once.
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

/// Passes on what a function needs to start, and logs the error when it cannot have it. The reports send that when the process
/// ends.
pub fn at_start<T, E: Error + 'static>(needed: Result<T, E>) -> Result<T, E> {
    needed.inspect_err(|error| tracing::error!(error = environment::chain(error), "the function cannot start"))
}

/// What was captured outside of an invocation, such as at the start, is sent when the process ends.
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
        let reason = format!("it is no DSN: {error}");
        VariableError::Invalid { name: DSN, value: "not shown".to_owned(), reason }
    })?;
    Ok(Some(Outbox::new(dsn, variable("AWS_LAMBDA_FUNCTION_NAME"), variable(ENVIRONMENT))))
}

/// Where a panic ends the process, nothing but the hook is left to send it. Where it unwinds, the hook must not hold up the other
/// calls of the batch, and [`Reports::around`] sends it.
fn flush_on_panic(outbox: Arc<Outbox>) {
    let log = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        log(panic);
        flush_now(&outbox);
    }));
}

/// Sends what was captured from outside of the process's own runtime, on a thread that is left behind when it is late.
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
        // Nobody waits any more when the time was over.
        let _ = done.send(());
    });
    // Late or not, the process goes on to its end.
    let _ = finished.recv_timeout(LIMIT);
}
