//! Answers that have a name of their own: pages, redirects, and what was made or is gone.

use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::IntoResponse;
use super::dispatch::{Extras, Headed};
use crate::response::Response;

/// A page: text as `text/html; charset=utf-8`.
///
/// The text is sent as it is: what comes from users must be escaped, which template engines do. Content that
/// is no text, such as an error, keeps its type.
///
/// ```
/// use mini_spring::{Html, TestApp, route, routes};
///
/// #[route(GET, "/")]
/// fn index() -> Html<&'static str> {
///     Html("<!doctype html><title>Hello</title>")
/// }
///
/// let app = TestApp::of(routes![index]);
/// app.get("/").send().assert_header("Content-Type", "text/html; charset=utf-8");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Html<T>(pub T);

impl<T: IntoResponse> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        let response = self.0.into_response();
        // An error is no page: what it quotes isn't escaped.
        let content_type = response.fields().get(&CONTENT_TYPE);
        match content_type.is_some_and(|found| found.starts_with(b"text/plain")) {
            true => response.with_type("text/html; charset=utf-8"),
            false => response,
        }
    }
}

/// Sends the client to another place (RFC 9110, section 15.4).
///
/// A place that a client has named must be checked first, or links to this server lead anywhere.
///
/// ```
/// use mini_spring::{Redirect, TestApp, route, routes};
///
/// #[route(GET, "/users/<id>")]
/// fn user(id: u64) -> String {
///     format!("user {id}")
/// }
///
/// #[route(POST, "/users")]
/// fn add() -> Redirect {
///     Redirect::to(user::url(7))
/// }
///
/// let app = TestApp::of(routes![user, add]);
/// app.post("/users").send().assert_status(303).assert_header("Location", "/users/7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    status: StatusCode,
    location: String,
}

impl Redirect {
    /// 303 See Other: the client goes there with GET, as after a form.
    pub fn to(location: impl Into<String>) -> Self {
        Redirect::with(StatusCode::SEE_OTHER, location)
    }

    /// 307 Temporary Redirect: the client sends the same request there, this time.
    ///
    /// ```
    /// use mini_spring::{IntoResponse, Redirect};
    ///
    /// assert_eq!(Redirect::temporary("/there").into_response().status(), 307);
    /// ```
    pub fn temporary(location: impl Into<String>) -> Self {
        Redirect::with(StatusCode::TEMPORARY_REDIRECT, location)
    }

    /// 308 Permanent Redirect: the client sends the same request there, now and later.
    ///
    /// ```
    /// use mini_spring::{IntoResponse, Redirect};
    ///
    /// assert_eq!(Redirect::permanent("/there").into_response().status(), 308);
    /// ```
    pub fn permanent(location: impl Into<String>) -> Self {
        Redirect::with(StatusCode::PERMANENT_REDIRECT, location)
    }

    fn with(status: StatusCode, location: impl Into<String>) -> Self {
        let location = location.into();
        Redirect { status, location }
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        located(Response::new(self.status), self.location)
    }
}

/// 201 Created, with the place of what was made (RFC 9110, section 15.3.2). The content is what a handler may return:
/// what serde serialises becomes JSON. Outside of `#[route]` that is written `Json(book)`.
///
/// ```
/// use mini_spring::{Created, TestApp, route, routes};
///
/// #[route(POST, "/notes")]
/// fn add() -> Created<u64> {
///     Created::at("/notes/7").with(7)
/// }
///
/// let app = TestApp::of(routes![add]);
/// let made = app.post("/notes").send();
/// made.assert_status(201).assert_header("Location", "/notes/7").assert_json(7);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created<T = ()> {
    location: String,
    content: T,
}

impl Created {
    /// It is to be found here.
    pub fn at(location: impl Into<String>) -> Self {
        Created {
            location: location.into(),
            content: (),
        }
    }

    /// The answer has this content.
    pub fn with<T>(self, content: T) -> Created<T> {
        Created {
            location: self.location,
            content,
        }
    }
}

impl<T: IntoResponse> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let (place, content) = self.split();
        place.onto(content.into_response())
    }
}

/// Its content may be serialisable only.
impl<T> Headed for Created<T> {
    type Extras = Place;
    type Content = T;

    fn split(self) -> (Place, T) {
        (Place(self.location), self.content)
    }
}

/// Where something has been made.
pub struct Place(String);

impl Extras for Place {
    fn onto(self, response: Response) -> Response {
        match response.status().is_success() {
            true => located(response.with_status(StatusCode::CREATED), self.0),
            false => response,
        }
    }
}

/// 204 No Content, as `()` is answered, too (RFC 9110, section 15.3.5).
///
/// ```
/// use mini_spring::{NoContent, Problem, TestApp, route, routes};
///
/// #[route(DELETE, "/notes/<id>")]
/// fn remove(id: u32) -> Result<NoContent, Problem> {
///     match id {
///         7 => Ok(NoContent),
///         _ => Err(Problem::not_found(format!("no note {id}"))),
///     }
/// }
///
/// let app = TestApp::of(routes![remove]);
/// app.delete("/notes/7").send().assert_status(204).assert_text("");
/// app.delete("/notes/8").send().assert_status(404);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        Response::new(StatusCode::NO_CONTENT)
    }
}

/// What can't stand in a URI is percent-encoded, so nothing of it can end the header field.
fn located(response: Response, location: String) -> Response {
    let location = utf8_percent_encode(&location, NOT_IN_A_URI).to_string();
    response.header(LOCATION, location)
}

/// RFC 3986, section 2; everything that isn't ASCII as well.
const NOT_IN_A_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects() {
        let check = |redirect: Redirect, status: u16| {
            let response = redirect.into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.fields().get(&LOCATION), Some(&b"/a?b"[..]));
        };
        check(Redirect::to("/a?b"), 303);
        check(Redirect::temporary("/a?b"), 307);
        check(Redirect::permanent("/a?b"), 308);
    }

    #[test]
    fn a_location_cannot_split_the_answer() {
        let response = Redirect::to("/a\r\nSet-Cookie: b=c?é%20").into_response();
        let encoded = &b"/a%0D%0ASet-Cookie:%20b=c?%C3%A9%20"[..];
        assert_eq!(response.fields().get(&LOCATION), Some(encoded));
        assert_eq!(response.fields().iter().count(), 1);
    }

    #[test]
    fn created_with_and_without_content() {
        let response = Created::at("/a").into_response();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.body_bytes(), Some(&b""[..]));
        let response = Created::at("/a").with("made").into_response();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.body_bytes(), Some(&b"made"[..]));
        assert_eq!(response.fields().get(&LOCATION), Some(&b"/a"[..]));
        let nothing = Created::at("/a").with(None::<&str>).into_response();
        assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
        assert_eq!(nothing.fields().get(&LOCATION), None);
    }

    #[test]
    fn an_error_is_no_page() {
        let error: Option<&str> = None;
        let response = Html(error).into_response();
        let content_type = response.fields().get(&CONTENT_TYPE);
        assert_eq!(content_type, Some(&b"application/problem+json"[..]));
    }
}
