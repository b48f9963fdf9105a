//! Checks a token and finds its organisation.
//!
//! **Invariant:** the response is the same for every invalid token, so that it does not show what is wrong, or that a token
//! exists. Only a table that cannot be read is an error, for which the gateway rejects the request.

use domain::{OrgId, Timestamp, Token, TokenRecord, TokenScope, TokenState};
use serde::Serialize;
use store::{StoreError, TokenStore};

use crate::request::AuthorizerRequest;

/// The response to the gateway, in its "simple" format.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthorizerResponse {
    is_authorized: bool,
    context: Context,
}

/// The context: `requestContext.authorizer.lambda` in a function, `$context.authorizer` in the template.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Context {
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<OrgId>,
}

/// The result of checking a token, for the log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenCheck {
    /// It gives access to the route.
    Valid,
    /// There is none with this id and this secret.
    Unknown,
    /// It has expired.
    Expired,
    /// It was revoked.
    Revoked,
    /// It is valid, but not for this route.
    WrongScope,
}

/// Allows or rejects a request at that time. Fails only when the token table cannot be read.
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
        tracing::info!(allowed = false, reason = "not a token", "token checked");
        return Ok(None);
    };
    let record = tokens.find(token.id()).await?;
    let record = record.filter(|record| record.secret_sha256.matches(&token));
    let check = check(record.as_ref(), request.scope(), now);
    let allowed = check == TokenCheck::Valid;
    tracing::info!(token_id = %token.id(), allowed, reason = ?check, "token checked");
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
