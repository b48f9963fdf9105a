//! How the store handles DynamoDB's errors and timeouts, with responses in DynamoDB's wire format.

use std::future::Future;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_http_client::test_util::NeverClient;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use domain::{CallId, Day, OrgId, Outcome, OutcomeKind, StoredFeedback, Timestamp, TokenId};
use test_support::FeedbackBuilder;

use crate::item::{self, Item};
use crate::{
    CreateResult, Filter, ListQuery, Order, PageStart, RecordResult, Sort, StatsQuery, Store, StoreError, TokenStore,
    schema, store,
};

fn client(rules: &[&Rule]) -> Client {
    mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, rules)
}

fn store(rules: &[&Rule]) -> Store {
    Store::from_client(client(rules), "call_feedback")
}

fn org() -> OrgId {
    OrgId::parse("acme").unwrap()
}

fn call() -> CallId {
    CallId::parse("call_1").unwrap()
}

fn feedback() -> StoredFeedback {
    FeedbackBuilder::new("call_1").agent("agent_7").build(&org())
}

fn outcome(kind: OutcomeKind) -> Outcome {
    Outcome {
        call_id: call(),
        agent_id: None,
        kind,
        reason: "call_too_short".to_owned(),
        message: "The call took 12 seconds.".to_owned(),
        attempts: 1,
        recorded_at: Timestamp::parse("2026-11-22T10:00:31Z").unwrap(),
    }
}

fn outcome_item() -> Item {
    let mut item = item::from_document("test", &outcome(OutcomeKind::Skipped)).unwrap();
    item.extend(store::key(&org(), &schema::outcome_key(&call())));
    item.insert("shard".to_owned(), AttributeValue::N("2".to_owned()));
    item
}

fn list() -> ListQuery {
    let (sort, order) = (Sort::CreatedAt, Order::Descending);
    ListQuery { filter: Filter::default(), sort, order, limit: 50, start: PageStart::Offset(0) }
}

fn stats() -> StatsQuery {
    let day = Day::parse("2026-11-22").unwrap();
    StatsQuery { agent_id: None, from: None, to: None, trend: day..=day }
}

