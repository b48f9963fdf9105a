//! Which model is asked, where and how.
//!
//! **Invariant:** no `Debug` and no error shows the key.

mod access;
mod options;

use std::num::{NonZeroU32, NonZeroUsize};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use aws::{SdkConfig, Service, Signer};
use environment::{VariableError, parsed_or, required};
use reqwest::Url;

pub(crate) use access::Access;
pub use access::KeySource;
pub use options::{JsonMode, MaxTokensField, Protocol, ReasoningEffort};

use crate::endpoint::endpoint;

/// A setting with an invalid value; the message names the variable.
pub type SettingsError = VariableError;

/// A reasoning model spends thousands of tokens before it writes; the judgement itself takes about 3,000.
const MAX_OUTPUT_TOKENS: NonZeroU32 = NonZeroU32::new(8_192).unwrap();
/// With the rubric, a repair and the answer, this fits a context of 128,000 tokens: five hours of talk.
const MAX_INPUT_TOKENS: NonZeroUsize = NonZeroUsize::new(60_000).unwrap();
const TIMEOUT: Seconds = Seconds(Duration::from_mins(1));
const LONGEST_TIMEOUT: Duration = Duration::from_hours(1);
/// More samples of one call than these make the median no more reliable.
const MOST_SAMPLES: u32 = 9;
/// What an error shows instead of a value that may hold a secret.
const HIDDEN: &str = "(not shown)";

/// Which model is asked, where and how.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How the model is spoken to: `LLM_PROTOCOL`, by default `openai`.
    pub protocol: Protocol,
    /// The address of each request, completed from `LLM_BASE_URL`, by default the protocol's own provider.
    pub endpoint: Url,
    /// The model's name for its server: `LLM_MODEL`, required.
    pub model: String,
    /// How long one request may take: `LLM_TIMEOUT_SECONDS`, by default 60.
    pub timeout: Duration,
    /// The longest answer in tokens, a reasoning model's thoughts included: `LLM_MAX_OUTPUT_TOKENS`, by default 8192.
    pub max_output_tokens: NonZeroU32,
    /// The longest transcript in tokens, estimated at three bytes a token: `LLM_MAX_INPUT_TOKENS`, by default 60000. What is
    /// longer is cut in the middle.
    pub max_input_tokens: NonZeroUsize,
    /// How many samples of each call are asked for: `LLM_SAMPLES`, 1 to 9, by default 1.
    pub samples: u32,
    /// How JSON is asked for: `LLM_JSON_MODE`, by default `json_schema`.
    pub json_mode: JsonMode,
    /// The field with the limit of the answer in the `openai` protocol: `LLM_MAX_TOKENS_FIELD`, by default
    /// `max_completion_tokens`.
    pub max_tokens_field: MaxTokensField,
    /// The randomness of the answers: `LLM_TEMPERATURE`, 0 to 2, by default the server's own, since newer models refuse it.
    pub temperature: Option<f64>,
    /// How much a reasoning model thinks: `LLM_REASONING_EFFORT`, by default the model's own.
    pub effort: Option<ReasoningEffort>,
    /// What lets a request in: the key of `LLM_API_KEY`, nothing, or what [`Settings::signed_with`] was given.
    pub(crate) access: Access,
}

