//! The feedback table: its client, and reading the feedback or outcome of one call.

use std::num::NonZeroU8;
use std::time::Duration;

use aws::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{CallId, OrgId, Outcome, StoredFeedback};

use crate::item::{self, Item};
use crate::{StoreError, schema};

/// The default number of counter items over which an organisation's writes are spread. DynamoDB can do about 500
/// transactions a second on one item; each additional shard is one more item to read for the statistics of a day.
pub const DEFAULT_SHARDS: NonZeroU8 = NonZeroU8::MIN.saturating_add(3);

/// How long opening the connection may delay the start.
const WARM_UP_TIMEOUT: Duration = Duration::from_millis(300);

/// The feedback table.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) shards: NonZeroU8,
}

impl Store {
    /// The table of that name.
    #[must_use]
    pub fn new(config: &SdkConfig, table: impl Into<String>) -> Self {
        Self::from_client(Client::new(config), table)
    }

    /// The table of that name, with an existing client.
    #[must_use]
    pub fn from_client(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into(), shards: DEFAULT_SHARDS }
    }

    /// Spreads the counters over that many shards. The number may change at any time: existing counter items are kept,
    /// and reads include every shard.
    #[must_use]
    pub fn with_shards(self, shards: NonZeroU8) -> Self {
        Self { shards, ..self }
    }

    /// Opens the connection, so that the first request does not wait for it. Takes at most 300 ms and ignores errors:
    /// the first request will report them.
    pub async fn warm_up(&self) {
        let unused =
            [schema::ORG_ID, schema::ITEM_KEY].map(|name| (name.to_owned(), AttributeValue::S("-".to_owned())));
        warm_up(&self.client, &self.table, Item::from(unused)).await;
    }

    /// The feedback of a call. A feedback that was stored within the last second may not be found yet.
    pub async fn find_feedback(&self, org: &OrgId, call: &CallId) -> Result<Option<StoredFeedback>, StoreError> {
        let found = self.find("find_feedback", org, &schema::feedback_key(call), false).await?;
        found.as_ref().map(item::to_feedback).transpose()
    }

    /// Why a call has no feedback. An outcome is kept for 30 days.
    pub async fn find_outcome(&self, org: &OrgId, call: &CallId) -> Result<Option<Outcome>, StoreError> {
        let found = self.find("find_outcome", org, &schema::outcome_key(call), false).await?;
        found.as_ref().map(item::to_outcome).transpose()
    }

    /// The item of that key.
    pub(crate) async fn find(
        &self,
        operation: &'static str,
        org: &OrgId,
        item_key: &str,
        consistent: bool,
    ) -> Result<Option<Item>, StoreError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(org, item_key)))
            .consistent_read(consistent);
        let response = request.send().await.map_err(|error| StoreError::from_sdk(operation, error))?;
        Ok(response.item)
    }
}

/// The key of an item of the feedback table.
pub(crate) fn key(org: &OrgId, item_key: &str) -> Item {
    Item::from([
        (schema::ORG_ID.to_owned(), AttributeValue::S(org.to_string())),
        (schema::ITEM_KEY.to_owned(), AttributeValue::S(item_key.to_owned())),
    ])
}

/// Opens the connection by reading a key that no item has.
pub(crate) async fn warm_up(client: &Client, table: &str, key: Item) {
    let request = client.get_item().table_name(table).set_key(Some(key)).send();
    // An error is ignored: the next request will report it.
    drop(tokio::time::timeout(WARM_UP_TIMEOUT, request).await);
}
