//! What middleware may look like.

#![deny(warnings)]

use mini_spring::{Middleware, Next, Problem, Request, Response, middleware, route};

mod limits {
    use mini_spring::group;

    group! {
        prefix: "/limits",
        middleware: [super::plain, |request, next| next.run(request), super::Value(7), super::made(1)],
    }

    #[mini_spring::route(GET, "/")]
    fn index() {}
}

fn plain(request: &mut Request, next: Next) -> Response {
    next.run(request)
}

struct Value(u32);

impl Middleware for Value {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        next.run(request).header("X-Value", self.0.to_string())
    }
}

fn made(_: u32) -> impl Middleware {
    plain
}

/// Documented.
#[mini_spring::middleware]
#[allow(unused_variables)]
#[inline]
pub fn documented(
    request: &mut mini_spring::Request,
    next: mini_spring::Next<'_>,
    #[header("X-A")] a: Vec<u32>,
    #[cookie("b")] b: Option<String>,
) -> Result<Response, Problem> {
    Ok(next.run(request))
}

#[middleware(provides = [u8, Vec<String>])]
#[cfg(all())]
fn provides(request: &mut Request, next: Next) -> mini_spring::Result<Response> {
    request.extensions_mut().insert(7_u8);
    request.extensions_mut().insert(Vec::<String>::new());
    Ok(next.run(request))
}

#[middleware]
#[cfg(any())]
fn not_there(request: &mut Request, next: Next, missing: Missing) -> Response {}

#[middleware(plain)]
#[mini_spring::middleware(provides)]
#[route(GET, "/above")]
#[middleware(documented)]
#[middleware({
    let value = 7;
    Value(value)
})]
#[cfg_attr(all(), middleware(plain))]
fn handler() {}

fn main() {
    #[middleware]
    fn local(request: &mut Request, next: Next) -> Response {
        next.run(request)
    }

    #[middleware(local)]
    #[route(GET, "/local")]
    fn in_a_function() {}

    let function: fn(&mut Request, Next<'_>) -> Response = documented;
    let _ = mini_spring::App::new().middleware(function).layer(local).layer(Value(7));
}
