//! A token gives access to its own organisation, while it is valid, and to nothing else.

use domain::{Timestamp, Token, TokenRecord, TokenScope};

use crate::organisation::{ApiResponse, Organisation, get_with_token};
use crate::sample_calls;
use crate::stack::{Stack, run_cli};

#[tokio::test]
async fn a_request_without_a_token_is_unauthorised() {
    for path in ["", "/stats", "/call-1"] {
        assert_eq!(get_with_token(path, None).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn every_invalid_token_is_refused_with_the_same_response() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    let (stored, unknown) = (random_token(), random_token());
    let token = stored.reveal();
    stack.store_token(&record(&stored, &organisation, None)).await;
    assert_eq!(get_stats(&token).await.status, 200);
    let secret_of_another = format!("cf_{}_{}", stored.id(), unknown.reveal().rsplit('_').next().unwrap());
    let refusals = [
        get_stats("Bearer abc").await,
        get_stats(&unknown.reveal()).await,
        get_stats(&secret_of_another).await,
        get_stats(token.get(..token.len() - 1).unwrap()).await,
    ];
    for refusal in &refusals {
        assert_eq!(refusal.status, 403);
        assert_eq!(refusal, &refusals[0]);
    }
}

#[tokio::test]
async fn a_token_is_valid_until_it_expires() {
    let (organisation, stack) = (Organisation::new(), Stack::connect().await);
    for (expires_at, status) in [("2026-01-02T00:00:00Z", 403), ("9999-01-01T00:00:00Z", 200)] {
        let token = random_token();
        stack.store_token(&record(&token, &organisation, Some(expires_at))).await;
        assert_eq!(get_stats(&token.reveal()).await.status, status, "{expires_at}");
    }
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let organisation = Organisation::new();
    let revoked = run_cli(&["token", "create", "--org", organisation.id.as_str()], "");
    let revoked = Token::parse(revoked.trim()).unwrap();
    run_cli(&["token", "revoke", revoked.id().as_str()], "");
    assert_eq!(get_stats(&revoked.reveal()).await.status, 403);
    assert_eq!(organisation.get("").await.status, 200, "the organisation's other token is still valid");
}

#[tokio::test]
async fn a_call_of_another_organisation_is_not_found() {
    let (owner, other) = (Organisation::new(), Organisation::new());
    let call = sample_calls::good();
    let path = format!("/{}", sample_calls::id(&call));
    let before = message(&other.get(&path).await);
    owner.send(std::slice::from_ref(&call));
    owner.wait_for_result(sample_calls::id(&call)).await.data();
    assert_eq!(message(&other.get(&path).await), before);
    assert_eq!(other.get("").await.body["pagination"]["total"], 0);
    assert_eq!(other.get("/stats").await.data()["total_feedback"], 0);
}

fn message(response: &ApiResponse) -> String {
    response.error(404, "feedback_not_found")["message"].to_string()
}

async fn get_stats(token: &str) -> ApiResponse {
    get_with_token("/stats", Some(token)).await
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
