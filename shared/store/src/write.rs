//! The two writes: a call's feedback, and the outcome of a call without feedback. Each is one transaction with its
//! counters.
//!
//! **Invariant:** a call has feedback or an outcome, never both, and is counted once. Each transaction therefore checks
//! what was read before it: the feedback's, that there is no outcome (or still the one whose count it subtracts); the
//! outcome's, that there is no feedback. Without the check, an outcome recorded between the read and the write would
//! stay counted in addition to the feedback.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{CallId, Counters, OrgId, Outcome, StoredFeedback};

use crate::expression::Expression;
use crate::item::{self, Item};
use crate::retry::Retry;
use crate::transaction::{Transaction, TransactionResult};
use crate::{Store, StoreError, counters, schema};

/// How long an outcome is kept.
const OUTCOME_DAYS: i64 = 30;
/// The attribute of an outcome with the shard in which it was counted.
const SHARD: &str = "shard";
/// The attributes that identify one outcome of a call, and the counters in which it was counted.
const OUTCOME_IDENTITY: [&str; 4] = ["kind", "recorded_at", schema::AGENT_ID, SHARD];

/// The index, in both transactions, of the action with the condition that the call has no feedback.
const FEEDBACK_ACTION: usize = 0;

/// The result of storing a feedback or a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreateResult {
    /// It is stored.
    Created,
    /// It existed already, and nothing changed.
    Duplicate,
}

/// The result of recording an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordResult {
    /// It is recorded, and has replaced the outcome that the call had if it had one.
    Recorded,
    /// The call has feedback, and nothing changed.
    AlreadyScored,
    /// The call has this outcome already, or a later one, and nothing changed.
    Unchanged,
}

impl Store {
    /// Stores a call's feedback and counts it, unless the call has feedback. An outcome of the call is deleted and its
    /// count subtracted.
    pub async fn create_feedback(&self, org: &OrgId, feedback: &StoredFeedback) -> Result<CreateResult, StoreError> {
        self.create("create_feedback", org, feedback, None).await
    }

    /// The same, and deletes the item with `obsolete_key` in the same transaction.
    pub(crate) async fn create(
        &self,
        operation: &'static str,
        org: &OrgId,
        feedback: &StoredFeedback,
        obsolete_key: Option<&str>,
    ) -> Result<CreateResult, StoreError> {
        let mut retry = Retry::begin();
        loop {
            let outcome = self.counted_outcome(operation, org, &feedback.feedback.call_id).await?;
            let mut transaction = self.feedback_transaction(operation, org, feedback, outcome.as_ref())?;
            if let Some(item_key) = obsolete_key {
                transaction.delete(item_key, None);
            }
            let error = match transaction.run(&self.client, operation).await? {
                TransactionResult::Committed => return Ok(CreateResult::Created),
                TransactionResult::ConditionFailed { action: FEEDBACK_ACTION, .. } => {
                    return Ok(CreateResult::Duplicate);
                }
                TransactionResult::ConditionFailed { error, .. } | TransactionResult::Contended(error) => error,
            };
            retry.back_off(error).await?;
        }
    }

    /// Records why a call has no feedback and counts it. A call is counted once: a later outcome replaces the one that
    /// there is and its count, so that the newest reason is shown. The agent stays known if only the first one names it.
    pub async fn record_outcome(&self, org: &OrgId, outcome: &Outcome) -> Result<RecordResult, StoreError> {
        let operation = "record_outcome";
        let mut retry = Retry::begin();
        loop {
            let previous = self.counted_outcome(operation, org, &outcome.call_id).await?;
            if previous.as_ref().is_some_and(|previous| previous.stands_against(outcome)) {
                return Ok(RecordResult::Unchanged);
            }
            let agent_id =
                outcome.agent_id.as_ref().or(previous.as_ref().and_then(|one| one.outcome.agent_id.as_ref()));
            let outcome = Outcome { agent_id: agent_id.cloned(), ..outcome.clone() };
            let transaction = self.outcome_transaction(operation, org, &outcome, previous.as_ref())?;
            let error = match transaction.run(&self.client, operation).await? {
                TransactionResult::Committed => return Ok(RecordResult::Recorded),
                TransactionResult::ConditionFailed { action: FEEDBACK_ACTION, .. } => {
                    return Ok(RecordResult::AlreadyScored);
                }
                TransactionResult::ConditionFailed { error, .. } | TransactionResult::Contended(error) => error,
            };
            retry.back_off(error).await?;
        }
    }

