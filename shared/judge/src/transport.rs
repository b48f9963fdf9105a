//! The connection to the model's server.

use std::time::Duration;

use reqwest::{Client, Url, redirect, retry};

/// What warming up may take of a function's start.
const WARM_UP: Duration = Duration::from_millis(300);
/// A function that was frozen finds its connections closed by the other side: after this long they are not worth trying.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// This machine cannot speak to a server at all.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The HTTP client cannot be built, for instance without root certificates.
    #[error("the HTTP client cannot be built")]
    Client(#[source] reqwest::Error),
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Randomness(#[source] getrandom::Error),
}

/// The connection to the model's server.
#[derive(Debug)]
pub(crate) struct Transport {
    client: Client,
}

impl Transport {
    pub(crate) fn new() -> Result<Self, BuildError> {
        let client = Client::builder()
            .user_agent(concat!("call-feedback/", env!("CARGO_PKG_VERSION")))
            // A redirect would carry the transcript and the key to where nobody has said they may go, and so would a proxy.
            .redirect(redirect::Policy::none())
            .no_proxy()
            // Attempts are counted and timed here, so nothing else makes any.
            .retry(retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .build();
        Ok(Self { client: client.map_err(BuildError::Client)? })
    }

    /// Opens a connection; whether it worked shows at the first request.
    pub(crate) async fn warm_up(&self, endpoint: &Url) {
        let _ = self.client.head(endpoint.clone()).timeout(WARM_UP).send().await;
    }
}
