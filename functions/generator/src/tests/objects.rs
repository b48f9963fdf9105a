//! Batches whose calls lie in S3.

use aws_sdk_s3::Client as S3;
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::error::NoSuchKey;
use domain::OrgId;

use super::*;
use crate::objects::{Bucket, MAXIMUM_BYTES};

/// A bucket of the organisation `owner` that answers by this rule.
fn bucket(rule: &Rule) -> Bucket {
    let client = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [rule]);
    Bucket::new(client, "transcripts", Some(OrgId::parse("owner").unwrap()))
}

/// A bucket that holds one text under that key.
fn holding(key: &'static str, text: String) -> Rule {
    mock!(S3::get_object)
        .match_requests(move |request| request.bucket() == Some("transcripts") && request.key() == Some(key))
        .then_output(move || GetObjectOutput::builder().body(ByteStream::from(text.clone().into_bytes())).build())
}

/// What was asked of the table and the queues after one message, and what came back.
async fn after(rule: &Rule, body: &Value) -> (Seen, Vec<String>) {
    after_attempt(rule, body, 1).await
}

async fn after_attempt(rule: &Rule, body: &Value, attempts: u32) -> (Seen, Vec<String>) {
    let seen = Seen::default();
    let mut deps = seen.deps(&seen.table_works(), &seen.dead_letter_queue_works());
    deps.bucket = Some(bucket(rule));
    let failed = failures(&deps, batch(&[message("m1", &body.to_string(), attempts)])).await;
    (seen, failed)
}

fn reference(key: &str) -> Value {
    json!({"org_id": "demo", "s3": {"bucket": "transcripts", "key": key}})
}

