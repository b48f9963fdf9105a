//! The whole calls of the project, and `bench calls` from its arguments to what it prints.

#![expect(clippy::unwrap_used, reason = "clippy exempts the tests, but not the functions they share")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bench::calls::{AgentKind, Grouping, WrittenCall, by_embedded, measure, read, read_written};
use domain::CallId;
use serde_json::Value;
use test_support::{StubServer, chat_completion, model_answer, response};

/// The calls of every folder of `bench/calls`.
fn written() -> Vec<WrittenCall> {
    let folders =
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/calls")).unwrap().map(|entry| entry.unwrap().path());
    folders.filter(|path| path.is_dir()).flat_map(|folder| read_written(&folder).unwrap()).collect()
}

#[test]
fn there_are_many_calls_of_many_industries_with_people_and_machines() {
    let calls = written();
    let industries: BTreeSet<&str> = calls.iter().map(|call| call.rating.industry.as_str()).collect();
    let machines = calls.iter().filter(|call| call.rating.agent == AgentKind::Machine).count();
    assert!(calls.len() >= 100 && industries.len() >= 12, "{} of {}", calls.len(), industries.len());
    assert!(machines >= 20 && calls.len() - machines >= 80, "{machines}");
    assert!(calls.iter().any(|call| !call.tool_events.is_empty()));
}

/// On calls that it was not trained with, the embedded scorer is nearer to readers than any constant, orders calls as they do, and says hardly
/// anything that they call false. The bounds are the ends of intervals, not the figures themselves.
#[test]
fn the_embedded_scorer_is_nearer_to_readers_than_a_constant() {
    let unseen = read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/calls/unseen"))).unwrap();
    let report = measure(&by_embedded(&unseen), Grouping::Kind);
    let all = &report.all;
    assert!(all.spearman.interval.0 > 0.4, "{:?}", all.spearman);
    assert!(all.false_claims <= 0.05, "{}", all.false_claims);
    for figures in report.groups.values().chain([all]) {
        let constant = figures.best_constant_distance.min(figures.middle_distance);
        assert!(figures.distance < constant - 0.5, "{} against {constant}", figures.distance);
    }
}

#[test]
fn no_two_calls_have_the_same_name_or_the_same_words() {
    let calls = written();
    let names: BTreeSet<&CallId> = calls.iter().map(|call| &call.id).collect();
    assert_eq!(names.len(), calls.len());
    let mut by_words: BTreeMap<Vec<&str>, &CallId> = BTreeMap::new();
    for call in &calls {
        let words = call.turns.iter().map(|turn| turn.text.as_str()).collect();
        let same = by_words.insert(words, &call.id);
        assert!(same.is_none(), "{} and {same:?}", call.id);
    }
}

#[test]
fn many_calls_are_harmful_and_many_good_and_the_customers_mood_does_not_tell_which() {
    let calls = written();
    let satisfied = |call: &&WrittenCall| {
        let satisfaction = call.rating.criteria.get(&domain::Criterion::CustomerSatisfaction);
        satisfaction.is_some_and(|score| score.value() >= 7.0)
    };
    let harmful: Vec<&WrittenCall> = calls.iter().filter(|call| call.rating.score.value() <= 1.5).collect();
    let good: Vec<&WrittenCall> = calls.iter().filter(|call| call.rating.score.value() >= 7.0).collect();
    assert!(5 * harmful.len() >= calls.len() && 5 * good.len() >= calls.len(), "{} {}", harmful.len(), good.len());
    let deceived = harmful.iter().copied().filter(satisfied).count();
    let discontented = good.iter().copied().filter(|call| !satisfied(call)).count();
    assert!(10 * deceived >= harmful.len() && 10 * discontented >= good.len(), "{deceived} {discontented}");
}

/// A file of two short calls.
fn two_calls(name: &str) -> PathBuf {
    let call = |id: &str, last: &str| {
        format!(
            "=== {id}\nindustry: banking\nkind: human\nscore: 2\noutcome: unresolved\ntopics: wages\n\
             criteria: tone=8 clarity=6 listening=3 goal=1 problem=1 information=2\nwhy: It was not looked at.\nflags: none\n\
             mention: - 2 | never asked\nnotclaim: tone - | rude\nA: Good morning how can I help you\nC: my wages are missing\n\
             A: oh\nC: they are\nA: oh\nC: {last}\n"
        )
    };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, call("one", "bye") + &call("two", "please refuse")).unwrap();
    path
}

fn bench(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench"));
    command.arg("calls").args(arguments).env_clear().envs(variables.iter().copied()).output().unwrap()
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn figures_are_printed_for_all_calls_and_each_group_and_are_the_same_each_time() {
    let by_times = printed(&bench(&["--by", "times"], &[]));
    for row in ["all ", "with times ", "without times ", "goal_achievement ", "emergency ", "outcome: "] {
        assert_eq!(by_times.lines().filter(|line| line.starts_with(row)).count(), 1, "{row}: {by_times}");
    }
    assert_eq!(by_times, printed(&bench(&["--by", "times"], &[])));
}

#[test]
fn a_constant_says_nothing_false_and_nothing_that_must_be_said() {
    let path = two_calls("constant.txt");
    let lines = printed(&bench(&[path.to_str().unwrap(), "--scorer", "constant", "--calls"], &[]));
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
    assert_eq!(ids, ["one", "two"]);
    assert_eq!((&lines[0]["reader"], &lines[0]["score"]), (&Value::from(2.0), &Value::from(5.0)));
    assert_eq!((&lines[0]["false_claims"], &lines[0]["unsaid"][0]), (&Value::Array(Vec::new()), &"never asked".into()));
}

#[test]
fn a_model_is_measured_and_calls_that_it_does_not_judge_are_named() {
    let server = StubServer::start(|request| {
        let answer = model_answer(0, "agent", "how can I help", 3.0).to_string();
        let is_refused = request.body.to_lowercase().contains("please refuse");
        Some(if is_refused { response(400, "", "{}") } else { response(200, "", chat_completion(&answer).to_string()) })
    });
    let address = format!("http://{}", server.address());
    let model = [("LLM_BASE_URL", address.as_str()), ("LLM_MODEL", "m")];
    let path = two_calls("model.txt");
    let output = bench(&[path.to_str().unwrap(), "--scorer", "llm", "--calls"], &model);
    let line: Value = serde_json::from_str(&printed(&output)).unwrap();
    assert_eq!((&line["id"], &line["score"]), (&"one".into(), &3.0.into()));
    let claims = ["professionalism_and_tone 3.0, -: rude"];
    assert_eq!(line["false_claims"], Value::from(claims.to_vec()));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("not judged: two: ") && told.lines().count() == 1, "{told}");
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_the_line() {
    let path = two_calls("broken.txt");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("=== two", "=== one")).unwrap();
    let output = bench(&[path.to_str().unwrap()], &[]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && told.contains("broken.txt") && told.contains("18"), "{told}");
}
