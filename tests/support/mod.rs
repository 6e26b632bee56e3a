//! What the black-box tests share: a server on a free port, and a client that sees every byte.

// Each test binary uses its own part of this.
#![allow(dead_code, missing_docs, unreachable_pub)]

pub mod counting;
pub mod door;
pub mod example;
pub mod lines;
pub mod sockets;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use mini_spring::{IntoService, Running, Server, ServerConfig};

/// Nothing that a test waits for takes longer, however slow the machine is.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks again and again until it is so; in vain, it says what was waited for.
#[track_caller]
pub fn until(expected: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "waited in vain: {expected}");
        std::thread::yield_now();
    }
}

/// What the tests change settings of. Several groups are asked for by the variable that programs know
/// as well, so that the whole suite can run with them.
pub fn config() -> ServerConfig {
    let mut config = ServerConfig::default();
    config.host = [127, 0, 0, 1].into();
    config.port = 0;
    config.workers = 16;
    config.access_log = false;
    if let Ok(groups) = std::env::var("MINI_SPRING_SERVER_GROUPS") {
        config.groups = groups.parse().expect("a number of groups");
    }
    config
}

/// How many workers of such a server wait for events at a time.
pub fn permits() -> usize {
    let cores = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
    cores.max(2 * config().groups.max(1))
}

/// A server that is stopped when the test is over.
pub struct TestServer {
    running: Running,
}

impl TestServer {
    pub fn start(app: impl IntoService) -> Self {
        TestServer::with(app, |_| {})
    }

    pub fn with(app: impl IntoService, change: impl FnOnce(&mut ServerConfig)) -> Self {
        let mut config = config();
        change(&mut config);
        let server = Server::bind_with(config).expect("a free port");
        TestServer {
            running: server.start(app).expect("a server"),
        }
    }

    pub fn addr(&self) -> SocketAddr {
        self.running.addr()
    }

    pub fn connect(&self) -> Client {
        Client::connect(self.addr())
    }

    /// Sends `request` on a connection of its own and gives back all that comes until its end.
    pub fn exchange(&self, request: impl AsRef<[u8]>) -> String {
        let mut client = self.connect();
        client.send(request);
        client.rest()
    }

    pub fn running(&self) -> &Running {
        &self.running
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.running.shutdown();
        if !std::thread::panicking() {
            self.running.join().expect("a clean end");
        }
    }
}

/// A raw connection.
pub struct Client {
    pub stream: TcpStream,
    unread: Vec<u8>,
}

/// An answer, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The value of the first field of this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

impl Client {
    pub fn connect(addr: SocketAddr) -> Self {
        Client::over(TcpStream::connect(addr).expect("a connection"))
    }

    /// Over a connection that was made in another way.
    pub fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Client {
            stream,
            unread: Vec::new(),
        }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).expect("to send");
    }

    /// Sends one byte at a time; the kernel and the server may see any portions of them.
    pub fn drip(&mut self, bytes: impl AsRef<[u8]>) {
        for byte in bytes.as_ref() {
            self.send([*byte]);
        }
    }

    /// Our side is done; the answer still comes.
    pub fn end(&mut self) {
        self.stream.shutdown(Shutdown::Write).expect("to shut down");
    }

    /// Reads the next answer: its head, and the body by its Content-Length or chunks.
    pub fn answer(&mut self) -> Answer {
        self.answer_to("GET")
    }

    /// Reads the head of the next answer, and leaves its body.
    pub fn head(&mut self) -> Answer {
        let end = self.read_until(|bytes| find(bytes, b"\r\n\r\n")) + 4;
        let head = text(self.unread.drain(..end).collect());
        Answer {
            status: head[9..12].parse().expect("a status"),
            head,
            body: String::new(),
        }
    }

    /// Reads the next answer to a request of this method: to HEAD there is no body.
    pub fn answer_to(&mut self, method: &str) -> Answer {
        let mut answer = self.head();
        let bodiless = method == "HEAD" || matches!(answer.status, 100 | 204 | 304);
        if bodiless {
            return answer;
        }
        if answer.field("transfer-encoding") == Some("chunked") {
            answer.body = self.chunks();
        } else if let Some(length) = answer.field("content-length") {
            let length: usize = length.parse().expect("a length");
            answer.body = self.bytes(length);
        }
        answer
    }

    /// Reads the body of this answer. False: it breaks off, and with it the connection.
    pub fn takes_body(&mut self, answer: &Answer, is_head: bool) -> bool {
        if is_head || matches!(answer.status, 204 | 304) {
            return true;
        }
        if let Some(length) = answer.field("content-length") {
            self.bytes(length.parse().expect("a length"));
            return true;
        }
        let mut unread = std::mem::take(&mut self.unread);
        while !unread.ends_with(b"0\r\n\r\n") {
            let mut piece = [0; 16 * 1024];
            match self.stream.read(&mut piece) {
                Ok(length @ 1..) => unread.extend_from_slice(&piece[..length]),
                _ => return false,
            }
        }
        true
    }

    /// Everything until the server closes the connection.
    pub fn rest(&mut self) -> String {
        let mut bytes = std::mem::take(&mut self.unread);
        self.stream
            .read_to_end(&mut bytes)
            .expect("an orderly end of the connection");
        text(bytes)
    }

    /// Whether the server has closed the connection, in order or by a reset, with nothing unread.
    pub fn is_closed(&mut self) -> bool {
        match self.stream.read(&mut [0]) {
            Ok(length) => length == 0,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }

    fn chunks(&mut self) -> String {
        std::iter::from_fn(|| self.chunk()).collect()
    }

    /// Reads the next chunk of a body; `None` is its end.
    pub fn chunk(&mut self) -> Option<String> {
        self.chunk_bytes().map(text)
    }

    /// The same, where it is no text.
    pub fn chunk_bytes(&mut self) -> Option<Vec<u8>> {
        let line = self.read_until(|bytes| find(bytes, b"\r\n"));
        let size = text(self.unread.drain(..line + 2).collect());
        let size = usize::from_str_radix(size.trim_end(), 16).expect("a chunk's size");
        let chunk = self.raw(size);
        assert_eq!(self.bytes(2), "\r\n");
        (size > 0).then_some(chunk)
    }

    fn bytes(&mut self, length: usize) -> String {
        text(self.raw(length))
    }

    fn raw(&mut self, length: usize) -> Vec<u8> {
        self.read_until(|bytes| (bytes.len() >= length).then_some(0));
        self.unread.drain(..length).collect()
    }

    fn read_until<T>(&mut self, done: impl Fn(&[u8]) -> Option<T>) -> T {
        loop {
            if let Some(found) = done(&self.unread) {
                return found;
            }
            let mut piece = [0; 16 * 1024];
            let length = self.stream.read(&mut piece).expect("more of the answer");
            assert!(length > 0, "the end, after {:?}", text(self.unread.clone()));
            self.unread.extend_from_slice(&piece[..length]);
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text")
}
