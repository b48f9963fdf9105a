//! A stub of a model's server, on a port of its own for each test.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use test_support::{ReceivedRequest, StubServer, chat_completion, response};

/// No response, while the connection stays open.
pub(crate) const NEVER: Vec<u8> = Vec::new();

/// A chat completion whose message is that text, a model's answer.
#[expect(clippy::needless_pass_by_value, reason = "tests read better without borrowing what they just made")]
pub(crate) fn answering(text: impl ToString) -> Vec<u8> {
    with_status(200, chat_completion(&text.to_string()))
}

/// A response of that status.
#[expect(clippy::needless_pass_by_value, reason = "tests read better without borrowing what they just made")]
pub(crate) fn with_status(status: u16, body: impl ToString) -> Vec<u8> {
    response(status, "", body.to_string())
}

/// A response with this part of a body; then the connection breaks.
pub(crate) fn breaking_off(part: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 -\r\nconnection: close\r\ncontent-length: 9999\r\n\r\n{part}").into_bytes()
}

/// A request to a model.
pub(crate) struct ModelRequest {
    /// The request line and the headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl ModelRequest {
    fn of(request: &ReceivedRequest) -> Self {
        Self { head: request.head.to_lowercase(), body: serde_json::from_str(&request.body).unwrap_or_default() }
    }

    /// The text of a message, the system prompt being the first.
    pub(crate) fn message(&self, index: usize) -> &str {
        self.body["messages"][index]["content"].as_str().unwrap()
    }
}

pub(crate) struct StubModel {
    pub(crate) url: String,
    server: StubServer,
}

impl StubModel {
    /// A server that responds to each request as the function says, which is given the number of earlier requests.
    pub(crate) fn start(respond: impl Fn(usize, &ModelRequest) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let count = AtomicUsize::new(0);
        let server = StubServer::start(move |request| {
            let response = respond(count.fetch_add(1, Ordering::Relaxed), &ModelRequest::of(request));
            (response != NEVER).then_some(response)
        });
        Self { url: format!("http://{}/v1", server.address()), server }
    }

    /// A server with these responses, one after the other; the last one is repeated.
    pub(crate) fn responding(responses: Vec<Vec<u8>>) -> Self {
        Self::start(move |count, _| responses[count.min(responses.len() - 1)].clone())
    }

    /// The requests that no earlier call has returned.
    pub(crate) fn requests(&self) -> Vec<ModelRequest> {
        self.server.rest().iter().map(ModelRequest::of).collect()
    }
}
