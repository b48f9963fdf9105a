//! An organisation of a test's own: its token, what it sends, and what the API tells it.

use domain::{OrgId, TokenScope};
use reqwest::header::{CACHE_CONTROL, ETAG, HOST, HeaderName, IF_NONE_MATCH};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::stack::{self, command_line, until, variable};

pub(crate) const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-user-token");

/// What the API answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) cache_control: Option<String>,
    /// Null when there is none.
    pub(crate) body: Value,
}

impl Answer {
    /// The data of a success; fails on anything else.
    pub(crate) fn data(&self) -> &Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.body["success"], true, "{self:?}");
        &self.body["data"]
    }

    /// The error; fails unless it has that status and code.
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
    /// A new organisation, nobody has calls in it yet.
    pub(crate) fn new() -> Self {
        let id = OrgId::parse(format!("e2e-{:016x}", fastrand::u64(..))).unwrap();
        let token = new_token(&id, TokenScope::Read);
        Self { id, token }
    }

    /// The token that its tests ask with.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// A new token with which calls are handed in, and nothing else is done.
    pub(crate) fn intake_token(&self) -> String {
        new_token(&self.id, TokenScope::Intake)
    }

    /// The calls, of this organisation, on the queue.
    pub(crate) fn send(&self, calls: &[Value]) {
        let ours: Vec<Value> = calls.iter().map(|call| self.owning(call)).collect();
        stack::send(&ours);
    }

    /// The call as one of this organisation.
    pub(crate) fn owning(&self, call: &Value) -> Value {
        let mut call = call.clone();
        call["org_id"] = self.id.as_str().into();
        call
    }

    /// What the API answers to a request for what comes after `/api/call-feedback`.
    pub(crate) async fn ask(&self, rest: &str) -> Answer {
        ask(rest, &[(TOKEN_HEADER, &self.token)]).await
    }

    /// The same, showing a tag that the client has.
    pub(crate) async fn ask_unless(&self, rest: &str, etag: &str) -> Answer {
        ask(rest, &[(TOKEN_HEADER, &self.token), (IF_NONE_MATCH, etag)]).await
    }

    /// What became of the call, once that is known.
    pub(crate) async fn outcome(&self, call_id: &str) -> Answer {
        until(&format!("it is known what became of {call_id}"), async || {
            let answer = self.ask(&format!("/{call_id}")).await;
            (answer.body["error"]["code"] != "feedback_not_found").then_some(answer)
        })
        .await
    }
}

/// What the API answers to whoever presents that token, or none.
pub(crate) async fn ask_with_token(rest: &str, token: Option<&str>) -> Answer {
    let headers: Vec<_> = token.map(|token| (TOKEN_HEADER, token)).into_iter().collect();
    ask(rest, &headers).await
}

/// A request to the API for what comes after `/api/call-feedback`.
pub(crate) fn request(method: Method, rest: &str) -> RequestBuilder {
    // The API's name resolves nowhere on a local stack: the address is one thing, the Host header another.
    let url = format!("{}/api/call-feedback{rest}", variable("CALL_FEEDBACK_API_URL"));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.request(method, url).header(HOST, variable("CALL_FEEDBACK_API_HOST"))
}

fn new_token(org: &OrgId, scope: TokenScope) -> String {
    let arguments = ["token", "create", "--org", org.as_str(), "--scope", &scope.to_string()];
    command_line(&arguments, "").trim().to_owned()
}

async fn ask(rest: &str, headers: &[(HeaderName, &str)]) -> Answer {
    let mut request = request(Method::GET, rest);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let response = request.send().await.unwrap();
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, etag, cache_control) = (response.status().as_u16(), header(ETAG), header(CACHE_CONTROL));
    let text = response.text().await.unwrap();
    let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
    Answer { status, etag, cache_control, body }
}
