//! Every kind of argument, through a socket: what a client sends, and what the handler gets of it.
#![allow(missing_docs)]

mod support;

use std::io::{self, Read};

use mini_spring::{
    App, Body, Cookies, Deadline, Form, Json, Query, Request, Routes, TempFile, route, routes,
};
use serde::Deserialize;
use support::{Answer, TestServer};

fn send(routes: Routes, request: &str) -> Answer {
    let server = TestServer::start(App::empty().mount("/", routes));
    let mut client = server.connect();
    client.send(request);
    client.answer()
}

/// Sends a head of these lines, and a body.
#[track_caller]
fn check(routes: Routes, head: &str, body: &str, status: u16, expected: &str) {
    let length = match body {
        "" => String::new(),
        body => format!("Content-Length: {}\r\n", body.len()),
    };
    let (line, fields) = head.split_once('\n').unwrap_or((head, ""));
    let fields: String = fields
        .lines()
        .map(|field| format!("{}\r\n", field.trim()))
        .collect();
    let request = format!("{line} HTTP/1.1\r\nHost: a\r\n{fields}{length}\r\n{body}");
    let answer = send(routes, &request);
    assert!(answer.body.contains(expected), "{}", answer.body);
    assert_eq!(answer.status, status, "{}", answer.body);
}

#[route(GET, "/query?<q>&<page>&<tag>&<full>&<size=20>")]
fn query(q: &str, page: Option<u32>, tag: Vec<String>, full: Option<bool>, size: u8) -> String {
    format!("{q:?} {page:?} {tag:?} {full:?} {size}")
}

#[route(GET, "/flags?<on>&<off=true>")]
fn flags(on: bool, off: bool, #[cookie("known")] known: Option<bool>) -> String {
    format!("{on} {off} {known:?}")
}

#[route(GET, "/consent")]
fn consent(#[cookie("consent")] consent: bool) -> String {
    consent.to_string()
}

#[test]
fn flags_are_false_where_they_are_absent() {
    let check = |target: &str, status, expected: &str| {
        let routes = routes![flags, consent];
        check(routes, &format!("GET {target}"), "", status, expected);
    };
    check("/flags", 200, "false true None");
    check("/flags?on&off=0", 200, "true false None");
    check("/flags?on=&off=", 200, "false true None");
    check(
        "/flags?on=yes",
        400,
        "expected `true` or `false`, found `yes`",
    );
    check("/flags?on&on", 400, "expected one value, found several");
    // A cookie is no flag.
    check(
        "/consent",
        400,
        "the cookie `consent`: expected a value, found none",
    );
}

