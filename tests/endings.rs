//! Programs that panic where they start and end: hooks, and the drop of components.
#![allow(missing_docs)]

mod support;

use std::panic::panic_any;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use mini_spring::{App, Inject, Running, Server, component, on_start, on_stop, route};
use support::{Client, until};

static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());

fn tell(what: &'static str) {
    LOG.lock().unwrap().push(what);
}

fn told() -> Vec<&'static str> {
    std::mem::take(&mut *LOG.lock().unwrap())
}

/// Panics when it is dropped, where it is thrown, too.
struct Bomb(&'static str);

impl Drop for Bomb {
    fn drop(&mut self) {
        tell(self.0);
        if !std::thread::panicking() {
            panic!("on purpose");
        }
    }
}

#[component]
fn pool() -> Bomb {
    Bomb("pool dropped")
}

struct Cache {
    _bomb: Bomb,
    _pool: Inject<Bomb>,
}

#[component]
fn cache(pool: Inject<Bomb>) -> Cache {
    Cache {
        _bomb: Bomb("cache dropped"),
        _pool: pool,
    }
}

static FAILS: AtomicBool = AtomicBool::new(false);

#[on_start]
fn start(_cache: Inject<Cache>) {
    if FAILS.load(Ordering::Relaxed) {
        panic!("the start, on purpose");
    }
    tell("started");
}

/// Hooks are called in the reverse order of the source.
#[on_stop]
fn stop_at_last() {
    tell("stopped at last");
}

#[on_stop]
fn stop_with_a_bomb() {
    tell("stopped");
    panic_any(Bomb("thrown"))
}

#[route(GET, "/")]
fn index() -> &'static str {
    "ok"
}

fn start_all() -> mini_spring::Result<Running> {
    Server::bind_with(support::config())
        .unwrap()
        .start(App::new())
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

/// One test, for the log and the threads are this process's.
#[test]
fn panics_of_hooks_and_components_end_nothing_but_themselves() {
    let before = threads();
    let running = start_all().unwrap();
    assert_eq!(told(), ["started"]);
    let mut client = Client::connect(running.addr());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "ok");
    running.shutdown();
    running.join().unwrap();
    let expected = [
        "stopped",
        "thrown",
        "stopped at last",
        "cache dropped",
        "pool dropped",
    ];
    assert_eq!(told(), expected);
    until("all threads have ended", || threads() == before);

    FAILS.store(true, Ordering::Relaxed);
    let error = start_all().unwrap_err().to_string();
    assert!(
        error.ends_with("has failed: panicked: the start, on purpose"),
        "{error}"
    );
    assert_eq!(told(), ["cache dropped", "pool dropped"]);
    until("no thread is left", || threads() == before);
}
