//! The access log sees every answer, also those to what is no request.
#![allow(missing_docs)]

mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mini_spring::{App, Problem, Request, Stream, route, routes};
use support::{TestServer, lines};

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

/// Says that it is longer than it is, unless `whole`.
#[route(GET, "/read?<whole>")]
fn read(whole: bool) -> Stream {
    let stream = Stream::reader(&b"seven b"[..]);
    match whole {
        true => stream,
        false => stream.with_length(10),
    }
}

/// Ends in the middle, by a panic.
#[route(GET, "/written")]
fn written() -> Stream {
    Stream::writer(|out| {
        out.write_all(b"half")?;
        panic!("on purpose")
    })
}

#[route(POST, "/large", body_limit = "8B")]
fn large(_body: &str) {}

static HAS_TIMED_OUT: AtomicBool = AtomicBool::new(false);

/// Comes back when the client has had another answer.
#[route(GET, "/slow", timeout = "20ms")]
fn slow() {
    while !HAS_TIMED_OUT.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
}

#[test]
fn every_answer_is_a_line() {
    lines::keep();
    let server = TestServer::with(
        App::empty().mount("/", routes![health, read, written]),
        |config| {
            config.access_log = true;
            config.head_timeout = Duration::from_millis(200);
        },
    );
    let mut client = server.connect();
    // The head of the second request moves in its buffer when more of it comes.
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /late?a=b HTTP/1.1\r\n");
    assert_eq!(client.answer().status, 200);
    client.send("H");
    assert_eq!(client.answer().status, 408);
    assert!(client.is_closed());
    server.exchange("no request\r\n\r\n");
    server.exchange("GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let read =
        |target: &str| format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    server.exchange(read("/read?whole=true"));
    // What has really been read of it.
    server.exchange(read("/read?whole=false"));
    server.exchange(read("/written"));
    // Its end waits for the log.
    drop(server);
    // Without the time that it took and the client's address.
    let begin = |line: String| line.split(' ').take(4).collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = lines::of_the_access_log().into_iter().map(begin).collect();
    assert_eq!(
        lines,
        [
            "GET /health 200 2B",
            "GET /late?a=b 408 136B",
            "- - 400 120B",
            "GET /none 404 113B",
            "GET /read?whole=true 200 7B",
            "GET /read?whole=false 200 7B",
            "GET /written 200 4B",
        ]
    );
    refusals_are_named();
}

/// By what an error handler has asked for, or by what the client has sent.
fn refusals_are_named() {
    let app = App::empty().mount("/", routes![large, slow]).on_problem(
        |problem: Problem, request: &Request| {
            let name = [("X-Request-Id", request.id().to_owned())];
            (problem.status(), name, "refused")
        },
    );
    let server = TestServer::with(app, |config| config.access_log = true);
    // Refused by their declared length: by the name that an error handler has asked for, and by the client's.
    let post = |fields: &str| {
        format!("POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n{fields}\r\n")
    };
    let answer = server.exchange(post(""));
    let (_, id) = answer.split_once("x-request-id: ").expect("a name");
    let id = id.lines().next().unwrap().to_owned();
    server.exchange(post("X-Request-Id: r-7\r\n"));
    server.exchange("GET /slow HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-8\r\n\r\n");
    HAS_TIMED_OUT.store(true, Ordering::Relaxed);
    // A head that is malformed has no fields, whatever the one before has left in the worker's memory.
    for _ in 0..20 {
        server.exchange(post(&format!(
            "X-Long: {}\r\nX-Request-Id: r-9\r\n",
            "x".repeat(500)
        )));
        let answer = server.exchange("malformed\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    drop(server);
    let names = |what: &str| -> Vec<String> {
        let lines = lines::with(what).into_iter();
        lines
            .filter_map(|line| line.text.rsplit(' ').next().map(str::to_owned))
            .collect()
    };
    assert_eq!(names("POST /large 413 ")[..2], [&*id, "r-7"]);
    assert_eq!(names("GET /slow 504 "), ["r-8"]);
}
