//! The built program, from its arguments to its exit code. No test needs AWS, and none is given any of the environment.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy exempts the tests, but not the functions they share"
)]

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_call-feedback"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

fn run_with_input(arguments: &[&str], input: &str) -> Output {
    let piped = (Stdio::piped(), Stdio::piped());
    let mut child = program(arguments).stdin(Stdio::piped()).stdout(piped.0).stderr(piped.1).spawn().unwrap();
    let written = child.stdin.take().unwrap().write_all(input.as_bytes());
    // A program that has refused its arguments may be gone before it could read anything.
    assert!(written.as_ref().err().is_none_or(|error| error.kind() == ErrorKind::BrokenPipe), "{written:?}");
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn error_text(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn call_ids(output: &Output) -> Vec<String> {
    lines(output).iter().map(|line| line["call_id"].as_str().unwrap().to_owned()).collect()
}

fn call(id: &str) -> Value {
    json!({
        "org_id": "acme", "call_id": id, "duration_seconds": 60, "language": "en", "metadata": {"campaign": "q4"},
        "transcript": [
            {"role": "agent", "text": "Good morning, this is the service desk. How can I help you?", "start_ms": 0, "end_ms": 4000},
            {"role": "customer", "text": "My order has not arrived and I am annoyed.", "start_ms": 4500, "end_ms": 9000},
            {"role": "agent", "text": "I am sorry to hear that. May I have your order number?", "start_ms": 9500, "end_ms": 14000},
            {"role": "customer", "text": "It is four five six. Thank you.", "start_ms": 14500, "end_ms": 18000},
        ],
    })
}

fn with(id: &str, key: &str, value: Value) -> Value {
    let mut call = call(id);
    call[key] = value;
    call
}

fn json_lines<'a>(calls: impl IntoIterator<Item = &'a Value>) -> String {
    calls.into_iter().flat_map(|call| [call.to_string(), "\n".to_owned()]).collect()
}

fn file(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn text_of(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn calls_are_scored_in_the_order_of_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let array = file(&folder, "array.json", serde_json::to_vec_pretty(&[call("c1"), call("c2")]).unwrap());
    let one = file(&folder, "one.json", serde_json::to_vec_pretty(&call("c3")).unwrap());
    let stream = file(&folder, "stream.jsonl", json_lines(&[call("c4"), call("c5")]));
    let output = run(&["score", &stream, &array, &one]);
    assert_eq!((code(&output), error_text(&output)), (0, "scored 5, skipped 0, failed 0\n"));
    assert_eq!(call_ids(&output), ["c4", "c5", "c1", "c2", "c3"]);
    let from_folder = run(&["score", text_of(folder.path())]);
    assert_eq!(call_ids(&from_folder), ["c1", "c2", "c3", "c4", "c5"]);
}

#[test]
fn a_feedback_is_complete_but_for_times_of_the_clock() {
    let output = run_with_input(&["score"], &call("c1").to_string());
    let feedback = &lines(&output)[0];
    assert_eq!(feedback["criteria"].as_array().unwrap().len(), 12);
    assert_eq!(feedback["metadata"], json!({"campaign": "q4"}));
    assert_eq!((feedback.get("created_at"), &feedback["provenance"]["elapsed_ms"]), (None, &Value::Null));
    let score = feedback["score"].as_f64().unwrap();
    assert!((0.0..=10.0).contains(&score), "{score}");
}

#[test]
fn the_same_input_gives_the_same_bytes_with_any_number_of_jobs() {
    let calls: Vec<_> = (0..150).map(|n| with(&format!("c{n}"), "duration_seconds", json!(n))).collect();
    let input = json_lines(&calls);
    let expected = run_with_input(&["score", "--jobs", "1"], &input);
    assert_eq!(call_ids(&expected), (0..150).map(|n| format!("c{n}")).collect::<Vec<_>>());
    for jobs in ["1", "2", "7"] {
        let output = run_with_input(&["score", "--jobs", jobs, "-"], &input);
        assert_eq!((output.stdout, output.stderr), (expected.stdout.clone(), expected.stderr.clone()), "{jobs} jobs");
    }
}

#[test]
fn a_call_that_fails_is_named_and_does_not_hide_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let broken = with("c2", "transcript", json!([{"role": "supervisor", "text": "Hello."}]));
    let stream =
        file(&folder, "calls.jsonl", format!("{}\n{{oops\n{}", json_lines(&[call("c1"), broken.clone()]), call("c3")));
    let output = run(&["score", &stream]);
    let expected = format!(
        "{stream}:2: transcript[0].role: unknown role \"supervisor\" (known are agent, customer and other)\n\
         {stream}:4: $: is not JSON: key must be a string at line 1 column 2\n\
         scored 2, skipped 0, failed 2\n"
    );
    assert_eq!((code(&output), error_text(&output)), (1, expected.as_str()));
    assert_eq!(call_ids(&output), ["c1", "c3"]);
    let array = file(&folder, "calls.json", json!([call("c1"), broken]).to_string());
    let output = run(&["score", &array]);
    assert!(error_text(&output).starts_with(&format!("{array}[1]: transcript[0].role: unknown role")));
}

#[test]
fn a_skipped_call_is_no_error_and_says_why() {
    let calls = [with("short", "duration_seconds", json!(29)), with("foreign", "language", json!("de"))];
    let output = run_with_input(&["score"], &json_lines(&calls));
    assert_eq!(code(&output), 0);
    let reasons: Vec<_> =
        lines(&output).iter().map(|line| (line["call_id"].clone(), line["skipped"]["reason"].clone())).collect();
    assert_eq!(reasons, [(json!("short"), json!("call_too_short")), (json!("foreign"), json!("unsupported_language"))]);
    let error = error_text(&output);
    assert!(error.starts_with("stdin:1: skipped (call_too_short): "), "{error}");
    assert!(error.ends_with("\nscored 0, skipped 2, failed 0\n"), "{error}");
    let output = run_with_input(&["score", "--min-seconds", "29"], &calls[0].to_string());
    assert_eq!(error_text(&output), "scored 1, skipped 0, failed 0\n");
}

#[test]
fn an_explanation_adds_up_to_the_score() {
    let output = run_with_input(&["score", "--explain"], &call("c1").to_string());
    assert_eq!(code(&output), 0);
    let text = String::from_utf8(output.stdout).unwrap();
    let number_after = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!("{name} ")).unwrap();
        rest.split_whitespace().next().unwrap().parse::<f64>().unwrap()
    };
    assert!(text.starts_with("c1  score "), "{text}");
    let mut expected = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("    ") || line.contains("  base ")) {
        if line.starts_with("    ") {
            let (_, sum) = expected.last_mut().unwrap();
            *sum += line.split_whitespace().next().unwrap().parse::<f64>().unwrap();
        } else {
            expected.push((number_after(line, "score"), number_after(line, "base")));
        }
    }
    assert!(expected.len() >= 11, "{text}");
    assert!(expected.iter().all(|(score, sum)| (score - sum).abs() <= 0.2), "{expected:?}\n{text}");
}

