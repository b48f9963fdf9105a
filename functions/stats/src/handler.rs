//! The statistics of an organisation.

use api::ApiError;
use domain::Timestamp;
use lambda_http::{Body, Request, Response};
use store::Store;

use crate::body::StatsBody;
use crate::query;

/// Responds to `GET` and `HEAD` of `/api/call-feedback/stats`. The trend ends on the day of `now` by default.
pub(crate) async fn handle(store: &Store, now: Timestamp, request: Request) -> Response<Body> {
    api::respond(&request, statistics(store, now, &request)).await
}

async fn statistics(store: &Store, now: Timestamp, request: &Request) -> Result<Response<Body>, ApiError> {
    let org = api::organisation(request)?;
    let query = query::parse(request, now.day())?;
    let statistics = store.statistics(&org, &query).await?;
    api::success(&StatsBody::of(&statistics))
}