    fn feedback_transaction<'a>(
        &'a self,
        operation: &'static str,
        org: &'a OrgId,
        stored: &StoredFeedback,
        outcome: Option<&CountedOutcome>,
    ) -> Result<Transaction<'a>, StoreError> {
        let StoredFeedback { feedback, created_at } = stored;
        let (call, agent) = (&feedback.call_id, feedback.agent_id.as_ref());
        let mut document = item::from_feedback(operation, stored)?;
        let agent_key = agent.map(|agent| AttributeValue::S(schema::agent_key(org, agent)));
        document.extend(agent_key.map(|value| (schema::AGENT_KEY.to_owned(), value)));
        let mut transaction = Transaction::new(&self.table, org);
        transaction.put(&schema::feedback_key(call), document, &Expression::absent());
        let outcome_key = schema::outcome_key(call);
        match outcome {
            None => transaction.check(&outcome_key, &Expression::absent()),
            Some(outcome) => {
                transaction.delete(&outcome_key, Some(&outcome.unchanged()));
                outcome.subtract_count(&mut transaction);
            }
        }
        let keys = schema::counter_keys(schema::shard(call, self.shards), created_at.day(), agent);
        transaction.add_to_counters(keys, &Counters::of(&feedback.assessment));
        Ok(transaction)
    }

    fn outcome_transaction<'a>(
        &'a self,
        operation: &'static str,
        org: &'a OrgId,
        outcome: &Outcome,
        previous: Option<&CountedOutcome>,
    ) -> Result<Transaction<'a>, StoreError> {
        let Outcome { call_id, agent_id, kind, recorded_at, .. } = outcome;
        let shard = schema::shard(call_id, self.shards);
        let expires_at = recorded_at.unix_seconds() + OUTCOME_DAYS * 86_400;
        let mut document = item::from_document(operation, outcome)?;
        document.insert(SHARD.to_owned(), AttributeValue::N(shard.to_string()));
        document.insert(schema::EXPIRES_AT.to_owned(), AttributeValue::N(expires_at.to_string()));
        let mut transaction = Transaction::new(&self.table, org);
        transaction.check(&schema::feedback_key(call_id), &Expression::absent());
        let condition = previous.map_or_else(Expression::absent, CountedOutcome::unchanged);
        transaction.put(&schema::outcome_key(call_id), document, &condition);
        if let Some(previous) = previous {
            previous.subtract_count(&mut transaction);
        }
        let keys = schema::counter_keys(shard, recorded_at.day(), agent_id.as_ref());
        transaction.add_to_counters(keys, &counters::of_outcome(*kind));
        Ok(transaction)
    }

    async fn counted_outcome(
        &self,
        operation: &'static str,
        org: &OrgId,
        call: &CallId,
    ) -> Result<Option<CountedOutcome>, StoreError> {
        let found = self.find(operation, org, &schema::outcome_key(call), true).await?;
        found.map(CountedOutcome::read).transpose()
    }
}

/// An outcome, the shard in which it was counted, and its item.
struct CountedOutcome {
    outcome: Outcome,
    shard: u8,
    item: Item,
}

impl CountedOutcome {
    fn read(item: Item) -> Result<Self, StoreError> {
        Ok(Self { outcome: item::to_outcome(&item)?, shard: item::read(&item, SHARD)?, item })
    }

    /// Whether that other outcome has nothing to add: it is the same but for its time, or an earlier one.
    fn stands_against(&self, other: &Outcome) -> bool {
        let recorded_at = self.outcome.recorded_at;
        let agent_id = other.agent_id.clone().or_else(|| self.outcome.agent_id.clone());
        recorded_at > other.recorded_at || self.outcome == Outcome { recorded_at, agent_id, ..other.clone() }
    }

    /// The condition that the item is still this one.
    fn unchanged(&self) -> Expression {
        Expression::unchanged(&self.item, &OUTCOME_IDENTITY)
    }

    /// Subtracts the outcome's count from exactly those counters to which it was added.
    fn subtract_count(&self, transaction: &mut Transaction<'_>) {
        let Outcome { recorded_at, agent_id, kind, .. } = &self.outcome;
        let keys = schema::counter_keys(self.shard, recorded_at.day(), agent_id.as_ref());
        transaction.add_to_counters(keys, &counters::negated(counters::of_outcome(*kind)));
    }
}
