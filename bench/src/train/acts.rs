//! Trains the models of acts with utterances whose acts a writer has labelled.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use domain::Role;
use scoring::embedded::{ACTS_OF_AGENT, ACTS_OF_CUSTOMER, Scorer};

use super::logistic::{Example, Weights, fit, probability};
use crate::calls::RatedCall;
use crate::statistics::to_f64;

/// A feature that fewer utterances have is not learned from.
const FEWEST_UTTERANCES: usize = 5;
/// An act that fewer utterances do is not learned.
const FEWEST_EXAMPLES: usize = 20;
/// The pull of the weights towards zero, in examples.
const HOLD: f64 = 20.0;
/// An utterance may be quoted for an act if this share of the utterances that the model is as sure of do it, as told by models that have
/// not seen them. Labels are sparse (what a turn does beside its main act is often not labelled), so the true share is higher.
const PRECISION: f64 = 0.8;
/// At least so many utterances have to be as clear, for the share to mean something.
const FEWEST_CLEAR: usize = 6;

/// An utterance of a labelled call.
#[derive(Debug, Clone)]
pub(super) struct Labelled {
    /// The call it belongs to, by its position.
    pub(super) call: usize,
    pub(super) features: BTreeSet<String>,
    pub(super) acts: BTreeSet<&'static str>,
}

/// The utterances of one side, in all calls.
pub(super) fn labelled(calls: &[RatedCall], role: Role) -> Vec<Labelled> {
    let of_call = |(call, rated): (usize, &RatedCall)| {
        let label = |turn: &usize| rated.acts.get(*turn).into_iter().flatten().map(|act| act.name());
        Scorer::utterances(&rated.call)
            .into_iter()
            .filter(|said| said.role == role)
            .map(|said| Labelled { call, acts: said.turns.iter().flat_map(label).collect(), features: said.features })
            .collect::<Vec<_>>()
    };
    calls.iter().enumerate().flat_map(of_call).collect()
}

/// A trained model of one side.
#[derive(Debug, Clone)]
pub(super) struct TrainedActs {
    vocabulary: BTreeMap<String, usize>,
    heads: Vec<(&'static str, Weights)>,
}

/// The acts of a side that a model knows.
pub(super) const fn acts_of(role: Role) -> &'static [&'static str] {
    match role {
        Role::Agent => ACTS_OF_AGENT,
        _ => ACTS_OF_CUSTOMER,
    }
}

impl TrainedActs {
    /// Trains with the utterances.
    pub(super) fn with(utterances: &[&Labelled], acts: &[&'static str]) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for feature in utterances.iter().flat_map(|one| &one.features) {
            *counts.entry(feature).or_default() += 1;
        }
        let frequent = counts.into_iter().filter(|(_, count)| *count >= FEWEST_UTTERANCES);
        let vocabulary: BTreeMap<String, usize> =
            frequent.enumerate().map(|(at, (feature, _))| (feature.to_owned(), at)).collect();
        let examples: Vec<Example> = utterances.iter().map(|one| example(&vocabulary, &one.features)).collect();
        let examples: Vec<&Example> = examples.iter().collect();
        let head = |act: &&'static str| {
            let is_so: Vec<bool> = utterances.iter().map(|one| one.acts.contains(act)).collect();
            let enough = is_so.iter().filter(|one| **one).count() >= FEWEST_EXAMPLES;
            enough.then(|| (*act, fit(&examples, &is_so, vocabulary.len(), HOLD)))
        };
        Self { heads: acts.iter().filter_map(head).collect(), vocabulary }
    }

    /// The probability of each act of an utterance, by the act's name.
    pub(super) fn probabilities(&self, features: &BTreeSet<String>) -> BTreeMap<&'static str, f64> {
        let example = example(&self.vocabulary, features);
        self.heads.iter().map(|(act, weights)| (*act, probability(weights, &example))).collect()
    }

    /// The model as a file of the scorer.
    pub(super) fn file(&self, comment: &str, thresholds: &BTreeMap<&'static str, f64>) -> String {
        let mut text = comment.to_owned();
        let scales: Vec<f64> = self.heads.iter().map(|(_, weights)| scale(weights)).collect();
        for ((act, weights), scale) in self.heads.iter().zip(&scales) {
            let threshold = thresholds.get(act).map_or_else(|| "-".to_owned(), |one| format!("{one:.3}"));
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(text, "act {act} {:.4} {scale:.6} {threshold}", weights.bias);
        }
        for (feature, at) in &self.vocabulary {
            let _ = write!(text, "{feature}\t");
            for ((_, weights), scale) in self.heads.iter().zip(&scales) {
                let _ =
                    write!(text, "{:02x}", quantised(weights.features.get(*at).copied().unwrap_or_default() / scale));
            }
            text.push('\n');
        }
        text
    }
}

fn example(vocabulary: &BTreeMap<String, usize>, features: &BTreeSet<String>) -> Example {
    features.iter().filter_map(|feature| vocabulary.get(feature).copied()).collect()
}

/// What a unit of a weight is worth, so that the largest weight is 127 units.
fn scale(weights: &Weights) -> f64 {
    weights.features.iter().map(|weight| weight.abs()).fold(1e-6, f64::max) / 127.0
}

/// A number of units as a signed byte.
#[expect(clippy::cast_possible_truncation, reason = "the largest weight is 127 units")]
fn quantised(units: f64) -> i8 {
    units.round().clamp(-127.0, 127.0) as i8
}

/// From which probability on an act may be quoted, and how many utterances are as clear: the lowest at which the share of those
/// that do it is [`PRECISION`], by the probabilities of models that have not seen them.
pub(super) fn threshold(told: &mut [(f64, bool)]) -> Option<(f64, usize)> {
    told.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let (mut right, mut found) = (0_usize, None);
    for (index, (probability, is_so)) in told.iter().enumerate() {
        right += usize::from(*is_so);
        let clear = index + 1;
        if clear >= FEWEST_CLEAR && to_f64(right) >= PRECISION * to_f64(clear) {
            found = Some((*probability, clear));
        }
    }
    found
}

#[cfg(test)]
mod tests {

    #[test]
    fn the_threshold_is_the_lowest_at_which_enough_are_right() {
        let mut told: Vec<(f64, bool)> = (0..20_u32).map(|at| (1.0 - f64::from(at) / 20.0, at < 8)).collect();
        let (threshold, clear) = super::threshold(&mut told).unwrap();
        assert_eq!(clear, 10);
        assert!((threshold - 0.55).abs() < 1e-9);
        assert_eq!(super::threshold(&mut told.iter().map(|(one, _)| (*one, false)).collect::<Vec<_>>()), None);
        assert_eq!(super::threshold(&mut [(0.9, true)]), None, "too few");
    }
}
