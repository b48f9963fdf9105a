//! Lists compared with an oracle in memory: every parameter, in every combination.

use std::collections::BTreeSet;

use domain::{FeedbackRow, OrgId, Score, StoredFeedback, Timestamp};
use fastrand::Rng;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{Filter, ListQuery, Order, Page, PageStart, Sort, Store, StoreError};

use crate::calls::{AGENTS, agent, at, create_all, org, random_feedback, row};
use crate::table::Table;

/// All rows of one organisation, from which the right result of every query is computed.
struct Oracle {
    org: OrgId,
    rows: Vec<FeedbackRow>,
}

impl Oracle {
    fn new(org: OrgId, feedback: &[StoredFeedback]) -> Self {
        Self { org, rows: feedback.iter().map(row).collect() }
    }

    /// The rows of the list in its order; rows with equal sort keys may have any order.
    fn rows(&self, query: &ListQuery) -> Vec<&FeedbackRow> {
        let Filter { min_score, max_score, agent_id, from, to } = &query.filter;
        let matches_filter = |row: &&FeedbackRow| {
            (*min_score..=*max_score).contains(&row.score)
                && (agent_id.is_none() || row.agent_id == *agent_id)
                && from.is_none_or(|from| from <= row.created_at)
                && to.is_none_or(|to| row.created_at <= to)
        };
        let mut rows: Vec<_> = self.rows.iter().filter(matches_filter).collect();
        rows.sort_by_key(|row| sort_key(row, query.sort));
        if query.order == Order::Descending {
            rows.reverse();
        }
        rows
    }

    /// Fails unless the page at the query's offset and the pages read by cursors are right.
    async fn check(&self, store: &Store, query: &ListQuery) {
        let expected = self.rows(query);
        let keys = |rows: &[&FeedbackRow]| rows.iter().map(|row| sort_key(row, query.sort)).collect::<Vec<_>>();
        let listed = self.list_by_cursors(store, query, expected.len()).await;
        let listed: Vec<_> = listed.iter().collect();
        assert_eq!(keys(&listed), keys(&expected), "{query:?}");
        let calls = |rows: &[&FeedbackRow]| rows.iter().map(|row| row.call_id.clone()).collect::<BTreeSet<_>>();
        assert_eq!(calls(&listed), calls(&expected), "each row once: {query:?}");
        assert!(listed.iter().all(|row| expected.contains(row)), "rows as they were stored: {query:?}");

        let PageStart::Offset(offset) = query.start else { panic!("the query must have an offset") };
        let page = store.list(&self.org, query).await.unwrap();
        let begin = usize::try_from(offset).unwrap().min(listed.len());
        let end = (begin + usize::from(query.limit)).min(listed.len());
        assert_eq!((page.total, page.offset), (expected.len() as u64, offset), "{query:?}");
        assert_eq!(page.rows.iter().collect::<Vec<_>>(), listed[begin..end], "{query:?}");
        assert_eq!(page.next_cursor.is_some(), end < listed.len(), "{query:?}");
    }

    /// All rows of the list, page by page, with the cursor of each page for the next.
    async fn list_by_cursors(&self, store: &Store, query: &ListQuery, total: usize) -> Vec<FeedbackRow> {
        let mut rows = Vec::new();
        let mut query = ListQuery { start: PageStart::Offset(0), ..query.clone() };
        loop {
            let Page { rows: found, total: counted, offset, next_cursor } =
                store.list(&self.org, &query).await.unwrap();
            assert_eq!((counted, offset), (total as u64, rows.len() as u64), "{query:?}");
            assert!(next_cursor.is_none() || found.len() == usize::from(query.limit), "{query:?}");
            rows.extend(found);
            assert!(rows.len() <= total, "{query:?}");
            match next_cursor {
                Some(cursor) => query.start = PageStart::Cursor(cursor),
                None => return rows,
            }
        }
    }
}

fn sort_key(row: &FeedbackRow, sort: Sort) -> (Score, Option<Timestamp>) {
    match sort {
        Sort::Score => (row.score, None),
        Sort::CreatedAt => (Score::MIN, Some(row.created_at)),
    }
}

/// A store with two organisations of about that many calls, and their oracles.
async fn populated(calls: usize) -> (Store, Vec<Oracle>) {
    let store = Table::of_feedback().await.store();
    let mut rng = Rng::with_seed(7);
    let mut oracles = Vec::new();
    for (name, calls) in [("acme", calls), ("acme:2", calls / 3)] {
        let feedback = random_feedback(&mut rng, &org(name), calls);
        create_all(&store, &org(name), &feedback).await;
        oracles.push(Oracle::new(org(name), &feedback));
    }
    (store, oracles)
}

