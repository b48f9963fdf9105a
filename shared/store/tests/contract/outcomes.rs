//! Outcomes: each is counted once, and subtracted when it is replaced.

use domain::Outcome;
use domain::OutcomeKind::{Failed, Skipped};
use store::{CreateResult, RecordResult, Store, schema};
use test_support::FeedbackBuilder;

use crate::calls::{agent, at, call, org, outcome};
use crate::counting::assert_counted;
use crate::table::Table;

#[tokio::test]
async fn an_outcome_is_kept_for_thirty_days_and_counted_once() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let first = outcome("call_1", Skipped, Some("agent_1"), at("2026-02-26T10:00:00Z"));
    assert_eq!(store.record_outcome(&org("acme"), &first).await.unwrap(), RecordResult::Recorded);
    let before = table.items().await;
    // Another delivery of the message says the same at another time, and one of long ago says nothing new.
    let again = Outcome { recorded_at: at("2026-02-27T10:00:00Z"), agent_id: None, ..first.clone() };
    let earlier = Outcome { recorded_at: at("2026-02-26T09:59:59Z"), reason: "no_speech".to_owned(), ..first.clone() };
    for other in [&again, &earlier] {
        assert_eq!(store.record_outcome(&org("acme"), other).await.unwrap(), RecordResult::Unchanged);
    }
    let after = table.items().await;
    assert!(after.len() == before.len() && after.iter().all(|item| before.contains(item)));
    assert_eq!(store.find_outcome(&org("acme"), &call("call_1")).await.unwrap(), Some(first.clone()));
    let kept = after.iter().find_map(|item| item.get(schema::EXPIRES_AT)).unwrap().as_n().unwrap();
    assert_eq!(*kept, at("2026-03-28T10:00:00Z").unix_seconds().to_string());
    assert_counted(&store, &org("acme"), &[], &[first]).await;
}

#[tokio::test]
async fn the_newest_outcome_of_a_kind_shows_and_is_counted_once_on_its_day() {
    let table = Table::of_feedback().await;
    // The number of shards changes in between: each count must be subtracted from the shard that has it.
    let (former, store) = (table.store().with_shards(7.try_into().unwrap()), table.store());
    let first = outcome("call_1", Failed, Some("agent_1"), at("2026-02-26T10:00:00Z"));
    assert_eq!(former.record_outcome(&org("acme"), &first).await.unwrap(), RecordResult::Recorded);
    let mut newest = first;
    for (agent_id, attempts, reason, recorded_at) in [
        // The same second, the same day, another day; the last two with another agent and without one.
        (Some("agent_1"), 3, "unknown_format", "2026-02-26T10:00:00Z"),
        (Some("agent_1"), 4, "malformed_message", "2026-02-26T11:00:00Z"),
        (Some("agent_2"), 5, "attempts_exhausted", "2026-02-27T10:00:00Z"),
        (None, 1, "internal_error", "2026-02-28T10:00:00Z"),
    ] {
        let message = format!("It is {reason}.");
        let (reason, recorded_at) = (reason.to_owned(), at(recorded_at));
        let next = Outcome { agent_id: agent_id.map(agent), attempts, reason, message, recorded_at, ..newest.clone() };
        assert_eq!(store.record_outcome(&org("acme"), &next).await.unwrap(), RecordResult::Recorded);
        // Who took the call is known from before.
        newest = Outcome { agent_id: next.agent_id.clone().or(newest.agent_id), ..next };
        assert_eq!(store.find_outcome(&org("acme"), &call("call_1")).await.unwrap().as_ref(), Some(&newest));
        assert_counted(&store, &org("acme"), &[], std::slice::from_ref(&newest)).await;
    }
    let kept = table.items().await.iter().find_map(|item| item.get(schema::EXPIRES_AT).cloned()).unwrap();
    assert_eq!(*kept.as_n().unwrap(), at("2026-03-30T10:00:00Z").unix_seconds().to_string());
}

#[tokio::test]
async fn an_outcome_of_the_other_kind_replaces_the_first_and_its_count() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let failed = outcome("call_1", Failed, Some("agent_1"), at("2026-02-26T10:00:00Z"));
    let skipped = outcome("call_1", Skipped, Some("agent_2"), at("2026-02-28T10:00:00Z"));
    assert_eq!(store.record_outcome(&org("acme"), &failed).await.unwrap(), RecordResult::Recorded);
    assert_eq!(store.record_outcome(&org("acme"), &skipped).await.unwrap(), RecordResult::Recorded);
    assert_eq!(store.find_outcome(&org("acme"), &call("call_1")).await.unwrap(), Some(skipped.clone()));
    assert_counted(&store, &org("acme"), &[], &[skipped]).await;
}

#[tokio::test]
async fn feedback_deletes_an_outcome_and_subtracts_its_count() {
    for (kind, agent_id, recorded_at) in [
        (Skipped, None, at("2026-02-26T10:00:00Z")),
        (Failed, Some("agent_1"), at("2026-02-27T10:00:00Z")),
        (Failed, Some("agent_2"), at("2026-02-28T23:59:59Z")),
    ] {
        let table = Table::of_feedback().await;
        // The number of shards changes in between: the count must be subtracted from the shard that has it.
        let (former, store) = (table.store().with_shards(7.try_into().unwrap()), table.store());
        let recorded = outcome("call_1", kind, agent_id, recorded_at);
        assert_eq!(former.record_outcome(&org("acme"), &recorded).await.unwrap(), RecordResult::Recorded);
        let stored = FeedbackBuilder::new("call_1").agent("agent_1").created_at(at("2026-02-27T12:00:00Z"));
        let stored = stored.build(&org("acme"));
        assert_eq!(store.create_feedback(&org("acme"), &stored).await.unwrap(), CreateResult::Created);
        assert_eq!(store.find_outcome(&org("acme"), &call("call_1")).await.unwrap(), None);
        assert_counted(&store, &org("acme"), &[stored], &[]).await;
        let counters: Vec<_> = table.items().await.into_iter().filter(|item| item.contains_key("skipped")).collect();
        assert!(counters.iter().all(|item| item["skipped"].as_n().unwrap() == "0"), "{counters:?}");
    }
}

#[tokio::test]
async fn the_number_of_shards_may_change_without_losing_counts() {
    let table = Table::of_feedback().await;
    let shards = |number: u8| -> Store { table.store().with_shards(number.try_into().unwrap()) };
    let mut stored = Vec::new();
    for (number, shards) in [shards(1), shards(8), shards(3)].into_iter().enumerate() {
        for call in 0..6 {
            let one = FeedbackBuilder::new(&format!("call_{number}_{call}")).created_at(at("2026-02-27T12:00:00Z"));
            stored.push(one.agent("agent_1").build(&org("acme")));
            shards.create_feedback(&org("acme"), &stored[stored.len() - 1]).await.unwrap();
        }
    }
    let all_time = table.keys().await.into_iter().filter(|key| key.starts_with("stats#all#")).count();
    assert!((4..=8).contains(&all_time), "{all_time} shards");
    let of_agent = table.keys().await.into_iter().filter(|key| key.starts_with("stats#agent#")).count();
    assert_eq!((of_agent, stored[0].feedback.agent_id.clone()), (1, Some(agent("agent_1"))));
    assert_counted(&table.store(), &org("acme"), &stored, &[]).await;
}
