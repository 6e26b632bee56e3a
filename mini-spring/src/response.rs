//! An answer: status, header fields and body.
//!
//! Fields are kept in wire form and the body in a recycled buffer, so an ordinary answer costs no
//! heap allocation. A problem is kept as it is until it is known how it is to be shown, see `failed`. Knows no
//! socket: how the body is framed is decided when the answer is sent.

mod body;
mod failed;
mod vary;

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

pub(crate) use self::body::{Body, Feed, Produced, Producer, WriteBody};
pub(crate) use self::failed::Format;
use crate::content::Content;
use crate::http::buffers;
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::unwind::drop_quietly;

/// An HTTP answer.
///
/// Handlers rarely make one by hand: they return text, anything serialisable, or whatever else is
/// [`IntoResponse`](crate::IntoResponse). Middleware gets and returns it.
///
/// ```
/// use mini_spring::{Response, http::StatusCode};
///
/// let response = Response::ok("hello").with_status(StatusCode::ACCEPTED).header("X-Answer", "42");
/// assert_eq!(response.status(), StatusCode::ACCEPTED);
/// assert_eq!(response.body_bytes(), Some(&b"hello"[..]));
/// ```
#[must_use = "an answer does nothing until it is returned"]
pub struct Response {
    status: StatusCode,
    fields: Fields,
    body: Body,
    /// Boxed, since most answers have none of it and are small to move without.
    rare: Option<Box<Rare>>,
}

/// What few answers have.
#[derive(Default)]
struct Rare {
    /// The problem that this answer is or was made of. As long as it is raw it stands for the body.
    problem: Option<Problem>,
    /// Where a part of the body can be had from, until it is known what the request asks for.
    selected: Option<Selected>,
}

/// The whole of which a request may ask for a part (RFC 9110, section 14).
#[derive(Debug)]
pub(crate) struct Selected {
    pub(crate) content: Content,
    /// It is the page of a directory, whose links are meant to begin there.
    pub(crate) is_index: bool,
}

impl Response {
    /// An answer without a body.
    ///
    /// ```
    /// # use mini_spring::{Response, http::StatusCode};
    /// assert_eq!(Response::new(StatusCode::NO_CONTENT).body_bytes(), Some(&b""[..]));
    /// ```
    pub fn new(status: StatusCode) -> Self {
        Response {
            status,
            fields: Fields::default(),
            body: Body::Bytes(Vec::new()),
            rare: None,
        }
    }

    /// 200 with a recycled buffer as its body. The type must be valid as a field value.
    pub(crate) fn with_body(content_type: &'static str, body: Vec<u8>) -> Self {
        Response::of(content_type, Body::Bytes(body))
    }

    /// 200 with this body. The type must be valid as a field value.
    #[inline]
    pub(crate) fn of(content_type: &'static str, body: Body) -> Self {
        Response {
            status: StatusCode::OK,
            fields: Fields::of_type(content_type),
            body,
            rare: None,
        }
    }

    /// 200 with content that can be read in parts. The type must be valid as a field value.
    pub(crate) fn selected(content_type: &'static str, selected: Selected) -> Self {
        let length = selected.content.length();
        let piece = selected.content.piece(0..length);
        let mut response = Response::of(content_type, Body::reader(piece, Some(length)));
        response.rare_mut().selected = Some(selected);
        response
    }

    /// The same with this content type, which must be valid as a field value.
    pub(crate) fn with_type(mut self, content_type: &'static str) -> Self {
        self.fields.retype(content_type);
        self
    }

