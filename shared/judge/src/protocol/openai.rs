//! The protocol of `OpenAI`'s chat completions, which Azure, Gemini, Groq, `OpenRouter`, vLLM, Ollama and llama.cpp
//! speak as well.

use serde::Deserialize;
use serde_json::{Value, json};

use super::lenient::Lenient;
use super::{ModelOutput, ModelResponse};
use crate::prompt::{ChatRole, Prompt, SCHEMA_NAME};
use crate::{JsonMode, MaxTokensField, Settings, Tokens};

#[expect(clippy::indexing_slicing, reason = "the body is an object, and fields are added to it")]
pub(super) fn request_body(settings: &Settings, prompt: &Prompt) -> Value {
    let mut messages = vec![json!({"role": "system", "content": prompt.system})];
    messages.extend(prompt.messages.iter().map(|message| {
        let role = match message.role {
            ChatRole::User => "user",
            ChatRole::Assistant => "assistant",
        };
        json!({"role": role, "content": message.text})
    }));
    let mut body = json!({"model": settings.model, "messages": messages});
    let limit = match settings.max_tokens_field {
        MaxTokensField::MaxCompletionTokens => "max_completion_tokens",
        MaxTokensField::MaxTokens => "max_tokens",
    };
    body[limit] = settings.max_output_tokens.get().into();
    let format = match settings.json_mode {
        JsonMode::JsonSchema => {
            let schema = json!({"name": SCHEMA_NAME, "strict": true, "schema": prompt.schema});
            Some(json!({"type": "json_schema", "json_schema": schema}))
        }
        JsonMode::JsonObjectSchema => Some(json!({"type": "json_object", "schema": prompt.schema})),
        JsonMode::JsonObject => Some(json!({"type": "json_object"})),
        JsonMode::Tool | JsonMode::None => None,
    };
    if let Some(format) = format {
        body["response_format"] = format;
    }
    if let Some(effort) = settings.effort {
        body["reasoning_effort"] = effort.to_string().into();
    }
    if let Some(temperature) = settings.temperature {
        body["temperature"] = temperature.into();
    }
    body
}

#[derive(Deserialize)]
struct ChatCompletion {
    #[serde(default)]
    model: Lenient,
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Lenient,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    finish_reason: Lenient,
    message: ChoiceMessage,
}

#[derive(Deserialize)]
struct ChoiceMessage {
    #[serde(default)]
    content: Lenient,
    #[serde(default)]
    refusal: Lenient,
}

