//! A stub of a model's server, on a port of its own for each test.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// How the stub responds to a request.
#[derive(Clone)]
pub(crate) enum StubResponse {
    /// With that status, those headers and that body, after a delay.
    Complete { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8>, delay: Duration },
    /// With this part of a body; then the connection breaks.
    BreaksOff(Vec<u8>),
    /// Not at all, while the connection stays open.
    Never,
}

#[expect(clippy::needless_pass_by_value, reason = "tests read better without borrowing what they just made")]
impl StubResponse {
    pub(crate) fn status(status: u16, body: impl ToString) -> Self {
        Self::Complete { status, headers: Vec::new(), body: body.to_string().into_bytes(), delay: Duration::ZERO }
    }

    pub(crate) fn bytes(bytes: &[u8]) -> Self {
        Self::Complete { status: 200, headers: Vec::new(), body: bytes.to_vec(), delay: Duration::ZERO }
    }

    /// A chat completion whose message is that text, a model's answer.
    pub(crate) fn answer(text: impl ToString) -> Self {
        Self::status(200, completion(&text.to_string()))
    }

    pub(crate) fn after(self, time: Duration) -> Self {
        match self {
            Self::Complete { status, headers, body, .. } => Self::Complete { status, headers, body, delay: time },
            other => other,
        }
    }

    pub(crate) fn with_header(self, name: &'static str, value: impl ToString) -> Self {
        match self {
            Self::Complete { status, mut headers, body, delay } => {
                headers.push((name, value.to_string()));
                Self::Complete { status, headers, body, delay }
            }
            other => other,
        }
    }
}

/// A chat completion with that message.
pub(crate) fn completion(text: &str) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "stub-1-2026",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    })
}

/// A request as it arrived.
#[derive(Clone)]
pub(crate) struct ReceivedRequest {
    /// The request line and the headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl ReceivedRequest {
    /// The text of a message, the system prompt being the first.
    pub(crate) fn message(&self, index: usize) -> &str {
        self.body["messages"][index]["content"].as_str().unwrap()
    }
}

pub(crate) struct StubServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl StubServer {
    /// A server that responds to each POST as the function says, which is given the number of earlier requests.
    pub(crate) async fn start(
        respond: impl Fn(usize, &ReceivedRequest) -> StubResponse + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (respond, log) = (Arc::new(respond), requests.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (respond, log) = (respond.clone(), log.clone());
                tokio::spawn(async move { serve(stream, &*respond, &log).await });
            }
        });
        Self { url, requests }
    }

    /// A server with these responses, one after the other; the last one is repeated.
    pub(crate) async fn responding(responses: Vec<StubResponse>) -> Self {
        Self::start(move |count, _| responses[count.min(responses.len() - 1)].clone()).await
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.requests.lock().unwrap().clone()
    }
}

/// Serves a connection until one of the two closes it.
async fn serve(
    mut stream: TcpStream,
    respond: &(dyn Fn(usize, &ReceivedRequest) -> StubResponse + Sync),
    log: &Mutex<Vec<ReceivedRequest>>,
) {
    while let Some(request) = read(&mut stream).await {
        if request.head.starts_with("head ") {
            let _ = stream.write_all(b"HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n").await;
            continue;
        }
        let count = {
            let mut log = log.lock().unwrap();
            log.push(request.clone());
            log.len() - 1
        };
        match respond(count, &request) {
            StubResponse::Complete { status, headers, body, delay } => {
                sleep(delay).await;
                let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
                let headers = headers.concat();
                let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
                let _ = stream.write_all(&[head.into_bytes(), body].concat()).await;
            }
            StubResponse::BreaksOff(part) => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", part.len() + 1_000);
                let _ = stream.write_all(&[head.into_bytes(), part].concat()).await;
                return;
            }
            StubResponse::Never => std::future::pending().await,
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<ReceivedRequest> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes.iter().take(end).copied().collect()).unwrap().to_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |text| text.parse().unwrap());
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(ReceivedRequest {
        head,
        body: bytes.get(end..end + length).and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default(),
    })
}
