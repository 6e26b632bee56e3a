//! How often clients may ask. Time doesn't pass as far as these tests are concerned: the limits are per hour.

use mini_spring::{App, IntoService, RateLimit, Request, TestApp, middleware, route, routes};

fn app(limit: RateLimit) -> TestApp {
    TestApp::from_app(
        App::empty()
            .route("GET", "/", |_: &Request| "hello")
            .layer(limit),
    )
}

fn from(app: &TestApp, address: [u8; 4]) -> u16 {
    let request = Request::get("/").peer((address, 80).into());
    app.send(request).status().as_u16()
}

#[test]
fn each_client_is_counted_by_itself() {
    let app = app(RateLimit::per_hour(2));
    for _ in 0..2 {
        assert_eq!(from(&app, [192, 0, 2, 1]), 200);
        assert_eq!(from(&app, [192, 0, 2, 2]), 200);
    }
    assert_eq!(from(&app, [192, 0, 2, 1]), 429);
    assert_eq!(from(&app, [192, 0, 2, 2]), 429);
    assert_eq!(from(&app, [192, 0, 2, 3]), 200);
}

#[test]
fn the_refusal_says_when_to_come_again() {
    let app = app(RateLimit::per_hour(1));
    app.get("/").send().assert_status(200);
    let refused = app.get("/").send();
    refused
        .assert_status(429)
        .assert_header("Content-Type", "application/problem+json");
    let wait: u32 = refused.header("Retry-After").unwrap().parse().unwrap();
    assert!((3000..=3600).contains(&wait), "{wait}");
    let detail = format!("too many requests; try again in {wait} seconds");
    assert!(refused.text().contains(&detail), "{}", refused.text());
    assert_eq!(refused.header("RateLimit"), None);
}

#[test]
fn a_burst_is_what_may_come_at_once() {
    let app = app(RateLimit::per_hour(1000).burst(2));
    let status: Vec<u16> = (0..3).map(|_| from(&app, [192, 0, 2, 1])).collect();
    assert_eq!(status, [200, 200, 429]);
}

#[test]
fn fields_tell_what_is_left() {
    let app = app(RateLimit::per_hour(2).with_fields());
    let left = |expected: &str| {
        let response = app.get("/").send();
        response.assert_header("RateLimit-Policy", r#""default";q=2;w=3600"#);
        let limit = response.header("RateLimit").unwrap().to_owned();
        assert!(limit.starts_with(expected), "{limit}");
    };
    left(r#""default";r=1;t=1800"#);
    left(r#""default";r=0;t="#);
    left(r#""default";r=0;t="#);
}

#[middleware(RateLimit::per_hour(1))]
#[route(GET, "/one")]
#[route(GET, "/other")]
fn limited() {}

#[route(GET, "/free")]
fn free() {}

#[test]
fn routes_of_a_handler_are_counted_together() {
    for _ in 0..2 {
        let app = TestApp::of(routes![limited, free]);
        app.get("/one").send().assert_status(204);
        app.get("/other").send().assert_status(429);
        app.get("/free").send().assert_status(204);
        app.get("/nothing").send().assert_status(404);
    }
}

#[test]
fn no_requests_at_all_is_a_mistake() {
    for limit in [
        RateLimit::per_second(0),
        RateLimit::per_minute(1).burst(0),
        RateLimit::per(1, std::time::Duration::ZERO),
    ] {
        let app = App::empty()
            .route("GET", "/", |_: &Request| "hello")
            .layer(limit);
        let report = app.into_service().expect_err("a report").to_string();
        assert!(report.contains("the middleware `RateLimit` ("), "{report}");
    }
}
