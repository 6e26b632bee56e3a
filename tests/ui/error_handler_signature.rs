use std::fmt;

use mini_spring::{Problem, Request, error_handler};

#[error_handler]
async fn waits(error: &fmt::Error) -> Problem {
    Problem::internal(error.to_string())
}

#[error_handler]
fn any<E: std::error::Error>(error: &E) -> Problem {
    Problem::internal(error.to_string())
}

#[error_handler]
fn some(error: impl std::error::Error) -> Problem {
    Problem::internal(error.to_string())
}

#[error_handler]
fn nothing() -> Problem {
    Problem::internal("nothing")
}

#[error_handler]
fn silent(error: &fmt::Error) {
    drop(error.to_string());
}

#[error_handler(all)]
fn chosen(problem: Problem) -> Problem {
    problem
}

#[error_handler]
fn header_first(#[header("X-Key")] key: &str, error: &fmt::Error) -> Problem {
    Problem::internal(format!("{key} {error}"))
}

#[error_handler]
#[error_handler]
fn twice(problem: Problem) -> Problem {
    problem
}

#[error_handler]
#[mini_spring::route(GET, "/")]
fn both(request: &Request) -> String {
    request.path().to_owned()
}

#[error_handler]
struct NoFunction;

fn main() {}
