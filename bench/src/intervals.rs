//! The distances of readers' scores to a scorer's, for calls that it was not trained with: split conformal prediction
//! (Vovk et al. 2005; Lei et al. 2018) by groups of scores, each with the shortest interval that holds `HELD` of them.

use std::fmt::Write;

use scoring::embedded::Scorer;

use crate::calls::ScoredCall;
use crate::statistics::to_f64;

/// Up to which scores of the embedded scorer the groups go; the last one holds the rest.
const GROUPS: [f64; 4] = [2.0, 4.0, 6.0, 10.0];
/// A group of fewer calls says little about the next one.
const FEWEST: usize = 40;
/// Where the last group ends.
const HIGHEST: f64 = 10.0;
/// The share of the calls left out that an interval holds. A little more than eight of ten: calls of other authors lie farther from
/// the scorer, and of those eight of ten should lie within.
const HELD: f64 = 0.86;
/// A call with fewer utterances is thin.
const THIN: usize = 10;
/// A thin call's interval is wider by at least so much at both ends, however few thin calls there are to tell it from.
const WIDER: f64 = 0.5;

/// A call that the scorer was not trained with.
#[derive(Debug, Clone, Copy)]
struct Unseen {
    score: f64,
    reader: f64,
    utterances: usize,
}

impl Unseen {
    fn of(scored: &ScoredCall) -> Self {
        Self {
            score: scored.assessment.score.value(),
            reader: scored.rated.rating.score.value(),
            utterances: Scorer::utterances(&scored.rated.call).len(),
        }
    }
}

/// The intervals of the embedded scorer as a file, which begins with the comment.
pub(crate) fn of_embedded(comment: &str, scored: &[ScoredCall]) -> String {
    let calls: Vec<Unseen> = scored.iter().map(Unseen::of).collect();
    let mut text = comment.to_owned() + &groups(&calls, &GROUPS, shortest);
    let distance = |is_thin: bool| {
        let of = calls.iter().filter(|call| (call.utterances < THIN) == is_thin);
        let mut distances: Vec<f64> = of.map(|call| (call.reader - call.score).abs()).collect();
        distances.sort_by(f64::total_cmp);
        quantile(&distances, HELD)
    };
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(text, "thin {THIN} {:.1}", (distance(true) - distance(false)).max(WIDER));
    text
}

/// The intervals of a scorer that has judged few calls, as a file: as many groups of about the same size as there can
/// be with at least 40 calls each, and as far below a score as above it, since the shortest interval of few values is
/// short by chance. `None` for fewer calls than that.
#[must_use]
pub fn of_few(scored: &[ScoredCall]) -> Option<String> {
    let calls: Vec<Unseen> = scored.iter().map(Unseen::of).collect();
    let comment = format!("# Written by `bench intervals`, from {} whole calls.\n", calls.len());
    (calls.len() >= FEWEST).then(|| comment + &groups(&calls, &even_groups(&calls), symmetric))
}

/// Up to which scores groups go that have about the same size. Calls with the same score are in the same group, so a
/// group can be larger.
fn even_groups(calls: &[Unseen]) -> Vec<f64> {
    let mut scores: Vec<f64> = calls.iter().map(|call| call.score).collect();
    scores.sort_by(f64::total_cmp);
    let size = scores.len() / (scores.len() / FEWEST).max(1);
    let (mut ends, mut in_group) = (Vec::new(), 0);
    for (index, [score, next]) in scores.array_windows().enumerate() {
        in_group += 1;
        let left = scores.len() - index - 1;
        if in_group >= size && left >= FEWEST && score < next {
            ends.push(*score);
            in_group = 0;
        }
    }
    ends.push(HIGHEST);
    ends
}

/// A line for each group, of which these are the ends, with how far below and above its sorted distances reach.
fn groups(calls: &[Unseen], ends: &[f64], reach: impl Fn(&[f64]) -> (f64, f64)) -> String {
    let mut text = String::new();
    let mut from = -1.0;
    for up_to in ends.iter().copied() {
        let group = calls.iter().filter(|call| call.score > from && call.score <= up_to);
        let mut distances: Vec<f64> = group.map(|call| call.reader - call.score).collect();
        distances.sort_by(f64::total_cmp);
        let (below, above) = reach(&distances);
        let _ = writeln!(text, "interval {up_to} {below:.1} {above:.1}");
        from = up_to;
    }
    text
}

