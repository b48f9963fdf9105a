//! Every file of `fixtures/<format>` is detected as that format and no other, and gives the expected result in
//! `<name>.expected.json`.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests read the fixtures, and write them when a developer asks for it"
)]

use std::fs;
use std::path::{Path, PathBuf};

use domain::Stance;
use serde_json::{Value, json};

use crate::field::Field;
use crate::tests::read_for_acme;
use crate::{ParsedMessage, format_names, native_json};

/// The command that writes the actual results as the expected ones; review them before you commit them.
const REWRITE: &str = "REWRITE_FIXTURES=1 cargo nextest run -p intake fixture_tests";

/// The fixtures of a format: path and message.
pub(crate) fn load(format: &str) -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(format);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| !path.to_str().unwrap().ends_with(".expected.json"));
    paths.sort();
    let body = |path: &PathBuf| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    paths.into_iter().map(|path| (path.clone(), body(&path))).collect()
}

fn result_json(message: &Value) -> Value {
    match read_for_acme(message) {
        Ok(ParsedMessage::Call(call)) => native_json(&call),
        Ok(ParsedMessage::Ignored { format, reason }) => json!({"format": format, "ignored": reason}),
        Ok(ParsedMessage::Objects(objects)) => panic!("{objects:?}"),
        Err(error) => json!({"error": error.to_string(), "code": error.code(), "call_id": error.call_id}),
    }
}

#[test]
fn every_fixture_gives_the_expected_result() {
    for format in format_names() {
        let fixtures = load(format);
        assert!(fixtures.len() >= 3, "{format} has {} fixtures", fixtures.len());
        for (path, message) in fixtures {
            let (found, expected) = (result_json(&message), path.with_extension("expected.json"));
            if std::env::var_os("REWRITE_FIXTURES").is_some() {
                fs::write(&expected, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
            }
            let expected: Value = serde_json::from_str(&fs::read_to_string(&expected).unwrap_or_default())
                .unwrap_or_else(|_| panic!("{} has no expected result: {REWRITE}", path.display()));
            assert_eq!(found, expected, "{} gives another result; if that is intended: {REWRITE}", path.display());
        }
    }
}

#[test]
fn every_fixture_is_of_exactly_one_format() {
    for format in format_names() {
        for (path, message) in load(format) {
            let message = Field::root(&message);
            let payload = if message.has("payload") { message.get("payload") } else { message };
            let detected: Vec<_> =
                super::FORMATS.iter().filter(|one| (one.detects)(&payload)).map(|one| one.name).collect();
            assert_eq!(detected, [format], "{}", path.display());
        }
    }
}

#[test]
fn every_call_written_as_native_json_is_read_as_the_same_call() {
    for (path, message) in format_names().flat_map(load) {
        if let Ok(ParsedMessage::Call(call)) = read_for_acme(&message) {
            let again =
                read_for_acme(&native_json(&call)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(again, ParsedMessage::Call(call), "{}", path.display());
        }
    }
}

#[test]
fn what_each_platform_concludes_in_the_fixtures_is_read_as_it_is_meant() {
    let mut found = Vec::new();
    for (path, message) in format_names().flat_map(load) {
        let Ok(ParsedMessage::Call(call)) = read_for_acme(&message) else { continue };
        let verdict = call.producer_verdict.unwrap_or_default();
        if let Some(label) = verdict.success.as_ref().or(verdict.sentiment.as_ref()) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            found.push(format!("{}/{name}: {label}: {:?}", call.producer, verdict.stance(&call.producer)));
        }
    }
    found.sort();
    let (good, bad) = (Some(Stance::Good), Some(Stance::Bad));
    let expected = [
        // A payload in our own schema, of a producer whose scale is not known.
        ("acme-dialer/awkward", "8", None),
        ("call_analytics/typical", "2.1", good),
        ("contact_lens/typical", "3.1", good),
        ("deepgram/typical", "negative", bad),
        // A score whose scale is not known.
        ("elevenlabs/resource", "0.9", None),
        ("elevenlabs/typical", "success", good),
        ("google_insights/typical", "0.8", good),
        ("post_call_analytics/typical", "-1.2", None),
        ("retell/resource", "true", good),
        ("retell/typical", "true", good),
        ("vapi/awkward", "7.5", good),
        ("vapi/resource", "true", good),
        ("vapi/typical", "true", good),
    ];
    assert_eq!(found, expected.map(|(fixture, label, stance)| format!("{fixture}: {label}: {stance:?}")));
}
