//! Floods of heads, bodies, chunks and requests take a bounded part of the heap, for each connection and overall.
//!
//! All of it is counted, but for what the clients of this test hold. Where a flood has to come to rest, that is told
//! by work that is done meanwhile, and not by time.
#![allow(missing_docs)]

mod support;

use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use mini_spring::{App, Response, route, routes};
use support::counting::{self, Counting, peak_of};
use support::{Client, TestServer, until};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const KIB: isize = 1 << 10;
const MIB: isize = 1 << 20;

#[track_caller]
fn check(what: &str, most: isize, flood: impl FnOnce()) {
    let (peak, ()) = peak_of(flood);
    assert!((1..=most).contains(&peak), "{what}: {peak} bytes of {most}");
}

static CALLS: AtomicUsize = AtomicUsize::new(0);

/// How much a call answers: more than fits behind that of others.
const ANSWER: usize = 30 << 10;

#[route(GET, "/called")]
fn called() -> Response {
    CALLS.fetch_add(1, Ordering::SeqCst);
    Response::ok("x".repeat(ANSWER))
}

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

#[route(POST, "/body", body_limit = "1GiB")]
fn body(body: &[u8]) -> String {
    body.len().to_string()
}

#[route(POST, "/small")]
fn small(body: &[u8]) -> String {
    body.len().to_string()
}

fn app() -> App {
    App::empty().mount("/", routes![called, health, body, small])
}

fn ask(client: &mut Client) {
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "up");
}

/// Waits until the server has taken what there is: it has answered other requests meanwhile, and nothing has changed.
fn until_it_rests(server: &TestServer, state: impl Fn() -> usize) {
    let mut client = server.connect();
    until("the flood to come to rest", || {
        let before = state();
        (0..200).for_each(|_| ask(&mut client));
        state() == before
    });
}

/// Sends as much as the connection takes, and waits for nothing.
fn pour(client: &mut Client, bytes: &[u8]) -> usize {
    client.stream.set_nonblocking(true).unwrap();
    let mut sent = 0;
    while sent < bytes.len() {
        match client.stream.write(&bytes[sent..]) {
            Ok(length) => sent += length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            // It was turned away.
            Err(_) => break,
        }
    }
    client.stream.set_nonblocking(false).unwrap();
    sent
}

/// Nobody reads the answers, so no more requests are answered than the kernel has room for.
fn pipelining() {
    const REQUESTS: usize = 10_000;
    let server = TestServer::start(app());
    let requests = "GET /called HTTP/1.1\r\nHost: a\r\n\r\n".repeat(REQUESTS);
    let calls = || CALLS.load(Ordering::SeqCst);
    for clients in [8, 32] {
        let before = calls();
        let mut all: Vec<Client> = (0..clients).map(|_| server.connect()).collect();
        // What has come in, and the answers that are on their way: of each some portions. Besides, each thread
        // keeps some buffers for what comes next.
        check("pipelining", MIB + clients as isize * 192 * KIB, || {
            for client in &mut all {
                pour(client, requests.as_bytes());
            }
            until_it_rests(&server, calls);
        });
        let answered = calls() - before;
        assert!(answered > 0 && answered < clients * REQUESTS, "{answered}");
        // Whoever reads after all gets the next one.
        let first = &mut all[0];
        for _ in 0..answered / clients / 2 {
            assert_eq!(first.answer().body.len(), ANSWER);
        }
    }
}

