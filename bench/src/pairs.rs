//! Pairs of calls that differ in one thing: the better one has to win, and the criterion that the thing is about has to move
//! more than any other.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::{Assessment, Call, Criterion, Role, Score, Turn};
use scoring::embedded::assess;
use serde::Deserialize;
use serde::de::Error;

use crate::input::call;
use crate::statistics::to_f64;

/// The pairs: calls, what is said differently in them, and which criterion that is about.
pub const PAIRS: &str = include_str!("../minimal_pairs.json");
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

/// How one pair is judged.
#[derive(Debug)]
pub struct Judged {
    /// What differs.
    pub what: String,
    /// The criterion that is about it.
    pub criterion: Criterion,
    /// The scores of the better and of the worse call.
    pub scores: (Score, Score),
    /// The criterion that differs most.
    pub moves_most: Option<Criterion>,
}

impl Judged {
    /// Whether the better call wins.
    #[must_use]
    pub fn wins(&self) -> bool {
        self.scores.0 > self.scores.1
    }

    /// Whether the criterion that the pair is about moves more than any other.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.moves_most == Some(self.criterion)
    }
}

/// The collection; fails when it is malformed or a pair changes what is not there.
fn collection(pairs: &str) -> Result<Collection, serde_json::Error> {
    let collection: Collection = serde_json::from_str(pairs)?;
    for Pair { what, base, better, worse, .. } in &collection.pairs {
        let Some(lines) = collection.calls.get(base) else {
            return Err(Error::custom(format!("{what:?}: there is no call {base:?}")));
        };
        let changed = [better, worse].into_iter().flat_map(|change| change.say.keys().chain(change.gap_ms.keys()));
        if let Some(turn) = changed.copied().find(|turn| *turn >= lines.len()) {
            return Err(Error::custom(format!("{what:?}: the call {base:?} has no turn {turn}")));
        }
    }
    Ok(collection)
}

/// The pairs of a collection, judged. Fails when it is malformed or a pair changes what is not there.
pub fn judged(pairs: &str) -> Result<Vec<Judged>, serde_json::Error> {
    let collection = collection(pairs)?;
    let judge = |pair: Pair| {
        let lines = &collection.calls[&pair.base];
        let (better, worse) = (assess(&changed(lines, &pair.better)), assess(&changed(lines, &pair.worse)));
        let moves_most = moves_most(&better, &worse);
        Judged { what: pair.what, criterion: pair.criterion, scores: (better.score, worse.score), moves_most }
    };
    Ok(collection.pairs.into_iter().map(judge).collect())
}

/// All calls of the pairs, each once. Fails when the collection cannot be read.
pub fn calls() -> Result<Vec<Call>, serde_json::Error> {
    let collection = collection(PAIRS)?;
    let mut calls: Vec<Call> = Vec::new();
    for pair in &collection.pairs {
        let lines = &collection.calls[&pair.base];
        for call in [&pair.better, &pair.worse].map(|change| changed(lines, change)) {
            if calls.iter().all(|known| known.transcript != call.transcript) {
                calls.push(call);
            }
        }
    }
    Ok(calls)
}

/// The pairs of a collection that are not judged as they should be, and the shares of those that are. Fails like [`judged`].
pub fn report(pairs: &str) -> Result<String, serde_json::Error> {
    let judged = judged(pairs)?;
    let mut report = String::new();
    for pair in judged.iter().filter(|pair| !pair.wins() || !pair.moves()) {
        let (better, worse) = pair.scores;
        let most = pair.moves_most.map_or("nothing", Criterion::name);
        // Writing to a string cannot fail.
        let _ = writeln!(report, "{better} : {worse}  {} ({}), moved most: {most}", pair.what, pair.criterion);
    }
    let share = |right: fn(&Judged) -> bool| {
        let count = judged.iter().filter(|pair| right(pair)).count();
        format!("{count} of {} ({:.1} %)", judged.len(), 100.0 * to_f64(count) / to_f64(judged.len()).max(1.0))
    };
    let _ = writeln!(report, "the better call wins: {}", share(Judged::wins));
    let _ = writeln!(report, "the criterion it is about moves most: {}", share(Judged::moves));
    Ok(report)
}

/// The criterion that is better by most.
fn moves_most(better: &Assessment, worse: &Assessment) -> Option<Criterion> {
    let score = |assessment: &Assessment, index: usize| assessment.criteria[index].score.map(Score::value);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever mends the scorer with these has to write others.
    const UNSEEN: &str = include_str!("../unseen_pairs.json");

    #[test]
    fn of_two_calls_the_better_one_wins() {
        let judged = judged(PAIRS).unwrap();
        assert!(judged.len() >= 60);
        let lost: Vec<_> = judged.iter().filter(|pair| !pair.wins()).collect();
        assert!(100 * lost.len() <= 5 * judged.len(), "{lost:#?}");
    }

    #[test]
    fn the_criterion_that_should_move_moves_most() {
        let judged = judged(PAIRS).unwrap();
        let elsewhere: Vec<_> = judged.iter().filter(|pair| !pair.moves()).collect();
        assert!(100 * elsewhere.len() <= 5 * judged.len(), "{elsewhere:#?}");
    }

    #[test]
    fn plain_differences_show_in_calls_that_nothing_was_mended_with() {
        let judged = judged(UNSEEN).unwrap();
        let lost: Vec<_> = judged.iter().filter(|pair| !pair.wins()).collect();
        assert!(judged.len() >= 80 && 100 * lost.len() <= 5 * judged.len(), "{lost:#?}");
    }

    #[test]
    fn a_pair_that_changes_what_is_not_there_is_an_error_that_names_it() {
        let with = |base: &str, turn: usize| {
            let change = |say: &str| format!(r#"{{"say": {{"{turn}": "{say}"}}, "gap_ms": {{}}}}"#);
            let (better, worse) = (change("Yes."), change("No."));
            format!(
                r#"{{"calls": {{"a": [{{"role": "agent", "text": "Hi."}}, {{"role": "customer", "text": "Hello."}}]}},
                "pairs": [{{"what": "yes / no", "criterion": "active_listening", "base": "{base}", "better": {better}, "worse": {worse}}}]}}"#
            )
        };
        assert_eq!(judged(&with("a", 1)).unwrap().len(), 1);
        assert_eq!(judged(&with("a", 2)).unwrap_err().to_string(), r#""yes / no": the call "a" has no turn 2"#);
        assert_eq!(report(&with("b", 0)).unwrap_err().to_string(), r#""yes / no": there is no call "b""#);
    }
}
