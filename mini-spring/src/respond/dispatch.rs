//! The result of a handler, step by step: split `Result`, then `Option`, then status, tag and header
//! fields; what is left is [`IntoResponse`], or else serialisable.
//!
//! The steps are probes at the call site (see `probe`): a blanket `IntoResponse` for everything
//! serialisable would overlap with the other implementations, and a `Result` whose error happens to
//! be serialisable must not become `{"Err": ..}` with status 200. Generated code calls:
//!
//! ```text
//! let value = probe_of(&value).outcome().split(value).map_err(|error| {
//!     match probe_of(&error.0).holding().keep(error, handled) {
//!         Ok(problem) => problem,
//!         Err(error) => probe_of(&error.0).failure().answer(error.0),
//!     }
//! })?;
//! let value = probe_of(&value).presence().split(value)?;
//! let (extras, value) = probe_of(&value).extras().split(value);
//! let (within, value) = probe_of(&value).further().split(value);
//! let response = probe_of(&value).content().answer(value);
//! Ok(finish(extras, finish(within, response)))
//! ```
//!
//! Knows no request and no route.

mod failure;

use std::convert::Infallible;
use std::error::Error as StdError;

use http::header::VARY;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::into_response::{BYTES, TEXT};
use super::json::JSON;
use super::{IntoResponse, Problem, SetCookie};
use crate::http::etag::ETag;
use crate::http::media_type::is_json;
use crate::probe::{First, Fourth, Second, Third};
use crate::response::Response;

// Step 1: `Result`.

impl<T, E> First<Result<T, E>> {
    /// The value is a `Result`.
    pub fn outcome(&self) -> Fallible {
        Fallible
    }
}

impl<T> Second<T> {
    /// The value is no `Result`.
    pub fn outcome(&self) -> Sure {
        Sure
    }
}

/// A `Result`.
pub struct Fallible;

/// No `Result`.
pub struct Sure;

impl Fallible {
    /// The value, or the error.
    pub fn split<T, E>(self, value: Result<T, E>) -> Result<T, Failed<E>> {
        value.map_err(Failed)
    }
}

impl Sure {
    /// The value, beside an error that can't be.
    pub fn split<T>(self, value: T) -> Result<T, Failed<Infallible>> {
        Ok(value)
    }
}

/// An error, held so that generated code can point at it with more than one token.
pub struct Failed<E>(pub E);

// Step 2: `Option`.

impl<T> First<Option<T>> {
    /// The value is an `Option`.
    pub fn presence(&self) -> Perhaps {
        Perhaps
    }
}

impl<T> Second<T> {
    /// The value is no `Option`.
    pub fn presence(&self) -> There {
        There
    }
}

/// An `Option`.
pub struct Perhaps;

/// No `Option`.
pub struct There;

impl Perhaps {
    /// What is in it; nothing is 404.
    pub fn split<T>(self, value: Option<T>) -> Result<T, Problem> {
        value.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND))
    }
}

impl There {
    /// The value, which is there.
    pub fn split<T>(self, value: T) -> Result<T, Problem> {
        Ok(value)
    }
}

// Step 3: a status, cookies and header fields before the content. They are taken apart here, although
// `IntoResponse` knows them too, because what they hold may be serialisable only. Each level has one
// candidate, so that a type that doesn't exist is no ambiguity on top.

impl<T: Headed> First<T> {
    /// Something stands before the content.
    pub fn extras(&self) -> Apart {
        Apart
    }
}

impl<T> Second<T> {
    /// The value is the content.
    pub fn extras(&self) -> Bare {
        Bare
    }
}

// What is behind that may have something before its content as well, as `(SetCookie, Created<T>)` has. Whatever else
// is there is content: two numbers are an array here.

impl<T: Headed<Extras: Extras>> First<T> {
    /// Something stands before the content.
    pub fn further(&self) -> Apart {
        Apart
    }
}

impl<T> Second<T> {
    /// The value is the content.
    pub fn further(&self) -> Bare {
        Bare
    }
}

/// Something before the content.
pub struct Apart;

/// Nothing before the content.
pub struct Bare;

impl Apart {
    /// What stands before the content, and the content.
    pub fn split<T: Headed>(self, value: T) -> (T::Extras, T::Content) {
        value.split()
    }
}

impl Bare {
    /// Nothing, and the content.
    pub fn split<T>(self, value: T) -> ((), T) {
        ((), value)
    }
}

/// Content with something before it.
pub trait Headed {
    /// What stands before the content: [`Extras`], or a mistake.
    type Extras;
    /// What becomes of it is asked in the next step.
    type Content;

    /// Both.
    fn split(self) -> (Self::Extras, Self::Content);
}

impl<X: Leading, T> Headed for (X, T) {
    type Extras = X;
    type Content = T;

    fn split(self) -> (X, T) {
        self
    }
}

impl<N, V, T, const F: usize> Headed for ([(N, V); F], T)
where
    [(N, V); F]: Extras,
{
    type Extras = [(N, V); F];
    type Content = T;

    fn split(self) -> ([(N, V); F], T) {
        self
    }
}

impl<H: Extras, T> Headed for (StatusCode, H, T) {
    type Extras = (StatusCode, H);
    type Content = T;

    fn split(self) -> ((StatusCode, H), T) {
        ((self.0, self.1), self.2)
    }
}

/// Somebody means a status, and it would be an array.
impl<T> Headed for (u16, T) {
    type Extras = u16;
    type Content = T;

    fn split(self) -> (u16, T) {
        self
    }
}