fn error_body(code: &str) -> String {
    format!(r#"{{"__type": "com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}}"#)
}

/// The body of the response for a cancelled transaction, with a reason for each action.
fn cancelled(reasons: &[&str]) -> String {
    let reasons: Vec<String> = reasons.iter().map(|code| format!(r#"{{"Code": "{code}"}}"#)).collect();
    let code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let reasons = reasons.join(", ");
    format!(r#"{{"__type": "{code}", "Message": "cancelled", "CancellationReasons": [{reasons}]}}"#)
}

/// No lookup finds an outcome.
fn no_outcome() -> Rule {
    mock!(Client::get_item).then_output(|| GetItemOutput::builder().build())
}

/// That many transactions are cancelled for those reasons, and all later ones are written.
fn cancelled_times(times: usize, reasons: &[&str]) -> Rule {
    mock!(Client::transact_write_items)
        .sequence()
        .http_status(400, Some(cancelled(reasons)))
        .times(times)
        .output(|| TransactWriteItemsOutput::builder().build())
        .repeatedly()
        .build()
}

fn always_cancelled(reasons: &[&str]) -> Rule {
    mock!(Client::transact_write_items).sequence().http_status(400, Some(cancelled(reasons))).repeatedly().build()
}

/// Every operation responds with that status and code.
fn always(status: u16, code: &str) -> [Rule; 5] {
    let body = || Some(error_body(code));
    [
        mock!(Client::get_item).sequence().http_status(status, body()).repeatedly().build(),
        mock!(Client::query).sequence().http_status(status, body()).repeatedly().build(),
        mock!(Client::transact_write_items).sequence().http_status(status, body()).repeatedly().build(),
        mock!(Client::update_item).sequence().http_status(status, body()).repeatedly().build(),
        mock!(Client::delete_item).sequence().http_status(status, body()).repeatedly().build(),
    ]
}

/// The error of each operation.
async fn every_operation(client: &Client) -> Vec<StoreError> {
    async fn error<T: std::fmt::Debug>(result: impl Future<Output = Result<T, StoreError>>) -> StoreError {
        result.await.unwrap_err()
    }
    let (store, tokens) = (Store::from_client(client.clone(), "t"), TokenStore::from_client(client.clone(), "t"));
    let (org, call, token) = (org(), call(), TokenId::parse("0123456789abcdef").unwrap());
    vec![
        error(store.create_feedback(&org, &feedback())).await,
        error(store.record_outcome(&org, &outcome(OutcomeKind::Failed))).await,
        error(store.find_feedback(&org, &call)).await,
        error(store.find_outcome(&org, &call)).await,
        error(store.list(&org, &list())).await,
        error(store.statistics(&org, &stats())).await,
        error(store.claim(&org, &call, feedback().created_at, feedback().created_at)).await,
        error(tokens.find(&token)).await,
        error(tokens.revoke(&token, feedback().created_at)).await,
    ]
}

#[tokio::test(start_paused = true)]
async fn throttling_and_server_errors_are_transient() {
    let responses = [
        (400, "ThrottlingException"),
        (400, "ProvisionedThroughputExceededException"),
        (400, "RequestLimitExceeded"),
        (500, "InternalServerError"),
        (502, "UnknownCode"),
        (503, "ServiceUnavailable"),
    ];
    for (status, code) in responses {
        for error in Box::pin(every_operation(&client(&always(status, code).each_ref()))).await {
            assert!(matches!(error, StoreError::Unavailable { .. }) && error.is_transient(), "{code}: {error:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn permanent_errors_are_not_transient() {
    for code in ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"] {
        for error in Box::pin(every_operation(&client(&always(400, code).each_ref()))).await {
            assert!(matches!(error, StoreError::Rejected { .. }) && !error.is_transient(), "{code}: {error:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn timeouts_are_transient_and_the_warm_up_takes_at_most_300_ms() {
    let silent = Client::from_conf(
        aws_sdk_dynamodb::Config::builder()
            .with_test_defaults_v2()
            .http_client(NeverClient::new())
            .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(8)).build())
            .build(),
    );
    for error in Box::pin(every_operation(&silent)).await {
        assert!(error.is_transient(), "{error:?}");
    }
    let start = tokio::time::Instant::now();
    Store::from_client(silent.clone(), "t").warm_up().await;
    TokenStore::from_client(silent, "t").warm_up().await;
    assert!(start.elapsed() <= 2 * Duration::from_millis(301), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_transaction_is_retried_until_it_succeeds() {
    for reason in ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"] {
        let (reads, writes) = (no_outcome(), cancelled_times(3, &["None", "None", reason, "TransactionConflict"]));
        let created = store(&[&reads, &writes]).create_feedback(&org(), &feedback()).await;
        assert_eq!((created.unwrap(), writes.num_calls()), (CreateResult::Created, 4), "{reason}");
        let (reads, writes) = (no_outcome(), cancelled_times(3, &["None", "None", reason]));
        let recorded = store(&[&reads, &writes]).record_outcome(&org(), &outcome(OutcomeKind::Failed)).await;
        assert_eq!((recorded.unwrap(), writes.num_calls()), (RecordResult::Recorded, 4), "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn conflicts_without_end_are_a_transient_error_after_a_bounded_time() {
    let (reads, writes) = (no_outcome(), always_cancelled(&["None", "None", "TransactionConflict"]));
    let start = tokio::time::Instant::now();
    let error = store(&[&reads, &writes]).create_feedback(&org(), &feedback()).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    assert_eq!(error.to_string(), "the table is unavailable for create_feedback");
    assert!(writes.num_calls() > 5 && start.elapsed() < Duration::from_secs(11), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_transaction_cancelled_for_a_permanent_reason_is_not_retried() {
    let (reads, writes) = (no_outcome(), always_cancelled(&["None", "None", "ValidationError", "TransactionConflict"]));
    let error = store(&[&reads, &writes]).create_feedback(&org(), &feedback()).await.unwrap_err();
    assert!(matches!(error, StoreError::Rejected { .. }), "{error:?}");
    assert_eq!(writes.num_calls(), 1);
}

#[tokio::test]
async fn feedback_that_exists_is_a_duplicate_whatever_else_cancelled_the_transaction() {
    let reasons = ["ConditionalCheckFailed", "ConditionalCheckFailed", "TransactionConflict"];
    let (reads, writes) = (no_outcome(), always_cancelled(&reasons));
    let store = store(&[&reads, &writes]);
    assert_eq!(store.create_feedback(&org(), &feedback()).await.unwrap(), CreateResult::Duplicate);
    let recorded = store.record_outcome(&org(), &outcome(OutcomeKind::Skipped)).await;
    assert_eq!((recorded.unwrap(), writes.num_calls()), (RecordResult::AlreadyScored, 2));
}

#[tokio::test(start_paused = true)]
async fn an_outcome_recorded_between_read_and_write_is_read_again_and_subtracted() {
    let reads = mock!(Client::get_item)
        .match_requests(|request| request.consistent_read() == Some(true))
        .sequence()
        .output(|| GetItemOutput::builder().build())
        .output(|| GetItemOutput::builder().set_item(Some(outcome_item())).build())
        .build();
    let checked = mock!(Client::transact_write_items)
        .match_requests(|request| request.transact_items()[1].condition_check().is_some())
        .sequence()
        .http_status(400, Some(cancelled(&["None", "ConditionalCheckFailed"])))
        .build();
    let deleted = mock!(Client::transact_write_items)
        .match_requests(|request| {
            let subtracts_from = |key: &str| {
                request.transact_items().iter().filter_map(|action| action.update()).any(|update| {
                    let is_key = update.key()[schema::ITEM_KEY] == AttributeValue::S(key.to_owned());
                    let names = update.expression_attribute_names().unwrap();
                    let skipped = names.iter().find(|(_, name)| *name == "skipped");
                    let minus_one = AttributeValue::N("-1".to_owned());
                    let values = update.expression_attribute_values().unwrap();
                    is_key && skipped.is_some_and(|(alias, _)| values[&alias.replace('#', ":")] == minus_one)
                })
            };
            request.transact_items()[1].delete().is_some()
                && subtracts_from("stats#all#2")
                && subtracts_from("stats#day#2026-11-22#2")
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let created = store(&[&reads, &checked, &deleted]).create_feedback(&org(), &feedback()).await;
    assert_eq!((created.unwrap(), checked.num_calls(), deleted.num_calls()), (CreateResult::Created, 1, 1));
}

#[tokio::test]
async fn corrupt_items_are_errors_that_name_item_and_attribute() {
    let mut row = item::from_feedback("test", &feedback()).unwrap();
    row.extend(store::key(&org(), &schema::feedback_key(&call())));
    row.insert("feedback".to_owned(), AttributeValue::N("7".to_owned()));
    let mut counters = store::key(&org(), "stats#all#3");
    counters.insert("n".to_owned(), AttributeValue::S("many".to_owned()));
    let response = |item: &Item| {
        let item = item.clone();
        mock!(Client::query).then_output(move || QueryOutput::builder().items(item.clone()).build())
    };
    let found = row.clone();
    let get =
        mock!(Client::get_item).then_output(move || GetItemOutput::builder().set_item(Some(found.clone())).build());
    let message = |error: StoreError| {
        assert!(matches!(error, StoreError::Corrupt { .. }) && !error.is_transient(), "{error:?}");
        error.to_string()
    };
    let rows = store(&[&response(&row), &get]);
    let expected = "the item feedback#call_1 is corrupt: feedback ";
    assert!(message(rows.list(&org(), &list()).await.unwrap_err()).starts_with(expected));
    assert!(message(rows.find_feedback(&org(), &call()).await.unwrap_err()).starts_with(expected));
    let counted = store(&[&response(&counters)]);
    let expected = "the item stats#all#3 is corrupt: n is not an integer";
    assert_eq!(message(counted.statistics(&org(), &stats()).await.unwrap_err()), expected);
    assert_eq!(message(counted.list(&org(), &list()).await.unwrap_err()), expected);
}

#[tokio::test]
async fn tokens_and_counters_are_read_consistently() {
    let get = mock!(Client::get_item)
        .match_requests(|request| request.consistent_read() == Some(true))
        .then_output(|| GetItemOutput::builder().build());
    let query = mock!(Client::query)
        .match_requests(|request| request.consistent_read() == Some(true))
        .then_output(|| QueryOutput::builder().build());
    let client = client(&[&get, &query]);
    let (store, tokens) = (Store::from_client(client.clone(), "t"), TokenStore::from_client(client, "t"));
    assert!(tokens.find(&TokenId::parse("0123456789abcdef").unwrap()).await.unwrap().is_none());
    store.statistics(&org(), &stats()).await.unwrap();
    assert_eq!((get.num_calls(), query.num_calls()), (1, 2));
}
