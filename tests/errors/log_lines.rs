//! What the log says of an error: once, with the name of the request, and only from 500 on.

use mini_spring::http::StatusCode;
use mini_spring::{Problem, Stream, route, routes};

use super::*;
use crate::support::{TestServer, until};

#[route(GET, "/typed")]
fn typed() -> Result<(), Broken> {
    Err(Broken::by("first", Broken::of("second\nline")))
}

#[route(GET, "/boxed")]
fn boxed() -> mini_spring::Result<()> {
    Err(Broken::by("first", "second"))?
}

#[route(GET, "/panics")]
fn panics() -> &'static str {
    panic!("on purpose")
}

#[route(GET, "/said")]
fn said() -> Problem {
    Problem::new(StatusCode::BAD_GATEWAY).with_cause(Broken::of("upstream"))
}

#[route(GET, "/quiet")]
fn quiet() -> Problem {
    Problem::conflict("taken").with_cause(Broken::of("nobody's business"))
}

fn app() -> App {
    App::empty().mount("/", routes![typed, boxed, panics, said, quiet])
}

/// The status, and the lines about a request of this name.
fn ask(app: &App, target: &str, id: &str) -> (u16, Vec<String>) {
    let (response, lines) = logged(id, || {
        call(app, Request::get(target).header("X-Request-Id", id))
    });
    assert_eq!(field(&response, REQUEST_ID), Some(id));
    assert!(lines.iter().all(|(level, _)| *level == Level::Error));
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    (response.status().as_u16(), lines)
}

#[track_caller]
fn check(app: &App, target: &str, id: &str, status: u16, expected: &[&str]) {
    let (found, lines) = ask(app, target, id);
    assert_eq!((found, lines.len()), (status, expected.len()), "{lines:?}");
    for (line, expected) in lines.iter().zip(expected) {
        let begin = format!("GET {target}: errors::log_lines::");
        assert!(line.starts_with(&begin), "{line}");
        assert!(line.ends_with(expected), "{line}");
    }
}

#[test]
fn one_line_for_each_failed_request() {
    let app = app();
    let chain =
        |id: &str, status: u16, chain: &str| format!(" answered {status} (request {id}): {chain}");
    let line = chain("line-1", 500, "first: second line");
    check(&app, "/typed", "line-1", 500, &[&line]);
    let line = chain("line-2", 500, "first: second");
    check(&app, "/boxed", "line-2", 500, &[&line]);
    check(
        &app,
        "/panics",
        "line-3",
        500,
        &[" panicked (request line-3): on purpose"],
    );
    let line = chain("line-4", 502, "upstream");
    check(&app, "/said", "line-4", 502, &[&line]);
    check(&app, "/quiet", "line-5", 409, &[]);
}

#[test]
fn what_a_handler_answers_decides() {
    let answering =
        |status: StatusCode| app().on_error(move |_: &Broken, _: &Request| (status, "handled"));
    let gone = answering(StatusCode::GONE);
    check(&gone, "/typed", "line-11", 410, &[]);
    check(&gone, "/boxed", "line-12", 410, &[]);
    let busy = answering(StatusCode::SERVICE_UNAVAILABLE);
    let line = " answered 503 (request line-13): first: second line";
    check(&busy, "/typed", "line-13", 503, &[line]);
    // So does the last one.
    let hidden = app().on_problem(|_: Problem, _: &Request| (StatusCode::NOT_FOUND, "nothing"));
    check(&hidden, "/typed", "line-14", 404, &[]);
    let shown = app().on_problem(|problem: Problem, _: &Request| (problem.status(), "sorry"));
    let line = " answered 500 (request line-15): first: second";
    check(&shown, "/boxed", "line-15", 500, &[line]);
    check(
        &shown,
        "/panics",
        "line-16",
        500,
        &[" panicked (request line-16): on purpose"],
    );
}

#[test]
fn the_original_error_is_told_and_not_what_a_handler_made_of_it() {
    let app = app().on_error(|_: &Broken, _: &Request| {
        Problem::new(StatusCode::BAD_GATEWAY).with_cause("summarised")
    });
    let line = " answered 502 (request line-21): first: second";
    check(&app, "/boxed", "line-21", 502, &[line]);
}

