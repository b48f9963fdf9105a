//! What is sent to a model's server and what comes back, in each protocol.
//!
//! **Invariant:** pure functions, from a prompt to the request's body and from the response's body to what the model
//! wrote. Fields that are not needed are not read, so what servers add or leave out does not matter, and those that
//! only tell of the answer lose it in no form (`lenient`).

mod anthropic;
mod bedrock;
mod lenient;
mod openai;

use reqwest::header::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::prompt::Prompt;
use crate::{Protocol, Settings, Tokens};

/// The response of a server to a request that it accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModelResponse {
    /// What the model wrote.
    pub(crate) output: ModelOutput,
    /// The model as the server names it.
    pub(crate) model: Option<String>,
    /// What it has cost.
    pub(crate) tokens: Tokens,
}

/// What the model wrote, or why it wrote nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ModelOutput {
    /// An answer: a text that may be anything.
    Text(String),
    /// An answer that was cut off at the limit of its length.
    CutOff,
    /// Nothing, because prompt and answer do not fit the model.
    TooLong,
    /// Nothing, because the model or a filter refused.
    Refused,
}

/// The body of the request; without a mark on what the server is to cache, where the model has refused such a mark.
pub(crate) fn request_body(settings: &Settings, prompt: &Prompt, may_cache: bool) -> Value {
    match settings.protocol {
        Protocol::OpenAi => openai::request_body(settings, prompt),
        Protocol::Anthropic => anthropic::request_body(settings, prompt, may_cache),
        Protocol::Bedrock => bedrock::request_body(settings, prompt, may_cache),
    }
}

/// The headers that the protocol asks for besides the key.
pub(crate) fn headers(protocol: Protocol) -> Option<(HeaderName, HeaderValue)> {
    match protocol {
        Protocol::OpenAi | Protocol::Bedrock => None,
        Protocol::Anthropic => {
            Some((HeaderName::from_static("anthropic-version"), HeaderValue::from_static(anthropic::VERSION)))
        }
    }
}

/// Reads the body of a response; fails with what it is instead.
pub(crate) fn read_response(protocol: Protocol, body: &[u8]) -> Result<ModelResponse, &'static str> {
    match protocol {
        Protocol::OpenAi => openai::read_response(body),
        Protocol::Anthropic => anthropic::read_response(body),
        Protocol::Bedrock => bedrock::read_response(body),
    }
}
