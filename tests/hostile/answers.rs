//! Answers out of all bounds: error handlers that fail again, loop or answer hugely, and heads of any size. The
//! client gets one answer, and the connection goes on.

use std::fmt;

use mini_spring::http::StatusCode;
use mini_spring::{App, Problem, Request, Response, Stream, error_handler, errors, route, routes};

use crate::support::{Answer, TestServer};

#[derive(Debug, Clone)]
struct Again(&'static str);

impl fmt::Display for Again {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == "display" {
            panic!("while it is shown");
        }
        formatter.write_str(self.0)
    }
}

impl std::error::Error for Again {
    /// Without end.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self)
    }
}

/// Fails by the very error that it handles.
#[error_handler]
fn again(error: &Again) -> Result<Response, Again> {
    match error.0 {
        "panic" => panic!("in the handler of errors"),
        "huge" => Ok(Response::ok("x".repeat(3 << 20)).with_status(StatusCode::BAD_GATEWAY)),
        "endless" => Ok(Response::ok(Stream::reader(std::io::Read::take(
            std::io::repeat(b'x'),
            3 << 20,
        )))),
        "interim" => Ok(Response::new(StatusCode::CONTINUE)),
        "fields" => Ok(many_fields(10_000)),
        "unfit" => Ok(Response::ok("a").header("X-A", "a\r\nb")),
        _ => Err(error.clone()),
    }
}

/// Makes another problem of each.
#[error_handler]
fn all(problem: Problem) -> Problem {
    Problem::internal(Again("from the handler of all"))
        .with_detail(format!("after {}", problem.status()))
}

#[route(GET, "/fails/<how>")]
fn fails(how: &str) -> Result<(), Again> {
    let known = [
        "panic", "huge", "endless", "interim", "fields", "unfit", "display",
    ];
    Err(Again(
        known
            .into_iter()
            .find(|known| *known == how)
            .unwrap_or("again"),
    ))
}

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

fn many_fields(count: usize) -> Response {
    (0..count).fold(Response::ok("content"), |response, number| {
        response.header(format!("X-{number}"), number.to_string())
    })
}

/// The next request on the same connection is answered.
#[track_caller]
fn ask(server: &TestServer, target: &str) -> Answer {
    let mut client = server.connect();
    client.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
    let answer = client.answer();
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "up", "behind {target}");
    answer
}

#[test]
fn error_handlers_are_called_once() {
    let app = || App::empty().mount("/", routes![fails, health]);
    let server = TestServer::start(app().error_handlers(errors![again]));
    for (how, status, length) in [
        ("again", 500, None),
        ("panic", 500, None),
        ("display", 500, None),
        ("interim", 500, None),
        ("unfit", 500, None),
        ("huge", 502, Some(3 << 20)),
        ("endless", 500, Some(3 << 20)),
        ("fields", 500, Some(7)),
    ] {
        let answer = ask(&server, &format!("/fails/{how}"));
        assert_eq!(answer.status, status, "{how}: {}", answer.body);
        match length {
            Some(length) => assert_eq!(answer.body.len(), length, "{how}"),
            None => assert!(
                answer.body.contains("\"error\":\"internal_server_error\""),
                "{how}: {}",
                answer.body
            ),
        }
    }
    // Both: what the one makes of it, goes to the other, and no further.
    let server = TestServer::start(app().error_handlers(errors![again, all]));
    let answer = ask(&server, "/fails/again");
    assert!(
        answer.status == 500 && answer.body.contains("after 500"),
        "{}",
        answer.body
    );
    let answer = ask(&server, "/none");
    assert!(
        answer.status == 500 && answer.body.contains("after 404"),
        "{}",
        answer.body
    );
}

/// How large a head may be, the client knows: here it is whole, however large.
#[test]
fn heads_of_any_size_are_sent_whole() {
    let app = App::empty()
        .mount("/", routes![health])
        .route("GET", "/fields/<count>", |request: &Request| {
            many_fields(request.param("count").unwrap().parse().unwrap())
        })
        .route("GET", "/value/<length>", |request: &Request| {
            let length = request.param("length").unwrap().parse().unwrap();
            Response::ok("content").header("X-Long", "x".repeat(length))
        })
        .route("GET", "/replaced", |_: &Request| {
            let mut response = many_fields(10_000);
            for _ in 0..10_000 {
                response = response.header("Set-Cookie", "a=b");
            }
            let name = mini_spring::http::header::SET_COOKIE;
            assert!(response.fields_mut().remove(&name) && !response.fields_mut().remove(&name));
            response
        })
        .route("GET", "/tags", |_: &Request| {
            (0..10_000).fold(Response::ok("content"), |response, number| {
                response
                    .header("ETag", format!("\"{number}\""))
                    .header("Content-Type", "text/x")
            })
        });
    let server = TestServer::start(app);
    for count in [0, 1, 100, 10_000] {
        let answer = ask(&server, &format!("/fields/{count}"));
        assert_eq!((answer.status, answer.body.as_str()), (200, "content"));
        let sent = answer
            .head
            .lines()
            .filter(|line| line.starts_with("x-"))
            .count();
        assert_eq!(sent, count);
        if count > 0 {
            let last = (count - 1).to_string();
            assert_eq!(answer.field(&format!("x-{last}")), Some(last.as_str()));
        }
    }
    for length in [0, 1, 16 << 10, 64 << 10, (64 << 10) + 1, 1 << 20] {
        let answer = ask(&server, &format!("/value/{length}"));
        assert_eq!((answer.status, answer.body.as_str()), (200, "content"));
        assert_eq!(answer.field("x-long").map_or(0, str::len), length);
    }
    assert_eq!(ask(&server, "/replaced").field("x-9999"), Some("9999"));
    let tagged = ask(&server, "/tags");
    assert_eq!(tagged.head.matches("etag").count(), 1);
    assert_eq!(
        (tagged.field("etag"), tagged.field("content-type")),
        (Some("\"9999\""), Some("text/x"))
    );
}
