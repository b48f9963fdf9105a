//! Statistics compared with a recount.

use domain::{Day, Outcome, OutcomeKind, StoredFeedback};
use fastrand::Rng;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use store::{RecordResult, StatsQuery, Store};

use crate::calls::{AGENTS, agent, create_all, day, org, outcome, random_agent, random_feedback, random_time};
use crate::counting::{assert_counted, recount};
use crate::table::Table;

async fn populated() -> (Store, Vec<StoredFeedback>, Vec<Outcome>) {
    let store = Table::of_feedback().await.store();
    let mut rng = Rng::with_seed(11);
    let feedback = random_feedback(&mut rng, &org("acme"), 120);
    create_all(&store, &org("acme"), &feedback).await;
    create_all(&store, &org("other"), &random_feedback(&mut rng, &org("other"), 20)).await;
    let mut outcomes = Vec::new();
    for number in 0..30 {
        let kind = if rng.bool() { OutcomeKind::Skipped } else { OutcomeKind::Failed };
        let one = outcome(&format!("silent_{number}"), kind, random_agent(&mut rng), random_time(&mut rng));
        assert_eq!(store.record_outcome(&org("acme"), &one).await.unwrap(), RecordResult::Recorded);
        outcomes.push(one);
    }
    (store, feedback, outcomes)
}

fn days() -> impl Strategy<Value = Day> {
    (-3_i64..9).prop_map(|days| day("2026-02-26").plus_days(days))
}

fn queries() -> impl Strategy<Value = StatsQuery> {
    let agents = prop::option::of(prop::sample::select([&AGENTS[..], &["nobody"]].concat()));
    (agents, prop::option::of(days()), prop::option::of(days()), days(), days()).prop_map(
        |(agent_id, from, to, first, last)| StatsQuery { agent_id: agent_id.map(agent), from, to, trend: first..=last },
    )
}

#[test]
fn any_statistics_equal_a_recount() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (store, feedback, outcomes) = runtime.block_on(populated());
    runtime.block_on(assert_counted(&store, &org("acme"), &feedback, &outcomes));
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    TestRunner::new_with_rng(config, rng)
        .run(&queries(), |query| {
            let statistics = runtime.block_on(store.statistics(&org("acme"), &query)).unwrap();
            prop_assert_eq!(statistics, recount(&feedback, &outcomes, &query));
            Ok(())
        })
        .unwrap();
}