#[test]
fn an_explanation_says_why_a_person_should_look_at_the_call() {
    let twilio = json!({"org_id": "acme", "call_id": "t1", "payload": {"transcript_sid": "GT1", "sentences": [
        {"media_channel": 1, "transcript": "Good morning, this is the service desk. How can I help you?", "sentence_index": 0},
        {"media_channel": 2, "transcript": "My order has not arrived and I am annoyed.", "sentence_index": 1},
        {"media_channel": 1, "transcript": "I am sorry to hear that. It will be there tomorrow.", "sentence_index": 2},
        {"media_channel": 2, "transcript": "Thank you.", "sentence_index": 3},
    ]}});
    let output = run_with_input(&["score", "--explain", "--min-seconds", "0"], &twilio.to_string());
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find(|line| line.starts_with("  needs review: "));
    assert!(
        line.is_some_and(|line| line.contains("roles_guessed")),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_organisation_may_come_from_the_envelope_or_the_option() {
    let mut nobodys = call("c1");
    nobodys.as_object_mut().unwrap().remove("org_id");
    let envelope = json!({"org_id": "acme", "payload": nobodys});
    let expected = run_with_input(&["score"], &call("c1").to_string());
    assert_eq!(run_with_input(&["score"], &envelope.to_string()).stdout, expected.stdout);
    assert_eq!(run_with_input(&["score", "--org", "acme"], &nobodys.to_string()).stdout, expected.stdout);
    let output = run_with_input(&["score"], &nobodys.to_string());
    assert_eq!(code(&output), 1);
    assert!(error_text(&output).starts_with("stdin:1: org_id: is missing"));
}

fn retell(event: &str) -> Value {
    json!({"event": event, "call": {"call_id": "r1", "agent_id": "a1", "duration_ms": 61_000,
        "transcript": "Agent: Northway Dental, how can I help?\nUser: I need a new date, please.\nAgent: Thursday at nine is free. \nUser: Thank you!"}})
}

#[test]
fn a_platforms_payload_is_normalized_and_scores_the_same_as_what_it_is_normalized_to() {
    let payload = retell("call_ended").to_string();
    let normalized = run_with_input(&["normalize"], &payload);
    assert_eq!((code(&normalized), error_text(&normalized)), (0, "normalized 1, ignored 0, failed 0\n"));
    let native = &lines(&normalized)[0];
    assert_eq!(
        (&native["producer"], &native["org_id"], &native["call_id"]),
        (&json!("retell"), &Value::Null, &json!("r1"))
    );
    let again = run_with_input(&["normalize"], &native.to_string());
    assert_eq!(again.stdout, normalized.stdout);
    let scores = [payload, native.to_string()].map(|input| run_with_input(&["score", "--org", "acme"], &input).stdout);
    assert_eq!(scores[0], scores[1]);
    assert!(!scores[0].is_empty());
}

#[test]
fn a_format_can_be_forced_and_an_unknown_one_is_wrong_usage() {
    let list = r#"{"call_id": "m1", "messages": [{"role": "user", "content": "Hi."}]}"#;
    assert_eq!(lines(&run_with_input(&["normalize"], list))[0]["producer"], "messages");
    let forced = run_with_input(&["normalize", "--as", "vapi"], list);
    assert_eq!(code(&forced), 1);
    assert!(error_text(&forced).starts_with("stdin:1: message.type: is missing (in a message of the format vapi)"));
    assert_eq!(code(&run_with_input(&["normalize", "--as", "fax"], list)), 2);
}

#[test]
fn an_event_that_ends_no_call_is_remarked_on() {
    let output = run_with_input(&["normalize"], &retell("call_started").to_string());
    let expected =
        "stdin:1: ignored (retell): call_started is not the end of a call\nnormalized 0, ignored 1, failed 0\n";
    assert_eq!((code(&output), error_text(&output)), (0, expected));
}

#[test]
fn empty_input_and_a_missing_file_are_named_and_hide_no_other_call() {
    let folder = tempfile::tempdir().unwrap();
    let (blank, one) = (file(&folder, "blank.jsonl", "\n \n"), file(&folder, "one.json", call("c1").to_string()));
    for (command, done) in [("score", "scored 1, skipped 0"), ("normalize", "normalized 1, ignored 0")] {
        let output = run(&[command, &blank, "missing.json", &one]);
        let expected = format!(
            "{blank}: is empty\nmissing.json: cannot be read: No such file or directory (os error 2)\n{done}, failed 2\n"
        );
        assert_eq!(
            (code(&output), error_text(&output), call_ids(&output)),
            (1, expected.as_str(), vec!["c1".to_owned()])
        );
    }
    let output = run_with_input(&["score", "-"], "");
    assert_eq!((code(&output), error_text(&output)), (1, "stdin: is empty\nscored 0, skipped 0, failed 1\n"));
    let output = run_with_input(&["score"], "[]");
    assert_eq!((code(&output), error_text(&output)), (0, "scored 0, skipped 0, failed 0\n"), "an empty list is a list");
}

#[test]
fn a_folder_is_read_with_the_folders_in_it_and_what_is_left_out_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("2026/11/22")).unwrap();
    fs::create_dir_all(folder.path().join(".cache")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("2026/back")).unwrap();
    file(&folder, "2026/11/22/a.jsonl", json_lines(&[call("c1"), call("c2")]));
    file(&folder, "2026/b.JSON", call("c3").to_string());
    file(&folder, ".cache/c.json", call("hidden").to_string());
    file(&folder, "d.json.gz", "");
    let left_out = "left out in folders: 1 *.gz, 1 hidden, 1 linked to a folder that is read already (read are ";
    for (command, done) in [("score", "scored 3, skipped 0"), ("normalize", "normalized 3, ignored 0")] {
        let output = run(&[command, text_of(folder.path())]);
        assert_eq!((code(&output), call_ids(&output)), (0, ["c1", "c2", "c3"].map(str::to_owned).to_vec()));
        let [first, last] = error_text(&output).lines().collect::<Vec<_>>()[..] else { panic!("{output:?}") };
        assert!(first.starts_with(left_out), "{first}");
        assert_eq!(last, format!("{done}, failed 0"));
    }
}

