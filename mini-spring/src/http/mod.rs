//! The wire: bytes to values and back, by RFC 9110 and RFC 9112.
//!
//! Pure functions over byte slices. Knows no socket, thread, route or handler. What the crate shows
//! of it are the types of the `http` crate, as the ecosystem knows them, and [`Fields`].

pub(crate) mod buffers;
pub(crate) mod chunked;
pub(crate) mod date;
pub(crate) mod encode;
pub(crate) mod fields;
pub(crate) mod head;
pub(crate) mod percent;

pub use self::fields::Fields;
pub use ::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, Version, header};
