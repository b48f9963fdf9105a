//! Minimal pairs: two calls that differ in one thing. The better one must have the higher score, and the criterion that
//! the difference is about must change more than any other.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::{Assessment, Call, Criterion, Role, Score, Turn};
use scoring::embedded::assess;
use serde::Deserialize;
use serde::de::Error;

use crate::input::call;
use crate::statistics::to_f64;

/// The project's own pairs: base calls, the variants of them, and the criterion that each pair is about.
pub const PAIRS: &str = include_str!("../minimal_pairs.json");
/// How fast the speakers of a pair speak, and how long they pause before they reply.
const MS_PER_WORD: u64 = 400;
const USUAL_GAP_MS: i64 = 600;

/// Pairs, and the base calls that their variants change.
#[derive(Debug, Deserialize)]
struct PairCollection {
    calls: BTreeMap<String, Vec<BaseTurn>>,
    pairs: Vec<Pair>,
}

impl PairCollection {
    /// The turns of the base call of a pair.
    fn base_of(&self, pair: &Pair) -> &[BaseTurn] {
        self.calls.get(&pair.base).map(Vec::as_slice).unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
struct BaseTurn {
    role: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Pair {
    what: String,
    criterion: Criterion,
    base: String,
    better: Variant,
    worse: Variant,
}

/// A variant of a base call: the turns that are said differently, and the pauses before turns.
#[derive(Debug, Deserialize)]
struct Variant {
    say: BTreeMap<usize, String>,
    gap_ms: BTreeMap<usize, i64>,
}

/// The scores of one pair.
#[derive(Debug)]
pub struct PairResult {
    /// What differs.
    pub what: String,
    /// The criterion that the difference is about.
    pub criterion: Criterion,
    /// The scores of the better and of the worse call.
    pub scores: (Score, Score),
    /// The criterion whose score differs most.
    pub most_moved: Option<Criterion>,
}

impl PairResult {
    /// Whether the better call wins.
    #[must_use]
    pub fn better_wins(&self) -> bool {
        self.scores.0 > self.scores.1
    }

    /// Whether the criterion that the pair is about moves more than any other.
    #[must_use]
    pub fn criterion_moves_most(&self) -> bool {
        self.most_moved == Some(self.criterion)
    }
}

/// The collection; fails when it is malformed or a variant changes a turn that is not there.
fn collection(pairs: &str) -> Result<PairCollection, serde_json::Error> {
    let collection: PairCollection = serde_json::from_str(pairs)?;
    for Pair { what, base, better, worse, .. } in &collection.pairs {
        let Some(turns) = collection.calls.get(base) else {
            return Err(Error::custom(format!("{what:?}: there is no call {base:?}")));
        };
        let changed = [better, worse].into_iter().flat_map(|variant| variant.say.keys().chain(variant.gap_ms.keys()));
        if let Some(turn) = changed.copied().find(|turn| *turn >= turns.len()) {
            return Err(Error::custom(format!("{what:?}: the call {base:?} has no turn {turn}")));
        }
    }
    Ok(collection)
}

/// The results of the pairs of a collection. Fails when it is malformed or a variant changes a turn that is not there.
pub fn results(pairs: &str) -> Result<Vec<PairResult>, serde_json::Error> {
    let collection = collection(pairs)?;
    let assess_pair = |pair: &Pair| {
        let turns = collection.base_of(pair);
        let (better, worse) = (assess(&varied(turns, &pair.better)), assess(&varied(turns, &pair.worse)));
        let most_moved = most_moved(&better, &worse);
        PairResult {
            what: pair.what.clone(),
            criterion: pair.criterion,
            scores: (better.score, worse.score),
            most_moved,
        }
    };
    Ok(collection.pairs.iter().map(assess_pair).collect())
}

/// All calls of the pairs, each once. Fails when the collection cannot be read.
pub fn calls() -> Result<Vec<Call>, serde_json::Error> {
    let collection = collection(PAIRS)?;
    let mut calls: Vec<Call> = Vec::new();
    for pair in &collection.pairs {
        let turns = collection.base_of(pair);
        for call in [&pair.better, &pair.worse].map(|variant| varied(turns, variant)) {
            if calls.iter().all(|known| known.transcript != call.transcript) {
                calls.push(call);
            }
        }
    }
    Ok(calls)
}

/// The better and the worse call of each of the project's own pairs. Fails when the collection cannot be read.
pub fn pairs() -> Result<Vec<(Call, Call)>, serde_json::Error> {
    let collection = collection(PAIRS)?;
    let varied = |pair: &Pair| {
        let turns = collection.base_of(pair);
        (varied(turns, &pair.better), varied(turns, &pair.worse))
    };
    Ok(collection.pairs.iter().map(varied).collect())
}

/// The pairs of a collection that are not scored as they should be, and the shares of those that are. Fails like
/// [`results`].
pub fn report(pairs: &str) -> Result<String, serde_json::Error> {
    let results = results(pairs)?;
    let mut report = String::new();
    for pair in results.iter().filter(|pair| !pair.better_wins() || !pair.criterion_moves_most()) {
        let (better, worse) = pair.scores;
        let most = pair.most_moved.map_or("nothing", Criterion::name);
        // Writing to a string cannot fail.
        let _ = writeln!(report, "{better} : {worse}  {} ({}), moved most: {most}", pair.what, pair.criterion);
    }
    let share = |right: fn(&PairResult) -> bool| {
        let count = results.iter().filter(|pair| right(pair)).count();
        format!("{count} of {} ({:.1} %)", results.len(), 100.0 * to_f64(count) / to_f64(results.len()).max(1.0))
    };
    let _ = writeln!(report, "the better call wins: {}", share(PairResult::better_wins));
    let _ = writeln!(report, "the criterion it is about moves most: {}", share(PairResult::criterion_moves_most));
    Ok(report)
}

/// The criterion whose score is higher by most.
fn most_moved(better: &Assessment, worse: &Assessment) -> Option<Criterion> {
    let gains = better
        .criteria
        .iter()
        .zip(&worse.criteria)
        .filter_map(|(better, worse)| Some((better.criterion, better.score?.value() - worse.score?.value())));
    gains.reduce(|most, one| if one.1 > most.1 { one } else { most }).map(|(criterion, _)| criterion)
}

/// The variant of a base call, with the times at which people would speak.
fn varied(turns: &[BaseTurn], variant: &Variant) -> Call {
    let mut now: u64 = 0;
    let mut transcript = Vec::new();
    for (index, turn) in turns.iter().enumerate() {
        let text = variant.say.get(&index).unwrap_or(&turn.text).clone();
        let gap = variant.gap_ms.get(&index).copied().unwrap_or(USUAL_GAP_MS);
        let start = now.saturating_add_signed(gap);
        let words = u64::try_from(text.split_whitespace().count()).unwrap_or(u64::MAX);
        let end = start + words.saturating_mul(MS_PER_WORD);
        now = now.max(end);
        let role = Role::parse(&turn.role).unwrap_or(Role::Other);
        transcript.push(Turn { role, text, start_ms: Some(start), end_ms: Some(end) });
    }
    call(transcript)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs that the scorer is not trained with; what the other pairs count in training was chosen with their result in view.
    const UNSEEN: &str = include_str!("../unseen_pairs.json");

    #[test]
    fn of_two_calls_the_better_one_wins() {
        let results = results(PAIRS).unwrap();
        assert!(results.len() >= 60);
        let lost: Vec<_> = results.iter().filter(|pair| !pair.better_wins()).collect();
        assert!(100 * lost.len() <= 21 * results.len(), "{lost:#?}");
    }

    #[test]
    fn plain_differences_show_in_pairs_that_the_scorer_was_not_trained_with() {
        let results = results(UNSEEN).unwrap();
        let lost: Vec<_> = results.iter().filter(|pair| !pair.better_wins()).collect();
        assert!(results.len() >= 80 && 100 * lost.len() <= 16 * results.len(), "{lost:#?}");
    }

    #[test]
    fn a_variant_of_a_turn_that_is_not_there_is_an_error_that_names_it() {
        let with = |base: &str, turn: usize| {
            let variant = |say: &str| format!(r#"{{"say": {{"{turn}": "{say}"}}, "gap_ms": {{}}}}"#);
            let (better, worse) = (variant("Yes."), variant("No."));
            format!(
                r#"{{"calls": {{"a": [{{"role": "agent", "text": "Hi."}}, {{"role": "customer", "text": "Hello."}}]}},
                "pairs": [{{"what": "yes / no", "criterion": "active_listening", "base": "{base}", "better": {better}, "worse": {worse}}}]}}"#
            )
        };
        assert_eq!(results(&with("a", 1)).unwrap().len(), 1);
        assert_eq!(results(&with("a", 2)).unwrap_err().to_string(), r#""yes / no": the call "a" has no turn 2"#);
        assert_eq!(report(&with("b", 0)).unwrap_err().to_string(), r#""yes / no": there is no call "b""#);
    }
}
