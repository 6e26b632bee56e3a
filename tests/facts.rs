//! What a handler can ask about its request beside parameters and body, through real sockets.
#![allow(missing_docs)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mini_spring::http::{HeaderMap, Method, Uri, Version};
use mini_spring::{
    App, Extension, Host, MatchedRoute, Next, PeerAddr, Problem, Request, Response, route, routes,
};
use support::{Client, TestServer};

#[route([PUT, POST], "/line/<rest..>")]
fn line(rest: &str, by_value: Method, method: &Method, uri: Uri, version: Version) -> String {
    assert_eq!(by_value, *method);
    let host = uri.host().unwrap_or("no host");
    format!(
        "{method} {rest} {version:?} {} {host} {:?}",
        uri.path(),
        uri.query()
    )
}

#[route(GET, "/line")]
fn no_uri(uri: Result<Uri, Problem>, request: &Request) -> String {
    format!("{} {}", uri.is_err(), request.target())
}

#[route(GET, "/fields")]
fn fields(map: HeaderMap) -> String {
    let mut lines: Vec<String> = map
        .iter()
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    lines.sort();
    lines.join(" ")
}

#[route(GET, "/host")]
#[route(GET, "/other/host")]
fn host(host: Option<Host<'_>>, route: MatchedRoute) -> String {
    let host = host.map(|host| (host.name(), host.port()));
    format!("{host:?} by {}", route.pattern())
}

#[route(GET, "/needs-host")]
fn needs_host(host: Host) -> String {
    host.to_string()
}

#[route(GET, "/peer")]
fn peer(PeerAddr(peer): PeerAddr) -> String {
    peer.to_string()
}

fn server() -> TestServer {
    let routes = routes![line, no_uri, fields, host, needs_host, peer];
    TestServer::start(App::empty().mount("/api", routes))
}

fn ask(client: &mut Client, request: &str) -> (u16, String) {
    client.send(request);
    let answer = client.answer();
    (answer.status, answer.body)
}

#[track_caller]
fn check(client: &mut Client, request: &str, expected: &str) {
    assert_eq!(
        ask(client, request),
        (200, expected.to_owned()),
        "{request}"
    );
}

#[route(POST, "/text")]
fn text(body: &str) -> String {
    format!("<{body}>")
}

#[test]
fn text_is_read_by_its_charset() {
    let server = TestServer::start(App::empty().mount("/", routes![text]));
    let mut client = server.connect();
    let mut post = |charset: &str, body: &[u8]| {
        let length = body.len();
        client.send(format!(
            "POST /text HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain{charset}\r\n\
             Content-Length: {length}\r\n\r\n"
        ));
        client.send(body);
        let answer = client.answer();
        (answer.status, answer.body)
    };
    let ok = |body: &str| (200, body.to_owned());
    assert_eq!(post("", "é".as_bytes()), ok("<é>"));
    assert_eq!(post("; charset=ISO-8859-1", b"\xe9\x80"), ok("<é€>"));
    assert_eq!(post("; charset=us-ascii", b"\xe9").0, 400);
    assert_eq!(post("", b"\xe9").0, 400);
    let (status, body) = post("; charset=klingon", b"a");
    assert_eq!(status, 415);
    assert!(body.contains("found `klingon`; send it as UTF-8"), "{body}");
}

#[test]
fn the_request_line() {
    let server = server();
    let mut client = server.connect();
    check(
        &mut client,
        "PUT /api/line/a%20b?c=d HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT a b HTTP/1.1 /api/line/a%20b no host Some(\"c=d\")",
    );
    check(
        &mut client,
        "POST http://b.example/api/line HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "POST  HTTP/1.0 /api/line b.example None",
    );
    check(
        &mut client,
        "GET /api/line?<> HTTP/1.1\r\nHost: a\r\n\r\n",
        "true /api/line?<>",
    );
}

#[test]
fn all_fields_as_a_map() {
    let server = server();
    check(
        &mut server.connect(),
        "GET /api/fields HTTP/1.1\r\nX: 1\r\nHost: a\r\nx: 2\r\n\r\n",
        r#"host="a" x="1" x="2""#,
    );
}

