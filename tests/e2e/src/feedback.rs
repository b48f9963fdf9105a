//! A call is scored once and its feedback never changes.

use serde_json::{Value, json};

use crate::calls;
use crate::organisation::Organisation;
use crate::stack::Stack;

#[tokio::test]
async fn a_call_on_the_queue_becomes_feedback_over_http() {
    let organisation = Organisation::new();
    let (good, poor) = (calls::good(), calls::poor());
    organisation.send(&[good.clone(), poor.clone()]);
    let mut scores = Vec::new();
    for call in [&good, &poor] {
        let answer = organisation.outcome(calls::id(call)).await;
        let feedback = answer.data();
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
    let call = calls::good();
    organisation.send(std::slice::from_ref(&call));
    let path = format!("/{}", calls::id(&call));
    let before = (organisation.outcome(calls::id(&call)).await, organisation.ask("/stats").await);
    let mut changed = calls::poor();
    changed["call_id"] = call["call_id"].clone();
    organisation.send(&[call.clone(), call, changed]);
    stack.drained().await;
    let after = (organisation.ask(&path).await, organisation.ask("/stats").await);
    assert!(before.0.etag.is_some());
    assert_eq!(before, after);
    assert_eq!(after.1.data()["total_feedback"], 1);
}

#[tokio::test]
async fn feedback_is_not_sent_twice_to_who_has_it() {
    let organisation = Organisation::new();
    let call = calls::good();
    organisation.send(std::slice::from_ref(&call));
    let first = organisation.outcome(calls::id(&call)).await;
    let etag = first.etag.unwrap();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag} is no strong tag");
    assert_eq!(first.cache_control.as_deref(), Some("private, max-age=31536000, immutable"));
    let path = format!("/{}", calls::id(&call));
    let again = organisation.ask_unless(&path, &etag).await;
    assert_eq!((again.status, again.etag.as_deref(), &again.body), (304, Some(&*etag), &Value::Null));
    assert_eq!(organisation.ask_unless(&path, "\"another\"").await.body, first.body);
}

#[tokio::test]
async fn a_short_call_is_skipped_with_its_reason() {
    let organisation = Organisation::new();
    let call = calls::short();
    organisation.send(std::slice::from_ref(&call));
    let answer = organisation.outcome(calls::id(&call)).await;
    let error = answer.error(404, "call_skipped");
    assert_eq!(error["reason"], "call_too_short");
    let seconds = call["duration_seconds"].to_string();
    assert!(error["message"].as_str().unwrap().contains(&seconds), "{error} does not name {seconds}");
    let stats = organisation.ask("/stats").await;
    assert_eq!((&stats.data()["total_feedback"], &stats.data()["skipped"]), (&json!(0), &json!(1)));
    assert_eq!(organisation.ask("").await.data(), &json!([]));
}

/// Every quote is said, word for word, in the turn it names, by the role it names.
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
    let list = organisation.ask("?sort=score&order=desc").await;
    let ids: Vec<&Value> = list.data().as_array().unwrap().iter().map(|row| &row["call_id"]).collect();
    assert_eq!(ids, calls.iter().map(|call| &call["call_id"]).collect::<Vec<_>>());
    assert_eq!(list.body["pagination"]["total"], calls.len());
    let agent = calls[1]["agent_id"].as_str().unwrap();
    let of_agent = organisation.ask(&format!("?agent_id={agent}")).await;
    assert_eq!(of_agent.data().as_array().unwrap().len(), 1);
    assert_eq!(of_agent.data()[0]["call_id"], calls[1]["call_id"]);
}

async fn assert_counted(organisation: &Organisation, scores: &[f64]) {
    let answer = organisation.ask("/stats").await;
    let stats = answer.data();
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
