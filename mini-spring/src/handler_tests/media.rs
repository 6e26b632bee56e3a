//! Routes that take and give certain media types.

use crate::{App, Json, Problem, Request, Response, Routes, http, route, routes};

#[route(PUT, "/media/any", consumes = ["application/json", "image/*"])]
fn any(body: &[u8]) -> String {
    format!("{} bytes", body.len())
}

#[route(PATCH, "/media/patch", consumes = "application/merge-patch+json")]
fn patch(Json(value): Json<u8>) -> String {
    value.to_string()
}

#[route(GET, "/media/report", produces = "text/csv")]
fn report() -> &'static str {
    "a,b"
}

#[route(GET, "/media/bytes", produces = "image/png")]
fn bytes() -> [u8; 2] {
    *b"ab"
}

#[route(
    GET,
    "/media/metrics",
    produces = "text/plain; version=0.0.4",
    status = 203
)]
fn metrics() -> String {
    "up 1".to_owned()
}

#[route(GET, "/media/api", produces = "application/vnd.api+json")]
fn api() -> Result<Json<u8>, Problem> {
    Ok(Json(7))
}

#[route(GET, "/media/own", produces = "text/csv")]
fn own() -> ([(&'static str, &'static str); 1], &'static str) {
    ([("Content-Type", "text/tab-separated-values")], "a\tb")
}

#[route(GET, "/media/wrong", produces = "text/csv")]
fn wrong() -> Result<&'static str, Problem> {
    Err(Problem::conflict("not now"))
}

#[route(GET, "/media/list", produces = "text/html")]
fn list_page() -> &'static str {
    "<ul>"
}

#[route(GET, "/media/list", produces = "application/json")]
fn list_json() -> Json<[u8; 0]> {
    Json([])
}

#[route([POST, PUT], "/media/take", consumes = "application/json")]
fn take_json(body: &[u8]) -> String {
    format!("json {}", body.len())
}

#[route([PUT], "/media/take", consumes = ["application/xml", "text/xml"])]
fn take_xml(body: &[u8]) -> String {
    format!("xml {}", body.len())
}

#[route(PUT, "/media/take", consumes = "image/*", produces = "image/png")]
fn take_image(body: &[u8]) -> Vec<u8> {
    body.to_vec()
}

fn call(routes: Routes, method: &str, path: &str, fields: &[(&str, &str)], body: &str) -> Response {
    let request = Request::builder(method, path).body(body);
    let request = fields.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    App::empty()
        .mount("/", routes)
        .call(request.build().unwrap())
}

fn text(response: &Response) -> String {
    let body = response.body_bytes().unwrap_or_default();
    String::from_utf8_lossy(body).into_owned()
}

fn field<'r>(response: &'r Response, name: &http::HeaderName) -> &'r str {
    let value = response.fields().get(name).unwrap_or_default();
    std::str::from_utf8(value).unwrap()
}

#[test]
fn a_body_of_another_type_is_refused() {
    let check = |fields: &[(&str, &str)], body, status: u16| {
        let response = call(routes![any], "PUT", "/media/any", fields, body);
        assert_eq!(response.status().as_u16(), status, "{fields:?}");
        let accept = field(&response, &http::header::ACCEPT).to_owned();
        (accept, text(&response))
    };
    check(&[("Content-Type", "application/json")], "1", 200);
    check(
        &[("Content-Type", "Application/JSON; charset=utf-8")],
        "1",
        200,
    );
    check(&[("Content-Type", "image/png")], "1", 200);
    check(&[], "", 200);
    check(&[("Content-Type", "text/plain")], "", 415);
    check(&[("Content-Type", "application/json-seq")], "1", 415);
    let (accept, body) = check(&[("Content-Type", "text/plain")], "1", 415);
    assert_eq!(accept, "application/json, image/*");
    let detail = "expected the content type `application/json` or `image/*`, found `text/plain`";
    assert!(body.contains(detail), "{body}");
    let (_, body) = check(&[], "1", 415);
    assert!(body.contains("found none\""), "{body}");
}

#[test]
fn a_patch_learns_what_patches_are_taken() {
    let fields = [("Content-Type", "application/json-patch+json")];
    let response = call(routes![patch], "PATCH", "/media/patch", &fields, "[]");
    assert_eq!(response.status(), 415);
    let taken = http::HeaderName::from_static("accept-patch");
    assert_eq!(field(&response, &taken), "application/merge-patch+json");
    assert_eq!(
        field(&response, &http::header::ACCEPT),
        "application/merge-patch+json"
    );
    let fields = [("Content-Type", "application/merge-patch+json")];
    let response = call(routes![patch], "PATCH", "/media/patch", &fields, "7");
    assert_eq!(response.body_bytes(), Some(&b"7"[..]));
}

#[test]
fn the_type_of_the_content_is_what_is_given() {
    let check = |path, status: u16, expected| {
        let all = routes![report, bytes, metrics, api, own, wrong];
        let response = call(all, "GET", path, &[], "");
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(
            field(&response, &http::header::CONTENT_TYPE),
            expected,
            "{path}"
        );
    };
    check("/media/report", 200, "text/csv; charset=utf-8");
    check("/media/bytes", 200, "image/png");
    check(
        "/media/metrics",
        203,
        "text/plain; version=0.0.4; charset=utf-8",
    );
    check("/media/api", 200, "application/vnd.api+json");
    check("/media/own", 200, "text/tab-separated-values");
    check("/media/wrong", 409, "application/problem+json");
}

