//! How arguments are bound, and what is answered where they can't be.

use std::borrow::Cow;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::{Call, json, put};
use crate::extract::Needs;
use crate::{BodyUse, FromRequest, Json, Problem, Request, Routes, route, routes};

#[route(GET, "/bind/numbers/<small>/<real>?<yes>&<letter>")]
fn numbers(small: u8, real: f64, yes: bool, letter: Option<char>) -> String {
    format!("{small} {real} {yes} {letter:?}")
}

#[route(GET, "/bind/texts/<a>/<b>/<c..>")]
fn texts(a: &str, b: Cow<'_, str>, c: PathBuf) -> String {
    format!("{a} {b} {}", c.display())
}

#[route(GET, "/bind/parsed/<address>")]
fn parsed(address: IpAddr) -> String {
    address.to_string()
}

#[route(GET, "/bind/query?<q>&<page>&<tag>&<size=20>")]
fn query(q: &str, page: Option<u32>, tag: Vec<u8>, size: u8) -> String {
    format!("{q:?} {page:?} {tag:?} {size}")
}

#[test]
fn parameters_are_parsed() {
    let call = Call(routes![numbers]);
    call.get("/bind/numbers/7/1.50?yes", "7 1.5 true None");
    call.get(
        "/bind/numbers/%37/-1?yes=off&letter=%C3%A9",
        "7 -1 false Some('é')",
    );
    // A flag is false where it isn't there.
    call.get("/bind/numbers/7/1", "7 1 false None");
    call.get("/bind/numbers/7/1?yes=", "7 1 false None");
    let call = Call(routes![texts]);
    call.get("/bind/texts/a%2Fb/c+d/e/f%20g", "a/b c+d e/f g");
    call.get("/bind/texts/a/b", "a b ");
    Call(routes![parsed]).get("/bind/parsed/::1", "::1");
}

