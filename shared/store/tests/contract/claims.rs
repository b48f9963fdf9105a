//! Claims: one delivery at a time asks the scorer, and none once there is feedback.

use std::cell::Cell;

use domain::{Feedback, OutcomeKind, StoredFeedback, Timestamp};
use futures_util::future::join_all;
use store::{
    Claim, CreateResult, Filter, Lease, ListQuery, Order, PageStart, RecordResult, Sort, Store, StoreError, schema,
};
use test_support::FeedbackBuilder;

use crate::calls::{at, call, org, outcome};
use crate::counting::assert_counted;
use crate::fault_injection::{Fault, faulty_client, random_faults};
use crate::table::Table;

const NOW: &str = "2026-02-27T12:00:00Z";
const LEASE_END: &str = "2026-02-27T12:01:00Z";

fn feedback(tenths: u8) -> StoredFeedback {
    FeedbackBuilder::new("call_1").agent("agent_1").tenths(tenths).created_at(at(NOW)).build(&org("acme"))
}

/// Claims the call at that time, for a minute.
async fn claim_at(store: &Store, now: Timestamp) -> Claim {
    let until = Timestamp::from_unix_seconds(now.unix_seconds() + 60).unwrap();
    store.claim(&org("acme"), &call("call_1"), now, until).await.unwrap()
}

async fn granted_at(store: &Store, now: &str) -> Lease {
    match claim_at(store, at(now)).await {
        Claim::Granted(lease) => lease,
        other => panic!("{other:?}"),
    }
}

async fn parked_at(store: &Store, now: &str) -> (Lease, Feedback) {
    match claim_at(store, at(now)).await {
        Claim::Parked(lease, feedback) => (lease, *feedback),
        other => panic!("{other:?}"),
    }
}

async fn claim_keys(table: &Table) -> Vec<String> {
    table.keys().await.into_iter().filter(|key| key.starts_with("claim#")).collect()
}

#[tokio::test]
async fn of_twenty_simultaneous_claims_one_is_granted_and_the_others_get_its_end() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let claims = join_all((0..20).map(|_| claim_at(&store, at(NOW)))).await;
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Granted(_))).count(), 1);
    let held = |claim: &&Claim| matches!(claim, Claim::Held { until } if *until == at(LEASE_END));
    assert_eq!(claims.iter().filter(held).count(), 19);
}

/// The state that all deliveries of a call share.
struct SharedState<'a> {
    store: &'a Store,
    now: Cell<Timestamp>,
    scorer_requests: Cell<u8>,
}

impl<'a> SharedState<'a> {
    fn new(store: &'a Store) -> Self {
        Self { store, now: Cell::new(at(NOW)), scorer_requests: Cell::new(0) }
    }
}

/// Delivers one message of a call until it is done, as the queue and the generator do. With `wait_for_lease` the clock moves to
/// the end of a lease that is held; otherwise it stands still, and no lease ends.
async fn deliver(shared: &SharedState<'_>, wait_for_lease: bool) -> Option<CreateResult> {
    let SharedState { store, now, scorer_requests } = shared;
    for _ in 0..100 {
        let until = Timestamp::from_unix_seconds(now.get().unix_seconds() + 60).unwrap();
        let (lease, feedback) = match store.claim(&org("acme"), &call("call_1"), now.get(), until).await {
            Ok(Claim::Scored) => return None,
            Ok(Claim::Granted(lease)) => {
                scorer_requests.set(scorer_requests.get() + 1);
                tokio::task::yield_now().await;
                (lease, feedback(scorer_requests.get()).feedback)
            }
            Ok(Claim::Parked(lease, feedback)) => (lease, *feedback),
            Ok(Claim::Held { until }) => {
                now.set(if wait_for_lease { until } else { now.get() });
                continue;
            }
            Err(error) => {
                assert!(error.is_transient(), "{error:?}");
                continue;
            }
        };
        // Storing and parking are tried in turn until one of them succeeds.
        loop {
            let stored = StoredFeedback { feedback: feedback.clone(), created_at: at(NOW) };
            match store.create_claimed(&lease, &stored).await {
                Ok(creation) => return Some(creation),
                Err(error) => assert!(error.is_transient(), "{error:?}"),
            }
            match store.park(&lease, &feedback, now.get()).await {
                Ok(()) => break,
                Err(error) => assert!(error.is_transient(), "{error:?}"),
            }
        }
    }
    panic!("not done after a hundred deliveries");
}

