//! The forms of a request target (RFC 9112, section 3.2), and how long it may be.

use super::app::app;
use super::case::{Case, Expected, answered, refused, taken};
use super::support::TestServer;
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [
        origin(),
        absolute(),
        asterisk(),
        authority(),
        none(),
        lengths(),
    ]
    .concat()
}

fn to(line: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: a\r\n\r\n")
}

/// Host, path and query, as the handler finds them.
fn found(name: &str, section: &'static str, target: &str, body: &str) -> Case {
    taken(name, section, to(&format!("GET {target}")), body)
}

fn bad(name: &str, section: &'static str, line: &str) -> Case {
    refused(name, section, to(line), 400)
}

fn origin() -> Vec<Case> {
    let origin = |name, target, body| found(name, "9112 3.2.1", target, body);
    vec![
        origin("the origin-form", "/target", "a /target None"),
        origin("a query", "/target?b=c", "a /target Some(\"b=c\")"),
        origin("an empty query", "/target?", "a /target Some(\"\")"),
        origin(
            "a query with marks",
            "/target?/?b",
            "a /target Some(\"/?b\")",
        ),
        origin(
            "a path with a colon",
            "/target/b:c@d",
            "a /target/b:c@d None",
        ),
        origin(
            "a path that looks like a URI",
            "/target/http://b/",
            "a /target/http://b/ None",
        ),
        answered(
            "two slashes in front are no host",
            "9112 3.2.1",
            to("GET //target"),
            Expected::status(404).without("location"),
        ),
        bad("a fragment", "9110 7.1", "GET /target#b"),
        bad("a fragment behind a query", "9110 7.1", "GET /target?b#c"),
        bad("an empty fragment", "9110 7.1", "GET /target#"),
        bad("no slash in front", "9112 3.2.1", "GET target"),
        bad("a query without a path", "9112 3.2.1", "GET ?b"),
        bad("a backslash in front", "9112 3.2.1", "GET \\target"),
    ]
}

/// It is accepted, and the host in it is the request's, whatever Host says.
fn absolute() -> Vec<Case> {
    let absolute = |name, target, body| found(name, "9112 3.2.2", target, body);
    let hosted = |name, target: &str, host: &str, body| {
        let sent = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        taken(name, "9112 3.2.2", sent, body)
    };
    vec![
        absolute("the absolute-form", "http://b/target", "b /target None"),
        absolute(
            "a port and a query",
            "http://b:81/target?c",
            "b:81 /target Some(\"c\")",
        ),
        absolute("a scheme in capitals", "HTTP://b/target", "b /target None"),
        absolute(
            "an address in brackets",
            "http://[::1]:81/target",
            "[::1]:81 /target None",
        ),
        hosted(
            "a host that Host contradicts",
            "http://b/target",
            "c",
            "b /target None",
        ),
        hosted(
            "an absolute-form beside an empty Host",
            "http://b/target",
            "",
            "b /target None",
        ),
        taken(
            "an absolute-form in HTTP/1.0",
            "9112 3.2.2",
            "GET http://b/target HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "b /target None",
        ),
        refused(
            "a URI of https without TLS",
            "9110 7.4",
            to("GET https://a/target"),
            421,
        ),
        refused(
            "a URI of https in capitals",
            "9110 7.4",
            to("GET HTTPS://a/target"),
            421,
        ),
        refused(
            "an absolute-form without Host",
            "9112 3.2",
            "GET http://b/target HTTP/1.1\r\n\r\n",
            400,
        ),
        refused(
            "a malformed Host beside an absolute-form",
            "9112 3.2",
            "GET http://b/target HTTP/1.1\r\nHost: u@b\r\n\r\n",
            400,
        ),
        answered(
            "an absolute-form without a path",
            "9110 4.2.3",
            to("GET http://b"),
            Expected::status(404),
        ),
        bad(
            "an empty host in the target",
            "9110 4.2.1",
            "GET http:///target",
        ),
        bad(
            "only a port in the target",
            "9110 4.2.1",
            "GET http://:80/target",
        ),
        bad(
            "only a query behind the scheme",
            "9110 4.2.1",
            "GET http://?b",
        ),
        bad("user information", "9110 4.2.4", "GET http://u@b/target"),
        bad(
            "user information and a password",
            "9110 4.2.4",
            "GET http://u:p@b/target",
        ),
        bad(
            "empty user information",
            "9110 4.2.4",
            "GET http://@b/target",
        ),
        bad(
            "a host with a backslash",
            "9112 3.2.2",
            "GET http://b\\c/target",
        ),
        bad(
            "a fragment in an absolute-form",
            "9110 7.1",
            "GET http://b/target#c",
        ),
        bad(
            "a port that is no number",
            "9112 3.2.2",
            "GET http://b:x/target",
        ),
        bad("another scheme", "9112 3.2.2", "GET ftp://b/target"),
        bad("a scheme without slashes", "9112 3.2.2", "GET http:target"),
        bad("a scheme with one slash", "9112 3.2.2", "GET http:/target"),
    ]
}

