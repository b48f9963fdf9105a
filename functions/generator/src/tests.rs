//! Whole batches against mocked responses of the table and the queues.
#![expect(clippy::disallowed_types, reason = "the table is a mock of DynamoDB")]

mod llm_scoring;
mod memory;
mod objects;
mod privacy;
mod producers;
mod unreadable;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use aws_sdk_dynamodb::Client as Table;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput};
use aws_sdk_dynamodb::types::error::{ThrottlingException, TransactionCanceledException};
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use aws_sdk_sqs::Client as Sqs;
use aws_sdk_sqs::operation::change_message_visibility_batch::ChangeMessageVisibilityBatchOutput;
use aws_sdk_sqs::operation::send_message::{SendMessageError, SendMessageInput, SendMessageOutput};
use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry;
use aws_sdk_sqs::types::error::InvalidMessageContents;
use aws_smithy_http_client::test_util::NeverClient;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use domain::Timestamp;
use serde_json::{Value, json};
use store::Store;
use test_support::{CapturedLog, StubServer, response};
use tokio::time::Instant;

use crate::config::Config;
use crate::handler::handle;
use crate::queue::Queue;
use crate::record::MissingMessageId;
use crate::scorer::ActiveScorer;
use crate::work::Deps;

const NOW: &str = "2026-11-22T10:00:31Z";

/// What was asked of the table and the queues.
#[derive(Default)]
struct AwsRequests {
    transactions: Arc<Mutex<Vec<Vec<TransactWriteItem>>>>,
    dead_letters: Arc<Mutex<Vec<SendMessageInput>>>,
    delays: Arc<Mutex<Vec<ChangeMessageVisibilityBatchRequestEntry>>>,
}

impl AwsRequests {
    fn table_works(&self) -> Rule {
        let transactions = Arc::clone(&self.transactions);
        mock!(Table::transact_write_items).then_compute_output(move |request| {
            transactions.lock().unwrap().push(request.transact_items().to_vec());
            TransactWriteItemsOutput::builder().build()
        })
    }

    fn dead_letter_queue_works(&self) -> Rule {
        let dead_letters = Arc::clone(&self.dead_letters);
        mock!(Sqs::send_message).then_compute_output(move |request| {
            dead_letters.lock().unwrap().push(request.clone());
            SendMessageOutput::builder().build()
        })
    }

    /// The function's parts, with the table and the dead-letter queue answering by these rules.
    fn deps(&self, table: &Rule, dead_letter_queue: &Rule) -> Deps {
        let nothing = mock!(Table::get_item).then_output(|| GetItemOutput::builder().build());
        let delays = Arc::clone(&self.delays);
        let delay = mock!(Sqs::change_message_visibility_batch).then_compute_output(move |request| {
            delays.lock().unwrap().extend_from_slice(request.entries());
            let output = ChangeMessageVisibilityBatchOutput::builder();
            output.set_successful(Some(vec![])).set_failed(Some(vec![])).build().unwrap()
        });
        let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&nothing, table]);
        let sqs = mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [dead_letter_queue, &delay]);
        deps(table, sqs)
    }

    /// The attribute of the first item that the table was asked to put.
    fn put(&self, attribute: &str) -> Option<String> {
        let transactions = self.transactions.lock().unwrap();
        let item = transactions.iter().flatten().find_map(|action| action.put())?.item().get(attribute)?;
        item.as_s().ok().cloned()
    }
}

fn deps(table: Table, sqs: Sqs) -> Deps {
    let required = |name: &str| name.starts_with("CALL_FEEDBACK_") || name == "AWS_LAMBDA_FUNCTION_NAME";
    let config = Config::from_lookup(|name| required(name).then(|| name.to_owned())).unwrap();
    let queue = Queue::new(sqs, &config.queue_url, &config.dead_letter_queue_url);
    let (store, clock) = (Store::from_client(table, &config.table), || Timestamp::parse(NOW).unwrap());
    Deps { store, queue, bucket: None, scorer: ActiveScorer::Embedded, config, clock }
}

fn cancelled(code: &str) -> TransactWriteItemsError {
    let reason = CancellationReason::builder().code(code).build();
    let error = TransactionCanceledException::builder().cancellation_reasons(reason).build();
    TransactWriteItemsError::TransactionCanceledException(error)
}

