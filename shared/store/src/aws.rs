//! One SDK configuration for all clients of a process, with every limit said aloud.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

/// A handshake at the CPU share of the smallest function takes 20 ms; the rest is for the network.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// A query's full page of 1 MB takes a tenth of this.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// All attempts and the pauses between them: an API function answers 503 before its client gives up.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
const MAX_ATTEMPTS: u32 = 4;
const INITIAL_BACKOFF: Duration = Duration::from_millis(50);
const MAX_BACKOFF: Duration = Duration::from_secs(1);
/// A function that was frozen finds its connections closed by the other side: after this long they are not worth trying.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// The configuration that every AWS client of this process is made from: region, credentials and endpoint
/// (`AWS_ENDPOINT_URL`) as the environment says, timeouts and retries as this module says.
///
/// The protection against stalled streams is off: a function that thaws looks like a stalled stream.
pub async fn aws_config() -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(ATTEMPT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(INITIAL_BACKOFF)
        .with_max_backoff(MAX_BACKOFF);
    let http = aws_smithy_http_client::Builder::new()
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .build_https();
    aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .retry_config(retries)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(http)
        .load()
        .await
}
