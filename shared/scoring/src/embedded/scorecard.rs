//! The scorecard: what each observation adds to a criterion.
//!
//! It is a text file, `shared/scoring/model/scorecard.txt`, which `bench train` writes: `base CRITERION SCORE` is the score when nothing
//! is observed, and `CRITERION SIGNAL POINTS` what a signal at its full level adds or takes.
//!
//! **Invariant:** a signal moves all its criteria in one direction, and the contributions to a criterion add up to the
//! difference between its base and its score.

use std::collections::HashMap;

use domain::{Criterion, Score};

use super::acts::model::ModelError;
use super::observations::{Observation, Observations};
use super::signals::Signal;

/// The ends of the scale of scores.
const LOWEST: f64 = 0.0;
const HIGHEST: f64 = 10.0;
/// The score when nothing is known.
const MIDDLE: f64 = 5.0;
/// Points that are this far from the middle are pulled half of the way to it: above it, and below it, where it takes more to say
/// something. Most claims that readers call false say that nothing was done for a customer who was helped half of the way.
const CAUTION: f64 = 1.25;
const CAUTION_OF_BLAME: f64 = 2.8;
/// What remains of praise, so that what just seems good is not called so.
const RESERVE: f64 = 0.85;

/// Maps points to the scale of scores. A short call has little evidence (0 to 1), and the middle is all that it can be given. Little
/// evidence is pulled to the middle, much evidence hardly (the nonnegative garrote's curve, Breiman 1995): one weak sign is no reason
/// to call anything good or bad. Only operations that give the same bits on every machine are used.
fn on_scale(points: f64, evidence: f64) -> f64 {
    let distance = (points - MIDDLE) * evidence;
    let (caution, reserve) = if distance < 0.0 { (CAUTION_OF_BLAME, 1.0) } else { (CAUTION, RESERVE) };
    let kept = distance * distance / (distance * distance + caution * caution);
    (MIDDLE + reserve * distance * kept).clamp(LOWEST, HIGHEST)
}

/// The row of a criterion in the scorecard.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CriterionPoints {
    /// Which criterion.
    pub(super) criterion: Criterion,
    /// Its score when nothing is observed.
    base: f64,
    /// The points that signals add to it or take from it.
    points: Vec<(Signal, f64)>,
}

/// The rows, in the order of the rubric.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scorecard {
    pub(super) rows: Vec<CriterionPoints>,
}

impl Default for Scorecard {
    fn default() -> Self {
        let row = |criterion: &Criterion| CriterionPoints { criterion: *criterion, base: MIDDLE, points: Vec::new() };
        Self { rows: Criterion::ALL.iter().map(row).collect() }
    }
}

impl Scorecard {
    /// Reads a scorecard; fails with the line when it is not in the form above.
    pub(super) fn parse(text: &str) -> Result<Self, ModelError> {
        let signals: HashMap<&str, Signal> = Signal::ALL.iter().map(|signal| (signal.name(), *signal)).collect();
        let mut scorecard = Self::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()) {
            let error = |fault| ModelError::new(index + 1, fault);
            let fields: Vec<&str> = line.split(' ').collect();
            let [first, second, points] = fields.as_slice() else { return Err(error("not three fields")) };
            let points: f64 = points.parse().map_err(|_| error("not a number of points"))?;
            let name = if *first == "base" { second } else { first };
            let row = scorecard.rows.iter_mut().find(|row| row.criterion.name() == *name);
            let row = row.ok_or_else(|| error("unknown criterion"))?;
            if *first == "base" {
                row.base = points;
            } else {
                row.points.push((*signals.get(second).ok_or_else(|| error("unknown signal"))?, points));
            }
        }
        Ok(scorecard)
    }

    /// The row of a criterion.
    #[cfg(test)]
    pub(super) fn row(&self, criterion: Criterion) -> Option<&CriterionPoints> {
        self.rows.iter().find(|row| row.criterion == criterion)
    }
}

/// What an observation adds to a criterion.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contribution<'r> {
    /// The signal that was observed.
    pub(super) signal: Signal,
    /// How it was observed.
    pub(super) observation: &'r Observation,
    /// The points it adds, or takes when they are negative.
    pub(super) points: f64,
}

/// A criterion with its score and the contributions to it.
#[derive(Debug)]
pub(super) struct ScoredCriterion<'r> {
    /// Which criterion.
    pub(super) criterion: Criterion,
    /// Its points when nothing is observed.
    start: f64,
    /// How much the call is to go by, from 0 (nothing) to 1.
    evidence: f64,
    /// Its score.
    pub(super) score: Score,
    /// The contributions to it, in the order of the scorecard.
    pub(super) contributions: Vec<Contribution<'r>>,
}

impl CriterionPoints {
    /// The points of the signal when it shows fully; `None` when it does not move the criterion.
    #[cfg(test)]
    pub(super) fn points_of(&self, signal: Signal) -> Option<f64> {
        self.points.iter().find(|(moved, _)| *moved == signal).map(|(_, points)| *points)
    }

