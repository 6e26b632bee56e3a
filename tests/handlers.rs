//! `#[route]` from the attribute to the socket: a program's own routes, in the global table.
#![allow(missing_docs, unreachable_pub)]

mod support;

use mini_spring::http::StatusCode;
use mini_spring::{App, Json, Problem, Request, Response, route, routes};
use serde::{Deserialize, Serialize};
use support::{Client, TestServer};

mod books {
    use super::*;

    #[derive(Serialize, Deserialize)]
    pub struct Book<'a> {
        pub title: &'a str,
        pub pages: u32,
    }

    #[route(GET, "/books/<id>?<full>")]
    pub fn get(id: u32, full: Option<bool>) -> Result<Json<String>, Problem> {
        match id {
            7 => Ok(Json(format!("book {id}, full: {full:?}"))),
            _ => Err(Problem::not_found(format!("no book {id}"))),
        }
    }

    #[route(POST, "/books")]
    pub fn create(Json(book): Json<Book<'_>>) -> (StatusCode, Book<'_>) {
        (StatusCode::CREATED, book)
    }

    #[route(GET, "/books?<page=1>&<tag>")]
    pub fn list(page: u32, tag: Vec<&str>) -> String {
        format!("page {page} of {tag:?}")
    }
}

#[route(GET, "/files/<path..>")]
fn file(path: &str) -> String {
    format!("file {path:?}")
}

#[route([PUT, PATCH], "/text")]
fn text(body: &str, request: &Request) -> String {
    format!("{} {body}", request.method())
}

#[route(GET, "/fails")]
fn fails() -> mini_spring::Result<Option<&'static str>> {
    let number: u8 = "not a number".parse()?;
    Ok((number > 0).then_some("never"))
}

#[route(GET, "/absent")]
fn absent() -> mini_spring::Result<Option<&'static str>> {
    Ok(None)
}

fn get(client: &mut Client, target: &str) -> (u16, String) {
    client.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
    let answer = client.answer();
    (answer.status, answer.body)
}

