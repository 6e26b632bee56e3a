//! Answers from readers that wait: they hold workers, but never the last ones.
#![allow(missing_docs)]

mod support;

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use mini_spring::{Request, Router, Server, ServerConfig, Stream};
use support::door::Door;
use support::{Client, TestServer, permits, until};

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
const SLOW: &str = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

/// A body that has a first piece at once and the second when the door is open.
struct Slow {
    door: Arc<Door>,
    pieces: std::vec::IntoIter<&'static str>,
}

impl Read for Slow {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let piece = self.pieces.next().unwrap_or_default();
        if piece == "second" {
            self.door.pass();
        }
        into[..piece.len()].copy_from_slice(piece.as_bytes());
        Ok(piece.len())
    }
}

fn server(change: impl FnOnce(&mut ServerConfig)) -> (TestServer, Arc<Door>) {
    let (router, door) = router();
    (TestServer::with(router, change), door)
}

fn router() -> (Router, Arc<Door>) {
    let door = Arc::new(Door::default());
    let mut router = Router::new();
    let kept = door.clone();
    router
        .register("GET", "/health", |_: &Request| "up")
        .unwrap();
    router
        .register("GET", "/slow", move |_: &Request| {
            let pieces = vec!["first ", "second"].into_iter();
            let door = kept.clone();
            Stream::reader(Slow { door, pieces }).with_type("text/plain")
        })
        .unwrap();
    router
        .register("GET", "/endless", |_: &Request| {
            let endless = std::io::repeat(b'x').take(ENDLESS as u64);
            Stream::reader(endless).with_type("text/plain")
        })
        .unwrap();
    (router, door)
}

/// More than any socket takes.
const ENDLESS: usize = 256 << 20;

fn assert_healthy(server: &TestServer) {
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

fn slow_clients(server: &TestServer, count: usize) -> Vec<Client> {
    let ask = || {
        let mut client = server.connect();
        client.send(SLOW);
        client
    };
    (0..count).map(|_| ask()).collect()
}

/// Far more of them than there are workers, and than the pool could grow by.
#[test]
fn readers_beyond_the_workers_wait_for_their_turn() {
    let workers = 2 * permits() + 2;
    let (server, door) = server(|config| config.workers = workers);
    let mut clients = slow_clients(&server, 2 * workers + 8 * permits());
    door.wait_for(workers - permits());
    for _ in 0..50 {
        assert_healthy(&server);
    }
    door.open();
    for client in &mut clients {
        assert_eq!(client.answer().body, "first second");
        client.send(HEALTH);
        assert_eq!(client.answer().body, "up");
    }
}

/// Beyond its workers, the server has `permits` of them for calls that block.
fn full_server() -> (TestServer, Arc<Door>, Vec<Client>) {
    let (server, door) = server(|config| {
        config.workers = 2 * permits();
        config.queue_timeout = Duration::from_millis(200);
        config.queue = 2;
    });
    let inside = slow_clients(&server, permits());
    door.wait_for(inside.len());
    (server, door, inside)
}

#[test]
fn an_answer_that_finds_no_worker_to_read_it_is_503() {
    let (server, door, inside) = full_server();
    // Two wait for too long, the others not at all.
    let mut outside = slow_clients(&server, 4);
    for client in &mut outside {
        let answer = client.answer();
        assert_eq!(answer.status, 503, "{}", answer.head);
        assert_eq!(answer.field("retry-after"), Some("1"));
        assert!(client.is_closed());
    }
    door.open();
    for mut client in inside {
        assert_eq!(client.answer().body, "first second");
    }
}

/// Nothing else can be written into an answer that has begun.
#[test]
fn an_answer_that_has_begun_and_waits_for_too_long_breaks_off() {
    let (server, door) = server(|config| {
        config.workers = 2 * permits();
        config.queue_timeout = Duration::from_millis(200);
    });
    // Takes nothing, so that it waits for its client and holds no worker.
    let mut begun = server.connect();
    begun.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    until("the answer has begun", || {
        begun.stream.peek(&mut [0]).unwrap() > 0
    });
    let inside = slow_clients(&server, permits());
    door.wait_for(inside.len());
    let broken = begun.rest();
    assert!(broken.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(broken.len() < ENDLESS && !broken.contains("HTTP/1.1 503"));
    door.open();
    for mut client in inside {
        assert_eq!(client.answer().body, "first second");
    }
}

#[test]
fn a_stuck_reader_is_named() {
    let (router, door) = router();
    let mut config = support::config();
    config.shutdown_grace = Duration::from_millis(300);
    let server = Server::bind_with(config).unwrap().start(router).unwrap();
    let ask = |request: &str| {
        let mut client = Client::connect(server.addr());
        client.send(request);
        client
    };
    let _client = ask(SLOW);
    door.wait_for(1);
    // Whoever reads has answered somebody else before.
    for _ in 0..20 {
        assert_eq!(ask(HEALTH).answer().body, "up");
    }
    server.shutdown();
    let error = server.join().unwrap_err().to_string();
    assert!(error.contains("still running: GET /slow: "), "{error}");
    door.open();
}