/// What may stand before the content.
#[diagnostic::on_unimplemented(
    message = "a number before the content is no status",
    label = "this result starts with a `{Self}`",
    note = "write a `StatusCode`, such as `StatusCode::CREATED`, or the status of the whole route: `#[route(.., status = 201)]`",
    note = "`Json((number, value))` is the JSON array"
)]
pub trait Extras {
    /// The answer, changed by it.
    fn onto(self, response: Response) -> Response;
}

impl Extras for () {
    fn onto(self, response: Response) -> Response {
        response
    }
}

/// What stands before the content alone, and is no array.
pub trait Leading: Extras {}

impl Leading for StatusCode {}

impl Leading for ETag {}

impl Leading for SetCookie {}

impl<const C: usize> Leading for [SetCookie; C] {}

impl Extras for SetCookie {
    fn onto(self, response: Response) -> Response {
        (self, response).into_response()
    }
}

impl<const C: usize> Extras for [SetCookie; C] {
    fn onto(self, response: Response) -> Response {
        (self, response).into_response()
    }
}

impl Extras for ETag {
    fn onto(self, response: Response) -> Response {
        (self, response).into_response()
    }
}

impl Extras for StatusCode {
    fn onto(self, response: Response) -> Response {
        response.with_outer_status(self)
    }
}

impl<N, V, const F: usize> Extras for [(N, V); F]
where
    N: TryInto<HeaderName, Error: StdError + Send + Sync + 'static>,
    V: TryInto<HeaderValue, Error: StdError + Send + Sync + 'static>,
{
    fn onto(self, response: Response) -> Response {
        (self, response).into_response()
    }
}

impl<H: Extras> Extras for (StatusCode, H) {
    fn onto(self, response: Response) -> Response {
        self.1.onto(response.with_outer_status(self.0))
    }
}

/// The answer with the status that its route has, unless its content says another.
pub fn with_default_status(response: Response, code: u16) -> Response {
    let is_default = matches!(response.status(), StatusCode::OK | StatusCode::NO_CONTENT);
    match StatusCode::from_u16(code) {
        Ok(status) if is_default => response.with_status(status),
        _ => response,
    }
}

/// The media type of the answers of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Produced {
    /// As it was written: `text/csv`.
    pub media_type: &'static str,
    /// Of content that is text, and so is UTF-8.
    pub of_text: &'static str,
}

impl Produced {
    /// The type without its parameters.
    pub(crate) fn essence(&self) -> &'static str {
        let end = self.media_type.find(';').unwrap_or(self.media_type.len());
        self.media_type[..end].trim_end()
    }
}

/// The answer with the media type that its route has, unless its content says another. Caches learn that the
/// field Accept had a say in it (RFC 9110, section 12.5.5).
pub fn with_produced_type(mut response: Response, produced: Produced) -> Response {
    let accept = HeaderValue::from_static("accept");
    response.fields_mut().append(VARY, &accept);
    let media_type = match response.own_type() {
        Some(TEXT) => produced.of_text,
        Some(BYTES) => produced.media_type,
        Some(JSON) if is_json(produced.essence().as_bytes()) => produced.media_type,
        _ => return response,
    };
    response.with_type(media_type)
}

/// The answer with what stood before the content.
pub fn finish(extras: impl Extras, response: Response) -> Response {
    extras.onto(response)
}

// Step 4: the content.

impl<T: IntoResponse> First<T> {
    /// The content is an answer.
    pub fn content(&self) -> Answer {
        Answer
    }
}

impl<T, E> Second<Result<T, E>> {
    /// A `Result` that isn't outermost and no answer is not meant to be JSON.
    pub fn content(&self) -> Nested {
        Nested
    }
}

impl<T: Serialize> Second<Option<T>> {
    /// What is in it becomes JSON, and nothing no `null`: wherever it stands, `None` is 404.
    pub fn content(&self) -> SerialPerhaps {
        SerialPerhaps
    }
}

impl<T: Serialize> Third<T> {
    /// The content becomes JSON.
    pub fn content(&self) -> Serial {
        Serial
    }
}

impl<T> Fourth<T> {
    /// The content can't be answered.
    pub fn content(&self) -> NoContent {
        NoContent
    }
}

/// Content that is [`IntoResponse`].
pub struct Answer;

/// Content that is `Serialize`.
pub struct Serial;

/// Content that is an `Option` of what is `Serialize`.
pub struct SerialPerhaps;

/// Content that is neither.
pub struct NoContent;

/// Content that is a `Result`, whose error would be sent as a success.
pub struct Nested;

impl Answer {
    /// The answer that it is.
    pub fn answer(self, content: impl IntoResponse) -> Response {
        content.into_response()
    }
}

impl Serial {
    /// 200 as JSON.
    pub fn answer<T: Serialize>(self, content: T) -> Response {
        Response::json(&content)
    }
}

impl SerialPerhaps {
    /// 200 as JSON, or 404.
    pub fn answer<T: Serialize>(self, content: Option<T>) -> Response {
        match content {
            Some(content) => Response::json(&content),
            None => Problem::new(StatusCode::NOT_FOUND).into_response(),
        }
    }
}

impl NoContent {
    /// Doesn't compile: what comes here is no [`IntoResponse`], and the compiler says what to do.
    pub fn answer<T: IntoResponse>(self, content: T) -> Response {
        content.into_response()
    }
}

impl Nested {
    /// Doesn't compile: nothing that comes here is [`OutermostResult`].
    pub fn answer<T: OutermostResult>(self, content: T) -> Response {
        content.into_response()
    }
}

/// What the compiler asks for when a `Result` stands inside of the result. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be answered inside of another type",
    label = "the `Result` must stand outside",
    note = "write `Result<Option<T>, E>` instead of `Option<Result<T, E>>`; `.transpose()` turns one into the other"
)]
pub trait OutermostResult {
    /// Never called.
    fn into_response(self) -> Response;
}
