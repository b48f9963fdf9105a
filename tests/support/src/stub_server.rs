//! An HTTP server in place of the services that a program calls. It records the requests it receives, except HEAD,
//! with which a client only opens its connection.
#![expect(
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "each function says when it panics, which fails the test"
)]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for a request. It usually takes milliseconds.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A server on a free port of this machine; it runs until the process ends.
#[derive(Debug)]
pub struct StubServer {
    address: String,
    received: Receiver<ReceivedRequest>,
}

/// A request that the server received.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// When its last byte was read.
    pub at: Instant,
    /// The request line, such as `GET / HTTP/1.1`, and the headers, unchanged.
    pub head: String,
    /// The body. The connection ends at one that is not UTF-8.
    pub body: String,
}

impl StubServer {
    /// Starts a server that sends the response of `respond` to each request; `None` keeps the client waiting, and so
    /// does a `respond` that sleeps. After a response with `connection: close` the connection ends. Panics without a free port.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "a test must fail without a server")]
    pub fn start<A: AsRef<[u8]>>(respond: impl Fn(&ReceivedRequest) -> Option<A> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, received) = mpsc::channel();
        let respond = Arc::new(respond);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, respond) = (sender.clone(), Arc::clone(&respond));
                // An error means that the client closed its connection.
                thread::spawn(move || serve(&stream, &sender, &*respond).ok());
            }
        });
        Self { address, received }
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The next request whose method and path start with `target`; earlier ones are dropped. Panics when none is received in time.
    #[must_use]
    pub fn next(&self, target: &str) -> ReceivedRequest {
        let requests = std::iter::from_fn(|| self.received.recv_timeout(TIMEOUT).ok());
        let found = requests.into_iter().find(|request| request.head.starts_with(target));
        found.unwrap_or_else(|| panic!("no request for {target} was received"))
    }

    /// The requests received so far that no earlier call, of this or of [`StubServer::next`], has taken.
    #[must_use]
    pub fn rest(&self) -> Vec<ReceivedRequest> {
        self.received.try_iter().collect()
    }
}

/// A response with that status, these additional headers (each ending with `\r\n`) and that body.
#[must_use]
pub fn response(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status} -\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn serve<A: AsRef<[u8]>>(
    mut stream: &TcpStream,
    received: &Sender<ReceivedRequest>,
    respond: &dyn Fn(&ReceivedRequest) -> Option<A>,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let request = read(&mut reader)?;
        if request.head.starts_with("HEAD ") {
            stream.write_all(&response(405, "", ""))?;
            continue;
        }
        // The receiver is gone when the test is over.
        let _ = received.send(request.clone());
        let Some(response) = respond(&request) else {
            loop {
                thread::park();
            }
        };
        stream.write_all(response.as_ref())?;
        if String::from_utf8_lossy(response.as_ref()).contains("\r\nconnection: close\r\n") {
            break Ok(());
        }
    }
}

fn read(reader: &mut impl BufRead) -> io::Result<ReceivedRequest> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let length = head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8(body).map_err(io::Error::other)?;
    Ok(ReceivedRequest { at: Instant::now(), head, body })
}
