//! [`IntoResponse`], and the types of std that are an answer by themselves.

use std::borrow::Cow;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{Problem, SetCookie};
use crate::error::Error;
use crate::http::buffers;
use crate::http::etag::ETag;
use crate::response::Response;

pub(super) const TEXT: &str = "text/plain; charset=utf-8";
pub(super) const BYTES: &str = "application/octet-stream";

/// A value that is an answer.
///
/// Text is `text/plain; charset=utf-8`, bytes are `application/octet-stream`, `()` is 204,
/// a [`StatusCode`] is that status, `None` is 404. A tuple that starts with a status code sets it,
/// and an array of header fields, alone or in front of the content, adds them:
/// `(StatusCode::FOUND, [("Location", "/users")])` is a redirect,
/// `([("Content-Type", "text/html")], "<b>hello</b>")` a page. So can an [`ETag`](crate::ETag). In a handler's
/// signature anything `serde::Serialize` is a result too, and becomes JSON; so does any other tuple, as an array: a
/// status is a [`StatusCode`], and `(201, "made")` are two values.
///
/// ```
/// use mini_spring::{Problem, TestApp, http::StatusCode, route, routes};
/// use serde::Serialize;
/// use serde_json::json;
///
/// #[route(GET, "/text")]
/// fn text() -> &'static str {
///     "text"
/// }
///
/// #[route(GET, "/bytes")]
/// fn bytes() -> [u8; 3] {
///     [1, 2, 3]
/// }
///
/// #[derive(Serialize)]
/// struct Point {
///     x: i32,
/// }
///
/// #[route(GET, "/points/<x>")]
/// fn point(x: i32) -> Result<Option<Point>, Problem> {
///     match x {
///         0 => Ok(None),
///         1.. => Ok(Some(Point { x })),
///         _ => Err(Problem::conflict("to the left")),
///     }
/// }
///
/// #[route(POST, "/queue")]
/// fn queue() -> StatusCode {
///     StatusCode::ACCEPTED
/// }
///
/// #[route(POST, "/points")]
/// fn add() -> (StatusCode, [(&'static str, &'static str); 1], Point) {
///     (StatusCode::CREATED, [("Location", "/points/7")], Point { x: 7 })
/// }
///
/// #[route(DELETE, "/points")]
/// fn clear() {}
///
/// let app = TestApp::of(routes![text, bytes, point, queue, add, clear]);
/// app.get("/text").send().assert_header("Content-Type", "text/plain; charset=utf-8");
/// app.get("/bytes").send().assert_header("Content-Type", "application/octet-stream");
/// app.get("/points/1").send().assert_json(json!({"x": 1}));
/// app.get("/points/0").send().assert_status(404);
/// app.get("/points/-1").send().assert_status(409);
/// app.post("/queue").send().assert_status(202).assert_text("");
/// let added = app.post("/points").send();
/// added.assert_status(201).assert_header("Location", "/points/7").assert_json(json!({"x": 7}));
/// app.delete("/points").send().assert_status(204);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be answered",
    label = "this result is no answer",
    note = "return text, bytes, a `StatusCode`, a `Response`, any `serde::Serialize` type (it becomes JSON), or one of these in `Option` or `Result`",
    note = "a file is a `NamedFile`, and what is made while it is sent a `Stream`",
    note = "for a type of yours: `#[derive(serde::Serialize)]`, or implement `mini_spring::IntoResponse`; outside `#[route]` write `Json(value)`"
)]
pub trait IntoResponse {
    /// Makes the answer.
    ///
    /// ```
    /// use mini_spring::{IntoResponse, Response};
    ///
    /// struct Celsius(f64);
    ///
    /// impl IntoResponse for Celsius {
    ///     fn into_response(self) -> Response {
    ///         Response::ok(format!("{} °C", self.0))
    ///     }
    /// }
    ///
    /// assert_eq!(Celsius(21.5).into_response().body_bytes(), Some("21.5 °C".as_bytes()));
    /// ```
    fn into_response(self) -> Response;
}

impl IntoResponse for Response {
    fn into_response(self) -> Response {
        self
    }
}

impl IntoResponse for () {
    fn into_response(self) -> Response {
        Response::new(StatusCode::NO_CONTENT)
    }
}

