//! The embedded scorer: no model, no network, microseconds. It observes signals in the words and times of a call, adds
//! up their contributions to each criterion, and describes and quotes those that contribute most.
//!
//! **Invariant:** deterministic and total: the same call gives the same bytes, and every call gets an assessment. Every
//! statement about a call is shown by one of its turns.

mod acts;
mod asked_again;
mod call_flow;
mod closing;
mod explanation;
mod language;
mod narrative;
mod observations;
mod phrase_signals;
mod prevalence;
mod question_replies;
mod repetitions;
mod review_checks;
mod scorecard;
mod scorer;
mod signals;
mod statements;
mod tool_claims;
mod utterance_pairs;

use domain::{
    Assessment, Call, Certainty, Criterion, CriterionAssessment, Feedback, Provenance, Review, ReviewReason, Role,
    Score, Synopsis, Violation,
};

use crate::conversation::{Timing, measure};
use crate::dialogue::Dialogue;
use crate::rubric::RUBRIC_VERSION;
use crate::totals::{capped, categories, total};
pub use acts::model::ModelError;
pub use acts::{ACTS_OF_AGENT, ACTS_OF_CUSTOMER};
pub use explanation::{CriterionExplanation, SignalExplanation, explain};
pub use language::supports;
use observations::Observations;
pub use review_checks::review_reasons;
pub use scorer::{ModelFiles, SHIPPED, SaidUtterance, Scorer};
use signals::Signal;

/// The version of this scorer. It goes up with every change that may change a score.
pub const SCORER_VERSION: &str = "7";

/// The names of all signals, which a scorecard may give points to.
pub fn signals() -> impl Iterator<Item = &'static str> {
    Signal::ALL.iter().map(|signal| signal.name())
}

/// Scores a call with the model that is shipped.
#[must_use]
pub fn assess(call: &Call) -> Assessment {
    Scorer::shipped().assess(call)
}

fn assess_with(scorer: &Scorer, call: &Call) -> Assessment {
    let dialogue = Dialogue::of(call);
    let timing = measure(call, &dialogue);
    if let Some(role) = silent_side(&dialogue) {
        return nothing_to_assess(&format!("There is nothing to score, because the {role} says nothing."), timing);
    }
    let observations = scorer.observe(&dialogue, &timing);
    let weighed = scorer.score(&observations, &dialogue);
    let remarks = narrative::remarks(&weighed, &dialogue);
    let criteria = narrative::criteria(&weighed, &remarks, &dialogue, |criterion| {
        criterion != Criterion::ObjectionHandling || raises_objection(&observations)
    });
    let violations: Vec<Violation> = tool_claims::violation(&dialogue).into_iter().collect();
    let (score, score_before_cap) = capped(total(&criteria), &violations);
    let certainty = scorer.intervals.around(score, dialogue.utterances.len());
    let mut review = Review::default();
    review.add(review_checks::reasons(&dialogue));
    review.add(violations.iter().map(|_| ReviewReason::Violation));
    let suggestions = narrative::suggestions(&remarks);
    Assessment {
        score,
        score_before_cap,
        certainty,
        review,
        synopsis: Synopsis::default(),
        violations,
        feedback: narrative::feedback(score, certainty, &remarks),
        improvement_suggestions: narrative::improvement(&suggestions, &remarks, certainty),
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

/// Whether the customer clearly disagrees with something, or the lexicon finds an objection.
fn raises_objection(observations: &Observations) -> bool {
    let objections = [Signal::AddressesObjection, Signal::IgnoresObjection, Signal::CustomerObjects];
    objections.iter().any(|signal| observations.get(*signal).is_clear())
}

fn observe(dialogue: &Dialogue, timing: &Timing) -> Observations {
    let mut observations = Observations::nothing();
    phrase_signals::observe(&mut observations, dialogue);
    question_replies::observe(&mut observations, dialogue);
    utterance_pairs::observe(&mut observations, dialogue);
    repetitions::observe(&mut observations, dialogue);
    call_flow::observe(&mut observations, dialogue, timing);
    closing::observe(&mut observations, dialogue);
    tool_claims::observe(&mut observations, dialogue);
    asked_again::observe(&mut observations, dialogue);
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
