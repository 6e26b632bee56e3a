//! The request line, and what stands in front of it (RFC 9112, sections 2 and 3).

use super::case::{Case, Expected, get, refused, taken, unfinished};
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [words(), versions(), bare(), in_front()].concat()
}

/// `GET /echo`, with this instead of the request line and its CRLF.
fn line(line: &[u8]) -> Vec<u8> {
    [line, b"Host: a\r\n\r\n"].concat()
}

fn bad(name: &str, section: &'static str, request_line: impl AsRef<[u8]>) -> Case {
    refused(name, section, line(request_line.as_ref()), 400)
}

/// Three words with one space between them.
fn words() -> Vec<Case> {
    vec![
        taken("a request", "9112 3", get(""), "GET /echo []"),
        bad(
            "two spaces in front of the target",
            "9112 3",
            "GET  /echo HTTP/1.1\r\n",
        ),
        bad(
            "two spaces in front of the version",
            "9112 3",
            "GET /echo  HTTP/1.1\r\n",
        ),
        bad(
            "a space in front of the method",
            "9112 3",
            " GET /echo HTTP/1.1\r\n",
        ),
        bad(
            "a space behind the version",
            "9112 3",
            "GET /echo HTTP/1.1 \r\n",
        ),
        bad(
            "a tab between the words",
            "9112 3",
            "GET\t/echo HTTP/1.1\r\n",
        ),
        bad(
            "a tab in front of the version",
            "9112 3",
            "GET /echo\tHTTP/1.1\r\n",
        ),
        bad(
            "a vertical tab between the words",
            "9112 3",
            "GET\x0b/echo HTTP/1.1\r\n",
        ),
        bad(
            "a form feed between the words",
            "9112 3",
            "GET /echo\x0cHTTP/1.1\r\n",
        ),
        bad(
            "a space in the target",
            "9112 3.2",
            "GET /echo /x HTTP/1.1\r\n",
        ),
        bad("two words", "9112 3", "GET /echo\r\n"),
        bad("one word", "9112 3", "GET\r\n"),
        bad("no target", "9112 3", "GET HTTP/1.1\r\n"),
        bad("an empty target", "9112 3", "GET  HTTP/1.1\r\n"),
        bad("no method", "9112 3", "/echo HTTP/1.1\r\n"),
        bad("an empty method", "9112 3.1", " /echo HTTP/1.1\r\n"),
        bad(
            "a method that is no token",
            "9110 9.1",
            "G@T /echo HTTP/1.1\r\n",
        ),
        bad(
            "a method with a colon",
            "9110 9.1",
            "GET: /echo HTTP/1.1\r\n",
        ),
        bad("a method with NUL", "9110 9.1", "G\0T /echo HTTP/1.1\r\n"),
        bad(
            "a method with a high byte",
            "9110 9.1",
            b"G\xc9T /echo HTTP/1.1\r\n",
        ),
        bad("a target with NUL", "9112 3.2", "GET /ec\0ho HTTP/1.1\r\n"),
        bad(
            "a target with a control character",
            "9112 3.2",
            "GET /ec\x01ho HTTP/1.1\r\n",
        ),
        bad(
            "a target with DEL",
            "9112 3.2",
            "GET /ec\x7fho HTTP/1.1\r\n",
        ),
        bad(
            "a target with a high byte",
            "9112 3.2",
            b"GET /ec\xffho HTTP/1.1\r\n",
        ),
        bad(
            "a target in UTF-8",
            "9112 3.2",
            "GET /\u{e9}cho HTTP/1.1\r\n",
        ),
        bad(
            "TLS",
            "9112 2.2",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
        ),
        bad(
            "HTTP/2 without upgrade",
            "9112 2.2",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        )
        .answer(Expected::refusal(505)),
    ]
}

