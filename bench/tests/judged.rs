//! Recorded answers of a model, replayed through the judge: those of the project, and a recording from its first prompt
//! on.

#![expect(clippy::unwrap_used, reason = "clippy exempts the tests, but not the functions they share")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bench::calls::{ScoredCall, read};
use bench::replay::{JUDGED, RecordedAnswers, replay};
use domain::Evidence;
use serde_json::Value;
use test_support::model_answer;

/// The calls that the project has recorded answers about.
const UNSEEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/calls/unseen");

/// How many files of the folder have that ending.
fn count(folder: &Path, ending: &str) -> usize {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(ending)).count()
}

/// All quotes of an assessment that say which turn they are of.
fn evidence<'a>(scored: &'a ScoredCall<'_>) -> impl Iterator<Item = &'a Evidence> {
    let of_criteria = scored.assessment.criteria.iter().flat_map(|assessed| &assessed.evidence);
    of_criteria.chain(scored.assessment.violations.iter().flat_map(|violation| &violation.evidence))
}

#[tokio::test]
async fn the_judge_accepts_every_recorded_answer_and_stores_no_quote_that_is_not_in_its_turn() {
    let folder = Path::new(JUDGED);
    let calls = read(Path::new(UNSEEN)).unwrap();
    let replay = replay(&calls, &RecordedAnswers::of(folder)).await.unwrap();
    let (first, second) = (count(folder, ".1.json"), count(folder, ".2.json"));
    assert!(first > 0, "no answer is recorded: bench/judged/README.md says how to");
    assert!(replay.failed.is_empty(), "{:?}", replay.failed);
    assert_eq!(replay.scored.len(), first, "each answer is about a call of bench/calls/unseen");
    let sent_back: Vec<_> = replay.sent_back.iter().map(|one| (&one.rated.call.call_id, one.is_answered)).collect();
    assert_eq!(
        sent_back.len(),
        second,
        "each answer that is sent back has a second one, and no other has: {sent_back:?}"
    );
    assert!(sent_back.iter().all(|(_, is_answered)| *is_answered), "{sent_back:?}");
    for scored in &replay.scored {
        assert!(evidence(scored).next().is_some(), "{}", scored.rated.call.call_id);
        for Evidence { turn, role, quote } in evidence(scored) {
            let said = scored.rated.call.transcript.get(*turn).unwrap();
            assert!(said.role == *role && said.text.contains(quote), "{}: {turn} {quote}", scored.rated.call.call_id);
        }
    }
}

#[tokio::test]
async fn the_recorded_answers_are_to_the_prompt_of_today() {
    let replay = replay(&[], &RecordedAnswers::of(Path::new(JUDGED))).await.unwrap();
    assert_eq!(
        replay.recorded_sha256.as_deref(),
        Some(replay.prompt_sha256.as_str()),
        "The answers in bench/judged are to another prompt than the judge's of today. Record them anew, as \
         bench/judged/README.md says. Only where the change cannot change what a model answers, write the new hash to \
         bench/judged/prompt_sha256.txt."
    );
}

/// A folder of this test, with a file of two short calls.
fn folder_with_two_calls(name: &str) -> PathBuf {
    let call = |id: &str| {
        format!(
            "=== {id}\nindustry: banking\nkind: human\nscore: 2\noutcome: unresolved\ntopics: wages\n\
             criteria: tone=8 clarity=6 listening=3 goal=1 problem=1 information=2\nwhy: It was not looked at.\n\
             flags: none\nmention: - 2 | never asked\nnotclaim: tone - | rude\nA: Good morning how can I help you\n\
             C: my wages are missing\nA: oh\nC: they are\nA: oh\nC: bye\n"
        )
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("answers")).unwrap();
    fs::write(folder.join("calls.txt"), call("one") + &call("two")).unwrap();
    folder
}

/// A recording of those calls, in the folders `answers` and `prompts`.
fn bench(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench"));
    let (measurement, options) = arguments.split_first().unwrap();
    command.current_dir(folder).args([measurement, "calls.txt", "--answers", "answers"]).args(options);
    command.env_clear().output().unwrap()
}

