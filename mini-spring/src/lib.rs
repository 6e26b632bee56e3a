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
//! use mini_spring::{App, Request, route, routes};
//!
//! #[route(GET, "/hello/<name>")]
//! fn hello(name: &str) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! let app = App::empty().mount("/", routes![hello]);
//! let response = app.call(Request::get("/hello/Ada").build()?);
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.body_bytes(), Some(&b"Hello, Ada!"[..]));
//! # Ok::<(), mini_spring::Error>(())
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
//! query, `Option<T>` may be absent, `Vec<T>` may repeat, and `<page=1>` has a default. So may a header
//! field, `#[header("X-Key")] key: &str`, and a cookie, `#[cookie("sid")] sid: Option<&str>`. Every other
//! argument is an extractor, a [`FromRequest`] type: [`Json<T>`](Json), [`Form<T>`](Form), [`Query<T>`](Query)
//! for many parameters at once, [`Cookies`], the body as `&str`, `String`,
//! `&[u8]` or `Vec<u8>`, [`&Request`](Request), or a type of yours. Input that is invalid is answered
//! with 400 before the function is called, everything that is wrong in one document.
//!
//! ```
//! # use mini_spring::{App, Json, Request, route, routes};
//! #[route(PUT, "/scores/<player>?<rounds=1>&<tag>")]
//! fn score(player: u32, rounds: usize, tag: Vec<&str>, Json(points): Json<Vec<i64>>) -> String {
//!     format!("{player}: {points:?} in {rounds}, {tag:?}")
//! }
//!
//! # let app = App::empty().mount("/", routes![score]);
//! # let put = |target: &str, body: &str| {
//! #     let request = Request::builder("PUT", target).header("Content-Type", "application/json");
//! #     request.body(body).build().map(|request| app.call(request))
//! # };
//! let response = put("/scores/7?tag=a&tag=b", "[1, 2]")?;
//! assert_eq!(response.body_bytes(), Some(&br#"7: [1, 2] in 1, ["a", "b"]"#[..]));
//!
//! let response = put("/scores/seven?rounds=-1", "[]")?;
//! assert_eq!(response.status(), 400);
//! let body = String::from_utf8_lossy(response.body_bytes().unwrap_or_default());
//! assert!(body.contains("found `seven`") && body.contains("found `-1`"));
//! # Ok::<(), mini_spring::Error>(())
//! ```
//!
//! # Results
//!
//! A handler returns anything [`IntoResponse`], such as text, bytes, a [`StatusCode`](http::StatusCode) or
//! a [`Response`]; or any [`Serialize`] value, which becomes JSON. `None` is 404. In front of the content
//! can stand a status and an array of header fields: `(StatusCode::CREATED, [("Location", path)],
//! user)`. A body that doesn't fit into memory is read while it is sent: [`Response::reader`].
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
//! [`Problem`](struct@Problem) is how errors are answered: `application/problem+json` (RFC 9457). A handler's error is
//! anything `Into<Problem>`, or any error at all: that is a 500 that tells the client nothing and the log
//! everything. [`Error`] takes every error by `?`, and is what `main` returns. A panic is a 500 too.
//!
//! | a handler returns | `?` takes | the client sees |
//! |---|---|---|
//! | `Result<T, Problem>` | problems, status codes | what the problem says |
//! | [`mini_spring::Result<T>`](Result) | every error | 500, unless it is a problem |
//! | `Result<T, MyError>` | what is `Into<MyError>` | what `From<MyError> for Problem` says, which [`#[derive(Problem)]`](derive@Problem) writes; else 500 |
//!
//! ```
//! # use mini_spring::{App, Problem, Request, route, routes};
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
//! # let app = App::empty().mount("/", routes![note]);
//! assert_eq!(app.call(Request::get("/notes/7").build()?).status(), 404);
//! assert_eq!(app.call(Request::get("/notes/x").build()?).status(), 500);
//! # Ok::<(), mini_spring::Error>(())
//! ```
//!
//! ```
//! # use mini_spring::{App, Problem, Request, route, routes};
//! #[route(GET, "/half/<number>")]
//! fn half(number: u32) -> Result<String, Problem> {
//!     match number % 2 {
//!         0 => Ok((number / 2).to_string()),
//!         _ => Err(Problem::unprocessable(format!("{number} is odd"))),
//!     }
//! }
//!
//! # let app = App::empty().mount("/", routes![half]);
//! let response = app.call(Request::get("/half/7").build()?);
//! assert_eq!(response.status(), 422);
//! # Ok::<(), mini_spring::Error>(())
//! ```
//!
//! # Middleware
//!
//! A function of `&mut Request` and [`Next`] that is put around all handlers, and around the answers of
//! 404 and 405, with [`App::middleware`]. The first that is added is the outermost.
//!
//! # Without macros
//!
//! [`App::route`] and [`Router::register`] take a method, a pattern and a `Fn(&Request)`.
//! [`Router::resolve`] only looks up. [`Server`] serves an [`App`] or a [`Router`] and is stopped by the
//! program; [`run`] and [`App::run`] are made of it.
//!
//! # Settings
//!
//! [`ServerConfig`] lists them with their defaults: address, limits, timeouts. [`run`] and [`App::run`] take
//! them from the environment, `MINI_SPRING_SERVER_PORT=9000`, and from the command line,
//! `--server.port=9000`, which wins; [`Server::bind_with`] takes them from the program.
//!
//! # Features
//!
//! - `logger`, on by default: `run` installs a logger unless the program has, and `RUST_LOG` chooses
//!   what it shows.
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
mod config;
mod content;
mod error;
mod extract;
mod handler;
#[cfg(test)]
mod handler_tests;
pub mod http;
mod logger;
mod middleware;
mod mistakes;
mod probe;
mod request;
mod respond;
mod response;
mod routing;
mod run;
mod server;
mod service;
mod spool;
mod unwind;

