//! The metrics of an invocation, as a log line in CloudWatch's embedded metric format. CloudWatch makes metrics of the line, so the
//! function sends nothing and needs no permission.
//!
//! Metrics are in the namespace `CallFeedback`, each with the dimensions `FunctionName`, `Scorer` and `Model` (`none` without
//! one):
//!
//! | metric | what it counts |
//! |---|---|
//! | `CallsScored`, `CallsSkipped`, `CallsDuplicate` | calls that got feedback, are not to be scored, had feedback already |
//! | `CallsNeedingReview` | those of the scored calls that a person should look at |
//! | `CallsFailed` | calls whose message ends in the dead-letter queue |
//! | `CallsRetried` | messages that come back |
//! | `LlmRequests`, `LlmRepairs`, `LlmRejectedQuotes` | requests to the model; answers sent back to it; quotes not in the transcript |
//! | `LlmInputTokens`, `LlmOutputTokens` | tokens the model read and wrote; only of calls for which its server says |
//! | `LlmCachedInputTokens`, `LlmReasoningTokens` | those of them that came from the server's cache, or were thoughts |
//! | `LlmLatency` | milliseconds from the first request for a call to the last answer |

use std::cell::RefCell;

use domain::Timestamp;
use judge::Usage;
use serde_json::{Map, Value, json};

const NAMESPACE: &str = "CallFeedback";
/// Each combination of values is a metric of its own, and costs money.
const DIMENSIONS: [&str; 3] = ["FunctionName", "Scorer", "Model"];

/// The metrics that count messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallMetric {
    /// Its call has feedback now.
    Scored,
    /// A person should look at that feedback.
    NeedingReview,
    /// Its call is not to be scored.
    Skipped,
    /// Its call had feedback already.
    Duplicate,
    /// It is in the dead-letter queue, or will be.
    Failed,
    /// It comes back.
    Retried,
}

impl CallMetric {
    const ALL: [Self; 6] =
        [Self::Scored, Self::NeedingReview, Self::Skipped, Self::Duplicate, Self::Failed, Self::Retried];

    const fn name(self) -> &'static str {
        match self {
            Self::Scored => "CallsScored",
            Self::NeedingReview => "CallsNeedingReview",
            Self::Skipped => "CallsSkipped",
            Self::Duplicate => "CallsDuplicate",
            Self::Failed => "CallsFailed",
            Self::Retried => "CallsRetried",
        }
    }
}

/// Counts what happens in one invocation.
#[derive(Debug, Default)]
pub(crate) struct Metrics(RefCell<Counts>);

#[derive(Debug, Default)]
struct Counts {
    calls: Vec<CallMetric>,
    usages: Vec<Usage>,
}

impl Metrics {
    /// Counts a message.
    pub(crate) fn count(&self, metrics: &[CallMetric]) {
        self.0.borrow_mut().calls.extend(metrics);
    }

    /// Adds what a judgement has cost.
    pub(crate) fn add(&self, usage: Usage) {
        self.0.borrow_mut().usages.push(usage);
    }

    /// The log line. Calls are always counted, so that an alarm can tell zero from missing data; the costs of a model only where one
    /// is configured.
    pub(crate) fn line(&self, function_name: &str, scorer: &str, model: Option<&str>, now: Timestamp) -> String {
        let Counts { calls, usages } = &*self.0.borrow();
        let mut values = call_counts(calls);
        if model.is_some() {
            values.extend(llm_costs(usages));
        }
        let metrics: Vec<Value> = values.iter().map(|(name, unit, _)| json!({"Name": name, "Unit": unit})).collect();
        let directive = json!({"Namespace": NAMESPACE, "Dimensions": [DIMENSIONS], "Metrics": metrics});
        let timestamp = now.unix_seconds() * 1_000;
        let mut line = Map::new();
        line.insert("_aws".to_owned(), json!({"Timestamp": timestamp, "CloudWatchMetrics": [directive]}));
        let dimensions = DIMENSIONS.into_iter().zip([function_name, scorer, model.unwrap_or("none")]);
        line.extend(dimensions.map(|(name, value)| (name.to_owned(), value.into())));
        line.extend(values.into_iter().map(|(name, _, value)| (name.to_owned(), value)));
        Value::from(line).to_string()
    }
}

/// A part of what a call has cost; `None` where no server says.
type TokenCount = fn(&Usage) -> Option<u64>;

/// A metric's name, its unit and its value, or its values.
type Metric = (&'static str, &'static str, Value);

fn call_counts(calls: &[CallMetric]) -> Vec<Metric> {
    let count = |metric| calls.iter().filter(|other| **other == metric).count();
    CallMetric::ALL.into_iter().map(|metric| (metric.name(), "Count", count(metric).into())).collect()
}

