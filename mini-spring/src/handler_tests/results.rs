//! How results are answered.

use std::fmt;

use serde::Serialize;

use super::Call;
use crate::http::{HeaderName, StatusCode};
use crate::{ETag, IntoResponse, Json, Problem, Request, Response, Routes, route, routes};

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
const TEXT: &str = "text/plain; charset=utf-8";

#[derive(Serialize)]
struct Book<'a> {
    title: &'a str,
}

/// An error that is serialisable, which must not make it a success.
#[derive(Debug, Serialize)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the shelf is broken")
    }
}

impl std::error::Error for Broken {}

struct NoBook(u64);

impl From<NoBook> for Problem {
    fn from(error: NoBook) -> Self {
        Problem::not_found(format!("no book {}", error.0))
    }
}

/// As `anyhow::Error`: no error itself, but one can be made of it.
struct Anyhow;

impl From<Anyhow> for Box<dyn std::error::Error + Send + Sync> {
    fn from(_: Anyhow) -> Self {
        "anyhow".into()
    }
}

type Answer<T> = Result<T, Broken>;

/// Calls the handler whose last segment is `id`.
fn answer(routes: Routes, id: &str) -> Response {
    let target = routes.0[0].pattern.replace("<id>", id).replace("<_id>", id);
    Call(routes).answer(Request::get(target))
}

#[track_caller]
fn check(routes: Routes, id: &str, status: u16, content_type: &str, body: &str) {
    let response = answer(routes, id);
    let found = response.body_bytes().unwrap_or_default();
    assert_eq!(std::str::from_utf8(found), Ok(body));
    assert_eq!(response.status().as_u16(), status);
    let found = response.fields().get(&crate::http::header::CONTENT_TYPE);
    assert_eq!(found.unwrap_or_default(), content_type.as_bytes());
}

#[track_caller]
fn check_problem(routes: Routes, id: &str, status: u16, body_holds: &str, cause: Option<&str>) {
    let response = answer(routes, id);
    assert_eq!(response.status().as_u16(), status);
    let body = String::from_utf8_lossy(response.body_bytes().unwrap_or_default());
    assert!(body.contains(body_holds), "{body}");
    assert_eq!(
        response.cause().map(|cause| cause.to_string()).as_deref(),
        cause
    );
    let found = response.fields().get(&crate::http::header::CONTENT_TYPE);
    assert_eq!(found.unwrap_or_default(), PROBLEM.as_bytes());
}

#[route(GET, "/answer/nothing/<_id>")]
fn nothing(_id: u64) {}

#[route(GET, "/answer/borrowed-text/<id>")]
fn borrowed_text(id: &str) -> &str {
    id
}

#[route(GET, "/answer/borrowed-value/<id>")]
fn borrowed_value(id: &str) -> Book<'_> {
    Book { title: id }
}

#[route(GET, "/answer/number/<id>")]
fn number(id: u64) -> u64 {
    id
}

#[route(GET, "/answer/some-response/<id>")]
fn some_response(id: &str) -> impl IntoResponse + use<'_> {
    (StatusCode::ACCEPTED, id)
}

#[route(GET, "/answer/some-value/<id>")]
fn some_value(id: &str) -> impl Serialize + use<'_> {
    Book { title: id }
}

#[test]
fn plain_results() {
    check(routes![nothing], "7", 204, "", "");
    check(routes![borrowed_text], "a", 200, TEXT, "a");
    check(
        routes![borrowed_value],
        "a%20b",
        200,
        JSON,
        r#"{"title":"a b"}"#,
    );
    check(routes![number], "7", 200, JSON, "7");
    check(routes![some_response], "a", 202, TEXT, "a");
    check(routes![some_value], "a", 200, JSON, r#"{"title":"a"}"#);
}

#[route(GET, "/answer/optional/<id>")]
fn optional(id: u64) -> Option<Vec<u64>> {
    (id > 0).then(|| vec![id])
}

#[route(GET, "/answer/alias/<id>")]
fn alias(id: &str) -> Answer<Vec<Book<'_>>> {
    match id {
        "0" => Err(Broken),
        id => Ok(vec![Book { title: id }]),
    }
}

#[route(GET, "/answer/deep/<id>")]
fn deep(id: u64) -> Result<Option<(StatusCode, Vec<u64>)>, NoBook> {
    match id {
        0 => Err(NoBook(id)),
        1 => Ok(None),
        id => Ok(Some((StatusCode::CREATED, vec![id]))),
    }
}

