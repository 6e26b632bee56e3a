//! The error handlers of a program are in force by themselves, as its routes are there.
#![allow(missing_docs)]

use std::num::ParseIntError;

use mini_spring::http::StatusCode;
use mini_spring::{App, Problem, Request, Response, error_handler, route};

#[route(GET, "/number/<text>")]
fn number(text: &str) -> Result<i64, ParseIntError> {
    text.parse()
}

#[error_handler]
fn no_number(error: &ParseIntError) -> (StatusCode, Problem) {
    let problem = Problem::new(StatusCode::CONFLICT).with_detail(error.to_string());
    (StatusCode::BAD_REQUEST, problem)
}

#[error_handler]
fn all(problem: Problem) -> Problem {
    problem.with("help", "/help")
}

fn get(app: &App, target: &str) -> Response {
    app.call(Request::get(target).build().unwrap())
}

fn text(response: &Response) -> &str {
    std::str::from_utf8(response.body_bytes().unwrap()).unwrap()
}

#[track_caller]
fn check_both(app: &App) {
    let response = get(app, "/number/x");
    assert_eq!(
        text(&response),
        r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"invalid digit found in string","error":"bad_request","help":"/help"}"#
    );
    assert!(text(&get(app, "/nothing")).ends_with(r#""help":"/help"}"#));
}

#[test]
fn they_are_in_force_without_being_named() {
    check_both(&App::new());
}

#[test]
fn choosing_crates_chooses_their_error_handlers() {
    check_both(&App::new().crates(["error_table"]));
    let none: [&str; 0] = [];
    let app = App::new().crates(none);
    let app = app.route("GET", "/", |_: &Request| "hello");
    assert!(!text(&get(&app, "/nothing")).contains("help"));
}

#[test]
fn an_application_that_starts_empty_has_none() {
    let app = App::empty().route("GET", "/number", |_: &Request| {
        number("x")
            .map(|number| number.to_string())
            .map_err(mini_spring::Error::from)
    });
    let response = get(&app, "/number");
    assert_eq!(response.status(), 500);
    assert!(!text(&response).contains("help"));
}
