//! Many concurrent writers, duplicates, outcomes, conflicts and broken connections: nothing is lost or counted twice.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Outcome, OutcomeKind, StoredFeedback};
use fastrand::Rng;
use futures_util::future::join_all;
use store::{CreateResult, Filter, ListQuery, Order, PageStart, RecordResult, Sort, Store, StoreError, schema};
use test_support::FeedbackBuilder;

use crate::calls::{at, call, org, outcome, random_agent, random_feedback, random_time};
use crate::counting::assert_counted;
use crate::fault_injection::{Fault, faulty_client, random_faults};
use crate::table::Table;

/// What one delivery writes.
#[derive(Debug, Clone)]
enum Delivery {
    Scored(Box<StoredFeedback>),
    Unscored(Outcome),
}

/// 200 deliveries: 60 calls scored twice, half of them with outcomes of either kind before or after, and 20 calls never
/// scored.
fn deliveries(rng: &mut Rng) -> Vec<Delivery> {
    let feedback = random_feedback(rng, &org("acme"), 60);
    let mut deliveries: Vec<_> =
        feedback.iter().chain(&feedback).cloned().map(Box::new).map(Delivery::Scored).collect();
    for (number, kind) in (30..80).zip([OutcomeKind::Skipped, OutcomeKind::Failed].into_iter().cycle()) {
        let (agent, time) = (random_agent(rng), random_time(rng));
        deliveries.push(Delivery::Unscored(outcome(&format!("call_{number}"), kind, agent, time)));
    }
    for number in (30..45).chain(60..75) {
        let (agent, time) = (random_agent(rng), random_time(rng));
        deliveries.push(Delivery::Unscored(outcome(&format!("call_{number}"), OutcomeKind::Failed, agent, time)));
    }
    rng.shuffle(&mut deliveries);
    deliveries
}

/// Writes it, and again after a transient error, as the queue does.
async fn deliver(store: &Store, delivery: &Delivery) -> Option<CreateResult> {
    for _ in 0..5 {
        let result = match delivery {
            Delivery::Scored(feedback) => store.create_feedback(&org("acme"), feedback).await.map(Some),
            Delivery::Unscored(outcome) => store.record_outcome(&org("acme"), outcome).await.map(|_| None),
        };
        match result {
            Ok(creation) => return creation,
            Err(error) => assert!(error.is_transient(), "{error:?}"),
        }
    }
    panic!("not written in five deliveries: {delivery:?}");
}

/// Fails unless items, counters and totals agree with each other and with the deliveries.
async fn assert_consistent(table: &Table, deliveries: &[Delivery]) {
    let store = table.store();
    let scored: BTreeMap<_, _> = deliveries
        .iter()
        .filter_map(|delivery| match delivery {
            Delivery::Scored(feedback) => Some((feedback.feedback.call_id.clone(), feedback.clone())),
            Delivery::Unscored(_) => None,
        })
        .collect();
    let unscored = deliveries.iter().filter_map(|delivery| match delivery {
        Delivery::Unscored(outcome) => Some(outcome.call_id.clone()).filter(|call| !scored.contains_key(call)),
        Delivery::Scored(_) => None,
    });
    let keys: BTreeSet<_> = table.keys().await.into_iter().filter(|key| !key.starts_with("stats#")).collect();
    let unscored: BTreeSet<_> = unscored.collect();
    let expected = scored.keys().map(schema::feedback_key).chain(unscored.iter().map(schema::outcome_key));
    assert_eq!(keys, expected.collect());
    let mut outcomes = Vec::new();
    for call in &unscored {
        outcomes.push(store.find_outcome(&org("acme"), call).await.unwrap().unwrap());
    }
    for (call, feedback) in &scored {
        assert_eq!(store.find_feedback(&org("acme"), call).await.unwrap().as_ref(), Some(&**feedback));
    }
    let feedback: Vec<_> = scored.values().map(|feedback| (**feedback).clone()).collect();
    assert_counted(&store, &org("acme"), &feedback, &outcomes).await;
    let (sort, order) = (Sort::Score, Order::Ascending);
    let query = ListQuery { filter: Filter::default(), sort, order, limit: 100, start: PageStart::Offset(0) };
    let page = store.list(&org("acme"), &query).await.unwrap();
    assert_eq!((page.total, page.rows.len()), (feedback.len() as u64, feedback.len()));
}

