//! [`Cookies`]: those that a client sends, as an argument. How they are read, the request knows.

use std::convert::Infallible;

use super::FromRequest;
use crate::request::Request;

/// All cookies of a request, as an argument of a handler.
///
/// One cookie is an argument of its own: `#[cookie("session")] session: Option<&str>`; who has a
/// `&Request` asks [`Request::cookie`].
///
/// ```
/// use mini_spring::{Cookies, TestApp, route, routes};
///
/// #[route(GET, "/greeting")]
/// fn greeting(cookies: Cookies<'_>) -> String {
///     match cookies.get("name") {
///         Some(name) => format!("Hello, {name}!"),
///         None => "Who are you?".to_owned(),
///     }
/// }
///
/// let app = TestApp::of(routes![greeting]);
/// let response = app.get("/greeting").header("Cookie", "theme=dark; name=Ada").send();
/// response.assert_text("Hello, Ada!");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Cookies<'r> {
    request: &'r Request,
}

impl<'r> Cookies<'r> {
    /// The value of the first cookie of this name, if it is UTF-8. Names are told apart by case. The
    /// value is percent-decoded, and quotes around it are left out.
    pub fn get(&self, name: &str) -> Option<&'r str> {
        self.request.cookie(name)
    }

    /// Name and value of all cookies that are UTF-8, in the order in which they were sent.
    ///
    /// ```
    /// use mini_spring::{Cookies, FromRequest, Request};
    ///
    /// let request = Request::get("/").header("Cookie", "theme=dark; name=Ada%20L.").build()?;
    /// let Ok(cookies) = Cookies::from_request(&request);
    /// assert_eq!(cookies.iter().collect::<Vec<_>>(), [("theme", "dark"), ("name", "Ada L.")]);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&'r str, &'r str)> + use<'r> {
        let request = self.request;
        request.cookies().filter_map(move |(name, value)| {
            let name = std::str::from_utf8(name).ok()?;
            Some((name, request.cookie_text(value)?))
        })
    }
}

impl<'r> FromRequest<'r> for Cookies<'r> {
    type Rejection = Infallible;

    fn from_request(request: &'r Request) -> Result<Self, Infallible> {
        Ok(Cookies { request })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found() {
        let check = |fields: &[&str], expected: &[(&str, &str)]| {
            let request = fields.iter().fold(Request::get("/"), |request, field| {
                request.header("Cookie", *field)
            });
            let request = request.build().unwrap();
            let cookies = Cookies::from_request(&request).unwrap();
            let found: Vec<_> = cookies.iter().collect();
            assert_eq!(found, expected, "{fields:?}");
        };
        check(&[], &[]);
        check(&["a=b"], &[("a", "b")]);
        check(&["a=b; c=d", "e=f"], &[("a", "b"), ("c", "d"), ("e", "f")]);
        check(&["a=b;c=d ;e = f"], &[("a", "b"), ("c", "d"), ("e", "f")]);
        check(&["a=b=c"], &[("a", "b=c")]);
        check(&["a=\"b c\""], &[("a", "b c")]);
        check(&["a=; b"], &[("a", "")]);
        check(&["=b; ;; a"], &[]);
        check(&["a=b%20%C3%A9+c"], &[("a", "b é+c")]);
        check(&["a=100%; c=%ff"], &[("a", "100%"), ("c", "%ff")]);
    }
}