fn call(call_id: &str, seconds: u32) -> Value {
    json!({
        "org_id": "demo", "call_id": call_id, "agent_id": "agent_7", "duration_seconds": seconds,
        "transcript": [
            {"role": "agent", "text": "Thanks for calling, how can I help?"},
            {"role": "customer", "text": "My order never arrived."},
            {"role": "agent", "text": "I am sorry. I have sent a new one, it arrives tomorrow."},
            {"role": "customer", "text": "Great, thank you!"}
        ]
    })
}

fn message(id: &str, body: &str, attempts: u32) -> Value {
    json!({
        "messageId": id, "receiptHandle": format!("receipt-{id}"), "body": body,
        "attributes": {"ApproximateReceiveCount": attempts.to_string()},
        "messageAttributes": {"campaign": {"dataType": "String", "stringValue": "q4"}}
    })
}

fn batch(messages: &[Value]) -> SqsEvent {
    serde_json::from_value(json!({"Records": messages})).unwrap()
}

async fn failures(deps: &Deps, event: SqsEvent) -> Vec<String> {
    let handled = handle(deps, event, Instant::now() + Duration::from_mins(1)).await.unwrap();
    handled.response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn a_call_is_scored_and_its_message_done() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let done = failures(&deps, batch(&[message("m1", &call("c1", 120).to_string(), 1)])).await;
    assert!(done.is_empty());
    assert_eq!(requests.put("item_key").as_deref(), Some("feedback#c1"));
    assert_eq!(requests.put("created_at").as_deref(), Some(NOW));
    assert!(requests.dead_letters.lock().unwrap().is_empty());
    assert!(requests.delays.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_second_delivery_is_a_success() {
    let requests = AwsRequests::default();
    let stored = mock!(Table::transact_write_items).then_error(|| cancelled("ConditionalCheckFailed"));
    let deps = requests.deps(&stored, &requests.dead_letter_queue_works());
    assert!(failures(&deps, batch(&[message("m1", &call("c1", 120).to_string(), 2)])).await.is_empty());
}

#[tokio::test]
async fn a_call_to_be_skipped_that_has_feedback_is_a_duplicate_and_no_skip() {
    let requests = AwsRequests::default();
    let scored = mock!(Table::transact_write_items).then_error(|| cancelled("ConditionalCheckFailed"));
    let deps = requests.deps(&scored, &requests.dead_letter_queue_works());
    let log = CapturedLog::start();
    let event = batch(&[message("m1", &call("c1", 29).to_string(), 1)]);
    let handled = handle(&deps, event, Instant::now() + Duration::from_mins(1)).await.unwrap();
    assert!(handled.response.batch_item_failures.is_empty());
    let metrics: Value = serde_json::from_str(&handled.metrics).unwrap();
    assert_eq!((&metrics["CallsDuplicate"], &metrics["CallsSkipped"]), (&json!(1), &json!(0)));
    assert!(log.text().contains("outcome=\"duplicate\""), "{}", log.text());
}

#[tokio::test]
async fn a_short_call_is_recorded_as_skipped() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    assert!(failures(&deps, batch(&[message("m1", &call("c1", 29).to_string(), 1)])).await.is_empty());
    assert_eq!(requests.put("item_key").as_deref(), Some("outcome#c1"));
    assert_eq!(requests.put("kind").as_deref(), Some("skipped"));
    assert_eq!(requests.put("reason").as_deref(), Some("call_too_short"));
}

#[tokio::test]
async fn a_call_in_another_language_is_recorded_as_skipped() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let mut german = call("c1", 120);
    german["language"] = json!("de-AT");
    assert!(failures(&deps, batch(&[message("m1", &german.to_string(), 1)])).await.is_empty());
    assert_eq!(requests.put("reason").as_deref(), Some("unsupported_language"));
}

#[tokio::test]
async fn a_message_that_can_never_be_scored_moves_with_its_reason() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let mut broken = call("c1", 120);
    broken["transcript"][3]["role"] = json!("supervisor");
    let body = broken.to_string();
    assert!(failures(&deps, batch(&[message("m1", &body, 1)])).await.is_empty());
    let letters = requests.dead_letters.lock().unwrap();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.queue_url(), Some("CALL_FEEDBACK_DLQ_URL"));
    assert_eq!(letter.message_body(), Some(body.as_str()));
    let attribute = |name: &str| letter.message_attributes().unwrap()[name].string_value().unwrap();
    assert_eq!(attribute("error_code"), "malformed_message");
    assert!(attribute("error_reason").starts_with("transcript[3].role: unknown role \"supervisor\""));
    assert_eq!(attribute("campaign"), "q4");
    assert_eq!(requests.put("item_key").as_deref(), Some("outcome#c1"));
    assert_eq!(requests.put("kind").as_deref(), Some("failed"));
}

