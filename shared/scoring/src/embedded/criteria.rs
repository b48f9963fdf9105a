//! From signals to scores: for each criterion where it starts, and how many points each signal gives or takes when it shows
//! fully. This table is all there is to calibrate.
//!
//! **Invariant:** a score is its start and the points of what was found, brought within 0 and 10; nothing else moves it.

use domain::{Criterion, Score};

use super::signals::Signal::{
    Acknowledges, Answers, Apologises, Asks, AsksFirst, AsksMuch, AsksNothing, AsksToRepeat, Blames, Counters,
    Courteous, CustomerAccepts, CustomerChases, CustomerConfused, CustomerCorrects, CustomerDeclines, CustomerNegates,
    CustomerRejects, CustomerRepeats, CustomerReserved, CustomerThanks, Delivers, Dismisses, DoesNotKnow, Dominates,
    EndsAsking, EndsDispleased, EndsPleased, EndsRefused, Enthused, GivesUp, Greets, Hasty, Hedges, Hesitates,
    IgnoresDistress, IgnoresObjection, Interrupts, Introduces, LeavesOpen, LongWinded, MeetsDistress, MeetsObjection,
    Monologue, NoGoodbye, NoGreeting, NothingLeft, OffersAlternative, OffersHelp, OffersMore, PassesOn, Proposes,
    ProposesFirst, ReadsBack, Reassures, Refuses, RefusesFlatly, RepeatsItself, Rude, SaysGoodbye, Signposts, Slang,
    SlowToAnswer, Sluggish, SoundsDispleased, SoundsPleased, StaysPleased, StillAsks, TakesOwnership, TakesUp, Warm,
};
use super::signals::{Reading, Readings, Signal};

/// The middle of the scale.
const MIDDLE: f64 = 5.0;
/// This many points from the middle are 70 % of the way to the end.
const REACH: f64 = 3.5;

/// Where a criterion starts, and what moves it.
pub(super) struct Rule {
    /// Which criterion.
    pub(super) criterion: Criterion,
    /// Its score when nothing is found.
    start: f64,
    /// Points by signal.
    points: &'static [(Signal, f64)],
}

