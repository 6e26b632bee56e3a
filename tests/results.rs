//! Every kind of result, through a socket: what a handler returns, and what the client gets.
#![allow(missing_docs)]

mod support;

use std::borrow::Cow;
use std::io::{self, Read};
use std::time::Duration;

use mini_spring::http::StatusCode;
use mini_spring::{
    App, Created, Html, Json, NoContent, Problem, Redirect, Routes, SetCookie, Stream, route,
    routes,
};
use serde::Serialize;
use support::{Answer, TestServer};

fn get(routes: Routes, target: &str) -> Answer {
    let server = TestServer::start(App::empty().mount("/", routes));
    let mut client = server.connect();
    client.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
    client.answer()
}

/// Checks status, body and these fields; one without a value must not be there.
#[track_caller]
fn check(routes: Routes, target: &str, status: u16, body: &str, fields: &[(&str, &str)]) {
    let answer = get(routes, target);
    assert_eq!((answer.status, &*answer.body), (status, body));
    for (name, value) in fields {
        assert_eq!(answer.field(name).unwrap_or_default(), *value, "{name}");
    }
}

const TEXT: (&str, &str) = ("content-type", "text/plain; charset=utf-8");
const JSON: (&str, &str) = ("content-type", "application/json");

#[route(GET, "/text/<owned>")]
fn text(owned: bool) -> Cow<'static, str> {
    match owned {
        true => format!("t{}xt", 'é').into(),
        false => "text".into(),
    }
}

#[route(GET, "/html")]
fn html() -> Html<&'static str> {
    Html("<p>hi")
}

#[route(GET, "/bytes")]
fn bytes() -> Vec<u8> {
    vec![b'a', 0, b'b']
}

#[test]
fn texts_pages_and_bytes() {
    check(
        routes![text],
        "/text/false",
        200,
        "text",
        &[TEXT, ("content-length", "4")],
    );
    check(
        routes![text],
        "/text/true",
        200,
        "téxt",
        &[TEXT, ("content-length", "5")],
    );
    let page = ("content-type", "text/html; charset=utf-8");
    check(routes![html], "/html", 200, "<p>hi", &[page]);
    let kind = ("content-type", "application/octet-stream");
    check(
        routes![bytes],
        "/bytes",
        200,
        "a\0b",
        &[kind, ("content-length", "3")],
    );
}

#[derive(Serialize)]
struct Book {
    title: &'static str,
}

const EMMA: Book = Book { title: "Emma" };

#[route(GET, "/books/<id>")]
fn book(id: u8) -> Result<Option<Book>, Problem> {
    match id {
        0 => Err(Problem::conflict("lent")),
        1 => Ok(Some(EMMA)),
        _ => Ok(None),
    }
}

#[route(GET, "/wrapped")]
fn wrapped() -> Json<&'static str> {
    Json("a string")
}

#[route(GET, "/made")]
fn made() -> (StatusCode, [(&'static str, &'static str); 2], Book) {
    (StatusCode::CREATED, [("X-A", "1"), ("X-B", "2")], EMMA)
}

