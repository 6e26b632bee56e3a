//! Clients that leave while a handler works for them.
#![allow(missing_docs)]

mod support;

use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use mini_spring::{Request, Router, route, routes};
use support::TestServer;

/// Waits until its client has gone, within reason.
fn until_gone(request: &Request) -> &'static str {
    let patience = Instant::now() + Duration::from_secs(20);
    while !request.client_gone() {
        assert!(Instant::now() < patience, "the client stays");
        std::thread::yield_now();
    }
    "you have gone"
}

/// A server whose handler says when it has been entered and when it is done.
fn server(told: Sender<&'static str>) -> TestServer {
    let told = Mutex::new(told);
    let mut router = Router::new();
    let handler = move |request: &Request| {
        let tell = |what| told.lock().unwrap().send(what).unwrap();
        tell(if request.client_gone() {
            "gone"
        } else {
            "here"
        });
        tell(until_gone(request));
        "answer"
    };
    router.register("GET", "/", handler).unwrap();
    TestServer::start(router)
}

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn a_client_that_closes_its_side_is_gone_and_still_answered() {
    let (told, tells) = channel();
    let server = server(told);
    let mut client = server.connect();
    // What it has sent beyond its request doesn't hide the end.
    client.send(format!("{GET}GET /other HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_eq!(tells.recv().unwrap(), "here");
    client.end();
    assert_eq!(tells.recv().unwrap(), "you have gone");
    assert_eq!(client.answer().body, "answer");
    assert_eq!(client.answer().status, 404);
}

#[test]
fn a_client_that_closes_the_connection_is_gone() {
    let (told, tells) = channel();
    let server = server(told);
    let mut client = server.connect();
    client.send(GET);
    assert_eq!(tells.recv().unwrap(), "here");
    drop(client);
    assert_eq!(tells.recv().unwrap(), "you have gone");
}

#[test]
fn a_call_with_a_timeout_sees_it_too() {
    #[route(GET, "/timed", timeout = "20s")]
    fn timed(request: &Request) -> &'static str {
        until_gone(request)
    }
    let server = TestServer::start(mini_spring::App::empty().mount("/", routes![timed]));
    let mut client = server.connect();
    client.send("GET /timed HTTP/1.1\r\nHost: a\r\n\r\n");
    client.end();
    assert_eq!(client.answer().body, "you have gone");
}

#[test]
fn a_request_without_a_connection_is_waited_for() {
    assert!(!Request::get("/").build().unwrap().client_gone());
}
