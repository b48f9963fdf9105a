//! Measures what a scorer makes of rated calls.

use std::collections::BTreeMap;

use domain::{Criterion, ReviewReason, Score};

use super::false_claim::false_claims;
use super::grouping::Grouping;
use super::said::SpokenOf;
use super::scorer::{MIDDLE, ScoredCall};
use super::vocabulary::Flag;
use crate::statistics::{Estimate, RatedScore, macro_estimate, mean, spearman};

/// The figures of some calls.
#[derive(Debug, Clone)]
pub struct Figures {
    /// How many calls they are.
    pub calls: usize,
    /// The rank agreement of the total with the reader.
    pub spearman: Estimate,
    /// The mean distance of the total from the reader's score.
    pub distance: f64,
    /// That of the constant which is best over all calls of the report.
    pub best_constant_distance: f64,
    /// That of the middle of the scale.
    pub middle_distance: f64,
    /// The share of the calls with at least one false claim.
    pub false_claims: f64,
    /// The share of what must be said that is said.
    pub said: f64,
    /// The share that would be said by turns drawn by lot, see [`SpokenOf::says_by_chance`].
    pub said_by_chance: f64,
    /// The share of the stated intervals that hold the reader's score; `None` when none is stated.
    pub covered: Option<f64>,
    /// The mean width of the stated intervals.
    pub width: Option<f64>,
    /// The share of the calls that need a review.
    pub needs_review: f64,
    /// The share of the criteria without a score.
    pub unscored: f64,
}

/// The figures of one criterion, over the calls in which both the scorer and the reader score it.
#[derive(Debug, Clone, Copy)]
pub struct CriterionFigures {
    /// Which.
    pub criterion: Criterion,
    /// How many calls they are.
    pub calls: usize,
    /// The mean distance from the reader's score; `None` without calls.
    pub distance: Option<f64>,
    /// How much the scorer's scores are higher, on average.
    pub higher: Option<f64>,
}

/// How often a call is given to a person for what occurs in it, and how often that occurs.
#[derive(Debug, Clone, Copy)]
pub struct FlagFigures {
    /// What occurs.
    pub flag: Flag,
    /// In how many calls the scorer says so.
    pub stated: usize,
    /// In how many of these it does.
    pub right: usize,
    /// In how many calls it does.
    pub occurs: usize,
}

/// What there is to say about a scorer.
#[derive(Debug, Clone)]
pub struct Report {
    /// The constant that is nearest to the reader over all calls.
    pub best_constant: f64,
    /// The figures of all calls.
    pub all: Figures,
    /// Those of each group.
    pub groups: BTreeMap<String, Figures>,
    /// Those of each criterion.
    pub criteria: Vec<CriterionFigures>,
    /// Those of what a person must see.
    pub flags: Vec<FlagFigures>,
    /// How often the outcome is told, and how often it is the reader's.
    pub outcomes: (usize, usize),
}

/// Measures what a scorer makes of calls, over all and for each group.
#[must_use]
pub fn measure(scored: &[ScoredCall], by: Grouping) -> Report {
    let all: Vec<&ScoredCall> = scored.iter().collect();
    let best_constant = median(all.iter().map(|one| one.rated.rating.score));
    let mut groups: BTreeMap<String, Vec<&ScoredCall>> = BTreeMap::new();
    for one in &all {
        groups.entry(by.of(one.rated).to_owned()).or_default().push(one);
    }
    let told = all.iter().filter_map(|one| Some((one.assessment.synopsis.outcome?, one.rated.rating.outcome)));
    let told: Vec<_> = told.collect();
    Report {
        best_constant,
        groups: groups.into_iter().map(|(name, group)| (name, figures(&group, best_constant))).collect(),
        criteria: Criterion::ALL.iter().map(|criterion| criterion_figures(&all, *criterion)).collect(),
        flags: FLAGS.iter().map(|(reason, flag)| flag_figures(&all, *reason, *flag)).collect(),
        outcomes: (told.len(), told.iter().filter(|(told, reader)| told == reader).count()),
        all: figures(&all, best_constant),
    }
}

