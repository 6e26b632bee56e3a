//! [`RequestId`]: every answer names its request.

use http::{HeaderName, HeaderValue};

use super::{Middleware, Next, Provides};
use crate::request::Request;
use crate::response::Response;

/// The field by which requests and answers are named.
const FIELD: HeaderName = HeaderName::from_static("x-request-id");

/// Gives every request a name, by which what the client, the log and other services say of it is brought
/// together: [`Request::id`], which is what was sent as `X-Request-Id`, if that is fit, and else a new one.
///
/// With it the name is in the field `X-Request-Id` of every answer, in every problem as `request_id`, in
/// the access log and in every line of the log that is about the request; without it only where the answer is an
/// error of the server. It is meant to be the outermost middleware.
///
/// ```
/// use mini_spring::{App, Request, RequestId, TestApp};
///
/// let app = App::empty().route("GET", "/", |_: &Request| "hello").layer(RequestId);
/// let app = TestApp::from_app(app);
/// let response = app.get("/").header("X-Request-Id", "f81d4fae-7dec").send();
/// response.assert_header("X-Request-Id", "f81d4fae-7dec");
///
/// let missing = app.get("/nothing").send();
/// let id = missing.header("X-Request-Id").unwrap();
/// assert!(missing.text().contains(&format!(r#""request_id":"{id}""#)));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestId;

impl Middleware for RequestId {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        // Asked for, it is known to whoever answers further inside.
        let id = HeaderValue::from_str(request.id());
        let mut response = next.run(request);
        // An id that a client sends is checked, and one that is made is of such letters: it is always a value.
        if let Ok(id) = id {
            response.fields_mut().set(FIELD, &id);
        }
        response
    }

    fn provides(&self) -> Provides {
        Provides::nothing()
    }

    fn always_provides() -> Provides {
        Provides::nothing()
    }
}
