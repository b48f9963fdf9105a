//! Amazon Bedrock's Converse: what is sent and signed, what becomes of answers and errors.

use aws::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::region::Region;
use domain::Score;
use judge::{BuildError, Judge, Settings};
use serde_json::{Value, json};
use test_support::{ReceivedRequest, StubServer, response};

use crate::fixtures::{answer, call, in_seconds};
use crate::signature::{authorization, header};

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const CLAUDE: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

fn aws(session: Option<&str>) -> SdkConfig {
    let credentials = Credentials::new(ID, SECRET, session.map(str::to_owned), None, "test");
    let provider = SharedCredentialsProvider::new(credentials);
    SdkConfig::builder().region(Region::new("eu-central-1")).credentials_provider(provider).build()
}

fn settings(server: &StubServer, variables: &[(&str, &str)]) -> Settings {
    let lookup = |name: &str| {
        let set = variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        set.or_else(|| match name {
            "LLM_PROTOCOL" => Some("bedrock".to_owned()),
            "LLM_BASE_URL" => Some(format!("http://{}", server.address())),
            "LLM_MODEL" => Some(CLAUDE.to_owned()),
            "LLM_API_KEY" => Some("key-of-another-provider".to_owned()),
            "LLM_TIMEOUT_SECONDS" => Some("5".to_owned()),
            _ => None,
        })
    };
    Settings::from_lookup(lookup).unwrap()
}

fn judge_with(server: &StubServer, variables: &[(&str, &str)]) -> Judge {
    Judge::new(settings(server, variables).signed_with(&aws(Some("session-token")))).unwrap()
}

fn converse(content: &Value, stop_reason: &str) -> Vec<u8> {
    let message = json!({"role": "assistant", "content": content});
    let usage = json!({"inputTokens": 20, "outputTokens": 10, "totalTokens": 130, "cacheReadInputTokens": 100});
    let body = json!({"output": {"message": message}, "stopReason": stop_reason, "usage": usage});
    response(200, "content-type: application/json\r\n", body.to_string())
}

fn texts(score: f64) -> Vec<u8> {
    converse(&json!([{"text": answer(score).to_string()}]), "end_turn")
}

fn exception(status: u16, name: &str, text: &str) -> Vec<u8> {
    response(status, &format!("x-amzn-errortype: {name}:http://internal/\r\n"), json!({"message": text}).to_string())
}

/// A server with these responses, one after the other; the last one is repeated.
fn responding(responses: Vec<Vec<u8>>) -> StubServer {
    let count = std::sync::atomic::AtomicUsize::new(0);
    StubServer::start(move |_| {
        let index = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Some(responses[index.min(responses.len() - 1)].clone())
    })
}

fn body(request: &ReceivedRequest) -> Value {
    serde_json::from_str(&request.body).unwrap()
}

#[tokio::test]
async fn requests_are_signed_with_the_credentials_and_carry_no_key() {
    for model in [
        CLAUDE,
        "eu.amazon.nova-pro-v1:0",
        "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3",
        "an odd/../na%me~é",
    ] {
        for session in [None, Some("session/token+=")] {
            let server = responding(vec![texts(7.0)]);
            let judge = Judge::new(settings(&server, &[("LLM_MODEL", model)]).signed_with(&aws(session))).unwrap();
            judge.assess(&call(), in_seconds(20)).await.unwrap();
            let request = &server.rest()[0];
            let expected = authorization(request, ID, SECRET, "eu-central-1");
            assert_eq!(header(request, "authorization"), Some(expected.as_str()), "{model}");
            assert_eq!(header(request, "x-amz-security-token"), session);
            assert!(!request.head.contains("key-of-another-provider"), "{}", request.head);
        }
    }
}

