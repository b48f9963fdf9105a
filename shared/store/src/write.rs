//! The two writes: a call's feedback, and the reason why it has none. Each is one transaction with its counters.
//!
//! **Invariant:** a call has feedback or an outcome, never both, and is counted as what it has, once. Each transaction
//! therefore also proves what it has read: the feedback's, that there is no outcome (or still the one whose count it
//! gives back); the outcome's, that there is no feedback. Without that proof an outcome recorded between the read and
//! the write would be counted beside the feedback for ever.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{CallId, Counters, OrgId, Outcome, StoredFeedback};

use crate::expression::Expression;
use crate::item::{self, Item};
use crate::retry::Retry;
use crate::transaction::{Transaction, TransactionResult};
use crate::{Store, StoreError, counters, schema};

/// How long an outcome is kept.
const OUTCOME_DAYS: i64 = 30;
/// The attribute of an outcome that tells which shard it was counted in.
const SHARD: &str = "shard";
/// What tells one outcome of a call from another, and where it was counted.
const OUTCOME_IDENTITY: [&str; 4] = ["kind", "recorded_at", schema::AGENT_ID, SHARD];

/// The index, in both transactions, of the action whose condition is about the call's feedback.
const ON_FEEDBACK: usize = 0;

/// What storing a new thing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreateResult {
    /// It is stored.
    Created,
    /// There was one already, and nothing changed.
    Duplicate,
}

/// What recording an outcome came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordResult {
    /// It is recorded, in the place of an outcome of another kind if there was one.
    Recorded,
    /// The call has feedback, and nothing changed.
    AlreadyScored,
    /// The call has an outcome of the same kind, and nothing changed.
    Unchanged,
}

impl Store {
    /// Stores a call's feedback and counts it, or finds that it is stored already. An outcome that the call had is
    /// deleted and its count given back.
    pub async fn create_feedback(&self, org: &OrgId, feedback: &StoredFeedback) -> Result<CreateResult, StoreError> {
        self.create("create_feedback", org, feedback, None).await
    }

    /// The same, and deletes the item of that key, if there is one, in the same transaction.
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
            let mut transaction = self.creation(operation, org, feedback, outcome.as_ref())?;
            if let Some(item_key) = obsolete_key {
                transaction.delete(item_key, None);
            }
            let reason = match transaction.run(&self.client, operation).await? {
                TransactionResult::Committed => return Ok(CreateResult::Created),
                TransactionResult::Refused { action: ON_FEEDBACK, .. } => return Ok(CreateResult::Duplicate),
                TransactionResult::Refused { error, .. } | TransactionResult::Contended(error) => error,
            };
            retry.pause(reason).await?;
        }
    }

    /// Records why a call has no feedback and counts it. A call is counted once: a second outcome of the same kind
    /// changes nothing, one of the other kind takes the place of the first and of its count.
    pub async fn record_outcome(&self, org: &OrgId, outcome: &Outcome) -> Result<RecordResult, StoreError> {
        let operation = "record_outcome";
        let mut retry = Retry::begin();
        loop {
            let former = self.counted_outcome(operation, org, &outcome.call_id).await?;
            if former.as_ref().is_some_and(|former| former.outcome.kind == outcome.kind) {
                return Ok(RecordResult::Unchanged);
            }
            let transaction = self.recording(operation, org, outcome, former.as_ref())?;
            let reason = match transaction.run(&self.client, operation).await? {
                TransactionResult::Committed => return Ok(RecordResult::Recorded),
                TransactionResult::Refused { action: ON_FEEDBACK, .. } => return Ok(RecordResult::AlreadyScored),
                TransactionResult::Refused { error, .. } | TransactionResult::Contended(error) => error,
            };
            retry.pause(reason).await?;
        }
    }

    fn creation<'a>(
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
                outcome.give_back(&mut transaction);
            }
        }
        let keys = schema::counter_keys(schema::shard(call, self.shards), created_at.day(), agent);
        transaction.count(keys, &Counters::of(&feedback.assessment));
        Ok(transaction)
    }

    fn recording<'a>(
        &'a self,
        operation: &'static str,
        org: &'a OrgId,
        outcome: &Outcome,
        former: Option<&CountedOutcome>,
    ) -> Result<Transaction<'a>, StoreError> {
        let Outcome { call_id, agent_id, kind, recorded_at, .. } = outcome;
        let shard = schema::shard(call_id, self.shards);
        let expires_at = recorded_at.unix_seconds() + OUTCOME_DAYS * 86_400;
        let mut document = item::from_document(operation, outcome)?;
        document.insert(SHARD.to_owned(), AttributeValue::N(shard.to_string()));
        document.insert(schema::EXPIRES_AT.to_owned(), AttributeValue::N(expires_at.to_string()));
        let mut transaction = Transaction::new(&self.table, org);
        transaction.check(&schema::feedback_key(call_id), &Expression::absent());
        let condition = former.map_or_else(Expression::absent, CountedOutcome::unchanged);
        transaction.put(&schema::outcome_key(call_id), document, &condition);
        if let Some(former) = former {
            former.give_back(&mut transaction);
        }
        let keys = schema::counter_keys(shard, recorded_at.day(), agent_id.as_ref());
        transaction.count(keys, &counters::of_outcome(*kind));
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

/// An outcome with its item, which remembers where it was counted.
struct CountedOutcome {
    outcome: Outcome,
    shard: u8,
    item: Item,
}

impl CountedOutcome {
    fn read(item: Item) -> Result<Self, StoreError> {
        Ok(Self { outcome: item::to_outcome(&item)?, shard: item::read(&item, SHARD)?, item })
    }

    /// That the item is still this one.
    fn unchanged(&self) -> Expression {
        Expression::unchanged(&self.item, &OUTCOME_IDENTITY)
    }

    /// Takes the outcome's count away from exactly the counters it was added to.
    fn give_back(&self, transaction: &mut Transaction<'_>) {
        let Outcome { recorded_at, agent_id, kind, .. } = &self.outcome;
        let keys = schema::counter_keys(self.shard, recorded_at.day(), agent_id.as_ref());
        transaction.count(keys, &counters::negated(counters::of_outcome(*kind)));
    }
}
