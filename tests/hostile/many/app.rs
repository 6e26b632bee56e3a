//! What the lists are sent to: handlers that take them in every way there is.

use std::collections::HashMap;
use std::sync::LazyLock;

use mini_spring::{
    App, Compression, Cookies, Cors, Dir, ETag, Error, Form, Host, Json, NamedFile, Preconditions,
    Query, Request, ServerConfig, route, routes,
};
use serde::Deserialize;

use crate::support::TestServer;

/// The longest list, in bytes.
pub const LONG: usize = 1_000_000;

/// As often as fits.
pub fn repeated(item: &str) -> String {
    item.repeat(LONG / item.len())
}

#[route(GET, "/query?<a>&<b>")]
fn query(a: Vec<&str>, b: Option<u8>) -> String {
    format!("{} {b:?}", a.len())
}

#[derive(Deserialize)]
struct Known {
    a: Option<u8>,
}

#[route(GET, "/whole")]
fn whole(Query(known): Query<Known>) -> String {
    format!("{:?}", known.a)
}

#[route(POST, "/form")]
fn form(Form(all): Form<HashMap<String, Vec<String>>>) -> String {
    all.len().to_string()
}

#[route(POST, "/json")]
fn json(Json(known): Json<Known>) -> String {
    format!("{:?}", known.a)
}

#[route(POST, "/map")]
fn map(Json(all): Json<HashMap<String, u8>>) -> String {
    all.len().to_string()
}

#[route(POST, "/text")]
fn text(text: &str) -> String {
    text.len().to_string()
}

#[route(GET, "/cookies")]
fn cookies(
    all: Cookies<'_>,
    #[cookie("a")] a: Vec<&str>,
    #[cookie("z")] z: Option<&str>,
) -> String {
    format!("{} {} {z:?}", all.iter().count(), a.len())
}

#[route(GET, "/head")]
fn head(host: Host, #[header("X-A")] a: Vec<&str>) -> String {
    format!("{} {}", host.name().len(), a.len())
}

#[route(GET, "/negotiated", produces = "text/plain")]
fn negotiated() -> &'static str {
    "plain"
}

#[route(GET, "/negotiated", produces = "text/csv")]
fn negotiated_otherwise() -> &'static str {
    "csv"
}

#[route(PUT, "/consumed", consumes = "application/json")]
fn consumed() -> &'static str {
    "consumed"
}

#[route(GET, "/state")]
fn state() -> (ETag, &'static str) {
    (ETag::strong(7), "state")
}

#[route(PUT, "/state")]
fn change(preconditions: Preconditions<'_>) -> Result<&'static str, mini_spring::Problem> {
    preconditions.check(&ETag::strong(7)).map(|()| "changed")
}

#[route(GET, "/file")]
fn file() -> NamedFile {
    NamedFile::from_bytes("a.txt", vec![b'x'; 100_000])
}

#[route(GET, "/dir/<path..>")]
fn dir(path: &str) -> Result<Option<NamedFile>, Error> {
    Ok(Dir::new("tests").open(path)?)
}

#[route(GET, "/rest/<path..>")]
fn rest(path: &str) -> String {
    path.len().to_string()
}

#[route(GET, "/client")]
fn client(request: &Request) -> String {
    request.client_ip().to_string()
}

/// Many ways that nearly lead there.
fn ways(app: App) -> App {
    let mut app = app;
    for pattern in [
        "/a/<b>/a/<c>/a",
        "/<x>/a/<y>/a/x",
        "/a/a/a/a/y",
        "/<a>/<b>/<c>/<d>/z",
        "/a/<b..>",
    ] {
        app = app.route("GET", pattern, |request: &Request| {
            request.path().len().to_string()
        });
    }
    app
}

fn app() -> App {
    let all = routes![
        query,
        whole,
        form,
        json,
        map,
        text,
        cookies,
        head,
        negotiated,
        negotiated_otherwise,
        consumed,
        state,
        change,
        file,
        dir,
        rest,
        client
    ];
    ways(App::empty().mount("/", all))
        .layer(Compression::new())
        .layer(Cors::new().origin_if(|_| true).credentials())
}

/// One for all tests of this file.
pub static SERVER: LazyLock<TestServer> = LazyLock::new(|| {
    TestServer::with(app(), |config: &mut ServerConfig| {
        (config.head, config.request_line) = (1 << 20, (1 << 20) - 1024);
        config.fields = 256;
        config.trusted_proxies = "127.0.0.0/8, 10.0.0.0/8".parse().unwrap();
    })
});
