//! [`Json`] as an argument: the body read by serde.

use serde::Deserialize;

use super::body::invalid;
use super::{BodyUse, FromRequest};
use crate::http::StatusCode;
use crate::request::Request;
use crate::respond::{Json, Problem};

/// Reads the body as JSON; what it holds can borrow from the request.
///
/// A `Content-Type` other than `application/json` or `..+json` is 415, so that a form of another
/// site, which can't send JSON without asking, isn't taken for it. Malformed JSON and JSON of another
/// shape are 400 with serde's message, which names line and column.
///
/// ```
/// use mini_spring::{FromRequest, Json, Request};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct NewUser<'r> {
///     name: &'r str,
/// }
///
/// let request = Request::post("/users")
///     .header("Content-Type", "application/json")
///     .body(r#"{"name":"Ada"}"#)
///     .build()?;
/// let Json(new) = Json::<NewUser>::from_request(&request)?;
/// assert_eq!(new.name, "Ada");
/// # Ok::<(), mini_spring::Error>(())
/// ```
impl<'r, T: Deserialize<'r>> FromRequest<'r> for Json<T> {
    type Rejection = Problem;
    const BODY: BodyUse = BodyUse::Memory;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        must_be_json(request)?;
        match serde_json::from_slice(request.body()) {
            Ok(value) => Ok(Json(value)),
            Err(_) if request.body().is_empty() => Err(invalid(
                "expected a JSON document, found an empty body".to_owned(),
            )),
            Err(error) => Err(invalid(error.to_string())),
        }
    }
}

fn must_be_json(request: &Request) -> Result<(), Problem> {
    let found = request.header_bytes("content-type");
    if found.is_some_and(is_json) {
        return Ok(());
    }
    let found = match found {
        Some(found) => format!("`{}`", String::from_utf8_lossy(found)),
        None => "none".to_owned(),
    };
    let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    Err(problem.with_detail(format!(
        "expected the content type `application/json`, found {found}; \
         send the header field `Content-Type: application/json`"
    )))
}

/// Whether a media type is JSON, whatever its parameters are (RFC 9110, section 8.3.1; RFC 6839,
/// section 3.1).
fn is_json(media_type: &[u8]) -> bool {
    let end = media_type.iter().position(|&byte| byte == b';');
    let essence = media_type[..end.unwrap_or(media_type.len())].trim_ascii();
    let suffix = essence.len().saturating_sub(b"+json".len());
    essence.eq_ignore_ascii_case(b"application/json")
        || (essence.contains(&b'/') && essence[suffix..].eq_ignore_ascii_case(b"+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        for yes in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=utf-8",
            "application/merge-patch+json",
            "application/problem+JSON ; a=b",
        ] {
            assert!(is_json(yes.as_bytes()), "{yes}");
        }
        for no in [
            "",
            "json",
            "+json",
            "text/plain",
            "text/json",
            "application/jsonp",
            "application/json-seq",
            "multipart/form-data; a=application/json",
        ] {
            assert!(!is_json(no.as_bytes()), "{no}");
        }
    }
}
