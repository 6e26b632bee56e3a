//! `RequestId` and `SecurityHeaders`.

use std::time::Duration;

use mini_spring::{App, IntoService, Problem, Request, RequestId, SecurityHeaders, TestApp};

use crate::support::TestServer;

fn app() -> App {
    App::empty()
        .route("GET", "/", |request: &Request| request.id().to_owned())
        .route("GET", "/broken", |_: &Request| Problem::internal("broken"))
        .route("GET", "/framed", |_: &Request| {
            ([("X-Frame-Options", "SAMEORIGIN")], "framed")
        })
        .layer(RequestId)
        .layer(SecurityHeaders::new())
}

#[test]
fn every_answer_names_its_request() {
    let app = TestApp::from_app(app());
    for target in ["/", "/broken", "/nothing"] {
        let response = app.get(target).header("X-Request-Id", "a-7").send();
        response.assert_header("X-Request-Id", "a-7");
        assert!(response.text().contains("a-7"), "{target}");
        let made = app.get(target).send();
        let id = made.header("X-Request-Id").expect("a name");
        assert!(made.text().contains(id), "{target}");
        let unfit = app.get(target).header("X-Request-Id", "<b>").send();
        assert_ne!(unfit.header("X-Request-Id"), Some("<b>"), "{target}");
    }
    let ids = [app.get("/").send(), app.get("/").send()];
    assert_ne!(ids[0].header("X-Request-Id"), ids[1].header("X-Request-Id"));
    let count = app.get("/broken").send();
    let count = count.headers().filter(|(name, _)| *name == "x-request-id");
    assert_eq!(count.count(), 1);
}

#[test]
fn browsers_are_told_to_be_careful() {
    let app = TestApp::from_app(app());
    for target in ["/", "/nothing"] {
        let response = app.get(target).send();
        for (name, value) in [
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("X-Permitted-Cross-Domain-Policies", "none"),
        ] {
            response.assert_header(name, value);
        }
        assert_eq!(response.header("Content-Security-Policy"), None);
    }
    let framed = app.get("/framed").send();
    framed.assert_header("X-Frame-Options", "SAMEORIGIN");
}

/// RFC 6797, section 7.2.
#[test]
fn strict_transport_is_for_tls() {
    let headers = SecurityHeaders::new().hsts(Duration::from_secs(60));
    let app = App::empty()
        .route("GET", "/", |_: &Request| "hello")
        .layer(headers);
    let server = TestServer::with(app, |config| {
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
    });
    let mut client = server.connect();
    for (scheme, expected) in [
        ("https", Some("max-age=60; includeSubDomains")),
        ("http", None),
    ] {
        client.send(format!(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: {scheme}\r\n\r\n"
        ));
        let answer = client.answer();
        assert_eq!(
            answer.field("strict-transport-security"),
            expected,
            "{scheme}"
        );
    }
}

#[test]
fn mistakes_stop_the_start() {
    let headers = SecurityHeaders::new().with("X A", "b").with("X-A", "b\n");
    let app = App::empty()
        .route("GET", "/", |_: &Request| "hello")
        .layer(headers);
    let report = app.into_service().expect_err("a report").to_string();
    assert!(report.contains("`X A: b` is no header field"), "{report}");
    assert!(report.contains("`X-A: b\n` is no header field"), "{report}");
}