/// How far below and above zero the shortest interval reaches that holds zero and a share of [`HELD`] of the sorted values; zero
/// without values.
fn shortest(sorted: &[f64]) -> (f64, f64) {
    let held = rank(sorted.len(), HELD);
    let ends = sorted.iter().zip(sorted.iter().skip(held.saturating_sub(1)));
    let ends = ends.map(|(low, high)| ((-low).max(0.0), high.max(0.0)));
    ends.min_by(|one, next| (one.0 + one.1).total_cmp(&(next.0 + next.1))).unwrap_or_default()
}

/// How far below and above zero lies a share of [`HELD`] of the values, as far on one side as on the other.
fn symmetric(values: &[f64]) -> (f64, f64) {
    let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let reach = quantile(&sizes, HELD);
    (reach, reach)
}

/// The value below which that share of the sorted values lies; zero without values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = rank(sorted.len(), share).checked_sub(1);
    last.and_then(|last| sorted.get(last)).copied().unwrap_or_default()
}

/// How many of so many values are that share of them, with the correction for their number that makes it hold for the next value.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count is a count")]
fn rank(count: usize, share: f64) -> usize {
    ((share * (to_f64(count) + 1.0)).ceil() as usize).min(count)
}

#[cfg(test)]
mod tests {
    use domain::{Certainty, Score};
    use scoring::intervals::Intervals;

    use super::*;

    fn unseen(scores: impl IntoIterator<Item = f64>) -> Vec<Unseen> {
        scores.into_iter().map(|score| Unseen { score, reader: score + 1.0, utterances: 20 }).collect()
    }

    #[test]
    fn there_are_as_many_groups_as_there_can_be_with_enough_calls_in_each() {
        let ends = |count: u32| even_groups(&unseen((0..count).map(|call| f64::from(call) / 10.0)));
        assert_eq!((ends(40), ends(79)), (vec![10.0], vec![10.0]));
        assert_eq!((ends(80), ends(100), ends(130)), (vec![3.9, 10.0], vec![4.9, 10.0], vec![4.2, 8.5, 10.0]));
        // Fifty calls with the same score, and fifty above: the first group cannot end within the same score.
        let same = std::iter::repeat_n(2.0, 50).chain((0..50).map(|call| 3.0 + f64::from(call) / 10.0));
        assert_eq!(even_groups(&unseen(same)), [2.0, 10.0]);
        assert_eq!(even_groups(&unseen([5.0; 90])), [10.0]);
    }

    #[test]
    fn the_lines_of_the_groups_are_read_as_intervals() {
        let calls = unseen((0..90).map(|call| f64::from(call) / 10.0));
        let text = groups(&calls, &even_groups(&calls), shortest);
        let intervals = Intervals::parse(&text).unwrap();
        let certainty = intervals.around(Score::saturating(3.0), 5);
        assert_eq!(certainty, Certainty::between(Score::saturating(3.0), Score::saturating(4.0)), "{text}");
    }

    #[test]
    fn the_shortest_interval_holds_its_share_of_the_next_values_and_leaves_out_the_longer_end() {
        // 86 of 99 values within one of zero, and a long tail on one side.
        let near = (0..87).map(|at| f64::from(at) / 87.0);
        for sign in [1.0, -1.0] {
            let tail = (0..12).map(|at| 5.0 + f64::from(at));
            let mut values: Vec<f64> = near.clone().chain(tail).map(|value| sign * value).collect();
            values.sort_by(f64::total_cmp);
            let (below, above) = shortest(&values);
            let (to_tail, away) = if sign > 0.0 { (above, below) } else { (below, above) };
            assert!(to_tail < 1.0 && away.abs() < 1e-9, "{below} {above}");
            let held = values.iter().filter(|value| (-below..=above).contains(*value)).count();
            assert_eq!(held, 86);
        }
        assert_eq!(shortest(&[]), (0.0, 0.0));
        assert_eq!(shortest(&[3.0]), (0.0, 3.0));
    }

    #[test]
    fn a_symmetric_interval_reaches_as_far_below_as_above() {
        let values: Vec<f64> = (0..99).map(|at| f64::from(at) - 20.0).collect();
        assert_eq!(symmetric(&values), (65.0, 65.0));
    }

    #[test]
    fn a_share_of_the_next_values_lies_below_its_quantile() {
        let values: Vec<f64> = (0..99).map(f64::from).collect();
        assert!((quantile(&values, 0.9) - 89.0).abs() < 1e-9);
        assert!(quantile(&[], 0.9).abs() < 1e-9);
        assert!((quantile(&[3.0], 0.1) - 3.0).abs() < 1e-9);
    }
}
