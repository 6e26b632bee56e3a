//! `multipart/form-data` (RFC 7578, RFC 2046) as bytes: what delimits parts, and what their heads say.
//!
//! ```text
//! multipart-body := [preamble CRLF] dash-boundary transport-padding CRLF body-part
//!                   *(delimiter transport-padding CRLF body-part)
//!                   delimiter "--" transport-padding [CRLF epilogue]
//! dash-boundary  := "--" boundary
//! delimiter      := CRLF dash-boundary
//! body-part      := *(field CRLF) [CRLF *OCTET]
//! ```
//!
//! The crates that do this are async (`multer`), no longer kept (`multipart`), or bring a handful of others
//! (`form-data`), so it is done here. Knows no reader.

mod boundary;
mod head;
mod parameters;

use std::borrow::Cow;

pub(crate) use self::boundary::{Boundary, Found, Line};
pub(crate) use self::head::PartHead;

/// What is wrong, for the client.
pub(crate) type Detail = Cow<'static, str>;

/// How much of what a client has sent is quoted.
const QUOTED: usize = 64;

/// The beginning of what was found, quoted.
fn quoted(found: &[u8]) -> String {
    match found.get(..QUOTED) {
        Some(beginning) if found.len() > QUOTED => {
            format!("`{}..`", String::from_utf8_lossy(beginning))
        }
        _ => format!("`{}`", String::from_utf8_lossy(found)),
    }
}
