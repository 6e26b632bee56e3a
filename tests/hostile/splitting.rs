//! Response splitting: text with line breaks in it, wherever a program can put text.
//!
//! Names and values of fields are types that can't hold CR, LF or NUL; what becomes of text on the way into them
//! is either encoded or a 500, which the log explains. Here all of it goes over a socket and is looked at as a
//! client sees it.

use std::time::Duration;

use mini_spring::http::StatusCode;
use mini_spring::{
    App, Cors, Created, ETag, Event, Html, IntoResponse, NamedFile, NoContent, Problem, Redirect,
    Request, RequestId, Response, SameSite, SecurityHeaders, SetCookie, Sse, Stream,
};

use crate::support::TestServer;

/// What would be a field of its own, and then an answer of its own.
const EVIL: &str =
    "a\r\nevil: 1\r\n\r\nHTTP/1.1 200 OK\r\nevil: 2\r\n\r\n<b>\n\revil\0: 3\u{85}\u{2028}";

/// One name and one value with it, as a tuple.
fn pair<'t>(name: &'t str, value: &'t str) -> impl IntoResponse + 't {
    ([(name, value)], "content")
}

/// A way to put text into an answer.
type Way = fn() -> Response;

/// Ways that encode the text, with the status that they have.
const ENCODED: &[(u16, Way)] = &[
    (303, || Redirect::to(EVIL).into_response()),
    (307, || Redirect::temporary(EVIL).into_response()),
    (308, || Redirect::permanent(EVIL).into_response()),
    (201, || Created::at(EVIL).into_response()),
    (201, || Created::at(EVIL).with(EVIL).into_response()),
    (200, || {
        ([("Set-Cookie", SetCookie::new("a", EVIL))], "b").into_response()
    }),
    (200, || (ETag::strong(EVIL), "content").into_response()),
    (200, || (ETag::weak(EVIL), "content").into_response()),
    (200, || {
        NamedFile::from_bytes("a.txt", b"b")
            .download_as(EVIL)
            .into_response()
    }),
    (200, || NamedFile::from_bytes(EVIL, b"b").into_response()),
    (200, || {
        NamedFile::from_bytes("a", b"b")
            .with_etag(ETag::strong(EVIL))
            .into_response()
    }),
    (404, || Problem::not_found(EVIL).into_response()),
    (409, || {
        let problem = Problem::conflict(EVIL).with_title(EVIL).with_type(EVIL);
        problem.with_code(EVIL).with(EVIL, EVIL).into_response()
    }),
    // Left out, which the log says.
    (409, || {
        Problem::conflict("a").header("X-A", EVIL).into_response()
    }),
    (409, || {
        Problem::conflict("a").header(EVIL, "a").into_response()
    }),
    (500, || Response::server_error(EVIL)),
    (200, || Html(EVIL).into_response()),
    (200, || Response::ok(EVIL)),
    (204, || NoContent.into_response()),
];

/// Ways that are an error of the program.
const REFUSED: &[Way] = &[
    || Response::ok("a").header("X-A", EVIL),
    || Response::ok("a").header(EVIL, "a"),
    || Response::ok("a").header("", "a"),
    || Response::ok("a").header("a b", "a"),
    || Response::ok("a").header("a:", "a"),
    || Response::ok("a").header("é", "a"),
    || Response::ok("a").header("X-A", "\0"),
    || Response::ok("a").header("X-A", "\x7f"),
    || Response::ok("a").header("X-A", "\x1b[31m"),
    || Response::ok("a").header("X-A", "a\rb"),
    || Response::ok("a").header("X-A", "a\nb"),
    || pair("X-A", EVIL).into_response(),
    || pair(EVIL, "a").into_response(),
    || pair("Content-Type", EVIL).into_response(),
    || pair("Location", EVIL).into_response(),
    || Stream::reader(&b"a"[..]).with_type(EVIL).into_response(),
    || cookie(SetCookie::new(EVIL, "a")),
    || cookie(SetCookie::new("", "a")),
    || cookie(SetCookie::new("a;b", "a")),
    || cookie(SetCookie::new("a", "b").path(EVIL)),
    || cookie(SetCookie::new("a", "b").path("/;Domain=x")),
    || {
        cookie(
            SetCookie::new("a", "b")
                .domain(EVIL)
                .same_site(SameSite::None),
        )
    },
    || {
        cookie(
            SetCookie::removed("a")
                .domain("x;Path=/")
                .max_age(Duration::ZERO),
        )
    },
];

