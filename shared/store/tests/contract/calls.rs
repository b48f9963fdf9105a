//! Calls, feedback and outcomes for the tests.

use domain::{AgentId, CallId, Day, FeedbackRow, OrgId, Outcome, OutcomeKind, StoredFeedback, Timestamp};
use fastrand::Rng;
use futures_util::{StreamExt, stream};
use store::{CreateResult, Store};
use test_support::FeedbackBuilder;

pub(crate) const AGENTS: [&str; 3] = ["agent_1", "agent_1:x", "agent_2"];

pub(crate) fn org(text: &str) -> OrgId {
    OrgId::parse(text).unwrap()
}

pub(crate) fn call(text: &str) -> CallId {
    CallId::parse(text).unwrap()
}

pub(crate) fn agent(text: &str) -> AgentId {
    AgentId::parse(text).unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// An outcome of that call.
pub(crate) fn outcome(call_id: &str, kind: OutcomeKind, agent_id: Option<&str>, recorded_at: Timestamp) -> Outcome {
    Outcome {
        call_id: call(call_id),
        agent_id: agent_id.map(agent),
        kind,
        reason: "call_too_short".to_owned(),
        message: "The call took 12 seconds.".to_owned(),
        attempts: 2,
        recorded_at,
    }
}

/// The row of a feedback in a list.
pub(crate) fn row(stored: &StoredFeedback) -> FeedbackRow {
    serde_json::from_value(serde_json::to_value(stored).unwrap()).unwrap()
}

/// A random agent, or none.
pub(crate) fn random_agent(rng: &mut Rng) -> Option<&'static str> {
    AGENTS.get(rng.usize(..=AGENTS.len())).copied()
}

/// A random time within five days, often the same as another one or at the start or end of a day.
pub(crate) fn random_time(rng: &mut Rng) -> Timestamp {
    let day = day("2026-02-26").plus_days(rng.i64(0..5));
    let any_second = rng.i64(0..86_400);
    let second = *rng.choice(&[0, 1, 40_000, 40_001, 86_398, 86_399, any_second]).unwrap();
    Timestamp::from_unix_seconds(day.start().unix_seconds() + second).unwrap()
}

/// Random feedback of that many calls, many with equal scores and equal times.
pub(crate) fn random_feedback(rng: &mut Rng, org: &OrgId, calls: usize) -> Vec<StoredFeedback> {
    let one = |number| {
        let any_score = rng.u8(0..=100);
        let tenths = *rng.choice(&[0, 1, 49, 50, 50, 51, 74, 75, 75, 99, 100, any_score]).unwrap();
        let builder = FeedbackBuilder::new(&format!("call_{number}")).tenths(tenths).created_at(random_time(rng));
        let builder = if rng.bool() { builder.with_every_field() } else { builder };
        random_agent(rng).into_iter().fold(builder, FeedbackBuilder::agent).build(org)
    };
    (0..calls).map(one).collect()
}

/// Stores all of it.
pub(crate) async fn create_all(store: &Store, org: &OrgId, feedback: &[StoredFeedback]) {
    let created: Vec<_> = stream::iter(feedback)
        .map(|stored| async move { store.create_feedback(org, stored).await.unwrap() })
        .buffer_unordered(16)
        .collect()
        .await;
    assert!(created.iter().all(|creation| *creation == CreateResult::Created));
}
