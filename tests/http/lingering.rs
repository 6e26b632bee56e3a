//! A refusal reaches its client, also one that goes on sending (RFC 9112, section 9.6): the server ends its side,
//! and reads on for a while. Input that nobody reads would make the close a reset, and the reset discards what the
//! client hasn't read yet.

use std::io::{Read, Write};
use std::thread;

use super::app::app;
use super::support::{Client, TestServer};

/// What is refused, with its status. Behind it comes more, whatever it is.
fn refused() -> Vec<(String, u16)> {
    let to = |line: &str, lines: &str| format!("{line} HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
    vec![
        (to("GET /probe", "X : y\r\n"), 400),
        (to("GET  /probe", ""), 400),
        (to("POST /echo", "Content-Length: x\r\n"), 400),
        (
            to("POST /echo", "Transfer-Encoding: chunked\r\n") + "x\r\n",
            400,
        ),
        (
            to("POST /echo", "Transfer-Encoding: gzip, chunked\r\n"),
            501,
        ),
        (to("POST /echo", "Content-Length: 3000000\r\n"), 413),
        (
            to("POST /echo", "Transfer-Encoding: chunked\r\n") + "300000\r\n",
            413,
        ),
        (
            to("POST /echo", "Content-Length: 3\r\nExpect: magic\r\n"),
            417,
        ),
        (to("POST /none", "Content-Length: 200000\r\n"), 404),
        (to("POST /probe", "Content-Length: 200000\r\n"), 405),
        (format!("GET /{}", "x".repeat(9000)), 414),
        (to("GET /probe", &"X: y\r\n".repeat(200)), 431),
    ]
}

/// Less than the server reads behind its answer, which is 256 KiB.
const MORE: usize = 150_000;

#[track_caller]
fn assert_refused(client: &mut Client, status: u16) {
    let answer = client.rest();
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {status} ")),
        "{answer}"
    );
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let length = format!("content-length: {}", body.len());
    assert!(head.lines().any(|line| line == length), "{answer}");
    assert!(
        head.lines().any(|line| line == "connection: close"),
        "{answer}"
    );
}

#[test]
fn a_refusal_reaches_who_sends_first_and_reads_later() {
    let server = TestServer::start(app());
    for (request, status) in refused() {
        let mut client = server.connect();
        client.send(request);
        // The answer may be there before the half of it is sent.
        client.send("x".repeat(MORE));
        assert_refused(&mut client, status);
    }
}

#[test]
fn a_refusal_reaches_who_sends_while_it_comes() {
    let server = TestServer::start(app());
    for (request, status) in refused() {
        let mut client = server.connect();
        client.send(request);
        let mut sender = client.stream.try_clone().unwrap();
        let sending = thread::spawn(move || {
            let piece = [b'x'; 1000];
            (0..MORE / piece.len()).try_for_each(|_| sender.write_all(&piece))
        });
        assert_refused(&mut client, status);
        sending.join().unwrap().expect("all of it is taken");
    }
}

/// Somebody who never stops is cut off: his answer, which he doesn't read, isn't worth it.
#[test]
fn who_never_stops_is_cut_off() {
    let server = TestServer::start(app());
    let mut client = server.connect();
    client.send("INVALID\r\n\r\n");
    let piece = [b'x'; 64 * 1024];
    let mut sent = 0;
    while client.stream.write_all(&piece).is_ok() {
        sent += piece.len();
        assert!(sent < 64 << 20, "the server reads for ever");
    }
    let mut other = server.connect();
    other.send("GET /probe HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(other.answer().body, "probe");
}

/// A client that closes behind its refusal costs the server nothing more.
#[test]
fn who_goes_away_is_let_go() {
    let server = TestServer::start(app());
    for (request, _) in refused() {
        let mut client = server.connect();
        client.send(request);
        let mut begin = [0; 9];
        client.stream.read_exact(&mut begin).expect("an answer");
        assert_eq!(&begin, b"HTTP/1.1 ");
    }
    super::support::until("all connections are closed", || {
        let open = super::support::sockets::of(server.addr());
        super::support::sockets::held(&open) == 0
    });
}
