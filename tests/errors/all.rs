//! The handler of all problems: what it sees, and what its answer keeps of them.

use mini_spring::http::StatusCode;
use mini_spring::{Json, Next, Problem, error_handler, errors, route, routes};
use serde_json::json;

use super::*;

/// Another shape, with all that a problem tells.
#[error_handler]
fn reshaped(problem: Problem, request: &Request) -> Response {
    let cause = problem.cause().map(ToString::to_string);
    Response::json(&json!({
        "code": problem.code(),
        "path": request.path(),
        "detail": problem.detail(),
        "cause": cause,
    }))
}

#[error_handler]
fn amended(problem: Problem) -> Problem {
    let code = problem.code().into_owned();
    problem.with("see", format!("/errors#{code}"))
}

#[route(GET, "/broken")]
fn broken() -> Result<(), Broken> {
    Err(Broken::of("the shelf"))
}

#[route(GET, "/panics")]
fn panics() -> &'static str {
    panic!("on purpose")
}

#[route(POST, "/number/<id>")]
fn number(id: u8, Json(number): Json<u8>) -> Option<String> {
    (number > 0).then(|| format!("{id} {number}"))
}

#[route(GET, "/interim")]
fn interim() -> StatusCode {
    StatusCode::PROCESSING
}

#[route(GET, "/private")]
fn private() -> Result<(), Problem> {
    let problem = Problem::unauthorized("who are you?");
    Err(problem.header("WWW-Authenticate", "Bearer"))
}

fn app() -> App {
    App::empty().mount("/", routes![broken, panics, number, interim, private])
}

#[test]
fn every_problem_is_seen() {
    let app = app().error_handlers(errors![reshaped]);
    let check = |request: RequestBuilder, status: u16, code: &str| {
        let response = call(&app, request);
        let document = document(&response);
        assert_eq!(response.status().as_u16(), status, "{document}");
        assert_eq!(document["code"], code);
        assert_eq!(field(&response, "content-type"), Some("application/json"));
        document
    };
    let number = |id: &str| Request::post(format!("/number/{id}"));
    let json = |id: &str, body: &str| {
        let request = number(id).header("Content-Type", "application/json");
        request.body(body)
    };
    check(Request::get("/nothing"), 404, "not_found");
    check(Request::post("/broken"), 405, "method_not_allowed");
    check(number("7").body("7"), 415, "unsupported_media_type");
    check(json("7", "0"), 404, "not_found");
    check(Request::get("/private"), 401, "unauthorized");
    let invalid = check(json("x", "y"), 400, "bad_request");
    assert_eq!(
        invalid["detail"],
        "several parts of the request are invalid"
    );
    let broken = check(Request::get("/broken"), 500, "internal_server_error");
    assert_eq!(broken["cause"], "the shelf");
    assert_eq!(broken["path"], "/broken");
    let panics = check(Request::get("/panics"), 500, "internal_server_error");
    assert_eq!(panics["cause"], "panicked: on purpose");
    check(Request::get("/interim"), 500, "internal_server_error");
}

#[test]
fn header_fields_and_cause_stay_with_the_answer() {
    let app = app().error_handlers(errors![reshaped]);
    let response = call(&app, Request::post("/broken"));
    assert_eq!(field(&response, "allow"), Some("GET, HEAD, OPTIONS"));
    let response = get(&app, "/private");
    assert_eq!(field(&response, "www-authenticate"), Some("Bearer"));
    let response = get(&app, "/broken");
    assert!(response.cause().unwrap().is::<Broken>());
    // What is no error has no use for them.
    let app = super::App::empty()
        .mount("/", routes![private])
        .on_problem(|_: Problem, _: &Request| (StatusCode::SEE_OTHER, [("Location", "/login")]));
    let response = get(&app, "/private");
    assert_eq!(response.status(), 303);
    assert_eq!(field(&response, "www-authenticate"), None);
}

#[test]
fn a_problem_that_is_returned_is_shown_as_any_other() {
    let app = app().error_handlers(errors![amended]);
    let response = get(&app, "/nothing");
    assert_eq!(document(&response)["see"], "/errors#not_found");
    assert_eq!(
        field(&response, "content-type"),
        Some("application/problem+json")
    );
    let page = call(&app, Request::get("/nothing").header("Accept", "text/html"));
    assert!(text(&page).starts_with("<!doctype html>"));
    let response = call(&app, Request::post("/broken"));
    assert_eq!(field(&response, "allow"), Some("GET, HEAD, OPTIONS"));
}

