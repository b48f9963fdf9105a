//! The configuration of a process's SDK clients, with every time limit stated.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;

use crate::http;

/// A handshake at the CPU share of the smallest function takes 20 ms; the rest is for the network.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// A query's full page of 1 MB takes a tenth of this.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// All attempts and the pauses between them: an API function answers 503 before its client gives up.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
const MAX_ATTEMPTS: u32 = 4;
const INITIAL_BACKOFF: Duration = Duration::from_millis(50);
const MAX_BACKOFF: Duration = Duration::from_secs(1);

/// The configuration of a function's SDK clients: region, credentials and endpoint (`AWS_ENDPOINT_URL`) as Lambda's variables
/// say, timeouts and retries as this module says. Nothing else is looked for: no profile, no metadata service, which would
/// be searched at each start and make up a tenth of the program.
#[must_use]
pub fn function_config(variable: impl Fn(&str) -> Option<String>) -> SdkConfig {
    let credentials = SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new());
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(variable("AWS_REGION").map(Region::new))
        .credentials_provider(credentials);
    config.set_endpoint_url(variable("AWS_ENDPOINT_URL"));
    limited(config.build())
}

/// The configuration of an operator's SDK clients: whatever the AWS command line would use, timeouts and retries as this
/// module says.
pub async fn operator_config() -> SdkConfig {
    limited(aws_config::load_defaults(BehaviorVersion::latest()).await)
}

/// The configuration with this module's limits. The protection against stalled streams is off: a function that thaws looks
/// like a stalled stream.
fn limited(config: SdkConfig) -> SdkConfig {
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
    config
        .into_builder()
        .timeout_config(timeouts)
        .retry_config(retries)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(http::client())
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str) -> Option<String> {
        match name {
            "AWS_REGION" => Some("eu-central-1".to_owned()),
            "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:4566".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_function_is_where_its_variables_say() {
        let config = function_config(variable);
        assert_eq!(config.region().map(AsRef::as_ref), Some("eu-central-1"));
        assert_eq!(config.endpoint_url(), Some("http://127.0.0.1:4566"));
        assert_eq!(function_config(|_| None).endpoint_url(), None);
    }

    #[test]
    fn every_client_gets_the_limits_and_attempts_fit_into_the_operation() {
        let config = function_config(variable);
        let timeouts = config.timeout_config().unwrap();
        let (attempt, operation) = (timeouts.operation_attempt_timeout(), timeouts.operation_timeout());
        assert_eq!((timeouts.connect_timeout(), attempt), (Some(CONNECT_TIMEOUT), Some(ATTEMPT_TIMEOUT)));
        assert!(timeouts.read_timeout() <= attempt && attempt.unwrap() * 2 < operation.unwrap());
        let retries = config.retry_config().unwrap();
        assert_eq!((retries.max_attempts(), retries.max_backoff()), (MAX_ATTEMPTS, MAX_BACKOFF));
        assert!(!config.stalled_stream_protection().unwrap().is_enabled());
        assert!(config.http_client().is_some());
    }
}
