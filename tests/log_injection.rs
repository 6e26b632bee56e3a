//! Lines of the log that a client would write: nothing that it sends begins a line, or steers the terminal on
//! which somebody reads it.
#![allow(missing_docs)]

mod support;

use mini_spring::{App, Error, Problem, Request, RequestId, Stream};
use support::{TestServer, lines, until};

/// The lines with this in them: each test finds its own by a name that no other has.
fn lines_with(name: &str) -> Vec<String> {
    let lines = lines::with(name).into_iter();
    lines.map(|line| line.text).collect()
}

/// A line of its own, colours, a title for the window, and text that runs backwards.
const EVIL: &str =
    "x\r\n12:00:00 ERROR all is lost\x1b[31m\x1b]0;title\x07\u{202e}\u{2028}\u{85}\0\u{9b}31m";

/// Everything in it that is no letter to be shown.
fn commands(line: &str) -> Vec<char> {
    let is_command = |letter: &char| {
        letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    line.chars().filter(is_command).collect()
}

#[track_caller]
fn check(name: &str, expected: usize) {
    let lines = lines_with(name);
    assert!(lines.len() >= expected, "{name}: {lines:?}");
    for line in lines {
        assert_eq!(commands(&line), [], "{line:?}");
    }
}

fn app() -> App {
    App::empty()
        .route("GET", "/panics", |_: &Request| -> &'static str {
            panic!("{EVIL} of-a-panic")
        })
        .route("GET", "/fails", |_: &Request| -> Result<(), Error> {
            Err(format!("{EVIL} of-an-error").into())
        })
        .route(
            "GET",
            "/fails/<text>",
            |request: &Request| -> Result<(), Error> {
                let text = request.param("text").unwrap_or_default();
                Err(format!("can't find {text}").into())
            },
        )
        .route("GET", "/cookie", |_: &Request| {
            let cookie = mini_spring::SetCookie::new(format!("{EVIL} of-a-cookie"), "");
            ([("Set-Cookie", cookie)], "")
        })
        .route("GET", "/member", |_: &Request| {
            Problem::bad_request("a")
                .with("status", 1)
                .with(format!("{EVIL} of-a-member"), f64::NAN)
        })
        .route("GET", "/streams", |_: &Request| {
            Stream::writer(|_| Err(format!("{EVIL} of-a-stream").into()))
        })
        .layer(RequestId)
}

#[test]
fn what_a_client_sends_is_shown_on_one_line() {
    lines::keep();
    let server = TestServer::with(app(), |config| config.access_log = true);
    let ask = |target: &str, field: &str| {
        server.exchange(format!(
            "GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{field}\r\n"
        ))
    };
    for target in ["/panics", "/fails", "/cookie", "/member"] {
        ask(target, "X-Request-Id: hostile-1\r\n");
    }
    ask("/fails/of-a-path%0d%0a%1b%5b31m%00%c2%9b%e2%80%ae", "");
    ask("/fails/of-a-text%0d%0a%1b%5b31m%c2%9b%e2%80%ae", "");
    ask(
        "/of-a-target?%0a%1b",
        "User-Agent: \u{9b}31m of-an-agent\r\n",
    );
    // Bytes that the log would show as they are make the request none.
    for evil in ["\x1b", "\r", "\n", "\0", "\u{9b}", "\u{202e}"] {
        let answer = ask(&format!("/of-a-raw-target{evil}"), "");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let method = server.exchange(format!("of-a-method{evil} / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert!(method.starts_with("HTTP/1.1 400 "), "{method}");
    }
    // A name of a request that isn't fit for a log isn't taken over.
    ask("/of-an-id", "X-Request-Id: a\tof-an-id\r\n");
    // Its end waits for the log.
    drop(server);
    for (name, expected) in [
        ("of-a-panic", 1),
        ("of-an-error", 1),
        ("of-a-cookie", 1),
        ("of-a-path", 1),
        ("of-a-text", 2),
        ("of-a-target", 1),
        ("of-a-raw-target", 0),
        ("of-a-method", 0),
        ("hostile-1", 4),
        ("all is lost", 3),
    ] {
        check(name, expected);
    }
    assert_eq!(lines_with("of-an-agent"), [""; 0]);
    assert_eq!(lines_with("a\tof-an-id"), [""; 0]);
}

/// The line about a body that fails names its request, as every other does.
#[test]
fn a_stream_that_fails_is_found_by_the_name_of_its_request() {
    lines::keep();
    let server = TestServer::with(app(), |config| config.access_log = true);
    let named = "GET /streams?a HTTP/1.1\r\nHost: a\r\nX-Request-Id: hostile-2\r\n\r\n";
    server.connect().send(named);
    let is_failure = |line: &&String| line.contains("the body can't be sent");
    until("a line about the stream", || {
        lines_with("hostile-2").iter().any(|line| is_failure(&line))
    });
    let lines = lines_with("hostile-2");
    let line = lines.iter().find(is_failure).unwrap();
    assert!(
        line.starts_with("GET /streams (request hostile-2): "),
        "{line}"
    );
    assert!(line.contains("of-a-stream"), "{line}");
    assert_eq!(commands(line), []);
}
