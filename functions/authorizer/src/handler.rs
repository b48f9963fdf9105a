//! A token in, an organisation out.
//!
//! **Invariant:** whatever is wrong with a token, the answer is the same refusal: nobody learns from it which part was wrong,
//! or that a token exists. Only a table that cannot be read is an error, and the gateway lets nobody through on an error.

use domain::{OrgId, Timestamp, Token, TokenRecord, TokenScope, TokenState};
use serde::Serialize;
use store::{StoreError, TokenStore};

use crate::request::AuthorizerRequest;

/// What the gateway is told: a simple response.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthorizerResponse {
    is_authorized: bool,
    context: Context,
}

/// What reaches a function as `requestContext.authorizer.lambda`, and the template as `$context.authorizer`.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Context {
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<OrgId>,
}

/// What checking a token came to, for the log alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenCheck {
    /// It opens the route.
    Valid,
    /// There is none with this id and this secret.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
    /// It is good, but for something else.
    WrongScope,
}

/// Decides about a request at that time; fails only when the token table cannot be read.
pub(crate) async fn handle(
    tokens: &TokenStore,
    now: Timestamp,
    request: AuthorizerRequest,
) -> Result<AuthorizerResponse, StoreError> {
    let org_id = organisation(tokens, now, &request).await.inspect_err(|error| {
        tracing::error!(error = environment::chain(error), "the token table cannot be read");
    })?;
    Ok(AuthorizerResponse { is_authorized: org_id.is_some(), context: Context { org_id } })
}

async fn organisation(
    tokens: &TokenStore,
    now: Timestamp,
    request: &AuthorizerRequest,
) -> Result<Option<OrgId>, StoreError> {
    let Some(token) = request.token().and_then(|text| Token::parse(text).ok()) else {
        tracing::info!(allowed = false, reason = "not a token", "authorized");
        return Ok(None);
    };
    let record = tokens.find(token.id()).await?;
    let record = record.filter(|record| record.secret_sha256.matches(&token));
    let check = check(record.as_ref(), request.scope(), now);
    let allowed = check == TokenCheck::Valid;
    tracing::info!(token_id = %token.id(), allowed, reason = ?check, "authorized");
    Ok(record.filter(|_| allowed).map(|record| record.org_id))
}

fn check(record: Option<&TokenRecord>, scope: TokenScope, now: Timestamp) -> TokenCheck {
    let Some(record) = record else { return TokenCheck::Unknown };
    match record.state(now) {
        TokenState::Expired => TokenCheck::Expired,
        TokenState::Revoked => TokenCheck::Revoked,
        TokenState::Valid if record.scope != scope => TokenCheck::WrongScope,
        TokenState::Valid => TokenCheck::Valid,
    }
}
