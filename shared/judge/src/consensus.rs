//! One answer from several samples: the median of each score.
//!
//! **Invariant:** pure. A criterion's reason and quotes come from the sample whose score is nearest to the median, the other
//! texts from the sample whose total is nearest to the total of the medians. A violation counts when half of the samples report its kind,
//! as severe as the mildest of them has it.

use domain::{CriterionAssessment, Score, Violation, ViolationKind};

use crate::validate::VerifiedAnswer;

/// When totals lie further apart than this, a person should look at the call: a point and a half is more than what separates
/// two neighbouring anchors in half the criteria.
pub(crate) const REVIEW_SPREAD: f64 = 1.5;

/// The median of several samples, and how far their totals lie apart; `None` when there is no sample.
pub(crate) fn median(samples: Vec<VerifiedAnswer>) -> Option<(VerifiedAnswer, Option<Score>)> {
    let totals: Vec<Score> = samples.iter().map(|sample| sample.total().0).collect();
    let spread = spread(&totals);
    let criteria: Vec<CriterionAssessment> =
        (0..samples.first()?.criteria.len()).filter_map(|index| criterion(&samples, index)).collect();
    let violations: Vec<Violation> = ViolationKind::ALL.iter().filter_map(|kind| violation(&samples, *kind)).collect();
    let (total, _) = scoring::capped(scoring::total(&criteria), &violations);
    let distances =
        totals.iter().zip(&samples).map(|(one, sample)| (sample.says_little(), one.tenths().abs_diff(total.tenths())));
    let nearest = distances.enumerate().min_by_key(|(_, distance)| *distance).map(|(index, _)| index)?;
    let texts = samples.into_iter().nth(nearest)?;
    Some((VerifiedAnswer { violations, criteria, ..texts }, spread))
}

/// The violation of that kind, if half of the samples report it: the mildest of theirs.
fn violation(samples: &[VerifiedAnswer], kind: ViolationKind) -> Option<Violation> {
    let reported = || samples.iter().filter_map(|sample| sample.violations.iter().find(|one| one.kind == kind));
    let mildest = reported().min_by_key(|violation| violation.severity)?;
    (2 * reported().count() >= samples.len()).then(|| mildest.clone())
}

/// The highest total less the lowest; `None` when there are fewer than two.
fn spread(totals: &[Score]) -> Option<Score> {
    let (low, high) = (totals.iter().min()?, totals.iter().max()?);
    (totals.len() > 1).then(|| Score::from_tenths(high.tenths() - low.tenths())).flatten()
}

/// The criterion with the median of its scores. It does not apply when more than half of the samples say so; when half of
/// them score it, it applies, because they have a quote that shows it.
fn criterion(samples: &[VerifiedAnswer], index: usize) -> Option<CriterionAssessment> {
    let judged = || samples.iter().filter_map(|sample| sample.criteria.get(index));
    let mut scores: Vec<u8> = judged().filter_map(|one| one.score).map(Score::tenths).collect();
    scores.sort_unstable();
    if 2 * scores.len() < samples.len() {
        return judged().find(|one| one.score.is_none()).cloned();
    }
    let (low, high) = (scores.get(scores.len().checked_sub(1)? / 2)?, scores.get(scores.len() / 2)?);
    let median = Score::saturating((f64::from(*low) + f64::from(*high)) / 20.0);
    let distance =
        |one: &&CriterionAssessment| one.score.map_or(u8::MAX, |score| score.tenths().abs_diff(median.tenths()));
    let nearest = judged().filter(|one| one.score.is_some()).min_by_key(distance)?;
    Some(CriterionAssessment { score: Some(median), ..nearest.clone() })
}

#[cfg(test)]
mod tests {
    use domain::{Criterion, Severity, Synopsis};
    use proptest::prelude::*;

    use super::*;

    fn answer(name: &str, scores: &[Option<u8>]) -> VerifiedAnswer {
        let judged = |(criterion, score): (&Criterion, &Option<u8>)| CriterionAssessment {
            criterion: *criterion,
            score: score.and_then(Score::from_tenths),
            reason: format!("{name} {score:?}"),
            evidence: Vec::new(),
        };
        VerifiedAnswer {
            criteria: Criterion::ALL.iter().zip(scores).map(judged).collect(),
            synopsis: Synopsis::default(),
            violations: Vec::new(),
            feedback: name.to_owned(),
            improvement_suggestions: name.to_owned(),
            suggestions: Vec::new(),
        }
    }

