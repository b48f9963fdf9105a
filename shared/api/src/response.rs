//! The envelope of every response, its caching headers, and its deadline.
//!
//! **Invariant:** the response to HEAD is that to GET, headers and all, without the body.

use std::time::Duration;

use domain::{CallId, OrgId};
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER, VARY};
use lambda_http::http::{HeaderValue, Method, StatusCode};
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use crate::{ApiError, organisation};

/// Feedback never changes, so a client's own cache may keep it for a year. A shared cache may not: it belongs to one organisation.
const CACHE_FOR_A_YEAR: &str = "private, max-age=31536000, immutable";
/// Lists and statistics change with the next call.
const NO_STORE: &str = "no-store";
/// The header that a cached response depends on: a cache that is used with several tokens keeps one response for each.
const TOKEN_HEADER: &str = "x-user-token";
/// Work on a request stops this long before the function's deadline, which leaves time to respond and to report an error.
const RESERVE: Duration = Duration::from_secs(1);
/// Seconds after which a client should try again.
const RETRY_SECONDS: &str = "2";

#[derive(Serialize)]
struct SuccessBody<'a, T> {
    success: bool,
    #[serde(flatten)]
    content: &'a T,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    success: bool,
    error: ErrorDetail<'a>,
}

#[derive(Serialize)]
struct ErrorDetail<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    request_id: &'a str,
}

/// 200 with `{"success": true, …}`, where `content` has the other fields, `data` among them; never cached.
pub fn success(content: &impl Serialize) -> Result<Response<Body>, ApiError> {
    Ok(json(StatusCode::OK, NO_STORE, envelope(content)?))
}

/// 200 like [`success`], for content that never changes: with a strong `ETag`, and cacheable for a year by the client that has the
/// token; 304 without a body if `If-None-Match` has the tag.
pub fn immutable<T: Serialize>(request: &Request, content: &T) -> Result<Response<Body>, ApiError> {
    let body = envelope(content)?;
    let tag = format!("\"{}\"", hex::encode(&<[u8; 32]>::from(Sha256::digest(&body))[..16]));
    let mut response = json(StatusCode::OK, CACHE_FOR_A_YEAR, body);
    response.headers_mut().insert(VARY, HeaderValue::from_static(TOKEN_HEADER));
    if matches_etag(request, &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::Empty;
        response.headers_mut().remove(CONTENT_TYPE);
    }
    response.headers_mut().insert(ETAG, HeaderValue::try_from(tag).map_err(ApiError::internal)?);
    Ok(response)
}

/// The response to the request: the result of the work, or its error in the envelope; 503 if the work is not done a second before the
/// invocation's deadline. Logs one line, and errors of ours with their whole chain.
pub fn respond(
    request: &Request,
    work: impl Future<Output = Result<Response<Body>, ApiError>>,
) -> impl Future<Output = Response<Body>> {
    let context = request.lambda_context_ref();
    let time = context.map_or(Duration::MAX, |context| environment::remaining(context.deadline()));
    // On the heap, because a handler's state of kilobytes would be part of this future's more than once.
    let work = Box::pin(work);
    async move {
        let result = timeout(time.saturating_sub(RESERVE), work).await.unwrap_or_else(|_| Err(ApiError::out_of_time()));
        let request_id = context.map_or("", |context| context.request_id.as_str());
        let mut response = result.unwrap_or_else(|error| {
            log(request, &error, request_id);
            error_response(&error, request_id)
        });
        if *request.method() == Method::HEAD {
            *response.body_mut() = Body::Empty;
        }
        tracing::info!(request_id, status = response.status().as_u16(), "responded");
        response
    }
}

fn error_response(error: &ApiError, request_id: &str) -> Response<Body> {
    let reason = error.reason.as_deref();
    let detail = ErrorDetail { code: error.code, message: &error.message, reason, request_id };
    // Serialising strings cannot fail; with an empty body the response would still have its status.
    let body = serde_json::to_string(&ErrorBody { success: false, error: detail }).unwrap_or_default();
    let mut response = json(error.status, NO_STORE, body);
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
        tracing::warn!(request_id, org_id, call_id, code, chain, "the client has to try again");
    } else {
        tracing::error!(request_id, org_id, call_id, code, chain, "the request failed");
    }
}

/// The call that the path names, if it names one.
fn call(request: &Request) -> Option<CallId> {
    CallId::parse(request.path_parameters().first("call_id")?).ok()
}

fn envelope(content: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(&SuccessBody { success: true, content }).map_err(ApiError::internal)
}

