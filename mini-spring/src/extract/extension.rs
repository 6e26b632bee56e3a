//! A value that middleware has put on the request, as an argument.

use std::any::{TypeId, type_name};
use std::ops::Deref;

use super::{FromRequest, Needs, OptionalFromRequest};
use crate::request::Request;
use crate::respond::Problem;

/// A value that middleware has put on the request, found by its type.
///
/// It is borrowed from the request, so that nothing is copied; `user.clone()` is a value of your own. What was
/// put there lasts as long as the request, and is dropped before its answer is sent. Its type must be `Clone`, which
/// `Request::extensions_mut` asks for.
///
/// ```
/// use mini_spring::{App, Extension, Next, Problem, Request, Response, route, routes};
///
/// #[derive(Clone)]
/// struct User {
///     name: String,
/// }
///
/// fn with_user(request: &mut Request, next: Next) -> Response {
///     if let Some(name) = request.header("X-User") {
///         let user = User { name: name.to_owned() };
///         request.extensions_mut().insert(user);
///     }
///     next.run(request)
/// }
///
/// #[route(GET, "/me")]
/// fn me(user: Extension<User>) -> String {
///     format!("Hello, {}!", user.name)
/// }
///
/// #[route(GET, "/")]
/// fn index(user: Option<Extension<User>>) -> &'static str {
///     if user.is_some() { "Welcome back!" } else { "Welcome!" }
/// }
///
/// let app = App::empty().mount("/", routes![me, index]).middleware(with_user);
/// let response = app.call(Request::get("/me").header("X-User", "Ada").build()?);
/// assert_eq!(response.body_bytes(), Some(&b"Hello, Ada!"[..]));
/// let response = app.call(Request::get("/").build()?);
/// assert_eq!(response.body_bytes(), Some(&b"Welcome!"[..]));
/// # Ok::<(), mini_spring::Error>(())
/// ```
///
/// # Errors
///
/// A request without such a value is a mistake of the program, not of the client: 500, and the log names
/// the type. `Option<Extension<T>>` is for values that may be absent.
///
/// Middleware that says what it puts there, `#[middleware(provides = User)]`, is checked before the start: a
/// route whose middleware all say so, and none says `User`, stops it. While one of them doesn't say, as a closure
/// can't, that is a warning in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension<'r, T> {
    // Without a name that the value's own fields could have, so that those are reached through it.
    value: &'r T,
}

impl<'r, T> Extension<'r, T> {
    /// The value, for as long as the request. It is a function and no method, so that it hides none of the value's.
    ///
    /// ```
    /// use mini_spring::{Extension, TestApp, route, routes};
    ///
    /// struct Tenant(String);
    ///
    /// fn name<'r>(tenant: Extension<'r, Tenant>) -> &'r str {
    ///     &Extension::into_ref(tenant).0
    /// }
    ///
    /// #[route(GET, "/")]
    /// fn index(tenant: Option<Extension<Tenant>>) -> String {
    ///     tenant.map_or("nobody", name).to_owned()
    /// }
    ///
    /// TestApp::of(routes![index]).get("/").send().assert_text("nobody");
    /// ```
    pub fn into_ref(extension: Self) -> &'r T {
        extension.value
    }
}

impl<T> Deref for Extension<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
    }
}

impl<'r, T: Send + Sync + 'static> FromRequest<'r> for Extension<'r, T> {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        let value = request.extensions().get();
        value
            .map(|value| Extension { value })
            .ok_or_else(missing::<T>)
    }

    fn requires(needs: &mut Needs) {
        needs.extension::<T>();
    }
}

impl<'r, T: Send + Sync + 'static> OptionalFromRequest<'r> for Extension<'r, T> {
    fn is_absent(request: &'r Request) -> bool {
        request.extensions().get::<T>().is_none()
    }
}

/// A type of values that is asked for, and what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extended {
    pub(crate) id: TypeId,
    pub(crate) name: &'static str,
}

impl Extended {
    pub(super) fn of<T: 'static>() -> Self {
        Extended {
            id: TypeId::of::<T>(),
            name: type_name::<T>(),
        }
    }
}

#[cold]
fn missing<T>() -> Problem {
    let name = type_name::<T>();
    Problem::internal(format!(
        "expected a `{name}` on the request, found none; put a middleware around this route that \
         calls `request.extensions_mut().insert(..)`, or take `Option<Extension<..>>`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_type() {
        let mut request = Request::get("/").build().unwrap();
        request.extensions_mut().insert(7_u8);
        request.extensions_mut().insert("text");
        assert_eq!(Extension::<u8>::from_request(&request).unwrap().value, &7);
        let text = Extension::<&str>::from_request(&request).unwrap();
        assert_eq!(text.len(), 4);
        let absent = Option::<Extension<u16>>::from_request(&request);
        assert_eq!(absent.unwrap(), None);
    }

    #[test]
    fn an_absent_one_is_told_to_the_log() {
        let request = Request::get("/").build().unwrap();
        let problem = Extension::<u16>::from_request(&request).unwrap_err();
        assert_eq!(problem.status(), 500);
        let cause = std::error::Error::source(&problem).unwrap().to_string();
        assert_eq!(
            cause,
            "expected a `u16` on the request, found none; put a middleware around this route that \
             calls `request.extensions_mut().insert(..)`, or take `Option<Extension<..>>`"
        );
    }
}
