//! Whole requests, as API Gateway sends them, against mocked responses of the token table.
#![expect(clippy::disallowed_types, reason = "the table is a mock of DynamoDB")]

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::error::ThrottlingException;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use domain::{Timestamp, Token, TokenScope};
use serde_json::{Value, json};
use store::TokenStore;
use test_support::CapturedLog;

use crate::handler::handle;
use crate::request::AuthorizerRequest;

const NOT_A_TOKEN: &str = include_str!("../../../events/authorizer-not-a-token.json");
const UNKNOWN_TOKEN: &str = include_str!("../../../events/authorizer-unknown-token.json");
const INTAKE_QUERY: &str = include_str!("../../../events/authorizer-intake-query.json");
const NOW: i64 = 1_795_255_231;

/// What is stored of a token: when it ends, from now, and so on.
#[derive(Clone, Copy)]
struct StoredToken {
    ends_in: i64,
    revoked: bool,
    /// `None` as it was before tokens had scopes.
    scope: Option<TokenScope>,
}

const GOOD: StoredToken = StoredToken { ends_in: 1, revoked: false, scope: None };
const FOR_INTAKE: StoredToken = StoredToken { scope: Some(TokenScope::Intake), ..GOOD };

/// The token that the events present, some in the header and some in the query.
fn presented() -> Token {
    let event: Value = serde_json::from_str(UNKNOWN_TOKEN).unwrap();
    Token::parse(event["headers"]["x-user-token"].as_str().unwrap()).unwrap()
}

/// A table that holds one token with this secret.
fn holding(token: &Token, stored: StoredToken) -> Rule {
    let hash = serde_json::to_value(token.secret_hash()).unwrap();
    let end = Timestamp::from_unix_seconds(NOW + stored.ends_in).unwrap().to_string();
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
        if stored.revoked {
            item = item.item("revoked_at", text("2026-02-01T00:00:00Z"));
        }
        if let Some(scope) = stored.scope {
            item = item.item("scope", text(&scope.to_string()));
        }
        item.build()
    })
}

async fn respond(table: &Rule, event: &str) -> Result<Value, store::StoreError> {
    let tokens = TokenStore::from_client(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [table]), "tokens");
    let request: AuthorizerRequest = serde_json::from_str(event).unwrap();
    let response = handle(&tokens, Timestamp::from_unix_seconds(NOW).unwrap(), request).await?;
    Ok(serde_json::to_value(response).unwrap())
}

/// The event with the token in a place of its own.
fn presenting(event: &str, header: Option<&str>, parameter: Option<&str>) -> String {
    let mut event: Value = serde_json::from_str(event).unwrap();
    event["headers"]["x-user-token"] = header.into();
    event["headers"].as_object_mut().unwrap().retain(|_, value| !value.is_null());
    event["queryStringParameters"] = parameter.map(|token| json!({"token": token})).into();
    event.to_string()
}

#[tokio::test]
async fn a_valid_token_opens_its_organisation() {
    let opened = json!({"isAuthorized": true, "context": {"org_id": "acme"}});
    for scope in [None, Some(TokenScope::Read)] {
        let table = holding(&presented(), StoredToken { scope, ..GOOD });
        assert_eq!(respond(&table, UNKNOWN_TOKEN).await.unwrap(), opened, "{scope:?}");
    }
    let table = holding(&presented(), FOR_INTAKE);
    let in_header = presenting(INTAKE_QUERY, Some(&presented().reveal()), None);
    for event in [INTAKE_QUERY, &in_header] {
        assert_eq!(respond(&table, event).await.unwrap(), opened);
    }
}

