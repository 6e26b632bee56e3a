//! What is wrong with middleware stops the start, and says where.

use mini_spring::{
    App, Extension, FromRequest, IntoService, Middleware, Needs, Next, Problem, Provides, Request,
    Response, middleware, route, routes,
};

fn passed(request: &mut Request, next: Next) -> Response {
    next.run(request)
}

#[track_caller]
fn check(app: App, expected: &[&str]) {
    let report = app.into_service().expect_err("a report").to_string();
    for piece in expected {
        assert!(report.contains(piece), "{piece} in {report}");
    }
}

fn hello(_: &Request) -> &'static str {
    "hello"
}

#[test]
fn prefixes_are_checked() {
    let app = || App::empty().route("GET", "/api/books", hello);
    let line = line!() + 1;
    let wrong = app().middleware_at("/apis", passed);
    let place = format!("`passed` ({}:{line})", file!());
    check(
        wrong,
        &["is around no route: no pattern is below `/apis`", &place],
    );
    let line = line!() + 1;
    let wrong = app().middleware_at("/<tenant>", |request, next| next.run(request));
    let place = format!(
        "{}:{line}: the prefix `/<tenant>` holds a parameter",
        file!()
    );
    check(wrong, &[&place]);
    check(app().middleware_at("api", passed), &["the prefix `api`: "]);
    for prefix in ["", "/", "/api", "/api/", "/api/books"] {
        assert!(app().middleware_at(prefix, passed).into_service().is_ok());
    }
}

#[derive(Clone)]
struct User;

#[middleware(provides = [User, u8])]
fn with_user(request: &mut Request, next: Next) -> Response {
    request.extensions_mut().insert(User);
    next.run(request)
}

#[middleware]
fn without(request: &mut Request, next: Next) -> Response {
    next.run(request)
}

#[route(GET, "/me")]
fn me(_user: Extension<User>) {}

#[route(GET, "/perhaps")]
fn perhaps(_user: Option<Extension<User>>, _: Result<Extension<u16>, Problem>) {}

#[route(GET, "/bare")]
#[middleware(without)]
fn bare(_user: Extension<User>) {}

#[route(GET, "/right")]
#[middleware(with_user)]
#[middleware(without)]
fn right(_user: Extension<User>) {}

#[test]
fn values_that_nobody_puts_there_are_found() {
    let expected = "and no middleware around it puts one there; put one around it that has \
                    `#[middleware(provides = ..)]`, or take `Option<Extension<..>>`";
    let place = format!("start::me ({}:", file!());
    let taken = "takes a `middleware::start::User` from the request";
    check(
        App::empty().mount("/", routes![me]),
        &[expected, &place, taken],
    );
    let app = App::empty().mount("/", routes![bare]).layer(Nothing);
    check(app, &[expected, "start::bare"]);
    let app = App::empty().mount("/", routes![perhaps, right]);
    assert!(app.into_service().is_ok());
    let app = App::empty()
        .mount("/", routes![me, bare])
        .middleware(with_user);
    assert!(app.into_service().is_ok());
}

/// What doesn't say what it puts there may have put it there.
#[test]
fn values_that_may_be_there_are_left_to_the_request() {
    let app = App::empty().mount("/", routes![bare]).middleware(passed);
    assert!(app.into_service().is_ok());
    let app = App::empty().mount("/", routes![bare]);
    let app = app.middleware(|request, next| next.run(request));
    assert!(app.into_service().is_ok());
}

struct Nothing;

impl Middleware for Nothing {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        next.run(request)
    }

    fn provides(&self) -> Provides {
        Provides::nothing()
    }
}

/// Takes a value through another extractor.
struct Name;

impl<'r> FromRequest<'r> for Name {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        Extension::<User>::from_request(request).map(|_| Name)
    }

    fn requires(needs: &mut Needs) {
        needs.of::<Extension<User>>();
    }
}

#[middleware]
fn named(request: &mut Request, next: Next, _: Name) -> Response {
    next.run(request)
}

#[test]
fn what_a_middleware_takes_must_be_there_further_outside() {
    let app = || App::empty().route("GET", "/", hello);
    let wrong = app().middleware(named).middleware(with_user);
    let place = format!("the middleware `named` ({}:", file!());
    check(
        wrong,
        &[&place, "takes a `middleware::start::User` from the request"],
    );
    let right = app().middleware(with_user).middleware(named);
    assert!(right.into_service().is_ok());
}

struct Greedy;

impl Middleware for Greedy {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        next.run(request)
    }

    fn requires(&self, needs: &mut Needs) {
        needs.of::<String>();
    }
}

#[test]
fn the_body_is_the_handlers() {
    let app = App::empty().route("GET", "/", hello).layer(Greedy);
    check(app, &["`Greedy`", "takes the body, which is the handler's"]);
}

mod twice {
    use super::{passed, route};
    use mini_spring::group;

    group! { prefix: "/one" }
    group! { middleware: [passed] }

    #[route(GET, "/")]
    pub(crate) fn handler() {}
}

#[test]
fn a_module_has_one_group() {
    let app = App::empty().mount("/", routes![twice::handler]);
    let expected = ["two groups stand in the module `middleware::start::twice`: "];
    check(app, &expected);
}
