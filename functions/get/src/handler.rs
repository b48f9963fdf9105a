//! The feedback of one call, or the reason why there is none.

use api::ApiError;
use domain::{CallId, StoredFeedback};
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use store::Store;

#[derive(Serialize)]
struct GetBody {
    data: StoredFeedback,
}

/// Responds to `GET` and `HEAD` of `/api/call-feedback/{call_id}`.
pub(crate) async fn handle(store: &Store, request: Request) -> Response<Body> {
    api::respond(&request, find(store, &request)).await
}

async fn find(store: &Store, request: &Request) -> Result<Response<Body>, ApiError> {
    let org = api::organisation(request)?;
    api::Parameters::parse(request, &[])?;
    let call = call_id(request)?;
    if let Some(data) = store.find_feedback(&org, &call).await? {
        return api::immutable(request, &GetBody { data });
    }
    let outcome = store.find_outcome(&org, &call).await?;
    Err(outcome.map_or_else(|| ApiError::feedback_not_found(&call), |outcome| ApiError::no_feedback(&outcome)))
}

fn call_id(request: &Request) -> Result<CallId, ApiError> {
    let parameters = request.path_parameters();
    let text = parameters.first("call_id").unwrap_or_default();
    CallId::parse(text).map_err(|reason| ApiError::invalid_parameter("call_id", reason))
}