#[tokio::test]
async fn twenty_deliveries_of_one_call_ask_the_scorer_once_and_store_once() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let shared = SharedState::new(&store);
    let done = join_all((0..20).map(|_| deliver(&shared, false))).await;
    assert_eq!(shared.scorer_requests.get(), 1);
    assert_eq!(done.iter().filter(|done| **done == Some(CreateResult::Created)).count(), 1);
    assert_eq!(claim_keys(&table).await, [""; 0]);
    assert_counted(&store, &org("acme"), &[feedback(1)], &[]).await;
}

#[tokio::test]
async fn the_scorer_is_asked_once_although_requests_to_the_table_fail_at_random() {
    for seed in 0..8 {
        let table = Table::of_feedback().await;
        let store = Store::from_client(faulty_client(random_faults(seed, 5)), &table.name);
        let shared = SharedState::new(&store);
        for _ in 0..3 {
            deliver(&shared, true).await;
        }
        assert_eq!(shared.scorer_requests.get(), 1, "seed {seed}");
        assert_counted(&table.store(), &org("acme"), &[feedback(1)], &[]).await;
    }
}

#[tokio::test]
async fn a_call_that_has_feedback_is_not_claimed() {
    let table = Table::of_feedback().await;
    let store = table.store();
    store.create_feedback(&org("acme"), &feedback(75)).await.unwrap();
    let before = table.items().await.len();
    let claims = join_all((0..10).map(|_| claim_at(&store, at(NOW)))).await;
    assert!(claims.iter().all(|claim| matches!(claim, Claim::Scored)), "{claims:?}");
    assert_eq!(table.items().await.len(), before);
}

#[tokio::test]
async fn feedback_that_cannot_be_stored_is_parked_and_stored_by_the_next_holder() {
    for fault in [Fault::Throttle, Fault::RequestLost, Fault::Conflict] {
        let table = Table::of_feedback().await;
        let (store, stored) = (table.store(), feedback(81));
        let broken = Store::from_client(faulty_client(move || Some(fault)), &table.name);
        let lease = granted_at(&store, NOW).await;
        assert!(broken.create_claimed(&lease, &stored).await.unwrap_err().is_transient(), "{fault:?}");
        store.park(&lease, &stored.feedback, at(NOW)).await.unwrap();
        let (lease, parked) = parked_at(&store, NOW).await;
        assert_eq!(parked, stored.feedback);
        assert!(matches!(claim_at(&store, at(NOW)).await, Claim::Held { .. }), "one stores it at a time");
        let later = StoredFeedback { feedback: parked, created_at: at("2026-02-28T12:00:00Z") };
        assert_eq!(store.create_claimed(&lease, &later).await.unwrap(), CreateResult::Created);
        assert_eq!(claim_keys(&table).await, [""; 0]);
        assert_counted(&store, &org("acme"), &[later], &[]).await;
    }
}

#[tokio::test]
async fn a_holder_that_crashes_blocks_the_call_until_its_lease_ends() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let first = granted_at(&store, NOW).await;
    assert!(matches!(claim_at(&store, at("2026-02-27T12:00:59Z")).await, Claim::Held { .. }));
    let second = granted_at(&store, LEASE_END).await;
    // The first holder was only slow. Its release must not end the second lease.
    store.release(first).await.unwrap();
    assert!(matches!(claim_at(&store, at(LEASE_END)).await, Claim::Held { .. }));
    assert_eq!(store.create_claimed(&second, &feedback(75)).await.unwrap(), CreateResult::Created);
}

