//! Agreement of the total with people's ratings, per set and over sets.

use std::collections::BTreeMap;
use std::fmt::Write;

use scoring::embedded::assess;

use crate::input::Rated;
use crate::statistics::{Point, deviation, macro_figure, mean, pair_accuracy, spearman};

/// The figures of all sets as a table, with those over the sets whose name begins so.
#[must_use]
pub fn table(dialogues: &[Rated], over: &str) -> String {
    let score = |rated: &Rated| assess(&rated.call()).score.value();
    report(&by_set(dialogues.iter().map(|rated| (rated.set.as_str(), point(rated, score(rated))))), over)
}

/// A score beside what people said.
pub(crate) const fn point(rated: &Rated, score: f64) -> Point {
    Point { score, rating: rated.overall }
}

/// The points by the set they belong to.
pub(crate) fn by_set<'d>(points: impl Iterator<Item = (&'d str, Point)>) -> BTreeMap<&'d str, Vec<Point>> {
    let mut sets: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
    for (set, point) in points {
        sets.entry(set).or_default().push(point);
    }
    sets
}

/// The table of those points.
pub(crate) fn report(sets: &BTreeMap<&str, Vec<Point>>, over: &str) -> String {
    let mut table = format!(
        "{:<12} {:>5}  {:<22}  {:<22}  scores: mean, sd, 5 %, 95 %\n",
        "set", "n", "Spearman [95 %]", "pairs right [95 %]"
    );
    let mut row = |name: &str, sets: &[&[Point]]| {
        let scores: Vec<f64> = sets.iter().flat_map(|set| set.iter().map(|point| point.score)).collect();
        let (rank, pairs) = (macro_figure(sets, spearman), macro_figure(sets, pair_accuracy));
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
    for (set, points) in sets {
        row(set, &[points]);
    }
    let macro_sets: Vec<&[Point]> =
        sets.iter().filter(|(set, _)| set.starts_with(over)).map(|(_, points)| points.as_slice()).collect();
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
