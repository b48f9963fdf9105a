//! Tokens.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Token, TokenRecord, TokenScope, TokenState};
use store::{CreateResult, RevokeResult};

use crate::calls::{at, org};
use crate::table::Table;

fn record(number: u8, name: &str) -> TokenRecord {
    let token = Token::from_random([number; 8], [number; 32]);
    TokenRecord {
        token_id: token.id().clone(),
        org_id: org(name),
        scope: if number.is_multiple_of(2) { TokenScope::Read } else { TokenScope::Intake },
        secret_sha256: token.secret_hash(),
        created_at: at("2026-11-22T10:00:00Z"),
        expires_at: number.is_multiple_of(2).then(|| at("2027-11-22T10:00:00Z")),
        revoked_at: None,
    }
}

fn json(record: &TokenRecord) -> String {
    serde_json::to_string(record).unwrap()
}

#[tokio::test]
async fn a_token_is_found_as_it_was_created_and_its_id_cannot_be_reused() {
    let store = Table::of_tokens().await.token_store();
    store.warm_up().await;
    for number in [1, 2] {
        assert!(store.find(&record(number, "acme").token_id).await.unwrap().is_none());
        assert_eq!(store.create(&record(number, "acme")).await.unwrap(), CreateResult::Created);
        assert_eq!(store.create(&record(number, "thief")).await.unwrap(), CreateResult::Duplicate);
        let found = store.find(&record(number, "acme").token_id).await.unwrap().unwrap();
        assert_eq!(json(&found), json(&record(number, "acme")));
    }
}

#[tokio::test]
async fn revoking_a_token_again_keeps_the_first_time() {
    let store = Table::of_tokens().await.token_store();
    let id = record(1, "acme").token_id;
    let (first, second) = (at("2026-11-23T10:00:00Z"), at("2026-11-24T10:00:00Z"));
    assert_eq!(store.revoke(&id, first).await.unwrap(), RevokeResult::NotFound);
    assert!(store.find(&id).await.unwrap().is_none(), "revoking an unknown token created an item");
    store.create(&record(1, "acme")).await.unwrap();
    assert_eq!(store.revoke(&id, first).await.unwrap(), RevokeResult::Revoked);
    assert_eq!(store.revoke(&id, second).await.unwrap(), RevokeResult::AlreadyRevoked);
    let found = store.find(&id).await.unwrap().unwrap();
    assert_eq!((found.revoked_at, found.state(first)), (Some(first), TokenState::Revoked));
}

#[tokio::test]
async fn tokens_are_listed_by_organisation_over_more_than_one_page() {
    let table = Table::of_tokens().await;
    let store = table.token_store();
    assert!(store.list(None).await.unwrap().is_empty());
    for number in 0..10 {
        store.create(&record(number, if number < 3 { "acme" } else { "other" })).await.unwrap();
        // A page ends at 1 MB: a note that is not read makes each item a fifth of that.
        let found = table.items().await.into_iter().find(|item| !item.contains_key("note")).unwrap();
        let note = ("note".to_owned(), AttributeValue::S("x".repeat(200_000)));
        table.put(found.into_iter().chain([note]).collect()).await;
    }
    assert_eq!(store.list(None).await.unwrap().len(), 10);
    let mut own: Vec<_> = store.list(Some(&org("acme"))).await.unwrap().iter().map(json).collect();
    own.sort();
    assert_eq!(own, [0, 1, 2].map(|number| json(&record(number, "acme"))));
    assert!(store.list(Some(&org("acm"))).await.unwrap().is_empty());
}
