//! JSON that is meant to do harm: deep, huge, malformed, or not what it seems.

use std::collections::HashMap;

use mini_spring::{Json, Problem, TestApp, TestResponse, Valid, route, routes};
use serde::Deserialize;
use serde_json::Value;

use crate::support::TestServer;

#[route(POST, "/value", body_limit = "64MiB")]
fn value(Json(value): Json<Value>) -> String {
    format!("{}", value.as_object().map_or(0, serde_json::Map::len))
}

/// As deep as the client likes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Tree {
    Leaf(#[allow(dead_code)] f64),
    Text(#[allow(dead_code)] String),
    Node(Vec<Tree>),
    Named(HashMap<String, Tree>),
}

impl Tree {
    fn depth(&self) -> usize {
        let below = match self {
            Tree::Leaf(_) | Tree::Text(_) => None,
            Tree::Node(trees) => trees.iter().map(Tree::depth).max(),
            Tree::Named(trees) => trees.values().map(Tree::depth).max(),
        };
        1 + below.unwrap_or_default()
    }
}

#[route(POST, "/tree", body_limit = "64MiB")]
fn tree(Json(tree): Json<Tree>) -> String {
    tree.depth().to_string()
}

/// Borrows, so that what is escaped is read once more.
#[derive(Deserialize)]
struct Lent<'r> {
    id: u32,
    name: Option<&'r str>,
    below: Option<Box<Lent<'r>>>,
}

#[route(POST, "/lent", body_limit = "64MiB")]
fn lent(Json(lent): Json<Lent<'_>>) -> String {
    format!("{} {:?} {}", lent.id, lent.name, lent.below.is_some())
}

#[derive(Deserialize, garde::Validate)]
struct Checked {
    #[garde(range(max = 9))]
    id: u32,
    #[garde(dive)]
    #[serde(default)]
    below: Vec<Checked>,
}

#[route(POST, "/checked")]
fn checked(Valid(Json(checked)): Valid<Json<Checked>>) -> String {
    format!("{} {}", checked.id, checked.below.len())
}

#[route(POST, "/flat", body_limit = "64MiB")]
fn flat(Json(all): Json<HashMap<&str, u8>>) -> String {
    all.len().to_string()
}

#[route(POST, "/numbers")]
fn numbers(Json(numbers): Json<Vec<f64>>) -> Result<String, Problem> {
    match numbers.iter().all(|number| number.is_finite()) {
        true => Ok(format!("{numbers:?}")),
        false => Err(Problem::conflict("not finite")),
    }
}

fn app() -> TestApp {
    TestApp::of(routes![value, tree, lent, checked, flat, numbers])
}

fn post(app: &TestApp, path: &str, body: impl Into<Vec<u8>>) -> TestResponse {
    app.post(path)
        .header("Content-Type", "application/json")
        .body(body)
        .send()
}

#[track_caller]
fn refuse(app: &TestApp, path: &str, body: impl Into<Vec<u8>>, detail: &str) -> Value {
    let refused = post(app, path, body);
    refused.assert_status(400).assert_text_contains(detail);
    assert!(refused.bytes().len() < 2_000, "{}", refused.text());
    refused.json()
}

fn nested(begin: &str, depth: usize, inner: &str, end: &str) -> String {
    format!("{}{inner}{}", begin.repeat(depth), end.repeat(depth))
}

