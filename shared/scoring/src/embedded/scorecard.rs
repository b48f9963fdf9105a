//! The scorecard: the points at which each criterion starts, and the points that each signal adds or takes when it
//! shows fully. This table is all that has to be calibrated.
//!
//! **Invariant:** a score is the start of its criterion plus the points of the observations, brought into the range
//! from 0 to 10; nothing else moves it.

use domain::{Criterion, Score};

use super::observations::{Observation, Observations};
use super::signals::Signal;
use super::signals::Signal::{
    Acknowledges, AddressesDistress, AddressesObjection, AddsPersonalNote, AgentRepeats, AgentStillAsking, Apologises,
    AsksBeforeProposing, AsksManyQuestions, AsksNoQuestions, AsksQuestions, AsksToRepeat, BlamesCustomer,
    CompletesRequest, Courteous, CustomerAccepts, CustomerAsksForStatus, CustomerChangesMind, CustomerConfirms,
    CustomerConfused, CustomerCorrects, CustomerDeclines, CustomerDelighted, CustomerGivesUp, CustomerHesitant,
    CustomerInterested, CustomerLeftWithoutResult, CustomerNeedsNothingElse, CustomerRejects, CustomerRepeats,
    CustomerSaysGoodbye, CustomerStillAsking, CustomerTerse, CustomerThanks, CustomerUsesExclamations,
    CustomerUsesNegations, CustomerWantsAlternative, DismissesCustomer, DominatesTalkTime, EchoesCustomer, Empathises,
    EndsAbruptly, EndsWithRefusal, ExplainsAtLength, FastPace, Greets, Hedges, IgnoresDistress, IgnoresObjection,
    InformationOverload, Interrupts, IntroducesSelf, LacksKnowledge, LeavesQuestionsOpen, LongWinded, Monologue,
    NegativeEnding, NegativeSentiment, NoGoodbye, NoGreeting, OffersAlternative, OffersFurtherHelp, OffersHelp,
    PositiveEnding, PositiveSentiment, PressuresCustomer, Proposes, ProposesBeforeAsking, ReadsBack, Reassures,
    RefersElsewhere, Refuses, RefusesWithoutAlternative, RepeatsFurtherHelpOffer, RepliesNo, RepliesSpecifically,
    RepliesToQuestions, RepliesVaguely, RepliesWithQuestion, Resolved, Rude, SaysGoodbye, Signposts, SlowPace,
    SlowToReply, Summarises, SustainedPositiveSentiment, TakesOwnership, Unresolved, UsesExclamations, UsesFillerWords,
    UsesJargon, UsesNegations, UsesPositiveWords, UsesSlang,
};

