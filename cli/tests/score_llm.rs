//! `score --scorer llm` from its arguments to its exit code, against a stub of a model's server.
#![expect(clippy::unwrap_used, reason = "clippy exempts the tests, but not the functions they share")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use test_support::{StubServer, chat_completion, model_answer, response};

/// A stub of a model's server that responds to every request with the same answer.
fn answering() -> StubServer {
    let answer = model_answer(0, "agent", "how can I help you", 6.0);
    let completion = response(200, "", chat_completion(&answer.to_string()).to_string());
    StubServer::start(move |_| Some(completion.clone()))
}

fn score(model: &StubServer, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_call-feedback"));
    command.args(["score"]).args(arguments).env_clear();
    command.env("LLM_BASE_URL", format!("http://{}", model.address()));
    command.envs([("LLM_MODEL", "m"), ("LLM_API_KEY", "key-123")]);
    let piped = command.envs(variables.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn call(id: &str) -> Value {
    json!({
        "org_id": "acme", "call_id": id, "duration_seconds": 60,
        "transcript": [
            {"role": "agent", "text": "Good morning, how can I help you?"},
            {"role": "customer", "text": "Please write to jane.doe@example.com."},
        ],
    })
}

fn json_lines(count: usize) -> String {
    (0..count).map(|number| call(&format!("c{number}")).to_string() + "\n").collect()
}

fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stderr.clone()).unwrap())
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn calls_are_judged_in_the_order_of_the_input_with_their_provenance() {
    let model = answering();
    let output = score(&model, &["--scorer", "llm", "--jobs", "4"], &[], &json_lines(9));
    assert_eq!(told(&output), (Some(0), "scored 9, skipped 0, failed 0\n".to_owned()));
    let lines = lines(&output);
    assert!(lines.iter().enumerate().all(|(number, line)| line["call_id"] == format!("c{number}")), "{lines:?}");
    let provenance = &lines[0]["provenance"];
    assert_eq!((&provenance["scorer"], &provenance["protocol"]), (&json!("llm"), &json!("openai")));
    assert_eq!((&provenance["model"], &provenance["input_tokens"]), (&json!("stub-1-2026"), &json!(100)));
    assert_eq!((&lines[0]["score"], lines[0]["criteria"].as_array().unwrap().len()), (&json!(6.0), 12));
    assert_eq!(model.rest().len(), 9);
}

#[test]
fn the_scorer_may_come_from_the_environment_and_short_calls_cost_nothing() {
    let model = answering();
    let mut short = call("short");
    short["duration_seconds"] = json!(5);
    let output = score(&model, &[], &[("SCORER", "llm")], &short.to_string());
    assert_eq!(lines(&output)[0]["skipped"]["reason"], "call_too_short");
    assert!(model.rest().is_empty());
    let german = score(&model, &["--scorer", "llm"], &[], &{
        let mut call = call("german");
        call["language"] = json!("de");
        call.to_string()
    });
    assert_eq!(told(&german).0, Some(0), "a model is not bound to English");
}

#[test]
fn peoples_data_is_redacted_before_it_leaves_unless_somebody_says_otherwise() {
    for (variables, is_redacted) in [(&[][..], true), (&[("REDACT", "on")], true), (&[("REDACT", "off")], false)] {
        let model = answering();
        let output = score(&model, &["--scorer", "llm"], variables, &json_lines(1));
        assert_eq!(told(&output).0, Some(0));
        let question = model.rest().into_iter().map(|request| request.body).collect::<String>();
        assert_eq!(question.contains("jane.doe"), !is_redacted, "{variables:?}");
        assert_eq!(question.contains("[EMAIL]"), is_redacted, "{variables:?}");
    }
}

#[test]
fn peoples_data_in_metadata_is_redacted_unless_somebody_says_otherwise() {
    let mut told_of = call("c1");
    told_of["metadata"] = json!({"card": {"cvv": 123}, "callback": "415-555-0132", "visits": 3});
    let redacted = json!({"card": {"cvv": "[CVV]"}, "callback": "[PHONE]", "visits": 3});
    for (variables, expected) in [(&[][..], &redacted), (&[("REDACT_METADATA", "off")], &told_of["metadata"])] {
        let model = answering();
        let output = score(&model, &["--scorer", "llm"], variables, &told_of.to_string());
        assert_eq!(&lines(&output)[0]["metadata"], expected, "{variables:?}");
    }
}

