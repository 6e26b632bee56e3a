//! Transfer-Encoding: `chunked`, last and once, and nothing beside it (RFC 9112, sections 6.1 and 6.3).

use super::case::{Case, post, refused, taken};
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [chunked(), others(), with_length(), http_10()].concat()
}

const BODY: &str = "3\r\nabc\r\n0\r\n\r\n";

fn with(lines: &str) -> String {
    post(lines, BODY)
}

fn chunked() -> Vec<Case> {
    let good = |name, line| taken(name, "9112 7", with(line), "POST /echo [abc]");
    vec![
        good("chunked", "Transfer-Encoding: chunked\r\n"),
        good("chunked in another case", "Transfer-Encoding: ChunKed\r\n"),
        good(
            "Transfer-Encoding in another case",
            "TRANSFER-encoding: chunked\r\n",
        ),
        good("chunked without a space", "Transfer-Encoding:chunked\r\n"),
        good(
            "chunked between white space",
            "Transfer-Encoding: \t chunked\t \r\n",
        ),
    ]
}

fn others() -> Vec<Case> {
    let bad = |name, value: &str, status| {
        let sent = with(&format!("Transfer-Encoding: {value}\r\n"));
        refused(name, "9112 6.1", sent, status)
    };
    let lines = |name, lines, status| refused(name, "9112 6.1", with(lines), status);
    vec![
        bad("chunked isn't last", "chunked, gzip", 400),
        bad("gzip alone", "gzip", 400),
        bad("identity", "identity", 400),
        bad("an empty coding", "", 400),
        bad("a coding that nobody knows", "x", 400),
        bad("gzip in front of chunked", "gzip, chunked", 501),
        bad("an unknown coding in front of chunked", "x, chunked", 501),
        bad("chunked twice", "chunked, chunked", 400),
        lines(
            "chunked in two lines",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            400,
        ),
        lines(
            "gzip and chunked in two lines",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            400,
        ),
        lines(
            "chunked and gzip in two lines",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n",
            400,
        ),
    ]
}

/// Either would do; both is how requests are smuggled.
fn with_length() -> Vec<Case> {
    let bad = |name, lines| refused(name, "9112 6.3", with(lines), 400);
    vec![
        bad(
            "a length and chunked",
            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        ),
        bad(
            "chunked and a length",
            "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        ),
        bad(
            "chunked and a length of zero",
            "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
        ),
        bad(
            "chunked and the right length",
            "Transfer-Encoding: chunked\r\nContent-Length: 13\r\n",
        ),
        bad(
            "chunked and a malformed length",
            "Transfer-Encoding: chunked\r\nContent-Length: x\r\n",
        ),
        bad(
            "an unknown coding and a length",
            "Transfer-Encoding: x\r\nContent-Length: 13\r\n",
        ),
    ]
}

fn http_10() -> Vec<Case> {
    let bad = |name, lines: &str| {
        let sent = format!("POST /echo HTTP/1.0\r\n{lines}\r\n{BODY}");
        refused(name, "9112 6.1", sent, 400)
    };
    vec![
        bad("chunked in HTTP/1.0", "Transfer-Encoding: chunked\r\n"),
        bad(
            "chunked in HTTP/1.0 that is to go on",
            "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n",
        ),
        bad(
            "chunked and a length in HTTP/1.0",
            "Content-Length: 13\r\nTransfer-Encoding: chunked\r\n",
        ),
    ]
}
