//! Answers that are made while they are sent, over real sockets: by other threads, by a function that writes,
//! by an iterator.
#![allow(missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod broadcast;
mod events;
mod produced;

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

#[mini_spring::route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

/// Other clients are answered.
fn assert_healthy(server: &support::TestServer) {
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}