#[test]
fn middleware_around_it_adds_nothing() {
    let app = app()
        .middleware(|request, next| next.run(request).header("X-Outer", "1"))
        .middleware(|request, next| {
            drop(next.run(request));
            Response::ok(Problem::new(StatusCode::SERVICE_UNAVAILABLE))
        });
    // It is told although the answer that had it is gone.
    let line = " answered 500 (request line-31): first: second";
    check(&app, "/boxed", "line-31", 503, &[line]);
}

/// The name in a request's path becomes part of an error's text, as in most programs.
#[test]
fn what_a_client_sends_steers_no_log() {
    fn error_with(name: &str) -> mini_spring::Error {
        format!("no `{name}`").into()
    }
    let router = || {
        let mut router = mini_spring::Router::new();
        router
            .register("GET", "/failed/<name>", |request: &Request| {
                mini_spring::Result::<()>::Err(error_with(request.param("name").unwrap()))
            })
            .unwrap();
        router
            .register("GET", "/panicked/<name>", |request: &Request| -> () {
                panic!("{}", error_with(request.param("name").unwrap()))
            })
            .unwrap();
        router
            .register("GET", "/broken/<name>", |request: &Request| {
                let error = error_with(request.param("name").unwrap());
                Stream::writer(|_| Err(error))
            })
            .unwrap();
        router
    };
    let server = TestServer::start(router());
    for target in ["failed", "panicked", "broken"] {
        let name = format!("{target}%0d%0aERROR%1b[31m");
        let expected = format!("no `{target} ERROR\\u{{1b}}[31m`");
        let mut client = server.connect();
        logged("", || {
            client.send(format!("GET /{target}/{name} HTTP/1.1\r\nHost: a\r\n\r\n"));
        });
        let is_told = || {
            let lines = lines::with(&expected);
            lines.iter().any(|line| line.text.ends_with(&expected))
        };
        until("a line of the log", is_told);
    }
}

/// An error whose text or cause can't be had.
#[derive(Debug)]
struct Unspeakable {
    has_source: bool,
}

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("unspeakable")
    }
}

impl StdError for Unspeakable {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.has_source {
            true => panic!("sourceless"),
            false => None,
        }
    }
}

#[test]
fn errors_that_panic_are_told_as_far_as_they_go() {
    for (has_source, id, said) in [
        (true, "line-41", "sourceless"),
        (false, "line-42", "unspeakable"),
    ] {
        let app = App::empty()
            .route("GET", "/", move |_: &Request| {
                Response::server_error(Unspeakable { has_source })
            })
            .on_error(|_: &Broken, _: &Request| "not that one");
        let (status, lines) = ask(&app, "/", id);
        assert_eq!((status, lines.len()), (500, 1), "{lines:?}");
        let end = format!(" panicked (request {id}): {said}");
        assert!(lines[0].ends_with(&end), "{lines:?}");
    }
}

#[test]
fn requests_are_named_where_it_matters() {
    let app = app();
    // Nobody asks.
    let response = get(&app, "/quiet");
    assert_eq!(field(&response, REQUEST_ID), None);
    assert_eq!(document(&response).get("request_id"), None);
    let response = get(&app, "/said");
    let id = field(&response, REQUEST_ID).unwrap();
    assert_eq!(document(&response)["request_id"], id);
    let other = get(&app, "/said");
    assert_ne!(field(&other, REQUEST_ID), Some(id));
    // What can't be a name isn't taken over.
    let strange = Request::get("/said").header("X-Request-Id", "<b>");
    let response = call(&app, strange);
    assert!(!field(&response, REQUEST_ID).unwrap().contains('<'));
    // Somebody has asked, so it has one.
    let asking = App::empty().route("GET", "/", |request: &Request| {
        Problem::conflict(request.id().to_owned())
    });
    let response = get(&asking, "/");
    let document = document(&response);
    assert_eq!(document["request_id"], document["detail"]);
    assert_eq!(field(&response, REQUEST_ID), document["detail"].as_str());
}
