//! Complete requests, as API Gateway sends them, with mocked responses of the table. The store's tests check what is counted.
#![expect(clippy::disallowed_types, reason = "the table is a mock of DynamoDB")]

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use domain::Timestamp;
use lambda_http::{Body, Response};
use serde_json::{Value, json};
use store::Store;

use crate::handler::handle;

fn empty() -> Rule {
    mock!(Client::query).then_output(|| QueryOutput::builder().set_items(Some(vec![])).build())
}

async fn respond(table: &Rule, event: &str) -> (u16, Value) {
    let store = Store::from_client(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [table]), "feedback");
    let now = Timestamp::parse("2026-11-23T08:00:00Z").unwrap();
    let response: Response<Body> = handle(&store, now, lambda_http::request::from_str(event).unwrap()).await;
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

#[tokio::test]
async fn without_feedback_averages_are_null_and_counts_are_0() {
    let (status, body) = respond(&empty(), include_str!("../../../events/stats-all.json")).await;
    assert_eq!(status, 200);
    let data = &body["data"];
    assert_eq!(data["total_feedback"], 0);
    for field in ["average_score", "median_score", "p10_score", "p90_score", "min_score", "max_score"] {
        assert_eq!(data[field], Value::Null, "{field}");
    }
    assert_eq!(data["distribution"].as_array().unwrap().len(), 11);
    assert_eq!(data["criteria"].as_object().unwrap().len(), 12);
    let trend = data["trend"].as_array().unwrap();
    assert_eq!(trend.len(), 30);
    assert_eq!(trend[29], json!({"date": "2026-11-23", "count": 0, "average_score": null}));
}

#[tokio::test]
async fn the_trend_has_the_days_of_the_range() {
    let (status, body) = respond(&empty(), include_str!("../../../events/stats-range.json")).await;
    assert_eq!(status, 200);
    let trend = body["data"]["trend"].as_array().unwrap();
    assert_eq!((trend.len(), &trend[0]["date"]), (30, &json!("2026-11-01")));
}

#[tokio::test]
async fn an_invalid_parameter_is_a_400_without_a_request_to_the_table() {
    let table = empty();
    let (status, body) = respond(&table, include_str!("../../../events/stats-bad-parameter.json")).await;
    assert_eq!(status, 400);
    assert_eq!(body["error"]["message"], "from: must be a date such as 2026-11-22");
    assert_eq!(table.num_calls(), 0);
}
