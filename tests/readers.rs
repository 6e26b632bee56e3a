//! Answers from readers that wait: they hold workers, but never the last ones.
#![allow(missing_docs)]

mod support;

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use mini_spring::{Request, Response, Router, Server, ServerConfig};
use support::{Client, TestServer, permits, until};

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
const SLOW: &str = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

/// How many reads have begun, and whether they may go on.
#[derive(Default)]
struct Tap {
    state: Mutex<(usize, bool)>,
    changed: Condvar,
}

impl Tap {
    fn wait_for(&self, count: usize) {
        let state = self.state.lock().unwrap();
        let patience = Duration::from_secs(20);
        let waited = self
            .changed
            .wait_timeout_while(state, patience, |(begun, _)| *begun < count);
        let (state, timeout) = waited.unwrap();
        assert!(!timeout.timed_out(), "{} of {count} came", state.0);
    }

    fn open(&self) {
        self.state.lock().unwrap().1 = true;
        self.changed.notify_all();
    }
}

/// A body that has a first piece at once and the second when the tap is open.
struct Slow {
    tap: Arc<Tap>,
    pieces: std::vec::IntoIter<&'static str>,
}

impl Read for Slow {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let piece = self.pieces.next().unwrap_or_default();
        if piece == "second" {
            let mut state = self.tap.state.lock().unwrap();
            state.0 += 1;
            self.tap.changed.notify_all();
            drop(self.tap.changed.wait_while(state, |(_, open)| !*open));
        }
        into[..piece.len()].copy_from_slice(piece.as_bytes());
        Ok(piece.len())
    }
}

fn server(change: impl FnOnce(&mut ServerConfig)) -> (TestServer, Arc<Tap>) {
    let (router, tap) = router();
    (TestServer::with(router, change), tap)
}

fn router() -> (Router, Arc<Tap>) {
    let tap = Arc::new(Tap::default());
    let mut router = Router::new();
    let kept = tap.clone();
    router
        .register("GET", "/health", |_: &Request| "up")
        .unwrap();
    router
        .register("GET", "/slow", move |_: &Request| {
            let pieces = vec!["first ", "second"].into_iter();
            let tap = kept.clone();
            Response::reader("text/plain", Slow { tap, pieces }, None)
        })
        .unwrap();
    router
        .register("GET", "/endless", |_: &Request| {
            let endless = std::io::repeat(b'x').take(ENDLESS as u64);
            Response::reader("text/plain", endless, None)
        })
        .unwrap();
    (router, tap)
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
    let (server, tap) = server(|config| config.workers = workers);
    let mut clients = slow_clients(&server, 2 * workers + 8 * permits());
    tap.wait_for(workers - permits());
    for _ in 0..50 {
        assert_healthy(&server);
    }
    tap.open();
    for client in &mut clients {
        assert_eq!(client.answer().body, "first second");
        client.send(HEALTH);
        assert_eq!(client.answer().body, "up");
    }
}

/// Beyond its workers, the server has `permits` of them for calls that block.
fn full_server() -> (TestServer, Arc<Tap>, Vec<Client>) {
    let (server, tap) = server(|config| {
        config.workers = 2 * permits();
        config.queue_timeout = Duration::from_millis(200);
        config.queue = 2;
    });
    let inside = slow_clients(&server, permits());
    tap.wait_for(inside.len());
    (server, tap, inside)
}

#[test]
fn an_answer_that_finds_no_worker_to_read_it_is_503() {
    let (server, tap, inside) = full_server();
    // Two wait for too long, the others not at all.
    let mut outside = slow_clients(&server, 4);
    for client in &mut outside {
        let answer = client.answer();
        assert_eq!(answer.status, 503, "{}", answer.head);
        assert_eq!(answer.field("retry-after"), Some("1"));
        assert!(client.is_closed());
    }
    tap.open();
    for mut client in inside {
        assert_eq!(client.answer().body, "first second");
    }
}

/// Nothing else can be written into an answer that has begun.
#[test]
fn an_answer_that_has_begun_and_waits_for_too_long_breaks_off() {
    let (server, tap) = server(|config| {
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
    tap.wait_for(inside.len());
    let broken = begun.rest();
    assert!(broken.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(broken.len() < ENDLESS && !broken.contains("HTTP/1.1 503"));
    tap.open();
    for mut client in inside {
        assert_eq!(client.answer().body, "first second");
    }
}

#[test]
fn a_stuck_reader_is_named() {
    let (router, tap) = router();
    let mut config = support::config();
    config.shutdown_grace = Duration::from_millis(300);
    let server = Server::bind_with(config).unwrap().start(router).unwrap();
    let ask = |request: &str| {
        let mut client = Client::connect(server.addr());
        client.send(request);
        client
    };
    let _client = ask(SLOW);
    tap.wait_for(1);
    // Whoever reads has answered somebody else before.
    for _ in 0..20 {
        assert_eq!(ask(HEALTH).answer().body, "up");
    }
    server.shutdown();
    let error = server.join().unwrap_err().to_string();
    assert!(error.contains("still running: GET /slow: "), "{error}");
    tap.open();
}