/// The reasons for a review that are something in the call, with the reader's word for it.
const FLAGS: [(ReviewReason, Flag); 6] = [
    (ReviewReason::Emergency, Flag::Emergency),
    (ReviewReason::Threat, Flag::Threat),
    (ReviewReason::LegalThreat, Flag::LegalThreat),
    (ReviewReason::Discrimination, Flag::Discrimination),
    (ReviewReason::SelfHarm, Flag::SelfHarm),
    (ReviewReason::AgainstInterest, Flag::AgainstInterest),
];

fn figures(calls: &[&ScoredCall], best_constant: f64) -> Figures {
    let scores: Vec<RatedScore> = calls.iter().map(|one| rated_score(one)).collect();
    let of_constant = |constant: f64| mean(&scores.iter().map(|one| (one.rating - constant).abs()).collect::<Vec<_>>());
    let certain: Vec<(bool, f64)> = calls.iter().filter_map(|one| covered(one)).collect();
    let (said, by_chance): (Vec<f64>, Vec<f64>) = calls.iter().flat_map(|one| said(one)).unzip();
    let criteria: Vec<bool> =
        calls.iter().flat_map(|one| &one.assessment.criteria).map(|assessed| assessed.score.is_none()).collect();
    Figures {
        calls: calls.len(),
        spearman: macro_estimate(&[&scores], spearman),
        distance: mean(&scores.iter().map(|one| (one.rating - one.score).abs()).collect::<Vec<_>>()),
        best_constant_distance: of_constant(best_constant),
        middle_distance: of_constant(MIDDLE.value()),
        false_claims: share(calls.iter().map(|one| !false_claims(&one.rated.rating, &one.assessment).is_empty())),
        said: mean(&said),
        said_by_chance: mean(&by_chance),
        covered: mean_of(certain.iter().map(|(is_covered, _)| f64::from(u8::from(*is_covered)))),
        width: mean_of(certain.iter().map(|(_, width)| *width)),
        needs_review: share(calls.iter().map(|one| one.assessment.review.needs_review)),
        unscored: share(criteria),
    }
}

fn rated_score(one: &ScoredCall) -> RatedScore {
    RatedScore { score: one.assessment.score.value(), rating: one.rated.rating.score.value() }
}

/// Whether the stated interval holds the reader's score, and how wide it is.
fn covered(one: &ScoredCall) -> Option<(bool, f64)> {
    let certainty = one.assessment.certainty;
    let interval = certainty.score_low?..=certainty.score_high?;
    Some((interval.contains(&one.rated.rating.score), certainty.width()?))
}

/// Of each thing that must be said: 1 when it is, and how likely that is by chance.
fn said(one: &ScoredCall) -> Vec<(f64, f64)> {
    let call = &one.rated.call;
    let spoken_of = SpokenOf::by(&one.assessment, call);
    let said = |mention| {
        let is_said = f64::from(u8::from(spoken_of.says(mention)));
        (is_said, spoken_of.says_by_chance(mention, call.transcript.len()))
    };
    one.rated.rating.mentions.iter().map(said).collect()
}

fn criterion_figures(calls: &[&ScoredCall], criterion: Criterion) -> CriterionFigures {
    let differences = calls.iter().filter_map(|one| {
        let assessed = one.assessment.criteria.iter().find(|assessed| assessed.criterion == criterion)?;
        Some(assessed.score?.value() - one.rated.rating.criteria.get(&criterion)?.value())
    });
    let differences: Vec<f64> = differences.collect();
    CriterionFigures {
        criterion,
        calls: differences.len(),
        distance: mean_of(differences.iter().map(|difference| difference.abs())),
        higher: mean_of(differences.iter().copied()),
    }
}

