//! Panics of the program, wherever its code is called on the way of a request: in arguments, middleware, handlers,
//! results, errors and their handlers, in drops, and in the drop of what was thrown.

use std::convert::Infallible;
use std::io::Read;
use std::panic::panic_any;

use garde::Validate;
use mini_spring::{
    App, Body, FromParam, FromRequest, Inject, IntoResponse, Json, Middleware, Multipart,
    MultipartForm, Next, ParamError, Request, Response, TempFile, Valid, blocking, component,
    middleware, route, routes,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::panics_of_answers::{self, Bomb};
use crate::panics_of_errors;
use crate::support::{TestServer, permits};
use crate::{alone, assert_leaves_nothing, health};

#[route(GET, "/health")]
fn up() -> &'static str {
    "up"
}

#[route(GET, "/handler")]
fn handler() -> &'static str {
    panic!("on purpose")
}

#[route(GET, "/no-text")]
fn no_text() -> &'static str {
    panic_any(7)
}

/// Its drop panics, where it is caught.
#[route(GET, "/payload")]
fn payload() -> &'static str {
    panic_any(Bomb)
}

/// And so does what that drop throws.
struct Cluster;

impl Drop for Cluster {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("the payload, on purpose: {}", 7);
        }
    }
}

#[route(GET, "/payloads")]
fn payloads() -> &'static str {
    panic_any(Cluster)
}

#[route(GET, "/timed", timeout = "20s")]
fn timed() -> &'static str {
    panic_any(Bomb)
}

#[route(GET, "/blocking")]
fn blocks() -> &'static str {
    blocking(|| panic!("on purpose"))
}

#[route(GET, "/marked", blocking)]
fn marked() -> &'static str {
    panic!("on purpose")
}

/// A value of the handler.
#[route(GET, "/value")]
fn value() -> &'static str {
    let _bomb = Bomb;
    "never"
}

fn before(_: &mut Request, _: Next<'_>) -> Response {
    panic!("on purpose")
}

fn after(request: &mut Request, next: Next<'_>) -> Response {
    let _response = next.run(request);
    panic!("on purpose")
}

fn leaves(request: &mut Request, next: Next<'_>) -> Response {
    request.extensions_mut().insert(Bomb);
    next.run(request)
}

/// It keeps nothing of the request, and puts another one in its place.
fn replaces(request: &mut Request, _: Next<'_>) -> Response {
    *request = Request::get("/other").build().unwrap();
    panic!("on purpose")
}

struct AsMiddleware;

impl Middleware for AsMiddleware {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        let _bomb = Bomb;
        next.run(request)
    }
}

#[middleware(before)]
#[route(GET, "/before")]
fn with_before() {}

#[middleware(after)]
#[route(GET, "/after")]
fn with_after() {}

#[middleware(leaves)]
#[route(GET, "/extension")]
fn with_extension() -> &'static str {
    "here"
}

#[middleware(replaces)]
#[route(GET, "/replaced")]
fn with_replaced() {}

#[middleware(AsMiddleware)]
#[route(GET, "/trait")]
fn with_trait() {}

pub(crate) struct Wanted;

impl FromRequest<'_> for Wanted {
    type Rejection = Infallible;

    fn from_request(_: &Request) -> Result<Self, Infallible> {
        panic!("on purpose")
    }
}

impl FromParam<'_> for Wanted {
    fn from_param(_: &str) -> Result<Self, ParamError> {
        panic!("on purpose")
    }
}

/// It is dropped when the handler has returned.
impl FromRequest<'_> for Bomb {
    type Rejection = Infallible;

    fn from_request(_: &Request) -> Result<Self, Infallible> {
        Ok(Bomb)
    }
}

#[route(GET, "/extractor")]
fn extractor(_wanted: Wanted) {}

#[route(GET, "/param/<wanted>")]
fn param(wanted: Wanted) -> Json<Wanted> {
    Json(wanted)
}

#[route(GET, "/argument")]
fn argument(_bomb: Bomb) {}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("on purpose")
    }
}

impl Serialize for Wanted {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("on purpose")
    }
}

#[route(POST, "/json")]
fn json(_wanted: Json<Wanted>) {}

#[derive(Deserialize, Validate)]
struct Checked {
    #[garde(custom(check))]
    number: u8,
}

fn check(_: &u8, _: &()) -> garde::Result {
    panic!("on purpose")
}

#[route(POST, "/valid")]
fn valid(Valid(Json(checked)): Valid<Json<Checked>>) -> String {
    checked.number.to_string()
}

#[route(GET, "/serialize")]
fn serialize() -> Json<Wanted> {
    Json(Wanted)
}

pub(crate) struct Odd;

impl IntoResponse for Odd {
    fn into_response(self) -> Response {
        panic!("on purpose")
    }
}

#[route(GET, "/into")]
fn into() -> Odd {
    Odd
}

