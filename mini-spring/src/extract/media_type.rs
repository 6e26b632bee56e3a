//! What a client says of its body: `Content-Type` (RFC 9110, section 8.3).

use super::content_coding;
use super::param::Short;
use crate::http::media_type::essence;
use crate::http::{HeaderName, Method, StatusCode, header};
use crate::request::Request;
use crate::respond::Problem;

/// Refuses a body of another type than `expected` with 415, and one that is compressed. `is` is asked about the type without its
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
    match found.is_some_and(|found| is(essence(found))) {
        true => content_coding::must_be_none(request),
        false => Err(unsupported(request, &[expected])),
    }
}

/// 415, with what is taken instead: types, or kinds such as `image/*`.
///
/// It stands in the answer's field Accept (RFC 9110, section 15.5.16), and of a PATCH in Accept-Patch (RFC
/// 5789, section 2.2).
#[cold]
pub(crate) fn unsupported(request: &Request, taken: &[&str]) -> Problem {
    let found = match request.header_bytes("content-type") {
        Some(found) => format!("`{}`", Short(&String::from_utf8_lossy(found))),
        None => "none".to_owned(),
    };
    let remedy = match taken {
        [one] if !one.ends_with('*') => {
            format!("; send the header field `Content-Type: {one}`")
        }
        _ => String::new(),
    };
    let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).with_detail(format!(
        "expected the content type `{}`, found {found}{remedy}",
        taken.join("` or `")
    ));
    let essences = taken.iter().map(|one| one.split(';').next().unwrap_or(one));
    let list = essences.collect::<Vec<_>>().join(", ");
    let problem = match request.method() {
        &Method::PATCH => problem.header(HeaderName::from_static("accept-patch"), list.as_str()),
        _ => problem,
    };
    problem.header(header::ACCEPT, list)
}

/// Whether there is neither a body nor a type of it.
pub(super) fn is_body_absent(request: &Request) -> bool {
    !request.has_body() && request.header_bytes("content-type").is_none()
}
