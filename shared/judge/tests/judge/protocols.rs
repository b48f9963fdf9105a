//! What is sent, and what becomes of a valid answer, in both protocols.

use domain::{Criterion, Score, Scorer};
use judge::Judgement;
use serde_json::json;
use test_support::chat_completion;

use crate::fixtures::{answer, assess, call, in_seconds, judge_with};
use crate::stub_model::{StubModel, answering, with_status};

#[tokio::test]
async fn a_valid_answer_becomes_a_judgement_with_its_provenance_and_its_cost() {
    let stub = StubModel::responding(vec![answering(answer(7.5))]);
    let judgement = assess(&stub).await.unwrap();
    assert_eq!(judgement.assessment.score, Score::from_tenths(75).unwrap());
    assert_eq!(judgement.assessment.criteria.len(), Criterion::ALL.len());
    assert_eq!(judgement.assessment.criteria[0].evidence[0].quote, "I am sorry to hear that");
    assert_eq!(judgement.assessment.conversation, scoring::conversation(&call()));
    let provenance = &judgement.provenance;
    assert_eq!((provenance.scorer, provenance.protocol.as_deref()), (Scorer::Llm, Some("openai")));
    assert_eq!(provenance.model.as_deref(), Some("stub-1-2026"), "as the server names it");
    assert_eq!((provenance.input_tokens, provenance.output_tokens), (Some(100), Some(10)));
    assert_eq!((provenance.attempts, provenance.samples, provenance.truncated_turns), (Some(1), Some(1), Some(0)));
    assert_eq!((provenance.score_spread, judgement.assessment.review.needs_review), (None, false));
    assert_eq!(provenance.rubric_version, scoring::RUBRIC_VERSION);
    assert_eq!(provenance.prompt_sha256.as_ref().map(String::len), Some(64));
    assert!(provenance.elapsed_ms.is_some());
    assert_eq!((judgement.usage.attempts, judgement.usage.repairs, judgement.usage.rejected_quotes), (1, 0, 0));
    assert!(!judgement.usage.latency.is_zero());
}

/// The text without the code that is new in each prompt.
fn without_code(text: &str) -> String {
    let (_, rest) = text.split_once("<<<TRANSCRIPT ").unwrap();
    let (code, _) = rest.split_once('\n').unwrap();
    text.replace(code, "CODE")
}

#[tokio::test]
async fn the_prompt_that_is_told_is_the_one_that_is_sent() {
    let stub = StubModel::responding(vec![answering(answer(5.0))]);
    let judge = judge_with(&stub, &[]);
    let told = judge.prompt(&call()).unwrap();
    let judgement = judge.assess(&call(), in_seconds(20)).await.unwrap();
    let sent = &stub.requests()[0];
    assert_eq!((sent.message(0), told.messages.len()), (told.system.as_str(), 1));
    assert_eq!(without_code(sent.message(1)), without_code(&told.messages[0].text));
    assert_ne!(sent.message(1), told.messages[0].text, "each prompt has a code of its own");
    assert_eq!(sent.body["response_format"]["json_schema"]["schema"], told.schema);
    assert_eq!(judgement.provenance.prompt_sha256.as_deref(), Some(judge.prompt_sha256()));
    assert!(judge_with(&stub, &[("LLM_MAX_INPUT_TOKENS", "10")]).prompt(&call()).is_none());
}

#[tokio::test]
async fn chat_completions_are_asked_for_as_openai_documents_them() {
    let stub = StubModel::responding(vec![answering(answer(5.0))]);
    assess(&stub).await.unwrap();
    let request = &stub.requests()[0];
    assert!(request.head.starts_with("post /v1/chat/completions http/1.1\r\n"), "{}", request.head);
    assert!(request.head.contains("\r\nauthorization: bearer key-123\r\n"), "{}", request.head);
    assert!(request.head.contains("\r\ncontent-type: application/json\r\n"), "{}", request.head);
    assert_eq!((&request.body["model"], &request.body["max_completion_tokens"]), (&json!("stub-1"), &json!(8_192)));
    assert_eq!((request.body.get("max_tokens"), request.body.get("temperature")), (None, None));
    let format = &request.body["response_format"];
    assert_eq!((&format["type"], &format["json_schema"]["strict"]), (&json!("json_schema"), &json!(true)));
    assert_eq!(format["json_schema"]["schema"]["additionalProperties"], false);
    let roles: Vec<_> = request.body["messages"].as_array().unwrap().iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["system", "user"]);
}