#[test]
fn a_call_that_cannot_be_judged_is_named_and_the_key_is_not() {
    let error =
        json!({"error": {"message": "'loc': ('body', 'response_format', 'type')", "type": "internal_server_error"}});
    let model = StubServer::start(move |_| Some(response(500, "", error.to_string())));
    let output = score(&model, &["--scorer", "llm"], &[], &json_lines(2));
    let (code, text) = told(&output);
    assert_eq!((code, output.stdout.len()), (Some(1), 0));
    assert!(
        text.starts_with(
            "stdin:1: model_json_mode_rejected: the model's server does not accept LLM_JSON_MODE=json_schema"
        ),
        "{text}"
    );
    assert!(text.ends_with("scored 0, skipped 0, failed 2\n") && !text.contains("key-123"), "{text}");
}

#[test]
fn bedrock_is_asked_with_the_credentials_and_in_the_region_of_the_aws_command_line() {
    let answer = model_answer(0, "agent", "how can I help you", 6.0).to_string();
    let message = json!({"role": "assistant", "content": [{"text": answer}]});
    let converse = json!({"output": {"message": message}, "stopReason": "end_turn"}).to_string();
    let model = StubServer::start(move |_| Some(response(200, "", converse.clone())));
    let mut config = tempfile::NamedTempFile::new().unwrap();
    config
        .write_all(b"[profile judge]\nregion = eu-north-1\naws_access_key_id = AKID\naws_secret_access_key = s\n")
        .unwrap();
    let file = config.path().to_str().unwrap();
    let variables =
        [("LLM_PROTOCOL", "bedrock"), ("LLM_MODEL", "eu.m:0"), ("AWS_PROFILE", "judge"), ("AWS_CONFIG_FILE", file)];
    let output = score(&model, &["--scorer", "llm"], &variables, &json_lines(1));
    assert_eq!(told(&output), (Some(0), "scored 1, skipped 0, failed 0\n".to_owned()));
    let request = model.next("POST /model/eu.m%3A0/converse ");
    let head = request.head.to_lowercase();
    assert!(head.contains("credential=akid/") && head.contains("/eu-north-1/bedrock/aws4_request"), "{head}");
    assert!(!head.contains("key-123"), "{head}");
    let nowhere =
        [("LLM_PROTOCOL", "bedrock"), ("LLM_BASE_URL", "http://127.0.0.1:1"), ("AWS_EC2_METADATA_DISABLED", "true")];
    let (code, text) = told(&score(&model, &["--scorer", "llm"], &nowhere, &json_lines(1)));
    assert_eq!(code, Some(1));
    assert!(text.contains("check the AWS credentials and the region"), "{text}");
}

#[test]
fn a_model_that_is_too_slow_leads_to_the_settings_for_that() {
    let model = StubServer::start(|_| None::<Vec<u8>>);
    let output = score(&model, &["--scorer", "llm"], &[("LLM_TIMEOUT_SECONDS", "0.3")], &json_lines(1));
    let (code, text) = told(&output);
    assert_eq!(code, Some(1));
    assert!(text.starts_with("stdin:1: model_timeout: ") && text.contains("LLM_TIMEOUT_SECONDS=0.3"), "{text}");
    assert!(text.contains("--jobs 1"), "{text}");
}

#[test]
fn settings_that_cannot_be_are_wrong_usage_and_named() {
    for (variables, named) in [
        (("LLM_MODEL", ""), "environment variable LLM_MODEL is not set"),
        (("LLM_PROTOCOL", "x"), "environment variable LLM_PROTOCOL is \"x\", known are openai, anthropic, bedrock"),
        (("SCORER", "magic"), "unknown scorer \"magic\""),
        (("REDACT", "maybe"), "must be on or off"),
        (("REDACT_METADATA", "maybe"), "must be on or off"),
    ] {
        let model = answering();
        let arguments: &[&str] = if variables.0 == "SCORER" { &[] } else { &["--scorer", "llm"] };
        let (code, text) = told(&score(&model, arguments, &[variables], ""));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(named), "{text}");
    }
}