fn cookie(cookie: SetCookie) -> Response {
    ([("Set-Cookie", cookie)], "a").into_response()
}

/// The head of one answer: its lines are fields, and none of them was in the text.
#[track_caller]
fn check_head(answer: &str, status: u16) {
    let (head, _) = answer.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.split("\r\n");
    let status_line = lines.next().unwrap();
    assert!(
        status_line.starts_with(&format!("HTTP/1.1 {status} ")),
        "{answer}"
    );
    for line in lines {
        let (name, value) = line.split_once(": ").expect(line);
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        assert!(name.bytes().all(is_token), "{line:?}");
        assert!(!name.eq_ignore_ascii_case("evil"), "{line:?}");
        assert!(!value.contains(char::is_control), "{line:?}");
    }
}

/// Everything that is sent is one answer, whose length is as it says.
#[track_caller]
fn check(server: &TestServer, target: &str, fields: &str, status: u16) -> String {
    let answer = server.exchange(format!(
        "GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n"
    ));
    check_head(&answer, status);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let lines = head.lines();
    let mut lengths = lines.filter_map(|line| line.strip_prefix("content-length: "));
    if let Some(length) = lengths.next() {
        assert_eq!(length.parse(), Ok(body.len()), "{answer}");
    }
    answer
}

#[test]
fn text_becomes_no_field_and_no_answer() {
    let app = App::empty()
        .route("GET", "/encoded/<number>", |request: &Request| {
            ENCODED[number(request)].1()
        })
        .route("GET", "/refused/<number>", |request: &Request| {
            REFUSED[number(request)]()
        })
        .layer(RequestId)
        .layer(SecurityHeaders::new());
    let server = TestServer::start(app);
    for (number, (status, _)) in ENCODED.iter().enumerate() {
        check(&server, &format!("/encoded/{number}"), "", *status);
    }
    for number in 0..REFUSED.len() {
        let answer = check(&server, &format!("/refused/{number}"), "", 500);
        assert!(
            answer.contains("\"error\":\"internal_server_error\""),
            "{number}: {answer}"
        );
    }
}

fn number(request: &Request) -> usize {
    request.param("number").unwrap().parse().unwrap()
}

/// What a client sends comes back in some fields and in bodies.
#[test]
fn what_clients_send_becomes_no_field() {
    let app = App::empty()
        .route("GET", "/redirect/<to..>", |request: &Request| {
            Redirect::to(format!("/{}", request.param("to").unwrap_or_default()))
        })
        .route("GET", "/cookie/<value>", |request: &Request| {
            cookie(SetCookie::new(
                "a",
                request.param("value").unwrap_or_default(),
            ))
        })
        .route("GET", "/file/<name>", |request: &Request| {
            let name = request.param("name").unwrap_or_default();
            NamedFile::from_bytes("a.txt", vec![b'x'; 1000]).download_as(name)
        })
        .route("GET", "/header/<value>", |request: &Request| {
            Response::ok("a").header("X-A", request.param("value").unwrap_or_default())
        })
        .layer(RequestId)
        .layer(Cors::new().origin_if(|_| true).credentials());
    let server = TestServer::start(app);
    let text = "a%0d%0aevil:%201%0d%0a%0d%0aHTTP/1.1%20200%20OK".replace("HTTP/", "HTTP%2F");
    let ranges = "Range: bytes=0-1,500-501\r\n";
    check(&server, &format!("/redirect/{text}"), "", 303);
    check(&server, &format!("/redirect//{text}"), "", 303);
    check(&server, &format!("/cookie/{text}"), "", 200);
    check(&server, &format!("/file/{text}"), "", 200);
    check(&server, &format!("/file/{text}"), ranges, 206);
    check(&server, &format!("/header/{text}"), "", 500);
    check(&server, &format!("/none/{text}"), "", 404);
    // The name of a request and the origin go back as they came, if they can be fields at all.
    let answer = check(
        &server,
        "/none",
        "X-Request-Id: a\tevil: 1\r\nOrigin: http://a\tevil: 1\r\n",
        404,
    );
    assert!(!answer.contains("x-request-id: a\t"), "{answer}");
    let preflight = server.exchange(
        "OPTIONS /cookie/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: http://a\r\n\
         Access-Control-Request-Method: \u{e9}\r\nAccess-Control-Request-Headers: a, \u{e9}\r\n\r\n",
    );
    check_head(&preflight, 204);
}