#[tokio::test]
async fn each_json_mode_is_asked_for_in_its_own_way() {
    for (mode, kind, has_schema) in [
        ("json_object_schema", json!("json_object"), true),
        ("json_object", json!("json_object"), false),
        ("none", json!(null), false),
    ] {
        let stub = StubModel::responding(vec![answering(answer(5.0))]);
        let settings = [("LLM_JSON_MODE", mode), ("LLM_MAX_TOKENS_FIELD", "max_tokens"), ("LLM_TEMPERATURE", "0")];
        judge_with(&stub, &settings).assess(&call(), in_seconds(20)).await.unwrap();
        let request = &stub.requests()[0];
        assert_eq!(request.body["response_format"]["type"], kind, "{mode}");
        assert_eq!(request.body["response_format"]["schema"].is_object(), has_schema, "{mode}");
        assert_eq!((&request.body["max_tokens"], &request.body["temperature"]), (&json!(8_192), &json!(0.0)), "{mode}");
        assert!(request.message(0).contains("\"additionalProperties\":false"), "{mode}: the model is told the schema");
    }
}

#[tokio::test]
async fn an_answer_is_not_lost_for_what_is_told_of_it_and_its_cost_is_then_unknown() {
    let text = answer(7.5).to_string();
    let odd = json!({"prompt_tokens": -1, "completion_tokens": "many", "input_tokens": 1.5, "output_tokens": []});
    let openai =
        json!({"model": {"id": 7}, "choices": [{"finish_reason": 0, "message": {"content": text}}], "usage": odd});
    let anthropic = json!({"model": 7, "content": [{"type": "text", "text": text}], "stop_reason": [], "usage": odd});
    for (protocol, response) in [("openai", openai), ("anthropic", anthropic)] {
        let stub = StubModel::responding(vec![with_status(200, response)]);
        let judge = judge_with(&stub, &[("LLM_PROTOCOL", protocol)]);
        let Judgement { assessment, provenance, usage } = judge.assess(&call(), in_seconds(20)).await.unwrap();
        assert_eq!((assessment.score, stub.requests().len()), (Score::from_tenths(75).unwrap(), 1), "{protocol}");
        assert_eq!(provenance.model.as_deref(), Some("stub-1"), "as the settings name it");
        assert_eq!((provenance.input_tokens, provenance.output_tokens, usage.responses), (None, None, 1));
    }
}

#[tokio::test]
async fn the_cost_of_two_responses_of_which_one_does_not_tell_it_is_unknown() {
    let mut silent = chat_completion(&json!({"criteria": 1}).to_string());
    silent["usage"] = json!({"prompt_tokens": 50});
    let stub = StubModel::responding(vec![with_status(200, silent), answering(answer(7.5))]);
    let judgement = assess(&stub).await.unwrap();
    assert_eq!((judgement.usage.responses, judgement.usage.repairs), (2, 1));
    assert_eq!((judgement.provenance.input_tokens, judgement.provenance.output_tokens), (Some(150), None));
}

#[tokio::test]
async fn characters_that_cannot_be_seen_are_not_stored_and_cost_no_proof() {
    let mut written = answer(7.5);
    written["feedback"] =
        json!("A fri\u{200b}endly\u{202e} call with “How can\u{2066} I help you?” (agent, turn 0).\u{7}");
    written["topics"] = json!(["de\u{ad}livery\u{feff}"]);
    written["criteria"]["language_use"]["evidence"][0]["quote"] =
        json!("i am sor\u{200b}ry\u{2069} to\u{1b} hear that");
    let mut completion = chat_completion(&written.to_string());
    completion["model"] = json!("gpt\u{202e}-x\n");
    let stub = StubModel::responding(vec![with_status(200, completion)]);
    let judgement = assess(&stub).await.unwrap();
    assert_eq!((judgement.usage.repairs, judgement.usage.rejected_quotes), (0, 0));
    assert_eq!(judgement.assessment.feedback, "A friendly call with “How can I help you?” (agent, turn 0).");
    assert_eq!(judgement.assessment.synopsis.topics, ["delivery"]);
    let criterion = judgement.assessment.criteria.iter().find(|one| one.criterion == Criterion::LanguageUse).unwrap();
    assert_eq!(criterion.evidence[0].quote, "I am sorry to hear that");
    assert_eq!(judgement.provenance.model.as_deref(), Some("gpt-x"));
}

