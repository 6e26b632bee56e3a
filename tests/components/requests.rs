//! Components that are made for each request.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Mutex;

use mini_spring::{App, Inject, Json, Problem, Request, TestApp, component, route, routes};

use crate::support::TestServer;

/// It needs not be `Send`.
struct User {
    name: String,
    asked: Rc<Cell<u32>>,
}

thread_local! {
    /// Without a socket, requests are answered on the thread of the test.
    static MADE: Cell<u32> = const { Cell::new(0) };
}

#[component(scope = request)]
fn user(
    #[header("Authorization")] token: Option<&str>,
    names: Inject<Names>,
) -> Result<User, Problem> {
    MADE.set(MADE.get() + 1);
    let name = token.and_then(|token| names.of(token));
    let name = name.ok_or_else(|| Problem::unauthorized("say who you are"))?;
    Ok(User {
        name,
        asked: Rc::default(),
    })
}

#[component]
struct Names {}

impl Names {
    fn of(&self, token: &str) -> Option<String> {
        token.strip_prefix("Bearer ").map(str::to_owned)
    }
}

/// Made of another one.
#[component(scope = request)]
struct Greeting {
    user: Inject<User>,
}

#[route(GET, "/me")]
fn me(user: Inject<User>, greeting: Inject<Greeting>, again: Inject<User>) -> String {
    user.asked.set(user.asked.get() + 1);
    format!(
        "{} {} {}",
        user.name,
        greeting.user.asked.get(),
        again.asked.get()
    )
}

#[route(GET, "/open")]
fn open() -> &'static str {
    "open"
}

#[test]
fn one_is_made_for_each_request_that_needs_it() {
    let app = TestApp::of(routes![me, open]);
    let ask = |name: &str| {
        app.get("/me")
            .header("Authorization", format!("Bearer {name}"))
            .send()
    };
    ask("Ada").assert_text("Ada 1 1");
    ask("Grace").assert_text("Grace 1 1");
    app.get("/open").send().assert_text("open");
    app.get("/me").send().assert_status(401);
    assert_eq!(MADE.get(), 3);
}

/// Says when it is dropped.
struct Transaction;

static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());

fn tell(what: &'static str) {
    LOG.lock().unwrap().push(what);
}

impl Drop for Transaction {
    fn drop(&mut self) {
        tell("transaction ends");
    }
}

#[component(scope = request)]
fn transaction() -> Transaction {
    tell("transaction begins");
    Transaction
}

struct Outer;

impl Drop for Outer {
    fn drop(&mut self) {
        tell("outer ends");
        panic!("a drop that panics");
    }
}

#[component(scope = request)]
fn outer(_transaction: Inject<Transaction>) -> Outer {
    Outer
}

#[route(POST, "/orders")]
fn order(_outer: Inject<Outer>, _transaction: Inject<Transaction>) -> &'static str {
    tell("handler");
    "ordered"
}

#[test]
fn they_end_before_the_answer_is_sent_in_reverse_order() {
    let app = App::empty()
        .mount("/", routes![order])
        .middleware(|request, next| {
            let response = next.run(request);
            tell("middleware");
            response
        });
    let server = TestServer::start(app);
    let mut client = server.connect();
    for _ in 0..2 {
        client.send("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(client.answer().body, "ordered");
        let log = std::mem::take(&mut *LOG.lock().unwrap());
        assert_eq!(
            log,
            [
                "transaction begins",
                "handler",
                "middleware",
                "outer ends",
                "transaction ends"
            ]
        );
    }
}

/// The body is there for a component, although no argument of the handler takes it.
#[component(scope = request)]
fn numbers(Json(numbers): Json<Vec<u32>>) -> Vec<u32> {
    numbers
}

#[route(PUT, "/sum")]
fn sum(numbers: Inject<Vec<u32>>) -> String {
    numbers.iter().sum::<u32>().to_string()
}

#[test]
fn they_may_take_the_body() {
    let server = TestServer::start(App::empty().mount("/", routes![sum]));
    let body = "[1,2,3]";
    let answer = server.exchange(format!(
        "PUT /sum HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(answer.ends_with("\r\n\r\n6"), "{answer}");
    let app = TestApp::of(routes![sum]);
    app.put("/sum").json(&["x"]).send().assert_status(400);
}

/// An application inside of a handler has its own.
#[test]
fn applications_may_be_nested() {
    let inner = App::empty().mount("/", routes![me]);
    let app =
        App::empty()
            .mount("/", routes![order, me])
            .route("GET", "/nested", move |_: &Request| {
                let request = Request::get("/me")
                    .header("Authorization", "Bearer inner")
                    .build();
                inner.call(request.unwrap())
            });
    let app = TestApp::from_app(app);
    app.get("/nested").send().assert_text("inner 1 1");
    app.get("/me")
        .header("Authorization", "Bearer outer")
        .send()
        .assert_text("outer 1 1");
}
