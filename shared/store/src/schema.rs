//! The tables' schema: names of keys, indexes and attributes, and the format of item keys. Tests compare it with
//! `template.yaml`.
//!
//! | item | `item_key` | what it holds |
//! |---|---|---|
//! | feedback | `feedback#<call_id>` | the document, see `item`; `score` and `created_at` put it into the indexes |
//! | outcome | `outcome#<call_id>` | why a call has no feedback, until `expires_at` |
//! | claim | `claim#<call_id>` | see `claim`; exists while a paid scorer works on the call or feedback is parked |
//! | counters, all time | `stats#all#<shard>` | see `counters` |
//! | counters, day | `stats#day#<yyyy-mm-dd>#<shard>` | the same, by the UTC day of `created_at` or `recorded_at` |
//! | counters, agent and day | `stats#agent#<agent_id>#<yyyy-mm-dd>` | the same, when the call has an agent |
//!
//! No identifier contains `#`, so the keys of different kinds of items never clash.

use std::num::NonZeroU8;

use domain::{AgentId, CallId, Day, OrgId};
use sha2::{Digest, Sha256};

/// Partition key of the feedback table and of the organisation's indexes.
pub const ORG_ID: &str = "org_id";
/// Sort key of the feedback table.
pub const ITEM_KEY: &str = "item_key";
/// Sort key of [`ORG_SCORE_INDEX`].
pub const SCORE: &str = "score";
/// Sort key of [`ORG_CREATED_INDEX`] and [`AGENT_CREATED_INDEX`].
pub const CREATED_AT: &str = "created_at";
/// Partition key of [`AGENT_CREATED_INDEX`]: `<org_id>#<agent_id>`, only on feedback that has an agent.
pub const AGENT_KEY: &str = "agent_key";
/// The agent who took the call.
pub const AGENT_ID: &str = "agent_id";
/// The call.
pub const CALL_ID: &str = "call_id";
/// The table's time to live: when DynamoDB may delete an outcome or a claim, in seconds since 1970.
pub const EXPIRES_AT: &str = "expires_at";

/// The feedback of an organisation by score.
pub const ORG_SCORE_INDEX: &str = "org-score-index";
/// The feedback of an organisation by time.
pub const ORG_CREATED_INDEX: &str = "org-created-index";
/// The feedback of an agent by time.
pub const AGENT_CREATED_INDEX: &str = "agent-created-index";

/// The attributes of a list's row. Each index projects exactly these, in addition to its keys.
pub const ROW_ATTRIBUTES: [&str; 8] =
    ["id", CALL_ID, AGENT_ID, SCORE, "feedback", CATEGORIES, "started_at", CREATED_AT];
/// The scores of the categories, and with them [`ROW_FIELDS`].
pub const CATEGORIES: &str = "categories";
/// The fields of a row that have no attribute of their own: they are stored in the map [`CATEGORIES`], which the indexes project
/// as a whole. What an index projects cannot be changed once it is deployed, so a field that is to be in rows goes here.
pub const ROW_FIELDS: [&str; 8] =
    ["score_low", "score_high", "confidence", "needs_review", "review_reasons", "summary", "outcome", "topics"];

/// Key of the token table.
pub const TOKEN_ID: &str = "token_id";
/// When a token was revoked.
pub const REVOKED_AT: &str = "revoked_at";

/// Sorts after every character of an item key, so `<prefix>~` ends the range of the keys that begin with a prefix.
const SORTS_LAST: char = '~';

/// The key of a call's feedback.
#[must_use]
pub fn feedback_key(call: &CallId) -> String {
    format!("feedback#{call}")
}

/// The key of a call's outcome.
#[must_use]
pub fn outcome_key(call: &CallId) -> String {
    format!("outcome#{call}")
}

/// The key of the claim on a call.
#[must_use]
pub fn claim_key(call: &CallId) -> String {
    format!("claim#{call}")
}

/// The partition key of an agent in [`AGENT_CREATED_INDEX`].
#[must_use]
pub fn agent_key(org: &OrgId, agent: &AgentId) -> String {
    format!("{org}#{agent}")
}

/// The shard of a call's counters: for the same number of shards always the same one.
#[must_use]
pub fn shard(call: &CallId, shards: NonZeroU8) -> u8 {
    <[u8; 32]>::from(Sha256::digest(call.as_str()))[0] % shards
}

/// The keys of the counter items for a call of that shard, day and agent.
pub(crate) fn counter_keys(shard: u8, day: Day, agent: Option<&AgentId>) -> Vec<String> {
    let mut keys = vec![format!("{}{shard}", all_time_prefix()), format!("{}{day}#{shard}", day_prefix(None))];
    keys.extend(agent.map(|agent| format!("{}{day}", day_prefix(Some(agent)))));
    keys
}