#[tokio::test]
async fn after_two_hundred_concurrent_deliveries_every_counter_is_exact() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let deliveries = deliveries(&mut Rng::with_seed(3));
    assert_eq!(deliveries.len(), 200);
    let created = join_all(deliveries.iter().map(|delivery| deliver(&store, delivery))).await;
    assert_eq!(created.iter().filter(|creation| **creation == Some(CreateResult::Created)).count(), 60);
    assert_eq!(created.iter().filter(|creation| **creation == Some(CreateResult::Duplicate)).count(), 60);
    assert_consistent(&table, &deliveries).await;
}

#[tokio::test]
async fn counters_are_exact_after_conflicts_throttling_and_broken_connections() {
    let table = Table::of_feedback().await;
    let deliveries = deliveries(&mut Rng::with_seed(5));
    let store = Store::from_client(faulty_client(random_faults(5, 5)), &table.name);
    join_all(deliveries.iter().map(|delivery| deliver(&store, delivery))).await;
    assert_consistent(&table, &deliveries).await;
    let again = join_all(deliveries.iter().map(|delivery| deliver(&store, delivery))).await;
    assert!(again.iter().all(|creation| *creation != Some(CreateResult::Created)));
    assert_consistent(&table, &deliveries).await;
}

#[tokio::test]
async fn a_failed_transaction_writes_nothing_and_can_be_repeated() {
    for fault in [Fault::Throttle, Fault::RequestLost] {
        let table = Table::of_feedback().await;
        let broken = Store::from_client(faulty_client(move || Some(fault)), &table.name);
        let stored = FeedbackBuilder::new("call_1").agent("agent_1").created_at(at("2026-02-27T12:00:00Z"));
        let stored = stored.build(&org("acme"));
        let skipped = outcome("call_2", OutcomeKind::Skipped, None, stored.created_at);
        assert!(broken.create_feedback(&org("acme"), &stored).await.unwrap_err().is_transient(), "{fault:?}");
        assert!(broken.record_outcome(&org("acme"), &skipped).await.unwrap_err().is_transient(), "{fault:?}");
        assert_eq!(table.items().await, [], "{fault:?}");
        assert_eq!(table.store().create_feedback(&org("acme"), &stored).await.unwrap(), CreateResult::Created);
        assert_eq!(table.store().record_outcome(&org("acme"), &skipped).await.unwrap(), RecordResult::Recorded);
        assert_counted(&table.store(), &org("acme"), &[stored], &[skipped]).await;
    }
}

#[tokio::test]
async fn feedback_whose_response_was_lost_is_a_duplicate_and_counted_once() {
    let table = Table::of_feedback().await;
    let broken = Store::from_client(faulty_client(|| Some(Fault::ResponseLost)), &table.name);
    let stored = FeedbackBuilder::new("call_1").created_at(at("2026-02-27T12:00:00Z")).build(&org("acme"));
    assert!(broken.create_feedback(&org("acme"), &stored).await.unwrap_err().is_transient());
    assert_eq!(table.store().create_feedback(&org("acme"), &stored).await.unwrap(), CreateResult::Duplicate);
    assert_counted(&table.store(), &org("acme"), &[stored], &[]).await;
}

#[tokio::test]
async fn a_counter_that_is_not_a_number_fails_the_whole_transaction() {
    let table = Table::of_feedback().await;
    let stored = FeedbackBuilder::new("call_1").agent("agent_1").build(&org("acme"));
    let broken = format!("stats#agent#agent_1#{}", stored.created_at.day());
    let attributes = [(schema::ORG_ID, "acme"), (schema::ITEM_KEY, &broken), ("n", "many")];
    table.put(attributes.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned()))).into()).await;
    let error = table.store().create_feedback(&org("acme"), &stored).await.unwrap_err();
    assert!(matches!(error, StoreError::Rejected { .. }), "{error:?}");
    assert_eq!(table.keys().await, [broken]);
    assert_eq!(table.store().find_feedback(&org("acme"), &call("call_1")).await.unwrap(), None);
}
