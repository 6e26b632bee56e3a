//! The request is lent to handlers; only middleware can change it.

use mini_spring::{Request, route};

#[route(GET, "/a")]
fn mutable(request: &mut Request) -> String {
    request.path().to_owned()
}

#[route(GET, "/b")]
fn owned(request: Request) -> String {
    request.path().to_owned()
}

fn main() {}
