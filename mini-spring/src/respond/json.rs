//! [`Json`]: serde values as `application/json` (RFC 8259).

use serde::Serialize;

use super::IntoResponse;
use crate::response::Response;

/// The media type of what becomes JSON.
pub(super) const JSON: &str = "application/json";

/// A JSON body, as an argument and as a result.
///
/// As a result it is rarely needed, for any serialisable value becomes JSON by itself; it says so
/// where a type would otherwise be text, such as `Json("a string")`. As an argument it reads the
/// request's body; see [`FromRequest`](crate::FromRequest).
///
/// ```
/// use mini_spring::{IntoResponse, Json};
///
/// let response = Json("hello").into_response();
/// assert_eq!(response.body_bytes(), Some(&br#""hello""#[..]));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T> std::ops::Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        Response::json(&self.0)
    }
}
