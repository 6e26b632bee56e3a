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
        "expected a body of other JSON:\nas a whole: expected `{\"x\":3}`, found `[3,4]`"
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
    let app = app();
    let request = app.post("/fails").header("X-Request-Id", "seven");
    let response = request.text("hello").send();
    let said = said(|| response.assert_status(200));
    let date = response.header("date").unwrap();
    let said = said.replace(date, "now");
    assert_eq!(
        without_place(&said),
        "expected the status 200, found 500 Internal Server Error\n\n\
         the request:\nPOST /fails HTTP/1.1\nHost: localhost\nContent-Length: 5\n\
         X-Request-Id: seven\nContent-Type: text/plain; charset=utf-8\n\nhello\n\n\
         the answer:\nHTTP/1.1 500 Internal Server Error\ndate: now\n\
         content-type: application/problem+json\nx-request-id: seven\nvary: accept\n\
         content-length: 120\n\n\
         {\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500,\
         \"error\":\"internal_server_error\",\"request_id\":\"seven\"}\n\n\
         the error behind it:\nthe disk is full\n\n\
         the log:\n\
         ERROR mini_spring::service::guard: POST /fails: HANDLER answered 500 (request seven): the disk is full"
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

/// The name of the handler ends with file and line.
fn without_place(text: &str) -> String {
    let (begin, rest) = text.split_once("POST /fails: ").expect(text);
    let (_, end) = rest.split_once(" answered").expect(text);
    format!("{begin}POST /fails: HANDLER answered{end}")
}

#[route(GET, "/items")]
fn items() -> mini_spring::Json<serde_json::Value> {
    mini_spring::Json(json!({"items": [{"name": "x", "id": 1}], "total": 1}))
}

#[test]
fn parts_of_json() {
    let response = TestApp::of(routes![items]).get("/items").send();
    response
        .assert_json_at("/items/0/name", "x")
        .assert_json_at("", json!({"total": 1, "items": [{"id": 1, "name": "x"}]}))
        .assert_json_contains(json!({"items": [{"name": "x"}]}))
        .assert_text_contains("total");
    let check = |test: &dyn Fn(), expected: &str| {
        let said = said(test);
        assert_eq!(said.split("\n\n").next(), Some(expected));
    };
    check(
        &|| _ = response.assert_json_at("/items/0/name", "y"),
        "expected a body of other JSON:\nat `/items/0/name`: expected `\"y\"`, found `\"x\"`",
    );
    check(
        &|| _ = response.assert_json_at("/items/1/name", "y"),
        "expected `\"y\"` at `/items/1/name`, found nothing: it ends at `/items`",
    );
    check(
        &|| _ = response.assert_json_at("/itmes", 1),
        "expected `1` at `/itmes`, found nothing: the body has no such member",
    );
    check(
        &|| _ = response.assert_json_at("items", 1),
        "expected a JSON Pointer such as `/items/0/name`, found `items`",
    );
    check(
        &|| _ = response.assert_json_contains(json!({"items": [], "none": 1})),
        "expected a body of other JSON:\nat `/items/0`: expected nothing, found `{\"id\":1,\"name\":\"x\"}`\n\
         at `/none`: expected `1`, found nothing",
    );
    check(
        &|| _ = response.assert_text_contains("y"),
        "expected a body with `y` in it",
    );
}

#[route(GET, "/panics")]
fn panics() -> String {
    log::info!("before it");
    panic!("as it should")
}

#[test]
fn a_panic_is_told() {
    for app in [
        TestApp::of(routes![panics]),
        TestApp::of(routes![panics]).over_tcp(),
    ] {
        let response = app.get("/panics").send();
        let said = said(|| response.assert_status(200));
        let log = said.split("\n\nthe log:\n").nth(1).expect(&said);
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines[0], format!("INFO  {}: before it", module_path!()));
        assert!(lines[1].ends_with(": as it should"), "{log}");
        assert_eq!(lines.len(), 2, "{log}");
    }
}
