//! The envelope of every answer.

use domain::{CallId, OrgId};
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{ApiError, organisation};

/// A feedback never changes, so its holder may keep it for a year; it is the holder's own, so no shared cache may.
const FOR_EVER: &str = "private, max-age=31536000, immutable";
/// Lists and statistics change with the next call.
const NOT_AT_ALL: &str = "no-store";
/// Seconds a client should wait before it asks a busy service again.
const RETRY_SECONDS: &str = "2";

#[derive(Serialize)]
struct Success<'a, T> {
    success: bool,
    #[serde(flatten)]
    content: &'a T,
}

#[derive(Serialize)]
struct Failure<'a> {
    success: bool,
    error: FailureDetail<'a>,
}

#[derive(Serialize)]
struct FailureDetail<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    request_id: &'a str,
}

/// 200 with `{"success": true, …}`, where `content` has the other fields, `data` among them; never cached.
pub fn success(content: &impl Serialize) -> Result<Response<Body>, ApiError> {
    Ok(json(StatusCode::OK, NOT_AT_ALL, envelope(content)?))
}

/// 200 like [`success`] for content that never changes: with a strong `ETag`, cached for a year by its owner; 304 without a
/// body when the client shows in `If-None-Match` that it has it.
pub fn immutable(request: &Request, content: &impl Serialize) -> Result<Response<Body>, ApiError> {
    let body = envelope(content)?;
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..16]));
    let mut response = json(StatusCode::OK, FOR_EVER, body);
    if already_has(request, &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::Empty;
        response.headers_mut().remove(CONTENT_TYPE);
    }
    response.headers_mut().insert(ETAG, HeaderValue::try_from(tag).map_err(ApiError::internal)?);
    Ok(response)
}

/// The answer to the request: what was found, or the error in its envelope. Logs one line, and an error of ours with its
/// whole chain.
#[must_use]
pub fn answer(request: &Request, found: Result<Response<Body>, ApiError>) -> Response<Body> {
    let request_id = request.lambda_context_ref().map_or("", |context| context.request_id.as_str());
    let response = found.unwrap_or_else(|error| {
        log(request, &error, request_id);
        failure(&error, request_id)
    });
    tracing::info!(request_id, status = response.status().as_u16(), "answered");
    response
}

fn failure(error: &ApiError, request_id: &str) -> Response<Body> {
    let reason = error.reason.as_deref();
    let detail = FailureDetail { code: error.code, message: &error.message, reason, request_id };
    // Strings alone cannot fail to serialise; an empty body would still carry the status.
    let body = serde_json::to_string(&Failure { success: false, error: detail }).unwrap_or_default();
    let mut response = json(error.status, NOT_AT_ALL, body);
    if error.status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    }
    response
}

fn log(request: &Request, error: &ApiError, request_id: &str) {
    let Some(source) = &error.source else { return };
    let (code, chain) = (error.code, environment::chain(source.as_ref()));
    let (org, call) = (organisation(request).ok(), call(request));
    let (org_id, call_id) = (org.as_ref().map(OrgId::as_str), call.as_ref().map(CallId::as_str));
    if error.status == StatusCode::SERVICE_UNAVAILABLE {
        tracing::warn!(request_id, org_id, call_id, code, chain, "the store is busy");
    } else {
        tracing::error!(request_id, org_id, call_id, code, chain, "the request failed");
    }
}

/// The call that the path names, if it names one.
fn call(request: &Request) -> Option<CallId> {
    CallId::parse(request.path_parameters().first("call_id")?).ok()
}

fn envelope(content: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(&Success { success: true, content }).map_err(ApiError::internal)
}

fn json(status: StatusCode, cache: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// Whether `If-None-Match` lists the tag (RFC 9110, 13.1.2: weak comparison, `*` matches anything).
fn already_has(request: &Request, tag: &str) -> bool {
    let lists = request.headers().get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn request(if_none_match: Option<&str>) -> Request {
        let mut request = Request::default();
        if let Some(tags) = if_none_match {
            request.headers_mut().insert(IF_NONE_MATCH, HeaderValue::from_str(tags).unwrap());
        }
        request
    }

    fn body(response: &Response<Body>) -> Value {
        serde_json::from_slice(response.body()).unwrap()
    }

    #[test]
    fn immutable_content_has_a_strong_tag_that_its_holder_can_show() {
        let content = json!({"data": {"score": 8.1}});
        let first = immutable(&request(None), &content).unwrap();
        assert_eq!(body(&first), json!({"success": true, "data": {"score": 8.1}}));
        assert_eq!(first.headers()[CACHE_CONTROL], FOR_EVER);
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
        for shown in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let again = immutable(&request(Some(&shown)), &content).unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{shown}");
            assert_eq!(again.headers()[ETAG], *tag);
            assert!(again.body().is_empty());
        }
        let other = immutable(&request(Some(&tag)), &json!({"data": {"score": 8.2}})).unwrap();
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[test]
    fn an_inner_error_is_told_to_nobody() {
        let response = answer(&request(None), Err(ApiError::internal("table call_feedback is on fire")));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let expected = json!({"code": "internal_error", "message": "internal error", "request_id": ""});
        assert_eq!(body(&response), json!({"success": false, "error": expected}));
    }
}
