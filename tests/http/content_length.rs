//! Content-Length: digits, once (RFC 9112, section 6.3; RFC 9110, section 8.6).

use super::case::{Case, Expected, answered, post, refused, taken, unfinished};
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [lengths(), malformed(), repeated(), too_large(), short()].concat()
}

fn lengths() -> Vec<Case> {
    let good = |name, value: &str, sent: &str, body: &str| {
        let sent = post(&format!("Content-Length:{value}\r\n"), sent);
        taken(name, "9110 8.6", sent, &format!("POST /echo [{body}]"))
    };
    vec![
        good("a length", " 3", "abc", "abc"),
        good("a length without a space", "3", "abc", "abc"),
        good("a length between tabs", "\t3\t", "abc", "abc"),
        good(
            "a length with zeros in front is decimal",
            " 0010",
            "0123456789",
            "0123456789",
        ),
        good(
            "more zeros than a number has digits",
            &format!(" {}3", "0".repeat(40)),
            "abc",
            "abc",
        ),
        good("a length of zero", " 0", "", ""),
        good("a body of line ends", " 4", "\r\n\r\n", "\\r\\n\\r\\n"),
        good(
            "a body that looks like a request",
            " 18",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\\r\\n\\r\\n",
        ),
        taken(
            "no length is no body",
            "9112 6.3",
            post("", ""),
            "POST /echo []",
        ),
        taken(
            "a name in small letters",
            "9110 5.1",
            post("content-length: 3\r\n", "abc"),
            "POST /echo [abc]",
        ),
    ]
}

fn malformed() -> Vec<Case> {
    let values = [
        ("an empty length", ""),
        ("a length with a plus", "+3"),
        ("a length with a minus", "-3"),
        ("a length of minus zero", "-0"),
        ("a hexadecimal length", "0x3"),
        ("hexadecimal digits", "a"),
        ("an octal length", "0o3"),
        ("an underscore in a length", "1_0"),
        ("a space in a length", "1 0"),
        ("a fraction", "3.0"),
        ("an exponent", "3e0"),
        ("a semicolon behind a length", "3;"),
        ("a comma behind a length", "3,"),
        ("a comma in front of a length", ",3"),
        ("a list of equal lengths", "3, 3"),
        ("a list of different lengths", "3, 4"),
        ("a list without spaces", "3,3"),
        ("a quoted length", "\"3\""),
        ("a length in words", "three"),
        ("Arabic digits", "\u{663}"),
        ("full-width digits", "\u{ff13}"),
        ("a NUL behind a length", "3\0"),
        ("a vertical tab in front of a length", "\x0b3"),
        ("a form feed behind a length", "3\x0c"),
        ("a no-break space behind a length", "3\u{a0}"),
        ("a CR behind a length", "3\r"),
    ];
    let bad = |(name, value): (&str, &str)| {
        let sent = post(&format!("Content-Length: {value}\r\n"), "abc");
        refused(name, "9110 8.6", sent, 400)
    };
    let mut cases: Vec<Case> = values.map(bad).to_vec();
    let latin =
        [&b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\xa0\r\n\r\nabc"[..]].concat();
    cases.push(refused(
        "a Latin 1 no-break space behind a length",
        "9110 8.6",
        latin,
        400,
    ));
    cases
}

/// Equal ones might be taken as one; that is stricter here.
fn repeated() -> Vec<Case> {
    let bad = |name, lines| refused(name, "9112 6.3", post(lines, "abc"), 400);
    vec![
        bad(
            "two equal lengths",
            "Content-Length: 3\r\nContent-Length: 3\r\n",
        ),
        bad(
            "two different lengths",
            "Content-Length: 3\r\nContent-Length: 4\r\n",
        ),
        bad(
            "two lengths with a field between",
            "Content-Length: 3\r\nX: y\r\nContent-Length: 0\r\n",
        ),
        bad(
            "two lengths in other cases",
            "Content-Length: 3\r\ncontent-length: 3\r\n",
        ),
        bad(
            "a length and an empty one",
            "Content-Length: 3\r\nContent-Length:\r\n",
        ),
        bad(
            "a length and a malformed one",
            "Content-Length: 3\r\nContent-Length: x\r\n",
        ),
    ]
}

/// No overflow, and nothing over server.body.
fn too_large() -> Vec<Case> {
    let over = |name, length: &str, status| {
        refused(
            name,
            "9110 8.6",
            post(&format!("Content-Length: {length}\r\n"), ""),
            status,
        )
    };
    vec![
        over("a length of 2^64", "18446744073709551616", 400),
        over("a length of 2^64 + 3", "18446744073709551619", 400),
        over("a length of 30 digits", &"9".repeat(30), 400),
        over("a length of 2^64 - 1", "18446744073709551615", 413),
        over("a length of 2^63", "9223372036854775808", 413),
        over("a length of 2^32", "4294967296", 413),
        over("a length over the limit", "2097153", 413),
    ]
}

/// A body that isn't whole is no success.
fn short() -> Vec<Case> {
    vec![
        unfinished(
            "a body without its end",
            "9112 8",
            post("Content-Length: 5\r\n", "abc"),
        ),
        unfinished(
            "a body that doesn't come",
            "9112 8",
            post("Content-Length: 1\r\n", ""),
        ),
        answered(
            "no content and a length",
            "9112 6.3",
            "GET /status/204 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            Expected::status(204),
        ),
    ]
}
