//! How far readers' scores lie from a scorer's, for calls that it was not trained with.
//!
//! `bench train` writes the file of the embedded scorer, `shared/scoring/model/intervals.txt`, and `bench intervals`
//! writes that of the language model. In both, `interval UP_TO BELOW ABOVE` says of scores up to `UP_TO` how far below
//! and above them readers' scores lie, so that eight of ten should be within (split conformal prediction by groups of scores).
//! `thin UTTERANCES WIDER`, if it is there, says of calls with fewer utterances how much wider the interval is.

use domain::{Certainty, Score};

use crate::embedded::ModelError;
use crate::math::to_f64;

/// The distances to readers' scores, by groups of scores.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intervals {
    groups: Vec<Group>,
    thin: Option<Thin>,
}

/// Scores up to a score, and how far below and above them readers' scores lie.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Group {
    up_to: f64,
    below: f64,
    above: f64,
}

/// Calls with fewer utterances have wider intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Thin {
    utterances: f64,
    wider: f64,
}

impl Intervals {
    /// Reads the distances; fails with the line when they are not in the form above.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let mut intervals = Self::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()) {
            let error = |fault| ModelError::new(index + 1, fault);
            let (kind, numbers) = line.split_once(' ').ok_or_else(|| error("no numbers"))?;
            let numbers: Result<Vec<f64>, _> = numbers.split(' ').map(str::parse).collect();
            let numbers = numbers.map_err(|_| error("not a number"))?;
            match (kind, numbers.as_slice()) {
                ("interval", [up_to, below, above]) => {
                    intervals.groups.push(Group { up_to: *up_to, below: *below, above: *above });
                }
                ("thin", [utterances, wider]) => {
                    intervals.thin = Some(Thin { utterances: *utterances, wider: *wider });
                }
                _ => return Err(error("neither `interval UP_TO BELOW ABOVE` nor `thin UTTERANCES WIDER`")),
            }
        }
        Ok(intervals)
    }

    /// The interval around a score of a call with that many utterances; the whole scale where nothing is known.
    #[must_use]
    pub fn around(&self, score: Score, utterances: usize) -> Certainty {
        let value = score.value();
        let Some(group) = self.groups.iter().find(|group| value <= group.up_to).or(self.groups.last()) else {
            return Certainty::between(Score::MIN, Score::MAX);
        };
        let wider = self.thin.filter(|thin| to_f64(utterances) < thin.utterances).map_or(0.0, |thin| thin.wider);
        Certainty::between(
            Score::saturating(value - group.below - wider).min(score),
            Score::saturating(value + group.above + wider).max(score),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_scores_group_and_wider_for_a_thin_call() {
        let intervals = Intervals::parse("# c\ninterval 4 1 3\ninterval 10 2 1.5\nthin 8 0.5\n").unwrap();
        for (score, utterances, low, high) in [(3.0, 20, 2.0, 6.0), (0.5, 20, 0.0, 3.5), (9.0, 6, 6.5, 10.0)] {
            let certainty = intervals.around(Score::saturating(score), utterances);
            assert_eq!(certainty, Certainty::between(Score::saturating(low), Score::saturating(high)), "{score}");
        }
        assert_eq!(Intervals::default().around(Score::MIN, 9).width(), Some(10.0));
    }

    #[test]
    fn a_file_in_another_form_is_an_error_that_names_the_line() {
        for text in ["interval 4 1", "thin", "interval 4 one 3", "width 3"] {
            assert!(Intervals::parse(text).unwrap_err().to_string().starts_with("line 1: "), "{text}");
        }
    }
}
