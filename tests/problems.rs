//! Errors that say how they are answered.
#![allow(missing_docs)]

use std::fmt;

use mini_spring::{App, Problem, Request, Response, route, routes};
use serde_json::{Value, json};

#[derive(Debug, Problem)]
enum BookError {
    #[problem(404, "no book {id}", code = "no_book", members(id))]
    Missing { id: u64 },
    #[problem(
        409,
        "`{0}` is taken{{}}",
        title = "Taken",
        type = "https://example.org/taken"
    )]
    Taken(String),
    #[problem(422)]
    Odd,
    #[problem(503)]
    Database(std::io::Error),
    #[problem(transparent)]
    Other(Problem),
}

impl fmt::Display for BookError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BookError::Odd => formatter.write_str("an odd number of pages"),
            BookError::Database(error) => write!(formatter, "database: {error}"),
            _ => write!(formatter, "{self:?}"),
        }
    }
}

impl std::error::Error for BookError {}

/// No `std::error::Error`, and no text.
#[derive(Problem)]
#[problem(403, "not you, {who}")]
struct Forbidden {
    who: &'static str,
}

fn error(number: u64) -> BookError {
    match number {
        0 => BookError::Missing { id: 7 },
        1 => BookError::Taken("Emma".to_owned()),
        2 => BookError::Odd,
        3 => BookError::Database(std::io::Error::other("the disk is full")),
        _ => BookError::Other(Problem::unauthorized("who are you?")),
    }
}

#[route(GET, "/typed/<number>")]
fn typed(number: u64) -> Result<String, BookError> {
    Err(error(number))
}

/// `?` puts the error into a box.
#[route(GET, "/boxed/<number>")]
fn boxed(number: u64) -> mini_spring::Result<String> {
    let text: String = Err(error(number))?;
    Ok(text)
}

#[route(GET, "/forbidden")]
fn forbidden() -> Result<(), Forbidden> {
    Err(Forbidden { who: "Ada" })
}

fn get(target: &str) -> Response {
    let app = App::empty().mount("/", routes![typed, boxed, forbidden]);
    app.call(Request::get(target).build().unwrap())
}

fn document(response: &Response) -> Value {
    serde_json::from_slice(response.body_bytes().unwrap()).unwrap()
}

#[test]
fn errors_are_answered_as_they_say_also_out_of_a_box() {
    let blank = "about:blank";
    let documents = [
        json!({"type": blank, "title": "Not Found", "status": 404, "detail": "no book 7", "error": "no_book", "id": 7}),
        json!({"type": "https://example.org/taken", "title": "Taken", "status": 409, "detail": "`Emma` is taken{}", "error": "conflict"}),
        json!({"type": blank, "title": "Unprocessable Entity", "status": 422, "detail": "an odd number of pages", "error": "unprocessable_entity"}),
        json!({"type": blank, "title": "Service Unavailable", "status": 503, "error": "service_unavailable"}),
        json!({"type": blank, "title": "Unauthorized", "status": 401, "detail": "who are you?", "error": "unauthorized"}),
    ];
    for (number, expected) in documents.iter().enumerate() {
        for way in ["typed", "boxed"] {
            let response = get(&format!("/{way}/{number}"));
            let mut found = document(&response);
            let id = found.as_object_mut().unwrap().remove("request_id");
            assert_eq!(id.is_some(), response.status().is_server_error());
            assert_eq!(found, *expected, "{way} {number}");
        }
    }
}

#[test]
fn what_goes_wrong_inside_is_for_the_log() {
    let response = get("/typed/3");
    let cause = response.cause().unwrap().to_string();
    assert_eq!(cause, "database: the disk is full");
}

#[test]
fn an_error_need_not_be_one_for_std() {
    let response = get("/forbidden");
    assert_eq!(response.status(), 403);
    assert_eq!(document(&response)["detail"], "not you, Ada");
}
