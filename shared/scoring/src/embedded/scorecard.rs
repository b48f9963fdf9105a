//! The scorecard: the points at which each criterion starts, and the points that each signal adds or takes when it shows fully. This
//! table is all that has to be calibrated.
//!
//! **Invariant:** a score is the start of its criterion plus the points of the observations, brought into the range from 0 to 10;
//! nothing else moves it.

use domain::{Criterion, Score};

use super::observations::{Observation, Observations};
use super::signals::Signal;
use super::signals::Signal::{
    Acknowledges, Answers, AnswersNo, Apologises, Asks, AsksFirst, AsksMuch, AsksNothing, AsksToRepeat, Blames,
    Cheerful, Counters, Courteous, CustomerAccepts, CustomerChangesMind, CustomerChases, CustomerConfirms,
    CustomerConfused, CustomerCorrects, CustomerDeclines, CustomerExclaims, CustomerInterested, CustomerNegates,
    CustomerRejects, CustomerRepeats, CustomerReserved, CustomerSaysGoodbye, CustomerTerse, CustomerThanks,
    CustomerWantsAnother, Delivers, Dismisses, DoesNotKnow, Dominates, Empathises, EndsAbruptly, EndsAsking,
    EndsDispleased, EndsPleased, EndsRefused, Enthused, Evades, GivesUp, Greets, Hasty, Hedges, Hesitates,
    IgnoresDistress, IgnoresObjection, Informs, Insists, Interrupts, Introduces, Jargon, LeavesOpen, LeftWithout,
    Lively, LongWinded, MeetsDistress, MeetsObjection, Monologue, Negates, NoGoodbye, NoGreeting, NothingLeft,
    OffersAlternative, OffersHelp, OffersMore, OffersMoreAgain, Overloads, PassesOn, Precise, Proposes, ProposesFirst,
    ReadsBack, Reassures, Refuses, RefusesFlatly, RepeatsItself, Resolved, Rude, SaysGoodbye, Signposts, Slang,
    SlowToAnswer, Sluggish, SoundsDispleased, SoundsPleased, StaysPleased, StillAsks, SumsUp, TakesOwnership, TakesUp,
    Unresolved, Warm,
};

/// The middle of the scale.
const MIDDLE: f64 = 5.0;
/// The reach of the scale in points: up to this distance from the middle all points count nearly the same, and at this distance 84 %
/// of the way to the end of the scale is covered.
const REACH: f64 = 6.5;

/// The row of a criterion in the scorecard.
pub(super) struct CriterionPoints {
    /// Which criterion.
    pub(super) criterion: Criterion,
    /// Its points when nothing is observed.
    start: f64,
    /// The points that signals add to it or take from it.
    points: &'static [(Signal, f64)],
}