fn json(status: StatusCode, cache: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// Whether `If-None-Match` lists the tag (RFC 9110, 13.1.2: weak comparison, `*` matches anything).
fn matches_etag(request: &Request, tag: &str) -> bool {
    let lists = request.headers().get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|listed| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed) == tag)
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use lambda_http::Context;
    use serde_json::{Value, json};
    use store::StoreError;

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
    fn immutable_content_has_a_strong_tag_and_is_not_sent_again() {
        let content = json!({"data": {"score": 8.1}});
        let first = immutable(&request(None), &content).unwrap();
        assert_eq!(body(&first), json!({"success": true, "data": {"score": 8.1}}));
        assert_eq!(
            (&first.headers()[CACHE_CONTROL], &first.headers()[VARY]),
            (&CACHE_FOR_A_YEAR.parse().unwrap(), &TOKEN_HEADER.parse().unwrap())
        );
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
        for listed in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let again = immutable(&request(Some(&listed)), &content).unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{listed}");
            assert_eq!(
                (&again.headers()[ETAG], &again.headers()[VARY]),
                (&first.headers()[ETAG], &first.headers()[VARY])
            );
            assert!(again.body().is_empty());
        }
        let other = immutable(&request(Some(&tag)), &json!({"data": {"score": 8.2}})).unwrap();
        assert_eq!(other.status(), StatusCode::OK);
    }

    /// A request of an invocation that ends after that long.
    fn request_with(time: Duration) -> Request {
        let mut context = Context::default();
        let deadline = Duration::from_secs(u64::try_from(environment::now().unix_seconds()).unwrap()) + time;
        context.deadline = u64::try_from(deadline.as_millis()).unwrap();
        Request::default().with_lambda_context(context)
    }

    /// What an endpoint answers to a request with that content.
    type Answer = fn(&Request, &Value) -> Result<Response<Body>, ApiError>;

    #[tokio::test]
    async fn the_response_to_head_is_that_to_get_without_its_body() {
        let (get, mut head) = (request(None), request(None));
        *head.method_mut() = Method::HEAD;
        let content = json!({"data": {"score": 8.1}});
        let answers: [Answer; 4] = [
            |_, content| success(content),
            immutable::<Value>,
            |_, _| Err(ApiError::invalid_parameter("limit", "must be a number")),
            |_, _| Err(ApiError::out_of_time()),
        ];
        for answer in answers {
            let full = respond(&get, ready(answer(&get, &content))).await;
            let bare = respond(&head, ready(answer(&head, &content))).await;
            assert_eq!((bare.status(), bare.headers()), (full.status(), full.headers()));
            assert!(bare.body().is_empty() && !full.body().is_empty(), "{}", full.status());
        }
    }

    #[tokio::test]
    async fn internal_errors_are_not_shown_to_clients() {
        let error = Err(ApiError::internal("table call_feedback is on fire"));
        let response = respond(&request(None), ready(error)).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let expected = json!({"code": "internal_error", "message": "internal error", "request_id": ""});
        assert_eq!(body(&response), json!({"success": false, "error": expected}));
    }

    #[tokio::test]
    async fn errors_are_never_cached() {
        let call = CallId::parse("c1").unwrap();
        let busy = || StoreError::Unavailable { operation: "get", source: "throttled".into() };
        for error in [
            ApiError::invalid_parameter("limit", "must be a number"),
            ApiError::unauthenticated(),
            ApiError::feedback_not_found(&call),
            ApiError::internal("broken"),
            ApiError::out_of_time(),
            busy().into(),
        ] {
            let response = respond(&request(None), ready(Err(error))).await;
            assert!(response.status().as_u16() >= 400);
            assert_eq!(response.headers()[CACHE_CONTROL], NO_STORE, "{}", response.status());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_is_not_done_a_second_before_the_deadline_is_a_503_in_the_envelope() {
        let response = respond(&request_with(Duration::from_secs(10)), pending()).await;
        assert_eq!(
            (response.status(), &response.headers()[RETRY_AFTER]),
            (StatusCode::SERVICE_UNAVAILABLE, &RETRY_SECONDS.parse().unwrap())
        );
        assert_eq!(body(&response)["error"]["code"], "unavailable");
        let late = respond(&request_with(Duration::ZERO), pending()).await;
        assert_eq!(late.status(), StatusCode::SERVICE_UNAVAILABLE);
        let done = || ready(success(&json!({"data": 1})));
        assert_eq!(respond(&request_with(Duration::from_secs(10)), done()).await.status(), StatusCode::OK);
        assert_eq!(respond(&request(None), done()).await.status(), StatusCode::OK);
    }
}
