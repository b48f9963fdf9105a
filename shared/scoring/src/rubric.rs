//! The rubric: the criteria, what each asks, and how much each weighs. Every scorer judges by it, and the total is never a
//! scorer's own: it is computed here.
//!
//! **Invariant:** a criterion that does not apply weighs nothing, and a mean lies between the scores it is the mean of.

use domain::{Category, CategoryScores, Criterion, CriterionAssessment, Score};

/// The version of this rubric. Scores of different versions are not comparable: raise it with any change below.
pub const RUBRIC_VERSION: &str = "1";

/// One criterion of the rubric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RubricEntry {
    /// Which criterion; its category is [`Criterion::category`].
    pub criterion: Criterion,
    /// Its share of the total in percent, when all criteria apply.
    pub weight: u8,
    /// What is asked of the agent, in one sentence.
    pub description: &'static str,
}

/// The rubric, in the order of [`Criterion::ALL`].
pub const RUBRIC: [RubricEntry; Criterion::ALL.len()] = [
    entry(
        Criterion::ProfessionalismAndTone,
        8,
        "The agent is courteous, calm and businesslike from the first turn to the last, whatever the customer's tone.",
    ),
    entry(
        Criterion::ClarityAndPacing,
        7,
        "The agent is easy to follow: short turns, one thing at a time, at a pace the customer can keep up with.",
    ),
    entry(
        Criterion::ActiveListening,
        9,
        "The agent lets the customer finish, takes up what was said and never makes the customer say it again.",
    ),
    entry(
        Criterion::LanguageUse,
        5,
        "The agent uses plain, correct and positive words, without filler, slang or needless repetition.",
    ),
    entry(
        Criterion::GoalAchievement,
        14,
        "What the customer called for is done by the end of the call, and both sides know it.",
    ),
    entry(
        Criterion::ProblemSolving,
        10,
        "The agent takes responsibility, works towards a solution and offers another way when the first one fails.",
    ),
    entry(
        Criterion::InformationGathering,
        7,
        "The agent asks for what is needed before proposing anything, and confirms what was understood.",
    ),
    entry(
        Criterion::CallStructure,
        6,
        "The call has a greeting, a recognisable course and a close that asks whether anything is left.",
    ),
    entry(
        Criterion::EmpathyAndRapport,
        9,
        "The agent notices how the customer feels, says so, and treats the customer as a person.",
    ),
    entry(
        Criterion::Responsiveness,
        9,
        "The agent answers what was asked, completely and without keeping the customer waiting.",
    ),
    entry(
        Criterion::ObjectionHandling,
        6,
        "When the customer doubts or refuses, the agent acknowledges it and answers with substance; without an objection the \
         criterion does not apply.",
    ),
    entry(Criterion::CustomerSatisfaction, 10, "The customer sounds satisfied, above all at the end of the call."),
];

const fn entry(criterion: Criterion, weight: u8, description: &'static str) -> RubricEntry {
    RubricEntry { criterion, weight, description }
}

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
    use proptest::prelude::*;

    use super::*;

    fn judged(criterion: Criterion, tenths: Option<u8>) -> CriterionAssessment {
        let score = tenths.and_then(Score::from_tenths);
        CriterionAssessment { criterion, score, reason: String::new(), evidence: Vec::new() }
    }

    #[test]
    fn the_rubric_lists_every_criterion_in_order_and_weighs_a_hundred_percent() {
        assert!(RUBRIC.iter().map(|entry| entry.criterion).eq(Criterion::ALL.iter().copied()));
        assert_eq!(RUBRIC.iter().map(|entry| u32::from(entry.weight)).sum::<u32>(), 100);
        for entry in RUBRIC {
            assert!(entry.weight > 0 && entry.description.ends_with('.'), "{}", entry.criterion);
            assert_eq!(entry.description.matches(". ").count(), 0, "one sentence: {}", entry.criterion);
        }
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
