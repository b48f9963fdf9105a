//! A token in, an organisation out.
//!
//! **Invariant:** whatever is wrong with a token, the answer is the same refusal: nobody learns from it which part was wrong,
//! or that a token exists. Only a table that cannot be read is an error, and the gateway lets nobody through on an error.

use domain::{OrgId, Timestamp, Token, TokenState};
use serde::{Deserialize, Serialize};
use store::{StoreError, TokenStore};

/// What the gateway asks: a REQUEST authorizer's event, payload format 2.0, of which only the identity source counts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthorizerRequest {
    /// The values of the identity sources: one, the header `x-user-token`.
    #[serde(default)]
    identity_source: Option<Vec<String>>,
}

/// What the gateway is told: a simple response.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthorizerResponse {
    is_authorized: bool,
    context: Context,
}

/// What reaches the function as `requestContext.authorizer.lambda`.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Context {
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<OrgId>,
}

/// Decides about a request at that time; fails only when the token table cannot be read.
pub(crate) async fn handle(
    tokens: &TokenStore,
    now: Timestamp,
    request: AuthorizerRequest,
) -> Result<AuthorizerResponse, StoreError> {
    let org_id = organisation(tokens, now, request).await.inspect_err(|error| {
        tracing::error!(error = environment::chain(error), "the token table cannot be read");
    })?;
    Ok(AuthorizerResponse { is_authorized: org_id.is_some(), context: Context { org_id } })
}

async fn organisation(
    tokens: &TokenStore,
    now: Timestamp,
    request: AuthorizerRequest,
) -> Result<Option<OrgId>, StoreError> {
    let presented = request.identity_source.as_deref().and_then(<[_]>::first);
    let Some(token) = presented.and_then(|text| Token::parse(text).ok()) else {
        tracing::info!(allowed = false, reason = "not a token", "authorized");
        return Ok(None);
    };
    let record = tokens.find(token.id()).await?;
    let record = record.filter(|record| record.secret_sha256.matches(&token));
    let state = record.as_ref().map(|record| record.state(now));
    let allowed = state == Some(TokenState::Valid);
    tracing::info!(token_id = %token.id(), allowed, reason = ?state, "authorized");
    Ok(record.filter(|_| allowed).map(|record| record.org_id))
}