#[cfg(feature = "__bench")]
#[doc(hidden)]
pub mod __bench;
#[doc(hidden)]
pub mod __private;

pub use self::app::App;
pub use self::config::ServerConfig;
pub use self::error::{Error, Result};
pub use self::extract::{
    Body, BodyUse, Cookies, Deadline, Form, FromParam, FromRequest, Needs, OptionalFromRequest,
    ParamError, Preconditions, Query, TempFile,
};
pub use self::http::etag::ETag;
pub use self::middleware::Next;
pub use self::request::{Request, RequestBuilder};
pub use self::respond::{
    Created, Dir, Html, IntoResponse, InvalidCookie, Json, NamedFile, NoContent, Problem, Redirect,
    SameSite, SetCookie,
};
pub use self::response::Response;
pub use self::routing::{Allow, Match, Router, Routes, Unmatched};
pub use self::run::run;
pub use self::server::{Running, Server, blocking};
pub use self::service::{IntoService, RouteList, Service};
/// ```
/// use mini_spring::{Json, Problem, route};
///
/// #[route(GET, "/users/<id>?<full>")]
/// fn get_user(id: u64, full: Option<bool>) -> Result<Json<String>, Problem> {
///     match id {
///         7 => Ok(Json(format!("user 7, {full:?}"))),
///         _ => Err(Problem::not_found(format!("no user {id}"))),
///     }
/// }
///
/// assert_eq!(get_user::url(7), "/users/7");
/// ```
///
pub use mini_spring_macros::route;

/// ```
/// use mini_spring::{Problem, route};
///
/// #[derive(Debug, Problem)]
/// enum BookError {
///     #[problem(404, "no book {id}")]
///     Missing { id: u64 },
///     #[problem(500)]
///     Database(std::io::Error),
/// }
///
/// impl From<std::io::Error> for BookError {
///     fn from(error: std::io::Error) -> Self {
///         BookError::Database(error)
///     }
/// }
///
/// #[route(GET, "/books/<id>")]
/// fn book(id: u64) -> Result<String, BookError> {
///     match std::fs::read_to_string("books/7.txt")? {
///         text if id == 7 => Ok(text),
///         _ => Err(BookError::Missing { id }),
///     }
/// }
///
/// let problem = Problem::from(BookError::Missing { id: 8 });
/// assert_eq!((problem.status().as_u16(), problem.detail()), (404, Some("no book 8")));
/// ```
///
pub use mini_spring_macros::Problem;
