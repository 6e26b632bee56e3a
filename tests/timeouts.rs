//! Routes with a timeout: who is too late is answered for, and nothing is answered twice.
#![allow(missing_docs)]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use mini_spring::{App, Deadline, Request, ServerConfig, Stream, route, routes};
use support::{PATIENCE, TestServer, permits, until};

/// A place where a handler waits until a test lets it go on.
struct Door {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Closed,
    /// A handler stands before it.
    Awaited,
    Open,
    /// The handler has gone through, and its deadline was over then.
    Passed(bool),
}

impl Door {
    const fn new() -> Self {
        Door {
            state: Mutex::new(State::Closed),
            changed: Condvar::new(),
        }
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap() = state;
        self.changed.notify_all();
    }

    fn wait_for(&self, is_there: impl Fn(State) -> bool) -> State {
        let state = self.state.lock().unwrap();
        let (state, timeout) = self
            .changed
            .wait_timeout_while(state, PATIENCE, |state| !is_there(*state))
            .unwrap();
        assert!(!timeout.timed_out(), "nobody came");
        *state
    }

    fn pass(&self, deadline: Deadline) -> &'static str {
        let mut state = self.state.lock().unwrap();
        if *state == State::Closed {
            *state = State::Awaited;
        }
        drop(state);
        self.changed.notify_all();
        self.wait_for(|state| state == State::Open);
        self.set(State::Passed(deadline.is_over()));
        "passed"
    }
}

fn server(routes: mini_spring::Routes) -> TestServer {
    TestServer::start(App::empty().mount("/", routes))
}

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

#[route(GET, "/quick/<number>", timeout = "20s")]
fn quick(number: u32, deadline: Deadline) -> String {
    assert!(deadline.remaining().unwrap() <= Duration::from_secs(20));
    format!("{number}")
}

#[route(POST, "/echo", timeout = "20s")]
fn echo(body: &str, request: &Request) -> String {
    format!("{} {body}", request.method())
}

#[route(GET, "/broken", timeout = "20s")]
fn broken() -> String {
    panic!("out of order")
}

#[test]
fn an_answer_in_time_is_as_any_other() {
    let server = server(routes![health, quick, echo, broken]);
    let mut client = server.connect();
    // All at once, with routes in between that have no timeout.
    let mut requests = String::new();
    for number in 0..100 {
        requests += &format!("GET /quick/{number} HTTP/1.1\r\nHost: a\r\n\r\n");
        requests += "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    client.send(&requests);
    for number in 0..100 {
        assert_eq!(client.answer().body, number.to_string());
        assert_eq!(client.answer().body, "up");
    }
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
    assert_eq!(client.answer().body, "POST abc");
    client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().status, 500);
    client.send("GET /quick/7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let answer = client.answer();
    assert_eq!(answer.field("connection"), Some("close"));
    assert_eq!(answer.body, "7");
    assert!(client.is_closed());
}

#[test]
fn a_late_handler_is_504_and_its_answer_is_dropped() {
    static DOOR: Door = Door::new();
    #[route(GET, "/late", timeout = "30ms")]
    fn late(deadline: Deadline) -> &'static str {
        DOOR.pass(deadline)
    }
    let server = server(routes![late, health]);
    let mut client = server.connect();
    client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer();
    assert_eq!(answer.status, 504);
    assert_eq!(answer.field("connection"), Some("close"));
    assert!(
        answer
            .body
            .contains("\"detail\":\"the handler has taken too long\""),
        "{answer:?}"
    );
    // What follows on the connection is not answered, and the late answer doesn't come either.
    assert_eq!(client.rest(), "");
    DOOR.set(State::Open);
    let passed = DOOR.wait_for(|state| matches!(state, State::Passed(_)));
    assert!(passed == State::Passed(true));
    let mut client = server.connect();
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "up");
}

#[test]
fn a_late_answer_to_head_has_no_body() {
    static DOOR: Door = Door::new();
    #[route(HEAD, "/late", timeout = "30ms")]
    fn late(deadline: Deadline) -> &'static str {
        DOOR.pass(deadline)
    }
    let server = server(routes![late]);
    let head = server.exchange("HEAD /late HTTP/1.1\r\nHost: a\r\n\r\n");
    DOOR.set(State::Open);
    assert!(
        head.starts_with("HTTP/1.1 504 Gateway Timeout\r\n"),
        "{head}"
    );
    assert!(head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn what_comes_during_the_call_is_answered_after_it() {
    static DOOR: Door = Door::new();
    #[route(GET, "/slow", timeout = "20s")]
    fn slow(deadline: Deadline) -> &'static str {
        DOOR.pass(deadline)
    }
    let server = server(routes![slow, health]);
    let mut client = server.connect();
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    DOOR.wait_for(|state| state == State::Awaited);
    // More requests, and the end of the stream, while nobody reads.
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    client.end();
    DOOR.set(State::Open);
    assert_eq!(client.answer().body, "passed");
    assert_eq!(client.answer().body, "up");
    assert_eq!(client.answer().body, "up");
    assert!(client.is_closed());
}

