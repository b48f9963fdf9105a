//! How sure a score is. Part of the document that is stored and served, like [`crate::Feedback`].

use serde::{Deserialize, Serialize};

use crate::Score;

/// The interval that a score lies in, as a reader of the call would give it. `None` in feedback that was stored before there were
/// intervals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Certainty {
    /// The lower end: eight of ten readers' scores should lie between both ends.
    pub score_low: Option<Score>,
    /// The upper end.
    pub score_high: Option<Score>,
    /// How narrow the interval is, from 0, the whole scale, to 1, a point.
    pub confidence: Option<f64>,
}

impl Certainty {
    /// The widest interval of a score that says something: a person should look at a call with a wider one. The embedded scorer's are
    /// six wide on average, so that a lower limit would send most of its calls to a person.
    pub const WIDEST: f64 = 8.0;

    /// The certainty of an interval; the confidence is the share of the scale that lies outside of it.
    #[must_use]
    pub fn between(low: Score, high: Score) -> Self {
        let width = high.tenths().saturating_sub(low.tenths());
        let confidence = f64::from(Score::MAX.tenths() - width) / f64::from(Score::MAX.tenths());
        Self { score_low: Some(low), score_high: Some(high), confidence: Some(confidence) }
    }

    /// Whether there is an interval, and it is wider than [`Self::WIDEST`].
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.width().is_some_and(|width| width > Self::WIDEST)
    }

    /// How wide the interval is, from 0 to 10, when there is one.
    #[must_use]
    pub fn width(&self) -> Option<f64> {
        let (low, high) = (self.score_low?, self.score_high?);
        // Of tenths, which are exact.
        Some(f64::from(high.tenths().saturating_sub(low.tenths())) / 10.0)
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

    #[test]
    fn an_interval_is_wide_above_the_limit_and_not_at_it() {
        let between =
            |low, high| Certainty::between(Score::from_tenths(low).unwrap(), Score::from_tenths(high).unwrap());
        for (low, high, is_wide) in [(0, 100, true), (11, 91, false), (11, 92, true), (50, 50, false)] {
            assert_eq!(between(low, high).is_wide(), is_wide, "{low} to {high}");
        }
        assert!(!Certainty::default().is_wide());
    }
}