/// A chunk for each byte, with as much around it as may be.
fn chunks() {
    let server = TestServer::start(app());
    let head = "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let send = |chunks: &[u8]| {
        let mut client = server.connect();
        client.send(head);
        // A body that is refused isn't read to its end.
        let _ = client.stream.write_all(chunks);
        client.answer()
    };
    let most = 2 << 20;
    for chunk in [&b"1\r\nx\r\n"[..], b"0000000000000001\r\nx\r\n"] {
        check("chunks", 5 * MIB, || {
            let answer = send(&[chunk.repeat(most).as_slice(), b"0\r\n\r\n"].concat());
            assert_eq!(answer.body, most.to_string());
        });
        let answer = send(&chunk.repeat(most + 1));
        assert_eq!(answer.status, 413, "{}", answer.body);
    }
    for (flood, status) in [
        (b"1;x\r\nx\r\n".repeat(100_000), 413),
        ([b"1;".as_slice(), &b"x".repeat(1_000_000)].concat(), 413),
        ([b"1".as_slice(), &b" ".repeat(1_000_000)].concat(), 413),
        (
            [b"0\r\n".as_slice(), &b"a: b\r\n".repeat(1_000_000)].concat(),
            413,
        ),
        (
            [b"0\r\na:".as_slice(), &b"b".repeat(1_000_000)].concat(),
            413,
        ),
        (b"0".repeat(1_000_000), 400),
        (b"fffffffffffffffff\r\n".to_vec(), 400),
        (b"7fffffffffffffff\r\n".to_vec(), 413),
    ] {
        check("what is around chunks", 256 * KIB, || {
            let answer = send(&flood);
            assert_eq!(answer.status, status, "{}", answer.body);
        });
    }
}

/// Heads that are nearly too large, and never end.
fn heads() {
    const CLIENTS: usize = 100;
    let server = TestServer::start(app());
    let head = format!(
        "GET /health HTTP/1.1\r\nHost: a\r\nX-A: {}",
        "b".repeat((16 << 10) - 64)
    );
    let mut all: Vec<Client> = (0..CLIENTS).map(|_| server.connect()).collect();
    check("heads", CLIENTS as isize * 48 * KIB, || {
        for client in &mut all {
            client.send(&head);
        }
        until_it_rests(&server, || 0);
    });
    // It was taken in whole: what comes next is too much.
    for client in &mut all {
        client.send("b".repeat(128));
        assert_eq!(client.answer().status, 431);
    }
}

/// What is announced takes no room until it comes.
fn claims() {
    const CLIENTS: usize = 100;
    let server = TestServer::start(app());
    for announced in [
        "Content-Length: 1073741824\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3fffffff\r\n",
    ] {
        let mut all: Vec<Client> = (0..CLIENTS).map(|_| server.connect()).collect();
        check("claims", CLIENTS as isize * 24 * KIB, || {
            for client in &mut all {
                client.send(format!("POST /body HTTP/1.1\r\nHost: a\r\n{announced}"));
            }
            until_it_rests(&server, || 0);
        });
    }
}

/// Bodies that come in part, of many clients: all together they have one limit, and then it is 503.
fn bodies() {
    const CLIENTS: usize = 32;
    const PART: usize = 1 << 20;
    const MOST: usize = 8 << 20;
    let server = TestServer::with(app(), |config| config.max_buffered = MOST as u64);
    let part = "b".repeat(PART);
    let mut refused = 0;
    let mut all: Vec<Client> = (0..CLIENTS).map(|_| server.connect()).collect();
    // Besides, each worker has one in hand that it hasn't laid down, which grows to twice its size.
    let most = (MOST + 4 * support::permits() * PART) as isize;
    check("bodies", most, || {
        for client in &mut all {
            client.send(format!(
                "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n",
                2 * PART
            ));
            let _ = client.stream.write_all(part.as_bytes());
        }
        until_it_rests(&server, || 0);
    });
    for client in &mut all {
        // Who was refused hears of it; who was not has it taken in whole.
        if client.stream.write_all(part.as_bytes()).is_err() {
            refused += 1;
            continue;
        }
        match client.answer().status {
            503 => refused += 1,
            status => assert_eq!(status, 200),
        }
    }
    assert!(
        (CLIENTS - MOST / PART..CLIENTS).contains(&refused),
        "{refused}"
    );
}

#[test]
fn floods_take_a_bounded_part_of_the_heap() {
    counting::leave_out_this_thread();
    pipelining();
    chunks();
    heads();
    claims();
    bodies();
}
