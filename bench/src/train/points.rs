//! Fits the scorecard: the points of each signal in each criterion that it may move.
//!
//! The points are fitted to three things at once by least squares: readers' scores of whole calls, their scores of single criteria, and the
//! rank of rated dialogues within their sets. A signal only moves what the plan lets it, in the direction that the plan gives it: courtesy never
//! takes points, whatever the data says.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::Criterion;
use scoring::RubricEntry;

use super::plan::Plan;
use crate::statistics::{deviation, mean, to_f64};

/// Rounds of the coordinate descent; it converges in fewer.
const ROUNDS: usize = 150;
/// The pull of the points towards zero.
const HOLD: f64 = 6.0;
/// What a reader's score of a criterion counts, next to a score of the call.
const CRITERION_WEIGHT: f64 = 0.3;
/// The middle of the scale.
const MIDDLE: f64 = 5.0;
/// Points smaller than this are left out of the file.
const SMALLEST: f64 = 0.02;

/// The level of each signal in a call or dialogue.
pub(super) type Levels = BTreeMap<&'static str, f64>;

/// A call, or a dialogue, to fit to.
#[derive(Debug, Clone)]
pub(super) struct Row<'r> {
    pub(super) levels: &'r Levels,
    /// What the total should be; in a set, only the order counts.
    pub(super) total: f64,
    /// What the criteria should be, where a reader was sure.
    pub(super) criteria: Option<&'r BTreeMap<Criterion, domain::Score>>,
    /// The set within which the order counts; calls are all in one.
    pub(super) set: &'r str,
    /// What the row counts.
    pub(super) weight: f64,
}

/// The fitted points and bases.
#[derive(Debug, Clone)]
pub(super) struct Points<'p> {
    bases: Vec<(Criterion, f64)>,
    points: Vec<(Criterion, &'p str, f64)>,
}

struct Variable {
    criterion: usize,
    signal: usize,
    sign: f64,
    share: f64,
    value: f64,
}

#[expect(clippy::indexing_slicing, reason = "criteria, signals and rows are positions in tables of that size")]
pub(super) fn fit<'p>(rows: &[Row], plan: &Plan<'p>) -> Points<'p> {
    let signals: Vec<&'p str> = plan.signals();
    let column = |signal: &str| -> Vec<f64> {
        rows.iter().map(|row| row.levels.get(signal).copied().unwrap_or_default()).collect()
    };
    let columns: Vec<Vec<f64>> = signals.iter().map(|signal| column(signal)).collect();
    let sets: Vec<&str> = rows.iter().map(|row| row.set).collect();
    let centred: Vec<Vec<f64>> = columns.iter().map(|values| within_sets(&sets, values)).collect();
    let mut left = within_sets(&sets, &rows.iter().map(|row| row.total).collect::<Vec<_>>());
    let criteria: Vec<CriterionRows> =
        Criterion::ALL.iter().map(|one| CriterionRows::of(*one, rows, &columns)).collect();
    let mut criterion_left: Vec<Vec<f64>> = criteria.iter().map(|one| one.wanted.clone()).collect();
    let mut variables: Vec<Variable> = Vec::new();
    for (signal, name) in signals.iter().enumerate() {
        for (criterion, sign) in plan.moves(name) {
            let share = f64::from(RubricEntry::of(criterion).weight) / 100.0;
            variables.push(Variable { criterion: criterion as usize, signal, sign, share, value: 0.0 });
        }
    }
    let spreads: Vec<f64> = columns.iter().map(|values| deviation(values).powi(2)).collect();
    for _ in 0..ROUNDS {
        for variable in &mut variables {
            let (levels, own) = (&centred[variable.signal], &criteria[variable.criterion]);
            let own_levels = &own.levels[variable.signal];
            let (mut slope, mut curve) = (0.0, HOLD * spreads[variable.signal] + 1e-9);
            for ((row, level), left) in rows.iter().zip(levels).zip(&left) {
                let level = variable.share * level;
                slope += row.weight * level * left;
                curve += row.weight * level * level;
            }
            for (level, left) in own_levels.iter().zip(&criterion_left[variable.criterion]) {
                slope += CRITERION_WEIGHT * level * left;
                curve += CRITERION_WEIGHT * level * level;
            }
            slope -= HOLD * spreads[variable.signal] * variable.value;
            let wanted = variable.sign * (variable.sign * (variable.value + slope / curve)).max(0.0);
            let change = wanted - variable.value;
            if change != 0.0 {
                variable.value = wanted;
                left.iter_mut().zip(levels).for_each(|(left, level)| *left -= variable.share * change * level);
                let own_left = &mut criterion_left[variable.criterion];
                own_left.iter_mut().zip(own_levels).for_each(|(left, level)| *left -= change * level);
            }
        }
    }
    points(rows, &signals, &criteria, &variables)
}

