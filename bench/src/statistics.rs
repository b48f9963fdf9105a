//! Rank agreement, with confidence intervals.
//!
//! **Invariant:** deterministic: resampling starts from a constant seed.

/// Two dialogues whose ratings differ by at least this are clearly apart, on the scale from 0 to 10.
const CLEARLY_APART: f64 = 2.5;
/// Means of raters have rounding errors far below this.
const ROUNDING: f64 = 1e-9;
/// The number of resamples for an interval.
const RESAMPLES: usize = 1000;
/// An arbitrary constant: the same figures from the same data.
const SEED: u64 = 4;

/// A score and a rating of one dialogue.
#[derive(Debug, Clone, Copy)]
pub struct RatedScore {
    /// The score.
    pub score: f64,
    /// The mean of the raters.
    pub rating: f64,
}

/// A statistic with its 95 % interval.
#[derive(Debug, Clone, Copy)]
pub struct Estimate {
    /// The statistic of all dialogues.
    pub value: f64,
    /// The range of 95 % of the resamples.
    pub interval: (f64, f64),
}

/// A count as a floating-rated number.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of dialogues are far below 2^52")]
pub const fn to_f64(count: usize) -> f64 {
    count as f64
}

/// The mean; zero without values.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / to_f64(values.len()).max(1.0)
}

/// The standard deviation; zero without values.
#[must_use]
pub fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values);
    mean(&values.iter().map(|value| (value - middle).powi(2)).collect::<Vec<_>>()).sqrt()
}

/// Spearman's rank correlation; zero where one side is constant.
#[must_use]
pub fn spearman(rated_scores: &[RatedScore]) -> f64 {
    let scores = ranks(&rated_scores.iter().map(|rated| rated.score).collect::<Vec<_>>());
    let ratings = ranks(&rated_scores.iter().map(|rated| rated.rating).collect::<Vec<_>>());
    let (a, b) = (mean(&scores), mean(&ratings));
    let products: Vec<f64> = scores.iter().zip(&ratings).map(|(score, rating)| (score - a) * (rating - b)).collect();
    let spread = deviation(&scores) * deviation(&ratings);
    if spread > 0.0 { mean(&products) / spread } else { 0.0 }
}

/// The share of the pairs that raters place clearly apart which the scores order in the same way; a tie is half right.
#[must_use]
pub fn pair_accuracy(rated_scores: &[RatedScore]) -> f64 {
    let (mut right, mut pairs) = (0.0, 0_usize);
    for better in rated_scores {
        for worse in rated_scores.iter().filter(|worse| better.rating - worse.rating >= CLEARLY_APART - ROUNDING) {
            pairs += 1;
            right += if better.score > worse.score {
                1.0
            } else if better.score < worse.score {
                0.0
            } else {
                0.5
            };
        }
    }
    if pairs == 0 { 0.5 } else { right / to_f64(pairs) }
}

/// Ranks from 0; equals share the mean of their ranks.
#[must_use]
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    #[expect(clippy::float_cmp, reason = "equal scores are equal to the bit")]
    for equals in order.chunk_by(|(_, a), (_, b)| a == b) {
        let shared = to_f64(2 * first + equals.len() - 1) / 2.0;
        for (index, _) in equals {
            ranks.get_mut(*index).into_iter().for_each(|rank| *rank = shared);
        }
        first += equals.len();
    }
    ranks
}

/// The mean of a statistic over the sets, with the interval from resampling each set.
#[must_use]
pub fn macro_estimate(sets: &[&[RatedScore]], statistic: fn(&[RatedScore]) -> f64) -> Estimate {
    let value = mean(&sets.iter().map(|set| statistic(set)).collect::<Vec<_>>());
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut resampled: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let mut one = |set: &[RatedScore]| {
                let sample: Vec<RatedScore> =
                    set.iter().filter_map(|_| set.get(random.usize(..set.len())).copied()).collect();
                statistic(&sample)
            };
            mean(&sets.iter().map(|set| one(set)).collect::<Vec<_>>())
        })
        .collect();
    resampled.sort_by(f64::total_cmp);
    let tail = RESAMPLES / 40;
    let resample = |position: usize| resampled.get(position).copied().unwrap_or(value);
    Estimate { value, interval: (resample(tail), resample(RESAMPLES - 1 - tail)) }
}

impl std::fmt::Display for Estimate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.3} [{:.3}, {:.3}]", self.value, self.interval.0, self.interval.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rated_scores(pairs: &[(f64, f64)]) -> Vec<RatedScore> {
        pairs.iter().map(|&(score, rating)| RatedScore { score, rating }).collect()
    }

    #[test]
    fn equals_share_their_rank() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 9.0]), [1.5, 0.0, 1.5, 3.0]);
    }

    #[test]
    fn rank_correlation_is_that_of_the_textbook() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(close(spearman(&rated_scores(&[(1.0, 10.0), (2.0, 20.0), (9.0, 21.0)])), 1.0));
        assert!(close(spearman(&rated_scores(&[(3.0, 1.0), (2.0, 2.0), (1.0, 3.0)])), -1.0));
        // Differences of ranks 1, 1, 0, 1, 1: 1 - 6 * 4 / (5 * 24).
        let swapped = rated_scores(&[(1.0, 2.0), (2.0, 1.0), (3.0, 3.0), (4.0, 5.0), (5.0, 4.0)]);
        assert!(close(spearman(&swapped), 0.8));
        assert!(close(spearman(&rated_scores(&[(1.0, 1.0), (1.0, 2.0)])), 0.0));
    }

    #[test]
    fn only_pairs_that_are_clearly_apart_count_and_ties_are_half_right() {
        let clear = rated_scores(&[(1.0, 2.0), (2.0, 4.5), (1.0, 4.5), (9.0, 3.0)]);
        assert!((pair_accuracy(&clear) - 0.75).abs() < 1e-12);
        assert!((pair_accuracy(&rated_scores(&[(1.0, 2.0), (2.0, 3.0)])) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn intervals_contain_the_statistic_and_are_the_same_each_time() {
        let set: Vec<RatedScore> =
            (0..40).map(|index| RatedScore { score: f64::from(index % 7), rating: f64::from(index % 5) }).collect();
        let one = macro_estimate(&[&set, &set], spearman);
        assert!(one.interval.0 < one.value && one.value < one.interval.1, "{one}");
        assert_eq!(one.to_string(), macro_estimate(&[&set, &set], spearman).to_string());
    }
}
