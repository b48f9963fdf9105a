//! The embedded scorer with its model: what the acts' weights, the scorecard and the intervals make of a call.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::{Assessment, Call, Role};

use super::acts::features;
use super::acts::model::{ActModel, ModelError};
use super::observations::Observations;
use super::scorecard::{Scorecard, ScoredCriterion};
use super::signals::Signal;
use crate::conversation::{Timing, measure};
use crate::dialogue::Dialogue;
use crate::intervals::Intervals;
use crate::math::{ramp, to_f64};

/// With fewer utterances there is less to go by.
const ENOUGH: f64 = 10.0;

/// The files of a model, as `bench train` writes them.
#[derive(Debug, Clone, Copy)]
pub struct ModelFiles<'t> {
    /// The acts of the agent: `agent_acts.txt`.
    pub agent_acts: &'t str,
    /// The acts of the customer: `customer_acts.txt`.
    pub customer_acts: &'t str,
    /// What each signal adds to a criterion: `scorecard.txt`.
    pub scorecard: &'t str,
    /// How far readers' scores lie from the scorer's: `intervals.txt`.
    pub intervals: &'t str,
}

/// The files of the model that is shipped.
pub const SHIPPED: ModelFiles<'static> = ModelFiles {
    agent_acts: include_str!("../../model/agent_acts.txt"),
    customer_acts: include_str!("../../model/customer_acts.txt"),
    scorecard: include_str!("../../model/scorecard.txt"),
    intervals: include_str!("../../model/intervals.txt"),
};

/// The embedded scorer with a model.
#[derive(Debug, Clone, Default)]
pub struct Scorer<'t> {
    acts: [ActModel<'t>; 2],
    pub(super) scorecard: Scorecard,
    pub(super) intervals: Intervals,
}

/// An utterance as a model is trained with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidUtterance {
    /// Who says it.
    pub role: Role,
    /// The turns that it consists of.
    pub turns: BTreeSet<usize>,
    /// What a model knows of it.
    pub features: BTreeSet<String>,
}

impl Scorer<'static> {
    /// The scorer with the model that is shipped.
    #[must_use]
    pub fn shipped() -> &'static Self {
        // A test reads the files, so they are never in another form here.
        static SCORER: LazyLock<Scorer<'static>> = LazyLock::new(|| Scorer::parse(SHIPPED).unwrap_or_default());
        &SCORER
    }
}

impl<'t> Scorer<'t> {
    /// A scorer with that model; fails with the line when a file is not in its form.
    pub fn parse(files: ModelFiles<'t>) -> Result<Self, ModelError> {
        Ok(Self {
            acts: [
                ActModel::parse(Role::Agent, files.agent_acts)?,
                ActModel::parse(Role::Customer, files.customer_acts)?,
            ],
            scorecard: Scorecard::parse(files.scorecard)?,
            intervals: Intervals::parse(files.intervals)?,
        })
    }

    /// Scores a call by its transcript alone, so the same transcript gets the same assessment.
    #[must_use]
    pub fn assess(&self, call: &Call) -> Assessment {
        super::assess_with(self, call)
    }

    /// The level of every signal in the call, by name; nothing where one side says nothing.
    #[must_use]
    pub fn levels(&self, call: &Call) -> BTreeMap<&'static str, f64> {
        let dialogue = Dialogue::of(call);
        if super::silent_side(&dialogue).is_some() {
            return BTreeMap::new();
        }
        let observations = self.observe(&dialogue, &measure(call, &dialogue));
        Signal::ALL.iter().map(|signal| (signal.name(), observations.get(*signal).level)).collect()
    }

    /// The utterances of a call.
    #[must_use]
    pub fn utterances(call: &Call) -> Vec<SaidUtterance> {
        let dialogue = Dialogue::of(call);
        let said = |said: &crate::utterance::Utterance| SaidUtterance {
            role: said.role,
            turns: said.words.clone().map(|word| dialogue.word(word).turn).collect(),
            features: features::of(&dialogue, said),
        };
        dialogue.utterances.iter().map(said).collect()
    }

    /// What is observed in a call.
    pub(super) fn observe(&self, dialogue: &Dialogue, timing: &Timing) -> Observations {
        let mut observations = super::observe(dialogue, timing);
        super::acts::observe(&mut observations, dialogue, &self.acts);
        observations
    }

    /// The criteria, with their scores.
    pub(super) fn score<'r>(&self, observations: &'r Observations, dialogue: &Dialogue) -> Vec<ScoredCriterion<'r>> {
        let evidence = ramp(to_f64(dialogue.utterances.len()), 0.0, ENOUGH);
        self.scorecard.rows.iter().map(|row| row.score(observations, evidence)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_is_in_its_form() {
        let scorer = Scorer::parse(SHIPPED).unwrap();
        assert!(scorer.acts.iter().all(|model| !model.heads.is_empty()));
        assert_ne!(scorer.scorecard, Scorecard::default());
        assert_ne!(scorer.intervals, Intervals::default());
    }
}
