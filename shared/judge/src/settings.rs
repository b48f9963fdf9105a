//! Which model is asked, where and how.
//!
//! **Invariant:** no `Debug` and no error shows the key.

use std::fmt::{self, Display};
use std::num::{NonZeroU32, NonZeroUsize};
use std::str::FromStr;
use std::time::Duration;

use environment::{VariableError, parsed_or, required};
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

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

/// How a model is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Chat completions as `OpenAI` defined them and most servers speak them.
    OpenAi,
    /// Anthropic's Messages.
    Anthropic,
}

/// How JSON is asked for. Whatever the server enforces, every answer is checked here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonMode {
    /// By its schema, which the server enforces: `response_format.json_schema` or `output_config.format`.
    JsonSchema,
    /// By `{"type": "json_object", "schema": …}`, which llama-cpp-python and some others enforce; `openai` only.
    JsonObjectSchema,
    /// By `{"type": "json_object"}`: some JSON, with the schema in the prompt; `openai` only.
    JsonObject,
    /// In the prompt alone.
    None,
}

/// The field that carries the limit of the answer in the `openai` protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxTokensField {
    /// `max_completion_tokens`: `OpenAI`'s, without which its reasoning models refuse.
    MaxCompletionTokens,
    /// `max_tokens`: for servers that ignore the newer one, such as llama-cpp-python and Ollama.
    MaxTokens,
}

/// Implements the text form of an enum of settings.
macro_rules! texts {
    ($name:ident { $($variant:ident => $text:literal),* $(,)? }) => {
        impl Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text),* })
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(format!("known are {}", [$($text),*].join(", "))),
                }
            }
        }
    };
}

texts!(Protocol { OpenAi => "openai", Anthropic => "anthropic" });
texts!(JsonMode {
    JsonSchema => "json_schema",
    JsonObjectSchema => "json_object_schema",
    JsonObject => "json_object",
    None => "none",
});
texts!(MaxTokensField { MaxCompletionTokens => "max_completion_tokens", MaxTokens => "max_tokens" });

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
    /// The header with the key: `LLM_API_KEY`, optional.
    pub(crate) api_key: Option<ApiKeyHeader>,
}

/// The header that carries the key, under the name that the server expects.
#[derive(Debug, Clone)]
pub(crate) struct ApiKeyHeader {
    pub(crate) name: HeaderName,
    /// Marked sensitive, which hides it from `Debug`.
    pub(crate) value: HeaderValue,
}

impl Settings {
    /// Reads the settings; fails, naming the variable, when one is missing or invalid.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let protocol = parsed_or(&lookup, "LLM_PROTOCOL", Protocol::OpenAi)?;
        let json_mode = parsed_or(&lookup, "LLM_JSON_MODE", JsonMode::JsonSchema)?;
        if protocol == Protocol::Anthropic && matches!(json_mode, JsonMode::JsonObject | JsonMode::JsonObjectSchema) {
            let reason = "but the anthropic protocol has json_schema and none only".to_owned();
            return Err(VariableError::Invalid { name: "LLM_JSON_MODE", value: json_mode.to_string(), reason });
        }
        let endpoint = read_endpoint(&lookup, protocol)?;
        let api_key = read_api_key(&lookup, protocol, &endpoint)?;
        Ok(Self {
            protocol,
            endpoint,
            model: required(&lookup, "LLM_MODEL")?,
            timeout: parsed_or(&lookup, "LLM_TIMEOUT_SECONDS", TIMEOUT)?.0,
            max_output_tokens: parsed_or(&lookup, "LLM_MAX_OUTPUT_TOKENS", MAX_OUTPUT_TOKENS)?,
            max_input_tokens: parsed_or(&lookup, "LLM_MAX_INPUT_TOKENS", MAX_INPUT_TOKENS)?,
            samples: parsed_or(&lookup, "LLM_SAMPLES", Samples(1))?.0,
            json_mode,
            max_tokens_field: parsed_or(&lookup, "LLM_MAX_TOKENS_FIELD", MaxTokensField::MaxCompletionTokens)?,
            temperature: parsed_or(&lookup, "LLM_TEMPERATURE", Temperature(None))?.0,
            api_key,
        })
    }
}

