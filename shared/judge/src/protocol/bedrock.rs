//! The protocol of Amazon Bedrock's Converse, the same for all its models.

use serde::Deserialize;
use serde_json::{Value, json};

use super::lenient::{Lenient, sum_of_input};
use super::{ModelOutput, ModelResponse};
use crate::prompt::{ChatRole, Prompt, SCHEMA_NAME};
use crate::{JsonMode, Settings, Tokens};

/// The models that know cache points, with a few exceptions, and the profiles whose id does not tell their model. All other models
/// refuse a request that has one.
const WITH_CACHE: &[&str] = &["anthropic.claude", "amazon.nova", "application-inference-profile/"];

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
            json!({"role": role, "content": [{"text": message.text}]})
        })
        .collect();
    let mut system = vec![json!({"text": prompt.system})];
    if may_cache && WITH_CACHE.iter().any(|name| settings.model.contains(name)) {
        system.push(json!({"cachePoint": {"type": "default"}}));
    }
    let inference = json!({"maxTokens": settings.max_output_tokens});
    let mut body = json!({"system": system, "messages": messages, "inferenceConfig": inference});
    match settings.json_mode {
        JsonMode::JsonSchema => {
            // The schema is a text here, and an object in a tool.
            let schema = json!({"name": SCHEMA_NAME, "schema": prompt.schema.to_string()});
            body["outputConfig"]["textFormat"] = json!({"type": "json_schema", "structure": {"jsonSchema": schema}});
        }
        JsonMode::Tool => body["toolConfig"] = tool(&prompt.schema),
        JsonMode::JsonObjectSchema | JsonMode::JsonObject | JsonMode::None => {}
    }
    if let Some(effort) = settings.effort {
        body["outputConfig"]["effort"] = effort.to_string().into();
    }
    if let Some(temperature) = settings.temperature {
        body["inferenceConfig"]["temperature"] = temperature.into();
    }
    body
}

/// A tool whose input is the answer. The model may do nothing but call it.
fn tool(schema: &Value) -> Value {
    let description = "Takes the judgement of the call.";
    let tool = json!({"name": SCHEMA_NAME, "description": description, "inputSchema": {"json": schema}});
    json!({"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": SCHEMA_NAME}}})
}

#[derive(Deserialize)]
struct ConverseResponse {
    output: ConverseOutput,
    #[serde(rename = "stopReason", default)]
    stop_reason: Lenient,
    #[serde(default)]
    usage: Lenient,
}

#[derive(Deserialize)]
struct ConverseOutput {
    message: Option<ConverseMessage>,
}

#[derive(Deserialize)]
struct ConverseMessage {
    content: Vec<ContentBlock>,
}

/// A block has one field, whose name is its kind. Thoughts have another one than these.
#[derive(Deserialize)]
struct ContentBlock {
    #[serde(default)]
    text: Lenient,
    #[serde(rename = "toolUse", default)]
    tool_use: Lenient,
}

#[derive(Deserialize)]
struct ToolUse {
    input: Value,
}

/// The model has read the sum of the first three: cached tokens are counted separately.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenUsage {
    #[serde(rename = "inputTokens")]
    fresh: Lenient,
    #[serde(rename = "cacheWriteInputTokens")]
    cached: Lenient,
    #[serde(rename = "cacheReadInputTokens")]
    from_cache: Lenient,
    #[serde(rename = "outputTokens")]
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
    let response: ConverseResponse =
        serde_json::from_slice(body).map_err(|_| "something other than a response of Converse")?;
    let output = match response.stop_reason.name().as_deref() {
        Some("guardrail_intervened" | "content_filtered" | "refusal") => ModelOutput::Refused,
        Some("max_tokens") => ModelOutput::CutOff,
        Some("model_context_window_exceeded") => ModelOutput::TooLong,
        // What is malformed is sent back like any other answer that is not what was asked for.
        _ => ModelOutput::Text(response.output.message.as_ref().map(answer).unwrap_or_default()),
    };
    let tokens = response.usage.of_type::<TokenUsage>().map(Tokens::from).unwrap_or_default();
    // Converse does not name the model.
    Ok(ModelResponse { output, model: None, tokens })
}

