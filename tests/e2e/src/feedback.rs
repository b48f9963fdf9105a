//! A call is scored once and its feedback never changes.

use serde_json::{Value, json};

use crate::organisation::{ApiResponse, Organisation};
use crate::sample_calls;
use crate::stack::Stack;

#[tokio::test]
async fn a_call_on_the_queue_becomes_feedback_over_http() {
    let organisation = Organisation::new();
    let (good, poor) = (sample_calls::good(), sample_calls::poor());
    organisation.send(&[good.clone(), poor.clone()]);
    let mut scores = Vec::new();
    for call in [&good, &poor] {
        let response = organisation.wait_for_result(sample_calls::id(call)).await;
        let feedback = response.data();
        for field in ["call_id", "agent_id", "metadata", "started_at"] {
            assert_eq!(feedback[field], call[field], "{field}");
        }
        assert_eq!(feedback["criteria"].as_array().unwrap().len(), domain::Criterion::ALL.len());
        assert!(!feedback["feedback"].as_str().unwrap().is_empty());
        assert_quotes_are_verbatim(feedback, call);
        scores.push(feedback["score"].as_f64().unwrap());
    }
    assert!(scores[0] > scores[1], "the good call has {}, the poor one {}", scores[0], scores[1]);
    assert_listed(&organisation, &[&good, &poor]).await;
    assert_counted(&organisation, &scores).await;
}

#[tokio::test]
async fn sending_a_call_again_changes_nothing() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let call = sample_calls::good();
    organisation.send(std::slice::from_ref(&call));
    let path = format!("/{}", sample_calls::id(&call));
    let before = (organisation.wait_for_result(sample_calls::id(&call)).await, organisation.get("/stats").await);
    let mut changed = sample_calls::poor();
    changed["call_id"] = call["call_id"].clone();
    organisation.send(&[call.clone(), call, changed]);
    stack.wait_until_queue_is_empty().await;
    let after = (organisation.get(&path).await, organisation.get("/stats").await);
    assert!(before.0.etag.is_some());
    assert_eq!(before, after);
    assert_eq!(after.1.data()["total_feedback"], 1);
}

#[tokio::test]
async fn feedback_that_the_client_has_is_not_sent_again() {
    let organisation = Organisation::new();
    let call = sample_calls::good();
    organisation.send(std::slice::from_ref(&call));
    let first = organisation.wait_for_result(sample_calls::id(&call)).await;
    let etag = first.etag.unwrap();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag} is not a strong etag");
    assert_eq!(first.cache_control.as_deref(), Some("private, max-age=31536000, immutable"));
    assert_eq!(first.vary.as_deref(), Some("x-user-token"));
    let path = format!("/{}", sample_calls::id(&call));
    let again = organisation.get_if_none_match(&path, &etag).await;
    assert_eq!((again.status, again.etag.as_deref(), &again.body), (304, Some(&*etag), &Value::Null));
    assert_eq!(organisation.get_if_none_match(&path, "\"another\"").await.body, first.body);
}

#[tokio::test]
async fn head_responds_as_get_does_without_the_body() {
    let organisation = Organisation::new();
    let call = sample_calls::good();
    organisation.send(std::slice::from_ref(&call));
    organisation.wait_for_result(sample_calls::id(&call)).await.data();
    let known = format!("/{}", sample_calls::id(&call));
    for path in [known.as_str(), "", "/stats", "/unknown", "?page=2"] {
        let (full, bare) = (organisation.get(path).await, organisation.head(path).await);
        assert_eq!(bare, ApiResponse { body: Value::Null, ..full }, "{path}");
    }
}

#[tokio::test]
async fn a_short_call_is_skipped_with_its_reason() {
    let organisation = Organisation::new();
    let call = sample_calls::short();
    organisation.send(std::slice::from_ref(&call));
    let response = organisation.wait_for_result(sample_calls::id(&call)).await;
    let error = response.error(404, "call_skipped");
    assert_eq!(error["reason"], "call_too_short");
    let seconds = call["duration_seconds"].to_string();
    assert!(error["message"].as_str().unwrap().contains(&seconds), "{error} does not name {seconds}");
    let stats = organisation.get("/stats").await;
    assert_eq!((&stats.data()["total_feedback"], &stats.data()["skipped"]), (&json!(0), &json!(1)));
    assert_eq!(organisation.get("").await.data(), &json!([]));
}

/// Checks that every quote is verbatim in the turn it names and that its role is that of the turn.
pub(crate) fn assert_quotes_are_verbatim(feedback: &Value, call: &Value) {
    let criteria = feedback["criteria"].as_array().unwrap();
    let evidence: Vec<&Value> =
        criteria.iter().flat_map(|criterion| criterion["evidence"].as_array().unwrap()).collect();
    assert!(!evidence.is_empty());
    for quote in evidence {
        let turn = &call["transcript"][usize::try_from(quote["turn"].as_u64().unwrap()).unwrap()];
        assert_eq!(quote["role"], turn["role"], "{quote}");
        assert!(turn["text"].as_str().unwrap().contains(quote["quote"].as_str().unwrap()), "{quote} is not in {turn}");
    }
}

async fn assert_listed(organisation: &Organisation, calls: &[&Value]) {
    let list = organisation.get("?sort=score&order=desc").await;
    let ids: Vec<&Value> = list.data().as_array().unwrap().iter().map(|row| &row["call_id"]).collect();
    assert_eq!(ids, calls.iter().map(|call| &call["call_id"]).collect::<Vec<_>>());
    for row in list.data().as_array().unwrap() {
        let whole = organisation.get(&format!("/{}", row["call_id"].as_str().unwrap())).await;
        for (name, value) in row.as_object().unwrap() {
            assert_eq!(whole.data()[name], *value, "{name}");
        }
    }
    assert_eq!(list.body["pagination"]["total"], calls.len());
    let agent = calls[1]["agent_id"].as_str().unwrap();
    let of_agent = organisation.get(&format!("?agent_id={agent}")).await;
    assert_eq!(of_agent.data().as_array().unwrap().len(), 1);
    assert_eq!(of_agent.data()[0]["call_id"], calls[1]["call_id"]);
}

async fn assert_counted(organisation: &Organisation, scores: &[f64]) {
    let response = organisation.get("/stats").await;
    let stats = response.data();
    assert_eq!(stats["total_feedback"], scores.len());
    assert_eq!(stats["max_score"], scores[0]);
    assert_eq!(stats["min_score"], scores[1]);
    let mean = f64::midpoint(scores[0], scores[1]);
    assert!((stats["average_score"].as_f64().unwrap() - mean).abs() < 1e-9, "{stats}");
    assert!((stats["median_score"].as_f64().unwrap() - mean).abs() < 1e-9, "{stats}");
    let count =
        |list: &Value| list.as_array().unwrap().iter().map(|entry| entry["count"].as_u64().unwrap()).sum::<u64>();
    assert_eq!((count(&stats["distribution"]), count(&stats["trend"])), (2, 2));
    assert_eq!((&stats["skipped"], &stats["failed"]), (&json!(0), &json!(0)));
}
