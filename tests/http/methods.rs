//! Methods (RFC 9110, section 9).

use super::case::{Case, Expected, answered, get, refused, taken};
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [all(), head(), options(), others()].concat()
}

fn to(line: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: a\r\n\r\n")
}

fn all() -> Vec<Case> {
    let echoed = |method: &str| {
        let body = format!("{method} /echo []");
        taken(
            format!("the method {method}"),
            "9110 9.3",
            to(&format!("{method} /echo")),
            &body,
        )
    };
    ["GET", "POST", "PUT", "PATCH", "DELETE"]
        .map(echoed)
        .to_vec()
}

/// As GET, without the body; its length is that of GET.
fn head() -> Vec<Case> {
    let head = |name, target: &str, expected: Expected| {
        answered(
            name,
            "9110 9.3.2",
            to(&format!("HEAD {target}")),
            expected.for_head(),
        )
    };
    let length = "HEAD /echo []".len().to_string();
    let ok = |name, value| Expected::status(200).with(name, value);
    vec![
        head("HEAD", "/echo", ok("content-length", &length)),
        head(
            "HEAD of much",
            "/large/100000",
            ok("content-length", "100000"),
        ),
        head(
            "HEAD of a stream",
            "/stream/5",
            ok("transfer-encoding", "chunked"),
        ),
        head("HEAD of what isn't there", "/none", Expected::status(404)),
        head(
            "HEAD where only POST is",
            "/only-post",
            Expected::status(405).with("allow", "OPTIONS, POST"),
        ),
        refused(
            "HEAD that is refused",
            "9110 9.3.2",
            "HEAD /echo HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n",
            417,
        )
        .answer(Expected::refusal(417).for_head()),
        refused(
            "HEAD that is malformed",
            "9110 9.3.2",
            "HEAD /echo HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
            400,
        )
        .answer(Expected::refusal(400).for_head()),
    ]
}

fn options() -> Vec<Case> {
    let allowed = |name, target: &str, allow| {
        let expected = Expected::status(204).with("allow", allow);
        answered(
            name,
            "9110 9.3.7",
            to(&format!("OPTIONS {target}")),
            expected,
        )
    };
    vec![
        allowed("OPTIONS of a path", "/probe", "GET, HEAD, OPTIONS"),
        allowed("OPTIONS where only POST is", "/only-post", "OPTIONS, POST"),
        allowed(
            "OPTIONS of several methods",
            "/echo",
            "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
        ),
        answered(
            "OPTIONS of what isn't there",
            "9110 9.3.7",
            to("OPTIONS /none"),
            Expected::status(404),
        ),
    ]
}

/// What a path doesn't have is 405 with what it has, be it known elsewhere or nowhere.
fn others() -> Vec<Case> {
    let not_allowed = |name, line, allow| {
        answered(
            name,
            "9110 15.5.6",
            to(line),
            Expected::status(405).with("allow", allow),
        )
    };
    let gets = "GET, HEAD, OPTIONS";
    vec![
        not_allowed("a method that is known elsewhere", "POST /probe", gets),
        not_allowed("a method that nobody knows", "BREW /probe", gets),
        not_allowed("a method in small letters", "get /probe", gets),
        not_allowed("a method that begins like another", "GETS /probe", gets),
        not_allowed("TRACE", "TRACE /probe", gets),
        not_allowed("a method of odd characters", "!#$%&'*+-.^_`|~ /probe", gets),
        not_allowed("GET where only POST is", "GET /only-post", "OPTIONS, POST"),
        taken(
            "a method isn't overridden",
            "9110 9.1",
            get("X-HTTP-Method-Override: DELETE\r\n"),
            "GET /echo []",
        ),
    ]
}
