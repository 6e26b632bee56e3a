//! Answering a request allocates nothing, once a connection is warm.
#![allow(missing_docs)]

mod support;

use mini_spring::http::{Method, Version};
use mini_spring::{
    App, ClientIp, Extension, Host, MatchedRoute, Next, PeerAddr, Request, Response, middleware,
    route,
};
use serde::Serialize;
use support::counting::{self, Counting};
use support::{Client, TestServer};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct UserId<'a> {
    user_id: &'a str,
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
fn echo<'r>(body: &'r [u8], request: &'r Request) -> (mini_spring::http::StatusCode, &'r [u8]) {
    assert!(request.header("content-length").is_some());
    (mini_spring::http::StatusCode::CREATED, body)
}

/// Nothing was put on the request, and nothing is made of it.
#[route(GET, "/facts")]
fn facts<'r>(
    method: &Method,
    version: Version,
    host: Host<'r>,
    route: MatchedRoute<'r>,
    PeerAddr(peer): PeerAddr,
    ClientIp(client): ClientIp,
    none: Option<Extension<'_, u8>>,
) -> &'r str {
    assert!(method == Method::GET && version == Version::HTTP_11 && none.is_none());
    assert!(route.pattern() == "/facts" && peer.ip() == client);
    host.name()
}

fn passed(request: &mut Request, next: Next) -> Response {
    next.run(request)
}

/// The others have none, and pay nothing for it; this one pays for its calls only.
#[middleware(passed)]
#[middleware(|request, next| next.run(request))]
#[route(GET, "/around")]
fn around() -> &'static str {
    "around"
}

fn ask(client: &mut Client, request: &str, times: usize) {
    for _ in 0..times {
        client.send(request);
        assert!(client.answer().status < 300);
    }
}

#[test]
fn a_warm_connection_allocates_nothing() {
    counting::leave_out_this_thread();
    let server = TestServer::start(App::new());
    let mut client = server.connect();
    for request in [
        "GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /users/42 HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
        "GET /facts HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /around HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    ] {
        // Any of the workers may get the next request, and each has buffers to warm up. How many
        // requests that takes is up to the scheduler, so wait for a quiet stretch.
        let quiet = (0..100).any(|_| {
            let before = counting::allocations();
            ask(&mut client, request, 500);
            counting::allocations() == before
        });
        assert!(quiet, "every stretch of 500 requests allocates: {request}");
    }
}
