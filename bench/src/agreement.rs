//! Agreement of the total with people's ratings, for each set and over sets.

use std::collections::BTreeMap;
use std::fmt::Write;

use scoring::embedded::assess;

use crate::input::RatedDialogue;
use crate::statistics::{RatedScore, deviation, macro_estimate, mean, pair_accuracy, spearman};

/// The agreement in each set, and the mean over the sets whose name begins with `over`, as a table.
#[must_use]
pub fn table(dialogues: &[RatedDialogue], over: &str) -> String {
    let score = |rated: &RatedDialogue| assess(&rated.call()).score.value();
    agreement_table(&by_set(dialogues.iter().map(|rated| (rated.set.as_str(), rated_score(rated, score(rated))))), over)
}

/// The score of a dialogue with its rating.
pub(crate) const fn rated_score(rated: &RatedDialogue, score: f64) -> RatedScore {
    RatedScore { score, rating: rated.overall }
}

/// The scores by their set.
pub(crate) fn by_set<'d>(scores: impl Iterator<Item = (&'d str, RatedScore)>) -> BTreeMap<&'d str, Vec<RatedScore>> {
    let mut sets: BTreeMap<&str, Vec<RatedScore>> = BTreeMap::new();
    for (set, score) in scores {
        sets.entry(set).or_default().push(score);
    }
    sets
}

/// The agreement of these scores as a table.
pub(crate) fn agreement_table(sets: &BTreeMap<&str, Vec<RatedScore>>, over: &str) -> String {
    let mut table = format!(
        "{:<12} {:>5}  {:<22}  {:<22}  scores: mean, sd, 5 %, 95 %\n",
        "set", "n", "Spearman [95 %]", "pairs right [95 %]"
    );
    let mut row = |name: &str, sets: &[&[RatedScore]]| {
        let scores: Vec<f64> = sets.iter().flat_map(|set| set.iter().map(|rated| rated.score)).collect();
        let (rank, pairs) = (macro_estimate(sets, spearman), macro_estimate(sets, pair_accuracy));
        let (low, high) = (quantile(&scores, 5), quantile(&scores, 95));
        let (n, middle, spread) = (scores.len(), mean(&scores), deviation(&scores));
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{name:<12} {n:>5}  {rank:<22}  {pairs:<22}  {middle:.2} {spread:.2} {low:.1} {high:.1}",
            rank = rank.to_string(),
            pairs = pairs.to_string()
        );
    };
    for (set, scores) in sets {
        row(set, &[scores]);
    }
    let macro_sets: Vec<&[RatedScore]> =
        sets.iter().filter(|(set, _)| set.starts_with(over)).map(|(_, scores)| scores.as_slice()).collect();
    if !macro_sets.is_empty() {
        row(&format!("macro {over}*"), &macro_sets);
    }
    table
}

fn quantile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len().saturating_sub(1)) * percent / 100).copied().unwrap_or_default()
}