#[test]
fn a_broken_element_of_a_list_is_named_with_its_line_and_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let [first, third] = ["c1", "c3"].map(call);
    let list = file(&folder, "list.json", format!("[\n  {first},\n  {{\"call_id\": oops}},\n  {third}\n]\n"));
    let output = run(&["score", &list]);
    let expected =
        format!("{list}[1]: is not JSON: expected value at line 3 column 15\nscored 2, skipped 0, failed 1\n");
    assert_eq!((code(&output), error_text(&output)), (1, expected.as_str()));
    assert_eq!(call_ids(&output), ["c1", "c3"]);
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_program_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let calls: Vec<_> = (0..500).map(|n| call(&format!("c{n}"))).collect();
    let stream = file(&folder, "calls.jsonl", json_lines(&calls));
    let mut child = program(&["score", &stream]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), error_text(&output), &first), (0, "", b"{"));
}

#[test]
fn a_reader_that_has_seen_enough_of_the_help_is_no_error_either() {
    for arguments in [&["help", "score"][..], &["--version"], &["normalize"]] {
        let mut command = program(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let written = child.stdin.take().unwrap().write_all(retell("call_ended").to_string().as_bytes());
        assert!(written.as_ref().err().is_none_or(|error| error.kind() == ErrorKind::BrokenPipe), "{written:?}");
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), error_text(&output)), (0, ""), "{arguments:?}");
    }
}