/// The clock and the handlers race for each connection, each wins some of them, and each client gets
/// one answer.
#[test]
fn each_request_is_answered_once() {
    #[route(GET, "/race/<late>", timeout = "3ms")]
    fn race(late: u64, deadline: Deadline) -> &'static str {
        // The clock needs a moment to become active: some return before that, some after it.
        let end = deadline.at().unwrap() + Duration::from_micros(100 * late);
        while Instant::now() < end {
            std::thread::yield_now();
        }
        "made it"
    }
    let change = |config: &mut ServerConfig| config.workers = 64;
    let server = TestServer::with(App::empty().mount("/", routes![race]), change);
    let [in_time, too_late] = [const { AtomicUsize::new(0) }; 2];
    let ask = |late: usize| {
        let mut client = server.connect();
        client.send(format!("GET /race/{late} HTTP/1.1\r\nHost: a\r\n\r\n"));
        let answer = client.answer();
        match answer.status {
            200 => {
                assert_eq!(answer.body, "made it");
                in_time.fetch_add(1, Ordering::Relaxed);
            }
            status => {
                assert_eq!(status, 504);
                too_late.fetch_add(1, Ordering::Relaxed);
            }
        }
        client.end();
        assert_eq!(client.rest(), "");
    };
    until("some calls are in time, and some are late", || {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..40).for_each(ask));
            }
        });
        in_time.load(Ordering::Relaxed) > 0 && too_late.load(Ordering::Relaxed) > 0
    });
}

#[test]
fn a_handler_that_never_returns_ends_the_grace_period_with_its_name() {
    static DOOR: Door = Door::new();
    #[route(GET, "/stuck", timeout = "10ms")]
    fn stuck(deadline: Deadline) -> &'static str {
        DOOR.pass(deadline)
    }
    let mut config = ServerConfig::default();
    (config.host, config.port) = ([127, 0, 0, 1].into(), 0);
    config.shutdown_grace = Duration::from_millis(200);
    let app = App::empty().mount("/", routes![stuck]);
    let running = mini_spring::Server::bind_with(config)
        .unwrap()
        .start(app)
        .unwrap();
    let mut client = support::Client::connect(running.addr());
    client.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().status, 504);
    client.end();
    assert_eq!(client.rest(), "");
    // Its client is gone, but it is still there.
    running.shutdown();
    let error = running.join().unwrap_err().to_string();
    let expected = "handlers have not returned within 200ms: GET /stuck: timeouts::stuck (tests/";
    assert!(error.starts_with(expected), "{error}");
    DOOR.set(State::Open);
}

/// What a late handler leaves behind may panic in every way, and blocks nobody.
#[test]
fn late_handlers_may_panic() {
    static PANICS: Door = Door::new();
    static BOMB: Door = Door::new();

    struct Bomb;
    impl std::io::Read for Bomb {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Ok(0)
        }
    }
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }

    #[route(GET, "/panics", timeout = "10ms")]
    fn panics(deadline: Deadline) -> &'static str {
        PANICS.pass(deadline);
        panic!("late")
    }
    #[route(GET, "/bomb", timeout = "10ms")]
    fn bomb(deadline: Deadline) -> Stream {
        BOMB.pass(deadline);
        Stream::reader(Bomb).with_type("text/plain")
    }
    let change = |config: &mut ServerConfig| config.workers = 2 * permits();
    let server = TestServer::with(
        App::empty().mount("/", routes![panics, bomb, health]),
        change,
    );
    for _ in 0..=2 * permits() {
        for (path, door) in [("/panics", &PANICS), ("/bomb", &BOMB)] {
            door.set(State::Closed);
            let answer = server.exchange(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
            assert!(answer.starts_with("HTTP/1.1 504 "), "{answer}");
            door.set(State::Open);
            door.wait_for(|state| matches!(state, State::Passed(true)));
        }
    }
    let mut client = server.connect();
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "up");
}
