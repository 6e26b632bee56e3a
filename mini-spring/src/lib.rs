//! A macro-based micro web framework without async: handlers are plain functions.
//!
//! A program is functions with [`#[route]`](macro@route) and a call of [`run`]:
//!
//! ```no_run
//! use mini_spring::route;
//!
//! #[route(GET, "/hello/<name>")]
//! fn hello(name: &str) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! fn main() -> mini_spring::Result<()> {
//!     mini_spring::run()
//! }
//! ```
//!
//! `run` mounts every route of the program, checks all of them together with the settings, and serves
//! until Ctrl-C. A test names the handlers with [`routes!`] and needs no socket:
//!
//! ```
//! use mini_spring::{TestApp, route, routes};
//!
//! #[route(GET, "/hello/<name>")]
//! fn hello(name: &str) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! let app = TestApp::of(routes![hello]);
//! app.get("/hello/Ada").send().assert_status(200).assert_text("Hello, Ada!");
//! ```
//!
//! # Handlers
//!
//! [`#[route(METHOD, "/pattern")]`](macro@route) makes a function a handler and leaves it as it is: other
//! code can call it. Segment by segment from the left, a static segment comes before a parameter, and a
//! parameter before the rest of the path; the order in which routes are written means nothing. Two
//! routes of one shape and method are a mistake that stops the start. A slash at the end of a path means
//! nothing. GET routes answer HEAD too, and OPTIONS, 404 and 405 are answered without a handler.
//!
//! `name::url(..)` is the path of a handler with these values:
//!
//! ```
//! # use mini_spring::route;
//! #[route(GET, "/files/<owner>/<path..>")]
//! fn file(owner: &str, path: &str) -> String {
//!     format!("{path} of {owner}")
//! }
//!
//! assert_eq!(file::url("Ada", "notes/a b"), "/files/Ada/notes/a%20b");
//! assert_eq!(file("Ada", "notes"), "notes of Ada");
//! ```
//!
//! Handlers may block: a worker that is stuck in one is replaced within about two milliseconds, and a
//! route that was seen to block leaves the threads that poll alone from then on. `server.workers` says
//! how many handlers may block at a time; see [`ServerConfig`]. `#[route(GET, "/report", blocking)]` and
//! [`blocking`] say so beforehand.
//!
//! # Arguments
//!
//! An argument that the pattern names is a parameter, of any [`FromParam`] or [`FromStr`] type. In the
//! query, `Option<T>` may be absent, `Vec<T>` may repeat, a `bool` is a flag, and `<page=1>` has a default. So may a header
//! field, `#[header("X-Key")] key: &str`, and a cookie, `#[cookie("sid")] sid: Option<&str>`. Every other
//! argument is an extractor, a [`FromRequest`] type: [`Json<T>`](Json), [`Form<T>`](Form), [`Query<T>`](Query)
//! for many parameters at once, [`Cookies`], the body as `&str`, `String`, `&[u8]` or `Vec<u8>`, [`Multipart`] for
//! forms with files, [`&Request`](Request), a fact about it of the table below, or a type of yours. Input that is
//! invalid is answered with 400 before the function is called, everything that is wrong in one document.
//!
//! ```
//! # use mini_spring::{Json, TestApp, route, routes};
//! #[route(PUT, "/scores/<player>?<rounds=1>&<tag>")]
//! fn score(player: u32, rounds: usize, tag: Vec<&str>, Json(points): Json<Vec<i64>>) -> String {
//!     format!("{player}: {points:?} in {rounds}, {tag:?}")
//! }
//!
//! let app = TestApp::of(routes![score]);
//! let response = app.put("/scores/7?tag=a&tag=b").json(&[1, 2]).send();
//! response.assert_text(r#"7: [1, 2] in 1, ["a", "b"]"#);
//!
//! let response = app.put("/scores/seven?rounds=-1").json(&[0; 0]).send();
//! let problem = response.assert_status(400).text();
//! assert!(problem.contains("found `seven`") && problem.contains("found `-1`"));
//! ```
//!
//! | argument | what it is |
//! |---|---|
//! | [`Method`](http::Method), `&Method` | the method, for a handler of several |
//! | [`Uri`](http::Uri), [`Version`](http::Version) | target and version of the request line |
//! | [`HeaderMap`](http::HeaderMap) | a copy of all fields, for other libraries |
//! | [`Host`] | the host that the client asked for |
//! | [`MatchedRoute`] | the pattern that matched, for a handler of several |
//! | [`ClientIp`] | the client's address, also behind trusted proxies |
//! | [`PeerAddr`] | the other end of the connection |
//! | [`Extension<T>`](Extension) | a value that middleware has put on the request |
//! | [`Deadline`] | how much time is left |
//!
//! A route that takes bodies of certain media types only says so, and so does one whose answer is of a certain
//! type; several of one pattern are told apart by it:
//!
//! ```
//! # use mini_spring::{Json, TestApp, route, routes};
//! #[route(GET, "/sales", produces = "application/json")]
//! fn sales() -> Json<[u32; 2]> {
//!     Json([7, 8])
//! }
//!
//! #[route(GET, "/sales", produces = "text/csv")]
//! fn sales_table() -> &'static str {
//!     "Monday,7\nTuesday,8\n"
//! }
//!
//! #[route(POST, "/sales", consumes = "text/csv")]
//! fn add(table: &str) -> String {
//!     format!("{} lines", table.lines().count())
//! }
//!
//! let app = TestApp::of(routes![sales, sales_table, add]);
//! let table = app.get("/sales").header("Accept", "text/csv").send();
//! table.assert_text("Monday,7\nTuesday,8\n");
//! app.get("/sales").header("Accept", "image/png").send().assert_status(406);
//! app.post("/sales").text("Monday,9\n").send().assert_status(415);
//! ```
//!
//! # Validation
//!
//! A value that is wrong by itself is refused by its type: what is [`FromStr`] or [`FromParam`] can be a
//! parameter, and says what it takes; [`FromParam`] has an example.
//!
//! With the feature `validation`, `Valid<Json<T>>`, `Valid<Form<T>>` and `Valid<Query<T>>` check values by the
//! crate [garde](https://docs.rs/garde): 422, with every wrong field of the request in one document, as the
//! client calls it.
//!
//! # Results
//!
//! A handler returns anything [`IntoResponse`], such as text, bytes, a [`StatusCode`](http::StatusCode) or
//! a [`Response`]; or any [`Serialize`] value, which becomes JSON. `None` is 404. In front of the content
//! can stand a status and an array of header fields: `(StatusCode::CREATED, [("Location", path)],
//! user)`. A [`Stream`] is a body that a reader, an iterator or a function makes while it is sent, and [`Sse`] are
//! events that other threads send when they happen.
//!
//! # Files
//!
//! [`NamedFile`] is a file as an answer, with the type that its name tells, an entity tag and a date. What
//! clients ask of it is answered by the server: conditional requests and ranges (RFC 9110, sections 13 and
//! 14), so downloads are taken up again where they broke off. [`Dir`] opens those whose names clients
//! say, below one directory.
//!
//! ```
//! # use std::{io, path::PathBuf};
//! # use mini_spring::{App, Dir, NamedFile, Request, route, routes};
//! #[route(GET, "/static/<path..>")]
//! fn assets(path: PathBuf) -> io::Result<Option<NamedFile>> {
//!     Dir::new("src").open(path)
//! }
//!
//! let app = App::empty().mount("/", routes![assets]);
//! let request = Request::get("/static/lib.rs").header("Range", "bytes=0-2");
//! let response = app.call(request.build()?);
//! assert_eq!((response.status().as_u16(), response.body_bytes()), (206, Some(&b"//!"[..])));
//! # Ok::<(), mini_spring::Error>(())
//! ```
//!
//! Other answers are conditional as soon as they have an [`ETag`] or a `Last-Modified`; before something is
//! changed, a handler asks [`Preconditions`].
//!
//! # Errors
//!
//! [`Problem`](struct@Problem) is how errors are answered: `application/problem+json` (RFC 9457), or a page, where the
//! client is a browser. A handler's error is anything `Into<Problem>`, or any error at all: that is a 500 that tells
//! the client nothing and the log everything. [`Error`] takes every error by `?`, and is what `main` returns. A panic is a 500 too.
//!
//! | a handler returns | `?` takes | the client sees |
//! |---|---|---|
//! | `Result<T, Problem>` | problems, status codes | what the problem says |
//! | [`mini_spring::Result<T>`](Result) | every error | 500, unless it is a problem |
//! | `Result<T, MyError>` | what is `Into<MyError>` | what `From<MyError> for Problem` says, which [`#[derive(Problem)]`](derive@Problem) writes; else 500 |
//!
//! ```
//! # use mini_spring::{Problem, TestApp, route, routes};
//! enum NoteError {
//!     Missing(u32),
//!     Other(mini_spring::Error),
//! }
//!
//! impl From<std::num::ParseIntError> for NoteError {
//!     fn from(error: std::num::ParseIntError) -> Self {
//!         NoteError::Other(error.into())
//!     }
//! }
//!
//! impl From<NoteError> for Problem {
//!     fn from(error: NoteError) -> Self {
//!         match error {
//!             NoteError::Missing(id) => Problem::not_found(format!("no note {id}")),
//!             NoteError::Other(error) => error.into(),
//!         }
//!     }
//! }
//!
//! #[route(GET, "/notes/<id>")]
//! fn note(id: &str) -> Result<String, NoteError> {
//!     Err(NoteError::Missing(id.parse()?))
//! }
//!
//! let app = TestApp::of(routes![note]);
//! app.get("/notes/7").send().assert_status(404);
//! app.get("/notes/x").send().assert_status(500);
//! ```
//!
//! ```
//! # use mini_spring::{Problem, TestApp, route, routes};
//! #[route(GET, "/half/<number>")]
//! fn half(number: u32) -> Result<String, Problem> {
//!     match number % 2 {
//!         0 => Ok((number / 2).to_string()),
//!         _ => Err(Problem::unprocessable(format!("{number} is odd"))),
//!     }
//! }
//!
//! let app = TestApp::of(routes![half]);
//! app.get("/half/7").send().assert_status(422);
//! ```
//!
//! [`#[error_handler]`](macro@error_handler) makes a function answer the errors of one type, `&DatabaseError`, wherever a
//! handler or an extractor returns one, or all problems, `Problem`. What is behind an answer from 500 on is one line
//! in the log, and log and answer name the request: [`Request::id`]. So that its type can be asked for, an error that
//! is a `std::error::Error` borrows nothing from the request.
//!
//! # Components
//!
//! What handlers share is a component: a function with [`#[component]`](macro@component) makes it, once before the port
//! opens, and whoever needs it takes [`Inject<T>`](Inject), handlers as well as other components.
//!
//! ```
//! use std::sync::Mutex;
//!
//! use mini_spring::{Inject, NoContent, TestApp, component, route, routes};
//!
//! trait Notes: Send + Sync {
//!     fn add(&self, note: &str);
//!     fn all(&self) -> Vec<String>;
//! }
//!
//! struct Memory {
//!     notes: Mutex<Vec<String>>,
//! }
//!
//! impl Notes for Memory {
//!     fn add(&self, note: &str) {
//!         self.notes.lock().unwrap().push(note.to_owned());
//!     }
//!
//!     fn all(&self) -> Vec<String> {
//!         self.notes.lock().unwrap().clone()
//!     }
//! }
//!
//! #[component(as dyn Notes)]
//! fn notes() -> Memory {
//!     Memory { notes: Mutex::default() }
//! }
//!
//! #[route(POST, "/notes")]
//! fn add(notes: Inject<dyn Notes>, note: &str) -> NoContent {
//!     notes.add(note);
//!     NoContent
//! }
//!
//! #[route(GET, "/notes")]
//! fn list(notes: Inject<dyn Notes>) -> Vec<String> {
//!     notes.all()
//! }
//!
//! let app = TestApp::of(routes![add, list]);
//! app.post("/notes").text("milk").send().assert_status(204);
//! app.get("/notes").send().assert_json(["milk"]);
//! ```
//!
//! `#[component(scope = request)]` is made for each request that needs it, of any extractors, and its error is the answer:
//! the user who asks, a transaction. Before anything is made, the graph of all components and of all that needs
//! them is checked as a whole, and one report tells what is missing, what is there twice and what goes round in a
//! circle, with file and line. [`verify!(app())`](verify) is a test that does the same. [`on_start`](macro@on_start) and
//! [`on_stop`](macro@on_stop) are called with components before the port opens and after the last answer.
//!
//! # Middleware
//!
//! A function or closure of `&mut Request` and [`Next`], or a value that is [`Middleware`]. It may answer by itself, change the
//! request before and the answer after, and put values on the request for what is further inside.
//!
//! | around | written |
//! |---|---|
//! | everything, also answers of 404, 405 and OPTIONS | [`App::middleware`], [`App::layer`] for values |
//! | the routes whose patterns are below a prefix | [`App::middleware_at`], [`App::layer_at`] |
//! | the routes of a module and those below | [`group!`](group) |
//! | one handler | [`#[middleware(auth)]`](macro@middleware) |
//!
//! In this order they are around each other: what is added to the application is outermost, and what a handler has
//! innermost; of one kind, what is written first, or a shorter prefix, or an outer group, is further outside.
//! [`Service::routes`] shows for each route what it goes through. All of that is decided at start: a route without
//! middleware pays nothing. Requests without a route go through what is around everything, and around prefixes of
//! their path; those that their route refuses by its media types, and preflights of CORS, go the way of that route.
//! What the server refuses by itself because of a limit meets no middleware.
//!
//! [`RequestId`], [`Cors`] and [`SecurityHeaders`] come with it; with the features of these names, `RateLimit` and
//! `Compression`. Outermost belongs `RequestId`, then `SecurityHeaders`, `Compression`, `Cors`, and inside of them what
//! refuses requests.
//!
//! # Tests
//!
//! A handler is a function, which a test can call. [`TestApp`] sends it requests through the server's own
//! parser and limits, without a socket or a thread: `TestApp::of(routes![..])` for a few handlers,
//! [`TestApp::new`] for the whole program, and [`TestApp::from_app`] for one with middleware and error handlers. It keeps
//! cookies, [follows redirects](TestRequest::follow_redirects), reads [events](TestRequest::events) one by one, and
//! answers [over TCP](TestApp::over_tcp) as well. A test that fails shows request, answer, the error behind it and the log.
//!
//! ```
//! use mini_spring::{Json, TestApp, route, routes};
//! use serde_json::json;
//!
//! #[route(POST, "/sums?<round>", status = 201)]
//! fn sum(round: Option<bool>, Json(numbers): Json<Vec<f64>>) -> Json<f64> {
//!     let sum: f64 = numbers.iter().sum();
//!     Json(if round == Some(true) { sum.round() } else { sum })
//! }
//!
//! let app = TestApp::of(routes![sum]);
//! let response = app.post("/sums?round").json(&[1.5, 2.25]).send();
//! response.assert_status(201).assert_json(json!(4.0));
//!
//! let response = app.post("/sums").header("Content-Type", "text/plain").body("7").send();
//! response.assert_status(415).assert_header("Content-Type", "application/problem+json");
//! ```
//!
//! # Without macros
//!
//! [`App::route`] and [`Router::register`] take a method, a pattern and a `Fn(&Request)`.
//! [`Router::resolve`] only looks up. [`Server`] serves an [`App`] or a [`Router`] and is stopped by the
//! program; [`run`] and [`App::run`] are made of it.
//!
//! # Settings
//!
//! [`ServerConfig`] lists those of the server with their defaults: address, limits, timeouts. A struct with
//! [`#[config(prefix = "database")]`](macro@config) holds settings of the program and is taken as [`Inject<T>`](Inject).
//! [`run`] and [`App::run`] take all of them from `mini-spring.toml` and `mini-spring-{profile}.toml`, the environment,
//! `MINI_SPRING_SERVER_PORT=9000`, and the command line, `--server.port=9000`; what comes later wins, and `--help` lists
//! them. [`Server::bind_with`] takes the server's from the program.
//!
//! # Features
//!
//! - `logger`, on by default: `run` installs a logger unless the program has, and `RUST_LOG` chooses
//!   what it shows.
//!
//! - `rate-limit`: `RateLimit`, by the crate governor.
//!
//! - `compression`: `Compression` by gzip and brotli; `zstd` adds that, and takes a C compiler to build.
//!
//! - `validation`: arguments that are validated, `Valid<Json<T>>`.
//!
//! - `charset`: bodies that are taken as text may be in any charset of the encoding standard, by the crate
//!   `encoding_rs`.
//!
//! - `polling`: the poller of other systems on Linux too, for tests.
//!
//! Linux is what it is made for. On macOS, the BSDs and Windows it uses what every system has; that part is
//! tested on Linux only.
//!
//! [`FromStr`]: std::str::FromStr
//! [`Serialize`]: serde::Serialize