impl IntoResponse for StatusCode {
    fn into_response(self) -> Response {
        Response::new(self)
    }
}

/// The cookie, and no content: 204.
impl IntoResponse for SetCookie {
    fn into_response(self) -> Response {
        (self, ()).into_response()
    }
}

impl IntoResponse for std::convert::Infallible {
    fn into_response(self) -> Response {
        match self {}
    }
}

impl IntoResponse for &str {
    fn into_response(self) -> Response {
        Response::copied(TEXT, self.as_bytes())
    }
}

impl IntoResponse for String {
    fn into_response(self) -> Response {
        Response::with_body(TEXT, self.into_bytes())
    }
}

impl IntoResponse for &String {
    fn into_response(self) -> Response {
        self.as_str().into_response()
    }
}

impl IntoResponse for &[u8] {
    fn into_response(self) -> Response {
        Response::copied(BYTES, self)
    }
}

impl<const N: usize> IntoResponse for [u8; N] {
    fn into_response(self) -> Response {
        Response::copied(BYTES, &self)
    }
}

impl<const N: usize> IntoResponse for &[u8; N] {
    fn into_response(self) -> Response {
        Response::copied(BYTES, self)
    }
}

impl IntoResponse for Vec<u8> {
    fn into_response(self) -> Response {
        Response::with_body(BYTES, self)
    }
}

impl IntoResponse for Cow<'_, str> {
    fn into_response(self) -> Response {
        match self {
            Cow::Borrowed(text) => text.into_response(),
            Cow::Owned(text) => text.into_response(),
        }
    }
}

impl IntoResponse for Cow<'_, [u8]> {
    fn into_response(self) -> Response {
        match self {
            Cow::Borrowed(bytes) => bytes.into_response(),
            Cow::Owned(bytes) => bytes.into_response(),
        }
    }
}

impl IntoResponse for Box<str> {
    fn into_response(self) -> Response {
        (*self).into_response()
    }
}

impl IntoResponse for Arc<str> {
    fn into_response(self) -> Response {
        (*self).into_response()
    }
}

impl IntoResponse for std::fmt::Arguments<'_> {
    fn into_response(self) -> Response {
        use std::io::Write;
        let mut body = buffers::take();
        // Writing to a vector doesn't fail; a Display that does leaves what it has written.
        let _ = body.write_fmt(self);
        Response::with_body(TEXT, body)
    }
}

impl<T: IntoResponse> IntoResponse for (StatusCode, T) {
    fn into_response(self) -> Response {
        self.1.into_response().with_outer_status(self.0)
    }
}

/// Header fields and nothing else: 200 without content, and with a status in front of it that.
impl<N, V, const F: usize> IntoResponse for [(N, V); F]
where
    N: TryInto<HeaderName, Error: std::error::Error + Send + Sync + 'static>,
    V: TryInto<HeaderValue, Error: std::error::Error + Send + Sync + 'static>,
{
    fn into_response(self) -> Response {
        (self, Response::new(StatusCode::OK)).into_response()
    }
}

/// A name and a value as they stand in the header tuples of a result.
impl<N, V, T, const F: usize> IntoResponse for ([(N, V); F], T)
where
    N: TryInto<HeaderName, Error: std::error::Error + Send + Sync + 'static>,
    V: TryInto<HeaderValue, Error: std::error::Error + Send + Sync + 'static>,
    T: IntoResponse,
{
    fn into_response(self) -> Response {
        let (fields, content) = self;
        fields
            .into_iter()
            .fold(content.into_response(), |response, (name, value)| {
                response.header(name, value)
            })
    }
}

/// The state that the content is in; what has failed is in none.
impl<T: IntoResponse> IntoResponse for (ETag, T) {
    fn into_response(self) -> Response {
        let (tag, content) = self;
        let response = content.into_response();
        match response.status().is_success() {
            true => response.header(header::ETAG, tag),
            false => response,
        }
    }
}

impl<T: IntoResponse> IntoResponse for (SetCookie, T) {
    fn into_response(self) -> Response {
        self.1.into_response().header(header::SET_COOKIE, self.0)
    }
}