#[tokio::test]
async fn a_message_of_nobody_moves_without_a_record() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    assert!(failures(&deps, batch(&[message("m1", "not JSON", 1)])).await.is_empty());
    assert_eq!(requests.dead_letters.lock().unwrap().len(), 1);
    assert!(requests.transactions.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_message_that_cannot_be_moved_comes_back() {
    let requests = AwsRequests::default();
    let refuses = mock!(Sqs::send_message)
        .then_error(|| SendMessageError::InvalidMessageContents(InvalidMessageContents::builder().build()));
    let deps = requests.deps(&requests.table_works(), &refuses);
    assert_eq!(failures(&deps, batch(&[message("m1", "not JSON", 1)])).await, ["m1"]);
}

#[tokio::test]
async fn attributes_beyond_the_limit_give_way_to_the_reason() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let mut full = message("m1", "not JSON", 1);
    for name in ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "org_id"] {
        full["messageAttributes"][name] = json!({"dataType": "String", "stringValue": "x"});
    }
    assert!(failures(&deps, batch(&[full])).await.is_empty());
    let letters = requests.dead_letters.lock().unwrap();
    let attributes = letters[0].message_attributes().unwrap();
    assert_eq!(attributes.len(), 10);
    assert!(["error_code", "error_reason", "org_id"].iter().all(|name| attributes.contains_key(*name)));
}

#[tokio::test]
async fn a_throttled_call_comes_back_later_and_sinks_no_other() {
    let requests = AwsRequests::default();
    let throttled = mock!(Table::transact_write_items)
        .then_error(|| TransactWriteItemsError::ThrottlingException(ThrottlingException::builder().build()));
    let deps = requests.deps(&throttled, &requests.dead_letter_queue_works());
    let event = batch(&[message("m1", &call("c1", 120).to_string(), 2), message("m2", "not JSON", 1)]);
    assert_eq!(failures(&deps, event).await, ["m1"]);
    let delays = requests.delays.lock().unwrap();
    assert_eq!(delays.len(), 1);
    assert_eq!(delays[0].receipt_handle(), "receipt-m1");
    assert!((10..=20).contains(&delays[0].visibility_timeout().unwrap()));
}

#[tokio::test]
async fn the_last_attempt_is_recorded_as_failed_and_comes_back_at_once() {
    let requests = AwsRequests::default();
    let transactions = Arc::clone(&requests.transactions);
    let never_feedback = mock!(Table::transact_write_items)
        .match_requests(|request| put_key(request.transact_items()).starts_with("feedback#"))
        .then_error(|| cancelled("ValidationError"));
    let outcomes = mock!(Table::transact_write_items).then_compute_output(move |request| {
        transactions.lock().unwrap().push(request.transact_items().to_vec());
        TransactWriteItemsOutput::builder().build()
    });
    let nothing = mock!(Table::get_item).then_output(|| GetItemOutput::builder().build());
    let delay = mock!(Sqs::change_message_visibility_batch).then_compute_output({
        let delays = Arc::clone(&requests.delays);
        move |request| {
            delays.lock().unwrap().extend_from_slice(request.entries());
            let output = ChangeMessageVisibilityBatchOutput::builder();
            output.set_successful(Some(vec![])).set_failed(Some(vec![])).build().unwrap()
        }
    });
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&nothing, &never_feedback, &outcomes]);
    let deps = deps(table, mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [&delay]));
    let log = CapturedLog::start();
    assert_eq!(failures(&deps, batch(&[message("m1", &call("c1", 120).to_string(), 5)])).await, ["m1"]);
    assert_eq!(requests.put("item_key").as_deref(), Some("outcome#c1"));
    assert_eq!(requests.put("reason").as_deref(), Some("attempts_exhausted"));
    assert_eq!(requests.delays.lock().unwrap()[0].visibility_timeout(), Some(0));
    let text = log.text();
    let [line] = text.lines().filter(|line| line.contains("ERROR")).collect::<Vec<_>>()[..] else { panic!("{text}") };
    assert!(line.contains("outcome=\"exhausted\"") && line.contains("the store failed: "), "{line}");
    assert!(line.contains("org_id=\"demo\" call_id=\"c1\"") && !text.contains("never arrived"), "{text}");
}

