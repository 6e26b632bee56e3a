//! Over a socket: what is refused once there is a request, and what the log of accesses says.

use mini_spring::{Body, Problem, error_handler, errors, route, routes};
use std::io::Read;
use support::TestServer;

use super::*;

#[route(POST, "/text", body_limit = "4B")]
fn text_of(body: &str) -> String {
    body.to_owned()
}

#[route(POST, "/live", body_limit = "4B")]
fn live(mut body: Body) -> mini_spring::Result<String> {
    let mut text = String::new();
    body.read_to_string(&mut text)?;
    Ok(text)
}

#[error_handler]
fn marked(problem: Problem, request: &Request) -> Problem {
    let peer = request.peer();
    let problem = problem.with("peer", peer.to_string());
    problem.with("route", request.route())
}

fn app() -> App {
    let app = App::empty().mount("/", routes![text_of, live]);
    app.error_handlers(errors![marked])
}

fn post(path: &str, fields: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{fields}\r\n{body}")
}

/// A body that is too large is refused before the handler could be called for, but there is a request.
#[test]
fn what_is_refused_behind_the_head_is_handled() {
    let server = TestServer::start(app());
    let ask = |request: &str| {
        let mut client = server.connect();
        client.send(request);
        let answer = client.answer();
        assert!(client.is_closed());
        let peer = client.stream.local_addr().unwrap().to_string();
        (answer, peer)
    };
    let (answer, peer) = ask(&post("/text", "", "too long"));
    let document: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((answer.status, &document["status"]), (413, &413.into()));
    assert_eq!(document["peer"], peer);
    assert_eq!(document["route"], "/text");
    let (answer, _) = ask(&post("/text", "Accept: text/html\r\n", "too long"));
    assert_eq!(answer.status, 413);
    assert_eq!(
        answer.field("content-type"),
        Some("text/html; charset=utf-8")
    );
    let chunked = "POST /text HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (answer, peer) = ask(&format!("{chunked}5\r\nabcde\r\n"));
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains(&peer), "{}", answer.body);
    let (answer, peer) = ask(&format!("{chunked}nonsense\r\n"));
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains(&peer), "{}", answer.body);
}

/// Where there is no request there is nobody to ask.
#[test]
fn what_is_no_request_is_refused_plainly() {
    let server = TestServer::start(app());
    let answer =
        server.exchange("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nno field\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(
        answer.contains("content-type: application/problem+json"),
        "{answer}"
    );
    assert!(!answer.contains("peer"), "{answer}");
    // Nor is the request before it asked about.
    let mut client = server.connect();
    client.send(post("/text", "", "abcd"));
    assert_eq!(client.answer().body, "abcd");
    client.send("no request\r\n\r\n");
    assert!(!client.answer().body.contains("route"));
}

/// It is none of the program's errors, though the handler gets one.
#[test]
fn a_body_that_is_read_meanwhile_is_the_clients_fault() {
    let server =
        TestServer::start(app().on_error(|_: &std::io::Error, _: &Request| "not that one"));
    let (answer, lines) = logged("live-1", || {
        let mut client = server.connect();
        client.send(post("/live", "X-Request-Id: live-1\r\n", "too long"));
        client.answer()
    });
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(
        answer.body.contains(r#""route":"/live""#),
        "{}",
        answer.body
    );
    assert_eq!(lines, []);
}

#[test]
fn an_error_handler_may_panic_without_harm() {
    let app = app().on_error(|_: &Broken, _: &Request| -> Response { panic!("on purpose") });
    let app = app.route("GET", "/broken", |_: &Request| {
        Response::server_error(Broken::of("broken"))
    });
    let server = TestServer::start(app);
    let mut client = server.connect();
    for _ in 0..3 {
        client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(client.answer().status, 500);
    }
    client.send(post("/text", "", "fine"));
    assert_eq!(client.answer().body, "fine");
}

#[test]
fn head_has_the_fields_of_the_page_and_no_body() {
    let server = TestServer::start(app());
    let mut client = server.connect();
    client.send("HEAD /nothing HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n");
    let answer = client.answer_to("HEAD");
    assert_eq!(answer.status, 404);
    assert_eq!(answer.field("vary"), Some("accept"));
    assert_eq!(
        answer.field("content-type"),
        Some("text/html; charset=utf-8")
    );
    client.send(post("/text", "", "fine"));
    assert_eq!(client.answer().body, "fine");
}
