//! `send` from its arguments to its exit code, against a stub of the queue.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy exempts the tests, but not the functions they share"
)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use test_support::{ReceivedRequest, StubServer, response};

/// A stub of SQS that accepts the messages of so many requests, and then does not respond.
fn accepting(requests: usize) -> StubServer {
    let received = AtomicUsize::new(0);
    StubServer::start(move |request| {
        if received.fetch_add(1, Ordering::SeqCst) >= requests {
            return None;
        }
        let taken: Vec<Value> = messages(request)
            .iter()
            .map(|message| json!({"Id": message["Id"], "MessageId": "m", "MD5OfMessageBody": "m"}))
            .collect();
        let body = json!({"Successful": taken, "Failed": []}).to_string();
        Some(response(200, "content-type: application/x-amz-json-1.0\r\n", body))
    })
}

fn messages(request: &ReceivedRequest) -> Vec<Value> {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    body["Entries"].as_array().unwrap().clone()
}

fn started(queue: &StubServer, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_call-feedback"));
    command.arg("send").args(arguments).env_clear();
    command.env("AWS_ENDPOINT_URL", format!("http://{}", queue.address()));
    command.envs([("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "s")]);
    command.env("CALL_FEEDBACK_QUEUE_URL", format!("http://{}/000000000000/calls", queue.address()));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn send(queue: &StubServer, arguments: &[&str], input: &str) -> Output {
    let mut child = started(queue, arguments);
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn told(output: &Output) -> (Option<i32>, String) {
    assert!(output.stdout.is_empty(), "{output:?}");
    (output.status.code(), String::from_utf8(output.stderr.clone()).unwrap())
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap().success());
}

fn call(number: usize) -> Value {
    json!({"org_id": "acme", "call_id": format!("c{number}"), "transcript": "Agent: Hello.\nCustomer: Hi."})
}

fn json_lines(count: usize) -> String {
    (0..count).flat_map(|number| [call(number).to_string(), "\n".to_owned()]).collect()
}

/// What the API of a platform responds with when it is asked for a call.
fn resource(platform: &str) -> Value {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/intake/fixtures");
    serde_json::from_slice(&fs::read(fixtures.join(platform).join("resource.json")).unwrap()).unwrap()
}

#[test]
fn what_a_platforms_api_responds_with_is_sent_call_by_call() {
    let [vapi, retell, elevenlabs] = ["vapi", "retell", "elevenlabs"].map(resource);
    for calls in [
        json!([vapi]),
        json!([retell]),
        json!([elevenlabs]),
        json!([vapi, vapi, vapi]),
        json!([retell, retell]),
        json!([elevenlabs, vapi]),
    ] {
        let calls = calls.as_array().unwrap();
        let document = if let [call] = calls.as_slice() { call.clone() } else { json!(calls) };
        for input in [document.to_string(), serde_json::to_string_pretty(&document).unwrap()] {
            let queue = accepting(9);
            let output = send(&queue, &["--org", "acme"], &input);
            assert_eq!(told(&output), (Some(0), format!("sent {}, failed 0\n", calls.len())), "{input}");
            let request = &queue.rest()[0];
            let sent: Vec<Value> = messages(request)
                .iter()
                .map(|message| serde_json::from_str(message["MessageBody"].as_str().unwrap()).unwrap())
                .collect();
            assert_eq!(sent, *calls);
            assert_eq!(messages(request)[0]["MessageAttributes"]["org_id"]["StringValue"], "acme");
        }
    }
}

#[test]
fn nothing_to_send_is_told_and_no_success() {
    let queue = accepting(9);
    assert_eq!(told(&send(&queue, &[], " \n")), (Some(1), "stdin: is empty\nsent 0, failed 1\n".to_owned()));
    assert_eq!(told(&send(&queue, &[], "[]")), (Some(0), "sent 0, failed 0\n".to_owned()));
    assert!(queue.rest().is_empty());
}

#[test]
fn an_interruption_tells_how_many_were_sent_and_where_to_go_on() {
    for (name, code, signal_name) in [("INT", 130, "SIGINT"), ("TERM", 143, "SIGTERM")] {
        let queue = accepting(2);
        let mut child = started(&queue, &[]);
        let mut input = child.stdin.take().unwrap();
        input.write_all(json_lines(40).as_bytes()).unwrap();
        // The third request is not responded to.
        for _ in 0..3 {
            let _ = queue.next("POST ");
        }
        signal(&child, name);
        let expected = format!(
            "sent 20, failed 0\nerror: interrupted by {signal_name}: go on with stdin:21; sending a call again is harmless\n"
        );
        assert_eq!(told(&child.wait_with_output().unwrap()), (Some(code), expected));
        drop(input);
    }
}

#[test]
fn an_interruption_while_waiting_for_input_ends_at_once() {
    let queue = accepting(9);
    let mut child = started(&queue, &[]);
    let mut input = child.stdin.take().unwrap();
    input.write_all(json_lines(11).as_bytes()).unwrap();
    let _ = queue.next("POST ");
    // The first ten are on their way, and so is the response.
    std::thread::sleep(std::time::Duration::from_millis(500));
    signal(&child, "INT");
    let (code, text) = told(&child.wait_with_output().unwrap());
    assert_eq!(code, Some(130));
    assert_eq!(
        text,
        "sent 10, failed 0\nerror: interrupted by SIGINT: go on with stdin:11; sending a call again is harmless\n"
    );
    drop(input);
}
