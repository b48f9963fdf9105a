//! What is sent to a model's server and what comes back, in each protocol.
//!
//! **Invariant:** pure functions from prompt to body and from body to reply. A field that is not needed is not read, so what
//! servers add or leave out does not matter.

mod anthropic;
mod openai;

use reqwest::header::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::prompt::Prompt;
use crate::{Protocol, Settings};

/// What a server answered to a request it accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// What the model said.
    pub(crate) answer: Answer,
    /// The model as the server names it.
    pub(crate) model: Option<String>,
    pub(crate) input_tokens: Option<u64>,
    pub(crate) output_tokens: Option<u64>,
}

/// What the model said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A text, which may be anything.
    Text(String),
    /// A text that ended at the limit of the answer's length.
    CutOff,
    /// Nothing, because prompt and answer do not fit the model.
    TooLong,
    /// Nothing, because the model or a filter refused.
    Refused,
}

/// The body of the request.
pub(crate) fn request(settings: &Settings, prompt: &Prompt) -> Value {
    let mut body = match settings.protocol {
        Protocol::OpenAi => openai::request(settings, prompt),
        Protocol::Anthropic => anthropic::request(settings, prompt),
    };
    if let Some(temperature) = settings.temperature {
        body["temperature"] = temperature.into();
    }
    body
}

/// The headers that the protocol asks for besides the key.
pub(crate) fn headers(protocol: Protocol) -> Option<(HeaderName, HeaderValue)> {
    match protocol {
        Protocol::OpenAi => None,
        Protocol::Anthropic => {
            Some((HeaderName::from_static("anthropic-version"), HeaderValue::from_static(anthropic::VERSION)))
        }
    }
}

/// Reads the body of an answer; fails with what it is instead.
pub(crate) fn reply(protocol: Protocol, body: &[u8]) -> Result<Reply, &'static str> {
    match protocol {
        Protocol::OpenAi => openai::reply(body),
        Protocol::Anthropic => anthropic::reply(body),
    }
}
