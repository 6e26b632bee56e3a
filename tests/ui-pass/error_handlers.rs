//! All forms that an error handler can have.

#![deny(warnings, clippy::all)]

use std::convert::Infallible;
use std::fmt;
use std::num::{ParseFloatError, ParseIntError};

use mini_spring::http::StatusCode;
use mini_spring::{
    App, Cookies, FromRequest, Html, Problem, Request, Response, error_handler, errors, route,
};
use serde::Serialize;

type Borrowed<'e> = &'e ParseFloatError;
type Everything = Problem;

#[error_handler]
fn by_an_alias(error: Borrowed<'_>) -> Problem {
    Problem::bad_request(error.to_string())
}

#[error_handler]
fn all(problem: Everything, request: &Request) -> Response {
    Response::json(&[problem.title(), request.id()]).with_status(problem.status())
}

#[derive(Serialize)]
struct Shape<'e> {
    message: &'e str,
}

/// What is answered may borrow from the error and the request.
#[error_handler]
fn borrowing<'e>(_: &'e fmt::Error, request: &'e Request) -> (StatusCode, Shape<'e>) {
    let message = request.path();
    (StatusCode::OK, Shape { message })
}

struct Agent<'r>(Option<&'r str>);

impl<'r> FromRequest<'r> for Agent<'r> {
    type Rejection = Infallible;

    fn from_request(request: &'r Request) -> Result<Self, Infallible> {
        Ok(Agent(request.header("User-Agent")))
    }
}

/// Its names are those of the generated code.
#[error_handler]
fn call(
    error: &ParseIntError,
    Agent(status): Agent<'_>,
    cookies: Cookies<'_>,
    #[header("X-Value")] value: Option<&str>,
    #[cookie("sid")] request: Vec<&str>,
) -> Result<Option<Html<String>>, StatusCode> {
    let known = cookies.get("sid");
    let page = format!("{error} {status:?} {known:?} {value:?} {request:?}");
    Ok((page.len() < 100).then_some(Html(page)))
}

mod below {
    use super::*;

    #[derive(Debug)]
    pub enum Never {}

    impl fmt::Display for Never {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            match *self {}
        }
    }

    impl std::error::Error for Never {}

    /// A function whose error nobody can make.
    #[error_handler]
    pub(crate) fn r#match(error: &Never) -> Problem {
        match *error {}
    }
}

#[cfg(any())]
#[error_handler]
fn left_out(error: &NoSuchType) -> Problem {
    error.problem()
}

/// An error that borrows from the request: nothing can handle it, and it says how it is answered.
#[route(GET, "/borrowed/<name>")]
fn borrowed(name: &str) -> Result<String, (StatusCode, &str)> {
    Err((StatusCode::NOT_FOUND, name))
}

fn main() {
    let handlers = errors![by_an_alias, all, borrowing, call, below::r#match];
    drop(App::empty().error_handlers(handlers));
    assert_eq!(by_an_alias(&"x".parse::<f64>().unwrap_err()).status(), 400);
}