#[test]
fn a_token_in_the_wrong_place_is_not_shown() {
    let secret = "cd".repeat(32);
    let token = format!("cf_{}_{secret}", "ab".repeat(8));
    let cut = token.get(..70).unwrap();
    for given in [token.as_str(), cut, &token.to_uppercase(), &format!("{token},"), &secret] {
        let cases: &[&[&str]] = if given == secret {
            &[&["token", "revoke", given, "--token-table", "t"]]
        } else {
            &[
                &[given],
                &["help", given],
                &["token", given],
                &["token", "revoke", given],
                &["token", "revoke", given, given],
                &["token", "list", given],
                &["token", "list", "--org", given],
                &["token", "create", "--org", "acme", "--scope", given],
                &["token", "create", "--org", "acme", "--expires", given],
                &["score", given],
                &["score", "--org", given],
                &["score", "--jobs", given],
                &["normalize", "--as", given],
                &["send", given],
            ]
        };
        for arguments in cases {
            let output = run(arguments);
            let told = [output.stdout.as_slice(), &output.stderr].concat();
            let told = String::from_utf8(told).unwrap().to_lowercase();
            assert!(code(&output) > 0 && !told.contains("cdcd") && !told.is_empty(), "{arguments:?}: {told}");
        }
    }
}

#[test]
fn wrong_usage_is_code_2_and_names_what_is_wrong() {
    let cases: [(&[&str], &str); 9] = [
        (&["score", "--min-seconds", "-1"], "must be a number of seconds, 0 or more"),
        (&["score", "--jobs", "0"], "--jobs"),
        (&["score", "--org", "a b"], "must hold only letters, digits and . _ : - (found ' ')"),
        (
            &["send"],
            "no queue: set CALL_FEEDBACK_QUEUE_URL (or pass --queue-url), or name the deployed stack with --stack",
        ),
        (&["token", "list"], "no token table: set CALL_FEEDBACK_TOKEN_TABLE (or pass --token-table), or name"),
        (
            &["token", "create", "--org", "acme", "--expires", "soon"],
            "must be a time such as 2027-01-01T00:00:00Z or a duration",
        ),
        (
            &["token", "create", "--org", "acme", "--scope", "write"],
            "unknown scope \"write\" (known are read and intake)",
        ),
        (
            &["token", "create", "--org", "acme", "--token-table", "t", "--expires", "2020-01-01T00:00:00Z"],
            "--expires must lie in the future, but 2020-01-01T00:00:00Z does not",
        ),
        (&["token", "revoke", "cf_1"], "must be 16 hexadecimal digits"),
    ];
    for (arguments, expected) in cases {
        let output = run(arguments);
        assert_eq!((code(&output), output.stdout.len()), (2, 0), "{arguments:?}");
        assert!(error_text(&output).contains(expected), "{arguments:?}: {}", error_text(&output));
    }
}
