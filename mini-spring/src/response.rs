//! An answer: status, header fields and body.
//!
//! Fields are kept in wire form and the body in a recycled buffer, so an ordinary answer costs no
//! heap allocation. Knows no socket: how the body is framed is decided when the answer is sent.

mod body;

use std::error::Error as StdError;
use std::fmt;
use std::io::Read;

use http::StatusCode;

pub(crate) use self::body::{Body, Feed, Produced, Producer, WriteBody};
use crate::http::buffers;
use crate::http::fields::Fields;
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
    cause: Option<Box<dyn StdError + Send + Sync>>,
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
            cause: None,
        }
    }

    /// 200 with a body that is read while it is sent, so that it is never in memory as a whole.
    ///
    /// With a length it is sent with Content-Length, and an answer that ends early closes the
    /// connection; without, it is chunked (RFC 9112, section 7.1).
    ///
    /// Reading may block, so it takes one of the workers that handlers that block may have, piece by piece
    /// and only while the client takes what was read. If none is free before `server.queue_timeout` the
    /// request is answered 503; once its answer has begun it breaks off, by the end of the connection.
    /// A [`Body`](crate::Body) can't be the reader: it ends with its handler.
    ///
    /// ```
    /// use std::io::{Read, repeat};
    /// use mini_spring::{Response, TestApp, route, routes};
    ///
    /// #[route(GET, "/zeroes/<count>")]
    /// fn zeroes(count: u64) -> Response {
    ///     Response::reader("application/octet-stream", repeat(0).take(count), Some(count))
    /// }
    ///
    /// let app = TestApp::of(routes![zeroes]);
    /// let zeroes = app.get("/zeroes/100000").send();
    /// assert_eq!(zeroes.assert_header("Content-Length", "100000").bytes(), [0; 100_000]);
    /// ```
    pub fn reader(
        content_type: &'static str,
        reader: impl Read + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        let producer = Producer::Reader(Box::new(reader));
        Response::of(
            content_type,
            Body::Produced(Box::new(Produced { producer, length })),
        )
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
            cause: None,
        }
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
        self
    }

    /// Replaces the status code by one that stands before the content, unless the content has failed: then
    /// there is an error to be told.
    pub(crate) fn with_outer_status(self, status: StatusCode) -> Self {
        match self.cause {
            Some(_) => self,
            None => self.with_status(status),
        }
    }

    /// The header fields, without those that the server adds when it sends the answer.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The header fields, to be changed.
    pub fn fields_mut(&mut self) -> &mut Fields {
        &mut self.fields
    }

    /// The body, unless it is read while it is sent.
    pub fn body_bytes(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Bytes(bytes) => Some(bytes),
            Body::Produced(_) | Body::Fed(_) => None,
        }
    }

    /// The error behind this answer, which the log gets to see and the client doesn't.
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    pub(crate) fn set_cause(&mut self, cause: Option<Box<dyn StdError + Send + Sync>>) {
        self.cause = cause;
    }

    /// Drops what code of the program has left in it and nobody will need: the cause, and a body whose
    /// bytes are not sent.
    pub(crate) fn shed(&mut self, unsent: bool) {
        if let Some(cause) = self.cause.take() {
            drop_quietly(cause);
        }
        if let Body::Produced(produced) = &mut self.body
            && unsent
        {
            let nothing = Producer::Reader(Box::new(std::io::empty()));
            drop_quietly(std::mem::replace(&mut produced.producer, nothing));
        }
    }

    /// The parts, for sending.
    pub(crate) fn into_parts(self) -> (StatusCode, Fields, Body) {
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
        debug.field("body", &self.body);
        if let Some(cause) = &self.cause {
            debug.field("cause", &format_args!("{cause}"));
        }
        debug.finish()
    }
}
