//! The protocol of Anthropic's Messages.

use serde::Deserialize;
use serde_json::{Value, json};

use super::lenient::{Lenient, sum_of_input};
use super::{ModelOutput, ModelResponse};
use crate::prompt::{ChatRole, Prompt};
use crate::{JsonMode, Settings, Tokens};

/// The protocol's version; structured output needs no beta header.
pub(super) const VERSION: &str = "2023-06-01";

/// The body of the request. The system prompt is the same for every call: the server is asked to keep it for five minutes, from
/// the last request on. What is shorter than a model's least length for that is not kept, which is no error.
#[expect(clippy::indexing_slicing, reason = "the body is an object, and fields are added to it")]
pub(super) fn request_body(settings: &Settings, prompt: &Prompt, may_cache: bool) -> Value {
    let messages: Vec<Value> = prompt
        .messages
        .iter()
        .map(|message| {
            let role = match message.role {
                ChatRole::User => "user",
                ChatRole::Assistant => "assistant",
            };
            json!({"role": role, "content": message.text})
        })
        .collect();
    let mut body = json!({
        "model": settings.model,
        "max_tokens": settings.max_output_tokens,
        "system": prompt.system,
        "messages": messages,
    });
    if may_cache {
        let marked = json!({"type": "text", "text": prompt.system, "cache_control": {"type": "ephemeral"}});
        body["system"] = json!([marked]);
    }
    if settings.json_mode == JsonMode::JsonSchema {
        body["output_config"]["format"] = json!({"type": "json_schema", "schema": prompt.schema});
    }
    if let Some(effort) = settings.effort {
        body["output_config"]["effort"] = effort.to_string().into();
    }
    if let Some(temperature) = settings.temperature {
        body["temperature"] = temperature.into();
    }
    body
}

#[derive(Deserialize)]
struct MessageResponse {
    #[serde(default)]
    model: Lenient,
    content: Vec<ContentBlock>,
    #[serde(default)]
    stop_reason: Lenient,
    #[serde(default)]
    usage: Lenient,
}

#[derive(Deserialize)]
struct ContentBlock {
    #[serde(rename = "type", default)]
    kind: Lenient,
    #[serde(default)]
    text: Lenient,
}

/// The model has read the sum of the first three: cached tokens are counted separately.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenUsage {
    #[serde(rename = "input_tokens")]
    fresh: Lenient,
    #[serde(rename = "cache_creation_input_tokens")]
    cached: Lenient,
    #[serde(rename = "cache_read_input_tokens")]
    from_cache: Lenient,
    #[serde(rename = "output_tokens")]
    written: Lenient,
}

impl From<TokenUsage> for Tokens {
    fn from(usage: TokenUsage) -> Self {
        // Thoughts are not counted separately.
        let input = sum_of_input(&usage.fresh, &[&usage.cached, &usage.from_cache]);
        Self { input, cached_input: usage.from_cache.tokens(), output: usage.written.tokens(), reasoning: None }
            .consistent()
    }
}

pub(super) fn read_response(body: &[u8]) -> Result<ModelResponse, &'static str> {
    let message: MessageResponse = serde_json::from_slice(body).map_err(|_| "something other than a message")?;
    let output = match message.stop_reason.name().as_deref() {
        Some("refusal") => ModelOutput::Refused,
        Some("max_tokens") => ModelOutput::CutOff,
        Some("model_context_window_exceeded") => ModelOutput::TooLong,
        _ => {
            // Thoughts are blocks of another type.
            let texts = message.content.iter().filter(|block| block.kind.name().as_deref() == Some("text"));
            ModelOutput::Text(texts.filter_map(|block| block.text.of_type::<String>()).collect())
        }
    };
    Ok(ModelResponse {
        output,
        model: message.model.name(),
        tokens: message.usage.of_type::<TokenUsage>().map(Tokens::from).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::lenient::{ODD_COUNTS, ODD_VALUES};
    use super::*;

    fn output(stop_reason: &str) -> ModelOutput {
        let body = json!({"content": [{"type": "text", "text": "{\"a\""}], "stop_reason": stop_reason});
        read_response(body.to_string().as_bytes()).unwrap().output
    }

    #[test]
    fn a_message_is_read_with_what_it_cost() {
        let body = json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "stop_reason": "end_turn",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "text", "text": "{"}, {"type": "text", "text": "}"}
            ],
            "usage": {"input_tokens": 12, "cache_creation_input_tokens": 100, "cache_read_input_tokens": 1000, "output_tokens": 3}
        });
        let expected = ModelResponse {
            output: ModelOutput::Text("{}".to_owned()),
            model: Some("claude-x".to_owned()),
            tokens: Tokens { input: Some(1112), cached_input: Some(1000), output: Some(3), reasoning: None },
        };
        assert_eq!(read_response(body.to_string().as_bytes()), Ok(expected));
    }

    #[test]
    fn an_odd_usage_loses_no_answer_and_is_no_other_number() {
        for (written, count) in ODD_COUNTS {
            let read = |usage: &str| {
                let body = format!(r#"{{"content": [{{"type": "text", "text": "{{}}"}}], "usage": {{{usage}}}}}"#);
                let response = read_response(body.as_bytes()).unwrap();
                assert_eq!(response.output, ModelOutput::Text("{}".to_owned()), "{usage}");
                response.tokens
            };
            let tokens = read(&format!(r#""input_tokens": {written}, "output_tokens": {written}"#));
            assert_eq!(tokens, Tokens { input: *count, output: *count, ..Tokens::default() }, "{written}");
            let tokens = read(&format!(r#""input_tokens": 5, "cache_read_input_tokens": {written}"#));
            let input = if *written == "null" { Some(5) } else { count.map(|count| count + 5) };
            assert_eq!(tokens, Tokens { input, cached_input: *count, ..Tokens::default() }, "{written}");
        }
    }

    #[test]
    fn an_odd_field_beside_the_answer_does_not_lose_it() {
        for odd in ODD_VALUES {
            let block =
                format!(r#"{{"type": "text", "text": "{{}}", "citations": {odd}}}, {{"type": {odd}, "text": {odd}}}"#);
            let body = format!(r#"{{"model": {odd}, "stop_reason": {odd}, "content": [{block}], "usage": {odd}}}"#);
            let expected =
                ModelResponse { output: ModelOutput::Text("{}".to_owned()), model: None, tokens: Tokens::default() };
            assert_eq!(read_response(body.as_bytes()), Ok(expected), "{odd}");
        }
    }

    #[test]
    fn the_reasons_for_ending_early_are_told_apart() {
        assert_eq!(output("max_tokens"), ModelOutput::CutOff);
        assert_eq!(output("model_context_window_exceeded"), ModelOutput::TooLong);
        assert_eq!(output("refusal"), ModelOutput::Refused);
        assert_eq!(output("end_turn"), ModelOutput::Text("{\"a\"".to_owned()));
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        for body in
            [&b""[..], b"<html>", b"\xff\xfe", b"{}", b"{\"type\": \"error\", \"error\": {\"type\": \"api_error\"}}"]
        {
            assert!(read_response(body).is_err(), "{body:?}");
        }
    }
}
