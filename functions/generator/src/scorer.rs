//! The configured scorer, set up for use.

use aws::SdkConfig;
use aws_sdk_secretsmanager::Client;
use judge::{BuildError, Judge, Settings, SettingsError};

use crate::config::Config;
use crate::secret::{KeySecret, SecretError};

/// The scorer that judges the calls.
#[derive(Debug)]
pub(crate) enum ActiveScorer {
    /// The scorer that is part of this project.
    Embedded,
    /// A language model.
    Llm {
        /// The client of the model.
        judge: Box<Judge>,
        /// The model, as it was configured.
        model: String,
    },
}

/// A scorer that cannot be set up. The message names the variable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScorerError {
    /// A setting of the model is missing or unreadable.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The key is not in the secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The client of the model cannot be built.
    #[error("the client of the model cannot be built")]
    Client(#[from] BuildError),
}

impl ActiveScorer {
    /// Sets up the configured scorer. The settings of the model come from `lookup`; so does its key, unless a secret is configured.
    /// Requests that are signed instead are signed with the function's own role.
    pub(crate) async fn set_up(
        config: &Config,
        aws: &SdkConfig,
        secrets: impl Into<aws_sdk_secretsmanager::Config>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ScorerError> {
        if config.scorer == domain::Scorer::Embedded {
            return Ok(Self::Embedded);
        }
        let settings = match &config.api_key_secret {
            None => Settings::from_lookup(lookup)?,
            Some(arn) => {
                let secret = KeySecret::new(Client::from_conf(secrets.into()), arn);
                let key = secret.key().await?;
                let lookup = |name: &str| if name == "LLM_API_KEY" { Some(key.clone()) } else { lookup(name) };
                Settings::from_lookup(lookup)?.with_key_source(Box::new(secret))
            }
        };
        let model = settings.model.clone();
        Ok(Self::Llm { judge: Box::new(Judge::new(settings.signed_with(aws))?), model })
    }

    /// Connects to the model, so that the first call does not wait for the connection; see [`Judge::warm_up`].
    pub(crate) async fn warm_up(&self) {
        if let Self::Llm { judge, .. } = self {
            judge.warm_up().await;
        }
    }

    /// The scorer's name and its model, as metrics name them.
    pub(crate) fn name(&self) -> (domain::Scorer, Option<&str>) {
        match self {
            Self::Embedded => (domain::Scorer::Embedded, None),
            Self::Llm { model, .. } => (domain::Scorer::Llm, Some(model)),
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueOutput;
    use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
    use domain::{Call, CallId, OrgId, Role, Turn};
    use test_support::{StubServer, response};

    use super::*;

    fn secret() -> Rule {
        mock!(Client::get_secret_value)
            .then_output(|| GetSecretValueOutput::builder().secret_string("key-of-the-secret").build())
    }

    /// Sets the scorer up from those variables; the key in the environment is another one than that of the secret.
    async fn set_up(secret: &Rule, variables: &[(&str, &str)]) -> Result<ActiveScorer, ScorerError> {
        let client = mock_client!(aws_sdk_secretsmanager, RuleMode::MatchAny, [secret]);
        let lookup = |name: &str| match name {
            "CALL_FEEDBACK_TABLE" | "CALL_FEEDBACK_QUEUE_URL" | "CALL_FEEDBACK_DLQ_URL" => Some("x".to_owned()),
            "AWS_LAMBDA_FUNCTION_NAME" => Some("generator".to_owned()),
            "LLM_API_KEY" => Some("key-of-the-environment".to_owned()),
            _ => variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        };
        let aws = aws::function_config(lookup);
        ActiveScorer::set_up(&Config::from_lookup(lookup).unwrap(), &aws, client.config().clone(), lookup).await
    }

    #[tokio::test]
    async fn without_settings_the_embedded_scorer_judges_and_no_secret_is_read() {
        let secret = secret();
        let scorer = set_up(&secret, &[("LLM_API_KEY_SECRET_ARN", "arn")]).await.unwrap();
        assert_eq!((scorer.name(), secret.num_calls()), ((domain::Scorer::Embedded, None), 0));
    }

    #[tokio::test]
    async fn a_model_without_a_name_keeps_the_function_from_starting() {
        let error = set_up(&secret(), &[("SCORER", "llm")]).await.unwrap_err();
        assert_eq!(error.to_string(), "environment variable LLM_MODEL is not set");
    }

    #[tokio::test]
    async fn the_key_is_that_of_the_secret_when_there_is_one() {
        for (arn, key) in [(Some("arn"), "Bearer key-of-the-secret"), (None, "Bearer key-of-the-environment")] {
            let server = StubServer::start(|_| Some(response(400, "", "{}")));
            let url = format!("http://{}/v1", server.address());
            let mut variables = vec![("SCORER", "llm"), ("LLM_MODEL", "m-1"), ("LLM_BASE_URL", url.as_str())];
            variables.extend(arn.map(|arn| ("LLM_API_KEY_SECRET_ARN", arn)));
            let ActiveScorer::Llm { judge, model } = set_up(&secret(), &variables).await.unwrap() else {
                panic!("{arn:?}")
            };
            let (org, id) = (OrgId::parse("acme").unwrap(), CallId::parse("c1").unwrap());
            let said = Turn { role: Role::Agent, text: "Hello.".to_owned(), start_ms: None, end_ms: None };
            let call = Call::new(org, id, vec![said]);
            let soon = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
            assert!(judge.assess(&call, soon).await.is_err());
            let requests = server.rest();
            assert_eq!((requests.len(), model.as_str()), (1, "m-1"));
            assert!(requests[0].head.contains(key), "{requests:?}");
        }
    }
}
