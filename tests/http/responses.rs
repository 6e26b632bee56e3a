//! What answers say about themselves: status line, Date and framing (RFC 9112, sections 4 and 6). What holds for
//! every answer is in `answers`, and so is checked in every row.

use super::app::app;
use super::case::{Case, End, Expected, answered};
use super::support::TestServer;
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [without_content(), versions(), statuses()].concat()
}

fn to(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n")
}

/// Content that a status can't have isn't sent, whatever a handler says.
fn without_content() -> Vec<Case> {
    let without = |name, section, target, expected: Expected| {
        answered(
            name,
            section,
            to(target),
            expected.body("").without("transfer-encoding"),
        )
    };
    let nothing = |status| Expected::status(status).without("content-length");
    let length_0 = || Expected::status(205).with("content-length", "0");
    vec![
        without(
            "204 has no content",
            "9110 15.3.5",
            "/status/204",
            nothing(204),
        ),
        without(
            "204 has no stream",
            "9110 15.3.5",
            "/stream-status/204",
            nothing(204),
        ),
        without(
            "205 has no content",
            "9110 15.3.6",
            "/status/205",
            length_0(),
        ),
        without(
            "205 has no stream",
            "9110 15.3.6",
            "/stream-status/205",
            length_0(),
        ),
        without(
            "304 has no content",
            "9110 15.4.5",
            "/status/304",
            nothing(304),
        ),
        without(
            "304 has no stream",
            "9110 15.4.5",
            "/stream-status/304",
            nothing(304),
        ),
        answered(
            "HEAD of a 204",
            "9110 8.6",
            "HEAD /status/204 HTTP/1.1\r\nHost: a\r\n\r\n",
            nothing(204).for_head(),
        ),
        answered(
            "HEAD of a 205",
            "9110 15.3.6",
            "HEAD /status/205 HTTP/1.1\r\nHost: a\r\n\r\n",
            length_0().for_head(),
        ),
        answered(
            "an interim status of a handler",
            "9110 15.2",
            to("/status/103"),
            Expected::status(500),
        ),
        answered(
            "a handler that switches protocols",
            "9110 7.8",
            to("/status/101"),
            Expected::status(500),
        ),
    ]
}

/// HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
fn versions() -> Vec<Case> {
    let old = |name, section, target: &str, lines: &str, expected| {
        let sent = format!("GET {target} HTTP/1.0\r\n{lines}\r\n");
        Case::new(name, section, sent, [expected], End::AsAsked)
    };
    let to_the_end = || {
        Expected::ok("xxxxx")
            .with("connection", "close")
            .without("transfer-encoding")
            .without("content-length")
    };
    let keep_alive = "Connection: keep-alive\r\n";
    vec![
        answered(
            "a body of unknown length is chunked",
            "9112 6.1",
            to("/stream/5"),
            Expected::ok("xxxxx").with("transfer-encoding", "chunked"),
        ),
        answered(
            "a body of several chunks",
            "9112 7.1",
            to("/stream/100000"),
            Expected::ok("x".repeat(100_000)).with("transfer-encoding", "chunked"),
        ),
        answered(
            "a body of nothing is chunked",
            "9112 7.1",
            to("/stream/0"),
            Expected::ok("").with("transfer-encoding", "chunked"),
        ),
        old(
            "no chunks for HTTP/1.0",
            "9112 6.1",
            "/stream/5",
            "",
            to_the_end(),
        ),
        old(
            "no chunks for HTTP/1.0 that would go on",
            "9112 6.1",
            "/stream/5",
            keep_alive,
            to_the_end(),
        )
        .end(End::Closed),
        old(
            "HTTP/1.0 is answered in HTTP/1.1",
            "9110 6.2",
            "/probe",
            "",
            Expected::ok("probe").with("content-length", "5"),
        ),
    ]
}

fn statuses() -> Vec<Case> {
    let of = |name, section, code: u16| {
        let sent = to(&format!("/status/{code}"));
        answered(name, section, sent, Expected::status(code).body("content"))
    };
    let said = |name, value, expected| {
        answered(
            name,
            "9112 11.1",
            to(&format!("/field?value={value}")),
            expected,
        )
    };
    let unsplit = || Expected::status(500).without("x-said").without("x-split");
    vec![
        of("a status without a reason", "9112 4", 299),
        of("a status that nobody knows", "9110 15", 599),
        said(
            "a field of an answer",
            "b%20c",
            Expected::ok("said").with("x-said", "b c"),
        ),
        said("an answer can't be split", "b%0d%0aX-Split:%20c", unsplit()),
        said(
            "an answer can't be split by LF",
            "b%0aX-Split:%20c",
            unsplit(),
        ),
        said(
            "an answer can't be split by an empty line",
            "b%0d%0a%0d%0a<p>",
            unsplit(),
        ),
        said("an answer holds no DEL", "b%7f", unsplit()),
        of("Date on a 200", "9110 6.6.1", 200),
        of("Date on a 302", "9110 6.6.1", 302),
        of("Date on a 404", "9110 6.6.1", 404),
        of("Date on a 503", "9110 6.6.1", 503),
    ]
}

#[test]
fn an_answer_has_date_length_and_type() {
    let server = TestServer::start(app());
    let mut client = server.connect();
    client.send(to("/probe"));
    let head = client.head().head;
    let (begin, rest) = head.split_once("date: ").expect("a date");
    assert_eq!(begin, "HTTP/1.1 200 OK\r\n");
    let (date, rest) = rest.split_once("\r\n").expect("a line");
    assert_eq!(date.len(), "Sun, 06 Nov 1994 08:49:37 GMT".len());
    let fields = "content-type: text/plain; charset=utf-8\r\ncontent-length: 5\r\n\r\n";
    assert_eq!(rest, fields);
}

#[test]
fn a_large_body_reaches_a_client_that_reads_late() {
    let server = TestServer::start(app());
    let length = 8 << 20;
    for path in ["large", "stream"] {
        let mut client = server.connect();
        client.send(to(&format!("/{path}/{length}")) + &to("/probe"));
        // More than the sockets hold: the server must have parked this one to answer that.
        let mut other = server.connect();
        other.send(to("/probe"));
        assert_eq!(other.answer().status, 200);
        assert_eq!(client.answer().body.len(), length);
        assert_eq!(client.answer().body, "probe");
    }
}