/// The rules, in the order of the rubric.
#[rustfmt::skip] // One row a criterion, gains before losses: a table is read, and calibrated, at a glance.
pub(super) const RULES: [Rule; Criterion::ALL.len()] = [
    rule(Criterion::ProfessionalismAndTone, 5.2, &[
        (Courteous, 2.0), (Greets, 0.7), (SaysGoodbye, 0.9), (Reassures, 1.0), (CustomerThanks, 1.3),
        (SoundsPleased, 1.3),
        (Rude, -8.0), (Dismisses, -6.0), (Blames, -5.0), (Slang, -1.3), (Interrupts, -2.5), (SoundsDispleased, -2.0),
        (Apologises, -0.7),
    ]),
    rule(Criterion::ClarityAndPacing, 5.7, &[
        (Signposts, 1.3), (Answers, 0.7), (CustomerAccepts, 1.0), (SoundsPleased, 1.3),
        (AsksMuch, -1.5), (CustomerReserved, -0.5), (LongWinded, -4.0), (Monologue, -4.0), (Hasty, -2.5),
        (Sluggish, -1.3), (CustomerConfused, -6.5), (CustomerCorrects, -2.0), (CustomerRepeats, -2.0),
        (AsksToRepeat, -2.0), (Hesitates, -1.3), (RepeatsItself, -2.0),
    ]),
    rule(Criterion::ActiveListening, 4.2, &[
        (Acknowledges, 2.0), (TakesUp, 2.0), (ReadsBack, 0.7), (EndsPleased, 2.0), (CustomerThanks, 0.9),
        (Interrupts, -4.0), (Dominates, -2.0), (CustomerRepeats, -4.0), (CustomerCorrects, -4.0),
        (CustomerNegates, -2.5), (AsksToRepeat, -1.3), (RepeatsItself, -2.0),
    ]),
    rule(Criterion::LanguageUse, 5.7, &[
        (Courteous, 1.3), (Reassures, 2.0), (Warm, 1.3), (SoundsPleased, 0.9),
        (Rude, -6.5), (Hesitates, -2.5), (Slang, -2.5), (Hedges, -2.0), (RepeatsItself, -2.5), (RefusesFlatly, -1.6),
        (CustomerConfused, -2.5),
    ]),
    rule(Criterion::GoalAchievement, 3.7, &[
        (Delivers, 2.5), (CustomerAccepts, 1.6), (CustomerThanks, 2.0), (NothingLeft, 0.9), (EndsPleased, 5.0),
        (SoundsPleased, 2.0),
        (EndsRefused, -3.0), (StillAsks, -1.5), (EndsAsking, -2.0), (CustomerDeclines, -2.0), (Refuses, -3.1),
        (RefusesFlatly, -2.0), (GivesUp, -5.0), (CustomerRejects, -3.0), (CustomerNegates, -5.0),
        (CustomerCorrects, -2.0), (EndsDispleased, -4.0), (LeavesOpen, -2.0), (PassesOn, -2.0), (Apologises, -2.0),
    ]),
    rule(Criterion::ProblemSolving, 3.7, &[
        (TakesOwnership, 1.3), (Proposes, 0.7), (OffersAlternative, 0.6), (Delivers, 2.5), (CustomerAccepts, 1.6),
        (EndsPleased, 3.0),
        (EndsRefused, -2.0), (CustomerDeclines, -1.5), (Counters, -1.0), (Refuses, -3.1), (RefusesFlatly, -3.2),
        (PassesOn, -2.5), (Dismisses, -4.0), (DoesNotKnow, -2.0), (CustomerRejects, -2.5), (CustomerNegates, -2.5),
        (GivesUp, -3.0), (Apologises, -2.0),
    ]),
    rule(Criterion::InformationGathering, 4.7, &[
        (Asks, 1.3), (AsksFirst, 1.3), (ReadsBack, 1.3), (TakesUp, 1.3), (CustomerAccepts, 1.0),
        (AsksMuch, -1.5), (StillAsks, -1.0), (CustomerDeclines, -1.0), (AsksNothing, -4.0), (ProposesFirst, -0.9),
        (RepeatsItself, -2.5), (CustomerCorrects, -4.0), (CustomerRepeats, -2.5), (CustomerRejects, -2.5),
    ]),
    rule(Criterion::CallStructure, 4.2, &[
        (Greets, 1.3), (Introduces, 0.9), (OffersHelp, 1.3), (OffersMore, 0.9), (SaysGoodbye, 1.6), (Signposts, 1.0),
        (NothingLeft, 0.9), (CustomerThanks, 1.3),
        (StillAsks, -1.0), (EndsAsking, -1.0), (NoGreeting, -1.3), (NoGoodbye, -1.3), (GivesUp, -2.5),
        (RepeatsItself, -1.3),
    ]),
    rule(Criterion::EmpathyAndRapport, 3.7, &[
        (Enthused, 3.0), (StaysPleased, 1.5), (MeetsDistress, 2.5), (Warm, 2.0), (Acknowledges, 0.9),
        (Courteous, 0.7), (Reassures, 1.3), (SoundsPleased, 3.5), (EndsPleased, 2.0), (CustomerThanks, 1.3),
        (IgnoresDistress, -4.0), (Rude, -4.0), (Dismisses, -4.0), (Blames, -2.5), (SoundsDispleased, -2.0),
        (CustomerNegates, -2.5), (CustomerRejects, -1.3),
    ]),
    rule(Criterion::Responsiveness, 4.7, &[
        (Answers, 1.3), (TakesUp, 0.9), (Delivers, 1.3), (CustomerThanks, 2.0), (EndsPleased, 3.0),
        (Counters, -2.0), (EndsAsking, -2.0), (StillAsks, -1.0), (LeavesOpen, -4.0), (SlowToAnswer, -2.5),
        (CustomerChases, -2.0), (DoesNotKnow, -2.0), (CustomerRepeats, -2.5), (CustomerCorrects, -2.5),
        (CustomerNegates, -2.5), (Refuses, -1.6), (RefusesFlatly, -1.6),
    ]),
    rule(Criterion::ObjectionHandling, 4.7, &[
        (MeetsObjection, 2.5), (CustomerAccepts, 1.6), (EndsPleased, 3.0),
        (IgnoresObjection, -3.0), (Dismisses, -3.0), (CustomerRejects, -2.0), (GivesUp, -2.5),
    ]),
    rule(Criterion::CustomerSatisfaction, 3.7, &[
        (Enthused, 4.5), (StaysPleased, 3.0), (EndsPleased, 6.5), (SoundsPleased, 4.0), (CustomerThanks, 2.5),
        (CustomerAccepts, 1.0), (NothingLeft, 0.4),
        (EndsRefused, -2.0), (CustomerReserved, -2.0), (EndsAsking, -1.0), (CustomerDeclines, -1.0),
        (EndsDispleased, -4.0), (SoundsDispleased, -3.0), (GivesUp, -4.0), (CustomerRepeats, -2.0),
        (CustomerCorrects, -2.0), (CustomerConfused, -2.0), (CustomerNegates, -3.8), (CustomerRejects, -2.0),
        (Apologises, -1.3),
    ]),
];

