//! Answers from readers that wait: they hold workers, but never the last ones.
#![allow(missing_docs)]

mod support;

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use mini_spring::{Request, Response, Router, Server, ServerConfig};
use support::{Client, TestServer, permits};

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
    (router, tap)
}

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

/// Nothing can be written into an answer that is under way.
#[test]
fn an_answer_whose_reader_waits_for_too_long_breaks_off() {
    let workers = 2 * permits();
    let (server, tap) = server(|config| {
        config.workers = workers;
        config.queue_timeout = Duration::from_millis(200);
    });
    let inside = slow_clients(&server, permits());
    tap.wait_for(inside.len());
    let outside = slow_clients(&server, 2);
    for mut client in outside {
        let broken = client.rest();
        assert!(broken.starts_with("HTTP/1.1 200 OK\r\n"), "{broken}");
        assert!(!broken.ends_with("0\r\n\r\n"), "{broken}");
        assert_eq!(broken.matches("HTTP/1.1").count(), 1, "{broken}");
    }
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
