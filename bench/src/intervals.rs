//! The distances of readers' scores to a scorer's, for calls that it was not trained with: split conformal prediction
//! (Vovk et al. 2005; Lei et al. 2018) by groups of scores, with [`OUTSIDE`] at each end.

use std::fmt::Write;

use scoring::embedded::Scorer;

use crate::calls::ScoredCall;
use crate::statistics::to_f64;

/// Up to which scores of the embedded scorer the groups go; the last one holds the rest.
const GROUPS: [f64; 4] = [2.0, 4.0, 6.0, 10.0];
/// A group of fewer calls says little about the next one.
const FEWEST: usize = 15;
/// Where the last group ends.
const HIGHEST: f64 = 10.0;
/// The share of the calls left out that lies below an interval, and the share above. A little less than a tenth: calls
/// of other authors lie farther from the scorer, and of those eight of ten should lie within.
const OUTSIDE: f64 = 0.085;
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
    let mut text = comment.to_owned() + &groups(&calls, &GROUPS);
    let distance = |is_thin: bool| {
        let of = calls.iter().filter(|call| (call.utterances < THIN) == is_thin);
        let mut distances: Vec<f64> = of.map(|call| (call.reader - call.score).abs()).collect();
        distances.sort_by(f64::total_cmp);
        quantile(&distances, 1.0 - 2.0 * OUTSIDE)
    };
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(text, "thin {THIN} {:.1}", (distance(true) - distance(false)).max(WIDER));
    text
}

/// The intervals of a scorer that has judged few calls, as a file: as many groups of about the same size as there can
/// be with at least 15 calls each. `None` for fewer calls than that.
#[must_use]
pub fn of_few(scored: &[ScoredCall]) -> Option<String> {
    let calls: Vec<Unseen> = scored.iter().map(Unseen::of).collect();
    let comment = format!("# Written by `bench intervals`, from {} whole calls.\n", calls.len());
    (calls.len() >= FEWEST).then(|| comment + &groups(&calls, &even_groups(&calls)))
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

/// A line for each group, of which these are the ends.
fn groups(calls: &[Unseen], ends: &[f64]) -> String {
    let mut text = String::new();
    let mut from = -1.0;
    for up_to in ends.iter().copied() {
        let group = calls.iter().filter(|call| call.score > from && call.score <= up_to);
        let mut distances: Vec<f64> = group.map(|call| call.reader - call.score).collect();
        distances.sort_by(f64::total_cmp);
        let below = (-quantile(&distances, OUTSIDE)).max(0.0);
        let above = quantile(&distances, 1.0 - OUTSIDE).max(0.0);
        let _ = writeln!(text, "interval {up_to} {below:.1} {above:.1}");
        from = up_to;
    }
    text
}

/// The value below which that share of the sorted values lies, with the correction for their number that makes it hold
/// for the next value; zero without values.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count is a count")]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let count = to_f64(sorted.len());
    let rank = if share < 0.5 { (share * (count + 1.0)).floor() - 1.0 } else { (share * (count + 1.0)).ceil() - 1.0 };
    let last = to_f64(sorted.len().saturating_sub(1));
    sorted.get(rank.clamp(0.0, last) as usize).copied().unwrap_or_default()
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
        assert_eq!((ends(15), ends(29)), (vec![10.0], vec![10.0]));
        assert_eq!((ends(30), ends(40), ends(50)), (vec![1.4, 10.0], vec![1.9, 10.0], vec![1.5, 3.1, 10.0]));
        // Twenty calls with the same score, and twenty above: the first group cannot end within the same score.
        let same = std::iter::repeat_n(2.0, 20).chain((0..20).map(|call| 3.0 + f64::from(call) / 10.0));
        assert_eq!(even_groups(&unseen(same)), [2.0, 10.0]);
        assert_eq!(even_groups(&unseen([5.0; 40])), [10.0]);
    }

    #[test]
    fn the_lines_of_the_groups_are_read_as_intervals() {
        let calls = unseen((0..40).map(|call| f64::from(call) / 4.0));
        let text = groups(&calls, &even_groups(&calls));
        let intervals = Intervals::parse(&text).unwrap();
        let certainty = intervals.around(Score::saturating(3.0), 5);
        assert_eq!(certainty, Certainty::between(Score::saturating(3.0), Score::saturating(4.0)), "{text}");
    }

    #[test]
    fn a_tenth_of_the_next_values_lies_beyond_each_end() {
        let values: Vec<f64> = (0..99).map(f64::from).collect();
        assert!((quantile(&values, 0.1) - 9.0).abs() < 1e-9 && (quantile(&values, 0.9) - 89.0).abs() < 1e-9);
        assert!(quantile(&[], 0.9).abs() < 1e-9);
        assert!((quantile(&[3.0], 0.1) - 3.0).abs() < 1e-9);
    }
}
