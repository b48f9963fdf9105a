//! What lets a request in: a key, or a signature with AWS credentials.
//!
//! **Invariant:** no `Debug` and no error shows the key. **Invariant:** a key that the server refuses is read again, at most once a
//! minute, however many requests it refuses.

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws::Signer;
use environment::VariableError;
use futures_util::future::BoxFuture;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{HIDDEN, SettingsError};
use crate::Protocol;

/// A key is read again no sooner after it was.
const LEAST_AGE: Duration = Duration::from_mins(1);

/// Where the key is kept, and may be replaced while the program runs.
pub trait KeySource: Debug + Send + Sync {
    /// The key that is there now; `None` when it cannot be read.
    fn read(&self) -> BoxFuture<'_, Option<String>>;
}

/// What lets a request in.
#[derive(Debug, Clone)]
pub(crate) enum Access {
    /// Nothing is needed.
    Open,
    /// A header with a key.
    Key(Arc<ApiKey>),
    /// A signature.
    Aws(Arc<Signer>),
}

/// A key, in the header that the server expects.
#[derive(Debug)]
pub(crate) struct ApiKey {
    header: HeaderName,
    prefix: &'static str,
    source: OnceLock<Box<dyn KeySource>>,
    current: Mutex<CurrentKey>,
}

#[derive(Debug)]
struct CurrentKey {
    /// Marked sensitive, which hides it from `Debug`.
    value: HeaderValue,
    /// When it was last read from its source.
    read_at: Option<Instant>,
}

impl Access {
    /// By `LLM_API_KEY`, which a protocol with signatures does not use.
    pub(super) fn from_lookup(
        lookup: impl Fn(&str) -> Option<String>,
        protocol: Protocol,
        endpoint: &Url,
    ) -> Result<Self, SettingsError> {
        match lookup("LLM_API_KEY") {
            Some(key) if protocol != Protocol::Bedrock => {
                Ok(Self::Key(Arc::new(ApiKey::new(&key, protocol, endpoint)?)))
            }
            _ => Ok(Self::Open),
        }
    }

    /// From now on, a key that the server refuses is read again from there.
    pub(super) fn set_source(&self, source: Box<dyn KeySource>) {
        if let Self::Key(key) = self {
            // Settings get one source, when they are made.
            let _ = key.source.set(source);
        }
    }

    /// The header with the key, if there is one.
    pub(crate) async fn key_header(&self) -> Option<(HeaderName, HeaderValue)> {
        let Self::Key(key) = self else { return None };
        Some((key.header.clone(), key.current.lock().await.value.clone()))
    }

    /// Reads the key again after the server refused this one; whether there is another one now.
    pub(crate) async fn renew(&self, refused: &HeaderValue) -> bool {
        match self {
            Self::Key(key) => key.renew(refused).await,
            Self::Open | Self::Aws(_) => false,
        }
    }
}

impl ApiKey {
    /// The header is each protocol's own, and Azure's where the address has Azure's version in its query.
    fn new(key: &str, protocol: Protocol, endpoint: &Url) -> Result<Self, SettingsError> {
        let is_azure = endpoint.query_pairs().any(|(name, _)| name == "api-version");
        let (header, prefix) = match protocol {
            Protocol::Anthropic => (HeaderName::from_static("x-api-key"), ""),
            _ if is_azure => (HeaderName::from_static("api-key"), ""),
            _ => (AUTHORIZATION, "Bearer "),
        };
        let Some(value) = header_value(prefix, key) else {
            let reason = "which cannot be a key: it is empty or has characters that no header takes".to_owned();
            return Err(VariableError::Invalid { name: "LLM_API_KEY", value: HIDDEN.to_owned(), reason });
        };
        Ok(Self { header, prefix, source: OnceLock::new(), current: Mutex::new(CurrentKey { value, read_at: None }) })
    }

    async fn renew(&self, refused: &HeaderValue) -> bool {
        // Whoever is refused while another request reads the key waits for it here.
        let mut current = self.current.lock().await;
        if current.value != *refused {
            return true;
        }
        let Some(source) = self.source.get() else { return false };
        if current.read_at.is_some_and(|read_at| read_at.elapsed() < LEAST_AGE) {
            return false;
        }
        current.read_at = Some(Instant::now());
        let key = source.read().await;
        let Some(value) = key.and_then(|key| header_value(self.prefix, &key)) else { return false };
        current.value = value;
        current.value != *refused
    }
}

/// The header's value with that key; `None` when it cannot be a key.
fn header_value(prefix: &str, key: &str) -> Option<HeaderValue> {
    // A secret that was typed into a file ends with a line break.
    let key = key.trim();
    let value = HeaderValue::from_str(&format!("{prefix}{key}")).ok();
    let mut value = value.filter(|_| !key.is_empty() && key.is_ascii())?;
    value.set_sensitive(true);
    Some(value)
}
