//! Complete requests, as API Gateway sends them, with mocked responses of the table.
#![expect(clippy::disallowed_types, reason = "the table is a mock of DynamoDB")]

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ErrorMetadata;
use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemOutput};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::error::ThrottlingException;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use domain::{CallId, OrgId, Outcome, OutcomeKind, StoredFeedback, Timestamp};
use lambda_http::{Body, Request, Response};
use serde_json::{Value, json};
use store::Store;
use test_support::FeedbackBuilder;

use crate::handler::handle;

const KNOWN: &str = include_str!("../../../events/get-known.json");
const NOT_MODIFIED: &str = include_str!("../../../events/get-not-modified.json");
const SKIPPED: &str = include_str!("../../../events/get-skipped.json");
const UNKNOWN: &str = include_str!("../../../events/get-unknown.json");

type Item = std::collections::HashMap<String, AttributeValue>;

/// A mocked table that has the item last put into it.
#[derive(Default)]
struct Table(Arc<Mutex<Item>>);

impl Table {
    fn store(&self) -> Store {
        let item = Arc::clone(&self.0);
        let put = mock!(Client::transact_write_items).then_compute_output(move |request| {
            let put = request.transact_items().iter().find_map(|action| action.put()).unwrap();
            item.lock().unwrap().clone_from(put.item());
            TransactWriteItemsOutput::builder().build()
        });
        let item = Arc::clone(&self.0);
        let get = mock!(Client::get_item).then_compute_output(move |request| {
            let item = item.lock().unwrap();
            let key = request.key().unwrap();
            let found = key.iter().all(|(name, value)| item.get(name) == Some(value));
            GetItemOutput::builder().set_item(found.then(|| item.clone())).build()
        });
        Store::from_client(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&put, &get]), "feedback")
    }

    async fn with_feedback(self) -> (Self, Store) {
        let store = self.store();
        let org = OrgId::parse("demo").unwrap();
        store.create_feedback(&org, &stored(&org)).await.unwrap();
        (self, store)
    }
}

/// Feedback that has every field but an agent.
fn stored(org: &OrgId) -> StoredFeedback {
    FeedbackBuilder::new("call-2026-1001").with_every_field().build(org)
}

fn store_with(get: &Rule) -> Store {
    Store::from_client(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [get]), "feedback")
}

/// The error of `DynamoDB` for too many requests.
fn throttled() -> ThrottlingException {
    let metadata = ErrorMetadata::builder().code("ThrottlingException").build();
    ThrottlingException::builder().meta(metadata).build()
}

fn request(event: &str) -> Request {
    lambda_http::request::from_str(event).unwrap()
}

fn edited(event: &str, edit: impl Fn(&mut Value)) -> Request {
    let mut event: Value = serde_json::from_str(event).unwrap();
    edit(&mut event);
    request(&event.to_string())
}

fn body(response: &Response<Body>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[tokio::test]
async fn the_response_has_the_whole_document() {
    let (_table, store) = Table::default().with_feedback().await;
    let response = handle(&store, request(KNOWN)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "private, max-age=31536000, immutable");
    let body = body(&response);
    let org = OrgId::parse("demo").unwrap();
    assert_eq!(body, json!({"success": true, "data": stored(&org)}));
    assert_eq!(body["data"]["score"], json!(7.5));
    assert_eq!(body["data"]["agent_id"], Value::Null);
}

#[test]
fn the_documented_response_has_the_fields_of_the_document_in_its_order() {
    let (_, section) = include_str!("../../../docs/API.md").split_once("### One call").unwrap();
    let example = section.split("```").nth(1).unwrap().strip_prefix("json").unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    let document = serde_json::to_value(stored(&OrgId::parse("demo").unwrap())).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&example["data"]), names(&document));
}

#[tokio::test]
async fn feedback_that_the_client_has_is_not_sent_again() {
    let (_table, store) = Table::default().with_feedback().await;
    let first = handle(&store, request(KNOWN)).await;
    let again = handle(&store, request(NOT_MODIFIED)).await;
    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["etag"], first.headers()["etag"]);
    assert!(again.body().is_empty());
}

#[tokio::test]
async fn an_unknown_call_is_not_found() {
    let (_table, store) = Table::default().with_feedback().await;
    let response = handle(&store, request(UNKNOWN)).await;
    assert_eq!(response.status(), 404);
    assert_eq!(body(&response)["error"]["code"], "feedback_not_found");
}

#[tokio::test]
async fn another_organisations_call_is_not_found() {
    let (_table, store) = Table::default().with_feedback().await;
    let other = edited(KNOWN, |event| event["requestContext"]["authorizer"]["lambda"]["org_id"] = json!("other"));
    let response = handle(&store, other).await;
    assert_eq!(response.status(), 404);
    assert_eq!(body(&response)["error"]["code"], "feedback_not_found");
}

#[tokio::test]
async fn a_skipped_call_is_a_404_with_the_reason() {
    let table = Table::default();
    let store = table.store();
    let outcome = Outcome {
        call_id: CallId::parse("call-2026-1003").unwrap(),
        agent_id: None,
        kind: OutcomeKind::Skipped,
        reason: "call_too_short".to_owned(),
        message: "The call took 16.3 s.".to_owned(),
        attempts: 1,
        recorded_at: Timestamp::parse("2026-11-22T10:00:31Z").unwrap(),
    };
    store.record_outcome(&OrgId::parse("demo").unwrap(), &outcome).await.unwrap();
    let response = handle(&store, request(SKIPPED)).await;
    assert_eq!(response.status(), 404);
    let error = json!({"code": "call_skipped", "message": "The call took 16.3 s.", "reason": "call_too_short", "request_id": ""});
    assert_eq!(body(&response), json!({"success": false, "error": error}));
}

#[tokio::test]
async fn a_throttled_table_is_a_503_with_retry_after() {
    let throttled = mock!(Client::get_item).then_error(|| GetItemError::ThrottlingException(throttled()));
    let response = handle(&store_with(&throttled), request(KNOWN)).await;
    assert_eq!(response.status(), 503);
    assert_eq!(body(&response)["error"]["code"], "unavailable");
    assert!(response.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn a_corrupt_item_is_a_500_without_details() {
    let corrupt = mock!(Client::get_item).then_output(|| {
        GetItemOutput::builder().item("item_key", AttributeValue::S("feedback#call-2026-1001".to_owned())).build()
    });
    let response = handle(&store_with(&corrupt), request(KNOWN)).await;
    assert_eq!(response.status(), 500);
    assert_eq!(body(&response)["error"]["message"], "internal error");
}

#[tokio::test]
async fn a_request_without_an_organisation_is_a_401() {
    let unauthorized = edited(KNOWN, |event| event["requestContext"]["authorizer"] = Value::Null);
    let response = handle(&Table::default().store(), unauthorized).await;
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn an_invalid_path_or_query_is_a_400_that_names_the_parameter() {
    let store = Table::default().store();
    let invalid_call = edited(KNOWN, |event| event["pathParameters"]["call_id"] = json!("a b"));
    let invalid_query = edited(KNOWN, |event| event["rawQueryString"] = json!("pretty=1"));
    for (request, name) in [(invalid_call, "call_id: "), (invalid_query, "pretty: ")] {
        let response = handle(&store, request).await;
        assert_eq!(response.status(), 400);
        let body = body(&response);
        assert_eq!(body["error"]["code"], "invalid_parameter");
        assert!(body["error"]["message"].as_str().unwrap().starts_with(name), "{body}");
    }
}
