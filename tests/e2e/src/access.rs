//! A token opens its own organisation, while it lasts, and nothing else.

use domain::{Timestamp, Token, TokenRecord, TokenScope};

use crate::calls;
use crate::organisation::{Answer, Organisation, ask_with_token};
use crate::stack::{Stack, command_line};

#[tokio::test]
async fn without_a_token_nobody_is_known() {
    for path in ["", "/stats", "/call-1"] {
        assert_eq!(ask_with_token(path, None).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_a_token_the_refusal_is_the_same() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let (kept, stranger) = (random_token(), random_token());
    let kept_text = kept.reveal();
    stack.keep_token(&record(&kept, &organisation, None)).await;
    assert_eq!(answer(&kept_text).await.status, 200);
    let secret_of_another = format!("cf_{}_{}", kept.id(), stranger.reveal().rsplit('_').next().unwrap());
    let refusals = [
        answer("Bearer abc").await,
        answer(&stranger.reveal()).await,
        answer(&secret_of_another).await,
        answer(&kept_text[..kept_text.len() - 1]).await,
    ];
    for refusal in &refusals {
        assert_eq!(refusal.status, 403);
        assert_eq!(refusal, &refusals[0]);
    }
}

#[tokio::test]
async fn a_token_opens_until_it_expires() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    for (expires_at, status) in [("2026-01-02T00:00:00Z", 403), ("9999-01-01T00:00:00Z", 200)] {
        let token = random_token();
        stack.keep_token(&record(&token, &organisation, Some(expires_at))).await;
        assert_eq!(answer(&token.reveal()).await.status, status, "{expires_at}");
    }
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() {
    let organisation = Organisation::new();
    let revoked = command_line(&["token", "create", "--org", organisation.id.as_str()], "");
    let revoked = Token::parse(revoked.trim()).unwrap();
    command_line(&["token", "revoke", revoked.id().as_str()], "");
    assert_eq!(answer(&revoked.reveal()).await.status, 403);
    assert_eq!(organisation.ask("").await.status, 200, "the organisation's other token still opens it");
}

#[tokio::test]
async fn another_organisations_call_looks_like_one_that_does_not_exist() {
    let (owner, other) = (Organisation::new(), Organisation::new());
    let call = calls::good();
    let path = format!("/{}", calls::id(&call));
    let before = message(&other.ask(&path).await);
    owner.send(std::slice::from_ref(&call));
    owner.outcome(calls::id(&call)).await.data();
    assert_eq!(message(&other.ask(&path).await), before);
    assert_eq!(other.ask("").await.body["pagination"]["total"], 0);
    assert_eq!(other.ask("/stats").await.data()["total_feedback"], 0);
}

fn message(answer: &Answer) -> String {
    answer.error(404, "feedback_not_found")["message"].to_string()
}

async fn answer(token: &str) -> Answer {
    ask_with_token("/stats", Some(token)).await
}

fn random_token() -> Token {
    Token::from_random(std::array::from_fn(|_| fastrand::u8(..)), std::array::from_fn(|_| fastrand::u8(..)))
}

fn record(token: &Token, organisation: &Organisation, expires_at: Option<&str>) -> TokenRecord {
    TokenRecord {
        token_id: token.id().clone(),
        org_id: organisation.id.clone(),
        scope: TokenScope::Read,
        secret_sha256: token.secret_hash(),
        created_at: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
        expires_at: expires_at.map(|text| Timestamp::parse(text).unwrap()),
        revoked_at: None,
    }
}