#[tokio::test]
async fn every_other_token_is_refused_in_the_same_words() {
    let refusal = json!({"isAuthorized": false, "context": {}});
    let other_id = Token::from_random([1; 8], [2; 32]);
    let mut secret_changed = presented().reveal();
    secret_changed.replace_range(20..22, if secret_changed.get(20..22) == Some("00") { "11" } else { "00" });
    let other_secret = Token::parse(&secret_changed).unwrap();
    for (name, event, table) in [
        ("unknown", UNKNOWN_TOKEN, holding(&other_id, GOOD)),
        ("wrong secret", UNKNOWN_TOKEN, holding(&other_secret, GOOD)),
        ("expired", UNKNOWN_TOKEN, holding(&presented(), StoredToken { ends_in: 0, ..GOOD })),
        ("revoked", UNKNOWN_TOKEN, holding(&presented(), StoredToken { revoked: true, ..GOOD })),
        ("for the intake, asking for feedback", UNKNOWN_TOKEN, holding(&presented(), FOR_INTAKE)),
        ("for reading, handing in a call", INTAKE_QUERY, holding(&presented(), GOOD)),
        ("for the intake, expired", INTAKE_QUERY, holding(&presented(), StoredToken { ends_in: 0, ..FOR_INTAKE })),
        ("for the intake, revoked", INTAKE_QUERY, holding(&presented(), StoredToken { revoked: true, ..FOR_INTAKE })),
    ] {
        assert_eq!(respond(&table, event).await.unwrap(), refusal, "{name}");
    }
}

#[tokio::test]
async fn a_wrong_header_is_not_made_good_by_the_query() {
    let table = holding(&presented(), FOR_INTAKE);
    let stranger = Token::from_random([1; 8], [2; 32]).reveal();
    for header in ["Bearer abc", "", &stranger] {
        let event = presenting(INTAKE_QUERY, Some(header), Some(&presented().reveal()));
        assert_eq!(respond(&table, &event).await.unwrap()["isAuthorized"], false, "{header}");
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_asking_the_table() {
    let table = holding(&presented(), GOOD);
    let in_query_of_a_read = presenting(UNKNOWN_TOKEN, None, Some(&presented().reveal()));
    let no_token_at_the_intake = presenting(INTAKE_QUERY, None, None);
    for event in [NOT_A_TOKEN, &in_query_of_a_read, &no_token_at_the_intake, "{}"] {
        assert_eq!(respond(&table, event).await.unwrap()["isAuthorized"], false, "{event}");
    }
    assert_eq!(table.num_calls(), 0);
}

#[tokio::test]
async fn nobody_is_let_through_when_the_table_cannot_be_read() {
    let throttled = mock!(Client::get_item)
        .then_error(|| GetItemError::ThrottlingException(ThrottlingException::builder().build()));
    for event in [UNKNOWN_TOKEN, INTAKE_QUERY] {
        assert!(respond(&throttled, event).await.is_err());
    }
}

/// The template writes the organisation into the message by the name that the authorizer gives it.
#[tokio::test]
async fn a_call_that_is_handed_in_carries_the_organisation_of_its_token() {
    let response = respond(&holding(&presented(), FOR_INTAKE), INTAKE_QUERY).await.unwrap();
    let text = |value: &str| json!({"DataType": "String", "StringValue": value});
    for integration in ["IntakeIntegration", "ElevenLabsIntakeIntegration"] {
        let attributes = test_support::template().message_attributes(integration, &response["context"]);
        assert_eq!(attributes, json!({"org_id": text("acme"), "source": text("webhook")}), "{integration}");
    }
}

#[tokio::test]
async fn the_log_says_why_and_never_the_secret() {
    let log = CapturedLog::start();
    for (event, stored) in [(UNKNOWN_TOKEN, FOR_INTAKE), (INTAKE_QUERY, GOOD), (INTAKE_QUERY, FOR_INTAKE)] {
        respond(&holding(&presented(), stored), event).await.unwrap();
    }
    let text = log.text();
    let reasons: Vec<&str> = text.lines().filter_map(|line| line.split_once("reason=")).map(|(_, end)| end).collect();
    assert_eq!(reasons, ["WrongScope", "WrongScope", "Valid"], "{text}");
    assert!(text.contains(presented().id().as_str()));
    let secret = presented().reveal().rsplit('_').next().unwrap().to_owned();
    assert!(!text.contains(&secret), "{text}");
}

#[test]
fn the_template_sets_the_variable_that_is_read() {
    let variables = test_support::template().function_environment("AuthorizerFunction");
    assert_eq!(variables, [crate::TOKEN_TABLE.to_owned()].into());
}
