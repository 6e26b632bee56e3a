//! Arguments: how a handler's parameters are taken from a request.
//!
//! Knows requests and problems; knows no route table and no socket.

mod bearer;
mod bind;
mod body;
mod charset;
mod content_coding;
mod cookies;
mod deadline;
mod extension;
mod head;
mod json;
pub(crate) mod json_pointer;
mod live;
mod media_type;
mod multipart;
mod needs;
mod optional;
mod pairs;
mod param;
mod place;
mod preconditions;
mod query;
mod temp_file;
#[cfg(feature = "validation")]
mod valid;

use crate::request::Request;
use crate::respond::Problem;

pub use self::bearer::Bearer;
pub use self::bind::{Field, Inputs, extractor};
pub use self::cookies::Cookies;
pub use self::deadline::Deadline;
pub(crate) use self::extension::Extended;
pub use self::extension::Extension;
pub use self::live::Body;
pub(crate) use self::media_type::unsupported as unsupported_media_type;
pub use self::multipart::{
    Multipart, MultipartError, MultipartForm, Part, UploadedFile, safe_file_name,
};
pub use self::needs::{Needs, Slot};
pub use self::optional::OptionalFromRequest;
pub use self::param::{FromParam, ParamError};
pub use self::place::{ClientIp, Host, MatchedRoute, PeerAddr};
pub use self::preconditions::Preconditions;
pub use self::query::{Form, Query};
pub use self::temp_file::TempFile;
#[cfg(feature = "validation")]
pub use self::valid::{Valid, Validatable};

/// A handler's argument that is taken from the request.
///
/// Every argument that the pattern of `#[route]` doesn't name is one: [`Json`](crate::Json),
/// `&Request`, `&str`, `String`, `&[u8]` and `Vec<u8>` (the body), and types of yours.
///
/// ```
/// use mini_spring::{FromRequest, Problem, Request};
///
/// struct ApiKey(String);
///
/// impl<'r> FromRequest<'r> for ApiKey {
///     type Rejection = Problem;
///
///     fn from_request(request: &'r Request) -> Result<Self, Problem> {
///         match request.header("X-Api-Key") {
///             Some(key) => Ok(ApiKey(key.to_owned())),
///             None => Err(Problem::unauthorized("send your key as X-Api-Key")),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be taken from a request",
    label = "this argument's type is no extractor",
    note = "a value of the path or query is named in the pattern: `<name>` in the path, `?<name>` behind it",
    note = "a JSON body is `Json<T>`, a component `Inject<T>`, and what middleware has put on the request `Extension<T>`, where `T` is the type itself, without `&` and `Arc`; for a type of yours implement `mini_spring::FromRequest`"
)]
pub trait FromRequest<'r>: Sized {
    /// Why it can't be taken; answered to the client, unless its type has an
    /// [`#[error_handler]`](macro@crate::error_handler).
    type Rejection: Into<Problem> + 'static;

    /// What it does with the body: by this the server decides, when it has the head, whether to keep
    /// the body in memory, write it into a file, or call the handler at once. The greatest of all
    /// arguments counts.
    const BODY: BodyUse = BodyUse::None;

    /// Whether it takes the body for itself, so that no second argument can. Only `&Request` sees
    /// the body without taking it.
    #[doc(hidden)]
    const TAKES_BODY: bool = !matches!(Self::BODY, BodyUse::None);

    /// Takes the argument from the request.
    ///
    /// # Errors
    ///
    /// The rejection, when the request doesn't have what is asked for.
    fn from_request(request: &'r Request) -> Result<Self, Self::Rejection>;

    /// What must exist before the server starts. Extractors made of others forward it to them with
    /// [`Needs::of`].
    ///
    /// ```
    /// use mini_spring::{BodyUse, FromRequest, Needs, Problem, Request, TestApp, route, routes};
    ///
    /// /// The body in upper case: what a text needs, it needs.
    /// struct Loud(String);
    ///
    /// impl<'r> FromRequest<'r> for Loud {
    ///     type Rejection = Problem;
    ///     const BODY: BodyUse = <&str as FromRequest>::BODY;
    ///
    ///     fn from_request(request: &'r Request) -> Result<Self, Problem> {
    ///         Ok(Loud(<&str>::from_request(request)?.to_uppercase()))
    ///     }
    ///
    ///     fn requires(needs: &mut Needs) {
    ///         needs.of::<&str>();
    ///     }
    /// }
    ///
    /// #[route(POST, "/")]
    /// fn shout(Loud(text): Loud) -> String {
    ///     text
    /// }
    ///
    /// TestApp::of(routes![shout]).post("/").text("hello").send().assert_text("HELLO");
    /// ```
    fn requires(_needs: &mut Needs) {}

    /// As [`FromRequest::from_request`], with what is known of this argument.
    #[doc(hidden)]
    fn from_slot(request: &'r Request, _slot: &'static Slot) -> Result<Self, Self::Rejection> {
        Self::from_request(request)
    }
}

/// What an argument does with the body of the request.
///
/// ```
/// use mini_spring::{Body, BodyUse, FromRequest, Json, TempFile};
///
/// assert_eq!(<Json<u32> as FromRequest>::BODY, BodyUse::Memory);
/// assert_eq!(<TempFile as FromRequest>::BODY, BodyUse::Spooled);
/// assert_eq!(<Body as FromRequest>::BODY, BodyUse::Live);
/// assert!(BodyUse::None < BodyUse::Live);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum BodyUse {
    /// Nothing.
    #[default]
    None,
    /// It sees the body as one slice in memory.
    Memory,
    /// It sees the body whole, in memory or in a temporary file, as [`TempFile`] and [`MultipartForm`] do.
    Spooled,
    /// It reads the body while it arrives, as [`Body`] and [`Multipart`] do.
    Live,
}

impl<'r> FromRequest<'r> for &'r Request {
    type Rejection = std::convert::Infallible;
    const BODY: BodyUse = BodyUse::Memory;
    const TAKES_BODY: bool = false;

    fn from_request(request: &'r Request) -> Result<Self, Self::Rejection> {
        Ok(request)
    }
}