    fn scores(answer: &VerifiedAnswer) -> Vec<Option<u8>> {
        answer.criteria.iter().map(|one| one.score.map(Score::tenths)).collect()
    }

    #[test]
    fn each_criterion_has_the_median_and_the_words_that_belong_to_it() {
        let samples = vec![
            answer("a", &[Some(20), Some(90), None]),
            answer("b", &[Some(60), Some(50), None]),
            answer("c", &[Some(100), Some(70), Some(50)]),
        ];
        let (median, _) = median(samples).unwrap();
        assert_eq!(scores(&median), [Some(60), Some(70), None]);
        let reasons: Vec<_> = median.criteria.iter().map(|one| one.reason.as_str()).collect();
        assert_eq!(reasons, ["b Some(60)", "c Some(70)", "a None"]);
    }

    #[test]
    fn texts_come_from_the_sample_nearest_to_the_total() {
        let samples = vec![answer("low", &[Some(10)]), answer("mid", &[Some(52)]), answer("high", &[Some(90)])];
        let (median, spread) = median(samples).unwrap();
        assert_eq!((median.feedback.as_str(), spread), ("mid", Score::from_tenths(80)));
    }

    #[test]
    fn of_two_the_median_lies_between_and_a_score_outweighs_none() {
        let (median, spread) =
            median(vec![answer("a", &[Some(20), None]), answer("b", &[Some(45), Some(70)])]).unwrap();
        assert_eq!(scores(&median), [Some(33), Some(70)]);
        assert!(spread.is_some());
    }

    #[test]
    fn a_violation_counts_when_half_of_the_samples_report_it_and_is_as_mild_as_the_mildest_has_it() {
        let reporting = |severities: &[Option<Severity>]| {
            let sample = |severity: &Option<Severity>| {
                let violation = |severity| Violation {
                    kind: ViolationKind::Threat,
                    severity,
                    reason: "It was one.".to_owned(),
                    evidence: Vec::new(),
                };
                VerifiedAnswer { violations: severity.map(violation).into_iter().collect(), ..answer("a", &[Some(80)]) }
            };
            let (median, spread) = median(severities.iter().map(sample).collect()).unwrap();
            (median.violations.first().map(|one| one.severity), spread.map(Score::tenths))
        };
        let (serious, critical) = (Some(Severity::Serious), Some(Severity::Critical));
        let (of_serious, of_critical) = (Severity::Serious.cap().tenths(), Severity::Critical.cap().tenths());
        assert_eq!(reporting(&[critical]), (critical, None));
        assert_eq!(reporting(&[critical, None]), (critical, Some(80 - of_critical)));
        assert_eq!(reporting(&[critical, serious, None]), (serious, Some(80 - of_critical)));
        assert_eq!(reporting(&[serious, None, None]), (None, Some(80 - of_serious)));
    }

    #[test]
    fn texts_come_from_a_sample_that_says_something() {
        let silent = VerifiedAnswer { feedback: String::new(), ..answer("silent", &[Some(50)]) };
        let (median, _) = median(vec![silent, answer("low", &[Some(10)]), answer("high", &[Some(90)])]).unwrap();
        assert_eq!(median.feedback, "low");
    }

    #[test]
    fn one_sample_is_what_it_is_and_none_is_nothing() {
        let only = answer("a", &[Some(20), None, Some(30)]);
        assert_eq!(median(vec![only.clone()]), Some((only, None)));
        assert_eq!(median(vec![]), None);
    }

    proptest! {
        #[test]
        fn medians_lie_within_their_samples_whatever_their_order(
            table in prop::collection::vec(prop::collection::vec(prop::option::of(0_u8..=100), 12), 1..7),
        ) {
            let samples: Vec<_> = table.iter().map(|row| answer("s", row)).collect();
            let (forward, spread) = median(samples.clone()).unwrap();
            let (backward, same) = median(samples.into_iter().rev().collect()).unwrap();
            prop_assert_eq!(scores(&forward), scores(&backward));
            prop_assert_eq!(spread, same);
            prop_assert_eq!(spread.is_some(), table.len() > 1);
            for (index, median) in scores(&forward).into_iter().enumerate() {
                let column: Vec<u8> = table.iter().filter_map(|row| row[index]).collect();
                prop_assert_eq!(median.is_some(), 2 * column.len() >= table.len() && !column.is_empty());
                if let Some(median) = median {
                    prop_assert!(column.iter().min() <= Some(&median) && Some(&median) <= column.iter().max());
                }
            }
        }
    }
}
