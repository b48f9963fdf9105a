//! The total of a call and the scores of its categories. A scorer never gives them itself: they are computed here, from
//! the scores of the criteria and the weights of the rubric.
//!
//! **Invariant:** a criterion that does not apply has no weight, and a mean lies between the lowest and the highest
//! score that went into it.

use domain::{Category, CategoryScores, CriterionAssessment, Score, Violation};

use crate::rubric::RubricEntry;

/// The total: the weighted mean of the criteria that apply; the worst score when none does.
#[must_use]
pub fn total(criteria: &[CriterionAssessment]) -> Score {
    weighted_mean(criteria.iter()).unwrap_or(Score::MIN)
}

/// The total under the cap of the worst violation, and what it was before if a violation lowered it.
#[must_use]
pub fn capped(total: Score, violations: &[Violation]) -> (Score, Option<Score>) {
    match violations.iter().map(|violation| violation.severity.cap()).min() {
        Some(cap) if cap < total => (cap, Some(total)),
        _ => (total, None),
    }
}

/// The score of each category: the weighted mean of its criteria that apply.
#[must_use]
pub fn categories(criteria: &[CriterionAssessment]) -> CategoryScores {
    let of = |category| weighted_mean(criteria.iter().filter(|assessed| assessed.criterion.category() == category));
    CategoryScores {
        communication_quality: of(Category::CommunicationQuality),
        effectiveness: of(Category::Effectiveness),
        customer_experience: of(Category::CustomerExperience),
    }
}

fn weighted_mean<'a>(criteria: impl Iterator<Item = &'a CriterionAssessment>) -> Option<Score> {
    let (mut sum, mut weights) = (0_u32, 0_u32);
    for assessed in criteria {
        if let Some(score) = assessed.score {
            let weight = u32::from(RubricEntry::of(assessed.criterion).weight);
            sum += weight * u32::from(score.tenths());
            weights += weight;
        }
    }
    (weights > 0).then(|| Score::saturating(f64::from(sum) / f64::from(weights) / 10.0))
}

#[cfg(test)]
mod tests {
    use domain::{Criterion, Severity, ViolationKind};
    use proptest::prelude::*;

    use super::*;

    fn assessed(criterion: Criterion, tenths: Option<u8>) -> CriterionAssessment {
        let score = tenths.and_then(Score::from_tenths);
        CriterionAssessment { criterion, score, reason: String::new(), evidence: Vec::new() }
    }

    #[test]
    fn heavier_criteria_pull_the_total_towards_them() {
        let goal = assessed(Criterion::GoalAchievement, Some(100));
        let language = assessed(Criterion::LanguageUse, Some(0));
        let goal_weight = f64::from(RubricEntry::of(Criterion::GoalAchievement).weight);
        let language_weight = f64::from(RubricEntry::of(Criterion::LanguageUse).weight);
        let expected = Score::saturating(10.0 * goal_weight / (goal_weight + language_weight));
        assert_eq!(total(&[goal, language]), expected);
    }

    #[test]
    fn a_criterion_that_does_not_apply_has_no_weight() {
        let criteria = [assessed(Criterion::ObjectionHandling, None), assessed(Criterion::Responsiveness, Some(73))];
        assert_eq!(total(&criteria).tenths(), 73);
        assert_eq!(categories(&criteria).customer_experience, Score::from_tenths(73));
        assert_eq!(categories(&criteria).effectiveness, None);
        assert_eq!(total(&[]), Score::MIN);
    }

    #[test]
    fn the_worst_violation_caps_the_total_and_raises_none() {
        let violation =
            |severity| Violation { kind: ViolationKind::Harm, severity, reason: String::new(), evidence: Vec::new() };
        let (serious, critical) = (violation(Severity::Serious), violation(Severity::Critical));
        let score = |tenths| Score::from_tenths(tenths).unwrap();
        assert_eq!(capped(score(80), &[]), (score(80), None));
        assert_eq!(capped(score(80), std::slice::from_ref(&serious)), (Severity::Serious.cap(), Some(score(80))));
        assert_eq!(capped(score(80), &[serious, critical.clone()]), (Severity::Critical.cap(), Some(score(80))));
        assert_eq!(capped(score(5), &[critical]), (score(5), None));
    }

    proptest! {
        #[test]
        fn totals_lie_between_the_lowest_and_the_highest_score(
            tenths in prop::collection::vec(prop::option::of(0_u8..=100), Criterion::ALL.len())
        ) {
            let criteria: Vec<_> = Criterion::ALL.iter().zip(&tenths).map(|(c, t)| assessed(*c, *t)).collect();
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