/// A time near those of the calls: before all, after all, at the start or end of a day, or between.
fn times() -> impl Strategy<Value = Timestamp> {
    let second = prop_oneof![Just(0), Just(1), Just(40_000), Just(86_398), Just(86_399), 0_i64..86_400];
    (-2_i64..7, second).prop_map(|(days, second)| {
        Timestamp::from_unix_seconds(at("2026-02-26T00:00:00Z").unix_seconds() + days * 86_400 + second).unwrap()
    })
}

fn filters() -> impl Strategy<Value = Filter> {
    let scores = || prop_oneof![Just(0_u8), Just(50), Just(75), Just(100), 0_u8..=100];
    let agents = prop::option::of(prop::sample::select([&AGENTS[..], &["nobody"]].concat()));
    (scores(), scores(), any::<bool>(), agents, prop::option::of(times()), prop::option::of(times())).prop_map(
        |(one, other, all_scores, agent_id, from, to)| {
            let all = Filter { agent_id: agent_id.map(agent), from, to, ..Filter::default() };
            let score = |tenths| Score::from_tenths(tenths).unwrap();
            // Sometimes the range is reversed and therefore empty.
            if all_scores { all } else { Filter { min_score: score(one), max_score: score(other.max(one / 2)), ..all } }
        },
    )
}

fn queries() -> impl Strategy<Value = ListQuery> {
    let limits = prop_oneof![1_u8..4, 5_u8..30, Just(100)];
    let offsets = prop_oneof![Just(0_u64), 0_u64..40, 0_u64..200, Just(1_000_000)];
    let sorts = prop::sample::select(vec![Sort::CreatedAt, Sort::Score]);
    let orders = prop::sample::select(vec![Order::Ascending, Order::Descending]);
    (filters(), sorts, orders, limits, offsets).prop_map(|(filter, sort, order, limit, offset)| ListQuery {
        filter,
        sort,
        order,
        limit,
        start: PageStart::Offset(offset),
    })
}

#[test]
fn any_list_is_what_the_oracle_says_by_offset_and_by_cursor() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (store, oracles) = runtime.block_on(populated(120));
    let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    let cases = (queries(), 0..oracles.len());
    TestRunner::new_with_rng(config, rng)
        .run(&cases, |(query, organisation)| {
            runtime.block_on(oracles[organisation].check(&store, &query));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn every_combination_of_parameters_is_what_the_oracle_says() {
    let (store, oracles) = populated(40).await;
    for combination in 0_u8..64 {
        let chosen = |bit: u8| combination & (1 << bit) != 0;
        let filter = Filter {
            min_score: Score::from_tenths(if chosen(0) { 50 } else { 0 }).unwrap(),
            max_score: Score::from_tenths(if chosen(1) { 99 } else { 100 }).unwrap(),
            agent_id: chosen(2).then(|| agent("agent_1")),
            from: chosen(3).then(|| at("2026-02-27T00:00:01Z")),
            to: chosen(4).then(|| at("2026-03-01T11:06:40Z")),
        };
        let order = if chosen(5) { Order::Ascending } else { Order::Descending };
        for sort in [Sort::CreatedAt, Sort::Score] {
            let query = ListQuery { filter: filter.clone(), sort, order, limit: 7, start: PageStart::Offset(3) };
            oracles[0].check(&store, &query).await;
        }
    }
}

#[tokio::test]
async fn a_cursor_is_valid_only_for_its_query_and_organisation() {
    let (store, oracles) = populated(30).await;
    let (sort, order) = (Sort::Score, Order::Descending);
    let first = ListQuery { filter: Filter::default(), sort, order, limit: 3, start: PageStart::Offset(0) };
    let cursor = store.list(&oracles[0].org, &first).await.unwrap().next_cursor.unwrap();
    let next = ListQuery { start: PageStart::Cursor(cursor), limit: 100, ..first.clone() };
    assert_eq!(store.list(&oracles[0].org, &next).await.unwrap().rows.len(), 27);
    let invalid = |result| matches!(result, Err(StoreError::InvalidCursor));
    assert!(invalid(store.list(&oracles[1].org, &next).await));
    assert!(invalid(store.list(&oracles[0].org, &ListQuery { sort: Sort::CreatedAt, ..next.clone() }).await));
    let filter = Filter { agent_id: Some(agent("agent_1")), ..Filter::default() };
    assert!(invalid(store.list(&oracles[0].org, &ListQuery { filter, ..next.clone() }).await));
    assert!(invalid(store.list(&oracles[0].org, &ListQuery { start: PageStart::Cursor("AAAA".into()), ..next }).await));
}
