//! Heads as a client may send them, and what becomes of them.

use super::*;

const LIMITS: HeadLimits = HeadLimits {
    request_line: 100,
    head: 400,
    fields: 5,
};

/// Parses whole and cut at every byte; a cut head must be partial or fail as the whole does.
fn parse_all_ways(text: &str) -> Result<Head, Reject> {
    let mut head = Head::default();
    let whole = parse(text.as_bytes(), 0, &LIMITS, &mut head);
    for cut in 0..text.len() {
        match parse(&text.as_bytes()[..cut], 0, &LIMITS, &mut Head::default()) {
            Ok(Progress::Partial) => {}
            // A bare LF may end a head before its real end: it fails all the same.
            other => assert_eq!(other.err(), whole.err(), "{text:?} cut at {cut}"),
        }
    }
    whole.map(|progress| {
        assert_eq!(progress, Progress::Complete, "{text:?}");
        head
    })
}

fn accept(text: &str) -> Head {
    parse_all_ways(text).unwrap_or_else(|reject| panic!("{text:?}: {reject:?}"))
}

#[track_caller]
fn refuse(text: &str, status: u16, detail: &str) {
    let reject = parse_all_ways(text).expect_err(text);
    assert_eq!((reject.status.as_u16(), reject.detail), (status, detail));
}

/// A head with these lines between a valid request line and the end.
fn with(lines: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n")
}

#[test]
fn positions_are_those_of_the_buffer() {
    let text = "xxxxGET /a%20b?c=d HTTP/1.1\r\nHost: h:80\r\nX-Y:  z \r\n\r\nrest";
    let mut head = Head::default();
    let parsed = parse(text.as_bytes(), 4, &LIMITS, &mut head);
    assert_eq!(parsed, Ok(Progress::Complete));
    let piece = |span: Span| std::str::from_utf8(span.of(text.as_bytes())).unwrap();
    assert_eq!(head.method, Method::GET);
    assert_eq!(piece(head.target), "/a%20b?c=d");
    assert_eq!(piece(head.path), "/a%20b");
    assert_eq!(head.query.map(piece), Some("c=d"));
    assert_eq!(piece(head.host), "h:80");
    assert_eq!(piece(head.fields[1].name), "X-Y");
    assert_eq!(piece(head.fields[1].value), "z");
    assert_eq!(&text[head.end..], "rest");
}

