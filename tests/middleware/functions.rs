//! `#[middleware]` on functions: what they take, and what their results become.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mini_spring::http::{Method, StatusCode};
use mini_spring::{
    App, Extension, FromRequest, Next, Problem, Request, Response, TestApp, middleware, route,
    routes,
};

#[derive(Clone, Debug, PartialEq)]
struct User(String);

/// Who is asking.
#[middleware(provides = User)]
fn auth(
    request: &mut Request,
    next: Next,
    #[header("Authorization")] token: Option<String>,
    #[cookie("sid")] session: Option<u32>,
    method: Method,
) -> Result<Response, Problem> {
    let name = match (token, session) {
        (Some(token), _) => token,
        (None, Some(session)) => format!("session {session} by {method}"),
        (None, None) => return Err(Problem::unauthorized("who are you?")),
    };
    request.extensions_mut().insert(User(name));
    Ok(next.run(request))
}

#[middleware(auth)]
#[route(GET, "/me")]
fn me(user: Extension<User>) -> String {
    user.0.clone()
}

#[test]
fn it_takes_what_a_handler_takes() {
    let app = TestApp::of(routes![me]);
    app.get("/me")
        .header("Authorization", "Ada")
        .send()
        .assert_text("Ada");
    let response = app.get("/me").header("Cookie", "sid=7").send();
    response.assert_text("session 7 by GET");
    let response = app.get("/me").send();
    response
        .assert_status(401)
        .assert_header("Content-Type", "application/problem+json");
    let response = app.get("/me").header("Cookie", "sid=x").send();
    let refusal = response.assert_status(400).text();
    assert!(
        refusal.contains("\"name\":\"sid\"") || refusal.contains("sid"),
        "{refusal}"
    );
}

#[test]
fn it_is_a_function_of_two_arguments() {
    let named: fn(&mut Request, Next<'_>) -> Response = auth;
    let app = App::empty().route("GET", "/", |request: &Request| {
        request
            .extensions()
            .get::<User>()
            .map(|user| user.0.clone())
    });
    let app = TestApp::from_app(app.middleware(named));
    app.get("/").send().assert_status(401);
    let app = App::empty()
        .route("GET", "/", |_: &Request| "hello")
        .middleware(auth);
    let app = TestApp::from_app(app);
    app.get("/nothing").send().assert_status(401);
    app.get("/nothing")
        .header("Authorization", "Ada")
        .send()
        .assert_status(404);
}

#[middleware]
fn absent(
    request: &mut Request,
    next: Next,
    #[header("X-Pass")] pass: Option<bool>,
) -> Option<Response> {
    pass.filter(|pass| *pass).map(|_| next.run(request))
}

#[middleware]
fn status(
    request: &mut Request,
    next: Next,
) -> (StatusCode, [(&'static str, &'static str); 1], Response) {
    (StatusCode::ACCEPTED, [("X-Seen", "yes")], next.run(request))
}

#[middleware]
fn failing(
    _: &mut Request,
    _: Next,
    #[header("X-Number")] number: String,
) -> mini_spring::Result<Response> {
    let number: u32 = number.parse()?;
    Ok(Response::json(&number))
}

#[route(GET, "/absent")]
#[middleware(absent)]
#[middleware(status)]
fn is_absent() -> &'static str {
    "here"
}

#[route(GET, "/failing")]
#[middleware(failing)]
fn never() {}

#[test]
fn its_result_is_that_of_a_handler() {
    let app = TestApp::of(routes![is_absent, never]);
    app.get("/absent").send().assert_status(404);
    let response = app.get("/absent").header("X-Pass", "true").send();
    response
        .assert_status(202)
        .assert_header("X-Seen", "yes")
        .assert_text("here");
    let response = app.get("/failing").header("X-Number", "7").send();
    response.assert_text("7");
    app.get("/failing")
        .header("X-Number", "x")
        .send()
        .assert_status(500);
    app.get("/failing").send().assert_status(400);
}

struct Key(String);

impl<'r> FromRequest<'r> for Key {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        let key = request.header("X-Key").map(str::to_owned);
        key.map(Key).ok_or_else(|| Problem::forbidden("send X-Key"))
    }
}

#[middleware]
pub(crate) fn keyed(request: &mut Request, next: Next<'_>, Key(key): Key) -> Response {
    // A function of the module, whose name generated code doesn't hide.
    next.run(request).header("X-Key", take(key))
}

fn take(key: String) -> String {
    key.to_uppercase()
}

#[route(GET, "/keyed")]
#[middleware(keyed)]
fn with_key() {}

#[test]
fn it_takes_types_of_the_program() {
    let app = TestApp::of(routes![with_key]);
    app.get("/keyed").send().assert_status(403);
    let response = app.get("/keyed").header("X-Key", "a").send();
    response.assert_status(204).assert_header("X-Key", "A");
}

/// Each application evaluates the expression once, for all routes of the handler.
#[test]
fn state_is_shared_by_the_routes_of_a_handler() {
    static MADE: AtomicUsize = AtomicUsize::new(0);

    fn counted() -> impl Fn(&mut Request, Next<'_>) -> Response + Send + Sync + 'static {
        MADE.fetch_add(1, Ordering::Relaxed);
        let seen = Arc::new(AtomicUsize::new(0));
        move |request: &mut Request, next: Next<'_>| {
            let count = seen.fetch_add(1, Ordering::Relaxed);
            next.run(request).header("X-Count", count.to_string())
        }
    }

    #[middleware(counted())]
    #[route(GET, "/one")]
    #[route(GET, "/two")]
    fn twice() {}

    for round in 1..=2 {
        let app = TestApp::of(routes![twice]);
        for (count, target) in ["/one", "/two", "/one"].into_iter().enumerate() {
            let response = app.get(target).send();
            response.assert_header("X-Count", &count.to_string());
        }
        assert_eq!(MADE.load(Ordering::Relaxed), round);
    }
}

/// What a middleware leaves on a request isn't there for the next one.
#[test]
fn values_end_with_their_request() {
    let app = App::empty()
        .route("GET", "/", |request: &Request| {
            request.extensions().get::<u8>().is_some().to_string()
        })
        .middleware(|request, next| {
            if request.query().is_some() {
                request.extensions_mut().insert(7_u8);
            }
            next.run(request)
        });
    let app = TestApp::from_app(app);
    app.get("/?x").send().assert_text("true");
    app.get("/").send().assert_text("false");
}
