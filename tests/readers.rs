//! Answers from readers that wait: they hold workers, but never the last ones.
#![allow(missing_docs)]

mod support;

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use mini_spring::{App, Inject, Request, Router, Server, ServerConfig, Stream, route, routes};
use support::door::Door;
use support::{Client, TestServer, permits, until};

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
const SLOW: &str = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
/// The same, where the route says that it blocks.
const KNOWN: &str = "GET /known HTTP/1.1\r\nHost: a\r\n\r\n";

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

#[route(GET, "/known", blocking)]
fn known(door: Inject<Arc<Door>>) -> Stream {
    let pieces = vec!["first ", "second"].into_iter();
    let door = Arc::clone(&door);
    Stream::reader(Slow { door, pieces }).with_type("text/plain")
}

#[route(GET, "/endless", blocking)]
fn endless() -> Stream {
    Stream::reader(std::io::repeat(b'x').take(ENDLESS as u64)).with_type("text/plain")
}

fn server(change: impl FnOnce(&mut ServerConfig)) -> (TestServer, Arc<Door>) {
    let (router, door) = router();
    (TestServer::with(router, change), door)
}

/// A server whose routes say that they block, so that nothing has to be learned.
fn knowing_server(change: impl FnOnce(&mut ServerConfig)) -> (TestServer, Arc<Door>) {
    let door = Arc::new(Door::default());
    let app = App::empty()
        .provide(door.clone())
        .mount("/", routes![known, endless]);
    (TestServer::with(app, change), door)
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
    (router, door)
}

/// More than any socket takes.
const ENDLESS: usize = 256 << 20;

fn assert_healthy(server: &TestServer) {
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

fn clients(server: &TestServer, request: &str, count: usize) -> Vec<Client> {
    let ask = || {
        let mut client = server.connect();
        client.send(request);
        client
    };
    (0..count).map(|_| ask()).collect()
}

/// Far more of them than there are workers, and than the pool could grow by.
#[test]
fn readers_beyond_the_workers_wait_for_their_turn() {
    let workers = 2 * permits() + 2;
    let (server, door) = server(|config| config.workers = workers);
    let mut clients = clients(&server, SLOW, 2 * workers + 8 * permits());
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
    let (server, door) = knowing_server(|config| {
        config.workers = 2 * permits();
        config.queue_timeout = Duration::from_millis(200);
        config.queue = 2;
    });
    let inside = clients(&server, KNOWN, permits());
    door.wait_for(inside.len());
    (server, door, inside)
}

#[test]
fn an_answer_that_finds_no_worker_to_read_it_is_503() {
    let (server, door, inside) = full_server();
    // Two wait for too long, the others not at all.
    let mut outside = clients(&server, KNOWN, 4);
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
    let (server, door) = knowing_server(|config| {
        config.workers = 2 * permits();
        config.queue_timeout = Duration::from_millis(200);
    });
    // Takes nothing, so that it waits for its client and holds no worker.
    let mut begun = server.connect();
    begun.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    until("the answer has begun", || {
        begun.stream.peek(&mut [0]).unwrap() > 0
    });
    let inside = clients(&server, KNOWN, permits());
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
