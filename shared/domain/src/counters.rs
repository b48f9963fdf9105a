//! Exact statistics from counters. Scores are counted in whole tenths, so that sums are exact in any order.

use crate::{Assessment, Category, Criterion, Score};

/// A number of scores and their sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many scores were added.
    pub count: i64,
    /// Their sum in tenths.
    pub sum: i64,
}

impl Tally {
    /// Their mean, 0 to 10; `None` without scores.
    #[must_use]
    pub fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| tenths(self.sum) / exact(self.count))
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
    }
}

/// The counters of a set of calls. The counters of disjoint sets add up to those of their union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counters {
    /// How many feedbacks, and the sum of their scores.
    pub total: Tally,
    /// The sum of the squares of the scores, in hundredths.
    pub sum_of_squares: i64,
    /// How many feedbacks have each score, by [`Score::tenths`].
    pub by_score: [i64; Score::STEPS],
    /// One tally for each of [`Category::ALL`].
    pub categories: [Tally; Category::ALL.len()],
    /// One tally for each of [`Criterion::ALL`].
    pub criteria: [Tally; Criterion::ALL.len()],
    /// How many calls were skipped.
    pub skipped: i64,
    /// How many calls failed.
    pub failed: i64,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            total: Tally::default(),
            sum_of_squares: 0,
            by_score: [0; Score::STEPS],
            categories: Default::default(),
            criteria: Default::default(),
            skipped: 0,
            failed: 0,
        }
    }
}

impl Counters {
    /// The counters of one call.
    #[must_use]
    pub fn of(assessment: &Assessment) -> Self {
        let tally = |score: Option<Score>| {
            score.map_or_else(Tally::default, |s| Tally { count: 1, sum: i64::from(s.tenths()) })
        };
        let tenths = i64::from(assessment.score.tenths());
        let mut counters =
            Self { total: tally(Some(assessment.score)), sum_of_squares: tenths * tenths, ..Self::default() };
        for (slot, score) in counters.by_score.iter_mut().zip(Score::all()) {
            *slot = i64::from(score == assessment.score);
        }
        for (slot, category) in counters.categories.iter_mut().zip(Category::ALL) {
            *slot = tally(assessment.categories.get(*category));
        }
        for (slot, criterion) in counters.criteria.iter_mut().zip(Criterion::ALL) {
            for assessed in assessment.criteria.iter().filter(|assessed| assessed.criterion == *criterion) {
                slot.add(tally(assessed.score));
            }
        }
        counters
    }

    /// Adds the counters of another, disjoint set of calls.
    pub fn add(&mut self, other: &Self) {
        self.total.add(other.total);
        self.sum_of_squares += other.sum_of_squares;
        self.skipped += other.skipped;
        self.failed += other.failed;
        for (mine, theirs) in self.by_score.iter_mut().zip(other.by_score) {
            *mine += theirs;
        }
        for (mine, theirs) in self.categories.iter_mut().zip(other.categories) {
            mine.add(theirs);
        }
        for (mine, theirs) in self.criteria.iter_mut().zip(other.criteria) {
            mine.add(theirs);
        }
    }

    /// How many feedbacks have a score in the range, both ends included.
    #[must_use]
    pub fn count_between(&self, minimum: Score, maximum: Score) -> i64 {
        self.score_counts().filter(|(score, _)| (minimum..=maximum).contains(score)).map(|(_, count)| count).sum()
    }

    /// The population standard deviation of the scores; `None` without scores.
    /// `sqrt(n·Σx² − (Σx)²) / n`, in integers up to the root, so nothing cancels.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the root of the variance needs no more than 53 bits")]
    pub fn standard_deviation(&self) -> Option<f64> {
        let Tally { count, sum } = self.total;
        let scaled_variance = i128::from(count) * i128::from(self.sum_of_squares) - i128::from(sum) * i128::from(sum);
        (count > 0).then(|| (scaled_variance.max(0) as f64).sqrt() / exact(count) / 10.0)
    }

    /// The lowest score; `None` without scores.
    #[must_use]
    pub fn min(&self) -> Option<Score> {
        self.score_counts().find(|(_, count)| *count > 0).map(|(score, _)| score)
    }

    /// The highest score; `None` without scores.
    #[must_use]
    pub fn max(&self) -> Option<Score> {
        self.score_counts().filter(|(_, count)| *count > 0).last().map(|(score, _)| score)
    }