/// For OPTIONS alone.
fn asterisk() -> Vec<Case> {
    let bad = |name, line| bad(name, "9112 3.2.4", line);
    vec![
        answered(
            "the asterisk-form",
            "9110 9.3.7",
            to("OPTIONS *"),
            Expected::status(204).with("allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ),
        bad("the asterisk-form with GET", "GET *"),
        bad("the asterisk-form with POST", "POST *"),
        bad("an asterisk and more", "OPTIONS */target"),
        bad("two asterisks", "OPTIONS **"),
        bad("an asterisk with a query", "OPTIONS *?b"),
    ]
}

/// For CONNECT alone, which is for proxies.
fn authority() -> Vec<Case> {
    let connect = |name, line| refused(name, "9110 9.3.6", to(line), 501);
    vec![
        connect("CONNECT", "CONNECT b:80"),
        connect("CONNECT with a path", "CONNECT /target"),
        connect("CONNECT with a URI", "CONNECT http://b/target"),
        bad("the authority-form with GET", "9112 3.2.3", "GET b:80"),
        bad(
            "the authority-form with OPTIONS",
            "9112 3.2.3",
            "OPTIONS b:80",
        ),
    ]
}

/// What isn't found isn't shown either.
fn none() -> Vec<Case> {
    vec![
        answered(
            "an unknown path",
            "9110 15.5.5",
            to("GET /none"),
            Expected::status(404).without("connection"),
        ),
        answered(
            "a path that is a script",
            "9110 15.5.5",
            to("GET /<script>alert(1)</script>"),
            Expected::status(404).with("content-type", "application/problem+json"),
        ),
    ]
}

/// At least 8000 octets (section 3), and no more than server.request_line has.
fn lengths() -> Vec<Case> {
    let long = |length| to(&format!("GET /target?{}", "b".repeat(length)));
    let found = format!("a /target Some({:?})", "b".repeat(8000));
    vec![
        taken("a target of 8000 bytes", "9112 3", long(8000), &found),
        refused("a target that is too long", "9112 3", long(8 * 1024), 414),
        refused(
            "a target without an end",
            "9112 3",
            format!("GET /{}", "b".repeat(9000)),
            414,
        ),
        refused("a method without an end", "9112 3", "X".repeat(9000), 414),
    ]
}

/// Behind a proxy that is trusted, TLS may have ended there.
#[test]
fn a_uri_of_https_may_come_through_a_proxy() {
    let server = TestServer::with(app(), |config| {
        config.trusted_proxies = "127.0.0.1".parse().expect("an address");
    });
    let mut client = server.connect();
    client.send(to("GET https://b/target"));
    assert_eq!(client.answer().body, "b /target None");
}
