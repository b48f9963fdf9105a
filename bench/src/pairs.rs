//! Pairs of calls that differ in one thing: the better one has to win, and the criterion that the thing is about has to move
//! more than any other.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::{Assessment, Call, Criterion, Role, Turn};
use scoring::embedded::assess;
use serde::Deserialize;

use crate::input::call;
use crate::statistics::number;

/// The pairs, beside the tests that hold the scorer to them.
const PAIRS: &str = include_str!("../../shared/scoring/tests/minimal_pairs.json");
/// How fast the speakers of a pair speak, and how long they wait for each other.
const MS_PER_WORD: u64 = 400;
const USUAL_GAP_MS: i64 = 600;

/// The pairs and the calls they change.
#[derive(Debug, Deserialize)]
struct Collection {
    calls: BTreeMap<String, Vec<Line>>,
    pairs: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
struct Line {
    role: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Pair {
    what: String,
    criterion: Criterion,
    base: String,
    better: Change,
    worse: Change,
}

/// What is said instead, and how long after the turn before, by turn.
#[derive(Debug, Deserialize)]
struct Change {
    say: BTreeMap<usize, String>,
    gap_ms: BTreeMap<usize, i64>,
}

/// Which of the pairs are judged as they should be, and the share. Fails when the collection is not readable.
pub fn report() -> Result<String, serde_json::Error> {
    let collection: Collection = serde_json::from_str(PAIRS)?;
    let (mut report, mut won, mut moved) = (String::new(), 0, 0);
    for pair in &collection.pairs {
        let lines = collection.calls.get(&pair.base).map_or(&[][..], Vec::as_slice);
        let (better, worse) = (assess(&changed(lines, &pair.better)), assess(&changed(lines, &pair.worse)));
        let most = moves_most(&better, &worse);
        let (wins, moves) = (better.score > worse.score, most == Some(pair.criterion));
        won += usize::from(wins);
        moved += usize::from(moves);
        if !(wins && moves) {
            let most = most.map_or("nothing", Criterion::name);
            let (is, is_not) = (better.score, worse.score);
            // Writing to a string cannot fail.
            let _ = writeln!(report, "{is} : {is_not}  {} ({}), moved most: {most}", pair.what, pair.criterion);
        }
    }
    let all = collection.pairs.len();
    let share = |count: usize| 100.0 * number(count) / number(all).max(1.0);
    let _ = writeln!(report, "the better call wins: {won} of {all} ({:.1} %)", share(won));
    let _ = writeln!(report, "the criterion it is about moves most: {moved} of {all} ({:.1} %)", share(moved));
    Ok(report)
}

/// The criterion that is better by most; of several, any that is about to be asked for counts as first.
fn moves_most(better: &Assessment, worse: &Assessment) -> Option<Criterion> {
    let score = |assessment: &Assessment, index: usize| assessment.criteria[index].score.map(|score| score.value());
    let gain = |index: usize| Some(score(better, index)? - score(worse, index)?);
    let gains = (0..Criterion::ALL.len()).filter_map(|index| Some((Criterion::ALL[index], gain(index)?)));
    gains.reduce(|most, one| if one.1 > most.1 { one } else { most }).map(|(criterion, _)| criterion)
}

/// The call with what is said differently, at the times at which people would speak.
fn changed(lines: &[Line], change: &Change) -> Call {
    let mut now: u64 = 0;
    let mut transcript = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let text = change.say.get(&index).unwrap_or(&line.text).clone();
        let gap = change.gap_ms.get(&index).copied().unwrap_or(USUAL_GAP_MS);
        let start = now.saturating_add_signed(gap);
        let words = u64::try_from(text.split_whitespace().count()).unwrap_or(u64::MAX);
        let end = start + words.saturating_mul(MS_PER_WORD);
        now = now.max(end);
        let role = Role::parse(&line.role).unwrap_or(Role::Other);
        transcript.push(Turn { role, text, start_ms: Some(start), end_ms: Some(end) });
    }
    call(transcript)
}
