//! Batches of what voice platforms post, as it is.

use super::*;

/// What the table was asked to put, and the dead letters, after one message from a platform.
async fn after(body: &Value) -> AwsRequests {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let mut message = message("m1", &body.to_string(), 1);
    message["messageAttributes"]["org_id"] = json!({"dataType": "String", "stringValue": "demo"});
    assert!(failures(&deps, batch(&[message])).await.is_empty());
    requests
}

/// The codes that the dead letters bear, each with its reason.
fn dead(requests: &AwsRequests) -> Vec<(String, String)> {
    let letters = requests.dead_letters.lock().unwrap();
    let attribute = |letter: &SendMessageInput, name: &str| {
        letter.message_attributes().unwrap()[name].string_value().unwrap().to_owned()
    };
    letters.iter().map(|letter| (attribute(letter, "error_code"), attribute(letter, "error_reason"))).collect()
}

fn retell(event: &str) -> Value {
    json!({"event": event, "call": {"call_id": "r1", "agent_id": "a1", "duration_ms": 61_000,
        "call_analysis": {"call_successful": true, "user_sentiment": "Positive", "call_summary": "A date was moved."},
        "transcript": "Agent: Northway Dental, how can I help?\nUser: I need a new date, please.\nAgent: Thursday at nine is free.\nUser: Great, thank you!"}})
}

#[tokio::test]
async fn a_platforms_call_is_scored_and_keeps_the_platforms_own_verdict() {
    let requests = after(&retell("call_analyzed")).await;
    assert_eq!(requests.put("item_key").as_deref(), Some("feedback#r1"));
    let transactions = requests.transactions.lock().unwrap();
    let item = transactions.iter().flatten().find_map(|action| action.put()).unwrap().item();
    let verdict = item["producer_verdict"].as_m().unwrap();
    assert_eq!(verdict["summary"].as_s().unwrap(), "A date was moved.");
    assert_eq!(item["provenance"].as_m().unwrap()["producer"].as_s().unwrap(), "retell");
}

#[tokio::test]
async fn the_sample_of_every_platform_is_scored() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let mut producers = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let Some(producer) = name.strip_prefix("producer-") else { continue };
        let requests = after(&serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()).await;
        assert!(requests.put("item_key").is_some_and(|key| key.starts_with("feedback#")), "{name}");
        let transactions = requests.transactions.lock().unwrap();
        let item = transactions.iter().flatten().find_map(|action| action.put()).unwrap().item();
        assert_eq!(item["provenance"].as_m().unwrap()["producer"].as_s().unwrap(), producer);
        producers.push(producer.to_owned());
    }
    producers.sort();
    // Our own schema has samples of its own, and Telnyx sends nothing that could be scored.
    let mut expected: Vec<_> = intake::format_names().filter(|name| !["native", "telnyx"].contains(name)).collect();
    expected.sort_unstable();
    assert_eq!(producers, expected);
}

#[tokio::test]
async fn whether_a_person_should_look_at_a_call_is_stored_logged_and_counted() {
    let mut guessed: Value = serde_json::from_str(include_str!("../../../../events/producer-twilio.json")).unwrap();
    guessed["org_id"] = json!("demo");
    guessed.as_object_mut().unwrap().remove("speaker_map");
    let good: Value = serde_json::from_str(include_str!("../../../../events/native-good.json")).unwrap();
    let mut flags = Vec::new();
    for body in [guessed, good] {
        let requests = AwsRequests::default();
        let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
        let log = CapturedLog::start();
        let event = batch(&[message("m1", &body.to_string(), 1)]);
        let handled = handle(&deps, event, Instant::now() + Duration::from_mins(1)).await.unwrap();
        let transactions = requests.transactions.lock().unwrap();
        let item = transactions.iter().flatten().find_map(|action| action.put()).unwrap().item();
        let needs_review = *item["categories"].as_m().unwrap()["needs_review"].as_bool().unwrap();
        let logged = format!("outcome=\"created\" needs_review={needs_review}");
        assert!(log.text().contains(&logged), "{}", log.text());
        let metrics: Value = serde_json::from_str(&handled.metrics).unwrap();
        assert_eq!(metrics["CallsNeedingReview"], u8::from(needs_review));
        flags.push(needs_review);
    }
    assert_eq!(flags, [true, false]);
}

#[tokio::test]
async fn two_events_of_one_call_are_put_under_one_key() {
    let (ended, analyzed) = (after(&retell("call_ended")).await, after(&retell("call_analyzed")).await);
    assert_eq!(ended.put("item_key"), analyzed.put("item_key"));
    assert_eq!(ended.put("id"), analyzed.put("id"));
}

#[tokio::test]
async fn an_event_that_does_not_end_a_call_is_done_and_leaves_nothing() {
    let requests = after(&retell("call_started")).await;
    assert!(requests.transactions.lock().unwrap().is_empty() && dead(&requests).is_empty());
}

#[tokio::test]
async fn a_call_that_nobody_answered_is_recorded_as_skipped() {
    let unanswered =
        json!({"event": "call_ended", "call": {"call_id": "r1", "disconnection_reason": "dial_no_answer"}});
    let requests = after(&unanswered).await;
    assert_eq!(
        (requests.put("item_key").as_deref(), requests.put("reason").as_deref()),
        (Some("outcome#r1"), Some("not_answered"))
    );
    assert!(dead(&requests).is_empty());
}

#[tokio::test]
async fn a_payload_that_lacks_something_moves_with_its_format_and_what_it_lacks() {
    let requests = after(&json!({"type": "post_call_transcription", "data": {"conversation_id": "e1"}})).await;
    let reason = "data.transcript: is missing (in a message of the format elevenlabs)".to_owned();
    assert_eq!(dead(&requests), [("malformed_message".to_owned(), reason)]);
    assert_eq!(requests.put("item_key").as_deref(), Some("outcome#e1"));
}

#[tokio::test]
async fn what_a_list_of_messages_does_not_say_comes_in_attributes() {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let list = json!([{"role": "assistant", "content": "Hello, how can I help?"}, {"role": "user", "content": "I lost my card."}]);
    let mut message = message("m1", &list.to_string(), 1);
    for (name, value) in [("org_id", "demo"), ("call_id", "p1"), ("agent_id", "a1")] {
        message["messageAttributes"][name] = json!({"dataType": "String", "stringValue": value});
    }
    assert!(failures(&deps, batch(&[message])).await.is_empty());
    assert_eq!(
        (requests.put("item_key").as_deref(), requests.put("agent_id").as_deref()),
        (Some("feedback#p1"), Some("a1"))
    );
}
