//! The embedded scorer: no model, no network, microseconds. It observes signals in the words and times of a call, adds
//! up their contributions to each criterion, and describes and quotes those that contribute most.
//!
//! **Invariant:** deterministic and total: the same call gives the same bytes, and every call gets an assessment. Every
//! statement about a call is shown by one of its turns.

mod call_flow;
mod closing;
mod coaching_tips;
mod descriptions;
mod explanation;
mod language;
mod missed_opportunities;
mod narrative;
mod observations;
mod phrase_signals;
mod prevalence;
mod question_replies;
mod repetitions;
mod scorecard;
mod signals;
mod utterance_pairs;

use domain::{
    Assessment, Call, Certainty, Criterion, CriterionAssessment, Feedback, Provenance, Review, Role, Score, Synopsis,
};

use crate::conversation::{Timing, measure};
use crate::dialogue::Dialogue;
use crate::rubric::RUBRIC_VERSION;
use crate::totals::{categories, total};
pub use explanation::{CriterionExplanation, SignalExplanation, explain};
pub use language::supports;
use observations::Observations;
use scorecard::{SCORECARD, ScoredCriterion};
use signals::Signal;

/// The version of this scorer. It goes up with every change that may change a score.
pub const SCORER_VERSION: &str = "4";

/// A call with at least this score gets no suggestions where nothing went wrong.
const EXCELLENT: f64 = 9.0;
/// Where nothing went wrong, at most this many missed opportunities are suggested.
const MOST_OPPORTUNITIES: usize = 2;

/// Scores a call by its transcript alone, so the same transcript gets the same assessment.
#[must_use]
pub fn assess(call: &Call) -> Assessment {
    let dialogue = Dialogue::of(call);
    let timing = measure(call, &dialogue);
    if let Some(role) = silent_side(&dialogue) {
        return nothing_to_assess(&format!("There is nothing to score, because the {role} says nothing."), timing);
    }
    let observations = observe(&dialogue, &timing);
    let scored = score_criteria(&observations);
    let criteria: Vec<CriterionAssessment> = Criterion::ALL
        .iter()
        .map(|criterion| match scored.iter().find(|one| one.criterion == *criterion) {
            Some(one) => narrative::assessment(one, &dialogue),
            None => not_applicable(*criterion, "The customer raises no objection in this call."),
        })
        .collect();
    let score = total(&criteria);
    let mut suggestions = narrative::suggestions(&scored, &dialogue);
    if suggestions.is_empty() && score < Score::saturating(EXCELLENT) {
        suggestions = missed_opportunities::suggestions(&observations, &dialogue, MOST_OPPORTUNITIES);
    }
    Assessment {
        score,
        score_before_cap: None,
        certainty: Certainty::default(),
        review: Review::default(),
        synopsis: Synopsis::default(),
        violations: Vec::new(),
        feedback: narrative::feedback(score, &criteria, &scored, &dialogue),
        improvement_suggestions: narrative::improvement(&suggestions, &scored, &dialogue),
        categories: categories(&criteria),
        criteria,
        suggestions,
        conversation: timing.conversation,
    }
}

/// The feedback of a call by this scorer; `elapsed_ms` is what the caller measured, if it did.
#[must_use]
pub fn embedded_feedback(call: &Call, elapsed_ms: Option<u64>) -> Feedback {
    let provenance = Provenance::embedded(SCORER_VERSION, RUBRIC_VERSION, elapsed_ms, &call.producer);
    Feedback::of(call, assess(call), provenance)
}

/// The side that says nothing, if one does.
fn silent_side(dialogue: &Dialogue) -> Option<Role> {
    [Role::Agent, Role::Customer].into_iter().find(|role| dialogue.said_by(*role).next().is_none())
}

/// The criteria that apply, with their scores.
fn score_criteria(observations: &Observations) -> Vec<ScoredCriterion<'_>> {
    SCORECARD.iter().filter(|row| row.applies(observations)).map(|row| row.score(observations)).collect()
}

fn observe(dialogue: &Dialogue, timing: &Timing) -> Observations {
    let mut observations = Observations::nothing();
    phrase_signals::observe(&mut observations, dialogue);
    question_replies::observe(&mut observations, dialogue);
    utterance_pairs::observe(&mut observations, dialogue);
    repetitions::observe(&mut observations, dialogue);
    call_flow::observe(&mut observations, dialogue, timing);
    closing::observe(&mut observations, dialogue);
    observations.weaken(
        Signal::CustomerThanks,
        &[Signal::Unresolved, Signal::CustomerLeftWithoutResult, Signal::RepliesVaguely, Signal::RefersElsewhere],
    );
    observations
}

/// An assessment in which no criterion applies: callers ask [`crate::skip_reason`] first, but those who do not get an
/// assessment as well.
fn nothing_to_assess(reason: &str, timing: Timing) -> Assessment {
    let criteria: Vec<_> = Criterion::ALL.iter().map(|criterion| not_applicable(*criterion, reason)).collect();
    Assessment {
        score: total(&criteria),
        score_before_cap: None,
        certainty: Certainty::between(Score::MIN, Score::MAX),
        review: Review::default(),
        synopsis: Synopsis::default(),
        violations: Vec::new(),
        feedback: reason.to_owned(),
        improvement_suggestions: "There is nothing to suggest for a call without a conversation.".to_owned(),
        categories: categories(&criteria),
        criteria,
        suggestions: Vec::new(),
        conversation: timing.conversation,
    }
}

fn not_applicable(criterion: Criterion, reason: &str) -> CriterionAssessment {
    CriterionAssessment { criterion, score: None, reason: reason.to_owned(), evidence: Vec::new() }
}
