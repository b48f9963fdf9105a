//! The protocol against a real model's server; whether its judgements are any good is not tested. `make test-llm` starts one and
//! sets the variables that say where it is; without it these tests fail.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "clippy exempts the tests, but not the functions they share"
)]

use std::time::Duration;

use domain::Call;
use judge::{Judge, JudgeErrorKind, Settings};
use tokio::time::Instant;

/// More than a small model on a busy machine takes for an answer and its repair.
const TIME: Duration = Duration::from_mins(30);

fn call() -> Call {
    let message = intake::read(include_str!("brief-call.json"), intake::Attributes::default()).unwrap();
    let call = if let intake::ParsedMessage::Call(call) = message { Some(*call) } else { None };
    call.expect("brief-call.json is a call")
}

/// A judge that asks the server, with another JSON mode if there is one.
fn judge(json_mode: Option<&str>) -> Judge {
    let lookup = |name: &str| match (name, json_mode) {
        ("LLM_JSON_MODE", Some(mode)) => Some(mode.to_owned()),
        _ => environment::variable(name),
    };
    Judge::new(Settings::from_lookup(lookup).expect("start the server with `make test-llm`")).unwrap()
}

#[tokio::test]
async fn an_answer_has_the_shape_of_the_schema_and_nothing_unproven_is_kept() {
    let call = call();
    let (usage, told) = match judge(None).assess(&call, Instant::now() + TIME).await {
        Ok(judgement) => {
            for evidence in judgement.assessment.criteria.iter().flat_map(|one| &one.evidence) {
                let said = &call.transcript[evidence.turn];
                assert!(said.role == evidence.role && said.text.contains(&evidence.quote), "{evidence:?}");
            }
            assert_eq!(judgement.provenance.input_tokens, judgement.usage.tokens.input);
            assert_eq!(judgement.provenance.model, environment::variable("LLM_MODEL"));
            (judgement.usage, serde_json::to_string_pretty(&judgement.assessment).unwrap())
        }
        Err(error) => {
            // A model this small may quote nothing correctly, or never finish; it must not break the schema.
            let is_expected = match &error.kind {
                JudgeErrorKind::InvalidOutput { validation_error } => !validation_error.contains("JSON"),
                kind => matches!(kind, JudgeErrorKind::CutOff),
            };
            assert!(is_expected, "{error}");
            let told = error.to_string();
            (error.usage, told)
        }
    };
    println!("{usage:?}\n{told}");
    assert!(usage.attempts >= 1 && usage.tokens.input > Some(1_000) && usage.tokens.output > Some(0), "{usage:?}");
}

#[tokio::test]
async fn a_json_mode_that_the_server_does_not_know_is_named() {
    let error = judge(Some("json_schema")).assess(&call(), Instant::now() + TIME).await.unwrap_err();
    assert_eq!((error.kind.code(), error.usage.attempts), ("model_json_mode_rejected", 1), "{error}");
    assert!(error.to_string().contains("LLM_JSON_MODE=json_schema"), "{error}");
}