#[test]
fn options_and_results_are_split() {
    check(routes![optional], "7", 200, JSON, "[7]");
    check_problem(routes![optional], "0", 404, r#""error":"not_found""#, None);
    check(routes![alias], "a", 200, JSON, r#"[{"title":"a"}]"#);
    check_problem(
        routes![alias],
        "0",
        500,
        "Internal",
        Some("the shelf is broken"),
    );
    check(routes![deep], "7", 201, JSON, "[7]");
    check_problem(routes![deep], "1", 404, "Not Found", None);
    check_problem(routes![deep], "0", 404, "no book 0", None);
}

#[route(GET, "/answer/ours/<id>")]
fn ours(id: u64) -> crate::Result<u64> {
    match id {
        0 => Err(Problem::from(NoBook(0)).into()),
        1 => Err("broken".into()),
        id => Ok(id),
    }
}

#[route(GET, "/answer/anyhow/<id>")]
fn anyhow(id: u64) -> Result<u64, Anyhow> {
    if id == 0 { Err(Anyhow) } else { Ok(id) }
}

#[route(GET, "/answer/text-error/<id>")]
fn text_error(id: &str) -> Result<(), String> {
    Err(format!("secret {id}"))
}

#[route(GET, "/answer/parse-error/<id>")]
fn parse_error(id: &str) -> Result<u8, std::num::ParseIntError> {
    id.parse()
}

#[route(GET, "/answer/status-error/<id>")]
fn status_error(id: u16) -> Result<(), StatusCode> {
    Err(StatusCode::from_u16(id).unwrap_or_default())
}

#[test]
fn errors_are_answered() {
    check(routes![ours], "7", 200, JSON, "7");
    check_problem(routes![ours], "0", 404, "no book 0", None);
    check_problem(routes![ours], "1", 500, "Internal", Some("broken"));
    check(routes![anyhow], "7", 200, JSON, "7");
    check_problem(routes![anyhow], "0", 500, "Internal", Some("anyhow"));
    check_problem(routes![text_error], "7", 500, "Internal", Some("secret 7"));
    let cause = "invalid digit found in string";
    check_problem(routes![parse_error], "x", 500, "Internal", Some(cause));
    check_problem(routes![status_error], "409", 409, "Conflict", None);
}

#[route(GET, "/answer/fields/<id>")]
fn fields(id: u64) -> ([(&'static str, String); 1], Vec<u64>) {
    ([("X-Answer", id.to_string())], vec![id])
}

#[route(GET, "/answer/created/<id>")]
fn created(id: u64) -> (StatusCode, [(&'static str, &'static str); 1], Json<u64>) {
    (StatusCode::CREATED, [("X-Answer", "7")], Json(id))
}

#[route(GET, "/answer/bare-created/<id>")]
fn bare_created(id: &str) -> (StatusCode, [(HeaderName, String); 1], Book<'_>) {
    let name = HeaderName::from_static("x-answer");
    (
        StatusCode::CREATED,
        [(name, id.to_owned())],
        Book { title: id },
    )
}

#[route(GET, "/answer/list/<id>")]
fn list(id: u64) -> (u64, &'static str) {
    (id, "a")
}

#[test]
fn extras_are_split() {
    let shown = |routes| {
        let response = answer(routes, "7");
        let name = HeaderName::from_static("x-answer");
        assert_eq!(response.fields().get(&name), Some(&b"7"[..]));
        let body = response.body_bytes().unwrap_or_default();
        format!("{} {}", response.status(), String::from_utf8_lossy(body))
    };
    assert_eq!(shown(routes![fields]), "200 OK [7]");
    assert_eq!(shown(routes![created]), "201 Created 7");
    assert_eq!(shown(routes![bare_created]), r#"201 Created {"title":"7"}"#);
    check(routes![list], "7", 200, JSON, r#"[7,"a"]"#);
}

#[route(GET, "/answer/status/<id>", status = 201)]
fn with_status(id: u8) -> Result<Option<Response>, StatusCode> {
    match id {
        0 => Ok(Some("made".into_response())),
        1 => Ok(Some(().into_response())),
        2 => Ok(Some((StatusCode::ACCEPTED, "later").into_response())),
        3 => Ok(None),
        _ => Err(StatusCode::CONFLICT),
    }
}

#[route(GET, "/answer/own-status/<_id>", status = 201)]
fn with_own_status(_id: u8) -> (StatusCode, &'static str) {
    (StatusCode::OK, "here already")
}

#[test]
fn a_route_has_a_status_for_answers_that_say_none() {
    for (id, expected) in [("0", 201), ("1", 201), ("2", 202), ("3", 404), ("4", 409)] {
        let status = answer(routes![with_status], id).status();
        assert_eq!(status.as_u16(), expected, "{id}");
    }
    check(routes![with_own_status], "0", 200, TEXT, "here already");
}

#[route(GET, "/answer/tagged/<id>")]
fn tagged(id: &str) -> Option<(ETag, Book<'_>)> {
    Some((ETag::strong(id.len()), Book { title: id }))
}

#[test]
fn a_tag_stands_before_what_becomes_json() {
    check(routes![tagged], "ab", 200, JSON, r#"{"title":"ab"}"#);
    let response = answer(routes![tagged], "ab");
    let tag = response.fields().get(&crate::http::header::ETAG);
    assert_eq!(tag, Some(&b"\"2\""[..]));
}