/// A part of an answer, as some servers write it.
#[derive(Deserialize)]
struct ContentPart {
    #[serde(default)]
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenUsage {
    prompt_tokens: Lenient,
    prompt_tokens_details: Lenient,
    completion_tokens: Lenient,
    completion_tokens_details: Lenient,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenDetails {
    cached_tokens: Lenient,
    reasoning_tokens: Lenient,
}

impl From<TokenUsage> for Tokens {
    fn from(usage: TokenUsage) -> Self {
        let details = |details: Lenient| details.of_type::<TokenDetails>().unwrap_or_default();
        Self {
            input: usage.prompt_tokens.tokens(),
            cached_input: details(usage.prompt_tokens_details).cached_tokens.tokens(),
            output: usage.completion_tokens.tokens(),
            reasoning: details(usage.completion_tokens_details).reasoning_tokens.tokens(),
        }
        .consistent()
    }
}

impl ChoiceMessage {
    /// What the model wrote: a text, or the texts of several parts.
    fn text(&self) -> String {
        let parts = || self.content.of_type::<Vec<ContentPart>>().unwrap_or_default();
        self.content.of_type().unwrap_or_else(|| parts().into_iter().map(|part| part.text).collect())
    }
}

pub(super) fn read_response(body: &[u8]) -> Result<ModelResponse, &'static str> {
    let completion: ChatCompletion =
        serde_json::from_slice(body).map_err(|_| "something other than a chat completion")?;
    let choice = completion.choices.into_iter().next().ok_or("a chat completion without a choice")?;
    let output = match choice.finish_reason.name().as_deref() {
        _ if choice.message.refusal.name().is_some() => ModelOutput::Refused,
        Some("content_filter") => ModelOutput::Refused,
        Some("length") => ModelOutput::CutOff,
        _ => ModelOutput::Text(choice.message.text()),
    };
    Ok(ModelResponse {
        output,
        model: completion.model.name(),
        tokens: completion.usage.of_type::<TokenUsage>().map(Tokens::from).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::lenient::{ODD_COUNTS, ODD_VALUES};
    use super::*;

    fn output(choice: &Value) -> ModelOutput {
        read_response(json!({"choices": [choice]}).to_string().as_bytes()).unwrap().output
    }

    #[test]
    fn a_completion_is_read_with_what_it_cost() {
        let body = json!({
            "id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-x-2026-05-01",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}", "refusal": null}}],
            "usage": {
                "prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15,
                "prompt_tokens_details": {"cached_tokens": 8, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 2}
            }
        });
        let expected = ModelResponse {
            output: ModelOutput::Text("{}".to_owned()),
            model: Some("gpt-x-2026-05-01".to_owned()),
            tokens: Tokens { input: Some(12), cached_input: Some(8), output: Some(3), reasoning: Some(2) },
        };
        assert_eq!(read_response(body.to_string().as_bytes()), Ok(expected));
    }

    #[test]
    fn details_of_the_cost_that_a_server_leaves_out_or_has_as_null_are_unknown() {
        for usage in [json!({"prompt_tokens": 12}), json!({"prompt_tokens": 12, "prompt_tokens_details": null})] {
            let body = json!({"choices": [{"message": {"content": "{}"}}], "usage": usage});
            let tokens = read_response(body.to_string().as_bytes()).unwrap().tokens;
            assert_eq!(tokens, Tokens { input: Some(12), ..Tokens::default() });
        }
    }

    #[test]
    fn an_odd_usage_loses_no_answer_and_is_no_other_number() {
        for (written, count) in ODD_COUNTS {
            let usage = format!(
                r#"{{"prompt_tokens": {written}, "completion_tokens": {written}, "prompt_tokens_details": {{"cached_tokens": {written}}},
                "completion_tokens_details": {{"reasoning_tokens": {written}}}}}"#
            );
            let body = format!(r#"{{"choices": [{{"message": {{"content": "{{}}"}}}}], "usage": {usage}}}"#);
            let response = read_response(body.as_bytes()).unwrap();
            let expected = Tokens { input: *count, cached_input: *count, output: *count, reasoning: *count };
            assert_eq!((response.output, response.tokens), (ModelOutput::Text("{}".to_owned()), expected), "{written}");
        }
    }

    #[test]
    fn an_odd_field_beside_the_answer_does_not_lose_it() {
        for odd in ODD_VALUES {
            let message = format!(r#"{{"content": "{{}}", "refusal": {odd}}}"#);
            let choice = format!(r#"{{"finish_reason": {odd}, "index": {odd}, "message": {message}}}"#);
            let body = format!(r#"{{"model": {odd}, "choices": [{choice}], "usage": {odd}, "id": {odd}}}"#);
            let expected =
                ModelResponse { output: ModelOutput::Text("{}".to_owned()), model: None, tokens: Tokens::default() };
            assert_eq!(read_response(body.as_bytes()), Ok(expected), "{odd}");
        }
        let parts = json!([{"type": "text", "text": "{"}, {"type": "text", "text": "}"}]);
        assert_eq!(output(&json!({"message": {"content": parts}})), ModelOutput::Text("{}".to_owned()));
    }

    #[test]
    fn the_reasons_for_ending_early_are_told_apart() {
        let said = |reason: &str| json!({"finish_reason": reason, "message": {"content": "{\"a\""}});
        assert_eq!(output(&said("length")), ModelOutput::CutOff);
        assert_eq!(output(&said("content_filter")), ModelOutput::Refused);
        assert_eq!(
            output(&json!({"finish_reason": "stop", "message": {"content": null, "refusal": "No."}})),
            ModelOutput::Refused
        );
        assert_eq!(output(&json!({"message": {"content": null}})), ModelOutput::Text(String::new()));
    }

    #[test]
    fn what_is_no_completion_is_an_error() {
        for body in
            [&b""[..], b"<html>", b"\xff\xfe", b"{}", b"{\"error\": {\"message\": \"no\"}}", b"{\"choices\": []}"]
        {
            assert!(read_response(body).is_err(), "{body:?}");
        }
    }
}
