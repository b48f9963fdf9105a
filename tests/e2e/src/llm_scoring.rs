//! Scoring by a language model. Runs on a stack with `SCORER=llm` whose model is the stub `local/model_stub.py`: a turn of the call
//! tells the stub how to behave, and it counts its requests.

use serde_json::{Value, json};

use crate::feedback::assert_quotes_are_verbatim;
use crate::organisation::Organisation;
use crate::sample_calls;
use crate::stack::{Stack, variable};

/// A call with an instruction to the stub, and the instruction, by which the requests for this call can be counted.
fn call_for_stub(behaviour: &str) -> (Value, String) {
    let word: String = (0..12).map(|_| fastrand::lowercase()).collect();
    let instruction = format!("[stub: {behaviour} {word}]");
    let mut call = sample_calls::good();
    call["transcript"].as_array_mut().unwrap().push(json!({"role": "other", "text": instruction}));
    (call, instruction)
}

/// The number of requests to the model that contained that text.
async fn count_requests(text: &str) -> u64 {
    let address = variable("LLM_BASE_URL").replace("/v1", "/requests");
    let url = reqwest::Url::parse_with_params(&address, [("text", text)]).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = client.get(url).send().await.unwrap().text().await.unwrap();
    serde_json::from_str::<Value>(&response).unwrap()["count"].as_u64().unwrap()
}

#[tokio::test]
async fn the_provenance_of_a_call_scored_by_the_model_names_it() {
    let organisation = Organisation::new();
    let (mut call, instruction) = call_for_stub("good");
    // The embedded scorer would not know the language.
    call["language"] = "de".into();
    organisation.send(std::slice::from_ref(&call));
    let response = organisation.wait_for_result(sample_calls::id(&call)).await;
    let feedback = response.data();
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
    assert_eq!(count_requests(&instruction).await, 1);
}

#[tokio::test]
async fn the_model_is_asked_once_about_a_call_that_is_sent_many_times() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let (call, instruction) = call_for_stub("good");
    organisation.send(&vec![call.clone(); 8]);
    let before = organisation.wait_for_result(sample_calls::id(&call)).await;
    organisation.send(&vec![call.clone(); 3]);
    stack.wait_until_queue_is_empty().await;
    assert_eq!(count_requests(&instruction).await, 1);
    assert_eq!(organisation.get(&format!("/{}", sample_calls::id(&call))).await, before);
    let stats = organisation.get("/stats").await;
    assert_eq!((&stats.data()["total_feedback"], &stats.data()["failed"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn an_invalid_answer_is_repaired_once_and_never_stored() {
    for behaviour in ["lies", "babbles"] {
        let (organisation, stack) = (Organisation::new(), Stack::connect().await);
        let (call, instruction) = call_for_stub(behaviour);
        organisation.send(std::slice::from_ref(&call));
        let letter = stack.dead_letter(organisation.id.as_str()).await;
        assert_eq!(letter.error_code, "invalid_model_output");
        let response = organisation.wait_for_result(sample_calls::id(&call)).await;
        let error = response.error(404, "call_failed");
        assert_eq!((&error["reason"], &error["message"]), (&json!(letter.error_code), &json!(letter.error_reason)));
        assert_eq!(count_requests(&instruction).await, 2, "{behaviour}");
    }
}

#[tokio::test]
async fn a_busy_model_is_asked_again_later() {
    let organisation = Organisation::new();
    let (call, instruction) = call_for_stub("busy");
    organisation.send(std::slice::from_ref(&call));
    let response = organisation.wait_for_result(sample_calls::id(&call)).await;
    assert_eq!(response.data()["provenance"]["scorer"], "llm");
    assert_eq!(count_requests(&instruction).await, 4);
}

#[tokio::test]
async fn no_e_mail_address_reaches_the_model_or_the_table() {
    let organisation = Organisation::new();
    let (mut call, instruction) = call_for_stub("good");
    let address = format!("{}@example.com", (0..12).map(|_| fastrand::lowercase()).collect::<String>());
    // The stub quotes the longest turn of the agent.
    let text = format!("Let me write to {address} {}", "and then we will see what comes of it ".repeat(5));
    let turn = json!({"role": "agent", "text": text});
    call["transcript"].as_array_mut().unwrap().push(turn);
    organisation.send(std::slice::from_ref(&call));
    let response = organisation.wait_for_result(sample_calls::id(&call)).await;
    let document = response.data().to_string();
    assert!(document.contains("Let me write to [EMAIL]") && !document.contains(&address), "{document}");
    assert_eq!((count_requests(&instruction).await, count_requests(&address).await), (1, 0));
}
