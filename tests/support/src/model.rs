//! What a language model's server sends, and what the model writes in it.

use domain::Criterion;
use serde_json::{Map, Value, json};

/// A quote has at least so many words.
const FEWEST_WORDS: usize = 3;

/// A chat completion, as OpenAI documents it, with that text.
#[must_use]
pub fn chat_completion(text: &str) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "stub-1-2026",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    })
}

/// An answer about a call with that score in total, and with that quote and parts of it as the evidence. Like an honest answer it says
/// something of its own of each criterion: two of the same weight are half a point up and down.
#[must_use]
pub fn model_answer(turn: usize, role: &str, quote: &str, score: f64) -> Value {
    let words: Vec<&str> = quote.split(' ').collect();
    let parts = words.len().saturating_sub(FEWEST_WORDS) + 1;
    let apart = if (0.5..=9.5).contains(&score) { 0.5 } else { 0.0 };
    let judged = |(at, criterion): (usize, &Criterion)| {
        let part: Vec<&str> = words.iter().skip(at % parts).copied().collect();
        let score = match criterion {
            Criterion::ActiveListening => score + apart,
            Criterion::EmpathyAndRapport => score - apart,
            _ => score,
        };
        let evidence = json!([{"turn": turn, "role": role, "quote": part.join(" ")}]);
        let reason = format!("The agent is friendly, which shows {criterion}.");
        (criterion.to_string(), json!({"evidence": evidence, "reason": reason, "score": score}))
    };
    let criteria: Map<String, Value> = Criterion::ALL.iter().enumerate().map(judged).collect();
    json!({
        "summary": "The customer asks for help.", "outcome": "not_told", "topics": ["help"], "violations": [],
        "criteria": criteria, "feedback": "Good.", "improvement_suggestions": "None.", "suggestions": []
    })
}
