//! The body as text and as bytes.
//!
//! The server buffers the body before the handler runs, so these borrow from the request or copy
//! what it holds. Knows no media types: whatever was sent is taken. What text is, `charset` knows.

use std::borrow::Cow;
use std::convert::Infallible;

use super::{BodyUse, FromRequest, charset};
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// The body as text, in UTF-8 unless the `Content-Type` names another charset: `us-ascii`, `iso-8859-1` and
/// `windows-1252` are known, and with the feature `charset` all of the encoding standard. Another one is 415,
/// and a body that isn't in its charset 400. A byte order mark is left out. One that is compressed, as its
/// `Content-Encoding` says, is 415 as well: nothing is decompressed.
///
/// ```
/// use mini_spring::{TestApp, route, routes};
///
/// #[route(POST, "/words")]
/// fn words(text: &str) -> String {
///     text.split_whitespace().count().to_string()
/// }
///
/// let app = TestApp::of(routes![words]);
/// app.post("/words").text("one two").send().assert_text("2");
/// app.post("/words").body([b'a', 0xff]).send().assert_status(400);
/// ```
impl<'r> FromRequest<'r> for &'r str {
    type Rejection = Problem;
    const BODY: BodyUse = BodyUse::Memory;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        Ok(match charset::decoded(request)? {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => request.keep(text),
        })
    }
}

/// A copy of the body as text, read as `&str` is.
impl FromRequest<'_> for String {
    type Rejection = Problem;
    const BODY: BodyUse = BodyUse::Memory;

    fn from_request(request: &Request) -> Result<Self, Problem> {
        charset::decoded(request).map(Cow::into_owned)
    }
}

/// The body as it was sent: a compressed one is handed through, with its field `Content-Encoding`.
///
/// ```
/// use mini_spring::{TestApp, route, routes};
///
/// #[route(PUT, "/first")]
/// fn first(body: &[u8]) -> Option<String> {
///     body.first().map(u8::to_string)
/// }
///
/// let app = TestApp::of(routes![first]);
/// app.put("/first").body([7, 8]).send().assert_text("7");
/// app.put("/first").send().assert_status(404);
/// ```
impl<'r> FromRequest<'r> for &'r [u8] {
    type Rejection = Infallible;
    const BODY: BodyUse = BodyUse::Memory;

    fn from_request(request: &'r Request) -> Result<Self, Infallible> {
        Ok(request.body())
    }
}

/// A copy of the body as it was sent.
impl FromRequest<'_> for Vec<u8> {
    type Rejection = Infallible;
    const BODY: BodyUse = BodyUse::Memory;

    fn from_request(request: &Request) -> Result<Self, Infallible> {
        Ok(request.body().to_vec())
    }
}

/// A body that isn't what was expected.
pub(super) fn invalid(detail: String) -> Problem {
    Problem::invalid(Fault::new("body", "", detail))
}
