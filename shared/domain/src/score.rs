//! Scores from 0.0 to 10.0 in steps of 0.1, stored as whole tenths so that sums are exact.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The error for a number that is not a score.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{0} is not a score from 0 to 10")]
pub struct ScoreError(f64);

/// A score from 0.0 (worst) to 10.0 (best), in steps of 0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Score(u8);

impl Score {
    /// The worst score, 0.0.
    pub const MIN: Self = Self(0);
    /// The best score, 10.0.
    pub const MAX: Self = Self(100);
    /// How many different scores there are: 0.0, 0.1 … 10.0.
    pub const STEPS: usize = 101;

    /// The score of that many tenths; `None` above 100.
    #[must_use]
    pub const fn from_tenths(tenths: u8) -> Option<Self> {
        if tenths <= 100 { Some(Self(tenths)) } else { None }
    }

    /// The nearest score to a number, halves rounded up. Numbers below 0 and NaN become the worst score, numbers above 10 the best.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100 first")]
    pub fn saturating(value: f64) -> Self {
        Self((value * 10.0 + 0.5 + 1e-9).floor().clamp(0.0, 100.0) as u8)
    }

    /// The score in tenths, 0 to 100.
    #[must_use]
    pub const fn tenths(self) -> u8 {
        self.0
    }

    /// The score as a number, 0.0 to 10.0.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The nearest whole number, halves up: the bar of the distribution that the score is counted in.
    #[must_use]
    pub const fn nearest_integer(self) -> u8 {
        (self.0 + 5) / 10
    }

    /// All scores from worst to best.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..=100).map(Self)
    }
}

impl TryFrom<f64> for Score {
    type Error = ScoreError;
    fn try_from(value: f64) -> Result<Self, ScoreError> {
        if (0.0..=10.0).contains(&value) { Ok(Self::saturating(value)) } else { Err(ScoreError(value)) }
    }
}

impl From<Score> for f64 {
    fn from(score: Score) -> Self {
        score.value()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_survives_its_number_and_its_text() {
        for score in Score::all() {
            assert_eq!(Score::try_from(score.value()), Ok(score));
            assert_eq!(score.to_string().parse::<f64>().unwrap().to_bits(), score.value().to_bits());
        }
    }

    #[test]
    fn halves_round_up() {
        for (value, tenths) in [(0.05, 1), (0.04, 0), (7.25, 73), (8.349_999, 83), (9.95, 100), (1.15, 12)] {
            assert_eq!(Score::saturating(value).tenths(), tenths, "{value}");
        }
        for (tenths, integer) in [(0, 0), (4, 0), (5, 1), (74, 7), (75, 8), (94, 9), (95, 10), (100, 10)] {
            assert_eq!(Score(tenths).nearest_integer(), integer, "{tenths}");
        }
    }

    #[test]
    fn numbers_outside_the_range_are_refused_or_clamped() {
        assert!(Score::try_from(10.01).is_err());
        assert!(Score::try_from(-0.01).is_err());
        assert!(Score::try_from(f64::NAN).is_err());
        assert_eq!(Score::saturating(12.0), Score::MAX);
        assert_eq!(Score::saturating(-3.0), Score::MIN);
        assert_eq!(Score::saturating(f64::NAN), Score::MIN);
    }
}