#[tokio::test]
async fn messages_are_asked_for_as_anthropic_documents_them() {
    let message = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-stub", "stop_reason": "end_turn",
        "content": [{"type": "text", "text": answer(6.0).to_string()}], "usage": {"input_tokens": 7, "output_tokens": 5}
    });
    let stub = StubModel::responding(vec![with_status(200, message)]);
    let judge = judge_with(&stub, &[("LLM_PROTOCOL", "anthropic"), ("LLM_MAX_OUTPUT_TOKENS", "4000")]);
    let judgement = judge.assess(&call(), in_seconds(20)).await.unwrap();
    assert_eq!((judgement.provenance.protocol.as_deref(), judgement.usage.tokens.input), (Some("anthropic"), Some(7)));
    let request = &stub.requests()[0];
    assert!(request.head.starts_with("post /v1/messages http/1.1\r\n"), "{}", request.head);
    assert!(request.head.contains("\r\nx-api-key: key-123\r\n"), "{}", request.head);
    assert!(request.head.contains("\r\nanthropic-version: 2023-06-01\r\n"), "{}", request.head);
    assert!(!request.head.contains("authorization") && !request.head.contains("anthropic-beta"), "{}", request.head);
    assert_eq!((&request.body["max_tokens"], &request.body["messages"][0]["role"]), (&json!(4_000), &json!("user")));
    let [system] = request.body["system"].as_array().unwrap().as_slice() else { panic!("{}", request.body) };
    assert!(system["text"].as_str().unwrap().contains("# Criteria"));
    assert_eq!(system["cache_control"], json!({"type": "ephemeral"}));
    assert_eq!(request.body["output_config"]["format"]["type"], "json_schema");
    assert!(request.body["output_config"]["format"]["schema"].is_object());
}

#[tokio::test]
async fn a_server_that_does_not_know_the_mark_for_its_cache_is_asked_without() {
    let refusal =
        json!({"type": "error", "error": {"message": "system.0.cache_control: Extra inputs are not permitted"}});
    let message = json!({"content": [{"type": "text", "text": answer(6.0).to_string()}], "stop_reason": "end_turn"});
    let stub = StubModel::responding(vec![with_status(400, refusal), with_status(200, message)]);
    let judge = judge_with(&stub, &[("LLM_PROTOCOL", "anthropic")]);
    for attempts in [2, 1] {
        assert_eq!(judge.assess(&call(), in_seconds(20)).await.unwrap().usage.attempts, attempts);
    }
    let systems: Vec<_> = stub.requests().into_iter().map(|request| request.body["system"].is_array()).collect();
    assert_eq!(systems, [true, false, false]);
}

#[tokio::test]
async fn an_effort_is_asked_for_where_each_protocol_has_it() {
    for (protocol, place) in [("openai", "/reasoning_effort"), ("anthropic", "/output_config/effort")] {
        let stub = StubModel::responding(vec![with_status(400, json!({"error": {"message": "no such effort"}}))]);
        let judge = judge_with(&stub, &[("LLM_PROTOCOL", protocol), ("LLM_REASONING_EFFORT", "low")]);
        let error = judge.assess(&call(), in_seconds(20)).await.unwrap_err();
        assert!(error.to_string().contains("LLM_REASONING_EFFORT"), "{error}");
        let body = &stub.requests()[0].body;
        assert_eq!(body.pointer(place), Some(&json!("low")), "{body}");
    }
}

#[tokio::test]
async fn without_a_key_none_is_sent_and_azure_gets_it_in_its_own_header() {
    let stub = StubModel::responding(vec![answering(answer(5.0))]);
    let keyless = format!("{}/", stub.url);
    let lookup = |name: &str| match name {
        "LLM_BASE_URL" => Some(keyless.clone()),
        "LLM_MODEL" => Some("m".to_owned()),
        _ => None,
    };
    let judge = judge::Judge::new(judge::Settings::from_lookup(lookup).unwrap()).unwrap();
    judge.assess(&call(), in_seconds(20)).await.unwrap();
    let azure = format!("{}/openai/deployments/d?api-version=2024-10-21", stub.url);
    judge_with(&stub, &[("LLM_BASE_URL", &azure)]).assess(&call(), in_seconds(20)).await.unwrap();
    let requests = stub.requests();
    assert!(!requests[0].head.contains("key"), "{}", requests[0].head);
    assert!(requests[1].head.starts_with("post /v1/openai/deployments/d/chat/completions?api-version=2024-10-21 "));
    assert!(requests[1].head.contains("\r\napi-key: key-123\r\n") && !requests[1].head.contains("authorization"));
}

#[tokio::test]
async fn warming_up_opens_a_connection_and_never_fails() {
    let stub = StubModel::responding(vec![answering(answer(5.0))]);
    let judge = judge_with(&stub, &[]);
    judge.warm_up().await;
    judge.assess(&call(), in_seconds(20)).await.unwrap();
    assert_eq!(stub.requests().len(), 1, "warming up asks for nothing");
    judge_with(&stub, &[("LLM_BASE_URL", "http://127.0.0.1:1")]).warm_up().await;
}
