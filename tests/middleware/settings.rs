//! Middleware that functions of components make: where it may stand, and what is checked of it.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mini_spring::{
    App, Compression, Cors, Extension, Inject, IntoService, Middleware, Next, Provides, RateLimit,
    Request, Response, SecurityHeaders, TestApp, config, group, middleware, route, routes,
    with_components,
};

#[config(prefix = "with_components")]
struct Limits {
    #[config(default = 1)]
    requests: u32,
    #[config(default = 0)]
    none: u32,
    #[config(default = "https://shop.example")]
    origin: String,
    #[config(default = "shop.example")]
    nonsense: String,
}

fn limit(limits: Inject<Limits>) -> RateLimit {
    RateLimit::per_hour(limits.requests)
}

fn hello(_: &Request) -> &'static str {
    "hello"
}

fn app() -> App {
    App::empty().route("GET", "/api", hello)
}

#[route(GET, "/alone")]
#[middleware(with_components(limit))]
fn alone() {}

mod grouped {
    use super::*;

    group! { middleware: [with_components(|limits: Inject<Limits>| RateLimit::per_hour(limits.requests))] }

    #[route(GET, "/one")]
    pub(super) fn one() {}

    #[route(GET, "/two")]
    pub(super) fn two() {}
}

#[test]
fn it_stands_wherever_middleware_does() {
    let app = app()
        .mount("/", routes![alone, grouped::one, grouped::two])
        .layer(with_components(|limits: Inject<Limits>| {
            Cors::new().origin(&limits.origin)
        }))
        .layer_at("/api", with_components(limit));
    let app = TestApp::from_app(app);
    let origin = "https://shop.example";
    for (path, status) in [
        ("/alone", 204),
        ("/alone", 429),
        // Of a group, it is one for all routes.
        ("/one", 204),
        ("/two", 429),
        ("/api", 200),
        ("/api", 429),
        ("/nothing", 404),
    ] {
        let response = app.get(path).header("Origin", origin).send();
        response.assert_status(status);
        response.assert_header("Access-Control-Allow-Origin", origin);
    }
}

#[test]
fn lists_name_it_by_its_type() {
    let app = app().layer(with_components(limit));
    let service = app.into_service().unwrap();
    let routes = service.routes().to_string();
    assert!(routes.contains("[RateLimit]"), "{routes}");
}

#[track_caller]
fn refused(middleware: impl Middleware, expected: &str) {
    let at = Location::caller();
    let app = app().layer(middleware);
    let report = app.into_service().expect_err("a report").to_string();
    let place = format!("({}:{})", at.file(), at.line());
    assert_eq!(report, expected.replace("(here)", &place));
}

/// Settings are strings, and lists of strings.
#[test]
fn names_are_taken_as_they_come() {
    let names = vec!["X-Basket".to_owned()];
    let cors = Cors::new()
        .origin(String::from("https://shop.example"))
        .origin(Box::<str>::from("https://www.shop.example"))
        .methods(&["PUT".to_owned()])
        .headers(&names)
        .expose(names);
    let headers = SecurityHeaders::new()
        .with(String::from("X-Robots-Tag"), String::from("none"))
        .without(String::from("X-Frame-Options"))
        .content_security_policy(String::from("default-src 'self'"));
    let codings = Compression::new().codings(vec!["gzip".to_owned()]);
    let app = app().layer(headers).layer(codings).layer(cors);
    let response = TestApp::from_app(app)
        .get("/api")
        .header("Origin", "https://www.shop.example")
        .send();
    response.assert_header("Access-Control-Allow-Origin", "https://www.shop.example");
    response.assert_header("Access-Control-Expose-Headers", "X-Basket");
    response.assert_header("X-Robots-Tag", "none");
    assert_eq!(response.header("X-Frame-Options"), None);
}