/// The rows, in the order of the rubric.
#[rustfmt::skip] // One block a criterion, gains before losses, weak habits last: a table is read at a glance.
pub(super) const SCORECARD: [CriterionPoints; Criterion::ALL.len()] = [
    row(Criterion::ProfessionalismAndTone, 5.2, &[
        (Courteous, 1.5), (Greets, 0.6), (SaysGoodbye, 0.4), (Reassures, 1.0), (CustomerThanks, 0.6),
        (SoundsPleased, 2.0),
        (Rude, -8.0), (Dismisses, -6.0), (Blames, -6.0), (Slang, -1.3), (Interrupts, -2.5), (SoundsDispleased, -2.0),
        (Apologises, -0.8), (Insists, -1.5),
        // Habits.
        (Lively, 0.5), (Cheerful, 0.8), (CustomerExclaims, 0.8), (CustomerSaysGoodbye, 1.0),
    ]),
    row(Criterion::ClarityAndPacing, 5.7, &[
        (Signposts, 0.3), (Answers, 0.5), (CustomerAccepts, 0.8), (SoundsPleased, 2.0), (Precise, 0.8),
        (AsksMuch, -1.5), (CustomerReserved, -0.6), (LongWinded, -4.0), (Monologue, -4.0), (Hasty, -2.5),
        (Sluggish, -1.3), (CustomerConfused, -6.0), (CustomerCorrects, -2.4), (CustomerRepeats, -1.1),
        (AsksToRepeat, -2.0), (Hesitates, -1.3), (RepeatsItself, -1.4), (Jargon, -1.5), (Overloads, -4.0),
        (Evades, -0.5),
        // Habits.
        (Lively, 0.5), (Informs, 0.9), (CustomerConfirms, 1.0), (CustomerInterested, 0.9), (CustomerChangesMind, -1.2),
        (CustomerTerse, -0.8),
    ]),
    row(Criterion::ActiveListening, 4.5, &[
        (Acknowledges, 0.9), (TakesUp, 1.9), (ReadsBack, 0.5), (EndsPleased, 1.9), (CustomerThanks, 0.4),
        (Interrupts, -4.0), (Dominates, -2.0), (CustomerRepeats, -6.5), (CustomerCorrects, -4.2),
        (CustomerNegates, -1.2), (AsksToRepeat, -3.0), (RepeatsItself, -1.2),
        // Habits.
        (CustomerConfirms, 1.0), (OffersMoreAgain, -1.2), (CustomerChangesMind, -1.2), (CustomerTerse, -0.8),
    ]),
    row(Criterion::LanguageUse, 5.7, &[
        (Courteous, 1.0), (Reassures, 1.2), (Warm, 0.7), (SoundsPleased, 1.4),
        (Rude, -6.5), (Hesitates, -2.5), (Slang, -2.5), (Hedges, -5.0), (RepeatsItself, -6.0), (RefusesFlatly, -0.8),
        (CustomerConfused, -1.5), (Jargon, -6.8),
        // Habits.
        (Lively, 0.5), (Cheerful, 0.8), (Negates, -0.9),
    ]),
    row(Criterion::GoalAchievement, 4.4, &[
        (Delivers, 3.2), (CustomerAccepts, 1.3), (CustomerThanks, 1.0), (NothingLeft, 0.4), (EndsPleased, 4.6),
        (SoundsPleased, 3.1), (Resolved, 1.6),
        (EndsRefused, -3.0), (StillAsks, -1.4), (EndsAsking, -2.0), (CustomerDeclines, -2.4), (Refuses, -5.0),
        (RefusesFlatly, -1.4), (GivesUp, -5.3), (CustomerRejects, -3.0), (CustomerNegates, -4.1),
        (CustomerCorrects, -2.4), (EndsDispleased, -2.3), (LeavesOpen, -1.9), (PassesOn, -1.5), (Apologises, -2.4),
        (Unresolved, -4.6), (Evades, -0.8), (LeftWithout, -3.0), (DoesNotKnow, -1.0), (Dismisses, -1.2),
        // Habits.
        (Cheerful, 0.8), (Informs, 0.9), (CustomerExclaims, 0.8), (CustomerConfirms, 1.0), (Negates, -0.9),
        (AnswersNo, -0.6), (CustomerChangesMind, -1.2), (CustomerWantsAnother, -1.2),
    ]),
    row(Criterion::ProblemSolving, 4.3, &[
        (TakesOwnership, 1.8), (Proposes, 0.7), (OffersAlternative, 2.4), (Delivers, 1.0), (CustomerAccepts, 1.3),
        (EndsPleased, 2.8), (Resolved, 0.7), (Asks, 0.3), (Reassures, 1.4),
        (EndsRefused, -1.2), (CustomerDeclines, -1.8), (Refuses, -1.8), (RefusesFlatly, -2.4), (PassesOn, -5.4),
        (Dismisses, -1.5), (DoesNotKnow, -2.5), (CustomerRejects, -2.5), (CustomerNegates, -2.6), (GivesUp, -3.2),
        (Apologises, -0.8), (Unresolved, -1.2), (LeftWithout, -2.5),
        // Habits.
        (Informs, 0.9), (CustomerConfirms, 1.0), (CustomerInterested, 0.9), (Negates, -0.9), (AnswersNo, -1.1),
        (CustomerWantsAnother, -1.2),
    ]),
    row(Criterion::InformationGathering, 4.7, &[
        (Asks, 4.2), (AsksFirst, 1.1), (ReadsBack, 2.4), (TakesUp, 1.2), (CustomerAccepts, 0.8),
        (StillAsks, -0.9), (CustomerDeclines, -1.2), (AsksNothing, -4.0), (ProposesFirst, -3.0), (RepeatsItself, -0.8),
        (CustomerCorrects, -6.6), (CustomerRepeats, -1.0), (CustomerRejects, -2.5),
        // Habits.
        (Informs, 0.9), (CustomerConfirms, 1.0), (CustomerWantsAnother, -1.2),
    ]),
    row(Criterion::CallStructure, 3.2, &[
        (Greets, 1.9), (Introduces, 0.9), (OffersHelp, 1.3), (OffersMore, 2.8), (SaysGoodbye, 1.2), (Signposts, 3.2),
        (NothingLeft, 0.6), (CustomerThanks, 0.6), (SumsUp, 4.0),
        (StillAsks, -0.9), (EndsAsking, -1.0), (NoGreeting, -1.3), (NoGoodbye, -1.4), (GivesUp, -2.7),
        (RepeatsItself, -1.4), (EndsAbruptly, -2.2),
        // Habits.
        (CustomerSaysGoodbye, 1.0), (OffersMoreAgain, -1.2),
    ]),
    row(Criterion::EmpathyAndRapport, 4.2, &[
        (Enthused, 3.8), (StaysPleased, 2.8), (MeetsDistress, 2.5), (Warm, 3.2), (Acknowledges, 0.9), (Courteous, 0.5),
        (Reassures, 1.3), (SoundsPleased, 4.2), (EndsPleased, 1.2), (CustomerThanks, 0.6), (Empathises, 3.5),
        (IgnoresDistress, -1.6), (Rude, -4.0), (Dismisses, -3.0), (Blames, -2.5), (CustomerNegates, -2.0),
        (CustomerRejects, -1.3),
        // Habits.
        (Lively, 0.5), (Cheerful, 0.8), (CustomerExclaims, 0.8), (CustomerInterested, 0.9), (CustomerSaysGoodbye, 1.0),
        (CustomerTerse, -0.8),
    ]),
    row(Criterion::Responsiveness, 4.9, &[
        (Answers, 1.0), (TakesUp, 0.8), (Delivers, 1.4), (CustomerThanks, 1.0), (EndsPleased, 2.8), (Resolved, 0.3),
        (Precise, 1.3),
        (Counters, -1.2), (EndsAsking, -1.4), (StillAsks, -0.9), (LeavesOpen, -3.7), (SlowToAnswer, -2.5),
        (CustomerChases, -2.0), (DoesNotKnow, -2.5), (CustomerRepeats, -1.1), (CustomerCorrects, -2.4),
        (CustomerNegates, -2.4), (Refuses, -0.8), (RefusesFlatly, -0.4), (Evades, -4.0),
        // Habits.
        (Informs, 0.9), (CustomerExclaims, 0.8), (CustomerInterested, 0.9), (Negates, -0.9), (AnswersNo, -1.1),
        (OffersMoreAgain, -1.2), (CustomerChangesMind, -1.2), (CustomerWantsAnother, -1.2), (CustomerTerse, -0.8),
    ]),
    row(Criterion::ObjectionHandling, 4.7, &[
        (MeetsObjection, 4.5), (CustomerAccepts, 1.3), (EndsPleased, 2.8),
        (IgnoresObjection, -9.0), (Insists, -9.0), (Dismisses, -6.0), (CustomerRejects, -2.0), (GivesUp, -2.7),
    ]),
    row(Criterion::CustomerSatisfaction, 4.4, &[
        (Enthused, 6.5), (StaysPleased, 5.7), (EndsPleased, 6.0), (SoundsPleased, 5.6), (CustomerThanks, 1.3),
        (CustomerAccepts, 0.8), (NothingLeft, 0.3), (Resolved, 0.4),
        (EndsRefused, -2.4), (CustomerReserved, -2.6), (EndsAsking, -1.0), (CustomerDeclines, -1.2),
        (EndsDispleased, -5.0), (SoundsDispleased, -4.0), (GivesUp, -4.3), (CustomerRepeats, -1.5),
        (CustomerCorrects, -2.4), (CustomerConfused, -2.0), (CustomerNegates, -3.9), (CustomerRejects, -2.0),
        (Apologises, -1.5), (Unresolved, -0.9), (LeftWithout, -1.0), (EndsAbruptly, -1.2),
        // Habits.
        (Lively, 0.5), (Cheerful, 0.8), (CustomerExclaims, 0.8), (CustomerInterested, 0.9), (CustomerSaysGoodbye, 1.0),
        (Negates, -0.9), (AnswersNo, -1.1), (OffersMoreAgain, -1.2), (CustomerChangesMind, -1.2),
        (CustomerWantsAnother, -1.2), (CustomerTerse, -0.8),
    ]),
];

