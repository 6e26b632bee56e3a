//! `Option<T>` and `Result<T, T::Rejection>` of an extractor.
//!
//! `None` means that the client sent nothing, which only the extractor can tell from something malformed.

use std::convert::Infallible;

use super::{BodyUse, FromRequest, Needs, Slot};
use crate::request::Request;

/// An extractor whose part of the request may be missing, so that `Option<T>` is one, too.
///
/// What is there and malformed is still refused. `Result<T, T::Rejection>` is an extractor for every `T`,
/// and leaves all of it to the handler.
///
/// ```
/// use mini_spring::{FromRequest, OptionalFromRequest, Problem, Request, TestApp, route, routes};
///
/// struct ApiKey(u64);
///
/// impl<'r> FromRequest<'r> for ApiKey {
///     type Rejection = Problem;
///
///     fn from_request(request: &'r Request) -> Result<Self, Problem> {
///         let key = request.header("X-Api-Key").and_then(|key| key.parse().ok());
///         key.map(ApiKey).ok_or_else(|| Problem::unauthorized("send a number as X-Api-Key"))
///     }
/// }
///
/// impl<'r> OptionalFromRequest<'r> for ApiKey {
///     fn is_absent(request: &'r Request) -> bool {
///         request.header("X-Api-Key").is_none()
///     }
/// }
///
/// #[route(GET, "/price")]
/// fn price(key: Option<ApiKey>) -> String {
///     match key {
///         Some(ApiKey(key)) => format!("special, for {key}"),
///         None => "the usual".to_owned(),
///     }
/// }
///
/// let app = TestApp::of(routes![price]);
/// app.get("/price").send().assert_text("the usual");
/// app.get("/price").header("X-Api-Key", "7").send().assert_text("special, for 7");
/// app.get("/price").header("X-Api-Key", "x").send().assert_status(401);
/// ```
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` can't be taken from a request",
    label = "nothing tells when this argument is absent",
    note = "a value of the query is named in the pattern, `?<name>`; a header field is `#[header(\"Name\")]` before the argument, a cookie `#[cookie(\"name\")]`",
    note = "`Result<{Self}, _>` works for every extractor; for a type of yours implement `mini_spring::OptionalFromRequest`"
)]
pub trait OptionalFromRequest<'r>: FromRequest<'r> {
    /// Whether the client has sent nothing of what it is made of.
    fn is_absent(request: &'r Request) -> bool;

    /// As [`OptionalFromRequest::is_absent`], with what is known of this argument.
    #[doc(hidden)]
    fn is_absent_in(request: &'r Request, _slot: &'static Slot) -> bool {
        Self::is_absent(request)
    }
}

/// `None` where the client sent nothing of it.
impl<'r, T: OptionalFromRequest<'r>> FromRequest<'r> for Option<T> {
    type Rejection = T::Rejection;
    const BODY: BodyUse = T::BODY;
    const TAKES_BODY: bool = T::TAKES_BODY;

    fn from_request(request: &'r Request) -> Result<Self, T::Rejection> {
        match T::is_absent(request) {
            true => Ok(None),
            false => T::from_request(request).map(Some),
        }
    }

    fn requires(needs: &mut Needs) {
        needs.optional(|needs| needs.of::<T>());
    }

    fn from_slot(request: &'r Request, slot: &'static Slot) -> Result<Self, T::Rejection> {
        match T::is_absent_in(request, slot) {
            true => Ok(None),
            false => T::from_slot(request, slot).map(Some),
        }
    }
}

/// Never refuses: what is missing or malformed is for the handler to answer.
impl<'r, T: FromRequest<'r>> FromRequest<'r> for Result<T, T::Rejection> {
    type Rejection = Infallible;
    const BODY: BodyUse = T::BODY;
    const TAKES_BODY: bool = T::TAKES_BODY;

    fn from_request(request: &'r Request) -> Result<Self, Infallible> {
        Ok(T::from_request(request))
    }

    fn requires(needs: &mut Needs) {
        needs.optional_values(|needs| needs.of::<T>());
    }

    fn from_slot(request: &'r Request, slot: &'static Slot) -> Result<Self, Infallible> {
        Ok(T::from_slot(request, slot))
    }
}
