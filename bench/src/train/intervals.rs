//! The distances of readers' scores to the scorer's, for calls that it was not trained with: split conformal prediction (Vovk et
//! al. 2005; Lei et al. 2018) by groups of scores, with [`OUTSIDE`] at each end.

use std::fmt::Write;

use crate::statistics::to_f64;

/// Up to which scores the groups go; the last one holds the rest.
const GROUPS: [f64; 4] = [2.0, 4.0, 6.0, 10.0];
/// The share of the calls left out that lies below an interval, and the share above. A little less than a tenth: calls of other authors lie
/// farther from the scorer, and of those eight of ten should lie within.
const OUTSIDE: f64 = 0.085;
/// A call with fewer utterances is thin.
const THIN: usize = 10;

/// A call that the scorer was not trained with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unseen {
    pub(super) score: f64,
    pub(super) reader: f64,
    pub(super) utterances: usize,
}

/// A thin call's interval is wider by at least so much at both ends, however few thin calls there are to tell it from.
const WIDER: f64 = 0.5;

/// The intervals as a file of the scorer.
pub(super) fn file(comment: &str, calls: &[Unseen]) -> String {
    let mut text = comment.to_owned();
    let mut from = -1.0;
    for up_to in GROUPS {
        let group = calls.iter().filter(|call| call.score > from && call.score <= up_to);
        let mut distances: Vec<f64> = group.map(|call| call.reader - call.score).collect();
        distances.sort_by(f64::total_cmp);
        let below = (-quantile(&distances, OUTSIDE)).max(0.0);
        let above = quantile(&distances, 1.0 - OUTSIDE).max(0.0);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "interval {up_to} {below:.1} {above:.1}");
        from = up_to;
    }
    let distance = |is_thin: bool| {
        let of = calls.iter().filter(|call| (call.utterances < THIN) == is_thin);
        let mut distances: Vec<f64> = of.map(|call| (call.reader - call.score).abs()).collect();
        distances.sort_by(f64::total_cmp);
        quantile(&distances, 1.0 - 2.0 * OUTSIDE)
    };
    let _ = writeln!(text, "thin {THIN} {:.1}", (distance(true) - distance(false)).max(WIDER));
    text
}

/// The value below which that share of the sorted values lies, with the correction for their number that makes it hold for the next
/// value; zero without values.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count is a count")]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let count = to_f64(sorted.len());
    let rank = if share < 0.5 { (share * (count + 1.0)).floor() - 1.0 } else { (share * (count + 1.0)).ceil() - 1.0 };
    let last = to_f64(sorted.len().saturating_sub(1));
    sorted.get(rank.clamp(0.0, last) as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_the_next_values_lies_beyond_each_end() {
        let values: Vec<f64> = (0..99).map(f64::from).collect();
        assert!((quantile(&values, 0.1) - 9.0).abs() < 1e-9 && (quantile(&values, 0.9) - 89.0).abs() < 1e-9);
        assert!(quantile(&[], 0.9).abs() < 1e-9);
        assert!((quantile(&[3.0], 0.1) - 3.0).abs() < 1e-9);
    }
}