/// A line break ends a field of an event, and an empty line the event.
#[test]
fn text_becomes_no_event() {
    let app = App::empty().route("GET", "/", |_: &Request| {
        let (sender, sse) = Sse::channel(8);
        let text = "a\ndata: b\r\rid: c\r\n\r\nevent: d\n\n\u{feff}e\0f";
        for event in [Event::data(text).name(text).id(text), Event::comment(text)] {
            sender.try_send(event).unwrap();
        }
        sender.try_send(Event::json(text).unwrap()).unwrap();
        sse
    });
    let app = mini_spring::TestApp::from_app(app);
    let mut events = app.get("/").events();
    let first = events.next().unwrap();
    let data = "a\ndata: b\n\nid: c\n\nevent: d\n\n\u{feff}e\0f";
    assert_eq!(first.data, data);
    let line = "a data: b  id: c    event: d  \u{feff}e f";
    assert_eq!(
        (first.name.as_str(), first.id.as_deref()),
        (line, Some(line))
    );
    // A comment is no event.
    let second = events.next().unwrap();
    assert_eq!(
        serde_json::from_str::<String>(&second.data).unwrap(),
        "a\ndata: b\r\rid: c\r\n\r\nevent: d\n\n\u{feff}e\0f"
    );
    assert!(events.next().is_none());
}

/// By type: neither can be made of what would split an answer.
#[test]
fn names_and_values_are_types_that_hold_no_line_break() {
    use mini_spring::http::{HeaderName, HeaderValue};
    for byte in 0..=u8::MAX {
        let text = [b'a', byte, b'b'];
        let is_control = byte < b' ' && byte != b'\t' || byte == 0x7f;
        assert_eq!(
            HeaderValue::from_bytes(&text).is_err(),
            is_control,
            "{byte:x}"
        );
        let is_token = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        assert_eq!(HeaderName::from_bytes(&text).is_ok(), is_token, "{byte:x}");
    }
    // A status is three digits; its reason is of a table.
    assert!(StatusCode::from_bytes(b"2\r\n").is_err());
}

/// A request is composed of text as well.
#[test]
fn text_becomes_no_field_of_a_request() {
    for (name, value) in [
        ("X-A", "a\r\nevil: 1"),
        ("X-A", "a\nevil: 1"),
        ("X-A: b\r\nevil", "1"),
        ("X-A", "\0"),
    ] {
        assert!(
            Request::get("/").header(name, value).build().is_err(),
            "{name:?}: {value:?}"
        );
    }
    for target in [
        "/a b",
        "/a\r\nevil: 1",
        "/ HTTP/1.1\r\nevil: 1\r\nb:",
        "/\0",
        "/\t",
        "/é",
    ] {
        assert!(Request::get(target).build().is_err(), "{target:?}");
    }
}