fn announced(keys: &[&str]) -> Value {
    let record = |key: &&str| {
        json!({"eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "transcripts"}, "object": {"key": key}}})
    };
    json!({"Records": keys.iter().map(record).collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_call_is_fetched_from_where_the_message_says() {
    let object = holding("calls/1.json", call("c1", 60).to_string());
    let (seen, failed) = after(&object, &reference("calls/1.json")).await;
    assert!(failed.is_empty());
    assert_eq!((seen.put("org_id").as_deref(), seen.put("item_key").as_deref()), (Some("demo"), Some("feedback#c1")));
    assert_eq!(object.num_calls(), 1);
}

#[tokio::test]
async fn what_s3_announces_belongs_to_the_buckets_owner_and_is_named_by_its_object() {
    let file = json!({"JobStatus": "COMPLETED", "Channel": "VOICE", "Transcript": [
        {"ParticipantRole": "AGENT", "Content": "May I offer you a lower rate?", "BeginOffsetMillis": 0, "EndOffsetMillis": 40_000},
        {"ParticipantRole": "CUSTOMER", "Content": "That works, thank you.", "BeginOffsetMillis": 40_000, "EndOffsetMillis": 50_000}]});
    let (seen, failed) = after(&holding("a/job-7.json", file.to_string()), &announced(&["a/job-7.json"])).await;
    assert!(failed.is_empty());
    assert_eq!(seen.put("org_id").as_deref(), Some("owner"));
    assert_eq!(seen.put("item_key").as_deref(), Some("feedback#job-7"));
}

#[tokio::test]
async fn every_object_of_a_message_is_worked_on_and_one_that_is_not_there_brings_it_back() {
    let (seen, failed) = after(&holding("2.json", call("c2", 60).to_string()), &announced(&["2.json"])).await;
    assert_eq!((seen.put("item_key").as_deref(), failed.len()), (Some("feedback#c2"), 0));
    let missing = mock!(S3::get_object).then_error(|| GetObjectError::NoSuchKey(NoSuchKey::builder().build()));
    let (seen, failed) = after(&missing, &announced(&["1.json", "2.json"])).await;
    assert_eq!((failed, missing.num_calls()), (vec!["m1".to_owned()], 2));
    assert!(seen.dead_letters.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_last_failure_to_fetch_is_recorded_for_the_call_that_the_object_names() {
    let missing = mock!(S3::get_object).then_error(|| GetObjectError::NoSuchKey(NoSuchKey::builder().build()));
    let (seen, failed) = after_attempt(&missing, &reference("calls/c9.json"), 5).await;
    assert_eq!(failed, ["m1"]);
    assert_eq!(seen.put("item_key").as_deref(), Some("outcome#c9"));
    assert_eq!(seen.put("message").as_deref(), Some("the call could not be fetched, 5 times in a row"));
}

#[tokio::test]
async fn what_can_never_be_read_is_a_dead_letter_and_a_failed_call() {
    let elsewhere = json!({"org_id": "demo", "call_id": "c1", "s3": {"bucket": "others", "key": "k.json"}});
    let unasked = mock!(S3::get_object).then_output(|| GetObjectOutput::builder().build());
    let large = holding("c1.json", " ".repeat(MAXIMUM_BYTES + 1));
    let binary = mock!(S3::get_object)
        .then_output(|| GetObjectOutput::builder().body(ByteStream::from_static(b"\xff\xfb\x90")).build());
    let no_call = holding("c1.json", "{}".to_owned());
    for (rule, body, code, calls) in [
        (&unasked, elsewhere, "bucket_not_configured", 0),
        (&large, reference("c1.json"), "object_too_large", 1),
        (&binary, reference("c1.json"), "malformed_message", 1),
        (&no_call, reference("c1.json"), "unknown_format", 1),
    ] {
        let (seen, failed) = after(rule, &body).await;
        assert!(failed.is_empty(), "{code}");
        let letters = seen.dead_letters.lock().unwrap();
        let attribute = letters[0].message_attributes().unwrap()["error_code"].string_value();
        assert_eq!((attribute, letters[0].message_body()), (Some(code), Some(body.to_string().as_str())));
        assert_eq!((seen.put("item_key").as_deref(), rule.num_calls()), (Some("outcome#c1"), calls), "{code}");
    }
}

#[tokio::test]
async fn an_object_that_says_that_it_is_too_large_is_not_fetched() {
    let mut event = announced(&["c1.json"]);
    event["Records"][0]["s3"]["object"]["size"] = json!(MAXIMUM_BYTES + 1);
    let unasked = mock!(S3::get_object).then_output(|| GetObjectOutput::builder().build());
    let (seen, failed) = after(&unasked, &event).await;
    assert_eq!((failed.len(), unasked.num_calls(), seen.put("item_key")), (0, 0, Some("outcome#c1".to_owned())));
}

#[tokio::test]
async fn without_a_bucket_nothing_is_fetched() {
    let seen = Seen::default();
    let deps = seen.deps(&seen.table_works(), &seen.dead_letter_queue_works());
    assert!(failures(&deps, batch(&[message("m1", &reference("c1.json").to_string(), 1)])).await.is_empty());
    let letters = seen.dead_letters.lock().unwrap();
    let attributes = letters[0].message_attributes().unwrap();
    assert_eq!(attributes["error_code"].string_value(), Some("bucket_not_configured"));
    assert!(attributes["error_reason"].string_value().unwrap().contains("TranscriptBucket"));
}

#[tokio::test]
async fn a_webhook_cannot_have_an_object_read() {
    let seen = Seen::default();
    let mut deps = seen.deps(&seen.table_works(), &seen.dead_letter_queue_works());
    let object = holding("c1.json", call("c1", 60).to_string());
    deps.bucket = Some(bucket(&object));
    let mut posted = message("m1", &reference("c1.json").to_string(), 1);
    posted["messageAttributes"]["source"] = json!({"dataType": "String", "stringValue": "webhook"});
    assert!(failures(&deps, batch(&[posted])).await.is_empty());
    let letters = seen.dead_letters.lock().unwrap();
    let code = letters[0].message_attributes().unwrap()["error_code"].string_value();
    assert_eq!((code, object.num_calls()), (Some("objects_from_webhook"), 0));
}