impl Settings {
    /// Reads the settings; fails, naming the variable, when one is missing or invalid.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let protocol = Protocol::from_lookup(&lookup)?;
        let model = required(&lookup, "LLM_MODEL")?;
        let endpoint = read_endpoint(&lookup, protocol, &model)?;
        Ok(Self {
            protocol,
            access: Access::from_lookup(&lookup, protocol, &endpoint)?,
            endpoint,
            model,
            timeout: parsed_or(&lookup, "LLM_TIMEOUT_SECONDS", TIMEOUT)?.0,
            max_output_tokens: parsed_or(&lookup, "LLM_MAX_OUTPUT_TOKENS", MAX_OUTPUT_TOKENS)?,
            max_input_tokens: parsed_or(&lookup, "LLM_MAX_INPUT_TOKENS", MAX_INPUT_TOKENS)?,
            samples: parsed_or(&lookup, "LLM_SAMPLES", Samples(1))?.0,
            json_mode: options::json_mode(&lookup, protocol)?,
            max_tokens_field: parsed_or(&lookup, "LLM_MAX_TOKENS_FIELD", MaxTokensField::MaxCompletionTokens)?,
            temperature: parsed_or(&lookup, "LLM_TEMPERATURE", Temperature(None))?.0,
            effort: options::effort(&lookup, protocol)?,
        })
    }

    /// Reads the settings of an operator's program. Bedrock is asked in the region and with the credentials that the AWS command line
    /// would use.
    pub async fn of_operator(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        if Protocol::from_lookup(&lookup)? != Protocol::Bedrock {
            return Self::from_lookup(lookup);
        }
        let aws = aws::operator_config().await;
        let region = aws.region().map(ToString::to_string);
        let lookup = |name: &str| if name == "AWS_REGION" { region.clone() } else { lookup(name) };
        Ok(Self::from_lookup(lookup)?.signed_with(&aws))
    }

    /// The same settings, with which a key that the server refuses is read again from there; without a key the same.
    #[must_use]
    pub fn with_key_source(self, source: Box<dyn KeySource>) -> Self {
        self.access.set_source(source);
        self
    }

    /// The same settings, with which requests in a protocol that needs it are signed, in the region and with the credentials of that
    /// configuration.
    #[must_use]
    pub fn signed_with(mut self, aws: &SdkConfig) -> Self {
        if self.protocol == Protocol::Bedrock {
            self.access = Access::Aws(Arc::new(Signer::new(aws, Service::Bedrock)));
        }
        self
    }
}

fn read_endpoint(
    lookup: impl Fn(&str) -> Option<String>,
    protocol: Protocol,
    model: &str,
) -> Result<Url, SettingsError> {
    let base = match (lookup("LLM_BASE_URL"), protocol) {
        (Some(base), _) => base,
        (None, Protocol::OpenAi) => "https://api.openai.com/v1".to_owned(),
        (None, Protocol::Anthropic) => "https://api.anthropic.com/v1".to_owned(),
        (None, Protocol::Bedrock) => {
            format!("https://bedrock-runtime.{}.amazonaws.com", required(&lookup, "AWS_REGION")?)
        }
    };
    endpoint(protocol, &base, model).map_err(|reason| {
        let value = if base.contains('@') { HIDDEN.to_owned() } else { base };
        VariableError::Invalid { name: "LLM_BASE_URL", value, reason }
    })
}

struct Seconds(Duration);

impl FromStr for Seconds {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let seconds = seconds.filter(|seconds| !seconds.is_zero() && *seconds <= LONGEST_TIMEOUT);
        seconds.map(Self).ok_or("must be a number of seconds above 0 and up to 3600")
    }
}

struct Samples(u32);

impl FromStr for Samples {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let samples = text.parse().ok().filter(|samples| (1..=MOST_SAMPLES).contains(samples));
        samples.map(Self).ok_or_else(|| format!("must be a whole number from 1 to {MOST_SAMPLES}"))
    }
}

struct Temperature(Option<f64>);

