//! Errors that look like some, and are none.

use mini_spring::route;

#[derive(Debug)]
struct Odd;

#[route(GET, "/unit")]
fn unit() -> Result<String, ()> {
    Err(())
}

#[route(GET, "/debug")]
fn debug() -> Result<String, Odd> {
    Err(Odd)
}

#[route(GET, "/status")]
fn number() -> Result<String, u16> {
    Err(404)
}

fn main() {}