fn llm_costs(usages: &[Usage]) -> Vec<Metric> {
    let sum = |part: fn(&Usage) -> u64| Value::from(usages.iter().map(part).sum::<u64>());
    let mut costs = vec![
        ("LlmRequests", "Count", sum(|usage| usage.attempts.into())),
        ("LlmRepairs", "Count", sum(|usage| usage.repairs.into())),
        ("LlmRejectedQuotes", "Count", sum(|usage| usage.rejected_quotes.into())),
    ];
    let tokens: [(_, TokenCount); 4] = [
        ("LlmInputTokens", |usage| usage.tokens.input),
        ("LlmCachedInputTokens", |usage| usage.tokens.cached_input),
        ("LlmOutputTokens", |usage| usage.tokens.output),
        ("LlmReasoningTokens", |usage| usage.tokens.reasoning),
    ];
    // What no server counts is not 0.
    costs.extend(tokens.into_iter().filter_map(|(name, part)| {
        let known = usages.iter().filter_map(part).reduce(u64::saturating_add)?;
        Some((name, "Count", known.into()))
    }));
    // One value per call, for percentiles. A batch has ten, the format allows a hundred.
    let asked = usages.iter().filter(|usage| usage.attempts > 0);
    let latencies: Vec<u64> =
        asked.map(|usage| u64::try_from(usage.latency.as_millis()).unwrap_or(u64::MAX)).take(100).collect();
    if !latencies.is_empty() {
        costs.push(("LlmLatency", "Milliseconds", latencies.into()));
    }
    costs
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use judge::Tokens;

    use super::*;

    fn usage(milliseconds: u64) -> Usage {
        Usage {
            attempts: 2,
            responses: 2,
            tokens: Tokens { input: Some(1_000), cached_input: Some(900), output: None, reasoning: None },
            latency: Duration::from_millis(milliseconds),
            rejected_quotes: 3,
            repairs: 1,
        }
    }

    fn line(metrics: &Metrics, model: Option<&str>) -> Value {
        let scorer = if model.is_some() { "llm" } else { "embedded" };
        let line = metrics.line("generator", scorer, model, Timestamp::parse("2026-11-22T10:00:31Z").unwrap());
        assert!(!line.contains('\n'), "{line}");
        serde_json::from_str(&line).unwrap()
    }

    /// What CloudWatch's specification requires of a line.
    fn assert_valid(line: &Value) {
        assert_eq!(line["_aws"]["Timestamp"], 1_795_341_631_000_u64);
        let [directive] = line["_aws"]["CloudWatchMetrics"].as_array().unwrap().as_slice() else { panic!("{line}") };
        assert_eq!(directive["Namespace"], "CallFeedback");
        let dimensions = directive["Dimensions"][0].as_array().unwrap();
        assert!(
            dimensions.iter().all(|name| line[name.as_str().unwrap()].as_str().is_some_and(|text| !text.is_empty()))
        );
        for metric in directive["Metrics"].as_array().unwrap() {
            let value = &line[metric["Name"].as_str().unwrap()];
            let is_list = value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_number));
            assert!(value.is_number() || is_list, "{metric}: {value}");
        }
    }

    #[test]
    fn messages_are_counted_by_their_ending_and_zeros_are_included() {
        let metrics = Metrics::default();
        metrics.count(&[CallMetric::Scored]);
        metrics.count(&[CallMetric::Failed]);
        metrics.count(&[CallMetric::Retried]);
        metrics.count(&[CallMetric::Duplicate]);
        metrics.count(&[CallMetric::Scored, CallMetric::NeedingReview]);
        let line = line(&metrics, None);
        assert_valid(&line);
        let names =
            ["CallsScored", "CallsNeedingReview", "CallsSkipped", "CallsDuplicate", "CallsFailed", "CallsRetried"];
        assert_eq!(names.map(|name| line[name].as_u64().unwrap()), [2, 1, 0, 1, 1, 1]);
        assert_eq!((&line["Scorer"], &line["Model"]), (&json!("embedded"), &json!("none")));
        assert!(!line.to_string().contains("Llm"), "{line}");
    }

    #[test]
    fn what_a_model_costs_is_summed_and_every_calls_latency_is_kept() {
        let metrics = Metrics::default();
        assert_valid(&line(&metrics, Some("m-1")));
        metrics.add(usage(1_200));
        metrics.add(usage(800));
        metrics.add(Usage::default());
        let line = line(&metrics, Some("m-1"));
        assert_valid(&line);
        let counts = ["LlmRequests", "LlmRepairs", "LlmRejectedQuotes"].map(|name| line[name].as_u64().unwrap());
        assert_eq!(counts, [4, 2, 6]);
        let tokens = ["LlmInputTokens", "LlmCachedInputTokens", "LlmOutputTokens", "LlmReasoningTokens"];
        assert_eq!(tokens.map(|name| line[name].as_u64()), [Some(2_000), Some(1_800), None, None]);
        assert_eq!((&line["LlmLatency"], &line["Model"]), (&json!([1_200, 800]), &json!("m-1")));
    }
}