impl FromStr for Temperature {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let temperature = text.parse().ok().filter(|temperature| (0.0..=2.0).contains(temperature));
        temperature.map(|temperature| Self(Some(temperature))).ok_or("must be a number from 0 to 2")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let lookup = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Settings::from_lookup(lookup)
    }

    #[test]
    fn a_model_is_all_that_must_be_named() {
        let settings = read(&[("LLM_MODEL", "m")]).unwrap();
        assert_eq!(settings.endpoint.as_str(), "https://api.openai.com/v1/chat/completions");
        assert_eq!((settings.protocol, settings.json_mode), (Protocol::OpenAi, JsonMode::JsonSchema));
        assert_eq!((settings.samples, settings.temperature), (1, None));
        assert!(settings.effort.is_none() && matches!(settings.access, Access::Open));
        let anthropic = read(&[("LLM_MODEL", "m"), ("LLM_PROTOCOL", "anthropic")]).unwrap();
        assert_eq!(anthropic.endpoint.as_str(), "https://api.anthropic.com/v1/messages");
        assert_eq!(read(&[]).unwrap_err().to_string(), "environment variable LLM_MODEL is not set");
        let bedrock =
            [("LLM_PROTOCOL", "bedrock"), ("LLM_MODEL", "eu.amazon.nova-pro-v1:0"), ("AWS_REGION", "eu-west-3")];
        assert_eq!(
            read(&bedrock).unwrap().endpoint.as_str(),
            "https://bedrock-runtime.eu-west-3.amazonaws.com/model/eu.amazon.nova-pro-v1%3A0/converse"
        );
        assert_eq!(read(&bedrock[..2]).unwrap_err().to_string(), "environment variable AWS_REGION is not set");
    }

    #[test]
    fn every_invalid_setting_is_named() {
        for (name, value) in [
            ("LLM_PROTOCOL", "grpc"),
            ("LLM_BASE_URL", "http://api.openai.com"),
            ("LLM_MODEL", ""),
            ("LLM_API_KEY", " \n"),
            ("LLM_API_KEY", "a\nb"),
            ("LLM_API_KEY", "schlüssel"),
            ("LLM_TIMEOUT_SECONDS", "0"),
            ("LLM_TIMEOUT_SECONDS", "3600.5"),
            ("LLM_MAX_OUTPUT_TOKENS", "0"),
            ("LLM_MAX_INPUT_TOKENS", "-1"),
            ("LLM_SAMPLES", "0"),
            ("LLM_SAMPLES", "10"),
            ("LLM_JSON_MODE", "json"),
            ("LLM_MAX_TOKENS_FIELD", "tokens"),
            ("LLM_TEMPERATURE", "2.1"),
            ("LLM_REASONING_EFFORT", "5"),
            ("LLM_JSON_MODE", "tool"),
        ] {
            let variables = [(name, value), ("LLM_MODEL", "m")];
            let error = read(&variables).unwrap_err().to_string();
            assert!(error.starts_with(&format!("environment variable {name} is ")), "{error}");
        }
    }

    #[test]
    fn what_another_protocol_has_is_named_with_what_this_one_has() {
        for (protocol, name, value, known) in [
            ("anthropic", "LLM_JSON_MODE", "json_object", "json_schema, none"),
            ("bedrock", "LLM_JSON_MODE", "json_object_schema", "json_schema, tool, none"),
            ("anthropic", "LLM_REASONING_EFFORT", "minimal", "low, medium, high, xhigh, max"),
            ("bedrock", "LLM_REASONING_EFFORT", "none", "low, medium, high, xhigh, max"),
        ] {
            let variables =
                [("LLM_PROTOCOL", protocol), (name, value), ("LLM_MODEL", "m"), ("AWS_REGION", "us-east-1")];
            let error = read(&variables).unwrap_err().to_string();
            let expected = format!("{name} is {value:?}, but the {protocol} protocol knows {known} only");
            assert_eq!(error, format!("environment variable {expected}"));
        }
    }

    #[tokio::test]
    async fn the_key_goes_into_the_header_that_its_server_reads() {
        for (variables, header) in [
            (&[("LLM_PROTOCOL", "openai")], "authorization: Bearer k-123"),
            (&[("LLM_PROTOCOL", "anthropic")], "x-api-key: k-123"),
            (&[("LLM_BASE_URL", "https://x.openai.azure.com/openai/deployments/d?api-version=1")], "api-key: k-123"),
        ] {
            let settings =
                read(&[&variables[..], &[("LLM_MODEL", "m"), ("LLM_API_KEY", " k-123\n")]].concat()).unwrap();
            let (name, value) = settings.access.key_header().await.unwrap();
            assert_eq!(format!("{name}: {}", value.to_str().unwrap()), header);
        }
    }

    #[test]
    fn secrets_are_in_no_debug_and_in_no_error() {
        let settings = read(&[("LLM_MODEL", "m"), ("LLM_API_KEY", "k-123")]).unwrap();
        assert!(!format!("{settings:?}").contains("k-123"));
        let error = read(&[("LLM_MODEL", "m"), ("LLM_API_KEY", "k-123\u{7}x")]).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("k-123"));
        let error = read(&[("LLM_MODEL", "m"), ("LLM_BASE_URL", "https://user:k-123@x.example")]).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("k-123"));
    }
}
