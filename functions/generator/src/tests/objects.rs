//! Batches whose calls lie in S3.

use aws::{S3, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::region::Region;
use domain::OrgId;

use super::*;
use crate::objects::{Bucket, MAXIMUM_BYTES};

/// The bucket `transcripts` of the organisation `owner`, in an S3 that this server stands for.
fn bucket(server: &StubServer) -> Bucket {
    bucket_at(server.address())
}

/// The same in an S3 at that address.
pub(super) fn bucket_at(address: &str) -> Bucket {
    let credentials = SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test"));
    let aws = SdkConfig::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .endpoint_url(format!("http://{address}"));
    Bucket::new(S3::new(&aws.build()), "transcripts", Some(OrgId::parse("owner").unwrap()))
}

/// An S3 that holds one text under that key of the bucket `transcripts`, and nothing else.
fn holding(key: &str, text: &str) -> StubServer {
    let (target, found, missing) = (format!("GET /transcripts/{key} "), response(200, "", text), response(403, "", ""));
    StubServer::start(move |request| {
        Some(if request.head.starts_with(&target) { found.clone() } else { missing.clone() })
    })
}

/// What was asked of the table and the queues after one message, and what came back.
async fn after(s3: &StubServer, body: &Value) -> (AwsRequests, Vec<String>) {
    after_attempt(s3, body, 1).await
}

async fn after_attempt(s3: &StubServer, body: &Value, attempts: u32) -> (AwsRequests, Vec<String>) {
    let requests = AwsRequests::default();
    let mut deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    deps.bucket = Some(bucket(s3));
    let failed = failures(&deps, batch(&[message("m1", &body.to_string(), attempts)])).await;
    (requests, failed)
}

pub(super) fn reference(key: &str) -> Value {
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
    let object = holding("calls/1.json", &call("c1", 60).to_string());
    let (requests, failed) = after(&object, &reference("calls/1.json")).await;
    assert!(failed.is_empty());
    assert_eq!(
        (requests.put("org_id").as_deref(), requests.put("item_key").as_deref()),
        (Some("demo"), Some("feedback#c1"))
    );
    assert_eq!(object.rest().len(), 1);
}

#[tokio::test]
async fn what_s3_announces_belongs_to_the_buckets_owner_and_is_named_by_its_object() {
    let file = json!({"JobStatus": "COMPLETED", "Channel": "VOICE", "Transcript": [
        {"ParticipantRole": "AGENT", "Content": "May I offer you a lower rate?", "BeginOffsetMillis": 0, "EndOffsetMillis": 40_000},
        {"ParticipantRole": "CUSTOMER", "Content": "That works, thank you.", "BeginOffsetMillis": 40_000, "EndOffsetMillis": 50_000}]});
    let (requests, failed) = after(&holding("a/job-7.json", &file.to_string()), &announced(&["a/job-7.json"])).await;
    assert!(failed.is_empty());
    assert_eq!(requests.put("org_id").as_deref(), Some("owner"));
    assert_eq!(requests.put("item_key").as_deref(), Some("feedback#job-7"));
}

#[tokio::test]
async fn every_object_of_a_message_is_worked_on_and_one_that_is_not_there_brings_it_back() {
    let (requests, failed) = after(&holding("2.json", &call("c2", 60).to_string()), &announced(&["2.json"])).await;
    assert_eq!((requests.put("item_key").as_deref(), failed.len()), (Some("feedback#c2"), 0));
    let missing = holding("3.json", "");
    let (requests, failed) = after(&missing, &announced(&["1.json", "2.json"])).await;
    assert_eq!((failed, missing.rest().len()), (vec!["m1".to_owned()], 2));
    assert!(requests.dead_letters.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_last_failure_to_fetch_is_recorded_for_the_call_that_the_object_names() {
    let missing = holding("3.json", "");
    let (requests, failed) = after_attempt(&missing, &reference("calls/c9.json"), 5).await;
    assert_eq!(failed, ["m1"]);
    assert_eq!(requests.put("item_key").as_deref(), Some("outcome#c9"));
    assert_eq!(requests.put("message").as_deref(), Some("the call could not be fetched, 5 times in a row"));
}

#[tokio::test]
async fn what_can_never_be_read_is_a_dead_letter_and_a_failed_call() {
    let elsewhere = json!({"org_id": "demo", "call_id": "c1", "s3": {"bucket": "others", "key": "k.json"}});
    let unasked = holding("k.json", "");
    let large = holding("c1.json", &" ".repeat(MAXIMUM_BYTES + 1));
    let binary = StubServer::start(|_| Some(response(200, "", b"\xff\xfb\x90")));
    let no_call = holding("c1.json", "{}");
    for (s3, body, code, fetches) in [
        (&unasked, elsewhere, "bucket_not_configured", 0),
        (&large, reference("c1.json"), "object_too_large", 1),
        (&binary, reference("c1.json"), "malformed_message", 1),
        (&no_call, reference("c1.json"), "unknown_format", 1),
    ] {
        let (requests, failed) = after(s3, &body).await;
        assert!(failed.is_empty(), "{code}");
        let letters = requests.dead_letters.lock().unwrap();
        let attribute = letters[0].message_attributes().unwrap()["error_code"].string_value();
        assert_eq!((attribute, letters[0].message_body()), (Some(code), Some(body.to_string().as_str())));
        assert_eq!((requests.put("item_key").as_deref(), s3.rest().len()), (Some("outcome#c1"), fetches), "{code}");
    }
}

#[tokio::test]
async fn an_object_that_says_that_it_is_too_large_is_not_fetched() {
    let mut event = announced(&["c1.json"]);
    event["Records"][0]["s3"]["object"]["size"] = json!(MAXIMUM_BYTES + 1);
    let unasked = holding("c1.json", "");
    let (requests, failed) = after(&unasked, &event).await;
    assert_eq!((failed.len(), unasked.rest().len(), requests.put("item_key")), (0, 0, Some("outcome#c1".to_owned())));
}

#[tokio::test]
async fn without_a_bucket_nothing_is_fetched() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    assert!(failures(&deps, batch(&[message("m1", &reference("c1.json").to_string(), 1)])).await.is_empty());
    let letters = requests.dead_letters.lock().unwrap();
    let attributes = letters[0].message_attributes().unwrap();
    assert_eq!(attributes["error_code"].string_value(), Some("bucket_not_configured"));
    assert!(attributes["error_reason"].string_value().unwrap().contains("TranscriptBucket"));
}

#[tokio::test]
async fn a_webhook_cannot_have_an_object_read() {
    let requests = AwsRequests::default();
    let mut deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let object = holding("c1.json", &call("c1", 60).to_string());
    deps.bucket = Some(bucket(&object));
    let mut posted = message("m1", &reference("c1.json").to_string(), 1);
    posted["messageAttributes"]["source"] = json!({"dataType": "String", "stringValue": "webhook"});
    assert!(failures(&deps, batch(&[posted])).await.is_empty());
    let letters = requests.dead_letters.lock().unwrap();
    let code = letters[0].message_attributes().unwrap()["error_code"].string_value();
    assert_eq!((code, object.rest().len()), (Some("objects_from_webhook"), 0));
}

/// An S3 that holds those texts under those keys, and nothing else.
fn holding_all(objects: Vec<(&'static str, String)>) -> StubServer {
    StubServer::start(move |request| {
        let found = objects.iter().find(|(key, _)| request.head.starts_with(&format!("GET /transcripts/{key} ")));
        Some(found.map_or_else(|| response(403, "", ""), |(_, text)| response(200, "", text)))
    })
}

/// Everything that was put into the table, by its key.
fn keys(requests: &AwsRequests) -> Vec<String> {
    let transactions = requests.transactions.lock().unwrap();
    transactions.iter().map(|actions| put_key(actions).to_owned()).collect()
}

#[tokio::test]
async fn a_message_with_bad_objects_is_one_dead_letter_and_the_good_ones_are_scored() {
    let s3 = holding_all(vec![
        ("1.json", call("c1", 60).to_string()),
        ("2.json", "{".to_owned()),
        ("3.json", call("c3", 10).to_string()),
        ("4.json", "{}".to_owned()),
    ]);
    let mut body = announced(&["1.json", "2.json", "3.json", "4.json", "%ff.json"]);
    body["org_id"] = json!("demo");
    let requests = AwsRequests::default();
    let mut deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    deps.bucket = Some(bucket(&s3));
    let event = batch(&[message("m1", &body.to_string(), 1)]);
    let handled = handle(&deps, event, Instant::now() + Duration::from_mins(1)).await.unwrap();
    assert!(handled.response.batch_item_failures.is_empty());
    assert_eq!(keys(&requests), ["feedback#c1", "outcome#2", "outcome#c3", "outcome#4"]);
    let letters = requests.dead_letters.lock().unwrap();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    let attributes = letter.message_attributes().unwrap();
    assert_eq!(attributes["error_code"].string_value(), Some("malformed_message"));
    let reason = attributes["error_reason"].string_value().unwrap();
    assert!(reason.starts_with("3 of 5 objects cannot be scored: $: is not JSON: EOF"), "{reason}");
    assert!(reason.contains("unknown format") && reason.contains("Records[4].s3.object.key: is not UTF-8"), "{reason}");
    let metrics: Value = serde_json::from_str(&handled.metrics).unwrap();
    let counted = ["CallsScored", "CallsSkipped", "CallsFailed", "CallsRetried"].map(|name| metrics[name].as_u64());
    assert_eq!(counted, [Some(1), Some(1), Some(3), Some(0)]);
}

#[tokio::test]
async fn while_one_object_is_unfinished_the_message_comes_back_and_is_no_dead_letter() {
    let objects = || vec![("1.json", call("c1", 60).to_string()), ("2.json", "{}".to_owned())];
    let mut body = announced(&["1.json", "2.json", "3.json"]);
    body["org_id"] = json!("demo");
    let (requests, failed) = after(&holding_all(objects()), &body).await;
    assert_eq!(
        (keys(&requests), failed),
        (vec!["feedback#c1".to_owned(), "outcome#2".to_owned()], vec!["m1".to_owned()])
    );
    assert!(requests.dead_letters.lock().unwrap().is_empty());
    // At the last attempt SQS moves the message; what failed is recorded for the call that did.
    let (requests, failed) = after_attempt(&holding_all(objects()), &body, 5).await;
    assert_eq!((keys(&requests).pop(), failed.len()), (Some("outcome#3".to_owned()), 1));
    assert!(requests.dead_letters.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_call_that_has_feedback_is_not_scored_again_when_its_message_comes_back() {
    let org = OrgId::parse("demo").unwrap();
    let stored = test_support::FeedbackBuilder::new("c1").build(&org);
    let requests = AwsRequests::default();
    let item = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&item);
    let put = mock!(Table::transact_write_items).then_compute_output(move |request| {
        let put = request.transact_items().iter().find_map(TransactWriteItem::put).unwrap();
        kept.lock().unwrap().get_or_insert_with(|| put.item().clone());
        TransactWriteItemsOutput::builder().build()
    });
    let kept = Arc::clone(&item);
    let get = mock!(Table::get_item).then_compute_output(move |request| {
        let is_feedback = request.key().unwrap()["item_key"].as_s().unwrap().starts_with("feedback#");
        GetItemOutput::builder().set_item(kept.lock().unwrap().clone().filter(|_| is_feedback)).build()
    });
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&put, &get]);
    let mut deps = requests.deps(&put, &requests.dead_letter_queue_works());
    deps.store = Store::from_client(table, "feedback");
    deps.store.create_feedback(&org, &stored).await.unwrap();
    let writes = put.num_calls();
    let event = || batch(&[message("m1", &call("c1", 60).to_string(), 2)]);
    assert!(failures(&deps, event()).await.is_empty());
    assert_eq!(put.num_calls(), writes);
}

#[tokio::test]
async fn an_object_that_brings_a_bug_to_light_fails_alone() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let s3 = holding_all(vec![("1.json", call("c1", 60).to_string()), ("2.json", call("c2", 60).to_string())]);
    let mut body = announced(&["1.json", "2.json"]);
    body["org_id"] = json!("demo");
    let requests = AwsRequests::default();
    let mut deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    deps.bucket = Some(bucket(&s3));
    deps.clock = || match ASKED.fetch_add(1, Ordering::Relaxed) {
        0 => panic!("a bug"),
        _ => Timestamp::parse(NOW).unwrap(),
    };
    assert!(failures(&deps, batch(&[message("m1", &body.to_string(), 1)])).await.is_empty());
    assert_eq!(keys(&requests), ["outcome#1", "feedback#c2"]);
    let letters = requests.dead_letters.lock().unwrap();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.message_attributes().unwrap()["error_code"].string_value(), Some("internal_error"));
}

#[tokio::test]
async fn a_reference_without_a_key_or_out_of_the_bucket_fetches_nothing() {
    for key in ["", "..", "../others/c1.json"] {
        let unasked = holding("c1.json", &call("c1", 60).to_string());
        let (requests, failed) = after(&unasked, &reference(key)).await;
        assert_eq!(
            (failed.len(), unasked.rest().len(), requests.dead_letters.lock().unwrap().len()),
            (0, 0, 1),
            "{key}"
        );
    }
}
