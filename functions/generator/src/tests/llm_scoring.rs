//! Batches that a model judges: a stub of its server answers, the table and the queues are mocked.

use std::thread::sleep;

use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemInput, UpdateItemOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use aws_sdk_secretsmanager::Client as Secrets;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueOutput;
use test_support::{chat_completion, model_answer};

use super::*;
use crate::config::Switch;

/// A quote of [`call`].
const QUOTE: &str = "Thanks for calling, how can I help?";

fn scorer(model: &StubServer) -> ActiveScorer {
    let settings = judge::Settings::from_lookup(|name| match name {
        "LLM_BASE_URL" => Some(format!("http://{}/v1", model.address())),
        "LLM_MODEL" => Some("m-1".to_owned()),
        _ => None,
    });
    ActiveScorer::Llm { judge: Box::new(judge::Judge::new(settings.unwrap()).unwrap()), model: "m-1".to_owned() }
}

/// A server that always responds the same.
pub(super) fn always(response: Vec<u8>) -> StubServer {
    StubServer::start(move |_| Some(response.clone()))
}

pub(super) fn judgement(quote: &str) -> Vec<u8> {
    judgement_of_turn(0, "agent", quote)
}

fn judgement_of_turn(turn: usize, role: &str, quote: &str) -> Vec<u8> {
    response(200, "", chat_completion(&model_answer(turn, role, quote, 8.0).to_string()).to_string())
}

/// The claims on the table: each is granted, with what is parked by then.
#[derive(Default)]
pub(super) struct Claims {
    updates: Arc<Mutex<Vec<UpdateItemInput>>>,
}

impl Claims {
    fn granted(&self) -> Rule {
        let updates = Arc::clone(&self.updates);
        mock!(Table::update_item).then_compute_output(move |request| {
            updates.lock().unwrap().push(request.clone());
            let parked = updates.lock().unwrap().iter().find_map(parked);
            let answer = parked.map(|answer| [("answer".to_owned(), AttributeValue::S(answer))].into());
            UpdateItemOutput::builder().set_attributes(Some(answer.unwrap_or_default())).build()
        })
    }

    fn parked(&self) -> Option<String> {
        self.updates.lock().unwrap().iter().find_map(parked)
    }
}

/// The answer that a request parks, if it does.
fn parked(request: &UpdateItemInput) -> Option<String> {
    let values = request.expression_attribute_values()?.values();
    values.filter_map(|value| value.as_s().ok()).find(|text| text.starts_with('{')).cloned()
}

fn releases() -> Rule {
    mock!(Table::delete_item).then_output(|| DeleteItemOutput::builder().build())
}

fn nothing_found() -> Rule {
    mock!(Table::get_item).then_output(|| GetItemOutput::builder().build())
}

/// The function's parts, with a table that answers by these rules and that model.
fn judged_deps(requests: &AwsRequests, model: &StubServer, table: &[&Rule]) -> Deps {
    let with_queues = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, table);
    Deps { store: Store::from_client(table, "feedback"), scorer: scorer(model), ..with_queues }
}

/// The function's parts, with a table on which everything works.
pub(super) fn working_deps(requests: &AwsRequests, model: &StubServer, claims: &Claims) -> Deps {
    judged_deps(requests, model, &[&nothing_found(), &claims.granted(), &requests.table_works(), &releases()])
}

fn one(attempts: u32) -> SqsEvent {
    batch(&[message("m1", &call("c1", 120).to_string(), attempts)])
}

/// The records that come back, and the metrics.
async fn handled(deps: &Deps, event: SqsEvent) -> (Vec<String>, Value) {
    let handled = handle(deps, event, Instant::now() + Duration::from_mins(1)).await.unwrap();
    let failures = handled.response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
    (failures, serde_json::from_str(&handled.metrics).unwrap())
}

fn throttled() -> Rule {
    mock!(Table::transact_write_items)
        .then_error(|| TransactWriteItemsError::ThrottlingException(ThrottlingException::builder().build()))
}

fn assert_dead_lettered(error_code: &str, requests: &AwsRequests) {
    let letters = requests.dead_letters.lock().unwrap();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.message_attributes().unwrap()["error_code"].string_value(), Some(error_code));
}