#[test]
fn the_document_can_stand_in_another() {
    let app = app().on_problem(|problem: Problem, _: &Request| {
        (problem.status(), Json(json!({"failed": [problem]})))
    });
    let response = get(&app, "/nothing");
    assert_eq!(response.status(), 404);
    assert_eq!(document(&response)["failed"][0]["title"], "Not Found");
}

#[derive(Debug, Problem)]
#[problem(404, "no book {id}")]
struct Missing {
    id: u64,
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "book {} is missing", self.id)
    }
}

impl StdError for Missing {}

#[route(GET, "/book/<id>")]
fn book(id: u64) -> Result<(), Missing> {
    Err(Missing { id })
}

#[test]
fn the_typed_error_is_seen() {
    let app = App::empty()
        .mount("/", routes![book])
        .on_problem(|problem: Problem, _: &Request| {
            let missing = problem.cause().and_then(|cause| cause.downcast_ref());
            missing.map(|missing: &Missing| missing.id.to_string())
        });
    check(&get(&app, "/book/7"), 404, "7");
}

#[test]
fn what_typed_handlers_answer_comes_next_if_it_is_a_problem() {
    let see = |status| {
        let app = app()
            .on_error(move |error: &Broken, _: &Request| match status {
                503 => Response::ok(Problem::new(StatusCode::SERVICE_UNAVAILABLE)),
                _ => Response::ok(error.what),
            })
            .error_handlers(errors![reshaped]);
        get(&app, "/broken")
    };
    let response = see(503);
    assert_eq!(response.status(), 503);
    assert_eq!(document(&response)["code"], "service_unavailable");
    assert_eq!(document(&response)["cause"], "the shelf");
    check(&see(0), 500, "the shelf");
}

#[test]
fn middleware_sees_what_is_sent_and_its_own_problems_are_handled() {
    fn guard(request: &mut Request, next: Next<'_>) -> Response {
        match request.header("X-Key") {
            Some(_) => next.run(request),
            None => Response::ok(Problem::unauthorized("send a key")),
        }
    }
    let app = app()
        .middleware(|request, next| {
            let response = next.run(request);
            let status = response.status().as_str().to_owned();
            let length = response.body_bytes().map_or(0, <[u8]>::len);
            response.header("X-Seen", format!("{status} {length}"))
        })
        .middleware(guard)
        .on_problem(|problem: Problem, _: &Request| match problem.status() {
            StatusCode::INTERNAL_SERVER_ERROR => (StatusCode::BAD_GATEWAY, "changed"),
            _ => (StatusCode::FORBIDDEN, "no"),
        });
    let keyed = Request::get("/broken").header("X-Key", "7");
    let response = call(&app, keyed);
    check(&response, 502, "changed");
    assert_eq!(field(&response, "x-seen"), Some("502 7"));
    let response = get(&app, "/broken");
    check(&response, 403, "no");
    assert_eq!(field(&response, "x-seen"), Some("403 2"));
}

#[test]
fn a_panic_is_a_plain_500() {
    let app = app().on_problem(|problem: Problem, _: &Request| -> Response {
        panic!("cannot stand {}", problem.status())
    });
    for (target, id, count) in [("/nothing", "panic-1", 1), ("/broken", "panic-2", 2)] {
        let (response, lines) = logged(id, || {
            call(&app, Request::get(target).header("X-Request-Id", id))
        });
        assert_eq!(response.status(), 500);
        let document = document(&response);
        assert_eq!(document["error"], "internal_server_error");
        assert_eq!(document["request_id"], id);
        assert_eq!(lines.len(), count, "{lines:?}");
        assert!(
            lines[0]
                .1
                .contains("the error handler errors::all::a_panic_is"),
            "{lines:?}"
        );
        assert!(lines[0].1.contains("): cannot stand "), "{lines:?}");
    }
}

#[test]
fn a_1xx_is_no_answer() {
    let app = app().on_problem(|_: Problem, _: &Request| StatusCode::CONTINUE);
    let (response, lines) = logged("interim-1", || {
        let request = Request::get("/nothing").header("X-Request-Id", "interim-1");
        call(&app, request)
    });
    assert_eq!(response.status(), 500);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].1.ends_with(": 100 Continue is not a final status"));
}
