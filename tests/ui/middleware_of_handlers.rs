use mini_spring::{Next, Request, Response, middleware, route};

fn auth(request: &mut Request, next: Next) -> Response {
    next.run(request)
}

fn three(request: &mut Request, next: Next, token: String) -> Response {
    next.run(request)
}

#[middleware(auth)]
fn no_handler() {}

#[middleware(auth)]
struct NoFunction;

#[middleware]
#[route(GET, "/bare")]
fn bare() {}

#[route(GET, "/bare")]
#[middleware]
fn bare_below() {}

#[middleware(auth, auth)]
#[route(GET, "/two")]
fn two() {}

#[middleware(7)]
#[route(GET, "/number")]
fn number() {}

#[route(GET, "/three")]
#[middleware(three)]
fn three_arguments() {}

#[middleware(unknown)]
#[route(GET, "/unknown")]
fn unknown_name() {}

#[middleware(|request| auth)]
#[route(GET, "/closure")]
fn closure() {}

#[middleware(auth)]
#[route(GET, "/<id>")]
fn route_is_wrong() {}


fn main() {}