#[tokio::test]
async fn of_two_successive_holders_the_first_to_store_wins_and_no_claim_is_left() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let (first, second) = (granted_at(&store, NOW).await, granted_at(&store, LEASE_END).await);
    assert_eq!(store.create_claimed(&first, &feedback(10)).await.unwrap(), CreateResult::Created);
    store.park(&second, &feedback(20).feedback, at(NOW)).await.unwrap();
    assert_eq!(store.create_claimed(&second, &feedback(20)).await.unwrap(), CreateResult::Duplicate);
    assert_eq!(claim_keys(&table).await, [""; 0]);
    assert_counted(&store, &org("acme"), &[feedback(10)], &[]).await;
}

#[tokio::test]
async fn after_a_release_the_call_can_be_claimed_at_once() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let lease = granted_at(&store, NOW).await;
    store.release(lease).await.unwrap();
    assert_eq!(claim_keys(&table).await, [""; 0]);
    granted_at(&store, NOW).await;
}

#[tokio::test]
async fn a_claim_whose_first_response_is_lost_is_granted() {
    let table = Table::of_feedback().await;
    let mut faults = vec![Fault::ResponseLost];
    let store = Store::from_client(faulty_client(move || faults.pop()), &table.name);
    granted_at(&store, NOW).await;
}

#[tokio::test]
async fn a_claim_is_not_listed_or_counted_and_expires_after_two_weeks() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let lease = granted_at(&store, NOW).await;
    for parked in [false, true] {
        if parked {
            store.park(&lease, &feedback(75).feedback, at(LEASE_END)).await.unwrap();
        }
        let (sort, order) = (Sort::CreatedAt, Order::Ascending);
        let query = ListQuery { filter: Filter::default(), sort, order, limit: 1, start: PageStart::Offset(0) };
        let page = store.list(&org("acme"), &query).await.unwrap();
        assert_eq!((page.rows.len(), page.total), (0, 0));
        assert_counted(&store, &org("acme"), &[], &[]).await;
        assert_eq!(store.find_feedback(&org("acme"), &call("call_1")).await.unwrap(), None);
        let items = table.items().await;
        let expires_at = items[0][schema::EXPIRES_AT].as_n().unwrap();
        assert_eq!((items.len(), expires_at.parse()), (1, Ok(at("2026-03-13T12:01:00Z").unix_seconds())));
    }
}

#[tokio::test]
async fn a_claim_and_an_outcome_of_one_call_are_independent() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let failed = outcome("call_1", OutcomeKind::Failed, Some("agent_1"), at(NOW));
    let lease = granted_at(&store, NOW).await;
    assert_eq!(store.record_outcome(&org("acme"), &failed).await.unwrap(), RecordResult::Recorded);
    assert!(matches!(claim_at(&store, at(NOW)).await, Claim::Held { .. }));
    assert_eq!(store.create_claimed(&lease, &feedback(75)).await.unwrap(), CreateResult::Created);
    assert_counted(&store, &org("acme"), &[feedback(75)], &[]).await;
}

#[tokio::test]
async fn the_same_call_id_in_two_organisations_is_two_claims() {
    let table = Table::of_feedback().await;
    granted_at(&table.store(), NOW).await;
    let other = table.store().claim(&org("acme2"), &call("call_1"), at(NOW), at(LEASE_END)).await.unwrap();
    assert!(matches!(other, Claim::Granted(_)), "{other:?}");
}

#[tokio::test]
async fn feedback_that_is_too_large_for_an_item_can_be_neither_stored_nor_parked() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let too_large = FeedbackBuilder::new("call_1").prose("word ".repeat(82_000)).build(&org("acme"));
    let lease = granted_at(&store, NOW).await;
    let stored = store.create_claimed(&lease, &too_large).await.unwrap_err();
    let parked = store.park(&lease, &too_large.feedback, at(NOW)).await.unwrap_err();
    for error in [stored, parked] {
        assert!(matches!(error, StoreError::Rejected { .. }), "{error:?}");
    }
    // Feedback that is a little smaller can be both parked and stored.
    let large = FeedbackBuilder::new("call_1").prose("word ".repeat(78_000)).build(&org("acme"));
    store.park(&lease, &large.feedback, at(NOW)).await.unwrap();
    let (lease, parked) = parked_at(&store, NOW).await;
    let large = StoredFeedback { feedback: parked, ..large };
    assert_eq!(store.create_claimed(&lease, &large).await.unwrap(), CreateResult::Created);
}
