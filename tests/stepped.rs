//! The server in one thread answers as any other does, whatever portions its requests come in.
#![allow(missing_docs)]

use mini_spring::__inside::Stepped;
use mini_spring::{Request, Router, ServerConfig, Stream};

fn server() -> Stepped {
    let mut router = Router::new();
    router
        .register("GET", "/health", |_: &Request| "up")
        .unwrap();
    router
        .register("POST", "/echo", |request: &Request| request.body().to_vec())
        .unwrap();
    router
        .register("GET", "/stream", |_: &Request| {
            Stream::reader(std::io::Read::take(std::io::repeat(b'x'), 1 << 20))
        })
        .unwrap();
    let mut config = ServerConfig::default();
    config.access_log = false;
    Stepped::new(router, config).unwrap()
}

const GET: &[u8] = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn nothing_is_answered_before_the_last_byte() {
    let server = server();
    let mut wire = server.connect().unwrap();
    let (last, before) = GET.split_last().unwrap();
    for byte in before {
        assert_eq!(wire.feed(&[*byte]).unwrap(), b"");
    }
    let answer = wire.feed(&[*last]).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(!wire.is_closed());
}

#[test]
fn pipelined_requests_are_answered_at_once() {
    let server = server();
    let mut wire = server.connect().unwrap();
    let answers = wire.feed(&GET.repeat(500)).unwrap();
    assert_eq!(count_of(&answers, b"HTTP/1.1 200 OK"), 500);
    assert_eq!(wire.end().unwrap(), b"");
    assert!(wire.is_closed());
}

#[test]
fn bodies_that_block_come_whole() {
    let server = server();
    let mut wire = server.connect().unwrap();
    let answer = wire
        .feed(b"GET /stream HTTP/1.0\r\nHost: a\r\n\r\n")
        .unwrap();
    assert_eq!(count_of(&answer, b"x"), 1 << 20);
    assert!(wire.is_closed());
    drop(wire);
    assert_eq!(server.open(), 0);
}

/// How often this is in those.
fn count_of(bytes: &[u8], wanted: &[u8]) -> usize {
    let windows = bytes.windows(wanted.len());
    windows.filter(|window| *window == wanted).count()
}
