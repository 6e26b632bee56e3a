//! HTTP/1.1 as a client sees it: bytes in, bytes out, over real sockets.
#![allow(missing_docs)]

mod support;

use mini_spring::http::StatusCode;
use mini_spring::{Request, Router, Stream};
use support::TestServer;

/// Answers with what it has understood.
fn echo(request: &Request) -> String {
    let body = String::from_utf8_lossy(request.body());
    format!("{} {} [{body}]", request.method(), request.target())
}

fn server() -> TestServer {
    let mut router = Router::new();
    for method in ["GET", "POST", "PUT"] {
        router.register(method, "/echo", echo).unwrap();
    }
    router
        .register("GET", "/nothing", |_: &Request| StatusCode::NO_CONTENT)
        .unwrap();
    router
        .register("GET", "/stream/<length>", |request: &Request| {
            let length: u64 = request.param("length").unwrap().parse().unwrap();
            let bytes = std::io::Read::take(std::io::repeat(b'x'), length);
            Stream::reader(bytes).with_type("text/plain")
        })
        .unwrap();
    router
        .register("GET", "/large/<length>", |request: &Request| {
            let length: usize = request.param("length").unwrap().parse().unwrap();
            "x".repeat(length)
        })
        .unwrap();
    TestServer::start(router)
}