#[test]
fn json() {
    let emma = r#"{"title":"Emma"}"#;
    check(routes![book], "/books/1", 200, emma, &[JSON]);
    check(routes![wrapped], "/wrapped", 200, "\"a string\"", &[JSON]);
    check(
        routes![made],
        "/made",
        201,
        emma,
        &[JSON, ("x-a", "1"), ("x-b", "2")],
    );
    let lent = get(routes![book], "/books/0");
    assert_eq!(
        (lent.status, lent.field("content-type")),
        (409, Some("application/problem+json"))
    );
    assert!(lent.body.contains(r#""detail":"lent""#), "{}", lent.body);
    assert_eq!(get(routes![book], "/books/2").status, 404);
}

#[route(GET, "/to/<how>")]
fn redirect(how: &str) -> Redirect {
    match how {
        "other" => Redirect::to("/a b"),
        "temporary" => Redirect::temporary("/b"),
        _ => Redirect::permanent("/c"),
    }
}

#[test]
fn redirects() {
    check(
        routes![redirect],
        "/to/other",
        303,
        "",
        &[("location", "/a%20b")],
    );
    check(
        routes![redirect],
        "/to/temporary",
        307,
        "",
        &[("location", "/b")],
    );
    check(
        routes![redirect],
        "/to/permanent",
        308,
        "",
        &[("location", "/c")],
    );
}

#[route(GET, "/status")]
fn status() -> StatusCode {
    StatusCode::ACCEPTED
}

#[route(GET, "/unit")]
fn unit() {}

#[route(GET, "/no-content")]
fn no_content() -> NoContent {
    NoContent
}

#[route(GET, "/option", status = 202)]
fn option() -> &'static str {
    "later"
}

#[route(GET, "/created")]
fn created() -> Created<Json<u8>> {
    Created::at("/books/7").with(Json(7))
}

#[test]
fn statuses() {
    check(
        routes![status],
        "/status",
        202,
        "",
        &[("content-length", "0")],
    );
    check(
        routes![unit],
        "/unit",
        204,
        "",
        &[("content-length", ""), ("content-type", "")],
    );
    check(
        routes![no_content],
        "/no-content",
        204,
        "",
        &[("content-length", "")],
    );
    check(routes![option], "/option", 202, "later", &[TEXT]);
    check(
        routes![created],
        "/created",
        201,
        "7",
        &[JSON, ("location", "/books/7")],
    );
}

#[derive(Serialize)]
struct Made {
    id: u64,
}

#[route(GET, "/made-of-serde")]
fn made_of_serde() -> Result<Created<Made>, StatusCode> {
    Ok(Created::at("/made/7").with(Made { id: 7 }))
}

#[test]
fn what_was_made_becomes_json() {
    let fields = &[("location", "/made/7"), JSON];
    check(
        routes![made_of_serde],
        "/made-of-serde",
        201,
        r#"{"id":7}"#,
        fields,
    );
}

#[route(GET, "/cookies")]
fn cookies() -> ([SetCookie; 2], &'static str) {
    let session = SetCookie::new("sid", "a b")
        .max_age(Duration::from_secs(60))
        .secure();
    ([session, SetCookie::removed("old")], "welcome")
}

#[route(GET, "/cookie")]
fn cookie() -> (SetCookie, Vec<u8>) {
    (SetCookie::new("one", "1"), b"bytes".to_vec())
}

#[route(GET, "/created-cookie")]
fn created_cookie() -> Result<(StatusCode, SetCookie, Vec<u64>), StatusCode> {
    Ok((StatusCode::CREATED, SetCookie::new("one", "1"), vec![7]))
}

#[route(GET, "/only-cookie")]
fn only_cookie() -> SetCookie {
    SetCookie::new("one", "1")
}

#[test]
fn a_cookie_stands_in_front_of_any_content() {
    let one = ("set-cookie", "one=1; Path=/; HttpOnly; SameSite=Lax");
    check(routes![cookie], "/cookie", 200, "bytes", &[one]);
    check(routes![only_cookie], "/only-cookie", 204, "", &[one]);
    let fields = &[one, JSON];
    check(
        routes![created_cookie],
        "/created-cookie",
        201,
        "[7]",
        fields,
    );
}

type Perhaps<T> = Result<Option<T>, Problem>;

#[route(GET, "/created-at")]
fn created_at() -> Perhaps<(SetCookie, Created<Vec<u64>>)> {
    let made = Created::at("/numbers/7").with(vec![7]);
    Ok(Some((SetCookie::new("one", "1"), made)))
}

#[route(GET, "/replaced")]
fn replaced() -> (StatusCode, SetCookie, Created<Vec<u64>>) {
    let made = Created::at("/numbers/7").with(vec![7]);
    (StatusCode::OK, SetCookie::new("one", "1"), made)
}

#[route(GET, "/pair")]
fn pair() -> (SetCookie, (u16, u16)) {
    (SetCookie::new("one", "1"), (201, 7))
}

#[route(GET, "/none-made")]
fn none_made() -> (SetCookie, Created<Problem>) {
    let problem = Problem::conflict("it is there");
    (SetCookie::new("one", "1"), Created::at("/").with(problem))
}

/// What is behind the cookie may have something before its content as well.
#[test]
fn a_cookie_stands_in_front_of_what_was_made() {
    let one = ("set-cookie", "one=1; Path=/; HttpOnly; SameSite=Lax");
    let made = &[one, JSON, ("location", "/numbers/7")];
    check(routes![created_at], "/created-at", 201, "[7]", made);
    check(routes![replaced], "/replaced", 200, "[7]", made);
    check(routes![pair], "/pair", 200, "[201,7]", &[one, JSON]);
    let answer = get(routes![none_made], "/none-made");
    assert_eq!((answer.status, answer.field("location")), (409, None));
}

#[route(GET, "/found/<id>")]
fn found(id: u64) -> (SetCookie, Option<Vec<u64>>) {
    let numbers = (id == 7).then(|| vec![id]);
    (SetCookie::new("one", "1"), numbers)
}

#[route(GET, "/created-perhaps/<id>")]
fn created_perhaps(id: u64) -> Created<Option<Vec<u64>>> {
    Created::at("/numbers").with((id == 7).then(|| vec![id]))
}

/// And not `null`, as of something that is an answer by itself.
#[test]
fn nothing_is_404_behind_a_cookie_too() {
    check(routes![found], "/found/7", 200, "[7]", &[JSON]);
    assert_eq!(get(routes![found], "/found/8").status, 404);
    let made = &[JSON, ("location", "/numbers")];
    check(
        routes![created_perhaps],
        "/created-perhaps/7",
        201,
        "[7]",
        made,
    );
    let answer = get(routes![created_perhaps], "/created-perhaps/8");
    assert_eq!((answer.status, answer.field("location")), (404, None));
}

#[test]
fn cookies_are_set() {
    let answer = get(routes![cookies], "/cookies");
    assert_eq!((answer.status, &*answer.body), (200, "welcome"));
    let set: Vec<_> = answer
        .head
        .lines()
        .filter_map(|line| line.strip_prefix("set-cookie: "))
        .collect();
    assert_eq!(set.len(), 2, "{}", answer.head);
    assert!(
        set[0].starts_with("sid=a%20b; ") && set[0].contains("Secure"),
        "{}",
        set[0]
    );
    assert!(
        set[1].starts_with("old=; ") && set[1].contains("Max-Age=0"),
        "{}",
        set[1]
    );
}

#[route(GET, "/read/<known>")]
fn read(known: bool) -> Stream {
    let stream = Stream::reader(io::repeat(b'x').take(70_000)).with_type("text/plain");
    match known {
        true => stream.with_length(70_000),
        false => stream,
    }
}

#[test]
fn readers() {
    let all = "x".repeat(70_000);
    check(
        routes![read],
        "/read/true",
        200,
        &all,
        &[("content-length", "70000")],
    );
    check(
        routes![read],
        "/read/false",
        200,
        &all,
        &[("transfer-encoding", "chunked")],
    );
}