fn read_endpoint(lookup: impl Fn(&str) -> Option<String>, protocol: Protocol) -> Result<Url, SettingsError> {
    let base = lookup("LLM_BASE_URL").unwrap_or_else(|| {
        let provider = match protocol {
            Protocol::OpenAi => "https://api.openai.com/v1",
            Protocol::Anthropic => "https://api.anthropic.com/v1",
        };
        provider.to_owned()
    });
    endpoint(protocol, &base).map_err(|reason| {
        let value = if base.contains('@') { HIDDEN.to_owned() } else { base };
        VariableError::Invalid { name: "LLM_BASE_URL", value, reason }
    })
}

/// The header that carries the key: each protocol's own, and Azure's where the address has Azure's version in its query.
fn read_api_key(
    lookup: impl Fn(&str) -> Option<String>,
    protocol: Protocol,
    endpoint: &Url,
) -> Result<Option<ApiKeyHeader>, SettingsError> {
    let Some(key) = lookup("LLM_API_KEY") else { return Ok(None) };
    // A secret that was typed into a file ends with a line break.
    let key = key.trim();
    let is_azure = endpoint.query_pairs().any(|(name, _)| name == "api-version");
    let (name, text) = match protocol {
        Protocol::Anthropic => (HeaderName::from_static("x-api-key"), key.to_owned()),
        Protocol::OpenAi if is_azure => (HeaderName::from_static("api-key"), key.to_owned()),
        Protocol::OpenAi => (AUTHORIZATION, format!("Bearer {key}")),
    };
    let value = HeaderValue::from_str(&text).ok().filter(|_| !key.is_empty() && key.is_ascii());
    let Some(mut value) = value else {
        let reason = "which cannot be a key: it is empty or has characters that no header takes".to_owned();
        return Err(VariableError::Invalid { name: "LLM_API_KEY", value: HIDDEN.to_owned(), reason });
    };
    value.set_sensitive(true);
    Ok(Some(ApiKeyHeader { name, value }))
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
        assert!(settings.api_key.is_none());
        let anthropic = read(&[("LLM_MODEL", "m"), ("LLM_PROTOCOL", "anthropic")]).unwrap();
        assert_eq!(anthropic.endpoint.as_str(), "https://api.anthropic.com/v1/messages");
        assert_eq!(read(&[]).unwrap_err().to_string(), "environment variable LLM_MODEL is not set");
    }

    #[test]
    fn every_invalid_setting_is_named() {
        for (name, value) in [
            ("LLM_PROTOCOL", "bedrock"),
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
        ] {
            let variables = [(name, value), ("LLM_MODEL", "m")];
            let error = read(&variables).unwrap_err().to_string();
            assert!(error.starts_with(&format!("environment variable {name} is ")), "{error}");
        }
        let error = read(&[("LLM_MODEL", "m"), ("LLM_PROTOCOL", "anthropic"), ("LLM_JSON_MODE", "json_object")]);
        assert!(error.unwrap_err().to_string().contains("LLM_JSON_MODE"));
    }

    #[test]
    fn the_key_goes_into_the_header_that_its_server_reads() {
        for (variables, header) in [
            (&[("LLM_PROTOCOL", "openai")], "authorization: Bearer k-123"),
            (&[("LLM_PROTOCOL", "anthropic")], "x-api-key: k-123"),
            (&[("LLM_BASE_URL", "https://x.openai.azure.com/openai/deployments/d?api-version=1")], "api-key: k-123"),
        ] {
            let settings =
                read(&[&variables[..], &[("LLM_MODEL", "m"), ("LLM_API_KEY", " k-123\n")]].concat()).unwrap();
            let ApiKeyHeader { name, value } = settings.api_key.unwrap();
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
