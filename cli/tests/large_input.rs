//! How much memory the built program takes for an input that is much larger than any of its calls.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "clippy exempts the tests, but not the functions they share")]

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};

/// How long a call is, and how many of them the input has: 80 MB.
const CALL_BYTES: usize = 1_000_000;
const CALLS: usize = 80;
/// How much memory the program may take for it, in kB; most of it is the program itself.
const MOST_KB: usize = 50_000;

/// A call with something beside it that makes it large, which is too short to be scored.
fn call() -> String {
    let audio = "QUFB".repeat(CALL_BYTES / 4);
    format!(
        r#"{{"org_id": "acme", "call_id": "c", "duration_seconds": 5, "transcript": "Agent: Hi", "audio": "{audio}"}}"#
    )
}

fn started(command: &str) -> Child {
    let mut command_line = Command::new(env!("CARGO_BIN_EXE_call-feedback"));
    let command_line = command_line.arg(command).env_clear().env("REDACT", "off").stdin(Stdio::piped());
    command_line.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The most memory that the program has had so far, in kB.
fn peak_kb(child: &Child) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Writes the calls, and reads how much memory the program takes when it has read nearly all of them.
fn measure(command: &str, [start, between, end]: [&str; 3]) -> (usize, String) {
    let mut child = started(command);
    let mut input = child.stdin.take().unwrap();
    let call = call();
    input.write_all(start.as_bytes()).unwrap();
    for number in 0..CALLS {
        let before = if number > 0 { between } else { "" };
        input.write_all(format!("{before}{call}").as_bytes()).unwrap();
    }
    let peak = peak_kb(&child);
    input.write_all(end.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    (peak, String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_long_input_takes_no_more_memory_than_a_few_of_its_calls() {
    for layout in [["[", ", ", "]"], ["[\n  ", ",\n  ", "\n]\n"], ["", "\n", "\n"]] {
        let (peak, told) = measure("score", layout);
        assert!(told.ends_with(&format!("scored 0, skipped {CALLS}, failed 0\n")), "{layout:?}");
        assert!(peak < MOST_KB, "{layout:?}: {peak} kB");
    }
}
