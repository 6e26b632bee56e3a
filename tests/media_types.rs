//! Routes that take and give certain media types, through real sockets: what is refused is refused before
//! its body is sent.
#![allow(missing_docs)]

mod support;

use mini_spring::{App, Body, Json, TempFile, route, routes};
use support::TestServer;

#[route(PUT, "/pictures/<name>", consumes = "image/*", body_limit = "1MiB")]
fn picture(name: &str, picture: TempFile) -> String {
    format!("{name}: {} bytes", picture.length())
}

#[route(POST, "/feed", consumes = ["application/x-ndjson", "text/csv"])]
fn feed(body: Body) -> std::io::Result<String> {
    let length = std::io::copy(&mut { body }, &mut std::io::sink())?;
    Ok(format!("{length} read"))
}

#[route(GET, "/report", produces = "text/csv")]
fn csv() -> &'static str {
    "a,b"
}

#[route(GET, "/report", produces = "application/json")]
fn json() -> Json<[char; 2]> {
    Json(['a', 'b'])
}

fn server() -> TestServer {
    TestServer::start(App::empty().mount("/", routes![picture, feed, csv, json]))
}

#[test]
fn a_body_that_is_refused_is_never_asked_for() {
    let server = server();
    for (line, length, accept) in [
        ("PUT /pictures/a", "Content-Length: 9", "image/*"),
        // Refused for its type, so nobody looks at its length.
        ("PUT /pictures/a", "Content-Length: 9000000000", "image/*"),
        (
            "POST /feed",
            "Transfer-Encoding: chunked",
            "application/x-ndjson, text/csv",
        ),
    ] {
        let answer = server.exchange(format!(
            "{line} HTTP/1.1\r\nHost: a\r\nContent-Type: text/html\r\n{length}\r\n\
             Expect: 100-continue\r\n\r\n"
        ));
        assert!(answer.starts_with("HTTP/1.1 415 "), "{answer}");
        assert!(
            answer.contains(&format!("\r\naccept: {accept}\r\n")),
            "{answer}"
        );
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(answer.contains(", found `text/html`"), "{answer}");
    }
}

#[test]
fn a_body_that_is_taken_arrives() {
    let server = server();
    let mut client = server.connect();
    client.send(
        "PUT /pictures/a HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 3\r\n\
         Expect: 100-continue\r\n\r\n",
    );
    assert_eq!(client.answer().status, 100);
    client.send("abc");
    assert_eq!(client.answer().body, "a: 3 bytes");
    client.send(
        "POST /feed HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv;header=absent\r\n\
         Transfer-Encoding: chunked\r\n\r\n3\r\na,b\r\n0\r\n\r\n",
    );
    assert_eq!(client.answer().body, "3 read");
}

#[test]
fn a_refused_body_that_is_here_costs_no_connection() {
    let server = server();
    let mut client = server.connect();
    let refused = "PUT /pictures/a HTTP/1.1\r\nHost: a\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nabc";
    client.send(format!("{refused}GET /report HTTP/1.1\r\nHost: a\r\n\r\n"));
    let answer = client.answer();
    assert_eq!(
        (answer.status, answer.field("accept")),
        (415, Some("image/*"))
    );
    assert_eq!(client.answer().status, 200);
}

#[test]
fn the_client_chooses_the_type_of_the_answer() {
    let server = server();
    let mut client = server.connect();
    let mut get = |accept: &str| {
        client.send(format!("GET /report HTTP/1.1\r\nHost: a\r\n{accept}\r\n"));
        let answer = client.answer();
        let content_type = answer.field("content-type").unwrap().to_owned();
        assert_eq!(answer.field("vary"), Some("accept"));
        (answer.status, content_type, answer.body)
    };
    let csv = (200, "text/csv; charset=utf-8".to_owned(), "a,b".to_owned());
    let json = (
        200,
        "application/json".to_owned(),
        r#"["a","b"]"#.to_owned(),
    );
    assert_eq!(get("Accept: text/csv\r\n"), csv);
    assert_eq!(get("Accept: application/json;q=0.1\r\n"), json);
    assert_eq!(
        get("Accept: application/json;q=0.1\r\nAccept: text/*;q=0.2\r\n"),
        csv
    );
    assert_eq!(get(""), json);
    let (status, content_type, body) = get("Accept: image/png\r\n");
    assert_eq!((status, &*content_type), (406, "application/problem+json"));
    assert!(
        body.contains("the answer is `application/json` or `text/csv`"),
        "{body}"
    );
}
