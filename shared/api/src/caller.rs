//! Who asks.

use domain::OrgId;
use lambda_http::{Request, RequestExt};

use crate::ApiError;

/// The key of the authorizer's context that holds the organisation.
const ORG_ID: &str = "org_id";

/// The organisation whose token came with the request, as the authorizer found it. Fails with 401 when no authorizer vouches
/// for the request: behind the gateway that cannot happen.
pub fn organisation(request: &Request) -> Result<OrgId, ApiError> {
    let context = request.request_context_ref();
    let vouched = context.and_then(|context| context.authorizer()?.fields.get(ORG_ID)?.as_str());
    vouched.and_then(|org| OrgId::parse(org).ok()).ok_or_else(ApiError::unauthenticated)
}
