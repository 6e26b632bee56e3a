//! Cross-origin requests as browsers send them.

use mini_spring::{
    App, Cors, IntoService, Problem, Request, Response, TestApp, TestResponse, middleware, route,
    routes,
};
use std::time::Duration;

const SHOP: &str = "https://shop.example";

fn app(cors: Cors) -> TestApp {
    let app = App::empty().route("GET", "/", |_: &Request| "hello").route(
        "PUT",
        "/",
        |_: &Request| "put",
    );
    TestApp::from_app(app.layer(cors))
}

fn shop() -> Cors {
    Cors::new().origin("http://localhost:3000").origin(SHOP)
}

fn preflight(app: &TestApp, origin: &str, method: &str, headers: &str) -> TestResponse {
    let request = app.request("OPTIONS", "/").header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", method);
    match headers {
        "" => request.send(),
        headers => request
            .header("Access-Control-Request-Headers", headers)
            .send(),
    }
}

/// The fields that are about origins, and those that tell what they depend on.
fn fields(response: &TestResponse) -> Vec<String> {
    let fields = response.headers();
    let of_cors = fields.filter(|(name, _)| name.starts_with("access-control-") || *name == "vary");
    let lines = of_cors.map(|(name, value)| {
        let name = name.strip_prefix("access-control-").unwrap_or(name);
        format!("{name}: {}", String::from_utf8_lossy(value))
    });
    lines.collect()
}

#[test]
fn preflights_are_answered_without_a_handler() {
    let app = app(shop());
    let response = preflight(&app, SHOP, "PUT", "content-type,x-a");
    response.assert_status(204).assert_text("");
    assert_eq!(response.header("Allow"), None);
    assert_eq!(
        fields(&response),
        [
            "vary: origin",
            "allow-origin: https://shop.example",
            "vary: access-control-request-headers",
            "allow-methods: GET, HEAD, POST, PUT, PATCH, DELETE",
            "allow-headers: content-type,x-a",
        ]
    );
    let response = preflight(&app, "https://evil.example", "PUT", "x-a");
    response.assert_status(204);
    let vary = ["vary: origin", "vary: access-control-request-headers"];
    assert_eq!(fields(&response), vary);
}

#[test]
fn everything_can_be_said() {
    let cors = shop()
        .methods(["PUT", "PURGE"])
        .headers(["X-A", "X-B"])
        .expose(["X-Request-Id"])
        .credentials()
        .max_age(Duration::from_secs(600));
    let app = app(cors);
    assert_eq!(
        fields(&preflight(&app, SHOP, "PUT", "x-c")),
        [
            "vary: origin",
            "allow-origin: https://shop.example",
            "allow-credentials: true",
            "allow-methods: PUT, PURGE",
            "allow-headers: X-A, X-B",
            "max-age: 600",
        ]
    );
    let response = app.get("/").header("Origin", SHOP).send();
    assert_eq!(
        fields(response.assert_text("hello")),
        [
            "vary: origin",
            "allow-origin: https://shop.example",
            "allow-credentials: true",
            "expose-headers: X-Request-Id",
        ]
    );
}

#[test]
fn answers_say_who_may_read_them_also_where_they_are_errors() {
    let app = app(shop());
    let get = |target: &str, origin: &str| {
        let response = app.get(target).header("Origin", origin).send();
        fields(&response)
    };
    let allowed = ["vary: origin", "allow-origin: http://localhost:3000"];
    assert_eq!(get("/", "http://localhost:3000"), allowed);
    let found = get("/nothing", "http://localhost:3000");
    assert!(
        allowed
            .iter()
            .all(|field| found.contains(&(*field).to_owned())),
        "{found:?}"
    );
    for origin in [
        "http://localhost",
        "http://localhost:30000",
        "HTTP://LOCALHOST:3000",
        "https://shop.example.evil.example",
        "null",
        "",
    ] {
        assert_eq!(get("/", origin), ["vary: origin"], "{origin}");
    }
    // A cache must not give this to a page that needs the field.
    assert_eq!(fields(&app.get("/").send()), ["vary: origin"]);
}

#[test]
fn any_origin_is_a_star_and_never_with_credentials() {
    let app = app(Cors::permissive());
    let response = app.get("/").header("Origin", SHOP).send();
    assert_eq!(fields(&response), ["allow-origin: *"]);
    assert_eq!(fields(&app.get("/").send()), ["allow-origin: *"]);
    let response = preflight(&app, "null", "PUT", "x-a");
    assert!(fields(&response).contains(&"allow-origin: *".to_owned()));
    let cors = Cors::new()
        .origin_if(|origin| origin.ends_with(".example"))
        .credentials();
    let app = self::app(cors);
    let response = app.get("/").header("Origin", SHOP).send();
    let expected = [
        "vary: origin",
        "allow-origin: https://shop.example",
        "allow-credentials: true",
    ];
    assert_eq!(fields(&response), expected);
}

#[track_caller]
fn check(cors: Cors, expected: &str) {
    let app = App::empty()
        .route("GET", "/", |_: &Request| "hello")
        .layer(cors);
    let report = app.into_service().expect_err("a report").to_string();
    assert!(
        report.contains("the middleware `Cors` (tests/middleware/cors.rs:"),
        "{report}"
    );
    assert!(report.contains(expected), "{report}");
}

#[test]
fn mistakes_stop_the_start() {
    check(Cors::new(), "no origin is allowed; add one with `origin`");
    check(
        Cors::permissive().credentials(),
        "with credentials any origin could act as its user",
    );
    check(
        Cors::new().origin("https://a.example/"),
        "`https://a.example/` is no origin",
    );
    check(shop().methods(["GET", "P T"]), "`P T` is no method");
    check(shop().headers(["X A"]), "`X A` is no header field");
    check(shop().expose([""]), "`` is no header field");
}

/// Other requests with OPTIONS are the handlers'.
#[test]
fn what_is_no_preflight_goes_on() {
    let app = app(shop());
    let response = app.request("OPTIONS", "/").header("Origin", SHOP).send();
    response
        .assert_status(204)
        .assert_header("Allow", "GET, HEAD, OPTIONS, PUT");
    response.assert_header("Access-Control-Allow-Origin", SHOP);
}

#[middleware]
fn nobody(_: &mut Request, _: mini_spring::Next) -> Result<Response, Problem> {
    Err(Problem::unauthorized("nobody may"))
}

#[middleware(shop())]
#[middleware(nobody)]
#[route(PUT, "/guarded")]
fn guarded() {}

#[test]
fn it_can_be_around_one_route() {
    let app = TestApp::of(routes![guarded]);
    let ask = |method: &str| {
        let request = app.request("OPTIONS", "/guarded").header("Origin", SHOP);
        request
            .header("Access-Control-Request-Method", method)
            .send()
    };
    ask("PUT").assert_header("Access-Control-Allow-Origin", SHOP);
    assert_eq!(ask("DELETE").header("Access-Control-Allow-Origin"), None);
    let response = app.put("/guarded").header("Origin", SHOP).send();
    response
        .assert_status(401)
        .assert_header("Access-Control-Allow-Origin", SHOP);
}
