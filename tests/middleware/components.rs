//! Components in middleware: injected, checked before the start, and made for requests.

use std::sync::atomic::{AtomicUsize, Ordering};

use mini_spring::{
    App, Extension, Inject, IntoService, Next, Problem, Request, Response, TestApp, component,
    middleware, route, routes,
};

struct Sessions(&'static str);

#[component]
fn sessions() -> Sessions {
    Sessions("Ada")
}

#[derive(Clone)]
struct Name(String);

#[middleware(provides = Name)]
fn with_session(
    request: &mut Request,
    next: Next,
    sessions: Inject<Sessions>,
    #[cookie("sid")] sid: Option<String>,
) -> Result<Response, Problem> {
    sid.ok_or_else(|| Problem::unauthorized("no session"))?;
    request.extensions_mut().insert(Name(sessions.0.to_owned()));
    Ok(next.run(request))
}

#[middleware(with_session)]
#[route(GET, "/name")]
fn name(name: Extension<Name>) -> String {
    name.0.clone()
}

#[test]
fn components_are_injected() {
    let app = TestApp::of(routes![name]);
    app.get("/name").send().assert_status(401);
    app.get("/name")
        .header("Cookie", "sid=7")
        .send()
        .assert_text("Ada");
}

struct Missing;

#[middleware]
fn missing(request: &mut Request, next: Next, _: Inject<Missing>) -> Response {
    next.run(request)
}

#[middleware(missing)]
#[route(GET, "/missing")]
fn needs_what_is_missing() {}

#[test]
fn what_is_missing_is_reported_with_its_place() {
    let around = App::empty()
        .route("GET", "/", |_: &Request| "hello")
        .middleware(missing);
    for app in [
        App::empty().mount("/", routes![needs_what_is_missing]),
        around,
    ] {
        let report = app.into_service().expect_err("a report").to_string();
        let place = format!("the middleware `missing` ({}:", file!());
        assert!(report.contains(&place), "{report}");
        assert!(report.contains("Missing"), "{report}");
    }
}

static MADE: AtomicUsize = AtomicUsize::new(0);

struct User(String);

#[component(scope = request)]
fn user(#[header("X-User")] name: &str) -> User {
    MADE.fetch_add(1, Ordering::Relaxed);
    User(name.to_owned())
}

#[middleware]
fn known(request: &mut Request, next: Next, user: Inject<User>) -> Response {
    let name = user.0.clone();
    next.run(request).header("X-Known", name)
}

#[middleware(known)]
#[route(GET, "/known")]
fn is_known(user: Inject<User>) -> String {
    user.0.clone()
}

#[route(GET, "/free")]
fn free() -> &'static str {
    "free"
}

#[test]
fn what_is_made_for_a_request_is_shared_with_the_handler() {
    let app = TestApp::of(routes![is_known, free]);
    for count in 1..=3 {
        let response = app.get("/known").header("X-User", "Ada").send();
        response.assert_text("Ada").assert_header("X-Known", "Ada");
        app.get("/free").send().assert_text("free");
        assert_eq!(MADE.load(Ordering::Relaxed), count);
    }
    app.get("/known").send().assert_status(400);
}

struct Seen(String);

#[component(scope = request)]
fn seen(request: &Request) -> Seen {
    Seen(request.path().to_owned())
}

#[middleware]
fn shown(request: &mut Request, next: Next, seen: Inject<Seen>) -> Response {
    let path = seen.0.clone();
    next.run(request).header("X-Seen", path)
}

#[test]
fn it_is_made_where_there_is_no_route_too() {
    let app = App::empty().mount("/", routes![free]).middleware(shown);
    let app = TestApp::from_app(app);
    for path in ["/free", "/nothing"] {
        app.get(path).send().assert_header("X-Seen", path);
    }
}
