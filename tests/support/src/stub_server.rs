//! An HTTP server in place of the services that a program calls. It records the requests it receives.
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
    /// Method and path, such as `GET /`.
    pub target: String,
    /// The headers, unchanged.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

impl StubServer {
    /// Starts a server that sends the response of `respond` to each request; `None` keeps the client waiting. Panics without a free
    /// port.
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
        let found = requests.into_iter().find(|request| request.target.starts_with(target));
        found.unwrap_or_else(|| panic!("no request for {target} was received"))
    }

    /// The requests received so far that no call of [`StubServer::next`] has taken.
    #[must_use]
    pub fn rest(&self) -> Vec<ReceivedRequest> {
        self.received.try_iter().collect()
    }
}

/// A response with that status, these additional headers (each ending with `\r\n`) and that body.
#[must_use]
pub fn response(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} -\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

fn serve<A: AsRef<[u8]>>(
    mut stream: &TcpStream,
    received: &Sender<ReceivedRequest>,
    respond: &dyn Fn(&ReceivedRequest) -> Option<A>,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let request = read(&mut reader)?;
        let response = respond(&request);
        // The receiver is gone when the test is over.
        let _ = received.send(request);
        match response {
            Some(response) => stream.write_all(response.as_ref())?,
            None => thread::park(),
        }
    }
}

fn read(reader: &mut impl BufRead) -> io::Result<ReceivedRequest> {
    let mut line = || -> io::Result<String> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(line) }
    };
    let target = line()?;
    let mut headers = String::new();
    let mut length = 0;
    loop {
        let header = line()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some((_, value)) =
            header.split_once(':').filter(|header| header.0.eq_ignore_ascii_case("content-length"))
        {
            length = value.trim().parse().unwrap_or(0);
        }
        headers += &header;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(ReceivedRequest { at: Instant::now(), target, headers, body })
}
