//! A test's own organisation: its token, the calls it sends and its requests to the API.

use std::io::{Read, Write};
use std::net::TcpStream;

use domain::{OrgId, TokenScope};
use reqwest::header::{CACHE_CONTROL, ETAG, HOST, HeaderName, IF_NONE_MATCH, VARY};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::stack::{self, run_cli, variable, wait_until};

pub(crate) const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-user-token");

/// A response of the API.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) vary: Option<String>,
    /// Null when the response has no body.
    pub(crate) body: Value,
}

impl ApiResponse {
    /// The `data` of a success; fails for any other response.
    pub(crate) fn data(&self) -> &Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.body["success"], true, "{self:?}");
        &self.body["data"]
    }

    /// The `error`; fails unless the response has that status and code.
    pub(crate) fn error(&self, status: u16, code: &str) -> &Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.body["success"], false, "{self:?}");
        let error = &self.body["error"];
        assert_eq!(error["code"], code, "{self:?}");
        assert!(error["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{self:?}");
        error
    }
}

/// An organisation and its token.
#[derive(Debug, Clone)]
pub(crate) struct Organisation {
    pub(crate) id: OrgId,
    token: String,
}

impl Organisation {
    /// A new organisation without any calls.
    pub(crate) fn new() -> Self {
        let id = OrgId::parse(format!("e2e-{:016x}", fastrand::u64(..))).unwrap();
        let token = new_token(&id, TokenScope::Read);
        Self { id, token }
    }

    /// The token with which the tests read.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// A new token that allows posting calls and nothing else.
    pub(crate) fn intake_token(&self) -> String {
        new_token(&self.id, TokenScope::Intake)
    }

    /// Sends the calls to the queue as calls of this organisation.
    pub(crate) fn send(&self, calls: &[Value]) {
        let ours: Vec<Value> = calls.iter().map(|call| self.with_org_id(call)).collect();
        stack::send(&ours);
    }

    /// The call as a call of this organisation.
    pub(crate) fn with_org_id(&self, call: &Value) -> Value {
        let mut call = call.clone();
        call["org_id"] = self.id.as_str().into();
        call
    }

    /// The response to a GET request for that path and query below `/api/call-feedback`.
    pub(crate) async fn get(&self, path: &str) -> ApiResponse {
        send(Method::GET, path, &[(TOKEN_HEADER, &self.token)]).await
    }

    /// The response to a HEAD request for it.
    pub(crate) async fn head(&self, path: &str) -> ApiResponse {
        send(Method::HEAD, path, &[(TOKEN_HEADER, &self.token)]).await
    }

    /// The response to a GET request for it with `If-None-Match`.
    pub(crate) async fn get_if_none_match(&self, path: &str, etag: &str) -> ApiResponse {
        send(Method::GET, path, &[(TOKEN_HEADER, &self.token), (IF_NONE_MATCH, etag)]).await
    }

    /// The status line, the headers and the body of the response to a GET request whose path and query are sent unchanged; an HTTP client
    /// would percent-encode them.
    pub(crate) fn get_unencoded(&self, path: &str, headers: &str) -> String {
        let (url, host) = (variable("CALL_FEEDBACK_API_URL"), variable("CALL_FEEDBACK_API_HOST"));
        let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        let head = format!("host: {host}\r\n{TOKEN_HEADER}: {}\r\n{headers}connection: close\r\n", self.token);
        write!(stream, "GET /api/call-feedback{path} HTTP/1.1\r\n{head}\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    /// The response for the call, once it is scored, skipped or failed.
    pub(crate) async fn wait_for_result(&self, call_id: &str) -> ApiResponse {
        wait_until(&format!("{call_id} has a result"), async || {
            let response = self.get(&format!("/{call_id}")).await;
            (response.body["error"]["code"] != "feedback_not_found").then_some(response)
        })
        .await
    }
}

/// The response to a GET request with that token, or without one.
pub(crate) async fn get_with_token(path: &str, token: Option<&str>) -> ApiResponse {
    let headers: Vec<_> = token.map(|token| (TOKEN_HEADER, token)).into_iter().collect();
    send(Method::GET, path, &headers).await
}

/// A request for that path and query below `/api/call-feedback`.
pub(crate) fn request(method: Method, path: &str) -> RequestBuilder {
    // The API's host name cannot be resolved on a local stack, so it is sent as a header.
    let url = format!("{}/api/call-feedback{path}", variable("CALL_FEEDBACK_API_URL"));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.request(method, url).header(HOST, variable("CALL_FEEDBACK_API_HOST"))
}

fn new_token(org: &OrgId, scope: TokenScope) -> String {
    let arguments = ["token", "create", "--org", org.as_str(), "--scope", &scope.to_string()];
    run_cli(&arguments, "").trim().to_owned()
}

async fn send(method: Method, path: &str, headers: &[(HeaderName, &str)]) -> ApiResponse {
    let mut request = request(method, path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let response = request.send().await.unwrap();
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, etag) = (response.status().as_u16(), header(ETAG));
    let (cache_control, vary) = (header(CACHE_CONTROL), header(VARY));
    let text = response.text().await.unwrap();
    let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
    ApiResponse { status, etag, cache_control, vary, body }
}