const fn row(criterion: Criterion, start: f64, points: &'static [(Signal, f64)]) -> CriterionPoints {
    CriterionPoints { criterion, start, points }
}

/// Maps points to the scale of scores: nearly linear, and flatter only towards the ends, because a flat curve gives two good calls
/// the same score. Only operations that give the same bits on every machine are used.
fn on_scale(points: f64) -> f64 {
    let distance = (points - MIDDLE) / REACH;
    let square = distance * distance;
    MIDDLE + MIDDLE * distance / (1.0 + square * square).sqrt().sqrt()
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
    pub(super) start: f64,
    /// Its score.
    pub(super) score: Score,
    /// The contributions to it, in the order of the scorecard.
    pub(super) contributions: Vec<Contribution<'r>>,
}

impl CriterionPoints {
    /// Whether the criterion applies: the handling of objections does only where one was raised.
    pub(super) fn applies(&self, observations: &Observations) -> bool {
        let objections = [Signal::MeetsObjection, Signal::IgnoresObjection];
        self.criterion != Criterion::ObjectionHandling
            || objections.iter().any(|signal| observations.get(*signal).level > 0.0)
    }

    /// The points of the signal when it shows fully; `None` when it does not move the criterion.
    pub(super) fn points_of(&self, signal: Signal) -> Option<f64> {
        self.points.iter().find(|(moved, _)| *moved == signal).map(|(_, points)| *points)
    }