fn send(client: &mut Client, method: &str, target: &str, kind: &str, body: &str) -> (u16, String) {
    client.send(format!(
        "{method} {target} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let answer = client.answer();
    (answer.status, answer.body)
}

#[test]
fn the_whole_table_is_served() {
    let server = TestServer::start(App::new());
    let mut client = server.connect();
    let client = &mut client;
    let ok = |body: &str| (200, body.to_owned());
    assert_eq!(get(client, "/books/7"), ok(r#""book 7, full: None""#));
    assert_eq!(
        get(client, "/books/7?full"),
        ok(r#""book 7, full: Some(true)""#)
    );
    assert_eq!(get(client, "/books"), ok("page 1 of []"));
    assert_eq!(
        get(client, "/books?tag=a&page=2&tag=b+c"),
        ok(r#"page 2 of ["a", "b c"]"#)
    );
    assert_eq!(get(client, "/files/a%2Fb/c"), ok(r#"file "a/b/c""#));
    assert_eq!(get(client, "/files"), ok(r#"file """#));
    assert_eq!(
        send(client, "PATCH", "/text", "text/plain", "hi"),
        ok("PATCH hi")
    );
    let book = r#"{"title":"Emma","pages":474}"#;
    let created = send(client, "POST", "/books", "application/json", book);
    assert_eq!(created, (201, book.to_owned()));
}

#[test]
fn what_is_wrong_is_said_in_one_document() {
    let server = TestServer::start(App::new());
    let mut client = server.connect();
    let client = &mut client;
    let (status, body) = get(client, "/books/x?full=perhaps");
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &problem["error"]), (400, &"bad_request".into()));
    let places: Vec<_> = problem["errors"].as_array().unwrap().iter().collect();
    assert_eq!(places.len(), 2, "{body}");
    assert_eq!(
        (&places[0]["in"], &places[0]["name"]),
        (&"path".into(), &"id".into())
    );
    assert_eq!(
        (&places[1]["in"], &places[1]["name"]),
        (&"query".into(), &"full".into())
    );

    let (status, body) = send(client, "POST", "/books", "text/plain", "{}");
    assert_eq!(status, 415, "{body}");
    let (status, body) = send(
        client,
        "POST",
        "/books",
        "application/json",
        r#"{"title":1}"#,
    );
    assert_eq!(status, 400);
    assert!(body.contains("line 1 column 10"), "{body}");
    assert_eq!(get(client, "/absent").0, 404);
    let (status, body) = get(client, "/fails");
    assert_eq!(status, 500);
    assert!(!body.contains("digit"), "{body}");
}

#[test]
fn named_routes_are_mounted_below_a_prefix() {
    let app = App::empty().mount("/api", routes![books::get, file]);
    let server = TestServer::start(app);
    let mut client = server.connect();
    assert_eq!(get(&mut client, "/api/books/7").0, 200);
    assert_eq!(get(&mut client, "/api/files/x").0, 200);
    assert_eq!(get(&mut client, "/books/7").0, 404);
    assert_eq!(get(&mut client, "/api/absent").0, 404);
}

#[test]
fn middleware_sees_everything() {
    let marked = |request: &mut Request, next: mini_spring::Next<'_>| -> Response {
        let path = request.path().to_owned();
        next.run(request).header("X-Path", path)
    };
    let server = TestServer::start(App::new().middleware(marked));
    let mut client = server.connect();
    for (target, status) in [
        ("/books/7", 200),
        ("/none", 404),
        ("/text", 405),
        ("/fails", 500),
    ] {
        client.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
        let answer = client.answer();
        assert_eq!(
            (answer.status, answer.field("x-path")),
            (status, Some(target))
        );
    }
}

#[test]
fn methods_that_are_not_there_are_told() {
    let server = TestServer::start(App::new());
    let mut client = server.connect();
    client.send("DELETE /text HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer();
    assert_eq!(
        (answer.status, answer.field("allow")),
        (405, Some("OPTIONS, PATCH, PUT"))
    );
    client.send("OPTIONS /books/7 HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer();
    assert_eq!(
        (answer.status, answer.field("allow")),
        (204, Some("GET, HEAD, OPTIONS"))
    );
}

#[test]
fn a_crate_that_has_no_routes_is_named() {
    let error = mini_spring::Server::bind("127.0.0.1:0")
        .unwrap()
        .start(App::new().crates(["handlers", "shop"]))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "no crate `shop` has routes, only `handlers`; routes of a library are linked if the \
         program names it: write `use your_lib as _;`"
    );
}

#[test]
fn urls_are_typed() {
    assert_eq!(books::get::url(7), "/books/7");
    assert_eq!(file::url("a b/c"), "/files/a%20b/c");
}

#[test]
fn a_request_that_was_swapped_ends_the_connection() {
    let swaps = |request: &mut Request, next: mini_spring::Next<'_>| -> Response {
        let mut other = Request::get("/other?GET=/books/7").build().unwrap();
        std::mem::swap(request, &mut other);
        next.run(request)
    };
    let server = TestServer::start(App::new().middleware(swaps));
    let mut client = server.connect();
    let request = "GET /books/7 HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(format!("{request}{request}"));
    assert_eq!(
        client.rest().matches("\r\nconnection: close\r\n").count(),
        1
    );
}

/// However much a client sends, it is not quoted whole.
#[test]
fn what_is_wrong_is_quoted_shortly() {
    let server = TestServer::start(App::new());
    let mut client = server.connect();
    let body = format!(r#"{{"title":"a","pages":"{}"}}"#, "x".repeat(1_000_000));
    let (status, answer) = send(&mut client, "POST", "/books", "application/json", &body);
    assert_eq!(status, 400);
    assert!(answer.len() < 2_000, "{}", answer.len());
    assert!(answer.contains(r#""pointer":"/pages""#), "{answer}");
}

#[route(GET, "/failed-field")]
fn failed_field() -> (StatusCode, [(&'static str, &'static str); 2], &'static str) {
    let fields = [("X-One", "a\r\nb"), ("X-Two", "c")];
    (StatusCode::CREATED, fields, "made")
}

#[test]
fn a_field_that_cannot_be_sent_is_no_success() {
    let response = App::new().call(Request::get("/failed-field").build().unwrap());
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(response.cause().is_some());
    let names = response.fields().iter().map(|(name, _)| name.to_owned());
    let names: Vec<String> = names.collect();
    assert_eq!(names, ["content-type", "x-request-id", "vary"]);
}
