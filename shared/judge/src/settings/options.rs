//! Settings that are one of a few words.

use std::fmt::{self, Display};
use std::str::FromStr;

use environment::{VariableError, parsed, parsed_or};

use super::SettingsError;

/// How a model is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Chat completions as `OpenAI` defined them and most servers speak them.
    OpenAi,
    /// Anthropic's Messages.
    Anthropic,
    /// Amazon Bedrock's Converse, signed with AWS credentials.
    Bedrock,
}

/// How JSON is asked for. Whatever the server enforces, every answer is checked here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonMode {
    /// By its schema, which the server enforces: `response_format.json_schema`, `output_config.format` or
    /// `outputConfig.textFormat`.
    JsonSchema,
    /// By `{"type": "json_object", "schema": …}`, which llama-cpp-python and some others enforce; `openai` only.
    JsonObjectSchema,
    /// By `{"type": "json_object"}`: some JSON, with the schema in the prompt; `openai` only.
    JsonObject,
    /// As the input of a tool, which the model has to call: for models of Bedrock without structured output; `bedrock` only.
    Tool,
    /// In the prompt alone.
    None,
}

impl JsonMode {
    /// Whether the server is given the schema and may be expected to tell the model. It may compile it too, and then refuses what it does
    /// not know.
    pub(crate) const fn tells_schema(self) -> bool {
        matches!(self, Self::JsonSchema | Self::Tool)
    }
}

/// The field that carries the limit of the answer in the `openai` protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxTokensField {
    /// `max_completion_tokens`: `OpenAI`'s, without which its reasoning models refuse.
    MaxCompletionTokens,
    /// `max_tokens`: for servers that ignore the newer one, such as llama-cpp-python and Ollama.
    MaxTokens,
}

/// How much a reasoning model thinks before it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasoningEffort {
    /// Not at all; `openai` only.
    None,
    /// Hardly; `openai` only.
    Minimal,
    /// A little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// Very much.
    XHigh,
    /// As much as it can.
    Max,
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

texts!(Protocol { OpenAi => "openai", Anthropic => "anthropic", Bedrock => "bedrock" });
texts!(JsonMode {
    JsonSchema => "json_schema",
    JsonObjectSchema => "json_object_schema",
    JsonObject => "json_object",
    Tool => "tool",
    None => "none",
});
texts!(MaxTokensField { MaxCompletionTokens => "max_completion_tokens", MaxTokens => "max_tokens" });
texts!(ReasoningEffort {
    None => "none",
    Minimal => "minimal",
    Low => "low",
    Medium => "medium",
    High => "high",
    XHigh => "xhigh",
    Max => "max",
});

impl Protocol {
    /// The protocol of `LLM_PROTOCOL`, by default `openai`.
    pub(super) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        parsed_or(lookup, "LLM_PROTOCOL", Self::OpenAi)
    }

    /// The ways in which this protocol can ask for JSON.
    const fn json_modes(self) -> &'static [JsonMode] {
        match self {
            Self::OpenAi => &[JsonMode::JsonSchema, JsonMode::JsonObjectSchema, JsonMode::JsonObject, JsonMode::None],
            Self::Anthropic => &[JsonMode::JsonSchema, JsonMode::None],
            Self::Bedrock => &[JsonMode::JsonSchema, JsonMode::Tool, JsonMode::None],
        }
    }

    /// The efforts that this protocol can ask for. Servers of the first one differ in what they know.
    const fn efforts(self) -> &'static [ReasoningEffort] {
        use ReasoningEffort::{High, Low, Max, Medium, Minimal, None, XHigh};
        match self {
            Self::OpenAi => &[None, Minimal, Low, Medium, High, XHigh, Max],
            Self::Anthropic | Self::Bedrock => &[Low, Medium, High, XHigh, Max],
        }
    }
}

/// The way of `LLM_JSON_MODE`; an error when the protocol has no such way.
pub(super) fn json_mode(
    lookup: impl Fn(&str) -> Option<String>,
    protocol: Protocol,
) -> Result<JsonMode, SettingsError> {
    let mode = parsed_or(lookup, "LLM_JSON_MODE", JsonMode::JsonSchema)?;
    one_of("LLM_JSON_MODE", mode, protocol, protocol.json_modes())
}

/// The effort of `LLM_REASONING_EFFORT`; an error when the protocol does not know it.
pub(super) fn effort(
    lookup: impl Fn(&str) -> Option<String>,
    protocol: Protocol,
) -> Result<Option<ReasoningEffort>, SettingsError> {
    let effort = parsed(lookup, "LLM_REASONING_EFFORT")?;
    effort.map(|effort| one_of("LLM_REASONING_EFFORT", effort, protocol, protocol.efforts())).transpose()
}

fn one_of<T: Display + PartialEq>(
    name: &'static str,
    value: T,
    protocol: Protocol,
    known: &[T],
) -> Result<T, SettingsError> {
    if known.contains(&value) {
        return Ok(value);
    }
    let known = known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let reason = format!("but the {protocol} protocol knows {known} only");
    Err(VariableError::Invalid { name, value: value.to_string(), reason })
}
