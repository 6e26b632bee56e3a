//! The body as text and as bytes.
//!
//! The server buffers the body before the handler runs, so these borrow from the request or copy
//! what it holds. Knows no media types: whatever was sent is taken.

use std::convert::Infallible;

use super::{BodyUse, FromRequest};
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// The body as text. One that is not UTF-8 is 400 and names the first byte that isn't.
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
        std::str::from_utf8(request.body()).map_err(|error| {
            invalid(format!(
                "expected UTF-8, found something else at byte {}",
                error.valid_up_to()
            ))
        })
    }
}

/// A copy of the body as text.
impl FromRequest<'_> for String {
    type Rejection = Problem;
    const BODY: BodyUse = BodyUse::Memory;

    fn from_request(request: &Request) -> Result<Self, Problem> {
        <&str>::from_request(request).map(str::to_owned)
    }
}

/// The body as it was sent.
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
