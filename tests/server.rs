//! The server's promises about connections, time and its own end, over real sockets.
#![allow(missing_docs)]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mini_spring::{Request, Router, Server, Stream};
use support::{Client, PATIENCE, TestServer, sockets, until};

const GET: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

const CLOSING: &str = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

fn router() -> Router {
    let mut router = Router::new();
    router
        .register("GET", "/health", |_: &Request| "up")
        .unwrap();
    router
        .register("POST", "/echo", |request: &Request| request.body().to_vec())
        .unwrap();
    router
        .register("GET", "/large", |_: &Request| "x".repeat(16 << 20))
        .unwrap();
    router
}

fn assert_healthy(server: &TestServer) {
    let mut client = server.connect();
    client.send(GET);
    assert_eq!(client.answer().body, "up");
}

#[test]
fn a_panic_is_a_500_and_the_worker_lives_on() {
    let mut router = router();
    router
        .register("GET", "/panic", |_: &Request| -> &'static str {
            panic!("on purpose")
        })
        .unwrap();
    let server = TestServer::start(router);
    let mut client = server.connect();
    for _ in 0..20 {
        client.send("GET /panic HTTP/1.1\r\nHost: a\r\n\r\n");
        let answer = client.answer();
        assert_eq!(answer.status, 500);
        assert!(answer.body.contains(r#""error":"internal_server_error""#));
        assert!(!answer.body.contains("on purpose"));
    }
    client.send(GET);
    assert_eq!(client.answer().body, "up");
}

/// A body that panics instead of going on.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        panic!("on purpose")
    }
}

