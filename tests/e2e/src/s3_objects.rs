//! Calls in the stack's bucket: announced by an event of S3, or put there because they are too large for the queue.

use serde_json::{Value, json};

use crate::organisation::Organisation;
use crate::sample_calls;
use crate::stack::{Stack, bucket};

#[tokio::test]
async fn a_call_that_contact_lens_writes_into_the_bucket_is_scored() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let sample: Value = serde_json::from_str(include_str!("../../../events/producer-contact_lens.json")).unwrap();
    let mut file = sample["payload"].clone();
    file["CustomerMetadata"].take();
    // The bucket belongs to the organisation demo, so the object names this test's organisation.
    let object = json!({"org_id": organisation.id.as_str(), "payload": file}).to_string();
    let key = format!("Analysis/Voice/2026/11/22/{}_analysis_2026-11-22T10:00:31Z.json", organisation.id);
    stack.put_object(&key, object).await;
    let response = organisation.wait_for_result(organisation.id.as_str()).await;
    assert_eq!(response.data()["provenance"]["producer"], "contact_lens");
}

#[tokio::test]
async fn a_call_that_is_too_large_for_the_queue_is_sent_and_scored() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let mut call = sample_calls::good();
    // Nobody says that much: what makes calls large is what platforms send beside the words.
    call["audio"] = "QUFB".repeat(300_000).into();
    let large = organisation.with_org_id(&call);
    assert!(large.to_string().len() > 1_048_576);
    organisation.send(std::slice::from_ref(&large));
    stack.wait_until_queue_is_empty().await;
    assert_eq!(organisation.get(&format!("/{}", sample_calls::id(&large))).await.data()["call_id"], large["call_id"]);
}

#[tokio::test]
async fn an_object_that_is_not_a_call_is_a_failed_call_with_the_reason() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let key = format!("calls/{}.json", organisation.id);
    stack.put_object(&key, r#"{"jobName": "j"}"#.to_owned()).await;
    let reference = json!({"org_id": organisation.id.as_str(), "s3": {"bucket": bucket(), "key": key}});
    stack.send_raw(&reference.to_string()).await;
    let letter = stack.dead_letter(&key).await;
    assert_eq!((letter.error_code.as_str(), letter.body), ("unknown_format", reference.to_string()));
    organisation.wait_for_result(organisation.id.as_str()).await.error(404, "call_failed");
}
