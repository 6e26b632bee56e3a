//! Servers behind proxies: who the client is, by what its proxies say.
#![allow(missing_docs)]

mod fields;
mod log;
mod protocol;
#[path = "../support/mod.rs"]
mod support;

use mini_spring::{App, ClientIp, PeerAddr, Request, ServerConfig, route, routes};
use support::{Client, TestServer};

#[route(GET, "/origin")]
fn origin(ClientIp(client): ClientIp, PeerAddr(peer): PeerAddr, request: &Request) -> String {
    assert_eq!(client, request.client_ip());
    format!("{}://{client} by {}", request.scheme(), peer.ip())
}

#[route(POST, "/small", body_limit = "10")]
fn small(_body: &str) {}

fn server(change: impl FnOnce(&mut ServerConfig)) -> TestServer {
    let app = App::empty().mount("/", routes![origin, small]);
    TestServer::with(app, change)
}

/// What the server takes for the origin of a request with these fields.
fn ask(client: &mut Client, fields: &str) -> String {
    client.send(format!("GET /origin HTTP/1.1\r\nHost: a\r\n{fields}\r\n"));
    let answer = client.answer();
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}
