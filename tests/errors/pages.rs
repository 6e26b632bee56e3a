//! Problems are pages for browsers, and documents for everything else.

use mini_spring::http::StatusCode;
use mini_spring::{Html, Json, Problem, route, routes};

use super::*;

#[route(GET, "/echo/<number>?<text>")]
fn echo(number: u8, text: &str) -> Result<String, Problem> {
    Err(Problem::conflict(format!("{number}: {text}")))
}

#[route(POST, "/json")]
fn json(Json(number): Json<u8>) -> String {
    number.to_string()
}

#[route(GET, "/typed")]
fn own_type() -> ([(&'static str, &'static str); 1], Problem) {
    let problem = Problem::conflict("of a type of its own");
    ([("Content-Type", "application/vnd.error+json")], problem)
}

#[route(GET, "/page")]
fn page() -> Result<Html<&'static str>, Broken> {
    Err(Broken::of("secret"))
}

fn app() -> App {
    App::empty().mount("/", routes![echo, json, own_type, page])
}

fn is_page(accept: &[&str]) -> bool {
    let request = accept
        .iter()
        .fold(Request::get("/nothing"), |request, accept| {
            request.header("Accept", *accept)
        });
    let response = call(&app(), request);
    assert_eq!(response.status(), 404);
    assert_eq!(field(&response, "vary"), Some("accept"));
    match field(&response, "content-type") {
        Some("text/html; charset=utf-8") => true,
        Some("application/problem+json") => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_gets_a_page() {
    for accept in [
        // Firefox, Chrome, Safari, an old Internet Explorer, and a link in htmx.
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;\
         q=0.8,application/signed-exchange;v=b3;q=0.7",
        "text/html, application/xhtml+xml, */*",
        "text/html",
        "text/*",
        "TEXT/HTML;q=0.1",
        "application/json;q=0.5, text/html;q=0.6",
        "text/html, application/problem+json;q=0.9, application/json;q=0.9",
    ] {
        assert!(is_page(&[accept]), "{accept}");
    }
    assert!(is_page(&["application/json;q=0.5", "text/html"]));
}

#[test]
fn who_gets_a_document() {
    assert!(!is_page(&[]));
    for accept in [
        "*/*",
        "",
        "application/json",
        "application/problem+json",
        "text/plain",
        "image/png",
        "text/html;q=0",
        "text/html;q=0, */*",
        "application/json, text/html",
        "text/html, application/problem+json",
        "text/html;q=0.8, application/json",
        "text/html;q=0.5, */*;q=0.8",
        "nonsense",
    ] {
        assert!(!is_page(&[accept]), "{accept}");
    }
}

fn browse(target: &str) -> Response {
    call(&app(), Request::get(target).header("Accept", "text/html"))
}

#[test]
fn what_clients_send_is_escaped() {
    let response = browse("/echo/7?text=%3Cscript%3Ealert(%22%26%22)%3C/script%3E");
    let page = text(&response);
    assert!(
        page.contains("7: &lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;"),
        "{page}"
    );
    assert!(!page.contains("<script"));
    let response = browse("/echo/%3Cb%3E");
    let page = text(&response);
    assert_eq!(response.status(), 400);
    assert!(page.contains("<li><code>path number</code> "), "{page}");
    assert!(page.contains("found `&lt;b&gt;`"), "{page}");
    assert!(
        page.contains("<li><code>query text</code> expected a value"),
        "{page}"
    );
}

#[test]
fn a_page_tells_no_secrets_but_the_name_of_the_request() {
    let response = browse("/page");
    assert_eq!(response.status(), 500);
    let page = text(&response);
    assert!(!page.contains("secret"));
    let id = field(&response, REQUEST_ID).unwrap();
    assert!(page.contains(&format!("Request {id}<")), "{page}");
}

#[test]
fn a_type_of_its_own_is_kept() {
    let response = browse("/typed");
    assert_eq!(
        field(&response, "content-type"),
        Some("application/vnd.error+json")
    );
    assert_eq!(document(&response)["detail"], "of a type of its own");
    assert_eq!(field(&response, "vary"), None);
}

#[test]
fn answers_that_are_no_problems_are_left_alone() {
    let app = App::empty().route("GET", "/", |_: &Request| {
        (StatusCode::NOT_FOUND, Json("nothing"))
    });
    let response = call(&app, Request::get("/").header("Accept", "text/html"));
    check(&response, 404, r#""nothing""#);
}