fn put_key(actions: &[TransactWriteItem]) -> &str {
    let put = actions.iter().find_map(TransactWriteItem::put);
    put.and_then(|put| put.item().get("item_key")?.as_s().ok()).map_or("", String::as_str)
}

#[tokio::test]
async fn a_message_without_an_id_fails_the_batch() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let mut nameless = message("m2", "{}", 1);
    nameless["messageId"] = Value::Null;
    let event = batch(&[message("m1", &call("c1", 120).to_string(), 1), nameless]);
    let answer = handle(&deps, event, Instant::now() + Duration::from_mins(1)).await;
    assert_eq!(answer.err(), Some(MissingMessageId));
    assert!(requests.transactions.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_answer_comes_before_the_deadline_though_the_table_hangs() {
    let hanging = aws_sdk_dynamodb::Config::builder()
        .with_test_defaults_v2()
        .http_client(NeverClient::new())
        .timeout_config(TimeoutConfig::disabled())
        .build();
    let requests = AwsRequests::default();
    let deps = Deps {
        store: Store::from_client(Table::from_conf(hanging), "feedback"),
        ..requests.deps(&requests.table_works(), &requests.dead_letter_queue_works())
    };
    let deadline = Instant::now() + Duration::from_mins(1);
    let event = batch(&[message("m1", &call("c1", 120).to_string(), 1), message("m2", "not JSON", 1)]);
    let response = handle(&deps, event, deadline).await.unwrap().response;
    assert_eq!(response.batch_item_failures.len(), 1);
    assert_eq!(response.batch_item_failures[0].item_identifier, "m1");
    assert!(deadline.duration_since(Instant::now()) >= Duration::from_secs(1));
}

/// How often the clock of the next test was asked.
static ASKED: AtomicU32 = AtomicU32::new(0);

#[tokio::test]
async fn a_call_that_brings_a_bug_to_light_fails_alone() {
    let requests = AwsRequests::default();
    let deps = Deps {
        clock: || match ASKED.fetch_add(1, Ordering::Relaxed) {
            0 => panic!("a bug"),
            _ => Timestamp::parse(NOW).unwrap(),
        },
        ..requests.deps(&requests.table_works(), &requests.dead_letter_queue_works())
    };
    let event = batch(&["c1", "c2"].map(|id| message(id, &call(id, 120).to_string(), 1)));
    assert!(failures(&deps, event).await.is_empty());
    let letters = requests.dead_letters.lock().unwrap();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.message_attributes().unwrap()["error_code"].string_value(), Some("internal_error"));
    let transactions = requests.transactions.lock().unwrap();
    let mut keys: Vec<_> = transactions.iter().map(|actions| put_key(actions)).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["feedback#c2", "outcome#c1"]);
}

#[tokio::test]
async fn the_sample_event_goes_through() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let event: SqsEvent = serde_json::from_str(include_str!("../../../events/generator-sqs.json")).unwrap();
    let messages = event.records.len();
    assert!(failures(&deps, event).await.is_empty());
    let recorded = requests.transactions.lock().unwrap().len();
    assert!(messages > 0 && recorded == messages, "{recorded} of {messages}");
}

#[tokio::test]
async fn every_sample_call_ends_as_feedback_or_as_a_skip() {
    for (call, recorded) in [
        (include_str!("../../../events/native-good.json"), "feedback#"),
        (include_str!("../../../events/native-poor.json"), "feedback#"),
        (include_str!("../../../events/native-text.json"), "feedback#"),
        (include_str!("../../../events/native-short.json"), "outcome#"),
    ] {
        let requests = AwsRequests::default();
        let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
        assert!(failures(&deps, batch(&[message("m1", call, 1)])).await.is_empty());
        assert!(requests.put("item_key").is_some_and(|key| key.starts_with(recorded)), "{call}");
    }
}

#[tokio::test]
async fn the_malformed_event_ends_in_the_dead_letter_queue() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let event: SqsEvent = serde_json::from_str(include_str!("../../../events/generator-malformed.json")).unwrap();
    let messages = event.records.len();
    assert!(failures(&deps, event).await.is_empty());
    assert_eq!(requests.dead_letters.lock().unwrap().len(), messages);
}