/// What is still to be answered.
fn open(folder: &Path) -> String {
    let output = bench(folder, &["prompts", "--out", "prompts"]);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn prompt(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(folder.join("prompts").join(name)).ok()
}

/// Records an answer with that quote as the evidence of every score.
fn record(folder: &Path, name: &str, quote: &str) {
    record_answer(folder, name, &model_answer(0, "agent", quote, 3.0));
}

fn record_answer(folder: &Path, name: &str, answer: &Value) {
    fs::write(folder.join("answers").join(name), answer.to_string()).unwrap();
}

/// What the replay prints and what it complains of, both as text.
fn replayed(folder: &Path) -> (String, String) {
    let Output { stdout, stderr, .. } = bench(folder, &["calls", "--scorer", "replayed"]);
    (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn what_is_still_to_be_answered_is_written_until_everything_is() {
    let folder = folder_with_two_calls("prompts");
    assert_eq!(open(&folder), "one.1.json\ntwo.1.json\n");
    assert!(prompt(&folder, "one.1.txt").unwrap().contains("my wages are missing"));
    let same: Vec<_> = ["system.txt", "schema.json", "prompt_sha256.txt"].map(|name| prompt(&folder, name)).into();
    assert!(same.iter().all(|text| text.as_ref().is_some_and(|text| !text.is_empty())), "{same:?}");
    record(&folder, "one.1.json", "how can I help");
    record(&folder, "two.1.json", "what nobody ever said");
    assert_eq!(open(&folder), "two.2.json\n");
    assert!(prompt(&folder, "one.1.txt").is_none() && prompt(&folder, "two.1.txt").is_some());
    assert!(prompt(&folder, "two.2.txt").unwrap().contains("what nobody ever said"));
    record(&folder, "two.2.json", "how can I help");
    assert_eq!(open(&folder), "");
    assert!(prompt(&folder, "two.2.txt").is_none());
}

#[test]
fn calls_are_judged_with_their_recorded_answers_and_others_are_named() {
    let folder = folder_with_two_calls("replayed");
    let (figures, told) = replayed(&folder);
    assert!(figures.is_empty() && told.ends_with("no call was judged\"\n"), "{told}");
    record(&folder, "one.1.json", "how can I help");
    let (figures, told) = replayed(&folder);
    assert!(figures.contains("1 judged, 0 sent back"), "{figures}");
    assert!(figures.contains("answers are to another prompt"), "{figures}");
    assert_eq!(told, "not judged: two: no recorded answer\n");
    record(&folder, "two.1.json", "what nobody ever said");
    let (figures, told) = replayed(&folder);
    assert!(figures.contains("1 judged, 1 sent back (1 without"), "{figures}");
    assert_eq!(told, "not judged: two: sent back, and no answer to that is recorded\n");
    let mut misquoting = model_answer(0, "agent", "how can I help", 3.0);
    *misquoting.pointer_mut("/feedback").unwrap() = "The agent said “what nobody ever said”.".into();
    record_answer(&folder, "two.1.json", &misquoting);
    let (figures, told) = replayed(&folder);
    assert!(figures.contains("2 judged, 1 sent back (1 without"), "the judge keeps what it can: {figures}");
    assert_eq!(told, "judged without a repair: two: sent back, and no answer to that is recorded\n");
    record(&folder, "two.2.json", "how can I help");
    open(&folder);
    fs::copy(folder.join("prompts/prompt_sha256.txt"), folder.join("answers/prompt_sha256.txt")).unwrap();
    let (figures, told) = replayed(&folder);
    assert!(figures.contains("2 judged, 1 sent back (0 without"), "{figures}");
    assert!(!figures.contains("another prompt") && told.is_empty(), "{told}");
}

#[test]
fn intervals_need_more_calls_than_these() {
    let folder = folder_with_two_calls("intervals");
    record(&folder, "one.1.json", "how can I help");
    let output = bench(&folder, &["intervals", "--out", "intervals.txt"]);
    assert!(!output.status.success() && !folder.join("intervals.txt").exists(), "{output:?}");
}
