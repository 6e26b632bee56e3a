//! Bodies that are too large: 413 says how large they may be, and comes before they are read.
#![allow(missing_docs)]

mod support;

use std::io::{self, Read};

use mini_spring::{App, Body, TempFile, route, routes};
use support::TestServer;

#[route(POST, "/server")]
fn of_the_server(body: &[u8]) -> String {
    body.len().to_string()
}

#[route(POST, "/memory", body_limit = "2KiB")]
fn memory(body: &[u8]) -> String {
    body.len().to_string()
}

#[route(POST, "/file", body_limit = "2KiB")]
fn file(file: TempFile) -> String {
    file.length().to_string()
}

#[route(POST, "/live", body_limit = "2KiB")]
fn live(mut body: Body) -> io::Result<String> {
    let mut bytes = Vec::new();
    let read = body.read_to_end(&mut bytes);
    if let Err(error) = &read {
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), LARGER_THAN_2_KIB);
    }
    Ok(read?.to_string())
}

const LARGER_THAN_2_KIB: &str = "the body is larger than the 2 KiB that this route accepts";

fn server() -> TestServer {
    let app = App::empty().mount("/", routes![of_the_server, memory, file, live]);
    TestServer::with(app, |config| {
        config.body = 1500;
        config.body_buffer = 100;
    })
}

#[track_caller]
fn check_refused(answer: &str, detail: &str) {
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(
        answer.contains(&format!(r#""detail":"{detail}""#)),
        "{answer}"
    );
}

#[test]
fn the_length_alone_is_refused() {
    let server = server();
    let of_the_server = "the body is larger than the 1500 bytes that this route accepts";
    for (path, length, detail) in [
        ("/server", 1501, of_the_server),
        ("/memory", 2049, LARGER_THAN_2_KIB),
        ("/file", 2049, LARGER_THAN_2_KIB),
        ("/live", 2049, LARGER_THAN_2_KIB),
    ] {
        for expect in ["", "Expect: 100-continue\r\n"] {
            let answer = server.exchange(format!(
                "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{expect}\r\n"
            ));
            check_refused(&answer, detail);
        }
    }
}

#[test]
fn chunks_are_refused_where_they_pass_the_limit() {
    let server = server();
    for path in ["/memory", "/file", "/live"] {
        let mut client = server.connect();
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        ));
        client.send(format!("400\r\n{}\r\n", "x".repeat(1024)));
        // This chunk is the one too many, by its size alone.
        client.send("401\r\n");
        check_refused(&client.rest(), LARGER_THAN_2_KIB);
    }
}

#[test]
fn what_is_as_large_as_it_may_be_is_taken() {
    let server = server();
    for (path, length) in [
        ("/server", 1500),
        ("/memory", 2048),
        ("/file", 2048),
        ("/live", 2048),
    ] {
        let mut client = server.connect();
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{}",
            "x".repeat(length)
        ));
        assert_eq!(client.answer().body, length.to_string(), "{path}");
    }
}
