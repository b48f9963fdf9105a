//! The statistics as the API writes them.

use std::collections::BTreeMap;

use domain::{Category, Criterion, Day, Score, Tally};
use serde::Serialize;
use store::Statistics;

/// The body's fields beside `success`.
#[derive(Serialize)]
pub(crate) struct Stats {
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
    distribution: Vec<Bar>,
    categories: BTreeMap<&'static str, Option<f64>>,
    criteria: BTreeMap<&'static str, Option<f64>>,
    trend: Vec<Point>,
    skipped: i64,
    failed: i64,
}

#[derive(Serialize)]
struct Bar {
    score: usize,
    count: i64,
}

#[derive(Serialize)]
struct Point {
    date: Day,
    count: i64,
    average_score: Option<f64>,
}

impl Stats {
    /// Statistics for the wire; averages of nothing are null.
    pub(crate) fn of(statistics: &Statistics) -> Self {
        let counters = &statistics.counters;
        let bars = counters.distribution();
        let point = |&(date, tally): &(Day, Tally)| Point { date, count: tally.count, average_score: tally.mean() };
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
                distribution: bars.iter().enumerate().map(|(score, &count)| Bar { score, count }).collect(),
                categories: averages(Category::ALL.iter().map(|category| category.name()), &counters.categories),
                criteria: averages(Criterion::ALL.iter().map(|criterion| criterion.name()), &counters.criteria),
                trend: statistics.trend.iter().map(point).collect(),
                skipped: counters.skipped,
                failed: counters.failed,
            },
        }
    }
}

fn averages(
    names: impl Iterator<Item = &'static str>,
    tallies: &[Tally],
) -> BTreeMap<&'static str, Option<f64>> {
    names.zip(tallies.iter().map(|tally| tally.mean())).collect()
}
