//! How sure a score is. Part of the document that is stored and served, like [`crate::Feedback`].

use serde::{Deserialize, Serialize};

use crate::Score;

/// The interval that a score lies in, as a reader of the call would give it. `None` in feedback that was stored before there were
/// intervals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Certainty {
    /// The lower end: eight of ten readers' scores lie between both ends.
    pub score_low: Option<Score>,
    /// The upper end.
    pub score_high: Option<Score>,
    /// How narrow the interval is, from 0, the whole scale, to 1, a point.
    pub confidence: Option<f64>,
}

impl Certainty {
    /// The certainty of an interval; the confidence is the share of the scale that lies outside of it.
    #[must_use]
    pub fn between(low: Score, high: Score) -> Self {
        let width = high.tenths().saturating_sub(low.tenths());
        let confidence = f64::from(Score::MAX.tenths() - width) / f64::from(Score::MAX.tenths());
        Self { score_low: Some(low), score_high: Some(high), confidence: Some(confidence) }
    }

    /// How wide the interval is, from 0 to 10, when there is one.
    #[must_use]
    pub fn width(&self) -> Option<f64> {
        Some(self.score_high?.value() - self.score_low?.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_confidence_is_the_share_of_the_scale_outside_the_interval() {
        for (low, high, confidence) in [(0, 100, 0.0), (35, 75, 0.6), (80, 80, 1.0), (12, 49, 0.63)] {
            let of = |tenths| Score::from_tenths(tenths).unwrap();
            assert_eq!(Certainty::between(of(low), of(high)).confidence, Some(confidence), "{low} to {high}");
        }
    }
}
