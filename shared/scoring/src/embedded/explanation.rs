//! What a score rests on: per criterion where it starts, what moved it, by how much and in which turns.
//!
//! **Invariant:** the contributions of a criterion add up to the difference between its base and its score (but for the grid
//! of a tenth that scores lie on), so nothing moves a score that is not shown here.

use domain::{Call, Criterion, Score};

use super::criteria::Judgement;
use super::{judge_with, observe};
use crate::conversation::measure;
use crate::dialogue::Dialogue;

/// Why a criterion has its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Which criterion.
    pub criterion: Criterion,
    /// The score it would have if nothing had been found.
    pub base: f64,
    /// The score it has.
    pub score: Score,
    /// What moved it, the strongest first.
    pub influences: Vec<Influence>,
}

/// Something that was found in a call and moved a criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// What was found, such as `CustomerRepeats`.
    pub signal: &'static str,
    /// How strongly it shows, from 0 (not at all) to 1.
    pub level: f64,
    /// The points it gives or takes before the scale bends them towards its ends.
    pub points: f64,
    /// What it moves the criterion's score by.
    pub contribution: f64,
    /// The turns that show it, in order.
    pub turns: Vec<usize>,
}

/// Explains the score of a call, criterion by criterion; those that do not apply are not there, and there is none for a call
/// in which one side says nothing.
#[must_use]
pub fn explain(call: &Call) -> Vec<Explanation> {
    let dialogue = Dialogue::of(call);
    if super::silent_side(&dialogue).is_some() {
        return Vec::new();
    }
    let observations = observe(&dialogue, &measure(call, &dialogue));
    judge_with(&observations).iter().map(|judgement| explanation(judgement, &dialogue)).collect()
}

fn explanation(judgement: &Judgement, dialogue: &Dialogue) -> Explanation {
    let worth = judgement.worth();
    let mut influences: Vec<Influence> = Vec::new();
    for effect in &judgement.effects {
        let mut turns: Vec<usize> = effect.observation.words.iter().map(|word| dialogue.words[*word].turn).collect();
        turns.sort_unstable();
        turns.dedup();
        let (level, points) = (effect.observation.level, effect.points);
        influences.push(Influence { signal: effect.signal.name(), level, points, contribution: points * worth, turns });
    }
    influences.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
    Explanation { criterion: judgement.criterion, base: judgement.base(), score: judgement.score, influences }
}