#[tokio::test]
async fn converse_is_asked_for_as_aws_documents_it() {
    let server = responding(vec![texts(7.5)]);
    let variables = [("LLM_MAX_OUTPUT_TOKENS", "4000"), ("LLM_TEMPERATURE", "0.5"), ("LLM_REASONING_EFFORT", "low")];
    let judgement = judge_with(&server, &variables).assess(&call(), in_seconds(20)).await.unwrap();
    assert_eq!(judgement.assessment.score, Score::from_tenths(75).unwrap());
    let provenance = &judgement.provenance;
    assert_eq!((provenance.protocol.as_deref(), provenance.model.as_deref()), (Some("bedrock"), Some(CLAUDE)));
    assert_eq!((provenance.input_tokens, provenance.cached_input_tokens), (Some(120), Some(100)));
    assert_eq!((provenance.output_tokens, provenance.reasoning_tokens), (Some(10), None));
    let request = &server.rest()[0];
    let path = "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse";
    assert!(request.head.starts_with(&format!("POST {path} HTTP/1.1\r\n")), "{}", request.head);
    assert_eq!(header(request, "content-type"), Some("application/json"));
    let body = body(request);
    assert_eq!(body["inferenceConfig"], json!({"maxTokens": 4_000, "temperature": 0.5}));
    let [system, cache_point] = body["system"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert!(system["text"].as_str().unwrap().contains("# Criteria"));
    assert_eq!(*cache_point, json!({"cachePoint": {"type": "default"}}));
    assert_eq!(body["messages"][0]["role"], "user");
    assert!(body["messages"][0]["content"][0]["text"].as_str().unwrap().contains("My order has not arrived"));
    let format = &body["outputConfig"]["textFormat"];
    assert_eq!((&format["type"], &body["outputConfig"]["effort"]), (&json!("json_schema"), &json!("low")));
    let schema = format["structure"]["jsonSchema"]["schema"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(schema).unwrap()["additionalProperties"], false);
    assert!(body.get("toolConfig").is_none() && body.get("model").is_none());
}

#[tokio::test]
async fn a_model_without_structured_output_answers_through_a_tool() {
    let called = json!([{"text": "Here it is."}, {"toolUse": {"toolUseId": "t", "name": "x", "input": answer(6.0)}}]);
    let server = responding(vec![converse(&called, "tool_use")]);
    let variables = [("LLM_JSON_MODE", "tool"), ("LLM_MODEL", "us.amazon.nova-pro-v1:0")];
    let judgement = judge_with(&server, &variables).assess(&call(), in_seconds(20)).await.unwrap();
    assert_eq!(judgement.assessment.score, Score::from_tenths(60).unwrap());
    let body = body(&server.rest()[0]);
    let tool = &body["toolConfig"]["tools"][0]["toolSpec"];
    assert_eq!(tool["inputSchema"]["json"]["additionalProperties"], false);
    assert_eq!(body["toolConfig"]["toolChoice"]["tool"]["name"], tool["name"]);
    assert!(body.get("outputConfig").is_none(), "{body}");
}

#[tokio::test]
async fn cache_points_are_sent_to_models_that_may_know_them_until_one_is_refused() {
    for (model, has_cache_point) in [
        (CLAUDE, true),
        ("us.amazon.nova-pro-v1:0", true),
        ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3", true),
        ("us.meta.llama3-3-70b-instruct-v1:0", false),
    ] {
        let server = responding(vec![texts(8.0)]);
        judge_with(&server, &[("LLM_MODEL", model)]).assess(&call(), in_seconds(20)).await.unwrap();
        assert_eq!(server.rest()[0].body.contains("cachePoint"), has_cache_point, "{model}");
    }
    let text = "You invoked an unsupported model or your request did not allow prompt caching.";
    let server = responding(vec![exception(403, "AccessDeniedException", text), texts(8.0)]);
    let judge = judge_with(&server, &[]);
    for attempts in [2, 1] {
        let judgement = judge.assess(&call(), in_seconds(20)).await.unwrap();
        assert_eq!((judgement.usage.attempts, judgement.usage.tokens.output), (attempts, Some(10)));
    }
    let sent: Vec<_> = server.rest().iter().map(|request| request.body.contains("cachePoint")).collect();
    assert_eq!(sent, [true, false, false]);
}

#[tokio::test]
async fn an_answer_is_sent_back_in_the_same_conversation() {
    let server = responding(vec![converse(&json!([{"text": "I would rather not."}]), "end_turn"), texts(5.0)]);
    let judgement = judge_with(&server, &[("LLM_JSON_MODE", "none")]).assess(&call(), in_seconds(20)).await.unwrap();
    assert_eq!((judgement.usage.repairs, judgement.usage.tokens.input), (1, Some(240)));
    let body = body(&server.rest()[1]);
    assert!(body.get("outputConfig").is_none() && body.get("toolConfig").is_none());
    let roles: Vec<_> = body["messages"].as_array().unwrap().iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["user", "assistant", "user"]);
    assert_eq!(body["messages"][1]["content"][0]["text"], "I would rather not.");
}

#[tokio::test]
async fn throttling_and_models_that_are_not_ready_are_tried_again() {
    for (status, name) in [(429, "ThrottlingException"), (429, "ModelNotReadyException"), (424, "ModelErrorException")]
    {
        let server = responding(vec![exception(status, name, "wait"), texts(8.0)]);
        let judgement = judge_with(&server, &[]).assess(&call(), in_seconds(20)).await.unwrap();
        assert_eq!((judgement.usage.attempts, server.rest().len()), (2, 2), "{name}");
    }
}

#[tokio::test]
async fn what_an_operator_has_to_correct_is_not_tried_again_and_named() {
    for (status, name, text, code, advice) in [
        (
            403,
            "AccessDeniedException",
            "You don't have access to the model",
            "model_unauthorized",
            "bedrock:InvokeModel",
        ),
        (403, "ExpiredTokenException", "The security token is expired", "model_unauthorized", "expired"),
        (404, "ResourceNotFoundException", "no such model", "model_request_rejected", "LLM_MODEL"),
        (
            400,
            "ValidationException",
            "on-demand throughput isn't supported",
            "model_request_rejected",
            "inference profile",
        ),
        (400, "ValidationException", "outputConfig: not supported", "model_json_mode_rejected", "LLM_JSON_MODE"),
    ] {
        let server = responding(vec![exception(status, name, text)]);
        let error = judge_with(&server, &[]).assess(&call(), in_seconds(20)).await.unwrap_err();
        assert_eq!((error.kind.code(), server.rest().len()), (code, 1), "{name}");
        assert!(error.kind.is_transient() && error.kind.retry_after().is_some(), "{name}");
        assert!(error.to_string().contains(advice) && error.to_string().contains(name), "{error}");
    }
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = responding(vec![texts(8.0)]);
    let unsigned = Judge::new(settings(&server, &[]));
    assert!(matches!(unsigned, Err(BuildError::Unsigned)), "{unsigned:?}");
    let nobody = SdkConfig::builder().region(Region::new("eu-central-1")).build();
    let judge = Judge::new(settings(&server, &[]).signed_with(&nobody)).unwrap();
    let error = judge.assess(&call(), in_seconds(20)).await.unwrap_err();
    assert_eq!((error.kind.code(), server.rest().len()), ("model_unauthorized", 0));
    assert!(error.kind.is_transient() && error.kind.retry_after().is_some(), "{error}");
    assert!(!format!("{:?}", judge_with(&server, &[])).contains(SECRET));
}
