//! An HTTP server that stands for whatever a program speaks to, and remembers what it was asked.
#![expect(
    clippy::missing_panics_doc,
    reason = "each function says in its first sentence when it panics, as a test must"
)]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// What a test waits for comes in milliseconds; after this long it does not come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a free port of this machine, until the process ends.
#[derive(Debug)]
pub struct Server {
    address: String,
    received: Receiver<Received>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Received {
    /// When its last byte came.
    pub at: Instant,
    /// Method and path, such as `GET /`.
    pub target: String,
    /// The headers as they came.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Server {
    /// Starts a server that gives these answers; where it has none it keeps the client waiting. Panics without a free port.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "a test must fail without a server")]
    pub fn start<A: AsRef<[u8]>>(answers: impl Fn(&Received) -> Option<A> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, received) = mpsc::channel();
        let answers = Arc::new(answers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, answers) = (sender.clone(), Arc::clone(&answers));
                // A client that closes its connection is done.
                thread::spawn(move || serve(&stream, &sender, &*answers).ok());
            }
        });
        Self { address, received }
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The next request whose method and path begin like that; what came before it is dropped. Panics when none comes.
    #[must_use]
    pub fn next(&self, target: &str) -> Received {
        let requests = std::iter::from_fn(|| self.received.recv_timeout(PATIENCE).ok());
        let found = requests.into_iter().find(|request| request.target.starts_with(target));
        found.unwrap_or_else(|| panic!("nobody asked for {target}"))
    }

    /// What has been asked and not been looked at.
    #[must_use]
    pub fn rest(&self) -> Vec<Received> {
        self.received.try_iter().collect()
    }
}

/// An answer with that status, these further headers (each ended by `\r\n`) and that body.
#[must_use]
pub fn answer(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} -\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

fn serve<A: AsRef<[u8]>>(
    mut stream: &TcpStream,
    received: &Sender<Received>,
    answers: &dyn Fn(&Received) -> Option<A>,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let request = read(&mut reader)?;
        let answer = answers(&request);
        // Nobody listens any more: the test is over.
        let _ = received.send(request);
        match answer {
            Some(answer) => stream.write_all(answer.as_ref())?,
            None => thread::park(),
        }
    }
}

fn read(reader: &mut impl BufRead) -> io::Result<Received> {
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
    Ok(Received { at: Instant::now(), target, headers, body })
}
