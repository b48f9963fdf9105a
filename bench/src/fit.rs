//! Fits the points of the signals to people's ratings: one gain per signal, which multiplies its points in every
//! criterion. Gains are never negative, so that no signal changes its direction, and regularised towards one, the
//! present points, so that few ratings change them little.
//!
//! A fit is measured by how it orders a set that it has not seen: the table leaves each set out once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use scoring::RubricEntry;
use scoring::embedded::explain;

use crate::agreement::{agreement_table, by_set, rated_score};
use crate::input::RatedDialogue;
use crate::statistics::{deviation, mean, ranks, to_f64};

/// The present points have the weight of this many ratings.
pub const DEFAULT_HOLD: f64 = 2000.0;
/// The coordinate descent converges in fewer rounds.
const ROUNDS: usize = 200;

/// The points that each signal adds to the total of a dialogue, or the gain of each signal.
type SignalPoints = BTreeMap<&'static str, f64>;

/// A rated dialogue with the points of its signals.
struct DialoguePoints<'d> {
    rated: &'d RatedDialogue,
    points: SignalPoints,
}

/// The gains that fit the ratings best, and the agreement with sets they were not fitted to.
#[must_use]
pub fn report(dialogues: &[RatedDialogue], over: &str, hold: f64) -> String {
    let rows: Vec<DialoguePoints> =
        dialogues.iter().map(|rated| DialoguePoints { rated, points: points(rated) }).collect();
    let sets: BTreeSet<&str> =
        rows.iter().map(|row| row.rated.set.as_str()).filter(|set| set.starts_with(over)).collect();
    let mut unseen = Vec::new();
    for set in &sets {
        let (seen, left_out): (Vec<&DialoguePoints>, Vec<&DialoguePoints>) =
            rows.iter().partition(|row| row.rated.set != *set);
        let gains = gains(&seen, hold);
        unseen.extend(left_out.iter().map(|row| (*set, rated_score(row.rated, total(row, &gains)))));
    }
    let mut text = format!(
        "each set scored with gains fitted to the others:\n{}",
        agreement_table(&by_set(unseen.into_iter()), over)
    );
    text.push_str(
        "\ngains fitted to all sets (1 is as it stands), and the spread of each signal's effect on the total:\n",
    );
    for (signal, gain) in gains(&rows.iter().collect::<Vec<_>>(), hold) {
        let spread = deviation(&rows.iter().map(|row| points_of(row, signal)).collect::<Vec<_>>());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{signal:<28} {gain:>6.2} {spread:>7.3}");
    }
    text
}

fn points(rated: &RatedDialogue) -> SignalPoints {
    let mut points = SignalPoints::new();
    for explained in explain(&rated.call()) {
        let weight = f64::from(RubricEntry::of(explained.criterion).weight) / 100.0;
        for explained in explained.signals {
            *points.entry(explained.signal).or_default() += weight * explained.points;
        }
    }
    points
}

fn points_of(row: &DialoguePoints, signal: &str) -> f64 {
    row.points.get(signal).copied().unwrap_or_default()
}

fn total(row: &DialoguePoints, gains: &SignalPoints) -> f64 {
    row.points.iter().map(|(signal, points)| points * gains.get(signal).copied().unwrap_or(1.0)).sum()
}

/// Least squares on the ranks within each set, by coordinate descent.
fn gains(rows: &[&DialoguePoints], hold: f64) -> SignalPoints {
    let sets: Vec<&str> = rows.iter().map(|row| row.rated.set.as_str()).collect();
    let signals: BTreeSet<&'static str> = rows.iter().flat_map(|row| row.points.keys().copied()).collect();
    let column = |signal: &str| centred(&sets, &rows.iter().map(|row| points_of(row, signal)).collect::<Vec<_>>());
    let columns: Vec<(&'static str, Vec<f64>)> = signals.into_iter().map(|signal| (signal, column(signal))).collect();
    let mut residual = target(rows, &sets, &columns);
    let mut gains = vec![1.0; columns.len()];
    for _ in 0..ROUNDS {
        for ((_, column), gain) in columns.iter().zip(&mut gains) {
            let square = dot(column, column);
            let pull = hold * square / to_f64(rows.len());
            if square > 0.0 {
                let best: f64 = (dot(column, &residual) + *gain * square + pull) / (square + pull);
                let change = best.max(0.0) - *gain;
                *gain += change;
                residual.iter_mut().zip(column).for_each(|(left, effect)| *left -= change * effect);
            }
        }
    }
    columns.iter().map(|(signal, _)| *signal).zip(gains).collect()
}

/// What the present points do not explain of the ratings' ranks, in the unit in which the two agree best.
#[expect(clippy::indexing_slicing, reason = "members are positions of rows, and each column has a value for each row")]
fn target(rows: &[&DialoguePoints], sets: &[&str], columns: &[(&str, Vec<f64>)]) -> Vec<f64> {
    let mut ratings: Vec<f64> = vec![0.0; rows.len()];
    for set in sets.iter().collect::<BTreeSet<_>>() {
        let members: Vec<usize> = (0..rows.len()).filter(|index| sets.get(*index) == Some(set)).collect();
        let ranks = ranks(&members.iter().map(|index| rows[*index].rated.overall).collect::<Vec<_>>());
        members.iter().zip(ranks).for_each(|(index, rank)| ratings[*index] = rank / to_f64(members.len()));
    }
    let wanted = centred(sets, &ratings);
    let present: Vec<f64> = (0..rows.len()).map(|row| columns.iter().map(|(_, column)| column[row]).sum()).collect();
    let unit = dot(&wanted, &present) / dot(&present, &present).max(f64::MIN_POSITIVE);
    let unit = if unit > 0.0 { unit } else { 1.0 };
    wanted.iter().zip(&present).map(|(rank, points)| rank / unit - points).collect()
}

/// The values minus the mean of their set, because only the order within a set counts.
fn centred(sets: &[&str], values: &[f64]) -> Vec<f64> {
    let of = |set: &str| {
        let members = sets.iter().zip(values).filter(|(own, _)| **own == set);
        mean(&members.map(|(_, value)| *value).collect::<Vec<_>>())
    };
    let different: BTreeSet<&str> = sets.iter().copied().collect();
    let means: BTreeMap<&str, f64> = different.into_iter().map(|set| (set, of(set))).collect();
    sets.iter().zip(values).map(|(set, value)| value - means.get(set).copied().unwrap_or_default()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_that_agree_with_the_ratings_gain_and_others_lose() {
        let rated: Vec<RatedDialogue> = (0..40_u32)
            .map(|index| RatedDialogue {
                set: format!("set_{}", index % 2),
                turns: Vec::new(),
                overall: f64::from(index / 4),
            })
            .collect();
        let noise = |overall: f64| (overall * 7.0) % 3.0;
        let of =
            |overall: f64| SignalPoints::from([("with", overall), ("against", -overall), ("beside", noise(overall))]);
        let rows: Vec<DialoguePoints> =
            rated.iter().map(|rated| DialoguePoints { rated, points: of(rated.overall) }).collect();
        let fitted = gains(&rows.iter().collect::<Vec<_>>(), 1.0);
        assert!(fitted["with"] > 1.0, "{fitted:?}");
        assert!(fitted["against"] < 0.5 && fitted["against"] >= 0.0, "{fitted:?}");
        let held = gains(&rows.iter().collect::<Vec<_>>(), 1e9);
        assert!(held.values().all(|gain| (gain - 1.0).abs() < 1e-3), "{held:?}");
    }
}