/// serde_json goes 127 values deep and no further; on a worker's stack, too.
#[test]
fn deep_documents_are_refused_and_not_a_stack_overflow() {
    let app = app();
    for path in ["/value", "/tree"] {
        post(&app, path, nested("[", 127, "", "]")).assert_status(200);
        for depth in [128, 1_000, 500_000] {
            refuse(&app, path, nested("[", depth, "", "]"), "");
            refuse(&app, path, nested("{\"a\":", depth, "1", "}"), "");
            refuse(&app, path, nested("[{\"\\n\":", depth, "1", "}]"), "");
            refuse(&app, path, "[".repeat(depth), "");
        }
    }
    refuse(
        &app,
        "/value",
        nested("[", 128, "", "]"),
        "recursion limit exceeded",
    );
    let lent = |depth| nested(r#"{"id": 1, "name": "\n", "below": "#, depth, "null", "}");
    post(&app, "/lent", lent(127)).assert_text(r#"1 Some("\n") true"#);
    refuse(&app, "/lent", lent(128), "recursion limit exceeded");
    let checked = |depth| nested(r#"{"id": 1, "below": ["#, depth, "", "]}");
    post(&app, "/checked", checked(63)).assert_status(200);
    refuse(&app, "/checked", checked(64), "recursion limit exceeded");
    // Each of them is invalid, and is looked for in the document.
    let invalid = nested(r#"{"id": 10, "below": ["#, 63, "", "]}");
    let refused = post(&app, "/checked", invalid);
    refused
        .assert_status(422)
        .assert_text_contains("/below/0/below/0/id");
}

#[test]
fn deep_documents_fit_on_the_stack_of_a_worker() {
    let server = TestServer::start(
        mini_spring::App::empty().mount("/", routes![value, tree, lent, checked]),
    );
    let ask = |path: &str, body: String| {
        let mut client = server.connect();
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        client.answer().status
    };
    for depth in [127, 128, 100_000] {
        let expected = if depth < 128 { 200 } else { 400 };
        assert_eq!(ask("/value", nested("[", depth, "", "]")), expected);
        assert_eq!(
            ask("/tree", nested("{\"\\n\":", depth, "[]", "}")),
            if depth < 127 { 200 } else { 400 }
        );
        assert_eq!(
            ask(
                "/lent",
                nested(r#"{"id": 1, "name": "\n", "below": "#, depth, "null", "}")
            ),
            expected
        );
    }
    assert_eq!(
        ask("/checked", nested(r#"{"id": 10, "below": ["#, 63, "", "]}")),
        422
    );
}

/// What a type passes over may be of any depth, and the place of a mistake behind it is told all the same.
#[test]
fn what_is_passed_over_may_be_deep() {
    let app = app();
    let deep = nested("[", 1_000_000, "", "]");
    post(&app, "/lent", format!(r#"{{"x": {deep}, "id": 7}}"#)).assert_text("7 None false");
    let refused = refuse(
        &app,
        "/lent",
        format!(r#"{{"x": {deep}, "id": -1}}"#),
        "invalid value",
    );
    assert_eq!(refused["errors"][0]["pointer"], "/id");
    refuse(
        &app,
        "/lent",
        format!(r#"{{"x": {}"#, "[".repeat(2_000_000)),
        "EOF",
    );
}

#[test]
fn numbers_are_finite_or_refused() {
    let app = app();
    post(&app, "/numbers", "[1e308, -0, 0.1e-400]").assert_text("[1e308, -0.0, 0.0]");
    let digits = "9".repeat(300);
    post(&app, "/numbers", format!("[{digits}]")).assert_status(200);
    post(&app, "/numbers", format!("[0.{}]", "1".repeat(1_000_000))).assert_status(200);
    for huge in ["1e309", "-1e999999999999999999999", &"9".repeat(1_000_000)] {
        refuse(&app, "/numbers", format!("[{huge}]"), "number out of range");
    }
    for wrong in [
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "01",
        "1.",
        ".5",
        "0x1",
        "1e",
        "-",
        "1_000",
        "1,",
    ] {
        refuse(&app, "/numbers", format!("[{wrong}]"), "");
    }
    for id in [
        "4294967296",
        "-1",
        "1.0",
        "1e0",
        "18446744073709551616",
        &digits,
    ] {
        refuse(&app, "/lent", format!(r#"{{"id": {id}}}"#), "");
    }
}

#[test]
fn text_is_unicode_or_refused() {
    let app = app();
    for bytes in [
        &b"\xff"[..],
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc3",
    ] {
        let body = [b"{\"id\": 1, \"name\": \"", bytes, b"\"}"].concat();
        refuse(&app, "/lent", body, "");
        refuse(&app, "/value", [b"{\"", bytes, b"\": 1}"].concat(), "");
    }
    for escape in [
        r"\ud800",
        r"\udc00",
        r"\ud800\ud800",
        r"\ud83d\u0041",
        r"\u12",
        r"\u{41}",
        r"\x41",
        r"\'",
    ] {
        refuse(
            &app,
            "/lent",
            format!(r#"{{"id": 1, "name": "{escape}"}}"#),
            "",
        );
    }
    for raw in ["\0", "\n", "\t", "\u{1f}"] {
        refuse(
            &app,
            "/lent",
            format!("{{\"id\": 1, \"name\": \"{raw}\"}}"),
            "control character",
        );
    }
    // An escaped NUL is text; what a program makes of it is its own.
    let nul = post(&app, "/lent", r#"{"id": 1, "name": "\u0000\ud83d\ude00"}"#);
    nul.assert_text("1 Some(\"\\0😀\") false");
}

#[test]
fn a_document_is_one_value_and_nothing_else() {
    let app = app();
    refuse(&app, "/value", "", "empty body");
    for (body, detail) in [
        ("\u{feff}{}", "expected value at line 1 column 1"),
        ("{} {}", "trailing characters"),
        ("{}\0", "trailing characters"),
        ("\0{}", "expected value"),
        ("{},", "trailing characters"),
        ("{} // a", "trailing characters"),
        ("{\"a\": 1,}", "trailing comma"),
        ("{'a': 1}", "key must be a string"),
        ("{a: 1}", "key must be a string"),
        ("{\"a\" 1}", "expected `:`"),
        (")]}'\n{}", "expected value"),
        ("  ", "EOF"),
    ] {
        refuse(&app, "/value", body, detail);
    }
    post(&app, "/value", " \r\n\t{} \n").assert_text("0");
}

/// Whoever reads the same document must not find another value in it.
#[test]
fn names_that_repeat_are_refused_where_they_are_known() {
    let app = app();
    for body in [
        r#"{"id": 1, "id": 2}"#,
        r#"{"id": 1, "\u0069d": 2}"#,
        r#"{"name": "a\n", "id": 1, "name": "b"}"#,
    ] {
        refuse(&app, "/lent", body, "duplicate field");
    }
    // In a map the last one stands, as everywhere with serde.
    post(&app, "/value", r#"{"a": 1, "a": 2}"#).assert_text("1");
}