struct Made(#[allow(dead_code)] Bomb);

#[component(scope = request)]
fn made() -> Made {
    Made(Bomb)
}

struct Unmade;

#[component(scope = request)]
fn unmade() -> Unmade {
    panic!("on purpose")
}

#[route(GET, "/component")]
fn with_component(_made: Inject<Made>) -> &'static str {
    "here"
}

#[route(GET, "/constructor")]
fn with_constructor(_unmade: Inject<Unmade>) {}

#[route(POST, "/live")]
fn live(mut body: Body) -> String {
    let length = body.read(&mut [0; 100]).unwrap();
    panic!("on purpose, after {length} bytes")
}

#[route(POST, "/file")]
fn file(file: TempFile) -> String {
    panic!("on purpose, with {:?}", file.path())
}

#[route(POST, "/parts")]
fn parts(mut form: Multipart) -> mini_spring::Result<()> {
    let part = form.next_part()?.expect("a part");
    panic!("on purpose, with {:?}", part.spool()?)
}

#[route(POST, "/form")]
fn form(form: MultipartForm) -> String {
    panic!("on purpose, with {}", form.files().len())
}

/// What is sent, and the status of its answer; no status: it breaks off.
pub(crate) type Case = (Vec<u8>, Option<u16>);

pub(crate) fn get(path: &str, status: u16) -> Case {
    let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
    (request.into_bytes(), Some(status))
}

fn post(path: &str, content_type: &str, body: &str, status: u16) -> Case {
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {content_type}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    (request.into_bytes(), Some(status))
}

fn cases() -> Vec<Case> {
    let part = "--x\r\nContent-Disposition: form-data; name=f; filename=g\r\n\r\n";
    let form = format!("{part}{}\r\n--x--", "y".repeat(50_000));
    let multipart = "multipart/form-data; boundary=x";
    let panicking = [
        "handler",
        "no-text",
        "payload",
        "payloads",
        "timed",
        "blocking",
        "marked",
        "value",
        "before",
        "after",
        "replaced",
        "trait",
        "extractor",
        "param/7",
        "argument",
        "serialize",
        "into",
        "constructor",
    ];
    let mut cases: Vec<Case> = panicking.map(|path| get(&format!("/{path}"), 500)).to_vec();
    cases.extend([
        get("/component", 200),
        post("/json", "application/json", "7", 500),
        post("/valid", "application/json", "{\"number\":7}", 500),
        post("/live", "text/plain", &"y".repeat(100_000), 500),
        post("/file", "text/plain", &"y".repeat(100_000), 500),
        post("/parts", multipart, &form, 500),
        post("/form", multipart, &form, 500),
    ]);
    cases.extend(panics_of_errors::cases());
    cases.extend(panics_of_answers::cases());
    cases
}

fn app() -> App {
    let requests = routes![
        up,
        handler,
        no_text,
        payload,
        payloads,
        timed,
        blocks,
        marked,
        value,
        with_before,
        with_after,
        with_extension,
        with_replaced,
        with_trait,
        extractor,
        param,
        argument,
        json,
        valid,
        serialize,
        into,
        with_component,
        with_constructor,
        live,
        file,
        parts,
        form
    ];
    panics_of_errors::mounted(App::empty())
        .mount("/", requests)
        .mount("/", panics_of_answers::routes())
}

/// Says which request it was when the test fails.
struct Named<'r>(&'r [u8]);

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let line = self.0.split(|byte| *byte == b'\r').next();
            eprintln!("after {}", String::from_utf8_lossy(line.unwrap_or(b"")));
        }
    }
}

fn server(files: &tempfile::TempDir) -> TestServer {
    TestServer::with(app(), |config| {
        config.temp_dir = Some(files.path().to_owned());
        config.max_connections = 16;
        config.workers = 2 * permits() + 2;
        config.body_buffer = 16 * 1024;
    })
}

/// Its map leaks its table then, so it isn't counted here (hashbrown: a drop of a value may panic, and the
/// table stays).
#[test]
fn a_drop_that_panics_on_a_request_costs_no_answer() {
    let _alone = alone();
    let files = tempfile::tempdir().unwrap();
    let server = server(&files);
    let mut client = server.connect();
    let (request, _) = get("/extension", 200);
    for _ in 0..100 {
        client.send(&request);
        assert_eq!(client.answer().body, "here");
        health(&mut client);
    }
}

#[test]
fn panics_leave_nothing() {
    let _alone = alone();
    let files = tempfile::tempdir().unwrap();
    let server = server(&files);
    let cases = cases();
    let mut witness = server.connect();
    assert_leaves_nothing(&server, 200, || {
        let mut client = server.connect();
        for (request, expected) in &cases {
            let _named = Named(request);
            client.send(request);
            let head = client.head();
            let is_whole = client.takes_body(&head, request.starts_with(b"HEAD"));
            let found = is_whole.then_some(head.status);
            assert_eq!(found, *expected);
            // It goes on as the protocol says.
            if is_whole && head.field("connection") != Some("close") {
                health(&mut client);
            } else {
                client = server.connect();
            }
            health(&mut witness);
        }
    });
    assert_eq!(std::fs::read_dir(files.path()).unwrap().count(), 0);
}
