//! The body of the response: statistics in the API's format.

use std::collections::BTreeMap;

use domain::{Category, Criterion, Day, Score, Tally};
use serde::Serialize;
use store::Statistics;

/// The body's fields in addition to `success`.
#[derive(Serialize)]
pub(crate) struct StatsBody {
    data: Data,
}

#[derive(Serialize)]
struct Data {
    total_feedback: i64,
    average_score: Option<f64>,
    median_score: Option<f64>,
    p10_score: Option<f64>,
    p90_score: Option<f64>,
    min_score: Option<Score>,
    max_score: Option<Score>,
    standard_deviation: Option<f64>,
    distribution: Vec<DistributionBar>,
    categories: BTreeMap<&'static str, Option<f64>>,
    criteria: BTreeMap<&'static str, Option<f64>>,
    trend: Vec<TrendPoint>,
    skipped: i64,
    failed: i64,
}

#[derive(Serialize)]
struct DistributionBar {
    score: usize,
    count: i64,
}

#[derive(Serialize)]
struct TrendPoint {
    date: Day,
    count: i64,
    average_score: Option<f64>,
}

impl StatsBody {
    /// The body for those statistics. An average of no values is null.
    pub(crate) fn of(statistics: &Statistics) -> Self {
        let counters = &statistics.counters;
        let bars = counters.distribution();
        let point =
            |&(date, tally): &(Day, Tally)| TrendPoint { date, count: tally.count, average_score: tally.mean() };
        Self {
            data: Data {
                total_feedback: counters.total.count,
                average_score: counters.total.mean(),
                median_score: counters.percentile(50),
                p10_score: counters.percentile(10),
                p90_score: counters.percentile(90),
                min_score: counters.min(),
                max_score: counters.max(),
                standard_deviation: counters.standard_deviation(),
                distribution: bars.iter().enumerate().map(|(score, &count)| DistributionBar { score, count }).collect(),
                categories: averages(Category::ALL.iter().map(|category| category.name()), &counters.categories),
                criteria: averages(Criterion::ALL.iter().map(|criterion| criterion.name()), &counters.criteria),
                trend: statistics.trend.iter().map(point).collect(),
                skipped: counters.skipped,
                failed: counters.failed,
            },
        }
    }
}

fn averages(names: impl Iterator<Item = &'static str>, tallies: &[Tally]) -> BTreeMap<&'static str, Option<f64>> {
    names.zip(tallies.iter().map(|tally| tally.mean())).collect()
}

#[cfg(test)]
mod tests {
    use domain::{Counters, OrgId};
    use serde_json::json;
    use test_support::FeedbackBuilder;

    use super::*;

    #[test]
    fn statistics_are_written_as_documented() {
        let org = OrgId::parse("demo").unwrap();
        let mut counters = Counters { skipped: 2, failed: 1, ..Counters::default() };
        for (call, tenths) in [("c1", 60), ("c2", 75), ("c3", 100)] {
            counters.add(&Counters::of(&FeedbackBuilder::new(call).tenths(tenths).build(&org).feedback.assessment));
        }
        let day = Day::parse("2026-11-22").unwrap();
        let expected = counters.clone();
        let body =
            serde_json::to_value(StatsBody::of(&Statistics { trend: vec![(day, counters.total)], counters })).unwrap();
        let data = &body["data"];
        assert_eq!(data["total_feedback"], 3);
        assert_eq!(data["average_score"], json!(23.5 / 3.0));
        assert_eq!(data["median_score"], json!(7.5));
        assert_eq!((&data["p10_score"], &data["p90_score"]), (&json!(6.3), &json!(9.5)));
        assert_eq!((&data["min_score"], &data["max_score"]), (&json!(6.0), &json!(10.0)));
        assert_eq!(data["standard_deviation"], json!(expected.standard_deviation()));
        assert_eq!(data["distribution"][8], json!({"score": 8, "count": 1}));
        assert_eq!((&data["skipped"], &data["failed"]), (&json!(2), &json!(1)));
        assert_eq!(data["trend"], json!([{"date": "2026-11-22", "count": 3, "average_score": 23.5 / 3.0}]));
        for (category, tally) in Category::ALL.iter().zip(expected.categories) {
            assert_eq!(data["categories"][category.name()], json!(tally.mean()), "{category}");
        }
        for (criterion, tally) in Criterion::ALL.iter().zip(expected.criteria) {
            assert_eq!(data["criteria"][criterion.name()], json!(tally.mean()), "{criterion}");
        }
    }
}
