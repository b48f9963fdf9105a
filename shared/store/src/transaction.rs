//! One transaction: actions that are written together or not at all, and its result.
//!
//! **Invariant:** at most one action per item, as DynamoDB requires. Changes of the same counter item are added up
//! first; if nothing remains of them, the item is not written.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update};
use domain::{Counters, OrgId};

use crate::expression::Expression;
use crate::item::Item;
use crate::store::key;
use crate::{StoreError, counters};

/// The result of a transaction.
#[derive(Debug)]
pub(crate) enum TransactionResult {
    /// Everything was written.
    Committed,
    /// Nothing was written: an action's condition did not hold.
    ConditionFailed {
        /// The index of the first such action.
        action: usize,
        /// The error to return when the caller does not expect this.
        error: StoreError,
    },
    /// Nothing was written: others were writing the same items, or the table is throttled.
    Contended(StoreError),
}

/// The actions of a transaction on the items of one organisation.
pub(crate) struct Transaction<'a> {
    table: &'a str,
    org: &'a OrgId,
    actions: Vec<Result<TransactWriteItem, BuildError>>,
    counter_changes: BTreeMap<String, Counters>,
}

impl<'a> Transaction<'a> {
    /// A transaction without actions.
    pub(crate) const fn new(table: &'a str, org: &'a OrgId) -> Self {
        Self { table, org, actions: Vec::new(), counter_changes: BTreeMap::new() }
    }

    /// Writes the item of that key and replaces an existing one, if the condition holds.
    pub(crate) fn put(&mut self, item_key: &str, mut item: Item, condition: &Expression) {
        item.extend(key(self.org, item_key));
        let put = Put::builder()
            .table_name(self.table)
            .set_item(Some(item))
            .condition_expression(&condition.text)
            .set_expression_attribute_names(condition.aliases.names())
            .set_expression_attribute_values(condition.aliases.values())
            .build();
        self.actions.push(put.map(|put| TransactWriteItem::builder().put(put).build()));
    }

    /// Deletes the item of that key, if it exists. With a condition, the transaction requires that it holds.
    pub(crate) fn delete(&mut self, item_key: &str, condition: Option<&Expression>) {
        let delete = Delete::builder()
            .table_name(self.table)
            .set_key(Some(key(self.org, item_key)))
            .set_condition_expression(condition.map(|condition| condition.text.clone()))
            .set_expression_attribute_names(condition.and_then(|condition| condition.aliases.names()))
            .set_expression_attribute_values(condition.and_then(|condition| condition.aliases.values()))
            .build();
        self.actions.push(delete.map(|delete| TransactWriteItem::builder().delete(delete).build()));
    }

    /// Requires that the condition holds for the item of that key, without changing the item.
    pub(crate) fn check(&mut self, item_key: &str, condition: &Expression) {
        let check = ConditionCheck::builder()
            .table_name(self.table)
            .set_key(Some(key(self.org, item_key)))
            .condition_expression(&condition.text)
            .set_expression_attribute_names(condition.aliases.names())
            .set_expression_attribute_values(condition.aliases.values())
            .build();
        self.actions.push(check.map(|check| TransactWriteItem::builder().condition_check(check).build()));
    }

    /// Adds to the counters of those keys.
    pub(crate) fn add_to_counters(&mut self, item_keys: Vec<String>, change: &Counters) {
        for item_key in item_keys {
            self.counter_changes.entry(item_key).or_default().add(change);
        }
    }

    /// The actions in the order in which they were added, the counters last.
    fn into_actions(self) -> Result<Vec<TransactWriteItem>, BuildError> {
        let changes = self.counter_changes.into_iter().map(|(key, change)| (key, counters::to_attributes(change)));
        let updates = changes.filter(|(_, change)| !change.is_empty()).map(|(item_key, change)| {
            let Expression { text, aliases } = Expression::add(change);
            let update = Update::builder()
                .table_name(self.table)
                .set_key(Some(key(self.org, &item_key)))
                .update_expression(text)
                .set_expression_attribute_names(aliases.names())
                .set_expression_attribute_values(aliases.values())
                .build();
            update.map(|update| TransactWriteItem::builder().update(update).build())
        });
        self.actions.into_iter().chain(updates).collect()
    }

    /// Writes everything or nothing.
    pub(crate) async fn run(self, client: &Client, operation: &'static str) -> Result<TransactionResult, StoreError> {
        let actions =
            self.into_actions().map_err(|source| StoreError::Rejected { operation, source: Box::new(source) })?;
        let Err(error) = client.transact_write_items().set_transact_items(Some(actions)).send().await else {
            return Ok(TransactionResult::Committed);
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(StoreError::from_sdk(operation, error));
        };
        let reasons = cancelled.cancellation_reasons();
        let failed_condition = reasons.iter().position(|reason| reason.code() == Some("ConditionalCheckFailed"));
        let transient = reasons.iter().all(is_transient);
        let source = Box::new(error);
        match failed_condition {
            Some(action) => {
                Ok(TransactionResult::ConditionFailed { action, error: StoreError::Unavailable { operation, source } })
            }
            None if transient => Ok(TransactionResult::Contended(StoreError::Unavailable { operation, source })),
            None => Err(StoreError::Rejected { operation, source }),
        }
    }
}

/// Whether the transaction may succeed later as far as this action is concerned.
fn is_transient(reason: &CancellationReason) -> bool {
    matches!(
        reason.code(),
        None | Some("None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded")
    )
}
