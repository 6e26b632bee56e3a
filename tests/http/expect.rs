//! Expect: 100-continue (RFC 9110, section 10.1.1).

use mini_spring::__inside::{Stepped, Wire};

use super::app::app;
use super::case::{Case, Expected, answered, get, post, refused, taken};
use super::support;
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

const SECTION: &str = "9110 10.1.1";

pub fn cases() -> Vec<Case> {
    let with = |value: &str| post(&format!("Content-Length: 3\r\nExpect: {value}\r\n"), "abc");
    let good = |name, sent: String, body| taken(name, SECTION, sent, body).may_continue();
    let bad = |name, value| refused(name, SECTION, with(value), 417);
    let chunked = "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n";
    vec![
        good(
            "an expectation and a body",
            with("100-continue"),
            "POST /echo [abc]",
        ),
        good(
            "an expectation in another case",
            with("100-Continue"),
            "POST /echo [abc]",
        ),
        good(
            "an expectation and chunks",
            post(chunked, "3\r\nabc\r\n0\r\n\r\n"),
            "POST /echo [abc]",
        ),
        // There is nothing to wait for: no 100 may come.
        taken(
            "an expectation without a body",
            SECTION,
            get("Expect: 100-continue\r\n"),
            "GET /echo []",
        ),
        taken(
            "an expectation and a body of nothing",
            SECTION,
            post("Content-Length: 0\r\nExpect: 100-continue\r\n", ""),
            "POST /echo []",
        ),
        answered(
            "an expectation in HTTP/1.0 is ignored",
            SECTION,
            "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
            Expected::ok("POST /echo [abc]").with("connection", "keep-alive"),
        ),
        bad("another expectation", "magic"),
        bad("an expectation with a parameter", "100-continue;x=y"),
        bad("an expectation with something behind", "100-continuex"),
        bad("two expectations", "100-continue, magic"),
        bad("the same expectation twice", "100-continue, 100-continue"),
        bad("another status", "200-ok"),
        bad("a quoted expectation", "\"100-continue\""),
        bad("a space in an expectation", "100 continue"),
        bad("an empty expectation", ""),
        refused(
            "two lines of expectations",
            SECTION,
            post(
                "Content-Length: 3\r\nExpect: 100-continue\r\nExpect: magic\r\n",
                "abc",
            ),
            417,
        ),
        refused(
            "an expectation and both lengths",
            "9112 6.3",
            post(&format!("Content-Length: 3\r\n{chunked}"), "abc"),
            400,
        ),
    ]
}

fn server() -> Stepped {
    Stepped::new(app(), support::config()).expect("a server")
}

#[track_caller]
fn assert_begins(answer: &[u8], begin: &str) {
    let answer = String::from_utf8_lossy(answer);
    assert!(answer.starts_with(begin), "{answer:?}");
}

const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

fn head(path: &str, lines: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n{lines}\r\n")
}

fn feed(wire: &mut Wire<'_>, bytes: &str) -> Vec<u8> {
    wire.feed(bytes.as_bytes()).expect("an answer")
}

#[test]
fn it_comes_at_the_end_of_the_head_and_once() {
    let server = server();
    for path in ["/echo", "/file"] {
        let mut wire = server.connect().unwrap();
        let head = head(path, "Content-Length: 3\r\n");
        let (most, last) = head.split_at(head.len() - 1);
        assert_eq!(feed(&mut wire, most), b"");
        assert_eq!(feed(&mut wire, last), CONTINUE.as_bytes());
        assert_eq!(feed(&mut wire, "ab"), b"");
        assert_begins(&feed(&mut wire, "c"), "HTTP/1.1 200 OK\r\n");
    }
}

#[test]
fn none_comes_where_a_body_has_begun() {
    let server = server();
    let mut wire = server.connect().unwrap();
    let whole = head("/echo", "Content-Length: 3\r\n") + "abc";
    assert_begins(&feed(&mut wire, &whole), "HTTP/1.1 200 OK\r\n");
}

#[test]
fn none_comes_unasked() {
    let server = server();
    let mut wire = server.connect().unwrap();
    assert_eq!(feed(&mut wire, &post("Content-Length: 3\r\n", "")), b"");
    assert_begins(&feed(&mut wire, "abc"), "HTTP/1.1 200 OK\r\n");
    let old = "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    assert_eq!(feed(&mut wire, old), b"");
    assert_begins(&feed(&mut wire, "abc"), "HTTP/1.1 200 OK\r\n");
}

/// The answer doesn't wait for the body, says that the connection ends, and what comes behind is no request.
#[test]
fn a_final_answer_comes_instead() {
    let server = server();
    for (path, length, status) in [
        ("/none", 3, 404),
        ("/probe", 3, 405),
        ("/echo", 3 << 20, 413),
    ] {
        let mut wire = server.connect().unwrap();
        let answer = feed(
            &mut wire,
            &head(path, &format!("Content-Length: {length}\r\n")),
        );
        assert_begins(&answer, &format!("HTTP/1.1 {status} "));
        let text = String::from_utf8(answer).unwrap();
        assert!(text.contains("\r\nconnection: close\r\n"), "{text}");
        assert!(wire.is_closed());
        assert_eq!(feed(&mut wire, &get("")), b"");
    }
}

/// The 100 is sent behind the answers to the requests in front.
#[test]
fn it_comes_in_turn() {
    let server = server();
    let mut wire = server.connect().unwrap();
    let both = get("") + &head("/echo", "Content-Length: 3\r\n");
    let answers = feed(&mut wire, &both);
    assert_begins(&answers, "HTTP/1.1 200 OK\r\n");
    assert!(answers.ends_with(CONTINUE.as_bytes()));
    assert_begins(&feed(&mut wire, "abc"), "HTTP/1.1 200 OK\r\n");
}
