//! The connection to the model's server: one request, one response.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url, redirect, retry};
use tokio::time::timeout;

use crate::backoff::retry_after;
use crate::protocol::{self, ModelResponse};
use crate::settings::Access;
use crate::{JudgeErrorKind, Protocol, Settings, bedrock_errors, http_errors};

/// How much of a function's start warming up may take.
const WARM_UP: Duration = Duration::from_millis(300);
/// While a function is frozen, the server closes its connections: after this long they are not worth trying.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Ten times the longest answer that a model is asked for; a longer body is not a model's response.
const LONGEST_BODY: usize = 1 << 20;

/// Why no request can be made from this machine at all.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The HTTP client cannot be built, for instance without root certificates.
    #[error("the HTTP client cannot be built")]
    Client(#[source] reqwest::Error),
    /// The protocol needs signed requests, and the settings have nothing to sign with.
    #[error("requests to Amazon Bedrock have to be signed with AWS credentials")]
    Unsigned,
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Randomness(#[source] getrandom::Error),
}

/// The connection to the model's server.
#[derive(Debug)]
pub(crate) struct Transport {
    client: Client,
    /// Whether the model has refused a mark on what is to be cached.
    cache_is_refused: AtomicBool,
}

impl Transport {
    pub(crate) fn new(settings: &Settings) -> Result<Self, BuildError> {
        if settings.protocol == Protocol::Bedrock && !matches!(settings.access, Access::Aws(_)) {
            return Err(BuildError::Unsigned);
        }
        let client = Client::builder()
            .user_agent(concat!("call-feedback/", env!("CARGO_PKG_VERSION")))
            // A redirect or a proxy would carry the transcript and the key to a server that nobody has allowed.
            .redirect(redirect::Policy::none())
            .no_proxy()
            // This crate counts and times its attempts, so the client must not retry.
            .retry(retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .build();
        Ok(Self { client: client.map_err(BuildError::Client)?, cache_is_refused: AtomicBool::new(false) })
    }

    /// Sends a request, with that key if there is one, and waits at most that long for the complete response.
    pub(crate) async fn send(
        &self,
        settings: &Settings,
        body: String,
        key: Option<&(HeaderName, HeaderValue)>,
        time: Duration,
    ) -> Result<ModelResponse, JudgeErrorKind> {
        timeout(time, self.send_and_read(settings, body, key)).await.unwrap_or(Err(JudgeErrorKind::TimedOut))
    }

    async fn send_and_read(
        &self,
        settings: &Settings,
        body: String,
        key: Option<&(HeaderName, HeaderValue)>,
    ) -> Result<ModelResponse, JudgeErrorKind> {
        let mut request = self.client.post(settings.endpoint.clone()).header(CONTENT_TYPE, "application/json");
        if let Some((name, value)) = protocol::headers(settings.protocol) {
            request = request.header(name, value);
        }
        if let Some((name, value)) = key {
            request = request.header(name, value);
        }
        if let Access::Aws(signer) = &settings.access {
            let headers = signer.headers("POST", settings.endpoint.as_str(), body.as_bytes(), environment::now()).await;
            for (name, value) in headers.map_err(JudgeErrorKind::Unsigned)? {
                request = request.header(name, value);
            }
        }
        let response = request.body(body).send().await.map_err(broken)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(response).await;
        if !status.is_success() {
            // If the text of the error cannot be read, its status is still known.
            return Err(error(settings, status, &headers, &body.unwrap_or_default()));
        }
        protocol::read_response(settings.protocol, &body?).map_err(|what| JudgeErrorKind::Garbled { what })
    }

    /// Whether a part of the prompt may be marked, to be cached.
    pub(crate) fn may_cache(&self) -> bool {
        !self.cache_is_refused.load(Ordering::Relaxed)
    }

    /// From now on nothing may be marked.
    pub(crate) fn stop_caching(&self) {
        self.cache_is_refused.store(true, Ordering::Relaxed);
    }

    /// Opens a connection; if that fails, the first request will show it.
    pub(crate) async fn warm_up(&self, endpoint: &Url) {
        let _ = self.client.head(endpoint.clone()).timeout(WARM_UP).send().await;
    }
}

/// What an error response means.
fn error(settings: &Settings, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> JudgeErrorKind {
    #[expect(
        clippy::disallowed_methods,
        reason = "a `Retry-After` that is a date has to be compared with the present time"
    )]
    let retry_after = retry_after(headers, SystemTime::now());
    match settings.protocol {
        Protocol::OpenAi | Protocol::Anthropic => http_errors::classify(status, retry_after, body, settings.into()),
        Protocol::Bedrock => bedrock_errors::classify(status, retry_after, headers, body, settings.into()),
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, JudgeErrorKind> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > LONGEST_BODY {
            return Err(JudgeErrorKind::Garbled { what: "more than a response of a model can be" });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The error without the address, whose query may hold a secret.
fn broken(error: reqwest::Error) -> JudgeErrorKind {
    if error.is_timeout() { JudgeErrorKind::TimedOut } else { JudgeErrorKind::Unreachable(error.without_url()) }
}
