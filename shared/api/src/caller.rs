//! The organisation that makes a request.

use domain::OrgId;
use lambda_http::{Request, RequestExt};

use crate::ApiError;

/// The key of the authorizer's context that holds the organisation.
const ORG_ID: &str = "org_id";

/// The organisation of the request's token, from the authorizer's context. Fails with 401 if there is none, which cannot happen behind
/// the gateway.
pub fn organisation(request: &Request) -> Result<OrgId, ApiError> {
    let context = request.request_context_ref();
    let org = context.and_then(|context| context.authorizer()?.fields.get(ORG_ID)?.as_str());
    org.and_then(|org| OrgId::parse(org).ok()).ok_or_else(ApiError::unauthenticated)
}
