//! How sure a model's total is: how far readers are from it, and how far its samples are from each other.
//!
//! **Invariant:** pure. The distances are measured with one capable model (`bench intervals`); another one may be farther from
//! readers.

use std::sync::LazyLock;

use domain::{Certainty, Score};
use scoring::intervals::Intervals;

const FILE: &str = include_str!("../model_intervals.txt");

/// The distances; the whole scale if the file were not in its form, which a test rules out.
static INTERVALS: LazyLock<Intervals> = LazyLock::new(|| Intervals::parse(FILE).unwrap_or_default());

/// The interval around a total, wider at both ends by half of what its samples are apart.
pub(crate) fn certainty(total: Score, spread: Option<Score>) -> Certainty {
    // The distances are not told apart by the length of the call.
    let certainty = INTERVALS.around(total, usize::MAX);
    let (Some(low), Some(high), Some(spread)) = (certainty.score_low, certainty.score_high, spread) else {
        return certainty;
    };
    let wider = spread.value() / 2.0;
    Certainty::between(Score::saturating(low.value() - wider), Score::saturating(high.value() + wider))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_intervals_hold_their_totals_and_are_wider_where_samples_differ() {
        assert!(Intervals::parse(FILE).is_ok_and(|intervals| intervals != Intervals::default()));
        for total in (0..=100).filter_map(Score::from_tenths) {
            let (one, wide) = (certainty(total, None), certainty(total, Score::from_tenths(30)));
            assert!(one.score_low <= Some(total) && Some(total) <= one.score_high, "{one:?}");
            assert!(wide.score_low <= one.score_low && wide.score_high >= one.score_high, "{wide:?}");
            assert!(wide.width() > one.width() && certainty(total, Some(Score::MIN)) == one, "{wide:?}");
        }
    }
}
