//! Storing a call's feedback and reading it again.

use domain::OutcomeKind;
use serde_json::json;
use store::{CreateResult, Filter, ListQuery, Order, PageStart, RecordResult, Sort, StatsQuery};
use test_support::FeedbackBuilder;

use crate::calls::{at, call, day, org, outcome};
use crate::table::Table;

#[tokio::test]
async fn feedback_is_read_as_it_was_stored() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let metadata = json!({"float": 1.0, "huge": 1e300, "none": null, "list": [[], {}], "text": ""});
    let full = FeedbackBuilder::new("call_1")
        .tenths(80)
        .agent("agent_7")
        .metadata("producer", metadata)
        .with_every_field()
        .started_at(domain::StartTime::parse("2026-11-22T09:58:00.250Z").unwrap())
        .build(&org("acme"));
    let minimal = FeedbackBuilder::new("call_2").tenths(0).build(&org("acme"));
    for stored in [full, minimal] {
        let id = &stored.feedback.call_id;
        assert_eq!(store.find_feedback(&org("acme"), id).await.unwrap(), None);
        assert_eq!(store.create_feedback(&org("acme"), &stored).await.unwrap(), CreateResult::Created);
        assert_eq!(store.find_feedback(&org("acme"), id).await.unwrap(), Some(stored.clone()));
        assert_eq!(store.find_feedback(&org("other"), id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_duplicate_changes_nothing() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let first = FeedbackBuilder::new("call_1").tenths(81).agent("agent_7").build(&org("acme"));
    let second = FeedbackBuilder::new("call_1").tenths(12).created_at(at("2026-12-01T00:00:00Z")).build(&org("acme"));
    assert_eq!(store.create_feedback(&org("acme"), &first).await.unwrap(), CreateResult::Created);
    let before = table.items().await;
    for stored in [&first, &second] {
        assert_eq!(store.create_feedback(&org("acme"), stored).await.unwrap(), CreateResult::Duplicate);
    }
    let failed = outcome("call_1", OutcomeKind::Failed, None, at("2026-11-23T00:00:00Z"));
    assert_eq!(store.record_outcome(&org("acme"), &failed).await.unwrap(), RecordResult::AlreadyScored);
    let mut after = table.items().await;
    assert_eq!(before.len(), after.len());
    after.retain(|item| !before.contains(item));
    assert_eq!(after, []);
}

#[tokio::test]
async fn the_same_call_id_in_two_organisations_is_two_calls() {
    let table = Table::of_feedback().await;
    for (name, tenths) in [("acme", 10), ("acme2", 20)] {
        let stored = FeedbackBuilder::new("call_1").tenths(tenths).agent("agent_7").build(&org(name));
        assert_eq!(table.store().create_feedback(&org(name), &stored).await.unwrap(), CreateResult::Created);
    }
    for (name, tenths) in [("acme", 10), ("acme2", 20)] {
        let found = table.store().find_feedback(&org(name), &call("call_1")).await.unwrap().unwrap();
        assert_eq!(found.feedback.assessment.score.tenths(), tenths);
    }
}

#[tokio::test]
async fn an_empty_table_has_empty_lists_and_statistics() {
    let table = Table::of_feedback().await;
    let store = table.store();
    store.warm_up().await;
    assert_eq!(store.find_outcome(&org("acme"), &call("call_1")).await.unwrap(), None);
    for sort in [Sort::CreatedAt, Sort::Score] {
        for offset in [0, 7] {
            let (filter, order) = (Filter::default(), Order::Ascending);
            let query = ListQuery { filter, sort, order, limit: 1, start: PageStart::Offset(offset) };
            let page = store.list(&org("acme"), &query).await.unwrap();
            assert_eq!((page.rows.len(), page.total, page.offset, page.next_cursor), (0, 0, offset, None));
        }
    }
    let trend = day("2026-11-21")..=day("2026-11-22");
    let query = StatsQuery { agent_id: None, from: None, to: None, trend: trend.clone() };
    let statistics = store.statistics(&org("acme"), &query).await.unwrap();
    assert_eq!(statistics.counters, domain::Counters::default());
    let days = [*trend.start(), *trend.end()].map(|day| (day, domain::Tally::default()));
    assert_eq!(statistics.trend, days);
}
