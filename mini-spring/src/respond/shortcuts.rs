//! Answers made in one call, and header fields that may turn out not to be valid.

use std::error::Error as StdError;
use std::fmt;

use http::{HeaderName, HeaderValue};
use serde::Serialize;

use super::json::JSON;
use super::{IntoResponse, Problem};
use crate::http::buffers;
use crate::response::Response;

impl Response {
    /// The answer that `content` makes, with 200 where it says nothing else.
    pub fn ok(content: impl IntoResponse) -> Self {
        content.into_response()
    }

    /// 200 with `value` as JSON; a value that can't be serialised is 500, and the log says why.
    ///
    /// ```
    /// # use mini_spring::Response;
    /// let response = Response::json(&["a", "b"]);
    /// assert_eq!(response.body_bytes(), Some(&br#"["a","b"]"#[..]));
    /// ```
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        let mut body = buffers::take();
        match serde_json::to_writer(&mut body, value) {
            Ok(()) => Response::with_body(JSON, body),
            Err(error) => {
                buffers::give(body);
                Problem::internal(error).into_response()
            }
        }
    }

    /// 404 as a problem document with this explanation.
    ///
    /// ```
    /// use mini_spring::Response;
    ///
    /// assert_eq!(Response::not_found("no user 7").status(), 404);
    /// ```
    pub fn not_found(detail: impl Into<String>) -> Self {
        Problem::not_found(detail).into_response()
    }

    /// 500 as a problem document. What went wrong is for the log, not for the client.
    ///
    /// ```
    /// use mini_spring::Response;
    ///
    /// let response = Response::server_error("the disk is full");
    /// assert_eq!(response.status(), 500);
    /// assert_eq!(response.cause().unwrap().to_string(), "the disk is full");
    /// ```
    pub fn server_error(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Problem::internal(cause).into_response()
    }

    /// Adds a header field. A name or value that can't stand in a header, such as one with a line
    /// break in it, makes the answer 500, and the log names it (RFC 9110, section 5.5).
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName, Error: StdError + Send + Sync + 'static>,
        V: TryInto<HeaderValue, Error: StdError + Send + Sync + 'static>,
    {
        // The answer has failed with another field: this one was meant for what it was before.
        if self.cause().is_some_and(|cause| cause.is::<Unfit>()) {
            return self;
        }
        let name = match name.try_into() {
            Ok(name) => name,
            Err(error) => return Response::server_error(Unfit("name".to_owned(), Box::new(error))),
        };
        match value.try_into() {
            Ok(value) => self.fields_mut().append(name, &value),
            Err(error) => return Response::server_error(Unfit(name.to_string(), Box::new(error))),
        }
        self
    }
}

/// A header field that can't be sent.
#[derive(Debug)]
struct Unfit(String, Box<dyn StdError + Send + Sync>);

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the header field {} can't be sent", self.0)
    }
}

impl StdError for Unfit {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.1)
    }
}