#[tokio::test]
async fn a_call_is_judged_whatever_its_language_and_its_claim_goes_with_the_feedback() {
    let (requests, claims, model) = (AwsRequests::default(), Claims::default(), always(judgement(QUOTE)));
    let mut german = call("c1", 120);
    german["language"] = json!("de");
    let deps = working_deps(&requests, &model, &claims);
    let (failures, metrics) = handled(&deps, batch(&[message("m1", &german.to_string(), 1)])).await;
    assert!(failures.is_empty());
    assert_eq!(requests.put("item_key").as_deref(), Some("feedback#c1"));
    let transactions = requests.transactions.lock().unwrap();
    let deleted: Vec<_> = transactions[0].iter().filter_map(TransactWriteItem::delete).collect();
    assert_eq!(deleted[0].key()["item_key"], AttributeValue::S("claim#c1".to_owned()));
    for (name, value) in [("CallsScored", 1), ("LlmRequests", 1), ("LlmInputTokens", 100), ("LlmOutputTokens", 10)] {
        assert_eq!(metrics[name], value, "{name}");
    }
    assert_eq!((&metrics["Scorer"], &metrics["Model"]), (&json!("llm"), &json!("m-1")));
}

#[tokio::test]
async fn a_call_that_has_feedback_is_not_asked_about() {
    let (requests, claims, model) = (AwsRequests::default(), Claims::default(), always(judgement(QUOTE)));
    let stored = mock!(Table::get_item)
        .match_requests(|request| request.key().unwrap()["item_key"] == AttributeValue::S("feedback#c1".to_owned()))
        .then_output(|| GetItemOutput::builder().item("id", AttributeValue::S("fb".to_owned())).build());
    let deps = judged_deps(&requests, &model, &[&stored, &claims.granted(), &releases()]);
    let (failures, metrics) = handled(&deps, one(1)).await;
    assert_eq!((failures.len(), &metrics["CallsDuplicate"], &metrics["LlmRequests"]), (0, &json!(1), &json!(0)));
    assert!(model.rest().is_empty());
}

#[tokio::test]
async fn a_call_that_somebody_is_asked_about_comes_back_soon_and_then_when_that_is_over() {
    let until = Timestamp::parse(NOW).unwrap().unix_seconds() + 40;
    let held = mock!(Table::update_item).then_error(move || {
        let held = ConditionalCheckFailedException::builder().item("lease_until", AttributeValue::N(until.to_string()));
        UpdateItemError::ConditionalCheckFailedException(held.build())
    });
    for (attempts, delays) in [(1, 5..=10), (2, 40..=40)] {
        let (requests, model) = (AwsRequests::default(), always(judgement(QUOTE)));
        let (failures, metrics) =
            handled(&judged_deps(&requests, &model, &[&nothing_found(), &held]), one(attempts)).await;
        assert_eq!((failures.as_slice(), &metrics["CallsRetried"]), (&["m1".to_owned()][..], &json!(1)));
        let delay = requests.delays.lock().unwrap()[0].visibility_timeout().unwrap();
        assert!(delays.contains(&delay), "{delay}");
        assert!(model.rest().is_empty());
    }
}

