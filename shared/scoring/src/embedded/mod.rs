//! The scorer that is part of this project: no model, no network, microseconds. Words and times of a call become signals,
//! signals move the criteria, and what moved them most is said and quoted.
//!
//! **Invariant:** deterministic and total: the same call gives the same bytes, and every call gives an assessment. Nothing
//! is said that no turn shows.

mod answers;
mod coaching_tips;
mod course;
mod criteria;
mod descriptions;
mod ending;
mod exchanges;
mod explanation;
mod language;
mod marked;
mod missed_opportunities;
mod observations;
mod prose;
mod repetitions;
mod signals;
mod views;

use domain::{Assessment, Call, Criterion, CriterionAssessment, Feedback, Provenance, Role, Score};

use crate::conversation::{Timing, measure};
use crate::dialogue::Dialogue;
use crate::rubric::RUBRIC_VERSION;
use crate::totals::{categories, total};
use criteria::{Judgement, RULES};
pub use explanation::{Explanation, Influence, explain};
pub use language::supports;
use observations::Observations;
use signals::Signal;

/// The version of this scorer. It goes up with every change that may change a score.
pub const SCORER_VERSION: &str = "4";

/// A call with this score needs no advice where nothing went wrong.
const EXCELLENT: f64 = 9.0;
/// Where nothing went wrong, so many proposals are enough.
const MOST_OPPORTUNITIES: usize = 2;

/// Scores a call. What it says rests on the transcript alone, so the same transcript gets the same assessment.
#[must_use]
pub fn assess(call: &Call) -> Assessment {
    let dialogue = Dialogue::of(call);
    let timing = measure(call, &dialogue);
    if let Some(role) = silent_side(&dialogue) {
        return nothing_to_assess(&format!("There is nothing to score, because the {role} says nothing."), timing);
    }
    let observations = observe(&dialogue, &timing);
    let judged = judge_with(&observations);
    let criteria: Vec<CriterionAssessment> = Criterion::ALL
        .iter()
        .map(|criterion| match judged.iter().find(|judgement| judgement.criterion == *criterion) {
            Some(judgement) => prose::assessment(judgement, &dialogue),
            None => not_applicable(*criterion, "The customer raises no objection in this call."),
        })
        .collect();
    let score = total(&criteria);
    let mut suggestions = prose::suggestions(&judged, &dialogue);
    if suggestions.is_empty() && score < Score::saturating(EXCELLENT) {
        suggestions = missed_opportunities::suggestions(&observations, &dialogue, MOST_OPPORTUNITIES);
    }
    Assessment {
        score,
        feedback: prose::feedback(score, &criteria, &judged, &dialogue),
        improvement_suggestions: prose::improvement(&suggestions, &judged, &dialogue),
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

/// The criteria that apply, judged by what was found.
fn judge_with(observations: &Observations) -> Vec<Judgement<'_>> {
    RULES.iter().filter(|rule| rule.applies(observations)).map(|rule| rule.judge(observations)).collect()
}

fn observe(dialogue: &Dialogue, timing: &Timing) -> Observations {
    let mut observations = Observations::nothing();
    marked::observe(&mut observations, dialogue);
    answers::observe(&mut observations, dialogue);
    exchanges::observe(&mut observations, dialogue);
    repetitions::observe(&mut observations, dialogue);
    course::observe(&mut observations, dialogue, timing);
    ending::observe(&mut observations, dialogue);
    observations
        .weaken(Signal::CustomerThanks, &[Signal::Unresolved, Signal::LeftWithout, Signal::Evades, Signal::PassesOn]);
    observations
}

/// An assessment in which no criterion applies: callers ask [`crate::skip_reason`] first, but whoever does not gets an answer.
fn nothing_to_assess(reason: &str, timing: Timing) -> Assessment {
    let criteria: Vec<_> = Criterion::ALL.iter().map(|criterion| not_applicable(*criterion, reason)).collect();
    Assessment {
        score: total(&criteria),
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
