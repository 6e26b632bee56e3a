use std::fmt;
use std::rc::Rc;

use mini_spring::{Json, Problem, Request, error_handler, errors, route};

#[error_handler]
fn no_error(error: &String) -> Problem {
    Problem::internal(error.clone())
}

#[error_handler]
fn by_value(error: fmt::Error) -> Problem {
    Problem::internal(error)
}

#[error_handler]
fn by_reference(problem: &Problem) -> Problem {
    Problem::new(problem.status())
}

#[error_handler]
fn boxed(error: &mini_spring::Error) -> Problem {
    Problem::internal(error.to_string())
}

#[error_handler]
fn any(error: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::internal(error.to_string())
}

#[derive(Debug)]
struct Local(Rc<str>);

impl fmt::Display for Local {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Local {}

#[error_handler]
fn not_send(error: &Local) -> Problem {
    Problem::internal(error.to_string())
}

#[error_handler]
fn request_first(request: &Request, error: &fmt::Error) -> Problem {
    Problem::internal(format!("{} {error}", request.path()))
}

#[error_handler]
fn two_errors(first: &fmt::Error, second: &std::io::Error) -> Problem {
    Problem::internal(format!("{first} {second}"))
}

#[error_handler]
fn with_body(error: &fmt::Error, body: Json<u8>) -> Problem {
    Problem::internal(format!("{error} {}", body.0))
}

struct NoAnswer;

#[error_handler]
fn no_answer(_: &fmt::Error) -> NoAnswer {
    NoAnswer
}

#[route(GET, "/")]
fn no_error_handler() -> &'static str {
    "hello"
}

fn main() {
    drop(errors![no_error_handler]);
}
