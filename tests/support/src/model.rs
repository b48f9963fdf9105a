//! What a language model's server sends, and what the model writes in it.

use domain::Criterion;
use serde_json::{Map, Value, json};

/// A chat completion, as OpenAI documents it, with that text.
#[must_use]
pub fn chat_completion(text: &str) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "stub-1-2026",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    })
}

/// An answer about a call with that score for every criterion, and with that quote as the evidence.
#[must_use]
pub fn model_answer(turn: usize, role: &str, quote: &str, score: f64) -> Value {
    let evidence = json!([{"turn": turn, "role": role, "quote": quote}]);
    let criterion = json!({"evidence": evidence, "reason": "The agent is friendly.", "score": score});
    let criteria: Map<String, Value> =
        Criterion::ALL.iter().map(|name| (name.to_string(), criterion.clone())).collect();
    json!({"criteria": criteria, "feedback": "Good.", "improvement_suggestions": "None.", "suggestions": []})
}