/// The input of the tool, or else the texts.
fn answer(message: &ConverseMessage) -> String {
    let mut texts = String::new();
    for block in &message.content {
        if let Some(tool_use) = block.tool_use.of_type::<ToolUse>() {
            return tool_use.input.to_string();
        }
        texts.push_str(&block.text.of_type::<String>().unwrap_or_default());
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::super::lenient::{ODD_COUNTS, ODD_VALUES};
    use super::*;

    fn output(stop_reason: &str, content: &Value) -> ModelOutput {
        let message = json!({"role": "assistant", "content": content});
        let body = json!({"output": {"message": message}, "stopReason": stop_reason});
        read_response(body.to_string().as_bytes()).unwrap().output
    }

    #[test]
    fn a_response_is_read_with_what_it_cost() {
        let body = json!({
            "output": {"message": {"role": "assistant", "content": [
                {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}}, {"text": "{"}, {"text": "}"}
            ]}},
            "stopReason": "end_turn", "metrics": {"latencyMs": 5},
            "usage": {
                "inputTokens": 12, "outputTokens": 3, "totalTokens": 1115,
                "cacheWriteInputTokens": 100, "cacheReadInputTokens": 1000
            }
        });
        let expected = ModelResponse {
            output: ModelOutput::Text("{}".to_owned()),
            model: None,
            tokens: Tokens { input: Some(1112), cached_input: Some(1000), output: Some(3), reasoning: None },
        };
        assert_eq!(read_response(body.to_string().as_bytes()), Ok(expected));
    }

    #[test]
    fn the_input_of_the_tool_is_the_answer_whatever_is_said_with_it() {
        let called = json!([
            {"text": "I call the tool."},
            {"toolUse": {"toolUseId": "t1", "name": SCHEMA_NAME, "input": {"b": 1, "a": [2.5]}}}
        ]);
        assert_eq!(output("tool_use", &called), ModelOutput::Text("{\"b\":1,\"a\":[2.5]}".to_owned()));
    }

    #[test]
    fn an_odd_usage_loses_no_answer_and_is_no_other_number() {
        for (written, count) in ODD_COUNTS {
            let usage =
                format!(r#"{{"inputTokens": {written}, "cacheReadInputTokens": 0, "outputTokens": {written}}}"#);
            let body = format!(r#"{{"output": {{"message": {{"content": [{{"text": "{{}}"}}]}}}}, "usage": {usage}}}"#);
            let response = read_response(body.as_bytes()).unwrap();
            let expected = Tokens { input: *count, cached_input: Some(0), output: *count, reasoning: None };
            assert_eq!((response.output, response.tokens), (ModelOutput::Text("{}".to_owned()), expected), "{written}");
        }
    }

    #[test]
    fn an_odd_field_beside_the_answer_does_not_lose_it() {
        for odd in ODD_VALUES {
            let content = format!(r#"[{{"text": "{{}}", "toolUse": {odd}}}, {{"reasoningContent": {odd}}}]"#);
            let body = format!(
                r#"{{"output": {{"message": {{"role": {odd}, "content": {content}}}}}, "stopReason": {odd}, "usage": {odd}, "metrics": {odd}}}"#
            );
            let expected =
                ModelResponse { output: ModelOutput::Text("{}".to_owned()), model: None, tokens: Tokens::default() };
            assert_eq!(read_response(body.as_bytes()), Ok(expected), "{odd}");
        }
    }

    #[test]
    fn the_reasons_for_ending_early_are_told_apart() {
        let content = json!([{"text": "{\"a\""}]);
        for (reason, expected) in [
            ("max_tokens", ModelOutput::CutOff),
            ("model_context_window_exceeded", ModelOutput::TooLong),
            ("content_filtered", ModelOutput::Refused),
            ("guardrail_intervened", ModelOutput::Refused),
            ("end_turn", ModelOutput::Text("{\"a\"".to_owned())),
            ("malformed_model_output", ModelOutput::Text("{\"a\"".to_owned())),
        ] {
            assert_eq!(output(reason, &content), expected, "{reason}");
        }
        assert_eq!(read_response(br#"{"output": {}}"#).unwrap().output, ModelOutput::Text(String::new()));
    }

    #[test]
    fn what_is_no_response_is_an_error() {
        for body in [&b""[..], b"<html>", b"\xff\xfe", b"{}", b"{\"message\": \"no\"}", b"{\"output\": []}"] {
            assert!(read_response(body).is_err(), "{body:?}");
        }
    }
}
