//! What a head says, as the types of the crate `http`: method, target, version and all fields.
//!
//! Programs that pass a request on to other libraries have them at hand; `&Request` has the same without
//! a copy.

use std::convert::Infallible;

use super::FromRequest;
use crate::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version};
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// The method: one handler can answer several.
///
/// ```
/// use mini_spring::http::Method;
/// use mini_spring::{App, Request, route, routes};
///
/// #[route([PUT, PATCH], "/notes/<id>")]
/// fn change(id: u64, method: &Method) -> String {
///     format!("{method} {id}")
/// }
///
/// let app = App::empty().mount("/", routes![change]);
/// let response = app.call(Request::patch("/notes/7").build()?);
/// assert_eq!(response.body_bytes(), Some(&b"PATCH 7"[..]));
/// # Ok::<(), mini_spring::Error>(())
/// ```
impl<'r> FromRequest<'r> for &'r Method {
    type Rejection = Infallible;

    fn from_request(request: &'r Request) -> Result<Self, Infallible> {
        Ok(request.method())
    }
}

/// The method, as a value.
impl FromRequest<'_> for Method {
    type Rejection = Infallible;

    fn from_request(request: &Request) -> Result<Self, Infallible> {
        Ok(request.method().clone())
    }
}

/// HTTP/1.1 or HTTP/1.0.
///
/// ```
/// use mini_spring::http::{Uri, Version};
/// use mini_spring::{TestApp, route, routes};
///
/// #[route(GET, "/<path..>")]
/// fn any(path: &str, uri: Uri, version: Version) -> String {
///     format!("{path} of {uri} by {version:?}")
/// }
///
/// let app = TestApp::of(routes![any]);
/// app.get("/a/b?c=d").send().assert_text("a/b of /a/b?c=d by HTTP/1.1");
/// ```
impl FromRequest<'_> for Version {
    type Rejection = Infallible;

    fn from_request(request: &Request) -> Result<Self, Infallible> {
        Ok(request.version())
    }
}

/// The request target, as it was sent: mostly path and query, without scheme and host (RFC 9112, section
/// 3.2). One that the crate `http` takes for no URI is 400, such as `/a<b`, which the server itself lets
/// pass; [`Request::target`] has it all the same.
impl FromRequest<'_> for Uri {
    type Rejection = Problem;

    fn from_request(request: &Request) -> Result<Self, Problem> {
        request.target().parse().map_err(|error| {
            let detail = format!("expected a URI as the request target: {error}");
            Problem::invalid(Fault::new("target", "", detail))
        })
    }
}

/// A copy of all header fields. Where only a few of them matter, `#[header("X-Key")]` on an argument or
/// [`Request::header`] copy nothing.
///
/// ```
/// use mini_spring::http::HeaderMap;
/// use mini_spring::{TestApp, route, routes};
///
/// #[route(GET, "/languages")]
/// fn languages(fields: HeaderMap) -> String {
///     format!("{:?}", fields.get_all("Accept-Language").iter().collect::<Vec<_>>())
/// }
///
/// let app = TestApp::of(routes![languages]);
/// let request = app.get("/languages").header("Accept-Language", "fr").header("Accept-Language", "de");
/// request.send().assert_text(r#"["fr", "de"]"#);
/// ```
impl FromRequest<'_> for HeaderMap {
    type Rejection = Problem;

    fn from_request(request: &Request) -> Result<Self, Problem> {
        let mut map = HeaderMap::with_capacity(request.headers().count());
        for (name, value) in request.headers() {
            append(&mut map, name, value).ok_or_else(too_large)?;
        }
        Ok(map)
    }
}

fn append(map: &mut HeaderMap, name: &str, value: &[u8]) -> Option<()> {
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    let value = HeaderValue::from_bytes(value).ok()?;
    map.try_append(name, value).ok()?;
    Some(())
}

/// The parser lets nothing into a field that the map can't hold, but a name can be longer than it takes.
fn too_large() -> Problem {
    let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    Problem::new(status).with_detail("the name of a header field is longer than 64 KiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_has_all_fields_in_their_order() {
        let request = Request::get("/")
            .header("Accept", "a/b")
            .header("X-One", "1\t\u{fc}")
            .header("accept", "c/d")
            .build()
            .unwrap();
        let map = HeaderMap::from_request(&request).unwrap();
        let accepted: Vec<_> = map.get_all("Accept").iter().collect();
        assert_eq!(accepted, ["a/b", "c/d"]);
        assert_eq!(map["x-one"].as_bytes(), "1\t\u{fc}".as_bytes());
        assert_eq!(map.len(), 4, "with the host");
    }

    #[test]
    fn a_name_that_no_map_holds_is_431() {
        let name = "x".repeat(1 << 16);
        let request = Request::get("/").header(name, "1").build().unwrap();
        let problem = HeaderMap::from_request(&request).unwrap_err();
        assert_eq!(problem.status(), 431);
    }

    #[test]
    fn targets_are_uris() {
        let check = |target: &str| {
            let request = Request::get(target).build().unwrap();
            Uri::from_request(&request).map(|uri| uri.to_string())
        };
        assert_eq!(check("/a%20b?c=d&e").unwrap(), "/a%20b?c=d&e");
        let absolute = check("http://example.org:8080/a?b").unwrap();
        assert_eq!(absolute, "http://example.org:8080/a?b");
        assert_eq!(check("/a<b").unwrap_err().status(), 400);
    }
}