fn flag_figures(calls: &[&ScoredCall], reason: ReviewReason, flag: Flag) -> FlagFigures {
    let found = calls.iter().map(|one| {
        let is_stated = one.assessment.review.review_reasons.contains(&reason);
        (is_stated, one.rated.rating.flags.contains(&flag))
    });
    let found: Vec<(bool, bool)> = found.collect();
    let count = |holds: fn(&(bool, bool)) -> bool| found.iter().filter(|one| holds(one)).count();
    FlagFigures {
        flag,
        stated: count(|(is_stated, _)| *is_stated),
        right: count(|(is_stated, occurs)| *is_stated && *occurs),
        occurs: count(|(_, occurs)| *occurs),
    }
}

/// The mean; `None` without values.
fn mean_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| mean(&values))
}

fn share(these: impl IntoIterator<Item = bool>) -> f64 {
    mean(&these.into_iter().map(|holds| f64::from(u8::from(holds))).collect::<Vec<_>>())
}

/// The number that is nearest to the scores on average.
fn median(scores: impl Iterator<Item = Score>) -> f64 {
    let mut scores: Vec<Score> = scores.collect();
    scores.sort_unstable();
    scores.get(scores.len() / 2).map_or(MIDDLE.value(), |score| score.value())
}

#[cfg(test)]
mod tests {
    use domain::{Certainty, Resolution};

    use super::super::example::{assessment, rated};
    use super::*;

    #[test]
    fn figures_are_shares_and_means_of_the_calls() {
        let (mut worse, mut better) = (rated(), rated());
        worse.rating.score = Score::saturating(1.0);
        better.rating.score = Score::saturating(9.0);
        better.rating.agent = super::super::AgentKind::Machine;
        let mut low = assessment(&[(Criterion::GoalAchievement, 4.0)]);
        low.score = Score::saturating(3.0);
        low.certainty = Certainty::between(Score::saturating(2.0), Score::saturating(5.0));
        low.review.add([ReviewReason::LegalThreat, ReviewReason::Threat]);
        let mut high = assessment(&[(Criterion::GoalAchievement, 8.0)]);
        high.score = Score::saturating(8.0);
        high.certainty = Certainty::between(Score::saturating(7.0), Score::saturating(9.0));
        high.synopsis.outcome = Some(Resolution::Unresolved);
        let scored = [ScoredCall { rated: &worse, assessment: low }, ScoredCall { rated: &better, assessment: high }];
        let report = measure(&scored, Grouping::Kind);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(report.all.spearman.value, 1.0) && close(report.all.distance, 1.5));
        assert!(close(report.all.middle_distance, 4.0) && close(report.all.best_constant_distance, 4.0));
        assert!(close(report.all.false_claims, 0.5) && close(report.all.said, 0.0));
        assert_eq!((report.all.covered, report.all.width), (Some(0.5), Some(2.5)));
        assert!(close(report.all.needs_review, 0.5) && close(report.all.unscored, 22.0 / 24.0));
        assert_eq!(report.groups.keys().collect::<Vec<_>>(), ["ai", "human"]);
        assert!(close(report.groups["ai"].false_claims, 1.0) && report.groups["human"].calls == 1);
        let goal = report.criteria.iter().find(|one| one.criterion == Criterion::GoalAchievement).unwrap();
        assert_eq!((goal.calls, goal.distance, goal.higher), (2, Some(5.0), Some(5.0)));
        let flags = report.flags.iter().map(|one| (one.flag, one.stated, one.right, one.occurs)).collect::<Vec<_>>();
        assert_eq!(flags[1..3], [(Flag::Threat, 1, 0, 0), (Flag::LegalThreat, 1, 1, 2)]);
        assert_eq!(report.outcomes, (1, 1));
        assert!(report.to_string().contains("language_use                    0         -        -"), "{report}");
    }

    #[test]
    fn nothing_is_covered_where_no_interval_is_stated() {
        let call = rated();
        let report = measure(&[ScoredCall { rated: &call, assessment: assessment(&[]) }], Grouping::Score);
        assert_eq!((report.all.covered, report.all.width), (None, None));
        assert_eq!(report.groups.keys().collect::<Vec<_>>(), ["2.0-3.0"]);
    }
}
