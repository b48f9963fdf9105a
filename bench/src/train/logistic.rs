//! Logistic regression on sparse binary features, by stochastic gradient descent with step sizes that adapt to each weight (Adagrad,
//! Duchi et al. 2011).
//!
//! **Invariant:** deterministic: the order of the examples comes from a constant seed.

use crate::statistics::to_f64;

/// The data is gone through this often; more rounds change the weights little.
const ROUNDS: usize = 30;
/// The size of the first step.
const STEP: f64 = 0.5;
/// An arbitrary constant: the same weights from the same data.
const SEED: u64 = 11;

/// The features that an example has, by their position in the vocabulary. Each counts one by the root of their number.
pub(super) type Example = Vec<usize>;

/// The log odds without any feature, and the weight of each feature.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    pub(super) bias: f64,
    pub(super) features: Vec<f64>,
}

/// The weights that tell the examples which are so from the others. `hold` is the strength of the pull towards zero, in examples.
pub(super) fn fit(examples: &[&Example], is_so: &[bool], vocabulary: usize, hold: f64) -> Weights {
    let positives = to_f64(is_so.iter().filter(|one| **one).count()).max(0.5);
    let share = positives / to_f64(examples.len());
    let mut weights = Weights { bias: (share / (1.0 - share)).ln(), features: vec![0.0; vocabulary] };
    let (mut squares, mut bias_square) = (vec![1e-6; vocabulary], 1e-6);
    let pull = hold / to_f64(examples.len());
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = fastrand::Rng::with_seed(SEED);
    for _ in 0..ROUNDS {
        random.shuffle(&mut order);
        for (example, target) in order.iter().filter_map(|at| Some((examples.get(*at)?, is_so.get(*at)?))) {
            let value = 1.0 / to_f64(example.len().max(1)).sqrt();
            let miss = probability(&weights, example) - f64::from(u8::from(*target));
            bias_square += miss * miss;
            weights.bias -= STEP * 0.1 * miss / f64::sqrt(bias_square);
            for feature in *example {
                let (Some(weight), Some(square)) = (weights.features.get_mut(*feature), squares.get_mut(*feature))
                else {
                    continue;
                };
                let gradient = miss * value + pull * *weight;
                *square += gradient * gradient;
                *weight -= STEP * gradient / f64::sqrt(*square);
            }
        }
    }
    weights
}

/// The probability that the example is so.
pub(super) fn probability(weights: &Weights, example: &Example) -> f64 {
    let sum: f64 = example.iter().filter_map(|feature| weights.features.get(*feature)).sum();
    let odds = weights.bias + sum / to_f64(example.len().max(1)).sqrt();
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_the_examples_apart_gets_the_weight() {
        // Feature 0 tells them apart, feature 1 is in all of them, feature 2 in every third.
        let examples: Vec<Example> = (0..60_usize)
            .map(|at| {
                let told = (at % 2 == 0).then_some(0);
                let beside = at.is_multiple_of(3).then_some(2);
                told.into_iter().chain([1]).chain(beside).collect()
            })
            .collect();
        let is_so: Vec<bool> = (0..60).map(|at| at % 2 == 0).collect();
        let weights = fit(&examples.iter().collect::<Vec<_>>(), &is_so, 3, 0.1);
        assert!(weights.features[0] > 2.0, "{weights:?}");
        assert!(weights.features[2].abs() < 0.5 * weights.features[0], "{weights:?}");
        assert!(probability(&weights, &vec![0, 1]) > 0.9 && probability(&weights, &vec![1]) < 0.1);
    }
}
