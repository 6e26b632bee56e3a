//! How long a connection lives, and what is answered on it (RFC 9112, section 9).

use super::app::app;
use super::case::{Case, End, Expected, answered, get, post};
use super::support::TestServer;
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [persistent(), old(), closing(), pipelined(), unread()].concat()
}

fn echo() -> Expected {
    Expected::ok("GET /echo []")
}

/// HTTP/1.1 goes on, and needs no word about it.
fn persistent() -> Vec<Case> {
    let goes_on =
        |name, lines| answered(name, "9112 9.3", get(lines), echo().without("connection"));
    vec![
        goes_on("nothing said", ""),
        goes_on("keep-alive in HTTP/1.1", "Connection: keep-alive\r\n"),
        goes_on("an option that nobody knows", "Connection: x\r\n"),
        goes_on("an empty Connection", "Connection:\r\n"),
        goes_on(
            "close as part of an option",
            "Connection: closed, not-close\r\n",
        ),
        goes_on("close in another field", "X: close\r\n"),
        goes_on(
            "Proxy-Connection is no field of ours",
            "Proxy-Connection: close\r\n",
        ),
        goes_on(
            "Keep-Alive says nothing",
            "Keep-Alive: timeout=1, max=1\r\n",
        ),
    ]
}

/// HTTP/1.0 ends, unless keep-alive is asked for, which is answered.
fn old() -> Vec<Case> {
    let sent = |lines: &str| format!("GET /echo HTTP/1.0\r\n{lines}\r\n");
    let ends = |name, lines| {
        let answer = echo().with("connection", "close");
        Case::new(name, "9112 9.3", sent(lines), [answer], End::AsAsked)
    };
    let goes_on = |name, lines| {
        answered(
            name,
            "9112 9.3",
            sent(lines),
            echo().with("connection", "keep-alive"),
        )
    };
    vec![
        ends("HTTP/1.0", ""),
        ends("HTTP/1.0 with close", "Connection: close\r\n"),
        ends(
            "HTTP/1.0 with close and keep-alive",
            "Connection: keep-alive, close\r\n",
        ),
        ends("HTTP/1.0 with another option", "Connection: x\r\n"),
        ends("Keep-Alive is no Connection", "Keep-Alive: timeout=5\r\n"),
        goes_on("HTTP/1.0 with keep-alive", "Connection: keep-alive\r\n"),
        goes_on("keep-alive in another case", "Connection: Keep-Alive\r\n"),
        goes_on("keep-alive in a list", "Connection: x, keep-alive\r\n"),
    ]
}

/// `close` is heeded wherever it stands; nothing behind that request is answered.
fn closing() -> Vec<Case> {
    let ends = |name, lines| {
        let answer = echo().with("connection", "close");
        Case::new(name, "9112 9.6", get(lines), [answer], End::AsAsked)
    };
    vec![
        ends("close", "Connection: close\r\n"),
        ends("close in another case", "CONNECTION: Close\r\n"),
        ends("close in a list", "Connection: x, close\r\n"),
        ends("close in front of others", "Connection: close, x\r\n"),
        ends("close between empty members", "Connection: ,, close ,\r\n"),
        ends("close between tabs", "Connection:\tx\t,\tclose\t\r\n"),
        ends(
            "close beside keep-alive",
            "Connection: keep-alive, close\r\n",
        ),
        ends(
            "close in a second line",
            "Connection: keep-alive\r\nConnection: close\r\n",
        ),
        Case::new(
            "close with a body",
            "9112 9.6",
            post("Connection: close\r\nContent-Length: 3\r\n", "abc"),
            [Expected::ok("POST /echo [abc]").with("connection", "close")],
            End::AsAsked,
        ),
        Case::new(
            "close between other requests",
            "9112 9.6",
            [get(""), get("Connection: close\r\n"), get("")].concat(),
            [
                echo().without("connection"),
                echo().with("connection", "close"),
            ],
            End::AsAsked,
        ),
        Case::new(
            "close on what isn't found",
            "9112 9.6",
            "GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            [Expected::refusal(404)],
            End::AsAsked,
        ),
    ]
}

