//! Panics of errors: when they are shown, asked for their cause or dropped, on their way into a problem, and in the
//! handlers of both.

use std::error::Error;
use std::fmt;
use std::panic::panic_any;

use mini_spring::http::StatusCode;
use mini_spring::{App, Problem, error_handler, errors, route, routes};

use crate::panics::{Case, Odd, Wanted, get};
use crate::panics_of_answers::Bomb;

/// Errors that panic when they are shown, when they are asked for their cause, and when they go.
#[derive(Debug)]
struct Shown;

impl fmt::Display for Shown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic_any(Bomb)
    }
}

impl Error for Shown {}

#[derive(Debug)]
struct Asked(#[allow(dead_code)] Vec<u8>);

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("asked")
    }
}

impl Error for Asked {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        panic!("on purpose")
    }
}

#[derive(Debug)]
struct Dropped(#[allow(dead_code)] Bomb);

impl fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("dropped")
    }
}

impl Error for Dropped {}

#[route(GET, "/shown")]
fn shown() -> mini_spring::Result<()> {
    Err(Shown)?
}

#[route(GET, "/asked")]
fn asked() -> mini_spring::Result<()> {
    Err(Asked(vec![7]))?
}

#[route(GET, "/dropped")]
fn dropped() -> mini_spring::Result<()> {
    Err(Dropped(Bomb))?
}

struct Unconvertible;

impl From<Unconvertible> for Problem {
    fn from(_: Unconvertible) -> Problem {
        panic!("on purpose")
    }
}

#[route(GET, "/unconvertible")]
fn unconvertible() -> Result<(), Unconvertible> {
    Err(Unconvertible)
}

#[error_handler]
fn of_one_type(_: &fmt::Error) -> Problem {
    panic!("on purpose")
}

#[error_handler]
fn of_another_type(_: &std::num::ParseIntError) -> Wanted {
    Wanted
}

#[error_handler]
fn of_all(problem: Problem) -> Result<Problem, Odd> {
    match problem.status() {
        StatusCode::IM_A_TEAPOT => Err(Odd),
        StatusCode::GONE => panic_any(Bomb),
        _ => Ok(problem),
    }
}

impl From<Odd> for Problem {
    fn from(_: Odd) -> Problem {
        panic!("on purpose")
    }
}

#[route(GET, "/handled")]
fn handled() -> mini_spring::Result<()> {
    Err(fmt::Error)?
}

#[route(GET, "/handled-badly")]
fn handled_badly() -> mini_spring::Result<u8> {
    Ok("x".parse::<u8>()?)
}

#[route(GET, "/teapot")]
fn teapot() -> Problem {
    Problem::new(StatusCode::IM_A_TEAPOT)
}

#[route(GET, "/gone")]
fn gone() -> Problem {
    Problem::new(StatusCode::GONE)
}

pub(crate) fn mounted(app: App) -> App {
    let routes = routes![
        shown,
        asked,
        dropped,
        unconvertible,
        handled,
        handled_badly,
        teapot,
        gone
    ];
    app.mount("/", routes)
        .error_handlers(errors![of_one_type, of_another_type, of_all])
}

pub(crate) fn cases() -> Vec<Case> {
    let paths = [
        "/shown",
        "/asked",
        "/dropped",
        "/unconvertible",
        "/handled",
        "/handled-badly",
        "/teapot",
        "/gone",
    ];
    paths.map(|path| get(path, 500)).to_vec()
}
