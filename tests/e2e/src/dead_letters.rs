//! A message that cannot be scored ends in the dead-letter queue with the reason.

use crate::organisation::Organisation;
use crate::sample_calls;
use crate::stack::Stack;

#[tokio::test]
async fn a_malformed_message_becomes_a_dead_letter_and_its_call_has_failed() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let mut call = organisation.with_org_id(&sample_calls::good());
    call["transcript"][3]["role"] = "supervisor".into();
    let body = call.to_string();
    stack.send_raw(&body).await;
    let letter = stack.dead_letter(organisation.id.as_str()).await;
    assert_eq!(letter.body, body);
    assert!(letter.error_reason.starts_with("transcript[3].role: "), "{letter:?}");
    let response = organisation.wait_for_result(sample_calls::id(&call)).await;
    let error = response.error(404, "call_failed");
    assert_eq!(error["reason"], *letter.error_code);
    assert_eq!(error["message"], *letter.error_reason);
    let stats = organisation.get("/stats").await;
    assert_eq!((&stats.data()["total_feedback"], &stats.data()["failed"]), (&0.into(), &1.into()));
}

#[tokio::test]
async fn a_message_that_is_not_json_becomes_a_dead_letter() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let body = format!("call of {}", organisation.id);
    stack.send_raw(&body).await;
    let letter = stack.dead_letter(&body).await;
    assert_eq!(letter.body, body);
    assert!(!letter.error_code.is_empty() && letter.error_reason.contains("line 1"), "{letter:?}");
}

#[tokio::test]
async fn a_failed_call_is_scored_when_it_is_sent_again_without_the_error() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let call = organisation.with_org_id(&sample_calls::good());
    let mut broken = call.clone();
    broken["transcript"][0]["text"] = 7.into();
    stack.send_raw(&broken.to_string()).await;
    stack.dead_letter(organisation.id.as_str()).await;
    organisation.wait_for_result(sample_calls::id(&call)).await.error(404, "call_failed");
    organisation.send(std::slice::from_ref(&call));
    stack.wait_until_queue_is_empty().await;
    assert_eq!(organisation.get(&format!("/{}", sample_calls::id(&call))).await.data()["call_id"], call["call_id"]);
    let stats = organisation.get("/stats").await;
    assert_eq!((&stats.data()["total_feedback"], &stats.data()["failed"]), (&1.into(), &0.into()));
}