impl<T: IntoResponse, const C: usize> IntoResponse for ([SetCookie; C], T) {
    fn into_response(self) -> Response {
        let (cookies, content) = self;
        let set = |response, cookie: SetCookie| (cookie, response).into_response();
        cookies.into_iter().fold(content.into_response(), set)
    }
}

impl<H, T> IntoResponse for (StatusCode, H, T)
where
    (H, T): IntoResponse,
{
    fn into_response(self) -> Response {
        let (status, fields, content) = self;
        (fields, content).into_response().with_outer_status(status)
    }
}

impl<T: IntoResponse> IntoResponse for Option<T> {
    fn into_response(self) -> Response {
        match self {
            Some(content) => content.into_response(),
            None => Problem::new(StatusCode::NOT_FOUND).into_response(),
        }
    }
}

impl<T: IntoResponse, E: Into<Problem>> IntoResponse for Result<T, E> {
    fn into_response(self) -> Response {
        match self {
            Ok(content) => content.into_response(),
            Err(error) => error.into().into_response(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(result: impl IntoResponse, status: u16, content_type: &str, body: &str) {
        let response = result.into_response();
        assert_eq!(response.status().as_u16(), status);
        let found = response.fields().get(&http::header::CONTENT_TYPE);
        assert_eq!(found.unwrap_or_default(), content_type.as_bytes());
        assert_eq!(response.body_bytes(), Some(body.as_bytes()));
    }

    #[test]
    fn text_and_bytes() {
        let local = String::from("local");
        check("a", 200, TEXT, "a");
        check(local.as_str(), 200, TEXT, "local");
        check(&local, 200, TEXT, "local");
        check(Cow::Borrowed(local.as_str()), 200, TEXT, "local");
        check(Box::<str>::from("a"), 200, TEXT, "a");
        check(Arc::<str>::from("a"), 200, TEXT, "a");
        check(format_args!("{}", 7), 200, TEXT, "7");
        check(b"a", 200, BYTES, "a");
        check(*b"a", 200, BYTES, "a");
        check(vec![b'a'], 200, BYTES, "a");
        check(Cow::Borrowed(&b"a"[..]), 200, BYTES, "a");
    }

    #[test]
    fn statuses() {
        check((), 204, "", "");
        check(StatusCode::IM_A_TEAPOT, 418, "", "");
        check((StatusCode::CREATED, "a"), 201, TEXT, "a");
        check(Some("a"), 200, TEXT, "a");
        check(Ok::<_, Problem>("a"), 200, TEXT, "a");
        assert_eq!(None::<&str>.into_response().status(), 404);
        let failed = Err::<&str, _>(Problem::new(StatusCode::CONFLICT));
        assert_eq!(failed.into_response().status(), 409);
    }

    #[test]
    fn header_fields() {
        let response = (StatusCode::CREATED, [("X-A", "1"), ("X-B", "2")], "a").into_response();
        assert_eq!(response.status(), 201);
        let name = HeaderName::from_static("x-b");
        assert_eq!(response.fields().get(&name), Some(&b"2"[..]));
        let response = (StatusCode::FOUND, [("Location", "/x")]).into_response();
        assert_eq!(response.status(), 302);
        assert_eq!(
            response.fields().get(&http::header::LOCATION),
            Some(&b"/x"[..])
        );
        assert_eq!(response.body_bytes(), Some(&b""[..]));
        let response = ([("Content-Type", "text/html")], "<b>x</b>").into_response();
        let types: Vec<_> = response.fields().iter().collect();
        assert_eq!(types, [("content-type", &b"text/html"[..])]);
    }

    #[test]
    fn tags_are_of_what_succeeds() {
        let tag = |result: Option<&str>| {
            let response = (ETag::strong(7), result).into_response();
            response.fields().get(&header::ETAG).map(<[u8]>::to_vec)
        };
        assert_eq!(tag(Some("a")), Some(b"\"7\"".to_vec()));
        assert_eq!(tag(None), None);
    }

    #[test]
    fn a_field_that_would_split_the_answer_is_an_error() {
        let response = ([("X-A", "1\r\nX-B: 2")], "a").into_response();
        assert_eq!(response.status(), 500);
        let cause = response.cause().unwrap().to_string();
        assert_eq!(cause, "the header field x-a can't be sent");
    }
}
