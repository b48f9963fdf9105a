//! A recount from the calls, to compare the counters with.

use domain::{Counters, Day, OrgId, Outcome, OutcomeKind, StoredFeedback, Tally};
use store::{Statistics, StatsQuery};

/// The statistics of those calls, counted one by one.
pub(crate) fn recount(feedback: &[StoredFeedback], outcomes: &[Outcome], query: &StatsQuery) -> Statistics {
    let StatsQuery { agent_id, from, to, trend } = query;
    let in_range = |day: Day| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
    let mut statistics = Statistics { counters: Counters::default(), trend: Vec::new() };
    let mut next = *trend.start();
    while next <= *trend.end() {
        statistics.trend.push((next, Tally::default()));
        next = next.plus_days(1);
    }
    for stored in feedback.iter().filter(|stored| agent_id.is_none() || stored.feedback.agent_id == *agent_id) {
        let one = Counters::of(&stored.feedback.assessment);
        if in_range(stored.created_at.day()) {
            statistics.counters.add(&one);
        }
        if let Some((_, tally)) = statistics.trend.iter_mut().find(|(day, _)| *day == stored.created_at.day()) {
            tally.count += 1;
            tally.sum += i64::from(stored.feedback.assessment.score.tenths());
        }
    }
    for outcome in outcomes.iter().filter(|outcome| agent_id.is_none() || outcome.agent_id == *agent_id) {
        if in_range(outcome.recorded_at.day()) {
            match outcome.kind {
                OutcomeKind::Skipped => statistics.counters.skipped += 1,
                OutcomeKind::Failed => statistics.counters.failed += 1,
            }
        }
    }
    statistics
}

/// Fails unless the store's statistics are those of the calls: for all time, for each agent, for each day.
pub(crate) async fn assert_counted(
    store: &store::Store,
    org: &OrgId,
    feedback: &[StoredFeedback],
    outcomes: &[Outcome],
) {
    let trend = crate::calls::day("2026-02-20")..=crate::calls::day("2026-03-08");
    let mut queries = vec![(None, None, None)];
    queries.extend(crate::calls::AGENTS.map(|agent| (Some(crate::calls::agent(agent)), None, None)));
    queries.extend((0..10).map(|n| trend.start().plus_days(n)).map(|day| (None, Some(day), Some(day))));
    for (agent_id, from, to) in queries {
        let query = StatsQuery { agent_id, from, to, trend: trend.clone() };
        let counted = store.statistics(org, &query).await.unwrap();
        assert_eq!(counted, recount(feedback, outcomes, &query), "{query:?}");
    }
}