/// What would be a mistake if it were written there itself is one.
#[test]
fn what_is_wrong_with_it_stops_the_start() {
    refused(
        with_components(|limits: Inject<Limits>| RateLimit::per_minute(limits.none)),
        "the middleware `RateLimit` (here): nobody may ask; allow one request at least",
    );
    refused(
        with_components(|limits: Inject<Limits>| Cors::new().origin(&limits.nonsense)),
        "the middleware `Cors` (here): `shop.example` is no origin: the scheme is missing; write it as \
         `https://example.org`",
    );
}

struct Missing;

#[test]
fn what_the_function_says_stops_the_start() {
    refused(
        with_components(|_: Inject<Limits>| Err::<RateLimit, _>("no luck")),
        "the middleware `RateLimit` (here) has failed: no luck",
    );
    let missing = with_components(|_: Inject<Missing>| Cors::permissive());
    let report = app().layer(missing).verify().expect_err("a report");
    let report = report.to_string();
    assert!(
        report.contains("Missing") && report.contains("`Cors`"),
        "{report}"
    );
}

#[test]
fn a_function_that_panics_stops_the_start() {
    let panics = with_components(|limits: Inject<Limits>| -> Cors { panic!("at {}", limits.none) });
    let report = app().layer(panics).into_service().expect_err("a report");
    let report = report.to_string();
    assert!(
        report.contains("the middleware `Cors` (") && report.ends_with("panicked: at 0"),
        "{report}"
    );
}

#[middleware]
fn by_itself(request: &mut Request, next: Next, _: Inject<Limits>) -> Response {
    next.run(request)
}

#[test]
fn it_needs_nothing_by_itself() {
    refused(
        with_components(|| by_itself),
        "the middleware `by_itself` (here) needs components by itself, which what `with_components` makes can't; \
         take them as arguments of the function",
    );
}

#[derive(Clone)]
struct User;

struct OneUser(bool);

impl Middleware for OneUser {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        request.extensions_mut().insert(User);
        next.run(request)
    }

    fn provides(&self) -> Provides {
        match self.0 {
            true => Provides::of::<User>(),
            false => Provides::nothing(),
        }
    }
}

#[route(GET, "/user")]
fn user(_: Extension<User>) {}

/// What it puts on requests is known when it is made.
#[test]
fn what_it_puts_there_is_checked() {
    let app = |puts: bool| {
        let one_user = with_components(move |_: Inject<Limits>| OneUser(puts));
        App::empty().mount("/", routes![user]).layer(one_user)
    };
    assert!(app(false).verify().is_ok());
    TestApp::from_app(app(true))
        .get("/user")
        .send()
        .assert_status(204);
    let report = app(false).into_service().expect_err("a report").to_string();
    assert!(
        report.contains("no middleware around it puts one there"),
        "{report}"
    );
}

/// That middleware of the framework puts nothing there is known before it is made, and so is what functions say.
#[test]
fn what_its_type_puts_there_is_checked_before() {
    let app = || App::empty().mount("/", routes![user]);
    let limited = app().layer(with_components(limit));
    let report = limited.verify().expect_err("a report").to_string();
    assert!(
        report.contains("no middleware around it puts one there"),
        "{report}"
    );
    let said = app().layer(with_components(|_: Inject<Limits>| one_user));
    assert!(said.verify().is_ok());
    TestApp::from_app(said)
        .get("/user")
        .send()
        .assert_status(204);
}

#[middleware(provides = User)]
fn one_user(request: &mut Request, next: Next) -> Response {
    request.extensions_mut().insert(User);
    next.run(request)
}

/// An application that changes is built anew, and so is what is made for it.
#[test]
fn each_build_makes_its_own() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let limit = with_components(move |limits: Inject<Limits>| {
        counted.fetch_add(1, Ordering::Relaxed);
        RateLimit::per_hour(limits.requests)
    });
    let app = app().layer(limit);
    let get = |app: &App| {
        app.call(Request::get("/api").build().unwrap())
            .status()
            .as_u16()
    };
    assert_eq!((get(&app), get(&app)), (200, 429));
    assert_eq!(count.load(Ordering::Relaxed), 1);
    let app = app.route("GET", "/more", hello);
    assert_eq!((get(&app), get(&app)), (200, 429));
    assert_eq!(count.load(Ordering::Relaxed), 2);
}
