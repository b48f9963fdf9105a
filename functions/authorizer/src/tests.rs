//! Complete requests, as API Gateway sends them, with mocked responses of the token table.
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

/// A token's stored state.
#[derive(Clone, Copy)]
struct StoredToken {
    expires_in_seconds: i64,
    revoked: bool,
    /// `None` for a token from before there were scopes.
    scope: Option<TokenScope>,
}

const VALID: StoredToken = StoredToken { expires_in_seconds: 1, revoked: false, scope: None };
const VALID_FOR_INTAKE: StoredToken = StoredToken { scope: Some(TokenScope::Intake), ..VALID };

/// The token in the events, in the header or in the query.
fn sent_token() -> Token {
    let event: Value = serde_json::from_str(UNKNOWN_TOKEN).unwrap();
    Token::parse(event["headers"]["x-user-token"].as_str().unwrap()).unwrap()
}

/// A table with one token.
fn table_with(token: &Token, stored: StoredToken) -> Rule {
    let hash = serde_json::to_value(token.secret_hash()).unwrap();
    let expires_at = Timestamp::from_unix_seconds(NOW + stored.expires_in_seconds).unwrap().to_string();
    let id = token.id().to_string();
    mock!(Client::get_item).then_compute_output(move |request| {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let requested = request.key().unwrap()["token_id"].as_s().unwrap();
        if *requested != id {
            return GetItemOutput::builder().build();
        }
        let mut item = GetItemOutput::builder()
            .item("token_id", text(&id))
            .item("org_id", text("acme"))
            .item("secret_sha256", text(hash.as_str().unwrap()))
            .item("created_at", text("2026-01-01T00:00:00Z"))
            .item("expires_at", text(&expires_at));
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

/// The event with these tokens in header and query.
fn with_tokens(event: &str, header: Option<&str>, parameter: Option<&str>) -> String {
    let mut event: Value = serde_json::from_str(event).unwrap();
    event["headers"]["x-user-token"] = header.into();
    event["headers"].as_object_mut().unwrap().retain(|_, value| !value.is_null());
    event["queryStringParameters"] = parameter.map(|token| json!({"token": token})).into();
    event.to_string()
}

#[tokio::test]
async fn a_valid_token_gives_access_to_its_organisation() {
    let allowed = json!({"isAuthorized": true, "context": {"org_id": "acme"}});
    for scope in [None, Some(TokenScope::Read)] {
        let table = table_with(&sent_token(), StoredToken { scope, ..VALID });
        assert_eq!(respond(&table, UNKNOWN_TOKEN).await.unwrap(), allowed, "{scope:?}");
    }
    let table = table_with(&sent_token(), VALID_FOR_INTAKE);
    let in_header = with_tokens(INTAKE_QUERY, Some(&sent_token().reveal()), None);
    for event in [INTAKE_QUERY, &in_header] {
        assert_eq!(respond(&table, event).await.unwrap(), allowed);
    }
}

#[tokio::test]
async fn the_response_is_the_same_for_every_invalid_token() {
    let rejected = json!({"isAuthorized": false, "context": {}});
    let other_id = Token::from_random([1; 8], [2; 32]);
    let mut secret_changed = sent_token().reveal();
    secret_changed.replace_range(20..22, if secret_changed.get(20..22) == Some("00") { "11" } else { "00" });
    let other_secret = Token::parse(&secret_changed).unwrap();
    for (name, event, table) in [
        ("unknown", UNKNOWN_TOKEN, table_with(&other_id, VALID)),
        ("wrong secret", UNKNOWN_TOKEN, table_with(&other_secret, VALID)),
        ("expired", UNKNOWN_TOKEN, table_with(&sent_token(), StoredToken { expires_in_seconds: 0, ..VALID })),
        ("revoked", UNKNOWN_TOKEN, table_with(&sent_token(), StoredToken { revoked: true, ..VALID })),
        ("intake scope on a read route", UNKNOWN_TOKEN, table_with(&sent_token(), VALID_FOR_INTAKE)),
        ("read scope on an intake route", INTAKE_QUERY, table_with(&sent_token(), VALID)),
        (
            "intake scope, expired",
            INTAKE_QUERY,
            table_with(&sent_token(), StoredToken { expires_in_seconds: 0, ..VALID_FOR_INTAKE }),
        ),
        (
            "intake scope, revoked",
            INTAKE_QUERY,
            table_with(&sent_token(), StoredToken { revoked: true, ..VALID_FOR_INTAKE }),
        ),
    ] {
        assert_eq!(respond(&table, event).await.unwrap(), rejected, "{name}");
    }
}

#[tokio::test]
async fn an_invalid_header_is_rejected_although_the_query_has_a_valid_token() {
    let table = table_with(&sent_token(), VALID_FOR_INTAKE);
    let unknown = Token::from_random([1; 8], [2; 32]).reveal();
    for header in ["Bearer abc", "", &unknown] {
        let event = with_tokens(INTAKE_QUERY, Some(header), Some(&sent_token().reveal()));
        assert_eq!(respond(&table, &event).await.unwrap()["isAuthorized"], false, "{header}");
    }
}

#[tokio::test]
async fn text_that_is_not_a_token_is_rejected_without_a_request_to_the_table() {
    let table = table_with(&sent_token(), VALID);
    let in_query_of_a_read = with_tokens(UNKNOWN_TOKEN, None, Some(&sent_token().reveal()));
    let no_token_at_the_intake = with_tokens(INTAKE_QUERY, None, None);
    for event in [NOT_A_TOKEN, &in_query_of_a_read, &no_token_at_the_intake, "{}"] {
        assert_eq!(respond(&table, event).await.unwrap()["isAuthorized"], false, "{event}");
    }
    assert_eq!(table.num_calls(), 0);
}

#[tokio::test]
async fn a_table_that_cannot_be_read_is_an_error() {
    let throttled = mock!(Client::get_item)
        .then_error(|| GetItemError::ThrottlingException(ThrottlingException::builder().build()));
    for event in [UNKNOWN_TOKEN, INTAKE_QUERY] {
        assert!(respond(&throttled, event).await.is_err());
    }
}

/// The template reads the organisation for the message from the authorizer's context.
#[tokio::test]
async fn a_posted_calls_message_has_the_organisation_of_its_token() {
    let response = respond(&table_with(&sent_token(), VALID_FOR_INTAKE), INTAKE_QUERY).await.unwrap();
    let text = |value: &str| json!({"DataType": "String", "StringValue": value});
    for integration in ["IntakeIntegration", "ElevenLabsIntakeIntegration"] {
        let attributes = test_support::template().message_attributes(integration, &response["context"]);
        assert_eq!(attributes, json!({"org_id": text("acme"), "source": text("webhook")}), "{integration}");
    }
}

#[tokio::test]
async fn the_log_has_the_reason_and_not_the_secret() {
    let log = CapturedLog::start();
    for (event, stored) in [(UNKNOWN_TOKEN, VALID_FOR_INTAKE), (INTAKE_QUERY, VALID), (INTAKE_QUERY, VALID_FOR_INTAKE)]
    {
        respond(&table_with(&sent_token(), stored), event).await.unwrap();
    }
    let text = log.text();
    let reasons: Vec<&str> = text.lines().filter_map(|line| line.split_once("reason=")).map(|(_, end)| end).collect();
    assert_eq!(reasons, ["WrongScope", "WrongScope", "Valid"], "{text}");
    assert!(text.contains(sent_token().id().as_str()));
    let secret = sent_token().reveal().rsplit('_').next().unwrap().to_owned();
    assert!(!text.contains(&secret), "{text}");
}

#[test]
fn the_template_sets_the_variable_that_is_read() {
    let variables = test_support::template().function_environment("AuthorizerFunction");
    assert_eq!(variables, [crate::TOKEN_TABLE.to_owned()].into());
}