#[test]
fn a_body_that_breaks_off_ends_the_connection_without_success() {
    let mut router = router();
    router
        .register("GET", "/panic", |_: &Request| {
            Stream::reader(Broken).with_type("text/plain")
        })
        .unwrap();
    router
        .register("GET", "/short", |_: &Request| {
            Stream::reader(&b"short"[..])
                .with_length(10)
                .with_type("text/plain")
        })
        .unwrap();
    let server = TestServer::start(router);
    // Neither the last chunk nor all the bytes of the length: the client knows.
    for (path, framing, came) in [
        ("panic", "transfer-encoding: chunked", ""),
        ("short", "content-length: 10", "short"),
    ] {
        let answer = server.exchange(format!("GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(head.lines().any(|line| line == framing), "{head}");
        assert_eq!(body, came, "{path}");
        assert_healthy(&server);
    }
}

/// A body whose bytes come from the test.
struct Piped(Receiver<Vec<u8>>);

impl Read for Piped {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let piece = self.0.recv().unwrap_or_default();
        into[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

#[test]
fn bodies_that_wait_hold_no_permit() {
    let mut router = router();
    let senders: Arc<Mutex<Vec<Sender<Vec<u8>>>>> = Arc::default();
    let kept = senders.clone();
    router
        .register("GET", "/piped", move |_: &Request| {
            let (sender, receiver) = channel();
            kept.lock().unwrap().push(sender);
            Stream::reader(Piped(receiver)).with_type("text/plain")
        })
        .unwrap();
    let server = TestServer::start(router);
    let mut clients: Vec<Client> = (0..8).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send("GET /piped HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    for _ in 0..20 {
        assert_healthy(&server);
    }
    // More clients than permits: each of them was answered while others waited.
    until("all eight handlers are called", || {
        assert_healthy(&server);
        senders.lock().unwrap().len() == clients.len()
    });
    for sender in senders.lock().unwrap().drain(..) {
        sender.send(b"done".to_vec()).unwrap();
    }
    for client in &mut clients {
        assert_eq!(client.answer().body, "done");
        client.send(GET);
        assert_eq!(client.answer().body, "up");
    }
}

#[test]
fn a_thousand_connections_at_once() {
    let server = TestServer::start(router());
    let mut clients: Vec<Client> = (0..1000).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(GET);
    }
    for client in &mut clients {
        assert_eq!(client.answer().body, "up");
    }
    // The table is no snapshot: what other tests open and close can hide a line for a moment.
    let mut open = Vec::new();
    until("a thousand connections are listed", || {
        open = sockets::of(server.addr());
        open.len() == clients.len()
    });
    assert_eq!(sockets::held(&open), clients.len());
    drop(clients);
    until("the server closes its sides as it sees ours close", || {
        assert_healthy(&server);
        sockets::held(&open) == 0
    });
}

#[test]
fn a_head_that_takes_too_long_is_408() {
    let server = TestServer::with(router(), |config| {
        config.head_timeout = Duration::from_millis(200);
    });
    let mut client = server.connect();
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n");
    let answer = client.rest();
    assert!(
        answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"),
        "{answer}"
    );
    assert!(answer.contains("the head of the request took too long"));
}

#[test]
fn dripping_a_head_gains_no_time() {
    let server = TestServer::with(router(), |config| {
        config.head_timeout = Duration::from_millis(300);
    });
    let mut client = server.connect();
    client.send("GET /health HTTP/1.1\r\nHost: a\r\nX: ");
    // Each read waits a little and stands between the bytes.
    client
        .stream
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    for _ in 0..1000 {
        let mut answer = [0; 12];
        match client.stream.read(&mut answer) {
            Ok(length) => {
                assert_eq!(&answer[..length], b"HTTP/1.1 408");
                return;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
        client.stream.write_all(b"x").expect("to drip");
    }
    panic!("the server waits for ever");
}

#[test]
fn a_body_that_stops_is_408() {
    let server = TestServer::with(router(), |config| {
        config.body_timeout = Duration::from_millis(200);
    });
    let mut client = server.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc");
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("the body of the request took too long"));
}

#[test]
fn an_idle_connection_is_closed_silently() {
    let server = TestServer::with(router(), |config| {
        config.idle_timeout = Duration::from_millis(200);
    });
    let mut client = server.connect();
    client.send(GET);
    assert_eq!(client.answer().body, "up");
    assert_eq!(client.rest(), "");
    assert_eq!(server.connect().rest(), "");
}

/// Empty lines are no part of a request (RFC 9112, section 2.2), so they don't begin one either.
#[test]
fn empty_lines_leave_a_connection_idle() {
    let post = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    let server = TestServer::with(router(), |config| {
        config.head_timeout = Duration::from_millis(200);
        config.idle_timeout = Duration::from_millis(1000);
    });
    let mut fresh = server.connect();
    fresh.send("\r\n");
    let mut used = server.connect();
    used.send(format!("{post}\r\n"));
    assert_eq!(used.answer().body, "abc");
    assert_eq!((fresh.rest(), used.rest()), Default::default());
}

/// Half an empty line is the beginning of a head, and has to go on.
#[test]
fn half_an_empty_line_is_408() {
    let server = TestServer::with(router(), |config| {
        config.head_timeout = Duration::from_millis(200);
    });
    let answer = server.exchange("\r\n\r");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn a_client_that_takes_nothing_is_dropped() {
    let server = TestServer::with(router(), |config| {
        config.write_timeout = Duration::from_millis(200);
    });
    let mut client = server.connect();
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    // While it takes nothing, others are served, until the server has had enough: then what is
    // sent to it meets a reset.
    until("the connection is broken off", || {
        assert_healthy(&server);
        client.stream.write_all(b"x").is_err()
    });
    let mut taken = Vec::new();
    let _ = client.stream.read_to_end(&mut taken);
    assert!(taken.len() < 16 << 20);
}

#[test]
fn more_connections_than_the_limit_are_turned_away() {
    let server = TestServer::with(router(), |config| config.max_connections = 2);
    let (mut first, mut second) = (server.connect(), server.connect());
    for client in [&mut first, &mut second] {
        client.send(GET);
        assert_eq!(client.answer().body, "up");
    }
    let answer = server.connect().rest();
    assert!(
        answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"),
        "{answer}"
    );
    assert!(answer.contains(r#""error":"service_unavailable""#));
    drop(first);
    // A place is free as soon as the server has seen the end of the first connection. Until then,
    // what we send may meet a closed connection.
    until("the place of the first connection is free", || {
        let mut client = server.connect();
        let mut answer = Vec::new();
        let _ = client.stream.write_all(CLOSING.as_bytes());
        let _ = client.stream.read_to_end(&mut answer);
        answer.starts_with(b"HTTP/1.1 200")
    });
}

#[test]
fn unfinished_requests_over_the_limit_are_refused() {
    let server = TestServer::with(router(), |config| config.max_buffered = 100_000);
    let head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n";
    let mut clients: Vec<Client> = (0..4).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(head);
        client.send("x".repeat(50_000));
    }
    let refused = |client: &mut Client| {
        // Those that were not refused go on as if nothing had happened.
        let _ = client.stream.write_all("x".repeat(40_000).as_bytes());
        client.answer().status
    };
    let mut statuses: Vec<u16> = clients.iter_mut().map(refused).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[3]), (200, 503), "{statuses:?}");
    assert_healthy(&server);
}

#[test]
fn shutdown_answers_what_has_arrived() {
    let mut router = router();
    let (entered, has_entered) = channel();
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    router
        .register("GET", "/slow", move |_: &Request| {
            entered.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
            "slow"
        })
        .unwrap();
    let server = TestServer::start(router);
    let (mut slow, mut idle) = (server.connect(), server.connect());
    idle.send(GET);
    assert_eq!(idle.answer().body, "up");
    slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    has_entered.recv().unwrap();
    server.running().shutdown();
    // Nobody listens any more, but those who are connected are still answered, once.
    assert!(TcpStream::connect(server.addr()).is_err());
    idle.send(GET);
    let answer = idle.answer();
    assert_eq!(
        (answer.body.as_str(), answer.field("connection")),
        ("up", Some("close"))
    );
    assert!(idle.is_closed());
    release.send(()).unwrap();
    let answer = slow.answer();
    assert_eq!(
        (answer.body.as_str(), answer.field("connection")),
        ("slow", Some("close"))
    );
    server.running().join().unwrap();
}

#[test]
fn shutdown_closes_silent_connections() {
    let server = TestServer::start(router());
    let mut used = server.connect();
    used.send(GET);
    assert_eq!(used.answer().body, "up");
    let mut fresh = server.connect();
    server.running().shutdown();
    server.running().join().unwrap();
    assert!(used.is_closed() && fresh.is_closed());
}

#[test]
fn a_stuck_handler_ends_the_grace_period_with_its_name() {
    let (entered, has_entered) = channel();
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    let mut router = Router::new();
    router
        .register("GET", "/stuck", move |_: &Request| {
            entered.send(()).unwrap();
            let _ = released.lock().unwrap().recv();
        })
        .unwrap();
    let mut config = support::config();
    config.shutdown_grace = Duration::from_millis(300);
    let running = Server::bind_with(config).unwrap().start(router).unwrap();
    let mut client = TcpStream::connect(running.addr()).unwrap();
    client
        .write_all(b"GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    has_entered.recv_timeout(PATIENCE).unwrap();
    running.shutdown();
    let error = running.join().unwrap_err().to_string();
    assert!(
        error.starts_with("1 connection was not finished within 300ms"),
        "{error}"
    );
    assert!(error.contains("; still running: GET /stuck: "), "{error}");
    assert!(error.contains("tests/server.rs:"), "{error}");
    drop(release);
}

#[test]
fn a_taken_port_is_one_sentence() {
    let server = TestServer::start(router());
    let error = Server::bind(server.addr()).unwrap_err();
    let (addr, port) = (server.addr(), server.addr().port());
    let error = error.to_string();
    let begin = format!("can't listen on {addr}: port {port} is taken by ");
    assert!(error.starts_with(&begin), "{error}");
    assert!(
        error.contains("; choose another one with --server.port="),
        "{error}"
    );
}
