//! The wire: bytes to values and back, by RFC 9110 and RFC 9112.
//!
//! Pure functions over byte slices. Knows no socket, thread, route or handler. What the crate shows
//! of it are the types of the `http` crate, as the ecosystem knows them, and [`Fields`].
//!
//! ```
//! use mini_spring::http::{Method, StatusCode, header};
//!
//! assert!(Method::GET.is_safe());
//! assert_eq!(StatusCode::IM_A_TEAPOT.as_u16(), 418);
//! assert_eq!(header::ETAG.as_str(), "etag");
//! ```

pub(crate) mod accept;
#[cfg(feature = "compression")]
pub(crate) mod accept_encoding;
pub(crate) mod buffers;
pub(crate) mod chunked;
pub(crate) mod conditions;
pub(crate) mod date;
pub(crate) mod encode;
pub(crate) mod etag;
pub(crate) mod fields;
pub(crate) mod file_path;
pub(crate) mod forwarded;
pub(crate) mod head;
pub(crate) mod media_type;
pub(crate) mod multipart;
pub(crate) mod networks;
pub(crate) mod percent;
pub(crate) mod proxy;
pub(crate) mod ranges;

pub use self::fields::Fields;
pub use self::forwarded::ForwardedField;
pub(crate) use self::forwarded::{Forwarding, Origin};
pub use self::networks::{InvalidNetworks, Networks};
pub use ::http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version, header,
};

/// Whether a byte can be in a token, such as a method or a name (RFC 9110, section 5.6.2).
pub(crate) const fn is_token(byte: u8) -> bool {
    matches!(
        byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'
            | b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+'
            | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
    )
}
