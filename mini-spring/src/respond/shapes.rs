//! Answers that have a name of their own: pages, redirects, and what was made or is gone.

use http::StatusCode;
use http::header::LOCATION;

use super::IntoResponse;
use crate::response::Response;

/// A page: text as `text/html; charset=utf-8`.
///
/// The text is sent as it is: what comes from users must be escaped, which template engines do.
///
/// ```
/// use mini_spring::{App, Html, Request, route, routes};
///
/// #[route(GET, "/")]
/// fn index() -> Html<&'static str> {
///     Html("<!doctype html><title>Hello</title>")
/// }
///
/// let app = App::empty().mount("/", routes![index]);
/// let response = app.call(Request::get("/").build()?);
/// let content_type = mini_spring::http::header::CONTENT_TYPE;
/// assert_eq!(response.fields().get(&content_type), Some(&b"text/html; charset=utf-8"[..]));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Html<T>(pub T);

impl<T: IntoResponse> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        self.0.into_response().with_type("text/html; charset=utf-8")
    }
}

/// Sends the client to another place (RFC 9110, section 15.4).
///
/// A place that a client has named must be checked first, or links to this server lead anywhere.
///
/// ```
/// use mini_spring::{App, Redirect, Request, route, routes};
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
/// let app = App::empty().mount("/", routes![user, add]);
/// let response = app.call(Request::post("/users").build()?);
/// assert_eq!(response.status(), 303);
/// let location = mini_spring::http::header::LOCATION;
/// assert_eq!(response.fields().get(&location), Some(&b"/users/7"[..]));
/// # Ok::<(), mini_spring::Error>(())
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
    pub fn temporary(location: impl Into<String>) -> Self {
        Redirect::with(StatusCode::TEMPORARY_REDIRECT, location)
    }

    /// 308 Permanent Redirect: the client sends the same request there, now and later.
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

/// 201 Created, with the place of what was made (RFC 9110, section 15.3.2).
///
/// ```
/// use mini_spring::{App, Created, Json, Request, route, routes};
///
/// #[route(POST, "/notes")]
/// fn add() -> Created<Json<u64>> {
///     Created::at("/notes/7").with(Json(7))
/// }
///
/// let app = App::empty().mount("/", routes![add]);
/// let response = app.call(Request::post("/notes").build()?);
/// assert_eq!(response.status(), 201);
/// assert_eq!(response.body_bytes(), Some(&b"7"[..]));
/// # Ok::<(), mini_spring::Error>(())
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
        let response = self.content.into_response();
        located(response.with_status(StatusCode::CREATED), self.location)
    }
}

/// 204 No Content, as `()` is answered, too (RFC 9110, section 15.3.5).
///
/// ```
/// use mini_spring::{IntoResponse, NoContent};
///
/// assert_eq!(NoContent.into_response().status(), 204);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        Response::new(StatusCode::NO_CONTENT)
    }
}

/// A location that can't stand in a header is 500, and the log names it.
fn located(response: Response, location: String) -> Response {
    response.header(LOCATION, location)
}

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
        let response = Redirect::to("/a\r\nSet-Cookie: b=c").into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.fields().get(&LOCATION), None);
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
    }
}