const GET: &str = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn an_answer_has_date_and_length() {
    let server = server();
    let mut client = server.connect();
    client.send(GET);
    let answer = client.answer();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, "GET /echo []");
    assert_eq!(answer.field("content-length"), Some("12"));
    assert_eq!(
        answer.field("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert!(answer.field("date").unwrap().ends_with(" GMT"));
    assert_eq!(answer.field("connection"), None);
}

#[test]
fn a_connection_serves_many_requests() {
    let server = server();
    let mut client = server.connect();
    for _ in 0..200 {
        client.send(GET);
        assert_eq!(client.answer().body, "GET /echo []");
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = server();
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
fn a_request_may_come_in_any_portions() {
    let server = server();
    let whole = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
                 3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n\
                 PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfghi";
    let expected = ["POST /echo [abcde]", "PUT /echo [fghi]"];
    let mut client = server.connect();
    client.drip(whole);
    assert_eq!([client.answer().body, client.answer().body], expected);
    for cut in 0..whole.len() {
        let (first, second) = whole.split_at(cut);
        client.send(first);
        client.send(second);
        assert_eq!([client.answer().body, client.answer().body], expected);
    }
}

#[test]
fn persistence_is_as_the_client_asks() {
    let server = server();
    // RFC 9112, section 9.3.
    let closing = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = server.exchange(closing);
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    let answer = server.exchange("GET /echo HTTP/1.0\r\n\r\n");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    let mut client = server.connect();
    for _ in 0..2 {
        client.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assert_eq!(client.answer().field("connection"), Some("keep-alive"));
    }
}

#[test]
fn nothing_behind_a_close_is_answered() {
    let server = server();
    let closing = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answers = server.exchange(format!("{GET}{closing}{GET}"));
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2);
}

#[test]
fn a_half_closing_client_gets_its_answers() {
    let server = server();
    let mut client = server.connect();
    client.send(format!("{GET}{GET}"));
    client.end();
    assert_eq!(client.rest().matches("HTTP/1.1 200 OK").count(), 2);
}

#[test]
fn head_is_answered_like_get_without_body() {
    let server = server();
    let mut client = server.connect();
    client.send(format!("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n{GET}"));
    let head = client.answer_to("HEAD");
    assert_eq!(
        (head.status, head.field("content-length")),
        (200, Some("13"))
    );
    assert_eq!(client.answer().body, "GET /echo []");
}

#[test]
fn an_answer_without_content_has_no_length() {
    let server = server();
    let mut client = server.connect();
    client.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer();
    assert_eq!(answer.status, 204);
    assert_eq!(answer.field("content-length"), None);
    client.send(GET);
    assert_eq!(client.answer().status, 200);
}

#[test]
fn a_body_of_unknown_length_is_chunked() {
    let server = server();
    let mut client = server.connect();
    for length in [0, 1, 100_000] {
        client.send(format!("GET /stream/{length} HTTP/1.1\r\nHost: a\r\n\r\n"));
        let answer = client.answer();
        assert_eq!(answer.field("transfer-encoding"), Some("chunked"));
        assert_eq!(answer.field("content-length"), None);
        assert_eq!(answer.body, "x".repeat(length));
    }
    // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
    let answer = server.exchange("GET /stream/5 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert!(
        answer.ends_with("\r\nconnection: close\r\n\r\nxxxxx"),
        "{answer}"
    );
}

#[test]
fn a_large_body_reaches_a_client_that_reads_late() {
    let server = server();
    let length = 8 << 20;
    for path in ["large", "stream"] {
        let mut client = server.connect();
        client.send(format!(
            "GET /{path}/{length} HTTP/1.1\r\nHost: a\r\n\r\n{GET}"
        ));
        // More than the sockets hold: the server must have parked this one to answer that.
        let mut other = server.connect();
        other.send(GET);
        assert_eq!(other.answer().status, 200);
        assert_eq!(client.answer().body.len(), length);
        assert_eq!(client.answer().body, "GET /echo []");
    }
}

#[test]
fn a_client_that_waits_is_told_to_continue() {
    let server = server();
    let mut client = server.connect();
    let head =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    client.send(head);
    assert_eq!(client.answer().status, 100);
    client.send("abc");
    assert_eq!(client.answer().body, "POST /echo [abc]");
    // RFC 9110, section 10.1.1: with the body already there, there is nothing to wait for.
    client.send(format!("{head}abc"));
    assert_eq!(client.answer().body, "POST /echo [abc]");
}

#[test]
fn a_final_answer_comes_instead_of_continue() {
    let server = server();
    for (path, length, status) in [
        ("/none", 3, 404),
        ("/nothing", 3, 405),
        ("/echo", 3 << 20, 413),
    ] {
        let answer = server.exchange(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        ));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    }
}

#[test]
fn an_early_answer_survives_a_body_that_nobody_reads() {
    let server = server();
    let mut client = server.connect();
    client.send("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
    client.send("x".repeat(200_000));
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}

#[test]
fn a_body_that_is_there_costs_no_connection() {
    let server = server();
    let mut client = server.connect();
    client.send(format!(
        "POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc{GET}"
    ));
    assert_eq!(client.answer().status, 404);
    assert_eq!(client.answer().body, "GET /echo []");
}

#[test]
fn a_body_over_the_limit_is_refused() {
    let server = server();
    let announced = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2097153\r\n\r\n";
    assert!(server.exchange(announced).starts_with("HTTP/1.1 413 "));
    let mut client = server.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    // Its size is enough; the rest would meet a server that has stopped listening.
    client.send("200001\r\nxxx");
    assert!(client.rest().starts_with("HTTP/1.1 413 "));
}

#[test]
fn malformed_requests_are_answered_400_and_closed() {
    let server = server();
    for request in [
        "INVALID REQUEST\r\n\r\n",
        "GET /echo HTTP/1.1\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03",
    ] {
        let answer = server.exchange(request);
        assert!(
            answer.starts_with("HTTP/1.1 400 Bad Request\r\n"),
            "{answer}"
        );
        assert!(answer.contains("\r\ncontent-type: application/problem+json\r\n"));
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(answer.contains(r#""error":"bad_request""#), "{answer}");
        // RFC 9112, section 9.3.2: it costs the request in front of it nothing.
        let answers = server.exchange(format!("{GET}{request}{GET}"));
        assert!(answers.starts_with("HTTP/1.1 200 "), "{answers}");
        assert_eq!(answers.matches("\r\ndate: ").count(), 2, "{answers}");
    }
}

#[test]
fn limits_of_the_head() {
    let server = server();
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(8 * 1024));
    assert!(server.exchange(long).starts_with("HTTP/1.1 414 "));
    let large = format!(
        "GET /echo HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
        "x".repeat(16 * 1024)
    );
    assert!(server.exchange(large).starts_with("HTTP/1.1 431 "));
    let many = format!(
        "GET /echo HTTP/1.1\r\nHost: a\r\n{}\r\n",
        "X: y\r\n".repeat(100)
    );
    assert!(server.exchange(many).starts_with("HTTP/1.1 431 "));
    // RFC 9112, section 3: at least 8000 octets are to be supported.
    let allowed = format!("GET /echo?{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(8000));
    let mut client = server.connect();
    client.drip(allowed);
    assert_eq!(client.answer().status, 200);
}

#[test]
fn unfinished_requests_end_without_success() {
    let server = server();
    for request in [
        "GET /ec",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ] {
        let mut client = server.connect();
        client.send(request);
        client.end();
        assert_eq!(client.rest(), "", "{request}");
    }
}