#[tokio::test]
async fn a_key_that_was_replaced_in_its_secret_is_read_again_and_the_call_is_scored() {
    let accepts_new = |head: &str| head.to_lowercase().contains("\r\nauthorization: bearer new-key\r\n");
    let model = StubServer::start(move |request| {
        Some(if accepts_new(&request.head) { judgement(QUOTE) } else { response(401, "", "{}") })
    });
    let read = |key: &'static str| move || GetSecretValueOutput::builder().secret_string(key).build();
    let secret = mock!(Secrets::get_secret_value).sequence().output(read("old-key")).output(read("new-key")).build();
    let secrets = mock_client!(aws_sdk_secretsmanager, RuleMode::Sequential, [&secret]);
    let lookup = |name: &str| match name {
        "SCORER" => Some("llm".to_owned()),
        "LLM_BASE_URL" => Some(format!("http://{}/v1", model.address())),
        "LLM_MODEL" | "LLM_API_KEY_SECRET_ARN" | "AWS_LAMBDA_FUNCTION_NAME" => Some("x".to_owned()),
        _ => name.starts_with("CALL_FEEDBACK_").then(|| name.to_owned()),
    };
    let (config, aws) = (Config::from_lookup(lookup).unwrap(), aws::function_config(lookup));
    let scorer = ActiveScorer::set_up(&config, &aws, secrets.config().clone(), lookup).await.unwrap();
    let (requests, claims) = (AwsRequests::default(), Claims::default());
    let deps = Deps { scorer, ..working_deps(&requests, &model, &claims) };
    let (failures, metrics) = handled(&deps, one(1)).await;
    assert_eq!((failures.len(), secret.num_calls(), model.rest().len()), (0, 2, 2));
    assert_eq!(requests.put("item_key").as_deref(), Some("feedback#c1"));
    for (name, value) in [("CallsScored", 1), ("LlmRequests", 2), ("LlmOutputTokens", 10)] {
        assert_eq!(metrics[name], value, "{name}");
    }
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_waited_for_and_the_claim_is_given_back() {
    for (asked, delay) in [("3600", 3_600), ("90000", 42_300)] {
        let busy = response(429, &format!("retry-after: {asked}\r\n"), "{}");
        let (requests, claims, model) = (AwsRequests::default(), Claims::default(), always(busy));
        let released = releases();
        let deps = judged_deps(&requests, &model, &[&nothing_found(), &claims.granted(), &released]);
        let (failures, _) = handled(&deps, one(1)).await;
        assert_eq!((failures.as_slice(), released.num_calls()), (&["m1".to_owned()][..], 1));
        assert_eq!(requests.delays.lock().unwrap()[0].visibility_timeout(), Some(delay));
    }
}

#[tokio::test]
async fn an_answer_that_quotes_what_nobody_said_ends_in_the_dead_letter_queue() {
    let lies = judgement("I have wired a million to your account");
    let (requests, claims, model) = (AwsRequests::default(), Claims::default(), always(lies));
    let released = releases();
    let deps =
        judged_deps(&requests, &model, &[&nothing_found(), &claims.granted(), &requests.table_works(), &released]);
    let (failures, metrics) = handled(&deps, one(1)).await;
    assert!(failures.is_empty());
    assert_dead_lettered("invalid_model_output", &requests);
    assert_eq!(requests.put("item_key").as_deref(), Some("outcome#c1"));
    assert_eq!(requests.put("reason").as_deref(), Some("invalid_model_output"));
    assert_eq!((model.rest().len(), released.num_calls()), (2, 1));
    assert_eq!((&metrics["CallsFailed"], &metrics["LlmRepairs"]), (&json!(1), &json!(1)));
    assert!(metrics["LlmRejectedQuotes"].as_u64() >= Some(1));
}

#[tokio::test]
async fn an_answer_that_cannot_be_stored_is_parked_and_stored_at_the_next_delivery_without_asking() {
    let (requests, claims, model) = (AwsRequests::default(), Claims::default(), always(judgement(QUOTE)));
    let deps = judged_deps(&requests, &model, &[&nothing_found(), &claims.granted(), &throttled()]);
    let (failures, metrics) = handled(&deps, one(1)).await;
    assert_eq!((failures.as_slice(), &metrics["LlmRequests"]), (&["m1".to_owned()][..], &json!(1)));
    assert!(claims.parked().is_some_and(|answer| answer.contains(QUOTE)));
    let (failures, metrics) = handled(&working_deps(&requests, &model, &claims), one(2)).await;
    assert_eq!((failures.len(), &metrics["CallsScored"], &metrics["LlmRequests"]), (0, &json!(1), &json!(0)));
    assert_eq!(requests.put("item_key").as_deref(), Some("feedback#c1"));
    assert_eq!(model.rest().len(), 1);
}

#[tokio::test]
async fn an_answer_that_the_table_always_rejects_is_not_paid_for_again() {
    let (requests, model) = (AwsRequests::default(), always(judgement(QUOTE)));
    let (outcomes, claims) = (requests.table_works(), Claims::default());
    let refused =
        || r#"{"__type": "com.amazonaws.dynamodb.v20120810#ValidationException", "message": "too large"}"#.into();
    let no_feedback = mock!(Table::transact_write_items)
        .match_requests(|request| put_key(request.transact_items()).starts_with("feedback#"))
        .sequence()
        .http_status(400, Some(refused()))
        .build();
    let no_parking = mock!(Table::update_item)
        .match_requests(|request| parked(request).is_some())
        .sequence()
        .http_status(400, Some(refused()))
        .build();
    let rules = [&nothing_found(), &no_feedback, &no_parking, &outcomes, &claims.granted(), &releases()];
    let (failures, _) = handled(&judged_deps(&requests, &model, &rules), one(1)).await;
    assert!(failures.is_empty());
    assert_dead_lettered("feedback_rejected", &requests);
    assert_eq!(requests.put("item_key").as_deref(), Some("outcome#c1"));
}

#[tokio::test]
async fn the_last_time_that_a_model_fails_is_recorded() {
    let broken = response(500, "", "{}");
    let (requests, claims, model) = (AwsRequests::default(), Claims::default(), always(broken));
    let (failures, metrics) = handled(&working_deps(&requests, &model, &claims), one(5)).await;
    assert_eq!((failures.as_slice(), &metrics["CallsFailed"]), (&["m1".to_owned()][..], &json!(1)));
    assert_eq!(requests.put("reason").as_deref(), Some("attempts_exhausted"));
    assert_eq!(requests.delays.lock().unwrap()[0].visibility_timeout(), Some(0));
}

#[tokio::test]
async fn peoples_data_reaches_neither_model_nor_table_unless_that_is_switched_off() {
    let mut told = call("c1", 120);
    told["transcript"][1]["text"] = json!("My order never arrived, write to jane.doe@example.com about it.");
    let event = || batch(&[message("m1", &told.to_string(), 1)]);
    for (redact, leaks) in [(Switch::On, false), (Switch::Off, true)] {
        let quote = if leaks { "write to jane.doe@example.com about it" } else { "write to [EMAIL] about it" };
        let evidence = judgement_of_turn(1, "customer", quote);
        let (requests, claims, model) = (AwsRequests::default(), Claims::default(), always(evidence));
        let mut deps = working_deps(&requests, &model, &claims);
        deps.config.redact = redact;
        assert!(handled(&deps, event()).await.0.is_empty());
        assert_eq!(model.rest()[0].body.contains("jane.doe"), leaks);
        assert_eq!(format!("{:?}", requests.transactions.lock().unwrap()).contains("jane.doe"), leaks);
    }
}

#[tokio::test]
async fn ten_calls_wait_for_a_slow_model_at_the_same_time() {
    let (requests, claims) = (AwsRequests::default(), Claims::default());
    let model = StubServer::start(|_| {
        sleep(Duration::from_secs(2));
        Some(judgement(QUOTE))
    });
    let deps = working_deps(&requests, &model, &claims);
    let calls = (0..10).map(|n| message(&format!("m{n}"), &call(&format!("c{n}"), 120).to_string(), 1));
    let started = Instant::now();
    let (failures, metrics) = handled(&deps, batch(&calls.collect::<Vec<_>>())).await;
    let took = started.elapsed();
    assert_eq!((failures.len(), &metrics["CallsScored"]), (0, &json!(10)));
    assert!(took <= Duration::from_millis(2_300), "{took:?}");
    assert_eq!(metrics["LlmLatency"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn one_call_that_the_model_hangs_on_sinks_no_other_and_the_answer_comes_in_time() {
    let (requests, claims) = (AwsRequests::default(), Claims::default());
    let model = StubServer::start(|request| (!request.body.contains("never a sound")).then(|| judgement(QUOTE)));
    let mut calls: Vec<_> = (0..10).map(|n| call(&format!("c{n}"), 120)).collect();
    calls[4]["transcript"][1]["text"] = json!("There was never a sound from you.");
    let calls = calls.iter().enumerate().map(|(n, call)| message(&format!("m{n}"), &call.to_string(), 1));
    let deadline = Instant::now() + Duration::from_secs(9);
    let deps = working_deps(&requests, &model, &claims);
    let handled = handle(&deps, batch(&calls.collect::<Vec<_>>()), deadline).await.unwrap();
    assert!(deadline.duration_since(Instant::now()) >= Duration::from_secs(1));
    let failures = handled.response.batch_item_failures;
    assert_eq!((failures.len(), failures[0].item_identifier.as_str()), (1, "m4"));
    let transactions = requests.transactions.lock().unwrap();
    let stored = transactions.iter().filter(|actions| put_key(actions).starts_with("feedback#")).count();
    assert_eq!((transactions.len(), stored), (9, 9));
}