#[test]
fn what_nobody_wants_is_406() {
    let check = |accept: &[(&str, &str)], status: u16| {
        let response = call(routes![report], "GET", "/media/report", accept, "");
        assert_eq!(response.status().as_u16(), status, "{accept:?}");
        text(&response)
    };
    check(&[], 200);
    check(&[("Accept", "*/*")], 200);
    check(&[("Accept", "text/*;q=0.1")], 200);
    check(&[("Accept", "text/html"), ("Accept", "text/csv")], 200);
    check(&[("Accept", "application/json")], 406);
    let body = check(&[("Accept", "*/*, text/csv;q=0")], 406);
    let detail = "the answer is `text/csv`, which the field Accept of the request excludes";
    assert!(body.contains(detail), "{body}");
    let unwanted = [("Accept", "a/b")];
    let head = call(routes![report], "HEAD", "/media/report", &unwanted, "");
    assert_eq!(head.status(), 406);
}

#[test]
fn what_the_client_wants_most_is_given() {
    let check = |accept: &str, expected: &str| {
        for method in ["GET", "HEAD"] {
            for routes in [routes![list_page, list_json], routes![list_json, list_page]] {
                let accept = [("Accept", accept)];
                let response = call(routes, method, "/media/list", &accept, "");
                let found = field(&response, &http::header::CONTENT_TYPE);
                assert_eq!(found, expected, "{accept:?}");
            }
        }
    };
    let (page, json) = ("text/html; charset=utf-8", "application/json");
    check("text/html", page);
    check("application/json", json);
    check("text/html;q=0.5, application/json", json);
    check("text/html, application/xml;q=0.9, */*;q=0.8", page);
    // Without a preference it is the first in the alphabet.
    check("*/*", json);
    check("text/plain", "application/problem+json");
}

#[test]
fn what_the_client_sends_chooses_the_route() {
    let check = |method: &str, content_type: &str, accept: &str, expected: &str| {
        for routes in [
            routes![take_json, take_xml, take_image],
            routes![take_image, take_xml, take_json],
        ] {
            let fields = [("Content-Type", content_type), ("Accept", accept)];
            let response = call(routes, method, "/media/take", &fields, "abc");
            let found = format!("{} {}", response.status().as_u16(), text(&response));
            assert!(
                found.starts_with(expected),
                "{method} {content_type}: {found}"
            );
        }
    };
    check("PUT", "application/json", "*/*", "200 json 3");
    check("POST", "application/json", "*/*", "200 json 3");
    check("PUT", "text/xml", "*/*", "200 xml 3");
    check("PUT", "image/gif", "*/*", "200 abc");
    check("PUT", "image/gif", "text/plain", "406");
    check("POST", "text/xml", "*/*", "415");
    check("PUT", "text/plain", "*/*", "415");
    check("DELETE", "text/plain", "*/*", "405");
    let fields = [("Content-Type", "text/plain")];
    let all = routes![take_json, take_xml, take_image];
    let response = call(all, "PUT", "/media/take", &fields, "abc");
    let taken = field(&response, &http::header::ACCEPT);
    assert_eq!(
        taken,
        "application/json, application/xml, image/*, text/xml"
    );
}

#[test]
fn middleware_sees_what_was_refused_and_for_which_route() {
    let app = App::empty()
        .mount("/api", routes![report])
        .middleware(|request, next| {
            let route = request.route().unwrap_or("none").to_owned();
            next.run(request).header("X-Route", route)
        });
    let request = Request::get("/api/media/report").header("Accept", "a/b");
    let response = app.call(request.build().unwrap());
    let route = http::HeaderName::from_static("x-route");
    assert_eq!(
        (response.status().as_u16(), field(&response, &route)),
        (406, "/api/media/report")
    );
}

#[route(GET, "/media/list")]
fn list_anything() -> &'static str {
    ""
}

#[route(PUT, "/media/take", consumes = "image/png")]
fn take_png(body: &[u8]) -> Vec<u8> {
    body.to_vec()
}

#[route(PUT, "/media/take", consumes = "text/plain", produces = "image/png")]
fn take_text(_body: &str) {}

#[test]
fn routes_that_media_types_cannot_tell_apart_conflict() {
    let mistakes = |routes: Routes| {
        use crate::IntoService;
        let service = App::empty().mount("/", routes).into_service();
        service
            .err()
            .map_or_else(String::new, |error| error.to_string())
    };
    for conflicting in [
        routes![list_page, list_anything],
        routes![list_anything, list_page],
        routes![take_json, take_image, take_png],
    ] {
        let report = mistakes(conflicting);
        let remedy = "; change or remove one of them, or give both `consumes`, or `produces`, of other types";
        assert!(report.ends_with(remedy), "{report}");
    }
    assert_eq!(mistakes(routes![take_json, take_image, take_text]), "");
}
