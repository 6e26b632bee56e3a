//! A program whose handlers fail in every way, for the tests of the error page of development.

use std::error::Error;
use std::fmt;

use mini_spring::{Inject, Json, Next, Problem, Request, Response, component, middleware, route};

/// A failure with a cause.
#[derive(Debug)]
struct Unpriced {
    basket: String,
    cause: std::num::ParseIntError,
}

impl fmt::Display for Unpriced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the basket {} has no price", self.basket)
    }
}

impl Error for Unpriced {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

fn price(basket: &str) -> Result<u32, Unpriced> {
    basket.parse().map_err(|cause| Unpriced {
        basket: basket.to_owned(),
        cause,
    })
}

fn total(basket: &str) -> mini_spring::Result<u32> {
    let price = price(basket)?; // The total fails here.
    Ok(price + 1)
}

#[middleware]
fn traced(request: &mut Request, next: Next<'_>) -> Response {
    next.run(request)
}

#[route(GET, "/baskets/<basket>?<note>")]
#[middleware(traced)]
fn basket(basket: &str, note: Option<&str>) -> mini_spring::Result<String> {
    let total = total(basket)?;
    Ok(format!("{total} {}", note.unwrap_or_default()))
}

#[route(GET, "/panic")]
fn panics() -> String {
    let shelves: Vec<u32> = Vec::new();
    format!("{}", shelves[7]) // The panic is here.
}

#[route(GET, "/problem")]
fn problem() -> Result<String, Problem> {
    Err(Problem::internal("the till is empty")) // The problem is here.
}

/// Its text can't be made.
#[derive(Debug)]
struct Untold;

impl fmt::Display for Untold {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("nothing to tell")
    }
}

impl Error for Untold {}

#[route(GET, "/untold")]
fn untold() -> mini_spring::Result<String> {
    Err(Untold)?
}

#[route(GET, "/caught")]
fn caught() -> String {
    let caught = std::panic::catch_unwind(|| panic!("caught by the program"));
    format!("{}", caught.is_err())
}

/// A panic of another thread goes on in this one, which has had one of its own.
#[route(GET, "/resumed")]
fn resumed() -> String {
    let _ = std::panic::catch_unwind(|| panic!("caught by the program"));
    std::panic::resume_unwind(Box::new("from another thread"))
}

#[route(POST, "/numbers")]
fn numbers(Json(numbers): Json<Vec<u8>>) -> String {
    numbers.len().to_string()
}

/// What the start may fail at.
struct Till;

#[component]
fn till() -> mini_spring::Result<Till> {
    match std::env::var("TILL").as_deref() {
        Ok("panics") => panic!("the till is locked"),
        Ok("fails") => Err(std::io::Error::other("the till is lost"))?,
        _ => Ok(Till),
    }
}

#[route(GET, "/till")]
fn open(_till: Inject<Till>) {}

/// A logger that the program has of its own.
struct Own;

impl log::Log for Own {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Info
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            eprintln!("own {} {}", record.level(), record.args());
        }
    }

    fn flush(&self) {}
}

fn main() -> mini_spring::Result<()> {
    if std::env::var_os("OWN_LOGGER").is_some() && log::set_logger(&Own).is_ok() {
        log::set_max_level(log::LevelFilter::Info);
    }
    if std::env::var_os("OWN_HOOK").is_some() {
        std::panic::set_hook(Box::new(|_| eprintln!("the hook of the program")));
    }
    mini_spring::run()
}