#[test]
fn host_and_route() {
    let server = server();
    let mut client = server.connect();
    check(
        &mut client,
        "GET /api/host HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "Some((\"[::1]\", Some(80))) by /api/host",
    );
    // RFC 9112, section 3.2.2: the host of the target wins.
    check(
        &mut client,
        "GET http://b.example/api/other/host HTTP/1.1\r\nHost: a\r\n\r\n",
        "Some((\"b.example\", None)) by /api/other/host",
    );
    let nameless = "HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    check(
        &mut client,
        &format!("GET /api/host {nameless}"),
        "None by /api/host",
    );
    let (status, body) = ask(&mut client, &format!("GET /api/needs-host {nameless}"));
    assert_eq!(status, 400);
    assert!(body.contains(r#""in":"header","name":"Host""#), "{body}");
}

#[test]
fn the_peer_is_the_client() {
    let server = server();
    let mut client = server.connect();
    let own = client.stream.local_addr().unwrap().to_string();
    check(
        &mut client,
        "GET /api/peer HTTP/1.1\r\nHost: a\r\n\r\n",
        &own,
    );
}

/// Counts how many of it there are, and panics when it is dropped, if it is told to.
#[derive(Debug)]
struct Guest {
    name: String,
    panics: bool,
}

static GUESTS: AtomicUsize = AtomicUsize::new(0);

impl Drop for Guest {
    fn drop(&mut self) {
        GUESTS.fetch_sub(1, Ordering::SeqCst);
        assert!(!self.panics, "the guest leaves in anger");
    }
}

fn with_guest(request: &mut Request, next: Next) -> Response {
    if let Some(name) = request.header("X-Guest") {
        let (name, panics) = (name.to_owned(), name == "angry");
        GUESTS.fetch_add(1, Ordering::SeqCst);
        let guest = Arc::new(Guest { name, panics });
        request.extensions_mut().insert(guest);
    }
    next.run(request)
}

#[route(GET, "/guest")]
fn guest(guest: Extension<'_, Arc<Guest>>) -> String {
    guest.name.clone()
}

#[route(GET, "/perhaps")]
fn perhaps(guest: Option<Extension<Arc<Guest>>>) -> &'static str {
    match guest {
        Some(_) => "somebody",
        None => "nobody",
    }
}

#[test]
fn what_middleware_puts_there_ends_with_the_request() {
    let app = App::empty().mount("/", routes![guest, perhaps]);
    let server = TestServer::start(app.middleware(with_guest));
    let mut client = server.connect();
    for name in ["Ada", "angry", "Bob"] {
        let with =
            |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\nX-Guest: {name}\r\n\r\n");
        check(&mut client, &with("/guest"), name);
        assert_eq!(
            GUESTS.load(Ordering::SeqCst),
            0,
            "before the answer is sent"
        );
        check(&mut client, &with("/perhaps"), "somebody");
        check(
            &mut client,
            "GET /perhaps HTTP/1.1\r\nHost: a\r\n\r\n",
            "nobody",
        );
        let (status, body) = ask(&mut client, "GET /guest HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(status, 500);
        assert!(!body.contains("Guest"), "{body}");
    }
}

#[test]
fn a_middleware_asks_for_a_cookie() {
    let app = App::empty()
        .mount("/", routes![text])
        .middleware(|request, next| {
            let answer = match request.cookie("theme") {
                Some(theme) => format!("theme {theme}"),
                None => "no theme".to_owned(),
            };
            next.run(request).header("X-Theme", answer)
        });
    let server = TestServer::start(app);
    let mut client = server.connect();
    let mut check = |fields: &str, expected: &str| {
        client.send(format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n"));
        assert_eq!(client.answer().field("x-theme"), Some(expected));
    };
    check("", "no theme");
    check(
        "Cookie: Theme=light; theme=\"dark%20blue\"\r\n",
        "theme dark blue",
    );
    check("Cookie: a=b\r\nCookie: theme=\r\n", "theme ");
}
