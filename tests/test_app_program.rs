//! `TestApp` and the whole of a program: what is made, what takes its place, and what is called.
#![allow(missing_docs)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use mini_spring::{Inject, TestApp, component, on_start, on_stop, route};

static TOLD: Mutex<Vec<&str>> = Mutex::new(Vec::new());

fn tell(what: &'static str) {
    TOLD.lock().unwrap().push(what);
}

fn told() -> Vec<&'static str> {
    std::mem::take(&mut *TOLD.lock().unwrap())
}

trait Counter: Send + Sync {
    fn next(&self) -> u32;
}

impl Counter for AtomicU32 {
    fn next(&self) -> u32 {
        self.fetch_add(1, Ordering::Relaxed)
    }
}

#[component(as dyn Counter)]
fn counter() -> AtomicU32 {
    tell("counter made");
    AtomicU32::new(1)
}

struct Idle;

#[component]
fn idle() -> Idle {
    tell("idle made");
    Idle
}

#[route(GET, "/next")]
fn next(counter: Inject<dyn Counter>) -> String {
    counter.next().to_string()
}

#[on_start]
fn start() {
    tell("started");
}

#[on_stop]
fn stop() {
    tell("stopped");
}

fn answers(app: &TestApp, expected: &str) {
    app.get(next::url()).send().assert_text(expected);
}

/// All in one test, as what is called is the program's.
#[test]
fn a_test_has_what_it_needs() {
    for app in [TestApp::new(), TestApp::new().over_tcp()] {
        assert_eq!(told(), [""; 0]);
        answers(&app, "1");
        answers(&app, "2");
        assert_eq!(told(), ["counter made", "started"]);
        drop(app);
        assert_eq!(told(), ["stopped"]);
    }

    let fake = Arc::new(AtomicU32::new(7));
    let app = TestApp::new().replace::<dyn Counter>(fake.clone());
    answers(&app, "7");
    assert_eq!(fake.load(Ordering::Relaxed), 8);
    assert_eq!(told(), ["started"]);

    // What is changed is made anew; what was before is stopped.
    let app = app.over_tcp();
    assert_eq!(told(), ["stopped"]);
    answers(&app, "8");
    let app = app.replace::<dyn Counter>(Arc::new(AtomicU32::new(20)));
    answers(&app, "20");
    drop(app);
    assert_eq!(told(), ["started", "stopped", "started", "stopped"]);
}