    /// The score below which that percentage (0 to 100) of the scores lies; `None` without scores.
    /// Between two scores it interpolates: definition 7 of Hyndman & Fan (1996), as `NumPy` and spreadsheets do.
    #[must_use]
    pub fn percentile(&self, percent: u8) -> Option<f64> {
        let count = self.total.count;
        if count <= 0 {
            return None;
        }
        let position = i128::from(count - 1) * i128::from(percent.min(100));
        let (rank, fraction) = (position / 100, position % 100);
        let (low, high) = (i128::from(self.nth(rank)?), i128::from(self.nth((rank + 1).min(i128::from(count) - 1))?));
        let thousandths = low * (100 - fraction) + high * fraction;
        i32::try_from(thousandths).ok().map(|value| f64::from(value) / 1000.0)
    }

    /// How many scores round to each of 0, 1 … 10, halves up.
    #[must_use]
    pub fn distribution(&self) -> [i64; 11] {
        std::array::from_fn(|bar| {
            let in_bar = self.score_counts().filter(|(score, _)| usize::from(score.nearest_integer()) == bar);
            in_bar.map(|(_, count)| count).sum()
        })
    }

    /// The tenths of the score with that rank, from 0, of all scores in ascending order.
    fn nth(&self, rank: i128) -> Option<u8> {
        let mut seen = 0_i128;
        let found = self.score_counts().find(|(_, count)| {
            seen += i128::from(*count);
            seen > rank
        });
        found.map(|(score, _)| score.tenths())
    }

    /// Every score, from the worst to the best, with how many feedbacks have it.
    fn score_counts(&self) -> impl Iterator<Item = (Score, i64)> {
        Score::all().zip(self.by_score)
    }
}

fn tenths(sum: i64) -> f64 {
    exact(sum) / 10.0
}

#[expect(clippy::cast_precision_loss, reason = "exact below 2^53: a sum of tenths for 90 thousand billion calls")]
const fn exact(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counters(scores: &[u8]) -> Counters {
        let mut counters = Counters::default();
        for &tenths in scores {
            let value = i64::from(tenths);
            counters.total.add(Tally { count: 1, sum: value });
            counters.sum_of_squares += value * value;
            counters.by_score[usize::from(tenths)] += 1;
        }
        counters
    }

    #[test]
    fn there_are_no_statistics_without_scores() {
        let nothing = Counters::default();
        assert_eq!((nothing.total.mean(), nothing.standard_deviation()), (None, None));
        assert_eq!((nothing.percentile(50), nothing.min(), nothing.max()), (None, None, None));
        assert_eq!(nothing.distribution(), [0; 11]);
    }

    #[test]
    fn statistics_of_known_scores() {
        let known = counters(&[20, 40, 40, 40, 50, 50, 70, 90]);
        assert_eq!(known.total.mean(), Some(5.0));
        assert_eq!(known.standard_deviation(), Some(2.0));
        assert_eq!(known.percentile(50), Some(4.5));
        assert_eq!(known.percentile(10), Some(3.4));
        assert_eq!(known.percentile(90), Some(7.6));
        assert_eq!((known.percentile(0), known.percentile(100)), (Some(2.0), Some(9.0)));
        assert_eq!(known.count_between(Score::saturating(4.0), Score::saturating(5.0)), 5);
        assert_eq!(known.count_between(Score::MAX, Score::MIN), 0);
    }

    #[test]
    fn distribution_rounds_halves_up() {
        let bars = counters(&[4, 5, 14, 15, 95, 100]).distribution();
        assert_eq!(bars, [1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    }

    proptest! {
        #[test]
        fn statistics_agree_with_the_sorted_scores(mut scores in prop::collection::vec(0_u8..=100, 1..200), percent in 0_u8..=100) {
            let all = counters(&scores);
            scores.sort_unstable();
            let values: Vec<f64> = scores.iter().map(|&t| f64::from(t) / 10.0).collect();
            let n = f64::from(u32::try_from(values.len()).unwrap());
            let mean = values.iter().sum::<f64>() / n;
            let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
            let position = (n - 1.0) * f64::from(percent) / 100.0;
            let at = |index: f64| values[format!("{index:.0}").parse::<usize>().unwrap()];
            let (low, high) = (at(position.floor()), at(position.ceil()));
            let percentile = low + (high - low) * (position - position.floor());
            prop_assert!((all.total.mean().unwrap() - mean).abs() < 1e-9);
            prop_assert!((all.standard_deviation().unwrap() - deviation).abs() < 1e-6);
            prop_assert!((all.percentile(percent).unwrap() - percentile).abs() < 1e-9);
            prop_assert_eq!(all.min().unwrap().tenths(), scores[0]);
            prop_assert_eq!(all.max().unwrap().tenths(), scores[scores.len() - 1]);
        }

        #[test]
        fn counters_of_parts_add_up_to_the_whole(scores in prop::collection::vec(0_u8..=100, 0..100), cut in 0_usize..100) {
            let cut = cut.min(scores.len());
            let mut sum = counters(&scores[..cut]);
            sum.add(&counters(&scores[cut..]));
            prop_assert_eq!(sum, counters(&scores));
        }
    }
}
