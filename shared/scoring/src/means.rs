//! The total and the scores of the categories. They are never a scorer's own: they are computed here, from the criteria and the
//! weights of the rubric.
//!
//! **Invariant:** a criterion that does not apply weighs nothing, and a mean lies between the scores it is the mean of.

use domain::{Category, CategoryScores, CriterionAssessment, Score};

use crate::rubric::RUBRIC;

/// The total: the weighted mean of the criteria that apply; the worst score when none does.
#[must_use]
pub fn total(criteria: &[CriterionAssessment]) -> Score {
    weighted_mean(criteria.iter()).unwrap_or(Score::MIN)
}

/// The score of each category: the weighted mean of its criteria that apply.
#[must_use]
pub fn categories(criteria: &[CriterionAssessment]) -> CategoryScores {
    let of = |category| weighted_mean(criteria.iter().filter(|judged| judged.criterion.category() == category));
    CategoryScores {
        communication_quality: of(Category::CommunicationQuality),
        effectiveness: of(Category::Effectiveness),
        customer_experience: of(Category::CustomerExperience),
    }
}

fn weighted_mean<'a>(criteria: impl Iterator<Item = &'a CriterionAssessment>) -> Option<Score> {
    let (mut sum, mut weights) = (0_u32, 0_u32);
    for judged in criteria {
        if let Some(score) = judged.score {
            let weight = u32::from(RUBRIC[judged.criterion as usize].weight);
            sum += weight * u32::from(score.tenths());
            weights += weight;
        }
    }
    (weights > 0).then(|| Score::saturating(f64::from(sum) / f64::from(weights) / 10.0))
}

#[cfg(test)]
mod tests {
    use domain::Criterion;
    use proptest::prelude::*;

    use super::*;

    fn judged(criterion: Criterion, tenths: Option<u8>) -> CriterionAssessment {
        let score = tenths.and_then(Score::from_tenths);
        CriterionAssessment { criterion, score, reason: String::new(), evidence: Vec::new() }
    }

    #[test]
    fn heavier_criteria_pull_the_total_towards_them() {
        let goal = judged(Criterion::GoalAchievement, Some(100));
        let language = judged(Criterion::LanguageUse, Some(0));
        let goal_weight = f64::from(RUBRIC[Criterion::GoalAchievement as usize].weight);
        let language_weight = f64::from(RUBRIC[Criterion::LanguageUse as usize].weight);
        let expected = Score::saturating(10.0 * goal_weight / (goal_weight + language_weight));
        assert_eq!(total(&[goal, language]), expected);
    }

    #[test]
    fn what_does_not_apply_weighs_nothing() {
        let criteria = [judged(Criterion::ObjectionHandling, None), judged(Criterion::Responsiveness, Some(73))];
        assert_eq!(total(&criteria).tenths(), 73);
        assert_eq!(categories(&criteria).customer_experience, Score::from_tenths(73));
        assert_eq!(categories(&criteria).effectiveness, None);
        assert_eq!(total(&[]), Score::MIN);
    }

    proptest! {
        #[test]
        fn means_lie_within_what_they_are_the_mean_of(
            tenths in prop::collection::vec(prop::option::of(0_u8..=100), Criterion::ALL.len())
        ) {
            let criteria: Vec<_> = Criterion::ALL.iter().zip(&tenths).map(|(c, t)| judged(*c, *t)).collect();
            let known = tenths.iter().flatten();
            if let (Some(low), Some(high)) = (known.clone().min(), known.max()) {
                prop_assert!((*low..=*high).contains(&total(&criteria).tenths()));
            }
            for category in Category::ALL {
                let own = || criteria.iter().filter(|c| c.criterion.category() == *category).filter_map(|c| c.score);
                let mean = categories(&criteria).get(*category);
                prop_assert!(own().min() <= mean && mean <= own().max());
            }
        }
    }
}