/// `HTTP/` DIGIT `.` DIGIT, in capitals.
fn versions() -> Vec<Case> {
    let of = |version: &str| format!("GET /echo {version}\r\n");
    let other =
        |name: &str, version: &str| refused(name, "9110 15.6.6", line(of(version).as_bytes()), 505);
    let malformed = |name: &str, version: &str| bad(name, "9112 2.3", of(version));
    vec![
        other("HTTP/2.0", "HTTP/2.0"),
        other("HTTP/3.0", "HTTP/3.0"),
        other("HTTP/0.9", "HTTP/0.9"),
        other("HTTP/1.2", "HTTP/1.2"),
        other("HTTP/1.9", "HTTP/1.9"),
        malformed("a version in lower case", "http/1.1"),
        malformed("a version of mixed case", "HtTP/1.1"),
        malformed("a minor version of two digits", "HTTP/1.10"),
        malformed("a major version of two digits", "HTTP/01.1"),
        malformed("a version with something behind", "HTTP/1.1x"),
        malformed("a version of one number", "HTTP/1"),
        malformed("a version without a minor one", "HTTP/1."),
        malformed("a version without a major one", "HTTP/.1"),
        malformed("a version without numbers", "HTTP/"),
        malformed("a version of letters", "HTTP/a.b"),
        malformed("a version with a comma", "HTTP/1,1"),
        malformed("a version with a sign", "HTTP/+1.1"),
        malformed("a version with spaces", "HTTP/1 .1"),
        malformed("the version of another protocol", "ICY/1.1"),
        malformed("the version of HTTPS", "HTTPS/1.1"),
        malformed("a version of high bytes", "HTTP/\u{661}.1"),
        bad("a simple request of HTTP/0.9", "9112 2.3", "GET /echo\r\n"),
    ]
}

/// Only CRLF ends a line.
fn bare() -> Vec<Case> {
    vec![
        bad(
            "a request line that ends with LF",
            "9112 2.2",
            "GET /echo HTTP/1.1\n",
        ),
        bad(
            "a request line that ends with CR",
            "9112 2.2",
            "GET /echo HTTP/1.1\r",
        ),
        bad(
            "a request line that ends with CR CR LF",
            "9112 2.2",
            "GET /echo HTTP/1.1\r\r\n",
        ),
        bad(
            "a bare CR in the target",
            "9112 2.2",
            "GET /ec\rho HTTP/1.1\r\n",
        ),
        bad(
            "a bare LF in the target",
            "9112 2.2",
            "GET /ec\nho HTTP/1.1\r\n",
        ),
        bad(
            "a bare CR between the words",
            "9112 2.2",
            "GET\r/echo HTTP/1.1\r\n",
        ),
        bad(
            "a bare CR in front of the version",
            "9112 2.2",
            "GET /echo \rHTTP/1.1\r\n",
        ),
        bad(
            "CRLF between the words",
            "9112 2.2",
            "GET /echo\r\nHTTP/1.1\r\n",
        ),
        refused(
            "HTTP/1.0 that ends with LF",
            "9112 2.2",
            "GET /echo HTTP/1.0\n\n",
            400,
        ),
    ]
}

/// Empty lines are nothing; white space behind the request line is never passed over.
fn in_front() -> Vec<Case> {
    let behind = |front: &str| format!("{front}{}", get(""));
    let good = |name: &str, front: &str| taken(name, "9112 2.2", behind(front), "GET /echo []");
    let bad = |name: &str, front: &str| refused(name, "9112 2.2", behind(front), 400);
    let spaced = |name: &str, space: &str| {
        let sent = format!("GET /echo HTTP/1.1\r\n{space}Host: a\r\n\r\n");
        refused(name, "9112 2.2", sent, 400)
    };
    vec![
        good("an empty line in front", "\r\n"),
        good("empty lines in front", "\r\n\r\n\r\n"),
        good("a hundred empty lines in front", &"\r\n".repeat(100)),
        good("ten thousand empty lines in front", &"\r\n".repeat(10_000)),
        bad("LF in front", "\n"),
        bad("CR in front", "\r"),
        bad("an empty line and LF in front", "\r\n\n"),
        bad("CR CR LF in front", "\r\r\n"),
        bad("a space in front", " "),
        bad("a tab in front", "\t"),
        bad("a line of a space in front", " \r\n"),
        bad("NUL in front", "\0"),
        bad("a byte order mark in front", "\u{feff}"),
        spaced("a space in front of the first field", " "),
        spaced("a tab in front of the first field", "\t"),
        spaced("a line of white space in front of the first field", " \r\n"),
        unfinished("an empty line alone", "9112 2.2", "\r\n"),
        unfinished("half a request line", "9112 3", "GET /ec"),
        unfinished(
            "a request line without fields",
            "9110 5.3",
            "GET /echo HTTP/1.1\r\n",
        ),
        unfinished(
            "a head without its end",
            "9110 5.3",
            "GET /echo HTTP/1.1\r\nHost: a\r\n",
        ),
    ]
}
