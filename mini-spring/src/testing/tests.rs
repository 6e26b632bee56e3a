//! Requests to an application under test meet what clients meet.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::request::Request;
use crate::{Body, Deadline, Stream, TempFile, route, routes};

mod clients;

#[route(POST, "/live", body_limit = "1KiB")]
fn live(mut body: Body) -> io::Result<String> {
    let mut text = String::new();
    body.read_to_string(&mut text)?;
    Ok(text)
}

#[route(POST, "/file", body_limit = "1MiB")]
fn file(file: TempFile) -> io::Result<String> {
    let read = io::read_to_string(file.open()?)?;
    Ok(format!(
        "{} in a file: {}",
        read.len(),
        file.path().is_some()
    ))
}

#[route(POST, "/memory")]
fn memory(body: &[u8], request: &Request) -> String {
    format!(
        "{} of {}",
        body.len(),
        request.header("content-length").unwrap_or("?")
    )
}

#[route(GET, "/late", timeout = "1m")]
fn late(deadline: Deadline) -> String {
    format!(
        "{:?}",
        deadline.remaining().is_some_and(|left| left.as_secs() > 10)
    )
}

#[route(GET, "/rows?<count=3>")]
fn rows(count: u64) -> Stream {
    Stream::reader(io::repeat(b'x').take(count)).with_type("text/plain")
}

#[route(GET, "/broken")]
fn broken() -> Stream {
    Stream::reader(io::empty())
        .with_length(7)
        .with_type("text/plain")
}

fn app() -> TestApp {
    TestApp::of(routes![live, file, memory, late, rows, broken])
}

fn said<T>(test: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(test)).err().expect("a panic");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().expect("a text")).to_owned(),
    }
}

#[test]
fn bodies_are_limited_as_in_the_server() {
    let app = app();
    let post = |target: &str, length: usize| app.post(target).body("x".repeat(length)).send();
    post("/live", 1024).assert_text(&"x".repeat(1024));
    post("/live", 1025)
        .assert_status(413)
        .assert_header("Connection", "close");
    post("/memory", 2 << 20).assert_text("2097152 of 2097152");
    post("/memory", (2 << 20) + 1).assert_status(413);
    post("/nowhere", (2 << 20) + 1).assert_status(404);
    let chunked = "POST /live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    app.send_bytes(format!("{chunked}2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))
        .assert_text("abc");
    let large = format!("{chunked}401\r\n{}\r\n0\r\n\r\n", "x".repeat(0x401));
    app.send_bytes(large).assert_status(413);
}

#[test]
fn large_bodies_are_files() {
    let app = app();
    let post = |length: usize| app.post("/file").body("x".repeat(length)).send();
    post(64 << 10).assert_text("65536 in a file: false");
    post(1 << 20).assert_text("1048576 in a file: true");
    post((1 << 20) + 1).assert_status(413);
}

#[test]
fn heads_are_read_as_by_the_server() {
    let app = app();
    app.get("/nowhere").send().assert_status(404);
    app.get("/live")
        .send()
        .assert_status(405)
        .assert_header("Allow", "OPTIONS, POST");
    app.get(format!("/{}", "x".repeat(9_000)))
        .send()
        .assert_status(414);
    app.get("/rows")
        .header("X-Long", "x".repeat(17_000))
        .send()
        .assert_status(431);
    app.get("/a b").send().assert_status(400);
    let old = app.send_bytes("GET /rows HTTP/1.0\r\n\r\n");
    old.assert_text("xxx").assert_header("Connection", "close");
    let head = app.request("HEAD", "/rows").send();
    head.assert_status(200).assert_text("");
    assert_eq!(head.header("transfer-encoding"), Some("chunked"));
}

#[test]
fn a_timeout_is_told() {
    app().get("/late").send().assert_text("true");
}

#[test]
fn what_is_read_is_collected() {
    let app = app();
    app.get("/rows")
        .send()
        .assert_text("xxx")
        .assert_header("Transfer-Encoding", "chunked");
    app.get("/rows?count=100000")
        .send()
        .assert_text(&"x".repeat(100_000));
    let endless = said(|| app.get(format!("/rows?count={}", u64::MAX)).send());
    assert!(
        endless.starts_with("the answer breaks off: it has more than 67108864 bytes\n\nGET /rows"),
        "{}",
        &endless[..200]
    );
    let broken = said(|| app.get("/broken").send());
    assert!(
        broken.starts_with("the answer breaks off: the body ended 7 bytes before its length"),
        "{broken}"
    );
}

#[test]
fn what_is_not_one_request_is_told() {
    let app = app();
    let half = said(|| {
        app.post("/memory")
            .header("Content-Length", "9")
            .body("x")
            .send()
    });
    assert!(half.starts_with("the request isn't whole"), "{half}");
    let half = said(|| {
        app.post("/live")
            .header("Content-Length", "9")
            .body("x")
            .send()
    });
    assert!(half.starts_with("the request isn't whole"), "{half}");
    let half = said(|| app.send_bytes("GET / HTTP/1.1\r\n"));
    assert!(half.starts_with("the request isn't whole"), "{half}");
    let two = said(|| {
        app.post("/memory")
            .header("Content-Length", "0")
            .body("x")
            .send()
    });
    assert!(
        two.starts_with("there are bytes behind the request"),
        "{two}"
    );
}

#[test]
fn the_start_up_report_is_told() {
    let twice = App::empty()
        .mount("/", routes![late])
        .mount("/", routes![late]);
    let app = TestApp::from_app(twice);
    let report = said(|| app.get("/late").send());
    assert_eq!(said(|| app.send_bytes("")), report);
    assert!(
        report.starts_with("the application can't be started: "),
        "{report}"
    );
    assert!(report.contains("/late"), "{report}");
}

#[test]
fn a_header_field_replaces_the_content_type() {
    let kind = |request: &Request| request.header("content-type").unwrap_or("none").to_owned();
    let app = TestApp::from_app(App::empty().route("POST", "/", kind));
    app.post("/")
        .json(&7)
        .send()
        .assert_text("application/json");
    let special = app
        .post("/")
        .header("content-type", "application/a+json")
        .json(&7);
    special.send().assert_text("application/a+json");
    app.post("/").body("x").send().assert_text("none");
}