#[test]
fn parameters_of_the_query() {
    let check = |target: &str, status, expected: &str| {
        check(
            routes![query],
            &format!("GET {target}"),
            "",
            status,
            expected,
        );
    };
    check("/query?q=", 200, r#""" None [] None 20"#);
    check(
        "/query?tag=a+b&q=%C3%A9%26&tag=&full&page=2&size=3&unknown=1",
        200,
        r#""é&" Some(2) ["a b", ""] Some(true) 3"#,
    );
    check(
        "/query",
        400,
        r#""name":"q","detail":"expected a value, found none""#,
    );
    check(
        "/query?q=&page=x",
        400,
        "expected an unsigned integer, found `x`",
    );
    check(
        "/query?q=&size=256",
        400,
        "expected an integer from 0 to 255, found `256`",
    );
    check("/query?q=a&q=b", 400, "expected one value, found several");
    check("/query?q=%ff", 400, r#""name":"q""#);
}

#[derive(Deserialize)]
struct Search<'r> {
    word: &'r str,
    #[serde(default)]
    tag: Vec<&'r str>,
    page: Option<u32>,
}

#[route(GET, "/search")]
fn search(Query(search): Query<Search<'_>>) -> String {
    format!("{} {:?} {:?}", search.word, search.tag, search.page)
}

#[route(POST, "/form")]
fn form(Form(search): Form<Search<'_>>) -> String {
    format!("{} {:?} {:?}", search.word, search.tag, search.page)
}

#[route(POST, "/json")]
fn json(Json(search): Json<Search<'_>>) -> String {
    format!("{} {:?} {:?}", search.word, search.tag, search.page)
}

#[test]
fn values_by_serde_borrow_from_the_request() {
    let expected = r#"a b ["c", "d"] None"#;
    let pairs = "word=a+b&tag=c&page=&tag=d";
    check(
        routes![search],
        &format!("GET /search?{pairs}"),
        "",
        200,
        expected,
    );
    check(
        routes![search],
        "GET /search?tag=c",
        "",
        400,
        r#""name":"word""#,
    );
    let kind = "POST /form\nContent-Type: application/x-www-form-urlencoded";
    check(routes![form], kind, pairs, 200, expected);
    check(
        routes![form],
        kind,
        "word=a&page=x",
        400,
        r#""in":"body","name":"page""#,
    );
    check(
        routes![form],
        "POST /form\nContent-Type: text/plain",
        pairs,
        415,
        "form-urlencoded",
    );
    let kind = "POST /json\nContent-Type: application/json; charset=utf-8";
    check(
        routes![json],
        kind,
        r#"{"word":"a b","tag":["c","d"]}"#,
        200,
        expected,
    );
    check(
        routes![json],
        kind,
        r#"{"word":"\"a\" \u00e9","tag":["c\\d"]}"#,
        200,
        r#""a" é ["c\\d"] None"#,
    );
    let wrong = "{\"word\": \"a\",\n \"tag\": [\"c\", 7]}";
    check(routes![json], kind, wrong, 400, r#""pointer":"/tag/1""#);
    check(routes![json], kind, wrong, 400, "line 2 column");
    check(routes![json], "POST /json", "{}", 415, "application/json");
}

#[route(GET, "/head")]
fn head(
    #[header("X-Key")] key: &str,
    #[header("X-Count")] count: Option<u32>,
    #[header("Accept")] accept: Vec<&str>,
    #[cookie("sid")] sid: Option<&str>,
    cookies: Cookies<'_>,
) -> String {
    format!(
        "{key} {count:?} {accept:?} {sid:?} {}",
        cookies.iter().count()
    )
}

#[test]
fn header_fields_and_cookies() {
    let check = |fields: &str, status, expected: &str| {
        check(
            routes![head],
            &format!("GET /head\n{fields}"),
            "",
            status,
            expected,
        );
    };
    check("x-key: a b", 200, "a b None [] None 0");
    check(
        "X-Key: a\nX-Count: 7\nAccept: x\nAccept: y\nCookie: a=b; sid=c%20d\nCookie: e=f",
        200,
        r#"a Some(7) ["x", "y"] Some("c d") 3"#,
    );
    check("X-Count: x", 400, r#""in":"header","name":"X-Key""#);
    check("X-Count: x", 400, r#""in":"header","name":"X-Count""#);
}

#[route(PUT, "/text")]
fn text(text: &str) -> String {
    text.to_uppercase()
}

#[route(PUT, "/owned")]
fn owned(text: String, request: &Request) -> String {
    format!("{text} of {:?}", request.header("content-length"))
}

#[route(PUT, "/bytes")]
fn bytes(bytes: &[u8]) -> String {
    format!("{bytes:?}")
}

#[route(PUT, "/live")]
fn live(mut body: Body) -> io::Result<String> {
    let mut text = String::new();
    body.read_to_string(&mut text)?;
    Ok(format!("{text} {:?}", body.length()))
}

#[route(PUT, "/file")]
fn file(file: TempFile) -> String {
    file.length().to_string()
}

#[test]
fn bodies() {
    check(routes![text], "PUT /text", "hi", 200, "HI");
    check(routes![text], "PUT /text", "", 200, "");
    check(
        routes![owned],
        "PUT /owned",
        "hi",
        200,
        r#"hi of Some("2")"#,
    );
    check(routes![bytes], "PUT /bytes", "hi", 200, "[104, 105]");
    check(routes![live], "PUT /live", "hi", 200, "hi Some(2)");
    check(routes![file], "PUT /file", "hi", 200, "2");
    let server = TestServer::start(App::empty().mount("/", routes![text]));
    let mut client = server.connect();
    client.send(b"PUT /text HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na\xff");
    let answer = client.answer();
    assert_eq!(answer.status, 400);
    assert!(
        answer
            .body
            .contains("expected UTF-8, found something else at byte 1")
    );
}

#[route(
    PUT,
    "/options/<name>",
    body_limit = "4B",
    timeout = "1m",
    status = 202,
    blocking
)]
fn options(name: &str, text: &str, deadline: Deadline) -> String {
    format!("{name} {text} {}", deadline.remaining().is_some())
}

#[route(GET, "/untimed")]
fn untimed(deadline: Deadline) -> String {
    format!("{:?}", deadline.at())
}

#[test]
fn options_of_a_route() {
    check(
        routes![options],
        "PUT /options/a",
        "1234",
        202,
        "a 1234 true",
    );
    check(
        routes![options],
        "PUT /options/a",
        "12345",
        413,
        "larger than the 4 bytes that this route accepts",
    );
    check(routes![untimed], "GET /untimed", "", 200, "None");
}

#[route(POST, "/optional?<page>")]
fn optional(
    page: Option<u8>,
    form: Option<Form<Vec<(String, String)>>>,
    query: Option<Query<Vec<(String, String)>>>,
) -> String {
    let count = |pairs: Option<Vec<_>>| pairs.map(|pairs| pairs.len());
    format!(
        "{page:?} {:?} {:?}",
        count(form.map(|form| form.0)),
        count(query.map(|query| query.0))
    )
}

#[route(POST, "/result")]
fn result(json: Result<Json<u8>, mini_spring::Problem>) -> String {
    match json {
        Ok(Json(number)) => number.to_string(),
        Err(problem) => format!("instead of {}", problem.status()),
    }
}

#[test]
fn optional_arguments() {
    let kind = "Content-Type: application/x-www-form-urlencoded";
    check(
        routes![optional],
        "POST /optional",
        "",
        200,
        "None None None",
    );
    let all = format!("POST /optional?page=1&a=b\n{kind}");
    check(
        routes![optional],
        &all,
        "a=b",
        200,
        "Some(1) Some(1) Some(2)",
    );
    check(
        routes![optional],
        "POST /optional\nContent-Type: x/y",
        "a=b",
        415,
        "",
    );
    check(
        routes![result],
        "POST /result\nContent-Type: application/json",
        "7",
        200,
        "7",
    );
    check(
        routes![result],
        "POST /result\nContent-Type: application/json",
        "x",
        200,
        "instead of 400",
    );
    check(routes![result], "POST /result", "", 200, "instead of 415");
}
