//! The end under load: SIGTERM, and clients that go on asking.
#![allow(missing_docs)]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use mini_spring::{Request, Router};
use support::example::{Example, command};

/// What one client has seen until nobody listened any more.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    answers: usize,
    /// Connections that said at their last answer that it was the last.
    closed: usize,
    /// Connections that were made and broken off before any answer: the kernel had taken them, and the
    /// server hadn't.
    never_accepted: usize,
}

/// What became of one request.
enum Outcome {
    /// Answered, and the connection goes on.
    Answered,
    /// Answered, and that was the last.
    Last,
    /// The connection was reset or closed without a byte.
    Nothing,
}

/// Asks again and again, on a connection for as long as it goes on, until nobody listens.
fn ask(addr: SocketAddr, path: &str, answered: &Sender<()>) -> Seen {
    let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut seen = Seen::default();
    loop {
        let mut stream = match TcpStream::connect(addr) {
            Ok(stream) => stream,
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return seen,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                seen.never_accepted += 1;
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        for number in 0.. {
            match call(&mut stream, &request) {
                Outcome::Answered => seen.answers += 1,
                Outcome::Last => {
                    seen.answers += 1;
                    seen.closed += 1;
                    break;
                }
                Outcome::Nothing => {
                    assert_eq!(number, 0, "a request on a connection that went on was lost");
                    seen.never_accepted += 1;
                    break;
                }
            }
            // The test may have seen enough.
            let _ = answered.send(());
        }
    }
}

fn call(stream: &mut TcpStream, request: &str) -> Outcome {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    if stream.write_all(request.as_bytes()).is_err() {
        return Outcome::Nothing;
    }
    loop {
        let length = match stream.read(&mut piece) {
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => 0,
            Err(error) => panic!("{error}"),
        };
        if length == 0 {
            assert!(bytes.is_empty(), "half an answer: {}", text(&bytes));
            return Outcome::Nothing;
        }
        bytes.extend_from_slice(&piece[..length]);
        let answer = text(&bytes);
        let Some((head, body)) = answer.split_once("\r\n\r\n") else {
            continue;
        };
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        let field = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines
                .find(|line| line.0 == name)
                .map(|line| line.1.to_owned())
        };
        let wanted: usize = field("content-length").unwrap().parse().unwrap();
        assert!(body.len() <= wanted, "{answer}");
        if body.len() == wanted {
            return match field("connection").as_deref() {
                Some("close") => Outcome::Last,
                _ => Outcome::Answered,
            };
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn clients_see_whole_answers_and_then_a_closed_door() {
    let mut started = command("blocking");
    started.args(["--server.port=0", "--server.access_log=false"]);
    let example = Example::start(started);
    let addr = example.addr;
    let (answered, answers) = channel();
    let paths = [
        "/cached/1",
        "/cached/2",
        "/primes/3",
        "/wait/30",
        "/wait/90",
    ];
    let clients: Vec<_> = (0..40)
        .map(|number| {
            let answered = answered.clone();
            let path = paths[number % paths.len()];
            std::thread::spawn(move || ask(addr, path, &answered))
        })
        .collect();
    // In full swing.
    for _ in 0..5000 {
        answers.recv_timeout(Duration::from_secs(20)).unwrap();
    }
    let (code, log) = example.stop();
    assert_eq!(code, Some(0), "{log:?}");
    let seen: Vec<Seen> = clients
        .into_iter()
        .map(|client| client.join().unwrap())
        .collect();
    // Everybody was in the middle of something, and was told that it was the last.
    for (number, seen) in seen.iter().enumerate() {
        assert!(seen.answers > 0, "client {number}: {seen:?}");
        assert_eq!(seen.closed, 1, "client {number}: {seen:?}");
    }
}

/// A few requests stand in the server's own buffer, and many more in the socket's.
#[test]
fn what_was_sent_at_once_is_answered_to_the_end() {
    const REQUESTS: usize = 1000;
    let (entered, has_entered) = channel();
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    let mut router = Router::new();
    let ends = |_: &Request| "up";
    router.register("GET", "/health", ends).unwrap();
    let waits = move |_: &Request| {
        entered.send(()).unwrap();
        released.lock().unwrap().recv().unwrap();
        "slow"
    };
    router.register("GET", "/slow", waits).unwrap();
    let server = support::TestServer::start(router);
    let mut client = server.connect();
    let health = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".to_owned() + &health.repeat(REQUESTS));
    has_entered.recv().unwrap();
    server.running().shutdown();
    release.send(()).unwrap();
    assert_eq!(client.answer().body, "slow");
    for number in 1..=REQUESTS {
        let answer = client.answer();
        let says_the_end = answer.field("connection") == Some("close");
        assert_eq!(answer.body, "up");
        assert_eq!(says_the_end, number == REQUESTS, "{number}");
    }
    assert!(client.is_closed());
}

/// Nobody reads what the server logs: that stops neither its clock nor its end.
#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    /// Their lines are more than a pipe holds.
    const REQUESTS: usize = 3000;
    let mut started = command("blocking");
    started.args(["--server.port=0", "--server.access_log=true"]);
    let mut example = Example::start(started);
    let mut client = example.connect();
    for _ in 0..REQUESTS {
        client.send("GET /cached/1 HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(client.answer().status, 200);
    }
    client.send("GET /primes/100000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().status, 504);
    example.terminate();
    assert_eq!(example.exit_code(), Some(0));
}

#[test]
fn a_stuck_handler_is_named_in_the_log() {
    let mut started = command("blocking");
    started.args(["--server.port=0", "--server.shutdown_grace=200ms"]);
    let example = Example::start(started);
    let mut client = example.connect();
    client.send("GET /wait/60000 HTTP/1.1\r\nHost: a\r\n\r\n");
    // The handler is known to be running when another client of it has been answered.
    let mut other = example.connect();
    other.send("GET /wait/50 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(other.answer().status, 200);
    let (code, log) = example.stop();
    assert_eq!(code, Some(1), "{log:?}");
    let named = "the grace period is over, and a handler has not returned: \
                 GET /wait/<milliseconds>: blocking::wait (examples/blocking.rs:";
    assert!(log.iter().any(|line| line.contains(named)), "{log:?}");
    let last = log.last().unwrap();
    // The other one only waits for a request.
    let error = "1 connection was not finished within 200ms; still running: GET /wait/";
    assert!(
        last.starts_with("Error: ") && last.contains(error),
        "{last}"
    );
}

/// A proxy's idle connections stay until it closes them, or asks for the last time.
#[test]
fn idle_connections_stay_as_long_as_is_set() {
    let mut router = Router::new();
    router.register("GET", "/", |_: &Request| "up").unwrap();
    let server = support::TestServer::with(router, |config| {
        config.shutdown_idle = Duration::from_secs(3600);
        config.shutdown_grace = support::PATIENCE;
    });
    let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let (mut client, mut other) = (server.connect(), server.connect());
    for client in [&mut client, &mut other] {
        client.send(request);
        assert_eq!(client.answer().field("connection"), None);
    }
    server.running().shutdown();
    // Longer than the default.
    client
        .stream
        .set_read_timeout(Some(Duration::from_millis(1500)))
        .unwrap();
    let waited = client.stream.read(&mut [0]).unwrap_err();
    assert_eq!(waited.kind(), ErrorKind::WouldBlock);
    client.send(request);
    assert_eq!(client.answer().field("connection"), Some("close"));
    assert!(client.is_closed());
}

/// Nobody has asked for anything: there is nothing that isn't finished.
#[test]
fn idle_connections_are_no_failure() {
    let mut router = Router::new();
    router.register("GET", "/", |_: &Request| "up").unwrap();
    let server = support::TestServer::with(router, |config| {
        config.shutdown_idle = Duration::from_secs(3600);
        config.shutdown_grace = Duration::from_millis(50);
    });
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().status, 200);
    server.running().shutdown();
    server.running().join().unwrap();
}
