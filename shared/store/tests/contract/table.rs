//! A new table for each test, with the template's schema.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType,
};
use store::{Store, TokenStore, schema};
use test_support::{Index, TableSchema, template};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// A table that no other test uses.
pub(crate) struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Table {
    /// An empty feedback table.
    pub(crate) async fn of_feedback() -> Self {
        Self::create(template().table("FeedbackTable")).await
    }

    /// An empty token table.
    pub(crate) async fn of_tokens() -> Self {
        Self::create(template().table("TokenTable")).await
    }

    /// The store on this table.
    pub(crate) fn store(&self) -> Store {
        Store::from_client(self.client.clone(), &self.name)
    }

    /// The token store on this table.
    pub(crate) fn token_store(&self) -> TokenStore {
        TokenStore::from_client(self.client.clone(), &self.name)
    }

    /// Every item of the table.
    pub(crate) async fn items(&self) -> Vec<Item> {
        let scan = self.client.scan().table_name(&self.name).consistent_read(true);
        scan.into_paginator().items().send().collect::<Result<_, _>>().await.unwrap()
    }

    /// The keys of the table's items, in order.
    pub(crate) async fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.items().await.iter().map(|item| text(item, schema::ITEM_KEY)).collect();
        keys.sort();
        keys
    }

    /// Writes an item without the store.
    pub(crate) async fn put(&self, item: Item) {
        self.client.put_item().table_name(&self.name).set_item(Some(item)).send().await.unwrap();
    }

    async fn create(schema: TableSchema) -> Self {
        let client = Client::from_conf(config().build());
        let name = format!("{}_{:016x}", schema.name, fastrand::u64(..));
        let attributes = schema.attributes.iter().map(|(name, kind)| {
            AttributeDefinition::builder().attribute_name(name).attribute_type(kind.as_str().into()).build().unwrap()
        });
        let indexes: Vec<_> = schema.indexes.iter().map(index).collect();
        client
            .create_table()
            .table_name(&name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(attributes.collect()))
            .set_key_schema(Some(key(&schema.key)))
            .set_global_secondary_indexes((!indexes.is_empty()).then_some(indexes))
            .send()
            .await
            .unwrap();
        Self { client, name }
    }
}

/// The configuration of a client of DynamoDB Local. Panics when its address is not set.
#[expect(
    clippy::disallowed_methods,
    reason = "the endpoint is how `make test` tells the tests where DynamoDB Local is"
)]
pub(crate) fn config() -> Builder {
    let endpoint = std::env::var("DYNAMODB_LOCAL_URL").unwrap_or_else(|_| {
        panic!("DYNAMODB_LOCAL_URL is not set: run `make test`, or `eval \"$(make -s dynamodb)\"` before these tests")
    });
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(endpoint)
}

/// A text attribute.
pub(crate) fn text(item: &Item, attribute: &str) -> String {
    item[attribute].as_s().unwrap().clone()
}

fn index(index: &Index) -> GlobalSecondaryIndex {
    let projection = match &index.projection {
        None => Projection::builder().projection_type(ProjectionType::All),
        Some(attributes) => Projection::builder()
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(attributes.iter().cloned().collect())),
    };
    GlobalSecondaryIndex::builder()
        .index_name(&index.name)
        .set_key_schema(Some(key(&index.key)))
        .projection(projection.build())
        .build()
        .unwrap()
}

fn key(attributes: &[String]) -> Vec<KeySchemaElement> {
    let parts = attributes.iter().zip([KeyType::Hash, KeyType::Range]);
    parts.map(|(name, kind)| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()).collect()
}