/// The middle of the scale.
const MIDDLE: f64 = 5.0;
/// The reach of the scale in points: up to this distance from the middle all points count nearly the same, and at this
/// distance 84 % of the way to the end of the scale is covered.
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
        (PositiveSentiment, 2.0),
        (Rude, -8.0), (DismissesCustomer, -6.0), (BlamesCustomer, -6.0), (UsesSlang, -1.3), (Interrupts, -2.5),
        (NegativeSentiment, -2.0), (Apologises, -0.8), (PressuresCustomer, -1.5),
        // Habits.
        (UsesExclamations, 0.5), (UsesPositiveWords, 0.8), (CustomerUsesExclamations, 0.8), (CustomerSaysGoodbye, 1.0),
    ]),
    row(Criterion::ClarityAndPacing, 5.7, &[
        (Signposts, 0.3), (RepliesToQuestions, 0.5), (CustomerAccepts, 0.8), (PositiveSentiment, 2.0),
        (RepliesSpecifically, 0.8),
        (AsksManyQuestions, -1.5), (CustomerHesitant, -0.6), (LongWinded, -4.0), (Monologue, -4.0), (FastPace, -2.5),
        (SlowPace, -1.3), (CustomerConfused, -6.0), (CustomerCorrects, -2.4), (CustomerRepeats, -1.1),
        (AsksToRepeat, -2.0), (UsesFillerWords, -1.3), (AgentRepeats, -1.4), (UsesJargon, -1.5),
        (InformationOverload, -4.0), (RepliesVaguely, -0.5),
        // Habits.
        (UsesExclamations, 0.5), (ExplainsAtLength, 0.9), (CustomerConfirms, 1.0), (CustomerInterested, 0.9),
        (CustomerChangesMind, -1.2), (CustomerTerse, -0.8),
    ]),
    row(Criterion::ActiveListening, 4.5, &[
        (Acknowledges, 0.9), (EchoesCustomer, 1.9), (ReadsBack, 0.5), (PositiveEnding, 1.9), (CustomerThanks, 0.4),
        (Interrupts, -4.0), (DominatesTalkTime, -2.0), (CustomerRepeats, -6.5), (CustomerCorrects, -4.2),
        (CustomerUsesNegations, -1.2), (AsksToRepeat, -3.0), (AgentRepeats, -1.2),
        // Habits.
        (CustomerConfirms, 1.0),
        (RepeatsFurtherHelpOffer, -1.2), (CustomerChangesMind, -1.2), (CustomerTerse, -0.8),
    ]),
    row(Criterion::LanguageUse, 5.7, &[
        (Courteous, 1.0), (Reassures, 1.2), (AddsPersonalNote, 0.7), (PositiveSentiment, 1.4),
        (Rude, -6.5), (UsesFillerWords, -2.5), (UsesSlang, -2.5), (Hedges, -5.0), (AgentRepeats, -6.0),
        (RefusesWithoutAlternative, -0.8), (CustomerConfused, -1.5), (UsesJargon, -6.8),
        // Habits.
        (UsesExclamations, 0.5), (UsesPositiveWords, 0.8),
        (UsesNegations, -0.9),
    ]),
    row(Criterion::GoalAchievement, 4.4, &[
        (CompletesRequest, 3.2), (CustomerAccepts, 1.3), (CustomerThanks, 1.0), (CustomerNeedsNothingElse, 0.4),
        (PositiveEnding, 4.6), (PositiveSentiment, 3.1), (Resolved, 1.6),
        (EndsWithRefusal, -3.0), (AgentStillAsking, -1.4), (CustomerStillAsking, -2.0), (CustomerDeclines, -2.4),
        (Refuses, -5.0), (RefusesWithoutAlternative, -1.4), (CustomerGivesUp, -5.3), (CustomerRejects, -3.0),
        (CustomerUsesNegations, -4.1), (CustomerCorrects, -2.4), (NegativeEnding, -2.3), (LeavesQuestionsOpen, -1.9),
        (RefersElsewhere, -1.5), (Apologises, -2.4), (Unresolved, -4.6), (RepliesVaguely, -0.8),
        (CustomerLeftWithoutResult, -3.0), (LacksKnowledge, -1.0), (DismissesCustomer, -1.2),
        // Habits.
        (UsesPositiveWords, 0.8), (ExplainsAtLength, 0.9), (CustomerUsesExclamations, 0.8), (CustomerConfirms, 1.0),
        (UsesNegations, -0.9), (RepliesNo, -0.6), (CustomerChangesMind, -1.2), (CustomerWantsAlternative, -1.2),
    ]),
    row(Criterion::ProblemSolving, 4.3, &[
        (TakesOwnership, 1.8), (Proposes, 0.7), (OffersAlternative, 2.4), (CompletesRequest, 1.0),
        (CustomerAccepts, 1.3), (PositiveEnding, 2.8), (Resolved, 0.7), (AsksQuestions, 0.3), (Reassures, 1.4),
        (EndsWithRefusal, -1.2), (CustomerDeclines, -1.8), (Refuses, -1.8), (RefusesWithoutAlternative, -2.4),
        (RefersElsewhere, -5.4), (DismissesCustomer, -1.5), (LacksKnowledge, -2.5), (CustomerRejects, -2.5),
        (CustomerUsesNegations, -2.6), (CustomerGivesUp, -3.2), (Apologises, -0.8), (Unresolved, -1.2),
        (CustomerLeftWithoutResult, -2.5),
        // Habits.
        (ExplainsAtLength, 0.9), (CustomerConfirms, 1.0), (CustomerInterested, 0.9),
        (UsesNegations, -0.9), (RepliesNo, -1.1), (CustomerWantsAlternative, -1.2),
    ]),
    row(Criterion::InformationGathering, 4.7, &[
        (AsksQuestions, 4.2), (AsksBeforeProposing, 1.1), (ReadsBack, 2.4), (EchoesCustomer, 1.2),
        (CustomerAccepts, 0.8),
        (AgentStillAsking, -0.9), (CustomerDeclines, -1.2), (AsksNoQuestions, -4.0), (ProposesBeforeAsking, -3.0),
        (AgentRepeats, -0.8), (CustomerCorrects, -6.6), (CustomerRepeats, -1.0), (CustomerRejects, -2.5),
        // Habits.
        (ExplainsAtLength, 0.9), (CustomerConfirms, 1.0),
        (CustomerWantsAlternative, -1.2),
    ]),
    row(Criterion::CallStructure, 3.2, &[
        (Greets, 1.9), (IntroducesSelf, 0.9), (OffersHelp, 1.3), (OffersFurtherHelp, 2.8), (SaysGoodbye, 1.2),
        (Signposts, 3.2), (CustomerNeedsNothingElse, 0.6), (CustomerThanks, 0.6), (Summarises, 4.0),
        (AgentStillAsking, -0.9), (CustomerStillAsking, -1.0), (NoGreeting, -1.3), (NoGoodbye, -1.4),
        (CustomerGivesUp, -2.7), (AgentRepeats, -1.4), (EndsAbruptly, -2.2),
        // Habits.
        (CustomerSaysGoodbye, 1.0),
        (RepeatsFurtherHelpOffer, -1.2),
    ]),
    row(Criterion::EmpathyAndRapport, 4.2, &[
        (CustomerDelighted, 3.8), (SustainedPositiveSentiment, 2.8), (AddressesDistress, 2.5), (AddsPersonalNote, 3.2),
        (Acknowledges, 0.9), (Courteous, 0.5), (Reassures, 1.3), (PositiveSentiment, 4.2), (PositiveEnding, 1.2),
        (CustomerThanks, 0.6), (Empathises, 3.5),
        (IgnoresDistress, -1.6), (Rude, -4.0), (DismissesCustomer, -3.0), (BlamesCustomer, -2.5),
        (CustomerUsesNegations, -2.0), (CustomerRejects, -1.3),
        // Habits.
        (UsesExclamations, 0.5), (UsesPositiveWords, 0.8), (CustomerUsesExclamations, 0.8), (CustomerInterested, 0.9),
        (CustomerSaysGoodbye, 1.0),
        (CustomerTerse, -0.8),
    ]),
    row(Criterion::Responsiveness, 4.9, &[
        (RepliesToQuestions, 1.0), (EchoesCustomer, 0.8), (CompletesRequest, 1.4), (CustomerThanks, 1.0),
        (PositiveEnding, 2.8), (Resolved, 0.3), (RepliesSpecifically, 1.3),
        (RepliesWithQuestion, -1.2), (CustomerStillAsking, -1.4), (AgentStillAsking, -0.9),
        (LeavesQuestionsOpen, -3.7), (SlowToReply, -2.5), (CustomerAsksForStatus, -2.0), (LacksKnowledge, -2.5),
        (CustomerRepeats, -1.1), (CustomerCorrects, -2.4), (CustomerUsesNegations, -2.4), (Refuses, -0.8),
        (RefusesWithoutAlternative, -0.4), (RepliesVaguely, -4.0),
        // Habits.
        (ExplainsAtLength, 0.9), (CustomerUsesExclamations, 0.8), (CustomerInterested, 0.9),
        (UsesNegations, -0.9), (RepliesNo, -1.1), (RepeatsFurtherHelpOffer, -1.2), (CustomerChangesMind, -1.2),
        (CustomerWantsAlternative, -1.2), (CustomerTerse, -0.8),
    ]),
    row(Criterion::ObjectionHandling, 4.7, &[
        (AddressesObjection, 4.5), (CustomerAccepts, 1.3), (PositiveEnding, 2.8),
        (IgnoresObjection, -9.0), (PressuresCustomer, -9.0), (DismissesCustomer, -6.0), (CustomerRejects, -2.0),
        (CustomerGivesUp, -2.7),
    ]),
    row(Criterion::CustomerSatisfaction, 4.4, &[
        (CustomerDelighted, 6.5), (SustainedPositiveSentiment, 5.7), (PositiveEnding, 6.0), (PositiveSentiment, 5.6),
        (CustomerThanks, 1.3), (CustomerAccepts, 0.8), (CustomerNeedsNothingElse, 0.3), (Resolved, 0.4),
        (EndsWithRefusal, -2.4), (CustomerHesitant, -2.6), (CustomerStillAsking, -1.0), (CustomerDeclines, -1.2),
        (NegativeEnding, -5.0), (NegativeSentiment, -4.0), (CustomerGivesUp, -4.3), (CustomerRepeats, -1.5),
        (CustomerCorrects, -2.4), (CustomerConfused, -2.0), (CustomerUsesNegations, -3.9), (CustomerRejects, -2.0),
        (Apologises, -1.5), (Unresolved, -0.9), (CustomerLeftWithoutResult, -1.0), (EndsAbruptly, -1.2),
        // Habits.
        (UsesExclamations, 0.5), (UsesPositiveWords, 0.8), (CustomerUsesExclamations, 0.8), (CustomerInterested, 0.9),
        (CustomerSaysGoodbye, 1.0),
        (UsesNegations, -0.9), (RepliesNo, -1.1), (RepeatsFurtherHelpOffer, -1.2), (CustomerChangesMind, -1.2),
        (CustomerWantsAlternative, -1.2), (CustomerTerse, -0.8),
    ]),
];

const fn row(criterion: Criterion, start: f64, points: &'static [(Signal, f64)]) -> CriterionPoints {
    CriterionPoints { criterion, start, points }
}

/// Maps points to the scale of scores: nearly linear, and flatter only towards the ends, because a flat curve gives two
/// good calls the same score. Only operations that give the same bits on every machine are used.
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
        let objections = [Signal::AddressesObjection, Signal::IgnoresObjection];
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

    /// How much each point moves the score in this call, so that the contributions add up to the difference between
    /// [`Self::base`] and the score. It is the same for all contributions, because the scale is applied to their sum.
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
