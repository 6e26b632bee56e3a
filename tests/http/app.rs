//! The program behind the server: its answers tell what it has understood.

use std::sync::atomic::{AtomicUsize, Ordering};

use mini_spring::http::StatusCode;
use mini_spring::{App, Body, Request, Response, Stream, TempFile, route, routes};

/// How often a request was called that stands in another one's body.
pub static SMUGGLED: AtomicUsize = AtomicUsize::new(0);

/// Method, target, and body.
fn echo(request: &Request) -> String {
    let body = request.body().escape_ascii();
    format!("{} {} [{body}]", request.method(), request.target())
}

/// All fields but Host.
fn heard(request: &Request) -> String {
    let fields = request.headers().filter(|(name, _)| *name != "Host");
    let told = fields.map(|(name, value)| format!("{name}={};", value.escape_ascii()));
    told.collect()
}

/// Host, path and query.
fn target(request: &Request) -> String {
    let query = request.query();
    format!("{} {} {query:?}", request.host(), request.path())
}

fn smuggled(_: &Request) -> &'static str {
    SMUGGLED.fetch_add(1, Ordering::Relaxed);
    "smuggled"
}

/// An answer of this status that has content, whether it may or not.
fn status(request: &Request) -> Response {
    let code = request.param("code").expect("a code");
    let status = code.parse().expect("a status");
    Response::ok("content").with_status(status)
}

fn stream(length: u64) -> Stream {
    let bytes = std::io::Read::take(std::io::repeat(b'x'), length);
    Stream::reader(bytes).with_type("text/plain")
}

#[route(GET, "/stream/<length>")]
fn streamed(length: u64) -> Stream {
    stream(length)
}

#[route(GET, "/stream-status/<code>")]
fn streamed_status(code: u16) -> (StatusCode, Stream) {
    (StatusCode::from_u16(code).expect("a status"), stream(7))
}

/// What the client says becomes a field, if it can.
#[route(GET, "/field?<value>")]
fn field(value: String) -> ([(&'static str, String); 1], &'static str) {
    ([("X-Said", value)], "said")
}

#[route(GET, "/large/<length>")]
fn large(length: usize) -> String {
    "x".repeat(length)
}

/// As `echo`, by way of a file.
#[route(POST, "/file")]
fn file(file: TempFile) -> std::io::Result<String> {
    let mut body = Vec::new();
    std::io::Read::read_to_end(&mut file.open()?, &mut body)?;
    Ok(format!("POST /file [{}]", body.escape_ascii()))
}

/// As `echo`, read while it arrives.
#[route(POST, "/live")]
fn live(mut body: Body) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut body, &mut bytes)?;
    Ok(format!("POST /live [{}]", bytes.escape_ascii()))
}

pub fn app() -> App {
    let mut app = App::empty();
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        app = app.route(method, "/echo", echo);
    }
    app.route("GET", "/heard", heard)
        .route("GET", "/target", target)
        .route("GET", "/target/<rest..>", target)
        .route("GET", "/probe", |_: &Request| "probe")
        .route("POST", "/only-post", |_: &Request| "posted")
        .route("GET", "/status/<code>", status)
        .route("GET", "/smuggled", smuggled)
        .route("POST", "/smuggled", smuggled)
        .mount(
            "/",
            routes![streamed, streamed_status, field, large, file, live],
        )
}
