//! Whole requests, as API Gateway sends them, against mocked answers of the token table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::error::ThrottlingException;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use domain::{Timestamp, Token};
use serde_json::{Value, json};
use store::TokenStore;

use crate::handler::{AuthorizerRequest, handle};

const NOT_A_TOKEN: &str = include_str!("../../../events/authorizer-not-a-token.json");
const UNKNOWN_TOKEN: &str = include_str!("../../../events/authorizer-unknown-token.json");
const NOW: i64 = 1_795_255_231;

fn presented() -> Token {
    let event: Value = serde_json::from_str(UNKNOWN_TOKEN).unwrap();
    Token::parse(event["identitySource"][0].as_str().unwrap()).unwrap()
}

/// A table that holds one token with this secret, which ends so many seconds from now and may be revoked.
fn holding(token: &Token, ends_in: i64, revoked: bool) -> Rule {
    let hash = serde_json::to_value(token.secret_hash()).unwrap();
    let end = Timestamp::from_unix_seconds(NOW + ends_in).unwrap().to_string();
    let id = token.id().to_string();
    mock!(Client::get_item).then_compute_output(move |request| {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let asked = request.key().unwrap()["token_id"].as_s().unwrap();
        if *asked != id {
            return GetItemOutput::builder().build();
        }
        let mut item = GetItemOutput::builder()
            .item("token_id", text(&id))
            .item("org_id", text("acme"))
            .item("secret_sha256", text(hash.as_str().unwrap()))
            .item("created_at", text("2026-01-01T00:00:00Z"))
            .item("expires_at", text(&end));
        if revoked {
            item = item.item("revoked_at", text("2026-02-01T00:00:00Z"));
        }
        item.build()
    })
}

async fn answer(table: &Rule, event: &str) -> Result<Value, store::StoreError> {
    let tokens = TokenStore::from_client(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [table]), "tokens");
    let request: AuthorizerRequest = serde_json::from_str(event).unwrap();
    let response = handle(&tokens, Timestamp::from_unix_seconds(NOW).unwrap(), request).await?;
    Ok(serde_json::to_value(response).unwrap())
}

#[tokio::test]
async fn a_valid_token_opens_its_organisation() {
    let answer = answer(&holding(&presented(), 1, false), UNKNOWN_TOKEN).await.unwrap();
    assert_eq!(answer, json!({"isAuthorized": true, "context": {"org_id": "acme"}}));
}

#[tokio::test]
async fn every_other_token_is_refused_in_the_same_words() {
    let refusal = json!({"isAuthorized": false, "context": {}});
    let other_id = Token::from_random([1; 8], [2; 32]);
    let mut secret_changed = presented().reveal();
    secret_changed.replace_range(20..22, if &secret_changed[20..22] == "00" { "11" } else { "00" });
    let other_secret = Token::parse(&secret_changed).unwrap();
    for (name, table) in [
        ("unknown", holding(&other_id, 1, false)),
        ("wrong secret", holding(&other_secret, 1, false)),
        ("expired", holding(&presented(), 0, false)),
        ("revoked", holding(&presented(), 1, true)),
    ] {
        assert_eq!(answer(&table, UNKNOWN_TOKEN).await.unwrap(), refusal, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_asking_the_table() {
    let table = holding(&presented(), 1, false);
    for event in [NOT_A_TOKEN, r#"{"identitySource": []}"#, r#"{"identitySource": null}"#, "{}"] {
        assert_eq!(answer(&table, event).await.unwrap()["isAuthorized"], false, "{event}");
    }
    assert_eq!(table.num_calls(), 0);
}

#[tokio::test]
async fn nobody_is_let_through_when_the_table_cannot_be_read() {
    let throttled = mock!(Client::get_item)
        .then_error(|| GetItemError::ThrottlingException(ThrottlingException::builder().build()));
    assert!(answer(&throttled, UNKNOWN_TOKEN).await.is_err());
}
