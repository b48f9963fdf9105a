//! Explains a score: for each criterion its base, the signals that moved it, by how much and in which turns.
//!
//! **Invariant:** the contributions to a criterion add up to the difference between its base and its score (but for the
//! rounding of scores to a tenth), so nothing moves a score that is not shown here.

use domain::{Call, Criterion, Score};

use super::scorecard::ScoredCriterion;
use super::scorer::Scorer;
use crate::conversation::measure;
use crate::dialogue::Dialogue;

/// Why a criterion has its score.
#[derive(Debug, Clone, PartialEq)]
pub struct CriterionExplanation {
    /// Which criterion.
    pub criterion: Criterion,
    /// The score it would have if nothing had been observed.
    pub base: f64,
    /// The score it has.
    pub score: Score,
    /// The signals that moved it, the strongest first.
    pub signals: Vec<SignalExplanation>,
}

/// A signal that was observed in a call, and its contribution to a criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalExplanation {
    /// The name of the signal, such as `CustomerRepeats`.
    pub signal: &'static str,
    /// How strongly it shows, from 0 (not at all) to 1.
    pub level: f64,
    /// The points it adds, before they are mapped to the scale of scores.
    pub points: f64,
    /// What it moves the criterion's score by.
    pub contribution: f64,
    /// The turns that show it, in order.
    pub turns: Vec<usize>,
}

/// Explains the score of a call, criterion by criterion; those that do not apply are not there, and there is none for a
/// call in which one side says nothing.
#[must_use]
pub fn explain(call: &Call) -> Vec<CriterionExplanation> {
    let dialogue = Dialogue::of(call);
    if super::silent_side(&dialogue).is_some() {
        return Vec::new();
    }
    let scorer = Scorer::shipped();
    let observations = scorer.observe(&dialogue, &measure(call, &dialogue));
    scorer.score(&observations, &dialogue).iter().map(|scored| explanation(scored, &dialogue)).collect()
}

fn explanation(scored: &ScoredCriterion, dialogue: &Dialogue) -> CriterionExplanation {
    let worth = scored.worth();
    let mut signals: Vec<SignalExplanation> = Vec::new();
    for contribution in &scored.contributions {
        let mut turns: Vec<usize> =
            contribution.observation.words.iter().map(|word| dialogue.word(*word).turn).collect();
        turns.sort_unstable();
        turns.dedup();
        let (level, points) = (contribution.observation.level, contribution.points);
        signals.push(SignalExplanation {
            signal: contribution.signal.name(),
            level,
            points,
            contribution: points * worth,
            turns,
        });
    }
    signals.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
    CriterionExplanation { criterion: scored.criterion, base: scored.base(), score: scored.score, signals }
}
