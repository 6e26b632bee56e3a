//! The Host field: one, and a host (RFC 9112, section 3.2; RFC 9110, section 7.2).

use super::case::{Case, refused, taken};
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [numbers(), hosts(), no_hosts()].concat()
}

/// Exactly one in HTTP/1.1, and not more than one in HTTP/1.0.
fn numbers() -> Vec<Case> {
    let bad = |name, sent: &str| refused(name, "9112 3.2", sent, 400);
    vec![
        bad("no Host", "GET /target HTTP/1.1\r\n\r\n"),
        bad(
            "no Host but other fields",
            "GET /target HTTP/1.1\r\nX-Host: a\r\nHosts: a\r\n\r\n",
        ),
        bad(
            "two Hosts",
            "GET /target HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        ),
        bad(
            "twice the same Host",
            "GET /target HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        ),
        bad(
            "two Hosts in other cases",
            "GET /target HTTP/1.1\r\nhost: a\r\nHOST: b\r\n\r\n",
        ),
        bad(
            "an empty Host and another",
            "GET /target HTTP/1.1\r\nHost:\r\nHost: b\r\n\r\n",
        ),
        bad(
            "two Hosts far apart",
            "GET /target HTTP/1.1\r\nHost: a\r\nX: y\r\nHost: b\r\n\r\n",
        ),
        bad(
            "two Hosts in HTTP/1.0",
            "GET /target HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        ),
        taken(
            "no Host in HTTP/1.0",
            "9112 3.2",
            "GET /target HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            " /target None",
        ),
        taken(
            "a Host in small letters and last",
            "9110 5.1",
            "GET /target HTTP/1.1\r\nX: y\r\nhost: a\r\n\r\n",
            "a /target None",
        ),
    ]
}

fn with(host: &[u8]) -> Vec<u8> {
    [b"GET /target HTTP/1.1\r\nHost: ", host, b"\r\n\r\n"].concat()
}

fn hosts() -> Vec<Case> {
    let good = |name: &str, host: &str| {
        let body = format!("{host} /target None");
        taken(name, "9110 7.2", with(host.as_bytes()), &body)
    };
    vec![
        good("a name", "example.org"),
        good("a name and a port", "example.org:8080"),
        good("an empty Host", ""),
        good("an empty port", "example.org:"),
        good("an IPv4 address", "127.0.0.1:80"),
        good("an IPv6 address", "[2001:db8::1]"),
        good("an IPv6 address and a port", "[::1]:80"),
        good("an underscore in a name", "a_b.example"),
        good("a percent-encoded name", "a%2db"),
        good("sub-delims in a name", "a!$&'()*+,;=b"),
        taken(
            "white space around a host",
            "9110 5.5",
            "GET /target HTTP/1.1\r\nHost:\t a \t\r\n\r\n",
            "a /target None",
        ),
    ]
}

fn no_hosts() -> Vec<Case> {
    let bad = |name: &str, host: &str| refused(name, "9112 3.2", with(host.as_bytes()), 400);
    vec![
        bad("user information in Host", "u@a"),
        bad("a path in Host", "a/b"),
        bad("a query in Host", "a?b"),
        bad("a fragment in Host", "a#b"),
        bad("a URI in Host", "http://a"),
        bad("a space in Host", "a b"),
        bad("a tab in Host", "a\tb"),
        bad("a backslash in Host", "a\\b"),
        bad("a quoted Host", "\"a\""),
        bad("a script in Host", "<a>"),
        bad("a port that isn't decimal", "a:0x50"),
        bad("a port with a sign", "a:+80"),
        bad("a port that is too long", "a:123456"),
        bad("two ports", "a:80:80"),
        bad("an IPv6 address without brackets", "::1"),
        bad("an IPv6 address without its end", "[::1"),
        bad("an IPv6 address with something behind", "[::1]a"),
        bad("empty brackets", "[]"),
        bad("brackets in the middle", "a[::1]"),
        bad("a NUL in Host", "a\0b"),
        bad("a control character in Host", "a\x01b"),
        bad("a Host in UTF-8", "b\u{fc}cher.example"),
        refused("a Host of high bytes", "9112 3.2", with(b"a\xffb"), 400),
    ]
}
