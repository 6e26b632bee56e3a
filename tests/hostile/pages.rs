//! Pages of problems: what a client sends is text in them, in whatever way it gets there.

use mini_spring::http::StatusCode;
use mini_spring::{App, Form, Json, Problem, Query, TestApp, route, routes};
use serde::Deserialize;
use serde_json::Value;

const EVIL: &str = "<script>alert('1')</script><img src=x onerror=\"a\">&lt;</title></p></code>";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Point {
    x: u8,
    kind: Kind,
}

#[derive(Deserialize)]
#[allow(dead_code)]
enum Kind {
    Round,
}

#[route(GET, "/path/<id>")]
fn path(id: u8) -> String {
    id.to_string()
}

#[route(GET, "/query?<page>&<tag>")]
fn query(page: u8, tag: Vec<u8>) -> String {
    format!("{page} {tag:?}")
}

#[route(GET, "/whole")]
fn whole(Query(point): Query<Point>) -> String {
    point.x.to_string()
}

#[route(GET, "/head")]
fn head(#[header("X-A")] a: u8, #[cookie("b")] b: u8) -> String {
    format!("{a} {b}")
}

#[route(POST, "/form")]
fn form(Form(point): Form<Point>) -> String {
    point.x.to_string()
}

#[route(POST, "/json")]
fn json(Json(point): Json<Point>) -> String {
    point.x.to_string()
}

#[route(POST, "/text")]
fn text(text: &str) -> String {
    text.to_owned()
}

#[route(GET, "/said/<what>")]
fn said(what: &str) -> Problem {
    let problem = Problem::new(StatusCode::NOT_FOUND).with_title(what.to_owned());
    problem
        .with_type(what.to_owned())
        .with_detail(what)
        .with_code(what.to_owned())
        .with(what, what)
}

#[route(GET, "/caused/<what>")]
fn caused(what: &str) -> mini_spring::Result<()> {
    Err(format!("caused by {what}").into())
}

fn app() -> TestApp {
    let routes = routes![path, query, whole, head, form, json, text, said, caused];
    TestApp::from_app(App::empty().mount("/", routes))
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// Makes the same request as often as it is asked.
type Ask<'a> = Box<dyn Fn() -> mini_spring::TestRequest<'a> + 'a>;

/// Of the markup only what the page itself has.
#[track_caller]
fn check_page(page: &str) {
    let (_, main) = page.split_once("<main>").expect(page);
    for tag in main.split('<').skip(1) {
        let name = tag
            .split(['>', ' '])
            .next()
            .unwrap()
            .trim_start_matches('/');
        assert!(
            ["h1", "b", "p", "ul", "li", "code", "small", "main", "html"].contains(&name),
            "{page}"
        );
    }
    let (head, _) = page.split_once("<main>").unwrap();
    assert_eq!(head.matches("<title>").count(), 1, "{page}");
    assert_eq!(head.matches("<style>").count(), 1, "{page}");
    assert!(
        !page.contains("<script") && !page.contains("<img"),
        "{page}"
    );
    assert!(
        !page.contains("onerror=\"a\"") && !page.contains("alert('"),
        "{page}"
    );
}

#[test]
fn nothing_that_a_client_sends_is_markup() {
    let app = app();
    let evil = encoded(EVIL);
    let json = serde_json::to_string(EVIL).unwrap();
    let requests: Vec<Ask<'_>> = vec![
        Box::new(|| app.get(format!("/path/{evil}"))),
        Box::new(|| app.get(format!("/none/{evil}"))),
        Box::new(|| app.get(format!("/query?page={evil}&tag={evil}&tag=1"))),
        Box::new(|| app.get(format!("/whole?{evil}={evil}"))),
        Box::new(|| app.get(format!("/whole?x={evil}&kind={evil}"))),
        Box::new(|| {
            app.get("/head")
                .header("X-A", EVIL)
                .header("Cookie", format!("b={evil}"))
        }),
        Box::new(|| app.post("/form").form([("x", EVIL), (EVIL, EVIL)])),
        Box::new(|| app.post("/form").form([("x", "1"), ("kind", EVIL)])),
        Box::new(|| {
            app.post("/json")
                .header("Content-Type", "application/json")
                .body(format!("{{{json}: 1}}"))
        }),
        Box::new(|| {
            app.post("/json")
                .header("Content-Type", "application/json")
                .body(format!("{{\"kind\": {json}}}"))
        }),
        Box::new(|| app.post("/json").header("Content-Type", EVIL).body("a")),
        Box::new(|| {
            app.post("/text")
                .header("Content-Type", format!("text/plain; charset={EVIL}"))
                .body("a")
        }),
        Box::new(|| app.post("/text").header("Content-Encoding", EVIL).body("a")),
        Box::new(|| app.get(format!("/said/{evil}"))),
        Box::new(|| app.get(format!("/caused/{evil}"))),
        Box::new(|| app.get("/none").header("X-Request-Id", EVIL)),
        Box::new(|| app.delete("/head").header("X-Request-Id", "a-b.c:/+=")),
    ];
    for (number, request) in requests.iter().enumerate() {
        let page = request().header("Accept", "text/html").send();
        let status = page.status();
        assert!(
            status.is_client_error() || status.is_server_error(),
            "{number}: {status}"
        );
        page.assert_header("Content-Type", "text/html; charset=utf-8");
        check_page(page.text());
        // The document has it as text, too, and says that it is one.
        let document = request().send();
        document.assert_header("Content-Type", "application/problem+json");
        assert_eq!(document.json::<Value>()["status"], status.as_u16());
    }
    // Of a 500 neither tells the cause.
    let caused = app.get(format!("/caused/{evil}"));
    assert!(!caused.send().text().contains("alert"));
}

/// Whatever a client says that it takes, a document is never shown as a page.
#[test]
fn documents_are_no_pages() {
    let app = app();
    for accept in [
        "text/html;q=0",
        "*/*",
        "text/*;q=0.1, application/json",
        "text/html\u{9}x",
        EVIL,
    ] {
        let refused = app
            .get(format!("/path/{}", encoded(EVIL)))
            .header("Accept", accept)
            .send();
        refused.assert_header("Content-Type", "application/problem+json");
    }
}
