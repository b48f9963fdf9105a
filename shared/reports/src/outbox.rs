//! Captured reports that are not sent yet. They are sent through the HTTP client of the AWS clients, so that there is one TLS
//! stack.

use std::io;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::HttpError;
use futures_util::future::join_all;
use sentry_types::Dsn;
use sentry_types::protocol::v7::{Envelope, Event, Map};
use tokio::time::{Instant, timeout};

use crate::{FLUSH_TIMEOUT, rate_limit};

/// The client's name and version, as Sentry shows them.
const CLIENT: &str = concat!("call-feedback/", env!("CARGO_PKG_VERSION"));
const RELEASE: &str = concat!("call-feedback@", env!("CARGO_PKG_VERSION"));
/// Reports of one invocation: as many as a batch has calls. More errors at once have one cause, and the log has them all.
const MAX_REPORTS: usize = 10;

/// Reports to be sent to one Sentry project.
#[derive(Debug)]
pub(crate) struct Outbox {
    dsn: Dsn,
    function: Option<String>,
    environment: Option<String>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    reports: Vec<Event<'static>>,
    paused_until: Option<Instant>,
}

/// Why a report was not sent.
#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error("Sentry did not respond in time")]
    TimedOut,
    #[error("Sentry responded with {0}")]
    Status(u16),
    #[error("Sentry cannot be reached")]
    Unreachable(#[from] ConnectorError),
    #[error("the report cannot be written")]
    Envelope(#[from] io::Error),
    #[error("the request cannot be written")]
    Request(#[from] HttpError),
}

impl Outbox {
    /// An empty outbox for the project of that DSN; reports have the names of the function and the environment.
    pub(crate) fn new(dsn: Dsn, function: Option<String>, environment: Option<String>) -> Self {
        Self { dsn, function, environment, state: Mutex::default() }
    }

    /// Keeps a report for the next flush, unless there are [`MAX_REPORTS`] or Sentry asked for a pause.
    pub(crate) fn add(&self, report: Event<'static>) {
        let mut state = self.state();
        let paused = state.paused_until.is_some_and(|end| Instant::now() < end);
        if paused || state.reports.len() == MAX_REPORTS {
            return;
        }
        let function = self.function.clone().map(|name| ("function".to_owned(), name));
        let tags: Map<_, _> = report.tags.into_iter().chain(function).collect();
        let environment = self.environment.clone().map(Into::into);
        state.reports.push(Event { release: Some(RELEASE.into()), environment, tags, ..report });
    }

    /// Whether there is nothing to send.
    pub(crate) fn is_empty(&self) -> bool {
        self.state().reports.is_empty()
    }

    /// Sends the reports within [`FLUSH_TIMEOUT`]. Reports that cannot be sent are dropped; the log has their errors.
    pub(crate) async fn flush(&self) {
        let reports = mem::take(&mut self.state().reports);
        if reports.is_empty() {
            return;
        }
        let connector = aws::connector();
        let sent = join_all(reports.into_iter().map(|report| self.send(&connector, report)));
        let sent = timeout(FLUSH_TIMEOUT, sent).await;
        let result: Result<(), _> = sent.map_or(Err(SendError::TimedOut), |sent| sent.into_iter().collect());
        if let Err(error) = result {
            // Not at level error, which would be reported again and fail again.
            tracing::warn!(error = environment::chain(&error), "errors were not reported to Sentry");
        }
    }

    async fn send(&self, connector: &Connector, report: Event<'static>) -> Result<(), SendError> {
        let mut envelope = Vec::new();
        Envelope::from(report).to_writer(&mut envelope)?;
        let mut request = HttpRequest::new(envelope.into());
        request.set_method("POST")?;
        request.set_uri(self.dsn.envelope_api_url().as_str())?;
        request.headers_mut().try_insert("content-type", "application/x-sentry-envelope")?;
        request.headers_mut().try_insert("x-sentry-auth", self.dsn.to_auth(Some(CLIENT)).to_string())?;
        let response = connector.call(request).await?;
        let status = response.status();
        if let Some(pause) = rate_limit::pause(status.as_u16(), |name| response.headers().get(name)) {
            self.state().paused_until = Instant::now().checked_add(pause);
        }
        if status.is_success() { Ok(()) } else { Err(SendError::Status(status.as_u16())) }
    }

    /// The state. It is valid even after a panic while it was locked, because each change is a single step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
