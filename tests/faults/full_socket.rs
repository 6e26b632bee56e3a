//! Requests that have come whole while the answer before them waits in a full socket: they are answered when
//! the client takes that one.

use mini_spring::{Body, TempFile, route, routes};

use super::*;

/// More than the buffers of both sockets take.
const LARGE: usize = 16 * MIB;

#[route(GET, "/large")]
fn large() -> Vec<u8> {
    vec![b'x'; LARGE]
}

#[route(GET, "/stream")]
fn stream() -> Stream {
    Stream::reader(std::io::repeat(b'x').take(LARGE as u64)).with_length(LARGE as u64)
}

#[route(POST, "/memory")]
fn memory(body: Vec<u8>) -> String {
    body.len().to_string()
}

#[route(POST, "/timed", timeout = "20s")]
fn timed(body: Vec<u8>) -> String {
    body.len().to_string()
}

#[route(POST, "/blocking", blocking)]
fn blocks(body: Vec<u8>) -> String {
    body.len().to_string()
}

#[route(POST, "/file")]
fn file(file: TempFile) -> String {
    file.length().to_string()
}

#[route(POST, "/live")]
fn live(mut body: Body) -> std::io::Result<String> {
    let length = std::io::copy(&mut body, &mut std::io::sink())?;
    Ok(length.to_string())
}

/// When the second request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comes {
    /// With the first.
    AtOnce,
    /// When the answer to the first has begun and goes no further.
    Later,
    /// The same, and then the client ends its side.
    Last,
}

fn check(server: &TestServer, first: &str, path: &str, comes: Comes) {
    const LENGTH: usize = 1000;
    let body = "y".repeat(LENGTH);
    let second =
        format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {LENGTH}\r\n\r\n{body}");
    let mut client = server.connect();
    match comes {
        Comes::AtOnce => client.send(get(first) + &second),
        _ => client.send(get(first)),
    }
    assert_eq!(client.stream.peek(&mut [0]).unwrap(), 1);
    // Others are served: it has been left where it is.
    let mut other = server.connect();
    let others = || {
        other.send(get("/memory"));
        assert_eq!(other.answer().status, 405);
    };
    std::iter::repeat_with(others).take(20).for_each(drop);
    if comes != Comes::AtOnce {
        client.send(second);
    }
    if comes == Comes::Last {
        client.end();
    }
    assert_eq!(client.answer().body.len(), LARGE);
    let answer = client.answer();
    let found = (answer.status, &*answer.body);
    assert_eq!(found, (200, "1000"), "{first} {path} {comes:?}");
    if comes == Comes::Last {
        assert!(client.is_closed());
    }
}

#[test]
fn a_request_behind_a_full_socket_is_answered() {
    let app = App::empty().mount(
        "/",
        routes![large, stream, memory, timed, blocks, file, live],
    );
    // Its body is a file then.
    let server = TestServer::with(app, |config| config.body_buffer = 100);
    for first in ["/large", "/stream"] {
        for path in ["/memory", "/timed", "/blocking", "/file", "/live"] {
            for comes in [Comes::AtOnce, Comes::Later, Comes::Last] {
                check(&server, first, path, comes);
            }
        }
    }
}
