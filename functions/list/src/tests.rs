//! Complete requests, as API Gateway sends them, with mocked responses of the table. The store's tests check which rows are listed.
#![expect(clippy::disallowed_types, reason = "the table is a mock of DynamoDB")]

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ErrorMetadata;
use aws_sdk_dynamodb::operation::query::{QueryError, QueryOutput};
use aws_sdk_dynamodb::types::error::ThrottlingException;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use domain::{FeedbackRow, OrgId};
use lambda_http::{Body, Request, Response};
use serde_json::{Value, json};
use store::Store;
use test_support::FeedbackBuilder;

use crate::handler::handle;

fn store(query: &Rule) -> Store {
    Store::from_client(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [query]), "feedback")
}

fn empty() -> Rule {
    mock!(Client::query).then_output(|| QueryOutput::builder().set_items(Some(vec![])).build())
}

/// The error of `DynamoDB` for too many requests.
fn throttled() -> ThrottlingException {
    let metadata = ErrorMetadata::builder().code("ThrottlingException").build();
    ThrottlingException::builder().meta(metadata).build()
}

fn request(event: &str) -> Request {
    lambda_http::request::from_str(event).unwrap()
}

fn body(response: &Response<Body>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[tokio::test]
async fn an_empty_list_is_an_empty_page() {
    let response = handle(&store(&empty()), request(include_str!("../../../events/list-all.json"))).await;
    assert_eq!(response.status(), 200);
    let pagination = json!({"total": 0, "limit": 50, "offset": 0, "has_more": false, "next_cursor": null});
    assert_eq!(body(&response), json!({"success": true, "data": [], "pagination": pagination}));
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[test]
fn the_documented_row_has_the_fields_of_a_row_in_their_order() {
    let (_, section) = include_str!("../../../docs/API.md").split_once("### A list").unwrap();
    let example = section.split("```").nth(1).unwrap().strip_prefix("json").unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    let stored = FeedbackBuilder::new("c1").with_every_field().build(&OrgId::parse("demo").unwrap());
    let row: FeedbackRow = serde_json::from_value(json!(stored)).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&example["data"][0]), names(&json!(row)));
}

#[tokio::test]
async fn sort_and_order_choose_the_index_and_its_direction() {
    let by_score = mock!(Client::query)
        .match_requests(|query| {
            query.index_name() == Some("org-score-index") && query.scan_index_forward() == Some(true)
        })
        .then_output(|| QueryOutput::builder().set_items(Some(vec![])).build());
    let others = empty();
    let client = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&by_score, &others]);
    let event = request(include_str!("../../../events/list-filtered.json"));
    let response = handle(&Store::from_client(client, "feedback"), event).await;
    assert_eq!(body(&response)["pagination"]["offset"], 20);
    assert_eq!(by_score.num_calls(), 1);
}

#[tokio::test]
async fn an_invalid_parameter_is_a_400_without_a_request_to_the_table() {
    let table = empty();
    for (event, message) in [
        (include_str!("../../../events/list-bad-parameter.json"), "limit: must be a whole number from 1 to 100"),
        (include_str!("../../../events/list-repeated-parameter.json"), "limit: must be given only once"),
    ] {
        let response = handle(&store(&table), request(event)).await;
        assert_eq!(response.status(), 400);
        assert_eq!(body(&response)["error"]["code"], "invalid_parameter");
        assert_eq!(body(&response)["error"]["message"], message);
    }
    assert_eq!(table.num_calls(), 0);
}

#[tokio::test]
async fn a_text_that_is_not_a_cursor_is_an_invalid_parameter() {
    let response = handle(&store(&empty()), request(&test_support::http_event("cursor=bm90IG91cnM"))).await;
    assert_eq!(response.status(), 400);
    assert!(body(&response)["error"]["message"].as_str().unwrap().starts_with("cursor: "));
}

#[tokio::test]
async fn a_throttled_table_is_a_503() {
    let throttled = mock!(Client::query).then_error(|| QueryError::ThrottlingException(throttled()));
    let response = handle(&store(&throttled), request(&test_support::http_event(""))).await;
    assert_eq!(response.status(), 503);
}
