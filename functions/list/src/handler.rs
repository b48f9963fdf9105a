//! One page of an organisation's feedback.

use api::ApiError;
use domain::FeedbackRow;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use store::{Page, Store};

use crate::query;

#[derive(Serialize)]
struct ListBody {
    data: Vec<FeedbackRow>,
    pagination: Pagination,
}

#[derive(Serialize)]
struct Pagination {
    total: u64,
    limit: u8,
    offset: u64,
    has_more: bool,
    next_cursor: Option<String>,
}

/// Responds to `GET` and `HEAD` of `/api/call-feedback`.
pub(crate) async fn handle(store: &Store, request: Request) -> Response<Body> {
    api::respond(&request, list(store, &request)).await
}

async fn list(store: &Store, request: &Request) -> Result<Response<Body>, ApiError> {
    let org = api::organisation(request)?;
    let query = query::parse(request)?;
    let page = store.list(&org, &query).await?;
    api::success(&body(page, query.limit))
}

fn body(page: Page, limit: u8) -> ListBody {
    let Page { rows, total, offset, next_cursor } = page;
    let pagination = Pagination { total, limit, offset, has_more: next_cursor.is_some(), next_cursor };
    ListBody { data: rows, pagination }
}