    /// The content type, if it is one that this crate has set.
    pub(crate) fn own_type(&self) -> Option<&'static str> {
        self.fields.own_type()
    }

    /// 200 with a copy of `content` as its body, in a recycled buffer.
    pub(crate) fn copied(content_type: &'static str, content: &[u8]) -> Self {
        let mut body = buffers::take();
        body.extend_from_slice(content);
        Response::with_body(content_type, body)
    }

    /// The status code (RFC 9110, section 15).
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Replaces the status code.
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        if let Some(problem) = self.raw_problem() {
            problem.set_status(status);
        }
        self
    }

    /// The header fields, without those that the server adds when it sends the answer.
    ///
    /// ```
    /// use mini_spring::Response;
    /// use mini_spring::http::header;
    ///
    /// let fields = Response::ok("hello");
    /// assert_eq!(fields.fields().get(&header::CONTENT_TYPE), Some(&b"text/plain; charset=utf-8"[..]));
    /// ```
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The header fields, to be changed.
    ///
    /// ```
    /// use mini_spring::{Next, Request, Response};
    /// use mini_spring::http::header;
    ///
    /// fn anonymous(request: &mut Request, next: Next) -> Response {
    ///     let mut response = next.run(request);
    ///     response.fields_mut().remove(&header::SET_COOKIE);
    ///     response
    /// }
    /// ```
    pub fn fields_mut(&mut self) -> &mut Fields {
        &mut self.fields
    }

    /// The body, unless it is read while it is sent.
    pub fn body_bytes(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Bytes(_) if self.is_raw() => self.problem().map(Problem::json),
            Body::Bytes(bytes) => Some(bytes),
            Body::Produced(_) | Body::Fed(_) => None,
        }
    }

    /// The body, as it will be sent.
    #[cfg(feature = "compression")]
    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    /// Changes the body.
    #[cfg(feature = "compression")]
    pub(crate) fn map_body(&mut self, change: impl FnOnce(Body) -> Body) {
        self.body = change(std::mem::replace(&mut self.body, Body::Bytes(Vec::new())));
    }

    /// The error behind this answer, which the log gets to see and the client doesn't. An answer that an
    /// [`#[error_handler]`](macro@crate::error_handler) has made keeps the error that was handled.
    ///
    /// ```
    /// use mini_spring::{Response, http::StatusCode};
    ///
    /// assert!(Response::ok(StatusCode::NOT_FOUND).cause().is_none());
    /// assert!(Response::server_error("the disk is full").cause().is_some());
    /// ```
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.problem()?.cause()
    }

    #[cold]
    fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Whether the request may have a say in it yet: as it is a problem, by preconditions, as there is a validator,
    /// or by a range.
    #[inline]
    pub(crate) fn is_unfinished(&self) -> bool {
        self.rare.is_some() || self.fields.has_validator()
    }

    /// Takes what the request has a say in.
    pub(crate) fn take_selected(&mut self) -> Option<Selected> {
        self.rare.as_mut()?.selected.take()
    }

    /// The same fields with another status and body.
    pub(crate) fn turn_into(&mut self, status: StatusCode, body: Body) {
        self.status = status;
        match std::mem::replace(&mut self.body, body) {
            Body::Bytes(bytes) => buffers::give(bytes),
            other => drop_quietly(other),
        }
    }

    /// Drops what code of the program has left in it and nobody will need: the cause, and a body whose
    /// bytes are not sent.
    pub(crate) fn shed(&mut self, unsent: bool) {
        if self.rare.is_some() {
            self.shed_rare();
        }
        if let Body::Produced(produced) = &mut self.body
            && unsent
        {
            let nothing = Producer::Reader(Box::new(std::io::empty()));
            drop_quietly(std::mem::replace(&mut produced.producer, nothing));
        }
    }

    /// The parts, for sending.
    #[inline]
    pub(crate) fn into_parts(mut self) -> (StatusCode, Fields, Body) {
        if self.is_raw() {
            self.show(Format::Json);
        }
        (self.status, self.fields, self.body)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Response");
        debug.field("status", &self.status);
        for (name, value) in self.fields.iter() {
            debug.field(name, &String::from_utf8_lossy(value));
        }
        match self.body_bytes() {
            Some(bytes) => debug.field("body", &String::from_utf8_lossy(bytes)),
            None => debug.field("body", &self.body),
        };
        if let Some(cause) = self.cause() {
            debug.field("cause", &format_args!("{cause}"));
        }
        debug.finish()
    }
}
