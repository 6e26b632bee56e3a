//! The program of the comparison on mini-spring; its settings are on the command line.

use std::thread;
use std::time::Duration;

use mini_spring::route;
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct UserId<'a> {
    user_id: &'a str,
}

#[route(GET, "/plaintext")]
fn plaintext() -> &'static str {
    "Hello, World!"
}

#[route(GET, "/health")]
fn health() -> Health {
    Health { status: "up" }
}

#[route(GET, "/users/<id>")]
fn user(id: &str) -> UserId<'_> {
    UserId { user_id: id }
}

#[route(POST, "/echo")]
fn echo(body: &[u8]) -> &[u8] {
    body
}

#[route(GET, "/sleep")]
fn sleep() -> &'static str {
    thread::sleep(Duration::from_millis(50));
    "slept"
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
