//! A stub of a model's server: it responds with what the test says and keeps what it was asked.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// A response of the server.
#[derive(Debug, Clone)]
pub(crate) struct StubResponse {
    status: u16,
    headers: String,
    body: String,
    delay: Duration,
}

impl StubResponse {
    /// A refusal of that status.
    pub(crate) fn refusal(status: u16) -> Self {
        Self { status, headers: String::new(), body: "{}".to_owned(), delay: Duration::ZERO }
    }

    /// The model says that.
    pub(crate) fn saying(content: &str) -> Self {
        let body = json!({
            "id": "1", "object": "chat.completion", "created": 0, "model": "m-1-2026",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        });
        Self { body: body.to_string(), ..Self::refusal(200) }
    }

    /// The same with another header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers = format!("{}{name}: {value}\r\n", self.headers);
        self
    }

    /// The same, after that long.
    pub(crate) fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

/// What the server was asked.
#[derive(Debug, Clone)]
pub(crate) struct StubRequest {
    /// Its request line and headers.
    pub(crate) head: String,
    /// Its body.
    pub(crate) body: String,
}

/// The server. It is there for as long as its test.
#[derive(Debug)]
pub(crate) struct LlmStub {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<StubRequest>>>,
}

impl LlmStub {
    /// A server that responds to each request by its body.
    pub(crate) async fn responding(respond: impl Fn(&str) -> StubResponse + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, requests) = (listener.local_addr().unwrap(), Arc::default());
        let model = Self { address, requests: Arc::clone(&requests) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, respond.clone(), Arc::clone(&requests)));
            }
        });
        model
    }

    /// A server that always responds the same.
    pub(crate) async fn always(response: StubResponse) -> Self {
        Self::responding(move |_| response.clone()).await
    }

    /// Its address, as `LLM_BASE_URL` has it.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What it was asked so far.
    pub(crate) fn requests(&self) -> Vec<StubRequest> {
        self.requests.lock().unwrap().clone()
    }
}

/// Serves the requests of a connection until the other side closes it.
async fn serve(stream: TcpStream, respond: impl Fn(&str) -> StubResponse, requests: Arc<Mutex<Vec<StubRequest>>>) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await {
        let StubResponse { status, headers, body, delay } = respond(&request.body);
        requests.lock().unwrap().push(request);
        tokio::time::sleep(delay).await;
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}");
        if stream.write_all(format!("{head}\r\n{body}").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<StubRequest> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        stream.read_line(&mut head).await.ok().filter(|read| *read > 0)?;
    }
    let length = head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    stream.read_exact(&mut body).await.ok()?;
    Some(StubRequest { head, body: String::from_utf8(body).unwrap() })
}
