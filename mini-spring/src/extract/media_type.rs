//! What a client says of its body: `Content-Type` (RFC 9110, section 8.3).

use crate::http::StatusCode;
use crate::http::media_type::essence;
use crate::request::Request;
use crate::respond::Problem;

/// Refuses a body of another type than `expected` with 415. `is` is asked about the type without its
/// parameters.
///
/// A form of another site can only send a few types without asking (fetch standard, "CORS-safelisted
/// request-header"), so that what isn't sent as JSON isn't taken for it.
pub(super) fn must_be(
    request: &Request,
    expected: &str,
    is: impl Fn(&[u8]) -> bool,
) -> Result<(), Problem> {
    let found = request.header_bytes("content-type");
    if found.is_some_and(|found| is(essence(found))) {
        return Ok(());
    }
    let found = match found {
        Some(found) => format!("`{}`", String::from_utf8_lossy(found)),
        None => "none".to_owned(),
    };
    let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    Err(problem.with_detail(format!(
        "expected the content type `{expected}`, found {found}; \
         send the header field `Content-Type: {expected}`"
    )))
}

/// Whether there is neither a body nor a type of it.
pub(super) fn is_body_absent(request: &Request) -> bool {
    request.body().is_empty() && request.header_bytes("content-type").is_none()
}