/// The prefix of the keys of all-time counters.
pub(crate) const fn all_time_prefix() -> &'static str {
    "stats#all#"
}

/// The prefix of the keys of counters by day, of one agent or of the whole organisation.
pub(crate) fn day_prefix(agent: Option<&AgentId>) -> String {
    agent.map_or_else(|| "stats#day#".to_owned(), |agent| format!("stats#agent#{agent}#"))
}

/// The first and the last key, both included, of the range of keys with that prefix and a day within the bounds.
pub(crate) fn day_range(prefix: &str, from: Option<Day>, to: Option<Day>) -> (String, String) {
    let text = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    (format!("{prefix}{}", text(from)), format!("{prefix}{}{SORTS_LAST}", text(to)))
}

/// The day in the key of a counter item, after its prefix; `None` when there is none.
pub(crate) fn day_in_key(item_key: &str, prefix: &str) -> Option<Day> {
    let rest = item_key.strip_prefix(prefix)?;
    Day::parse(rest.split_once('#').map_or(rest, |(day, _shard)| day)).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use test_support::template;

    use super::*;

    #[test]
    fn keys_indexes_and_projections_are_those_of_the_template() {
        let table = template().table("FeedbackTable");
        assert_eq!(
            (table.key, table.ttl_attribute.as_deref()),
            (vec![ORG_ID.into(), ITEM_KEY.into()], Some(EXPIRES_AT))
        );
        let expected = [
            (ORG_SCORE_INDEX, [ORG_ID, SCORE]),
            (ORG_CREATED_INDEX, [ORG_ID, CREATED_AT]),
            (AGENT_CREATED_INDEX, [AGENT_KEY, CREATED_AT]),
        ];
        assert_eq!(table.indexes.len(), expected.len());
        for (index, (name, key)) in table.indexes.into_iter().zip(expected) {
            assert_eq!((index.name.as_str(), index.key.as_slice()), (name, &key.map(str::to_owned)[..]));
            let projected: BTreeSet<String> =
                ROW_ATTRIBUTES.iter().filter(|name| !key.contains(name)).map(|&name| name.to_owned()).collect();
            assert_eq!(index.projection, Some(projected), "{name}");
        }
        let types = [(ORG_ID, "S"), (ITEM_KEY, "S"), (SCORE, "N"), (CREATED_AT, "S"), (AGENT_KEY, "S")];
        let types: BTreeSet<_> = types.map(|(name, kind)| (name.to_owned(), kind.to_owned())).into();
        assert_eq!(table.attributes.into_iter().collect::<BTreeSet<_>>(), types);
    }

    #[test]
    fn the_token_tables_key_is_that_of_the_template() {
        assert_eq!(template().table("TokenTable").key, [TOKEN_ID]);
    }

    #[test]
    fn a_range_of_days_has_exactly_the_keys_of_its_days() {
        let day = |text| Day::parse(text).unwrap();
        let agent = AgentId::parse("agent_7").unwrap();
        for agent in [None, Some(&agent)] {
            let prefix = day_prefix(agent);
            let key = |text| counter_keys(255, day(text), agent).pop().unwrap();
            let (low, high) = day_range(&prefix, Some(day("2026-02-10")), Some(day("2026-02-11")));
            let within = |key: &str| low.as_str() <= key && key <= high.as_str();
            assert!(within(&key("2026-02-10")) && within(&key("2026-02-11")));
            assert!(!within(&key("2026-02-09")) && !within(&key("2026-02-12")));
            assert_eq!(day_in_key(&key("2026-02-10"), &prefix), Some(day("2026-02-10")));
            let (low, high) = day_range(&prefix, None, None);
            assert!(low < key("1970-01-01") && key("9999-12-31") < high);
        }
        let other = counter_keys(0, day("2026-02-10"), Some(&AgentId::parse("agent_7:2").unwrap())).pop().unwrap();
        let (low, high) = day_range(&day_prefix(Some(&agent)), None, None);
        assert!(!(low <= other && other <= high), "an agent's range has keys of another agent");
    }

    #[test]
    fn calls_spread_over_all_shards() {
        let shards = NonZeroU8::new(4).unwrap();
        let mut counts = [0_u32; 4];
        for call in 0..4_000 {
            counts[usize::from(shard(&CallId::parse(format!("call_{call}")).unwrap(), shards))] += 1;
        }
        assert!(counts.iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
    }
}