/// The bases that make the criteria right on average, moved together so that the totals are.
#[expect(clippy::indexing_slicing, reason = "criteria and signals are positions in tables of that size")]
fn points<'p>(rows: &[Row], signals: &[&'p str], criteria: &[CriterionRows], variables: &[Variable]) -> Points<'p> {
    let of = |criterion: usize| variables.iter().filter(move |one| one.criterion == criterion);
    let mut bases: Vec<f64> = criteria
        .iter()
        .enumerate()
        .map(|(at, rows)| rows.mean - of(at).map(|one| one.value * rows.means[one.signal]).sum::<f64>())
        .collect();
    let shares: Vec<f64> = Criterion::ALL.iter().map(|one| f64::from(RubricEntry::of(*one).weight) / 100.0).collect();
    let total = |levels: &Levels| -> f64 {
        let moved =
            |one: &Variable| one.share * one.value * levels.get(signals[one.signal]).copied().unwrap_or_default();
        shares.iter().zip(&bases).map(|(share, base)| share * base).sum::<f64>()
            + variables.iter().map(moved).sum::<f64>()
    };
    let calls = rows.iter().filter(|row| row.criteria.is_some());
    let missed = mean(&calls.map(|row| row.total - total(row.levels)).collect::<Vec<_>>());
    for base in &mut bases {
        *base += missed;
    }
    Points {
        bases: Criterion::ALL.iter().copied().zip(bases).collect(),
        points: variables
            .iter()
            .filter(|one| one.value.abs() >= SMALLEST)
            .map(|one| (Criterion::ALL[one.criterion], signals[one.signal], one.value))
            .collect(),
    }
}

impl Points<'_> {
    /// The scorecard as a file of the scorer.
    pub(super) fn file(&self, comment: &str) -> String {
        let mut text = comment.to_owned();
        for (criterion, base) in &self.bases {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(text, "base {criterion} {base:.2}");
            let mut points: Vec<_> = self.points.iter().filter(|(own, ..)| own == criterion).collect();
            points.sort_by(|(.., one), (.., other)| other.total_cmp(one));
            for (criterion, signal, points) in points {
                let _ = writeln!(text, "{criterion} {signal} {points:.2}");
            }
        }
        text
    }
}

/// The calls of which a reader scored a criterion, with levels and scores centred.
struct CriterionRows {
    wanted: Vec<f64>,
    mean: f64,
    levels: Vec<Vec<f64>>,
    means: Vec<f64>,
}

impl CriterionRows {
    fn of(criterion: Criterion, rows: &[Row], columns: &[Vec<f64>]) -> Self {
        let scored: Vec<(usize, f64)> = rows
            .iter()
            .enumerate()
            .filter_map(|(at, row)| Some((at, row.criteria?.get(&criterion)?.value())))
            .collect();
        // A criterion that no reader scored is moved by nothing and stays in the middle.
        let middle =
            if scored.is_empty() { MIDDLE } else { mean(&scored.iter().map(|(_, one)| *one).collect::<Vec<_>>()) };
        let of_rows =
            |values: &Vec<f64>| -> Vec<f64> { scored.iter().filter_map(|(at, _)| values.get(*at).copied()).collect() };
        let levels: Vec<Vec<f64>> = columns.iter().map(of_rows).collect();
        let means: Vec<f64> = levels.iter().map(|values| mean(values)).collect();
        let centred = levels.iter().zip(&means).map(|(values, mean)| values.iter().map(|one| one - mean).collect());
        Self {
            wanted: scored.iter().map(|(_, one)| one - middle).collect(),
            mean: middle,
            levels: centred.collect(),
            means,
        }
    }
}

/// The values minus the mean of their set.
fn within_sets(sets: &[&str], values: &[f64]) -> Vec<f64> {
    let mut sums: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for (set, value) in sets.iter().zip(values) {
        let sum = sums.entry(set).or_default();
        *sum = (sum.0 + value, sum.1 + 1);
    }
    let mean = |set: &str| sums.get(set).map_or(0.0, |(sum, count)| sum / to_f64(*count));
    sets.iter().zip(values).map(|(set, value)| value - mean(set)).collect()
}

#[cfg(test)]
mod tests {
    use domain::Score;

    use super::*;

    /// Twenty calls in which one signal goes with the reader's score, and another against it.
    fn fitted(plan: &str) -> String {
        let levels: Vec<Levels> = (0..20_u8)
            .map(|at| Levels::from([("Courteous", f64::from(at) / 20.0), ("Rude", 1.0 - f64::from(at % 7) / 7.0)]))
            .collect();
        let criteria: Vec<BTreeMap<Criterion, Score>> = (0..20_u8)
            .map(|at| BTreeMap::from([(Criterion::LanguageUse, Score::from_tenths(5 * at).unwrap())]))
            .collect();
        let rows: Vec<Row> = levels
            .iter()
            .zip(&criteria)
            .map(|(levels, criteria)| {
                let total = criteria[&Criterion::LanguageUse].value();
                Row { levels, total, criteria: Some(criteria), set: "calls", weight: 1.0 }
            })
            .collect();
        fit(&rows, &Plan::parse(plan).unwrap()).file("")
    }

    #[test]
    fn a_signal_that_goes_with_the_readers_gets_points_in_the_direction_of_the_plan() {
        let card = fitted("Courteous + language\n");
        let points = card.lines().find_map(|line| line.strip_prefix("language_use Courteous ")).unwrap();
        assert!(points.parse::<f64>().unwrap() > 1.0, "{card}");
    }

    #[test]
    fn a_signal_never_moves_anything_against_the_plan() {
        assert!(!fitted("Courteous - language\n").contains("Courteous"));
    }
}
