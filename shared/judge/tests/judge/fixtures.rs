//! Calls, judges and answers that the tests share.

use std::time::Duration;

use domain::{Call, CallId, OrgId, Role, Turn};
use judge::{Judge, JudgeError, Judgement, Settings};
use serde_json::{Value, json};
use test_support::model_answer;
use tokio::time::Instant;

use crate::stub_model::StubModel;

/// A call of these turns.
pub(crate) fn call_of(turns: &[(Role, &str)]) -> Call {
    let turn =
        |(role, text): &(Role, &str)| Turn { role: *role, text: (*text).to_owned(), start_ms: None, end_ms: None };
    let transcript = turns.iter().map(turn).collect();
    let mut call = Call::new(OrgId::parse("acme").unwrap(), CallId::parse("call_1").unwrap(), transcript);
    call.stated_duration_seconds = Some(60.0);
    call.language = Some("en".to_owned());
    call
}

/// An ordinary call.
pub(crate) fn call() -> Call {
    call_of(&[
        (Role::Agent, "Good morning, this is the service desk. How can I help you?"),
        (Role::Customer, "My order has not arrived and I am annoyed."),
        (Role::Agent, "I am sorry to hear that. May I have your order number?"),
        (Role::Customer, "It is four five six. Thank you."),
    ])
}

/// A valid answer about [`call`] with that score for every criterion.
pub(crate) fn answer(score: f64) -> Value {
    let mut answer = model_answer(2, "agent", "i am sorry to hear that", score);
    answer["feedback"] = json!("A friendly call with “How can I help you?” (agent, turn 0) at the start.");
    answer["suggestions"] = json!([{"criterion": "goal_achievement", "text": "Name a date.", "turn": 2}]);
    answer
}

/// A judge that asks the stub, with these variables set in addition.
pub(crate) fn judge_with(stub: &StubModel, variables: &[(&str, &str)]) -> Judge {
    let lookup = |name: &str| {
        let set = variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        set.or_else(|| match name {
            "LLM_BASE_URL" => Some(stub.url.clone()),
            "LLM_MODEL" => Some("stub-1".to_owned()),
            "LLM_API_KEY" => Some("key-123".to_owned()),
            "LLM_TIMEOUT_SECONDS" => Some("5".to_owned()),
            _ => None,
        })
    };
    Judge::new(Settings::from_lookup(lookup).unwrap()).unwrap()
}

/// The moment so many seconds from now.
pub(crate) fn in_seconds(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

/// The ordinary call, judged with ordinary settings.
pub(crate) async fn assess(stub: &StubModel) -> Result<Judgement, JudgeError> {
    judge_with(stub, &[]).assess(&call(), in_seconds(20)).await
}
