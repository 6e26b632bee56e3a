//! Facts about a request, with and without names for their lifetimes, and routes that media types tell apart.
#![deny(warnings, elided_lifetimes_in_paths)]

use mini_spring::http::{HeaderMap, Method, Uri, Version};
use mini_spring::{
    ClientIp, Deadline, Extension, Host, Json, MatchedRoute, PeerAddr, Problem, route, routes,
};

#[derive(Clone)]
struct User(String);

type Maybe<T> = Option<T>;

#[route([GET, DELETE], "/a/<id>")]
fn all<'r>(
    id: u64,
    by_value: Method,
    method: &'r Method,
    uri: Result<Uri, Problem>,
    version: Version,
    map: HeaderMap,
    host: Maybe<Host<'r>>,
    route: MatchedRoute<'_>,
    ClientIp(client): ClientIp,
    PeerAddr(peer): PeerAddr,
    user: Extension<'r, User>,
    deadline: Deadline,
) -> String {
    let name = host.map_or("", |host| host.name());
    let facts = (by_value, method, uri.is_ok(), version, map.len(), name, route.pattern());
    format!("{id} {facts:?} {client} {peer} {} {}", user.0, deadline.is_over())
}

#[route(GET, "/b", produces = "application/json")]
fn json(user: Option<Extension<'_, User>>) -> Json<bool> {
    Json(user.is_some())
}

#[route(GET, "/b", produces = "text/plain; version=0.0.4", status = 203, timeout = "5s")]
fn text(user: Maybe<Extension<'_, User>>) -> String {
    user.map(|user| user.0.clone()).unwrap_or_default()
}

#[route(POST, "/b", consumes = ["image/png", "image/gif"], produces = "image/webp", body_limit = "1MiB")]
#[route(PUT, "/b", consumes = "image/*")]
fn picture(body: Vec<u8>) -> Vec<u8> {
    body
}

fn main() {
    let _ = routes![all, json, text, picture];
}
