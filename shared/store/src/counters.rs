//! Counter items: statistics of a set of calls as integers that DynamoDB increments (`ADD`).
//!
//! | attribute | what it counts |
//! |---|---|
//! | `n`, `sum`, `sq` | feedbacks; the sum of their scores in tenths; the sum of the squares of those tenths |
//! | `s0` … `s100` | feedbacks whose score is that many tenths |
//! | `<code>n`, `<code>s` | feedbacks in which a category or criterion has a score; the sum of its tenths |
//! | `skipped`, `failed` | calls with that outcome |
//!
//! The codes: `cq` communication quality, `ef` effectiveness, `cx` customer experience; `pt` professionalism and tone,
//! `cp` clarity and pacing, `al` active listening, `lu` language use, `ga` goal achievement, `ps` problem solving, `ig`
//! information gathering, `cs` call structure, `er` empathy and rapport, `re` responsiveness, `oh` objection handling,
//! `sa` satisfaction. Names this short keep an item with every attribute under 1 KB, the unit that writes are
//! charged in.
//!
//! **Invariant:** an absent attribute is 0; an attribute that is not an integer is an error, never 0.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Category, Counters, Criterion, OutcomeKind, Tally};

use crate::{StoreError, item};

/// The counters of one call that has that outcome.
pub(crate) fn of_outcome(kind: OutcomeKind) -> Counters {
    let mut counters = Counters::default();
    match kind {
        OutcomeKind::Skipped => counters.skipped = 1,
        OutcomeKind::Failed => counters.failed = 1,
    }
    counters
}

/// The counters with their signs reversed: adding them subtracts what was counted.
pub(crate) fn negated(mut counters: Counters) -> Counters {
    for (_, value) in fields(&mut counters) {
        *value = -*value;
    }
    counters
}

/// The attributes of those counters that are not 0.
pub(crate) fn to_attributes(mut counters: Counters) -> Vec<(String, AttributeValue)> {
    let changed = fields(&mut counters).into_iter().filter(|(_, value)| **value != 0);
    changed.map(|(name, value)| (name, AttributeValue::N(value.to_string()))).collect()
}

/// The counters in an item; fails when one is not an integer.
pub(crate) fn from_item(item: &HashMap<String, AttributeValue>) -> Result<Counters, StoreError> {
    let mut counters = Counters::default();
    for (name, value) in fields(&mut counters) {
        if let Some(attribute) = item.get(&name) {
            *value = attribute
                .as_n()
                .ok()
                .and_then(|number| number.parse().ok())
                .ok_or_else(|| item::corrupt(item, &name, &"is not an integer"))?;
        }
    }
    Ok(counters)
}

/// Each counter with the name of its attribute.
fn fields(counters: &mut Counters) -> Vec<(String, &mut i64)> {
    let Counters { total, sum_of_squares, by_score, categories, criteria, skipped, failed } = counters;
    let mut fields = vec![
        ("n".to_owned(), &mut total.count),
        ("sum".to_owned(), &mut total.sum),
        ("sq".to_owned(), sum_of_squares),
        ("skipped".to_owned(), skipped),
        ("failed".to_owned(), failed),
    ];
    fields.extend(by_score.iter_mut().enumerate().map(|(tenths, count)| (format!("s{tenths}"), count)));
    let categories = Category::ALL.iter().map(|category| category_code(*category)).zip(categories);
    let criteria = Criterion::ALL.iter().map(|criterion| criterion_code(*criterion)).zip(criteria);
    for (code, Tally { count, sum }) in categories.chain(criteria) {
        fields.push((format!("{code}n"), count));
        fields.push((format!("{code}s"), sum));
    }
    fields
}

const fn category_code(category: Category) -> &'static str {
    match category {
        Category::CommunicationQuality => "cq",
        Category::Effectiveness => "ef",
        Category::CustomerExperience => "cx",
    }
}

const fn criterion_code(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::ProfessionalismAndTone => "pt",
        Criterion::ClarityAndPacing => "cp",
        Criterion::ActiveListening => "al",
        Criterion::LanguageUse => "lu",
        Criterion::GoalAchievement => "ga",
        Criterion::ProblemSolving => "ps",
        Criterion::InformationGathering => "ig",
        Criterion::CallStructure => "cs",
        Criterion::EmpathyAndRapport => "er",
        Criterion::Responsiveness => "re",
        Criterion::ObjectionHandling => "oh",
        Criterion::CustomerSatisfaction => "sa",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::OrgId;
    use test_support::FeedbackBuilder;

    use super::*;
    use crate::schema;

    fn of_one_call() -> Counters {
        let stored = FeedbackBuilder::new("call").tenths(81).build(&OrgId::parse("acme").unwrap());
        Counters::of(&stored.feedback.assessment)
    }

    #[test]
    fn counters_are_read_as_they_were_written() {
        let mut counters = of_one_call();
        counters.add(&of_outcome(OutcomeKind::Skipped));
        counters.add(&of_outcome(OutcomeKind::Failed));
        let item = to_attributes(counters.clone()).into_iter().collect();
        assert_eq!(from_item(&item).unwrap(), counters);
    }

    #[test]
    fn adding_negated_counters_leaves_no_attributes() {
        let mut counters = of_one_call();
        counters.add(&negated(of_one_call()));
        assert_eq!(to_attributes(counters), []);
    }

    #[test]
    fn a_counter_that_is_not_an_integer_is_an_error_that_names_it() {
        for wrong in [AttributeValue::N("1.5".into()), AttributeValue::S("1".into()), AttributeValue::Null(true)] {
            let key = (schema::ITEM_KEY.to_owned(), AttributeValue::S("stats#all#0".into()));
            let error = from_item(&HashMap::from([key, ("s7".to_owned(), wrong)])).unwrap_err();
            assert_eq!(error.to_string(), "the item stats#all#0 is corrupt: s7 is not an integer");
        }
    }

    #[test]
    fn names_are_distinct_and_a_full_item_of_a_million_calls_is_under_one_kilobyte() {
        let mut full = Counters::default();
        let mut fields = fields(&mut full);
        let names: BTreeSet<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), fields.len());
        assert!(names.iter().all(|name| ![schema::SCORE, schema::CREATED_AT].contains(name)));
        // A million calls, spread over their scores; the sums of a million scores of 10.
        for (name, value) in &mut fields {
            **value = match name.as_str() {
                "sq" => 10_000_000_000,
                "n" | "skipped" | "failed" => 1_000_000,
                score if score.strip_prefix('s').is_some_and(|tenths| tenths.parse::<u8>().is_ok()) => 1_000_000 / 101,
                count if count.ends_with('n') => 1_000_000,
                _ => 100_000_000,
            };
        }
        let key = schema::ORG_ID.len() + 64 + schema::ITEM_KEY.len() + "stats#day#2026-11-22#255".len();
        let size: usize = to_attributes(full).iter().map(|(name, value)| name.len() + size_of_number(value)).sum();
        assert!(key + size < 1_024, "{}", key + size);
    }

    /// A number's size in DynamoDB: a byte for two digits, without leading and trailing zeros, plus one.
    fn size_of_number(value: &AttributeValue) -> usize {
        value.as_n().unwrap().trim_end_matches('0').len().div_ceil(2) + 1
    }
}
