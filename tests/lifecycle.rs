//! Start and stop of a whole program: hooks, and the order in which components come and go.
#![allow(missing_docs)]

mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use mini_spring::{App, Inject, Server, component, on_start, on_stop, route};
use support::Client;

static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());

fn tell(what: &'static str) {
    LOG.lock().unwrap().push(what);
}

fn told() -> Vec<&'static str> {
    std::mem::take(&mut *LOG.lock().unwrap())
}

struct Pool;

impl Drop for Pool {
    fn drop(&mut self) {
        tell("pool dropped");
    }
}

#[component]
fn pool() -> Pool {
    tell("pool made");
    Pool
}

struct Cache {
    _pool: Inject<Pool>,
}

impl Drop for Cache {
    fn drop(&mut self) {
        tell("cache dropped");
    }
}

#[component]
fn cache(pool: Inject<Pool>) -> Cache {
    tell("cache made");
    Cache { _pool: pool }
}

/// Nobody needs it, and a whole program has it all the same.
struct Idle;

impl Drop for Idle {
    fn drop(&mut self) {
        tell("idle dropped");
    }
}

#[component]
fn idle() -> Idle {
    tell("idle made");
    Idle
}

static FAILS: AtomicBool = AtomicBool::new(false);

#[on_start]
fn warm(_cache: Inject<Cache>) -> mini_spring::Result<()> {
    tell("warm");
    match FAILS.load(Ordering::Relaxed) {
        true => Err("the cache is cold".into()),
        false => Ok(()),
    }
}

#[on_start]
fn announce() {
    tell("announce");
}

#[on_stop]
fn say_goodbye() {
    tell("goodbye");
}

/// Fails, which keeps the others from nothing.
#[on_stop]
fn flush(_cache: Inject<Cache>, missing: Option<Inject<String>>) -> Result<(), std::fmt::Error> {
    assert!(missing.is_none());
    tell("flush");
    Err(std::fmt::Error)
}

#[route(GET, "/")]
fn index(_cache: Inject<Cache>) -> &'static str {
    tell("handler");
    "ok"
}

/// One test, for the log is one.
#[test]
fn everything_goes_in_the_reverse_order() {
    let server = Server::bind_with(support::config()).unwrap();
    let running = server.start(App::new()).unwrap();
    assert_eq!(
        told(),
        ["pool made", "cache made", "idle made", "warm", "announce"]
    );
    let mut client = Client::connect(running.addr());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "ok");
    running.shutdown();
    running.join().unwrap();
    let expected = [
        "handler",
        "flush",
        "goodbye",
        "idle dropped",
        "cache dropped",
        "pool dropped",
    ];
    assert_eq!(told(), expected);
    // Once more is no harm.
    running.shutdown();
    running.join().unwrap();

    FAILS.store(true, Ordering::Relaxed);
    let server = Server::bind_with(support::config()).unwrap();
    let error = server.start(App::new()).unwrap_err().to_string();
    assert!(
        error.starts_with("lifecycle::warm (tests/lifecycle.rs:"),
        "{error}"
    );
    assert!(
        error.ends_with(") has failed: the cache is cold"),
        "{error}"
    );
    let told = told();
    assert!(
        !told.contains(&"announce") && !told.contains(&"flush"),
        "{told:?}"
    );
    assert!(
        told.ends_with(&["idle dropped", "cache dropped", "pool dropped"]),
        "{told:?}"
    );
}
