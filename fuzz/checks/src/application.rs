//! The application behind the connections that are checked: a route for each way in which bodies come and go. A
//! middleware notes what its handlers see.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use mini_spring::http::StatusCode;
use mini_spring::{
    App, Body, Form, Json, Multipart, NamedFile, Next, Request, Response, Stream, TempFile, route,
    routes,
};
use serde_json::Value;

use crate::client::Answer;
use crate::model::Head;
use crate::ranges;
use crate::session::Seen;

/// What `/file` is.
pub(crate) const FILE: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

const STREAMED: usize = 100;

/// What the handlers have seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Vec<Seen>>>);

impl Notes {
    /// Takes what was noted.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, request: &Request) {
        let seen = Seen {
            method: request.method().to_string(),
            target: request.target().to_owned(),
            body: request.body().to_vec(),
        };
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(seen);
    }
}

#[route(GET, "/search?<page>&<tag>")]
fn search(
    page: Option<u32>,
    tag: Vec<&str>,
    #[header("X-Key")] key: Option<&str>,
    #[cookie("sid")] sid: Option<&str>,
) -> String {
    format!("{page:?} {tag:?} {key:?} {sid:?}")
}

#[route(GET, "/users/<id>")]
fn user(id: u64) -> Option<String> {
    (id != 0).then(|| format!("user {id}"))
}

#[route(POST, "/json")]
fn json(Json(value): Json<Value>) -> Json<Value> {
    Json(value)
}

#[route(POST, "/form")]
fn form(Form(pairs): Form<Vec<(String, String)>>) -> Json<Vec<(String, String)>> {
    Json(pairs)
}

#[route(PUT, "/spool")]
fn spool(file: TempFile) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.open()?.read_to_end(&mut content)?;
    Ok(content)
}

#[route(PUT, "/live")]
fn live(mut body: Body) -> mini_spring::Result<Vec<u8>> {
    let mut content = Vec::new();
    body.read_to_end(&mut content)?;
    Ok(content)
}

#[route(POST, "/upload")]
fn upload(mut form: Multipart) -> mini_spring::Result<String> {
    let mut names = String::new();
    while let Some(part) = form.next_part()? {
        names.push_str(part.name());
    }
    Ok(names)
}

/// The application, which leaves notes.
pub(crate) fn app(notes: Notes) -> App {
    let note = move |request: &mut Request, next: Next<'_>| -> Response {
        notes.add(request);
        next.run(request)
    };
    App::empty()
        .middleware(note)
        .mount("/", routes![search, user, json, form, spool, live, upload])
        .route("GET", "/health", |_: &Request| "up")
        .route("POST", "/echo", |request: &Request| request.body().to_vec())
        .route("PUT", "/nothing", |_: &Request| StatusCode::NO_CONTENT)
        .route("GET", "/file", |_: &Request| {
            NamedFile::from_bytes("a.txt", FILE)
        })
        .route("GET", "/stream", |_: &Request| {
            Stream::reader(io::repeat(b'x').take(STREAMED as u64))
        })
}

/// Whether what is answered doesn't depend on how the body comes: there is a route, and it waits for it. Encoded paths
/// are as good as others for the server; here they aren't certain.
pub(crate) fn waits(head: &Head) -> bool {
    let target = String::from_utf8_lossy(&head.target);
    let origin = match target.split_once("://") {
        Some((_, rest)) if !target.starts_with('/') => rest.find('/').map_or("/", |at| &rest[at..]),
        _ => &target,
    };
    let path = origin.split('?').next().unwrap_or_default();
    let path = path.strip_suffix('/').unwrap_or(path);
    let is = |method: &str| head.method == method;
    match path {
        "/health" | "/stream" | "/file" | "/search" => is("GET") || is("HEAD"),
        "/echo" | "/json" | "/form" => is("POST"),
        "/nothing" | "/spool" => is("PUT"),
        _ => false,
    }
}

/// Checks the answer to what was seen, as far as it is known.
pub(crate) fn judge(seen: &Seen, answer: &Answer) {
    check_problem(seen, answer);
    let is_asked_otherwise = matches!(answer.status, 304 | 406 | 412 | 415);
    if seen.method == "HEAD" {
        return assert!(answer.body.is_empty());
    }
    if is_asked_otherwise {
        return;
    }
    let expected = match (&*seen.method, seen.target.as_str()) {
        ("GET", "/health") => b"up".to_vec(),
        ("POST", "/echo") | ("PUT", "/spool") => seen.body.clone(),
        ("GET", "/stream") => vec![b'x'; STREAMED],
        ("GET", "/file") => return ranges::judge(answer, FILE),
        ("PUT", "/nothing") => return assert_eq!(answer.status, 204),
        _ => return,
    };
    assert_eq!(answer.status, 200, "{seen:?} {answer:?}");
    assert_eq!(answer.body, expected, "{seen:?}");
}

/// A problem is a document or a page, and what the client has sent is no markup in it.
fn check_problem(seen: &Seen, answer: &Answer) {
    if answer.status < 400 || answer.body.is_empty() {
        return;
    }
    let kind = answer.field("content-type").unwrap_or_default();
    if kind == "application/problem+json" {
        let document: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(document["status"], answer.status, "{document}");
        return;
    }
    assert!(kind.starts_with("text/html"), "{answer:?}");
    let page = String::from_utf8_lossy(&answer.body).into_owned();
    for piece in page.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap_or_default();
        assert!(TAGS.contains(&tag), "<{tag}> of {seen:?} in {page}");
    }
}

/// All that a page of a problem has.
const TAGS: &[&str] = &[
    "!doctype html",
    "html lang=en",
    "meta charset=utf-8",
    "meta name=viewport content=\"width=device-width\"",
    "title",
    "/title",
    "style",
    "/style",
    "main",
    "/main",
    "h1",
    "/h1",
    "b",
    "/b",
    "p",
    "/p",
    "ul",
    "/ul",
    "li",
    "/li",
    "small",
    "/small",
    "code",
    "/code",
    "/html",
];