#![deny(missing_docs)]

// Generated code names `::mini_spring`, also inside this crate.
extern crate self as mini_spring;

mod app;
mod beneath;
mod channel;
mod component;
mod config;
mod content;
mod error;
mod error_handler;
mod extract;
mod handler;
#[cfg(test)]
mod handler_tests;
pub mod http;
mod inject;
mod logger;
mod middleware;
mod mistakes;
mod one_line;
mod probe;
mod problem;
mod process;
mod request;
mod respond;
mod response;
mod routing;
mod run;
mod server;
mod service;
mod spool;
mod sync;
mod testing;
mod trace;
mod unwind;

#[cfg(feature = "__inside")]
#[doc(hidden)]
pub mod __inside;
#[doc(hidden)]
pub mod __private;

pub use self::app::App;
pub use self::config::{ByteSize, Secret, ServerConfig, config};
pub use self::error::{Error, Result};
pub use self::error_handler::error_handler;
pub use self::extract::{
    Bearer, Body, BodyUse, ClientIp, Cookies, Deadline, Extension, Form, FromParam, FromRequest,
    Host, MatchedRoute, Multipart, MultipartError, MultipartForm, Needs, OptionalFromRequest,
    ParamError, Part, PeerAddr, Preconditions, Query, TempFile, UploadedFile,
};
#[cfg(feature = "validation")]
pub use self::extract::{Valid, Validatable};
pub use self::handler::route;
pub use self::http::etag::ETag;
pub use self::http::{ForwardedField, InvalidNetworks, Networks};
pub use self::inject::Inject;
#[cfg(feature = "compression")]
pub use self::middleware::Compression;
#[cfg(feature = "rate-limit")]
pub use self::middleware::RateLimit;
pub use self::middleware::{
    Cors, Middleware, Next, Provides, RequestId, SecurityHeaders, group, middleware,
};
pub use self::problem::Problem;
pub use self::request::{Request, RequestBuilder};
pub use self::respond::{
    Broadcast, Created, Dir, Event, EventSender, Gone, Html, IntoResponse, InvalidCookie, Json,
    NamedFile, NoContent, Redirect, SameSite, SetCookie, Sse, Stream, TrySendError,
};
pub use self::response::Response;
pub use self::routing::{Allow, Match, Router, Routes, Unmatched};
pub use self::run::run;
pub use self::server::{Running, Server, blocking};
pub use self::service::{IntoService, RouteList, Service};
pub use self::testing::{TestApp, TestEvent, TestEvents, TestForm, TestRequest, TestResponse};
pub use mini_spring_macros::{component, on_start, on_stop, profile};