const fn rule(criterion: Criterion, start: f64, points: &'static [(Signal, f64)]) -> Rule {
    Rule { criterion, start, points }
}

/// The score of that many points. Around the middle a point is a little more than a point; the nearer to an end, the less it
/// is, so that the best of two good calls still shows. Built of operations that give the same bits on every machine.
fn on_scale(points: f64) -> f64 {
    let distance = (points - MIDDLE) / REACH;
    MIDDLE + MIDDLE * distance / (1.0 + distance * distance).sqrt()
}

/// A signal that moved a criterion.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effect<'r> {
    /// What was found.
    pub(super) signal: Signal,
    /// How it was found.
    pub(super) reading: &'r Reading,
    /// What it gives or takes.
    pub(super) points: f64,
}

/// A criterion with its score and what moved it.
#[derive(Debug)]
pub(super) struct Judgement<'r> {
    /// Which criterion.
    pub(super) criterion: Criterion,
    /// Where it starts.
    pub(super) start: f64,
    /// Where it ends.
    pub(super) score: Score,
    /// What moved it, in the order of the table.
    pub(super) effects: Vec<Effect<'r>>,
}

impl Rule {
    /// Whether the criterion applies: there is no handling of objections where none was raised.
    pub(super) fn applies(&self, readings: &Readings) -> bool {
        let objections = [Signal::MeetsObjection, Signal::IgnoresObjection];
        self.criterion != Criterion::ObjectionHandling
            || objections.iter().any(|signal| readings.get(*signal).level > 0.0)
    }

    /// The points the signal gives or takes when it shows fully; `None` when it does not concern the criterion.
    pub(super) fn points_of(&self, signal: Signal) -> Option<f64> {
        self.points.iter().find(|(moved, _)| *moved == signal).map(|(_, points)| *points)
    }

    /// Judges the criterion by what was found.
    pub(super) fn judge<'r>(&self, readings: &'r Readings) -> Judgement<'r> {
        let effect = |&(signal, points): &(Signal, f64)| {
            let reading = readings.get(signal);
            Effect { signal, reading, points: points * reading.level }
        };
        let effects: Vec<Effect> = self.points.iter().map(effect).filter(|effect| effect.points.abs() > 0.0).collect();
        let points = self.start + effects.iter().map(|effect| effect.points).sum::<f64>();
        let score = Score::saturating(on_scale(points));
        Judgement { criterion: self.criterion, start: self.start, score, effects }
    }
}

impl Judgement<'_> {
    /// Where the criterion would be if nothing had been found, on the scale of scores.
    pub(super) fn base(&self) -> f64 {
        on_scale(self.start)
    }

    /// How much of a point on the scale of scores each point is worth in this call, so that the effects add up to the
    /// difference between [`Self::base`] and the score. It is the same for all of them: the scale bends what they come to
    /// together.
    pub(super) fn worth(&self) -> f64 {
        let points = self.effects.iter().map(|effect| effect.points).sum::<f64>();
        if points.abs() < f64::EPSILON { 1.0 } else { (on_scale(self.start + points) - self.base()) / points }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::wording::advice;

    fn points_of(signal: Signal) -> Vec<f64> {
        RULES.iter().filter_map(|rule| rule.points_of(signal)).collect()
    }

    #[test]
    fn the_rules_are_those_of_the_rubric() {
        assert!(RULES.iter().map(|rule| rule.criterion).eq(Criterion::ALL.iter().copied()));
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
    fn advice_is_given_on_losses_only() {
        for signal in Signal::ALL {
            assert!(advice(*signal).is_none() || points_of(*signal)[0] < 0.0, "{signal:?}");
        }
    }

    #[test]
    fn a_signal_moves_its_criterion_by_its_level() {
        let rule = rule(Criterion::LanguageUse, 5.0, &[(Signal::Rude, -4.0)]);
        let score = |level| {
            let mut readings = Readings::nothing();
            readings.set(Signal::Rude, Reading::at(Some(0), level, 1));
            rule.judge(&readings).score
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
