//! What a model judges. Runs on a stack with `SCORER=llm` whose model is the stub of `local/model_stub.py`, which does as a turn
//! of the call tells it and counts what it was asked.

use serde_json::{Value, json};

use crate::calls;
use crate::feedback::assert_quotes_are_verbatim;
use crate::organisation::Organisation;
use crate::stack::{Stack, variable};

/// A call in which the stub is told what to do, and the words by which its requests are known.
fn told(behaviour: &str) -> (Value, String) {
    let word: String = (0..12).map(|_| fastrand::lowercase()).collect();
    let order = format!("[stub: {behaviour} {word}]");
    let mut call = calls::good();
    call["transcript"].as_array_mut().unwrap().push(json!({"role": "other", "text": order}));
    (call, order)
}

/// How many requests to the model held that text.
async fn requests(text: &str) -> u64 {
    let address = variable("LLM_BASE_URL").replace("/v1", "/requests");
    let url = reqwest::Url::parse_with_params(&address, [("text", text)]).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(url).send().await.unwrap().text().await.unwrap();
    serde_json::from_str::<Value>(&answer).unwrap()["count"].as_u64().unwrap()
}

#[tokio::test]
async fn a_call_is_judged_by_the_model_and_says_so() {
    let organisation = Organisation::new();
    let (mut call, order) = told("good");
    // The embedded scorer would not know the language.
    call["language"] = "de".into();
    organisation.send(std::slice::from_ref(&call));
    let answer = organisation.outcome(calls::id(&call)).await;
    let feedback = answer.data();
    let provenance = &feedback["provenance"];
    for (field, expected) in
        [("scorer", json!("llm")), ("protocol", json!("openai")), ("attempts", json!(1)), ("samples", json!(1))]
    {
        assert_eq!(provenance[field], expected, "{field}");
    }
    assert_eq!(provenance["model"], variable("LLM_MODEL"));
    assert!(["input_tokens", "output_tokens"].iter().all(|tokens| provenance[tokens].as_u64() > Some(0)));
    assert_eq!(provenance["prompt_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(feedback["criteria"].as_array().unwrap().len(), domain::Criterion::ALL.len());
    assert_quotes_are_verbatim(feedback, &call);
    assert_eq!(requests(&order).await, 1);
}

#[tokio::test]
async fn a_call_that_is_sent_many_times_is_asked_for_once() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let (call, order) = told("good");
    organisation.send(&vec![call.clone(); 8]);
    let before = organisation.outcome(calls::id(&call)).await;
    organisation.send(&vec![call.clone(); 3]);
    stack.drained().await;
    assert_eq!(requests(&order).await, 1);
    assert_eq!(organisation.ask(&format!("/{}", calls::id(&call))).await, before);
    let stats = organisation.ask("/stats").await;
    assert_eq!((&stats.data()["total_feedback"], &stats.data()["failed"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn an_answer_that_lies_or_babbles_is_repaired_once_and_never_stored() {
    for behaviour in ["lies", "babbles"] {
        let (organisation, stack) = (Organisation::new(), Stack::connect().await);
        let (call, order) = told(behaviour);
        organisation.send(std::slice::from_ref(&call));
        let letter = stack.dead_letter(organisation.id.as_str()).await;
        assert_eq!(letter.error_code, "invalid_model_output");
        let answer = organisation.outcome(calls::id(&call)).await;
        let error = answer.error(404, "call_failed");
        assert_eq!((&error["reason"], &error["message"]), (&json!(letter.error_code), &json!(letter.error_reason)));
        assert_eq!(requests(&order).await, 2, "{behaviour}");
    }
}

#[tokio::test]
async fn a_busy_model_is_asked_again_later() {
    let organisation = Organisation::new();
    let (call, order) = told("busy");
    organisation.send(std::slice::from_ref(&call));
    let answer = organisation.outcome(calls::id(&call)).await;
    assert_eq!(answer.data()["provenance"]["scorer"], "llm");
    assert_eq!(requests(&order).await, 4);
}

#[tokio::test]
async fn no_e_mail_address_reaches_the_model_or_the_table() {
    let organisation = Organisation::new();
    let (mut call, order) = told("good");
    let address = format!("{}@example.com", (0..12).map(|_| fastrand::lowercase()).collect::<String>());
    // The longest turn of the agent is the one that the stub quotes.
    let text = format!("Let me write to {address} {}", "and then we will see what comes of it ".repeat(5));
    let turn = json!({"role": "agent", "text": text});
    call["transcript"].as_array_mut().unwrap().push(turn);
    organisation.send(std::slice::from_ref(&call));
    let answer = organisation.outcome(calls::id(&call)).await;
    let document = answer.data().to_string();
    assert!(document.contains("Let me write to [EMAIL]") && !document.contains(&address), "{document}");
    assert_eq!((requests(&order).await, requests(&address).await), (1, 0));
}