/// Answers come in the order of the requests, and a bad one costs those in front of it nothing.
fn pipelined() -> Vec<Case> {
    let to = |number: u32| format!("GET /echo?{number} HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = |number: u32| Expected::ok(format!("GET /echo?{number} []"));
    let with_bodies = [
        post("Content-Length: 3\r\n", "abc"),
        get(""),
        post("Transfer-Encoding: chunked\r\n", "2\r\nde\r\n0\r\n\r\n"),
        get(""),
    ];
    let answers = |last| -> Vec<Expected> { (0..3).map(answer).chain(last).collect() };
    let three = || (0..3).map(to).collect::<String>();
    vec![
        Case::new(
            "three requests at once",
            "9112 9.3.2",
            three(),
            answers(None),
            End::Open,
        ),
        Case::new(
            "requests with and without bodies",
            "9112 9.3.2",
            with_bodies.concat(),
            [
                Expected::ok("POST /echo [abc]"),
                echo(),
                Expected::ok("POST /echo [de]"),
                echo(),
            ],
            End::Open,
        ),
        Case::new(
            "a malformed request behind good ones",
            "9112 9.3.2",
            three() + "GET\r\n\r\n" + &to(4),
            answers(Some(Expected::refusal(400))),
            End::Closed,
        ),
        Case::new(
            "a malformed body behind good requests",
            "9112 9.3.2",
            three() + &post("Transfer-Encoding: chunked\r\n", "x\r\n") + &to(4),
            answers(Some(Expected::refusal(400))),
            End::Closed,
        ),
        Case::new(
            "half a request behind good ones",
            "9112 9.3.2",
            three() + "GET /ec",
            answers(None),
            End::Unfinished,
        ),
        Case::new(
            "an empty line between requests",
            "9112 2.2",
            [get(""), "\r\n".to_owned(), get("")].concat(),
            [echo(), echo()],
            End::Open,
        ),
    ]
}

/// A body that no handler reads is read all the same: its bytes are no request.
fn unread() -> Vec<Case> {
    let answered = |name, line: &str, status| {
        let inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        let length = inner.len();
        let sent = format!("{line} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{inner}");
        answered(name, "9112 9.3", sent, Expected::status(status))
    };
    let get_body = "GET /smuggled HTTP/1.1\r\n\r\n".escape_default();
    vec![
        answered("the body of a GET", "GET /probe", 200),
        answered("the body of a DELETE", "DELETE /echo", 200),
        Case::new(
            "the body of a HEAD",
            "9112 9.3",
            "HEAD /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            [Expected::status(200)
                .with("content-length", "16")
                .for_head()],
            End::Open,
        ),
        super::case::taken(
            "the chunks of a GET",
            "9112 6.3",
            "GET /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
             1a\r\nGET /smuggled HTTP/1.1\r\n\r\n\r\n0\r\n\r\n",
            &format!("GET /echo [{get_body}]"),
        ),
        Case::new(
            "the body of OPTIONS",
            "9112 9.3",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            [Expected::status(204)],
            End::Open,
        ),
    ]
}

#[test]
fn a_connection_serves_many_requests() {
    let server = TestServer::start(app());
    let mut client = server.connect();
    for _ in 0..200 {
        client.send(get(""));
        assert_eq!(client.answer().body, "GET /echo []");
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = TestServer::start(app());
    let mut client = server.connect();
    let requests: String = (0..500)
        .map(|number| format!("GET /echo?{number} HTTP/1.1\r\nHost: a\r\n\r\n"))
        .collect();
    client.send(requests);
    for number in 0..500 {
        assert_eq!(client.answer().body, format!("GET /echo?{number} []"));
    }
}

#[test]
fn a_half_closing_client_gets_its_answers() {
    let server = TestServer::start(app());
    let mut client = server.connect();
    client.send([get(""), get("")].concat());
    client.end();
    assert_eq!(client.rest().matches("HTTP/1.1 200 OK").count(), 2);
    // Also where more comes than the sockets hold at a time.
    let mut client = server.connect();
    client.send("GET /large/8000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    client.end();
    assert_eq!(client.answer().body.len(), 8_000_000);
}

/// What an answer doesn't need isn't waited for: then the connection ends (section 9.3). If it is there, it goes on.
#[test]
fn a_body_that_is_not_waited_for_costs_the_connection() {
    let server = TestServer::start(app());
    for (target, status) in [("/none", 404), ("/probe", 405)] {
        let head = format!("POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n");
        let mut client = server.connect();
        client.send(&head);
        let answer = client.answer();
        assert_eq!(
            (answer.status, answer.field("connection")),
            (status, Some("close"))
        );
        assert!(client.is_closed());
        let mut client = server.connect();
        client.send(head + "abc" + &get(""));
        let answer = client.answer();
        assert_eq!((answer.status, answer.field("connection")), (status, None));
        assert_eq!(client.answer().body, "GET /echo []");
    }
}
