//! How a feedback was made. Part of the document that is stored and served, like [`crate::Feedback`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Score;

/// Which scorer assessed a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scorer {
    /// The scorer that is part of this project: no network, deterministic.
    Embedded,
    /// A language model.
    Llm,
}

/// The error for a text that is not the name of a [`Scorer`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scorer {0:?} (known are embedded and llm)")]
pub struct UnknownScorerError(pub String);

impl FromStr for Scorer {
    type Err = UnknownScorerError;

    fn from_str(text: &str) -> Result<Self, UnknownScorerError> {
        match text {
            "embedded" => Ok(Self::Embedded),
            "llm" => Ok(Self::Llm),
            _ => Err(UnknownScorerError(text.to_owned())),
        }
    }
}

impl fmt::Display for Scorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Embedded => "embedded",
            Self::Llm => "llm",
        })
    }
}

/// How a feedback was made: by which scorer and, if a model was asked, with which model and at what cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Which scorer assessed the call.
    pub scorer: Scorer,
    /// The version of that scorer.
    pub scorer_version: String,
    /// The version of the rubric: criteria and weights.
    pub rubric_version: String,
    /// The protocol in which the model was asked, such as `openai`; `None` without a model.
    #[serde(default)]
    pub protocol: Option<String>,
    /// The model, as its server names it; `None` without a model.
    pub model: Option<String>,
    /// SHA-256 of the prompt in hexadecimal; `None` without a model.
    pub prompt_sha256: Option<String>,
    /// Tokens the model read, in all requests of this call; `None` without a model or where its server does not say.
    pub input_tokens: Option<u64>,
    /// Those of `input_tokens` that the model's server had in its cache, which cost a fraction; `None` as above.
    #[serde(default)]
    pub cached_input_tokens: Option<u64>,
    /// Tokens the model wrote, in all requests of this call; `None` without a model or where its server does not say.
    pub output_tokens: Option<u64>,
    /// Those of `output_tokens` that a reasoning model thought with; `None` as above.
    #[serde(default)]
    pub reasoning_tokens: Option<u64>,
    /// Requests sent to the model for this feedback, those that failed included; `None` without a model.
    #[serde(default)]
    pub attempts: Option<u32>,
    /// How many answers of the model the medians of the criteria are computed from; `None` without a model.
    #[serde(default)]
    pub samples: Option<u32>,
    /// The difference of the highest and the lowest total of the samples; `None` with fewer than two.
    #[serde(default)]
    pub score_spread: Option<Score>,
    /// Turns in the middle of a long transcript that the model was not shown; `None` without a model.
    #[serde(default)]
    pub truncated_turns: Option<u32>,
    /// Milliseconds the scoring took; `None` when it was not measured.
    pub elapsed_ms: Option<u64>,
    /// The format the call arrived in, such as `native`.
    pub producer: String,
    /// Whether the roles of the speakers were guessed because the producer does not state them.
    #[serde(default)]
    pub roles_guessed: bool,
    /// The names of the conversation's measures that are the platform's own.
    #[serde(default)]
    pub platform_measures: Vec<String>,
}

impl Provenance {
    /// The provenance of an assessment by this project's own scorer.
    #[must_use]
    pub fn embedded(scorer_version: &str, rubric_version: &str, elapsed_ms: Option<u64>, producer: &str) -> Self {
        Self {
            scorer: Scorer::Embedded,
            scorer_version: scorer_version.to_owned(),
            rubric_version: rubric_version.to_owned(),
            protocol: None,
            model: None,
            prompt_sha256: None,
            input_tokens: None,
            cached_input_tokens: None,
            output_tokens: None,
            reasoning_tokens: None,
            attempts: None,
            samples: None,
            score_spread: None,
            truncated_turns: None,
            elapsed_ms,
            producer: producer.to_owned(),
            roles_guessed: false,
            platform_measures: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scorers_are_read_by_the_name_they_print() {
        for scorer in [Scorer::Embedded, Scorer::Llm] {
            assert_eq!(scorer.to_string().parse(), Ok(scorer));
            assert_eq!(serde_json::to_value(scorer).unwrap(), scorer.to_string());
        }
        assert_eq!(
            "LLM".parse::<Scorer>().unwrap_err().to_string(),
            "unknown scorer \"LLM\" (known are embedded and llm)"
        );
    }

    #[test]
    fn provenance_stored_without_the_fields_of_models_and_platforms_is_still_read() {
        let stored = serde_json::json!({
            "scorer": "embedded", "scorer_version": "1", "rubric_version": "1", "model": null, "prompt_sha256": null,
            "input_tokens": null, "output_tokens": null, "elapsed_ms": 3, "producer": "native"
        });
        let read: Provenance = serde_json::from_value(stored).unwrap();
        assert_eq!(read, Provenance::embedded("1", "1", Some(3), "native"));
    }
}