#[test]
fn the_query_is_parsed() {
    let call = Call(routes![query]);
    call.get("/bind/query?q=a+b", r#""a b" None [] 20"#);
    call.get(
        "/bind/query?tag=1&q=&tag=2&page=3&size=4&other=5",
        r#""" Some(3) [1, 2] 4"#,
    );
    // Empty is absent, but for text.
    call.get("/bind/query?q&page=&tag=&size=", r#""" None [] 20"#);
    call.get("/bind/query?%71=1", r#""1" None [] 20"#);
}

#[test]
fn invalid_parameters_are_collected() {
    let call = Call(routes![numbers]);
    call.refuses(
        Request::get("/bind/numbers/abc/inf?yes=maybe&letter=ab"),
        &[
            ("path", "small", "expected an unsigned integer, found `abc`"),
            ("path", "real", "expected a finite number, found `inf`"),
            ("query", "yes", "expected `true` or `false`, found `maybe`"),
            ("query", "letter", "expected one character, found `ab`"),
        ],
    );
    let call = Call(routes![query]);
    call.refuses(
        Request::get("/bind/query?q=%FF&page=x&tag=1&tag=-1&size=1&size=2"),
        &[
            ("query", "q", "the percent-decoded bytes are not UTF-8"),
            ("query", "page", "expected an unsigned integer, found `x`"),
            ("query", "tag", "expected an unsigned integer, found `-1`"),
            ("query", "size", "expected one value, found several"),
        ],
    );
    Call(routes![texts]).refuses(
        Request::get("/bind/texts/%zz/b/..%2F..%2Fetc"),
        &[
            (
                "path",
                "a",
                "`%` must be followed by two hexadecimal digits",
            ),
            (
                "path",
                "c",
                "expected a relative path of plain names, without `..`, `\\` and `:`, found `../../etc`",
            ),
        ],
    );
    Call(routes![parsed]).refuses(
        Request::get("/bind/parsed/here"),
        &[("path", "address", "invalid IP address syntax, found `here`")],
    );
}

#[derive(Deserialize)]
struct NewUser<'r> {
    name: &'r str,
}

/// A guard that refuses everyone without a key.
struct Key;

impl FromRequest<'_> for Key {
    type Rejection = Problem;

    fn from_request(request: &Request) -> Result<Self, Problem> {
        let key = request.header("X-Key").map(|_| Key);
        key.ok_or_else(|| Problem::unauthorized("send your key as X-Key"))
    }
}

#[route(PUT, "/bind/users/<id>")]
fn create(Json(new): Json<NewUser<'_>>, id: u64, _key: Key) -> String {
    format!("{id} {}", new.name)
}

#[route(PUT, "/bind/text")]
fn text(text: &str) -> String {
    text.to_owned()
}

#[route(PUT, "/bind/owned")]
fn owned(text: String) -> String {
    text
}

#[route(PUT, "/bind/bytes")]
fn bytes(slice: &[u8], request: &Request) -> String {
    format!("{} {:?}", request.body().len(), slice)
}

#[route(PUT, "/bind/vector")]
fn vector(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

#[test]
fn bodies_are_taken() {
    let user = json("/bind/users/7", r#"{"name":"Ada"}"#).header("X-Key", "1");
    Call(routes![create]).text(user, 200, "7 Ada");
    Call(routes![text]).text(put("/bind/text").body("é"), 200, "é");
    Call(routes![owned]).text(put("/bind/owned").body("é"), 200, "é");
    Call(routes![bytes]).text(put("/bind/bytes").body(vec![0, 255]), 200, "2 [0, 255]");
    Call(routes![vector]).text(put("/bind/vector").body("v"), 200, "v");
}

#[test]
fn invalid_bodies_are_explained() {
    let call = Call(routes![create]);
    let with_key = |body| json("/bind/users/x", body).header("X-Key", "1");
    let id = ("path", "id", "expected an unsigned integer, found `x`");
    call.refuses(
        with_key("{\n  \"name\": }"),
        &[id, ("body", "", "expected value at line 2 column 11")],
    );
    call.refuses(
        with_key("{}"),
        &[id, ("body", "", "missing field `name` at line 1 column 2")],
    );
    call.refuses(
        with_key(""),
        &[
            id,
            ("body", "", "expected a JSON document, found an empty body"),
        ],
    );
    Call(routes![text]).refuses(
        put("/bind/text").body(b"ab\xff".to_vec()),
        &[("body", "", "expected UTF-8, found something else at byte 2")],
    );
}

#[test]
fn the_first_rejection_that_is_no_invalid_input_wins() {
    let call = Call(routes![create]);
    let status = |request| call.answer(request).status().as_u16();
    assert_eq!(status(json("/bind/users/x", "{")), 401);
    assert_eq!(status(put("/bind/users/x").body("{}")), 401);
    let plain = put("/bind/users/x").header("X-Key", "1").body("{}");
    let response = call.answer(plain.header("Content-Type", "text/plain"));
    assert_eq!(response.status(), 415);
    let body = String::from_utf8_lossy(response.body_bytes().unwrap_or_default());
    let detail = "expected the content type `application/json`, found `text/plain`; \
                  send the header field `Content-Type: application/json`";
    assert!(body.contains(detail), "{body}");
    let response = call.answer(put("/bind/users/7").header("X-Key", "1").body("{}"));
    assert_eq!(response.status(), 415);
}

#[route([GET, POST], "/bind/first/<id>")]
#[route("PURGE", "/bind/second?<id>")]
fn several(id: u64) -> String {
    id.to_string()
}

#[route(GET, "/bind/wrong-default?<page=one>&<tag=1>")]
fn wrong_default(page: u32, tag: Vec<u8>) -> String {
    format!("{page} {tag:?}")
}

#[test]
fn records_say_what_was_written() {
    let Routes(records) = routes![several, numbers];
    let written: Vec<_> = records
        .iter()
        .map(|record| (record.methods, record.pattern))
        .collect();
    assert_eq!(written[0], (&["GET", "POST"][..], "/bind/first/<id>"));
    assert_eq!(written[1], (&["PURGE"][..], "/bind/second?<id>"));
    assert_eq!(records.len(), 3);
    assert_eq!(records[0].handler, "several");
    assert_eq!(records[0].module, "mini_spring::handler_tests::binding");
    assert!(records[0].file.ends_with("binding.rs"));
    assert_eq!(records[1].line, records[0].line + 1);
    let second = Request::get("/bind/second?id=7").build().unwrap();
    assert_eq!((records[1].call)(&second).body_bytes(), Some(&b"7"[..]));
}

#[test]
fn every_record_is_registered() {
    let registered = inventory::iter::<crate::routing::RouteRecord>();
    let names = registered
        .into_iter()
        .filter(|record| record.handler == "several");
    assert_eq!(names.count(), 2);
}

#[test]
fn needs_are_known_before_the_start() {
    let needs = |routes: Routes| {
        let mut needs = Needs::default();
        (routes.0[0].requires)(&mut needs);
        needs
    };
    assert_eq!(needs(routes![numbers]).body(), BodyUse::None);
    assert_eq!(needs(routes![create]).body(), BodyUse::Memory);
    assert_eq!(needs(routes![bytes]).body(), BodyUse::Memory);
    let expected = "the default of `?<page>`: expected an unsigned integer, found `one`";
    assert_eq!(
        needs(routes![wrong_default]).faulty().as_deref(),
        Some(expected)
    );
}

#[test]
fn urls_are_typed() {
    assert_eq!(numbers::url(7, 1.5), "/bind/numbers/7/1.5");
    assert_eq!(
        texts::url("a/b", 'c', "d/e f"),
        "/bind/texts/a%2Fb/c/d/e%20f"
    );
    assert_eq!(several::url(7), "/bind/first/7");
    assert_eq!(query::url(), "/bind/query");
}