    /// Scores the criterion by the observations of a call.
    pub(super) fn score<'r>(&self, observations: &'r Observations) -> ScoredCriterion<'r> {
        let contribution = |&(signal, points): &(Signal, f64)| {
            let observation = observations.get(signal);
            Contribution { signal, observation, points: points * observation.level }
        };
        let contributions: Vec<Contribution> =
            self.points.iter().map(contribution).filter(|contribution| contribution.points.abs() > 0.0).collect();
        let points = self.start + contributions.iter().map(|contribution| contribution.points).sum::<f64>();
        let score = Score::saturating(on_scale(points));
        ScoredCriterion { criterion: self.criterion, start: self.start, score, contributions }
    }
}

impl ScoredCriterion<'_> {
    /// The score of the criterion if nothing had been observed.
    pub(super) fn base(&self) -> f64 {
        on_scale(self.start)
    }

    /// How much each point moves the score in this call, so that the contributions add up to the difference between [`Self::base`]
    /// and the score. It is the same for all contributions, because the scale is applied to their sum.
    pub(super) fn worth(&self) -> f64 {
        let points = self.contributions.iter().map(|contribution| contribution.points).sum::<f64>();
        if points.abs() < f64::EPSILON { 1.0 } else { (on_scale(self.start + points) - self.base()) / points }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::coaching_tips::coaching_tip;

    fn points_of(signal: Signal) -> Vec<f64> {
        SCORECARD.iter().filter_map(|row| row.points_of(signal)).collect()
    }

    #[test]
    fn the_rows_are_those_of_the_rubric() {
        assert!(SCORECARD.iter().map(|row| row.criterion).eq(Criterion::ALL.iter().copied()));
    }

    #[test]
    fn every_signal_moves_something_and_always_in_one_direction() {
        for signal in Signal::ALL {
            let points = points_of(*signal);
            assert!(!points.is_empty(), "{signal:?}");
            assert!(points.iter().all(|one| *one > 0.0) || points.iter().all(|one| *one < 0.0), "{signal:?}");
        }
    }

    #[test]
    fn no_signal_moves_a_criterion_twice() {
        for row in SCORECARD {
            let names: std::collections::BTreeSet<_> = row.points.iter().map(|(signal, _)| signal.name()).collect();
            assert_eq!(names.len(), row.points.len(), "{:?}", row.criterion);
        }
    }

    #[test]
    fn coaching_tips_are_given_on_losses_only() {
        for signal in Signal::ALL {
            assert!(coaching_tip(*signal).is_none() || points_of(*signal)[0] < 0.0, "{signal:?}");
        }
    }

    #[test]
    fn a_signal_moves_its_criterion_by_its_level() {
        let row = row(Criterion::LanguageUse, 5.0, &[(Signal::Rude, -4.0)]);
        let score = |level| {
            let mut observations = Observations::nothing();
            observations.set(Signal::Rude, Observation::at(Some(0), level, 1));
            row.score(&observations).score
        };
        assert_eq!(score(0.0).value().to_string(), "5");
        assert!(score(1.0) < score(0.5) && score(0.5) < score(0.0));
    }

    #[test]
    fn the_scale_rises_from_one_end_to_the_other_without_reaching_beyond() {
        let scores: Vec<f64> = (-40..=50).map(|points| on_scale(f64::from(points))).collect();
        assert!(scores.is_sorted());
        assert!(scores[0] > 0.0 && scores[0] < 0.2 && scores[90] > 9.8 && scores[90] < 10.0);
        assert_eq!(on_scale(MIDDLE).to_string(), MIDDLE.to_string());
    }
}