    /// Scores the criterion by the observations of a call, which has that much evidence, from 0 to 1.
    pub(super) fn score<'r>(&self, observations: &'r Observations, evidence: f64) -> ScoredCriterion<'r> {
        let contribution = |&(signal, points): &(Signal, f64)| {
            let observation = observations.get(signal);
            Contribution { signal, observation, points: points * observation.level }
        };
        let contributions: Vec<Contribution> =
            self.points.iter().map(contribution).filter(|contribution| contribution.points.abs() > 0.0).collect();
        let sum = contributions.iter().map(|contribution| contribution.points).sum::<f64>();
        let score = Score::saturating(on_scale(self.base + sum, evidence));
        ScoredCriterion { criterion: self.criterion, start: self.base, evidence, score, contributions }
    }
}

impl ScoredCriterion<'_> {
    /// The sum of the contributions.
    fn sum(&self) -> f64 {
        self.contributions.iter().map(|contribution| contribution.points).sum()
    }

    /// The points of a signal, when it moves the criterion.
    pub(super) fn points_of(&self, signal: Signal) -> Option<f64> {
        self.contributions.iter().find(|one| one.signal == signal).map(|one| one.points)
    }

    /// How far from the middle the signals alone move the criterion, before the pull to the middle.
    pub(super) fn moved(&self) -> f64 {
        if self.contributions.is_empty() { 0.0 } else { ((self.start + self.sum() - MIDDLE) * self.evidence).abs() }
    }

    /// How far the score is from the middle.
    pub(super) fn distance_from_middle(&self) -> f64 {
        (self.score.value() - MIDDLE).abs()
    }

    /// 1 when the score is better than the middle, -1 when it is worse.
    pub(super) fn direction(&self) -> f64 {
        if self.score.value() < MIDDLE { -1.0 } else { 1.0 }
    }

    /// The score of the criterion if nothing had been observed.
    pub(super) fn base(&self) -> f64 {
        on_scale(self.start, self.evidence)
    }

    /// How much each point moves the score in this call, so that the contributions add up to the difference between
    /// [`Self::base`] and the score. It is the same for all contributions, because the scale is applied to their sum.
    pub(super) fn worth(&self) -> f64 {
        let sum = self.sum();
        if sum.abs() < f64::EPSILON { 1.0 } else { (on_scale(self.start + sum, self.evidence) - self.base()) / sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::scorer::Scorer;

    #[test]
    fn every_signal_of_the_scorecard_moves_always_in_one_direction_and_no_criterion_twice() {
        for signal in Signal::ALL {
            let rows = &Scorer::shipped().scorecard.rows;
            let points: Vec<f64> = rows.iter().filter_map(|row| row.points_of(*signal)).collect();
            assert!(points.iter().all(|one| *one > 0.0) || points.iter().all(|one| *one < 0.0), "{signal:?}");
            for row in rows {
                let times = row.points.iter().filter(|(moved, _)| moved == signal).count();
                assert!(times <= 1, "{signal:?} in {:?}", row.criterion);
            }
        }
    }

    #[test]
    fn a_signal_moves_its_criterion_by_its_level_and_never_beyond_the_scale() {
        let scorecard = Scorecard::parse("# c\nbase language_use 5\nlanguage_use Rude -8\n").unwrap();
        let row = scorecard.row(Criterion::LanguageUse).unwrap();
        for (level, score) in [(0.0, "5"), (0.1, "4.9"), (0.5, "2.3"), (1.0, "0")] {
            let mut observations = Observations::nothing();
            observations.set(Signal::Rude, Observation::at(Some(0), level, 1));
            let scored = row.score(&observations, 1.0);
            assert_eq!(scored.score.value().to_string(), score);
            let told: f64 = scored.contributions.iter().map(|one| one.points * scored.worth()).sum();
            assert!((scored.base() + told - scored.score.value()).abs() <= 0.05 + 1e-9);
        }
    }

    #[test]
    fn the_less_there_is_to_go_by_the_nearer_to_the_middle_is_the_score() {
        let scorecard = Scorecard::parse("base language_use 1\n").unwrap();
        let score = |evidence| {
            scorecard.row(Criterion::LanguageUse).unwrap().score(&Observations::nothing(), evidence).score.value()
        };
        assert!(score(1.0) < score(0.5) && score(0.5) < score(0.2) && score(0.0) == MIDDLE);
    }

    #[test]
    fn a_scorecard_in_another_form_is_an_error_that_names_the_line() {
        for text in ["base charm 5", "language_use Charms 1", "language_use Rude", "language_use Rude much"] {
            let error = Scorecard::parse(&format!("# c\n{text}\n")).unwrap_err();
            assert!(error.to_string().starts_with("line 2: "), "{error}");
        }
    }
}
