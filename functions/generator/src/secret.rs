//! The key of the model's provider, from Secrets Manager.
//!
//! **Invariant:** no error contains any part of a secret.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use futures_util::future::BoxFuture;
use judge::KeySource;
use serde_json::Value;

/// Where the key is in a secret that is a JSON object.
const KEY: &str = "api_key";

/// A secret from which no key can be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    /// Secrets Manager does not return it.
    #[error("the secret {arn} of LLM_API_KEY_SECRET_ARN cannot be read")]
    Unreadable {
        /// The secret.
        arn: String,
        /// What Secrets Manager or the network said.
        #[source]
        source: Box<SdkError<GetSecretValueError>>,
    },
    /// It is neither a text nor a JSON object with the key.
    #[error(
        "the secret {arn} of LLM_API_KEY_SECRET_ARN must be the key itself or a JSON object with the key as {KEY:?}"
    )]
    NoKey {
        /// The secret.
        arn: String,
    },
}

/// A secret with a key.
#[derive(Debug)]
pub(crate) struct KeySecret {
    client: Client,
    arn: String,
}

impl KeySecret {
    /// The secret of that ARN.
    pub(crate) fn new(client: Client, arn: &str) -> Self {
        Self { client, arn: arn.to_owned() }
    }

    /// The key: the whole text of the secret, or `api_key` where the text is a JSON object.
    pub(crate) async fn key(&self) -> Result<String, SecretError> {
        let arn = || self.arn.clone();
        let response = self.client.get_secret_value().secret_id(&self.arn).send().await;
        let response = response.map_err(|source| SecretError::Unreadable { arn: arn(), source: Box::new(source) })?;
        response.secret_string().and_then(key).ok_or_else(|| SecretError::NoKey { arn: arn() })
    }
}

/// The secret may have another key by the time the model's server refuses the one that the function started with.
impl KeySource for KeySecret {
    fn read(&self) -> BoxFuture<'_, Option<String>> {
        tracing::warn!("the model's server refuses the key, which is read again");
        Box::pin(async {
            let key = self.key().await;
            key.inspect_err(|error| tracing::warn!(error = environment::chain(error), "the key is unreadable")).ok()
        })
    }
}

fn key(text: &str) -> Option<String> {
    let key = match serde_json::from_str(text) {
        Ok(Value::Object(mut object)) => object.remove(KEY)?.as_str()?.to_owned(),
        _ => text.to_owned(),
    };
    (!key.trim().is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueOutput;
    use aws_sdk_secretsmanager::types::error::ResourceNotFoundException;
    use aws_smithy_mocks::{RuleMode, mock, mock_client};

    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:llm-AbCdEf";

    async fn read_text(text: &'static str) -> Result<String, SecretError> {
        let secret = mock!(Client::get_secret_value)
            .match_requests(|request| request.secret_id() == Some(ARN))
            .then_output(move || GetSecretValueOutput::builder().secret_string(text).build());
        KeySecret::new(mock_client!(aws_sdk_secretsmanager, RuleMode::MatchAny, [&secret]), ARN).key().await
    }

    #[tokio::test]
    async fn a_secret_is_the_key_itself_or_an_object_that_has_it() {
        for text in ["sk-123", r#"{"api_key": "sk-123", "owner": "us"}"#] {
            assert_eq!(read_text(text).await.unwrap(), "sk-123");
        }
        assert_eq!(read_text("{not JSON").await.unwrap(), "{not JSON");
    }

    #[tokio::test]
    async fn a_secret_without_a_key_is_an_error_that_names_it_and_not_what_it_holds() {
        for text in ["", " \n", r#"{"key": "sk-123"}"#, r#"{"api_key": 123}"#, r#"{"api_key": ""}"#] {
            let error = read_text(text).await.unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(told.contains(ARN) && told.contains("LLM_API_KEY_SECRET_ARN"), "{told}");
            assert!(!told.contains("123\"") && !told.contains("sk-"), "{told}");
        }
    }

    #[tokio::test]
    async fn a_secret_that_cannot_be_read_is_named_with_its_variable() {
        let gone = mock!(Client::get_secret_value).then_error(|| {
            GetSecretValueError::ResourceNotFoundException(ResourceNotFoundException::builder().build())
        });
        let client = mock_client!(aws_sdk_secretsmanager, RuleMode::MatchAny, [&gone]);
        let secret = KeySecret::new(client, ARN);
        assert_eq!(secret.read().await, None);
        let error = secret.key().await.unwrap_err().to_string();
        assert_eq!(error, format!("the secret {ARN} of LLM_API_KEY_SECRET_ARN cannot be read"));
    }
}
