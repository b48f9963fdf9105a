//! Connections: rustls with aws-lc for everything, so that a function links one TLS stack.

use std::time::Duration;

use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

const TLS: Provider = Provider::Rustls(CryptoMode::AwsLc);
/// A function that was frozen finds its connections closed by the other side: after this long they are not worth trying.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// A connector for requests that are written by hand. Whoever uses it sets the time limit of each request.
#[must_use]
pub fn connector() -> Connector {
    Connector::builder().tls_provider(TLS).build()
}

/// The HTTP client of the SDK clients.
pub(crate) fn client() -> SharedHttpClient {
    Builder::new().pool_idle_timeout(POOL_IDLE_TIMEOUT).tls_provider(TLS).build_https()
}
