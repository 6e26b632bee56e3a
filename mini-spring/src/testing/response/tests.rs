//! What an assertion says when it fails, and what it accepts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::json;

use super::*;
use crate::{Problem, Request, Response, TestApp, route, routes};

#[route(GET, "/point")]
fn point() -> (
    [(&'static str, &'static str); 2],
    mini_spring::Json<[i32; 2]>,
) {
    (
        [("X-Kind", "a"), ("X-Kind", "b")],
        mini_spring::Json([3, 4]),
    )
}

#[route(POST, "/fails")]
fn fails(_body: &[u8]) -> Result<String, Problem> {
    Err(Problem::internal("the disk is full"))
}

fn app() -> TestApp {
    TestApp::of(routes![point, fails])
}

/// What a test that fails prints.
fn said<T>(test: impl FnOnce() -> T) -> String {
    let payload = catch_unwind(AssertUnwindSafe(test)).err().expect("a panic");
    *payload.downcast::<String>().expect("a text")
}

#[test]
fn what_is_so_passes() {
    app()
        .get("/point")
        .send()
        .assert_status(200)
        .assert_status(StatusCode::OK)
        .assert_header("x-kind", "a")
        .assert_header("X-KIND", "b")
        .assert_text("[3,4]")
        .assert_json([3, 4])
        .assert_json(json!([3, 4]));
}

#[test]
fn what_is_not_is_said_first() {
    let response = app().get("/point").send();
    let first = |test: &dyn Fn()| {
        let said = said(test);
        said.split("\n\n").next().unwrap().to_owned()
    };
    assert_eq!(
        first(&|| {
            response.assert_status(404);
        }),
        "expected the status 404, found 200 OK"
    );
    assert_eq!(
        first(&|| {
            response.assert_header("X-Kind", "c");
        }),
        "expected the header field `X-Kind: c`, found `a`, `b`"
    );
    assert_eq!(
        first(&|| {
            response.assert_header("X-None", "c");
        }),
        "expected the header field `X-None: c`, found none"
    );
    assert_eq!(
        first(&|| {
            response.assert_text("x");
        }),
        "expected the body `x`"
    );
    assert_eq!(
        first(&|| {
            response.assert_json(json!({"x": 3}));
        }),
        "expected a body that is this JSON:\n{\n  \"x\": 3\n}"
    );
    assert_eq!(
        first(&|| {
            response.json::<(u8, String)>();
        }),
        "expected a body that is `(u8, alloc::string::String)` in JSON: invalid type: integer `4`, \
         expected a string at line 1 column 4"
    );
}

#[test]
fn request_answer_and_cause_are_shown() {
    let response = app().post("/fails").text("hello").send();
    let said = said(|| response.assert_status(200));
    let date = response.header("date").unwrap();
    assert_eq!(
        said.replace(date, "now"),
        "expected the status 200, found 500 Internal Server Error\n\n\
         the request:\nPOST /fails HTTP/1.1\nHost: localhost\nContent-Length: 5\n\
         Content-Type: text/plain; charset=utf-8\n\nhello\n\n\
         the answer:\nHTTP/1.1 500 Internal Server Error\ndate: now\n\
         content-type: application/problem+json\ncontent-length: 99\n\n\
         {\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500,\
         \"error\":\"internal_server_error\"}\n\n\
         the error behind it:\nthe disk is full"
    );
}

#[test]
fn only_the_beginning_of_large_messages_is_shown() {
    let long = |_: &Request| Response::ok("x".repeat(100_000));
    let app = TestApp::from_app(crate::App::empty().route("GET", "/", long));
    let response = app.get("/").send();
    let said = said(|| response.assert_status(404));
    assert!(said.len() < 6_000);
    assert!(said.ends_with("bytes more"), "{said}");
}

#[test]
fn bodies_that_are_no_text_are_told() {
    let app = TestApp::from_app(crate::App::empty().route("GET", "/", |_: &Request| [0xff; 2]));
    let response = app.get("/").send();
    assert_eq!(response.bytes(), [0xff, 0xff]);
    let said = said(|| response.text());
    assert!(
        said.starts_with("expected a body of text: invalid utf-8"),
        "{said}"
    );
}