#[test]
fn persistence() {
    let check = |text: &str, keep_alive| assert_eq!(accept(text).keep_alive, keep_alive);
    check(&with(""), true);
    check(&with("Connection: close\r\n"), false);
    check(&with("Connection: Upgrade, Close\r\n"), false);
    check(
        &with("Connection: keep-alive\r\nconnection: CLOSE\r\n"),
        false,
    );
    check("GET / HTTP/1.0\r\n\r\n", false);
    check("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true);
}

#[test]
fn framing() {
    let check = |lines: &str, framing| assert_eq!(accept(&with(lines)).framing, framing);
    check("", Framing::Empty);
    check("Content-Length: 0\r\n", Framing::Length(0));
    check("Content-Length: 0042\r\n", Framing::Length(42));
    check("Transfer-Encoding: Chunked\r\n", Framing::Chunked);
}

#[test]
fn faulty_framing_is_refused() {
    let number = "the Content-Length is not a decimal number";
    for value in ["", "+1", "-1", "0x1", "1 1", "1,1", "1;", "\u{661}"] {
        refuse(&with(&format!("Content-Length: {value}\r\n")), 400, number);
    }
    refuse(
        &with("Content-Length: 18446744073709551616\r\n"),
        400,
        "the Content-Length is too large",
    );
    refuse(
        &with("Content-Length: 1\r\nContent-Length: 1\r\n"),
        400,
        "there is more than one Content-Length header field",
    );
    refuse(
        &with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
        400,
        "Content-Length and Transfer-Encoding exclude each other",
    );
    refuse(
        &with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        400,
        "the body is chunked more than once",
    );
    for value in [
        "identity",
        "chunked, gzip",
        "xchunked",
        "chunked;",
        "\"chunked\"",
    ] {
        refuse(
            &with(&format!("Transfer-Encoding: {value}\r\n")),
            400,
            "the last transfer coding must be chunked",
        );
    }
    refuse(
        &with("Transfer-Encoding: gzip, chunked\r\n"),
        501,
        "the only transfer coding that this server knows is chunked",
    );
    refuse(
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
        "HTTP/1.0 has no Transfer-Encoding",
    );
}

#[test]
fn request_lines() {
    let line = "the request line is malformed";
    refuse("INVALID REQUEST\r\n\r\n", 400, line);
    refuse("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, line);
    refuse("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400, line);
    refuse("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, line);
    refuse("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, line);
    refuse("GET / http/1.1\r\nHost: a\r\n\r\n", 400, line);
    refuse("GET /\r\n\r\n", 400, line);
    let version = "this server speaks HTTP/1.1 and HTTP/1.0";
    refuse("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, version);
    let target = "the request target must be a path, or a URI with http:// or https://";
    refuse("GET users HTTP/1.1\r\nHost: a\r\n\r\n", 400, target);
    refuse("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, target);
    refuse(
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        501,
        "this server is no proxy",
    );
    refuse(
        "CONNECT /x HTTP/1.1\r\nHost: a\r\n\r\n",
        501,
        "this server is no proxy",
    );
    assert_eq!(accept("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").end, 29);
    accept("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
}

#[test]
fn the_host_of_an_absolute_target_wins() {
    let text = "GET http://b:1/x?y HTTP/1.1\r\nHost: a\r\n\r\n";
    let head = accept(text);
    assert_eq!(head.host.of(text.as_bytes()), b"b:1");
    assert_eq!(head.path.of(text.as_bytes()), b"/x");
    for host in ["", ":80"] {
        refuse(
            &format!("GET http://{host}/x HTTP/1.1\r\nHost: a\r\n\r\n"),
            400,
            "the request target's host is empty",
        );
    }
    for line in [
        "http://u@b/ HTTP/1.1\r\nHost: b",
        "http://b/ HTTP/1.1\r\nHost: u@b",
    ] {
        refuse(&format!("GET {line}\r\n\r\n"), 400, "the host is malformed");
    }
}

#[test]
fn hosts() {
    for host in [
        "",
        "a",
        "a:80",
        "127.0.0.1:8080",
        "[::1]:80",
        "a_b.c",
        "a%20b",
    ] {
        accept(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    }
    for host in [
        "a b", "u@a", "a/b", "a:b", "a:1:2", "[::1", "a:123456", "a?b", "[]", "[]:80",
    ] {
        let text = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        refuse(&text, 400, "the host is malformed");
    }
    refuse(
        "GET / HTTP/1.1\r\n\r\n",
        400,
        "HTTP/1.1 requires a Host header field",
    );
    refuse(
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        400,
        "there is more than one Host header field",
    );
}

#[test]
fn malformed_fields() {
    let name = "a header field's name is malformed";
    refuse(&with("X : y\r\n"), 400, name);
    refuse(&with(" folded\r\n"), 400, name);
    refuse(&with("no colon\r\n"), 400, name);
    let value = "a header field's value holds a forbidden byte";
    refuse(&with("X: a\0b\r\n"), 400, value);
    refuse(&with("X: a\rb\r\n"), 400, value);
}

#[test]
fn a_bare_lf_ends_no_line() {
    let detail = "a line ends with LF instead of CRLF";
    refuse("GET / HTTP/1.1\nHost: a\r\n\r\n", 400, detail);
    refuse("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, detail);
    refuse("\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, detail);
    refuse("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400, detail);
    refuse("GET / HTTP/1.1\r\nHost: a\r\n\n", 400, detail);
    refuse("GET / HTTP/1.1\r\nHost: a\n\r\n", 400, detail);
}

#[test]
fn limits() {
    let long = "x".repeat(101);
    let line_too_long = "the request line is longer than this server accepts";
    refuse(
        &format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        414,
        line_too_long,
    );
    for line in [
        format!("GET /{long} HTTP/1.1\n"),
        format!("GET /{long} HTTP/2.0\r\n"),
        format!("GET /{long}\0 HTTP/1.1\r\n"),
        format!("G{long}@T / HTTP/1.1\r\n"),
    ] {
        refuse(&line, 414, line_too_long);
    }
    // Only what comes in front of it counts of a line that is malformed, and no empty lines.
    let behind = format!("\r\n\r\nG@T /{long} HTTP/1.1\r\n");
    refuse(&behind, 400, "the request line is malformed");
    let path = "x".repeat(100 - "GET / HTTP/1.1".len());
    accept(&format!("\r\n\r\nGET /{path} HTTP/1.1\r\nHost: a\r\n\r\n"));
    let head = "the header fields are larger than this server accepts";
    let large = format!("X: {}\r\n", "y".repeat(400));
    refuse(&with(&large), 431, head);
    let fields = "there are more header fields than this server accepts";
    refuse(&with(&"X: y\r\n".repeat(5)), 431, fields);
    accept(&with(&"X: y\r\n".repeat(4)));
}

#[test]
fn expectations() {
    assert!(accept(&with("Expect: 100-Continue\r\n")).expects_continue);
    assert!(!accept("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expects_continue);
    refuse(
        &with("Expect: magic\r\n"),
        417,
        "the only expectation that this server knows is 100-continue",
    );
}
