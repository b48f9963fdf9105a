//! The token table. Only a digest of a token's secret is stored, so nobody who reads the table can use a token.

use aws::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{OrgId, Timestamp, TokenId, TokenRecord};

use crate::error::CONDITION_FAILED;
use crate::expression::Aliases;
use crate::item::{self, Item};
use crate::store::warm_up;
use crate::{CreateResult, StoreError, schema};

/// The result of revoking a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeResult {
    /// The token gives no access any more.
    Revoked,
    /// It was revoked before, and the time of that is kept.
    AlreadyRevoked,
    /// There is no such token.
    NotFound,
}

/// The token table.
#[derive(Debug, Clone)]
pub struct TokenStore {
    client: Client,
    table: String,
}

impl TokenStore {
    /// The table of that name.
    #[must_use]
    pub fn new(config: &SdkConfig, table: impl Into<String>) -> Self {
        Self::from_client(Client::new(config), table)
    }

    /// The table of that name, with an existing client.
    #[must_use]
    pub fn from_client(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Opens the connection, see [`crate::Store::warm_up`].
    pub async fn warm_up(&self) {
        warm_up(&self.client, &self.table, key("-")).await;
    }

    /// Stores a token, unless there is one with its id.
    pub async fn create(&self, record: &TokenRecord) -> Result<CreateResult, StoreError> {
        let operation = "create_token";
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::from_document(operation, record)?))
            .condition_expression("attribute_not_exists(token_id)");
        match request.send().await {
            Ok(_) => Ok(CreateResult::Created),
            Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(CreateResult::Duplicate),
            Err(error) => Err(StoreError::from_sdk(operation, error)),
        }
    }

    /// The token of that id. The read is consistent, so that a revoked token is found as revoked at once.
    pub async fn find(&self, id: &TokenId) -> Result<Option<TokenRecord>, StoreError> {
        let request =
            self.client.get_item().table_name(&self.table).set_key(Some(key(id.as_str()))).consistent_read(true);
        let response = request.send().await.map_err(|error| StoreError::from_sdk("find_token", error))?;
        response.item.as_ref().map(item::to_token).transpose()
    }

    /// All tokens, or those of one organisation, in no order. Reads the whole table.
    pub async fn list(&self, org: Option<&OrgId>) -> Result<Vec<TokenRecord>, StoreError> {
        let mut aliases = Aliases::default();
        let filter = org.map(|org| aliases.equals(schema::ORG_ID, AttributeValue::S(org.to_string())));
        let mut items = self
            .client
            .scan()
            .table_name(&self.table)
            .consistent_read(true)
            .set_filter_expression(filter)
            .set_expression_attribute_names(aliases.names())
            .set_expression_attribute_values(aliases.values())
            .into_paginator()
            .items()
            .send();
        let mut records = Vec::new();
        while let Some(found) = items.next().await {
            let found = found.map_err(|error| StoreError::from_sdk("list_tokens", error))?;
            records.push(item::to_token(&found)?);
        }
        Ok(records)
    }

    /// Revokes a token from that time on.
    pub async fn revoke(&self, id: &TokenId, now: Timestamp) -> Result<RevokeResult, StoreError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(id.as_str())))
            .update_expression("SET revoked_at = :now")
            .condition_expression("attribute_exists(token_id) AND attribute_not_exists(revoked_at)")
            .expression_attribute_values(":now", AttributeValue::S(now.to_string()));
        match request.send().await {
            Ok(_) => Ok(RevokeResult::Revoked),
            Err(error) if error.code() == Some(CONDITION_FAILED) => {
                let known = self.find(id).await?.is_some();
                Ok(if known { RevokeResult::AlreadyRevoked } else { RevokeResult::NotFound })
            }
            Err(error) => Err(StoreError::from_sdk("revoke_token", error)),
        }
    }
}

fn key(id: &str) -> Item {
    Item::from([(schema::TOKEN_ID.to_owned(), AttributeValue::S(id.to_owned()))])
}
