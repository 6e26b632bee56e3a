//! The cookies that a client sends (RFC 6265, section 4.2).
//!
//! ```text
//! cookie-string = cookie-pair *( ";" SP cookie-pair )
//! cookie-pair   = cookie-name "=" cookie-value
//! cookie-value  = *cookie-octet / ( DQUOTE *cookie-octet DQUOTE )
//! ```
//!
//! Read as leniently as section 5.4 has clients send them: what is no pair is passed over. Values are
//! percent-decoded, as `SetCookie` encodes them; one that can't be is taken as it is. Knows nothing of
//! the cookies that a server sets.

use std::convert::Infallible;

use super::FromRequest;
use crate::request::Request;

/// All cookies of a request, as an argument of a handler.
///
/// One cookie is an argument of its own: `#[cookie("session")] session: Option<&str>`.
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
        let mut cookies = all(self.request);
        let (_, value) = cookies.find(|(found, _)| *found == name.as_bytes())?;
        self.request.cookie_text(value)
    }

    /// Name and value of all cookies that are UTF-8, in the order in which they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&'r str, &'r str)> + use<'r> {
        let request = self.request;
        all(request).filter_map(move |(name, value)| {
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

/// Name and value of all cookies, from all Cookie fields.
pub(super) fn all(request: &Request) -> impl Iterator<Item = (&[u8], &[u8])> {
    let fields = request.headers();
    fields
        .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        .flat_map(|(_, value)| value.split(|&byte| byte == b';'))
        .filter_map(pair)
}

fn pair(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = text.iter().position(|&byte| byte == b'=')?;
    let name = text[..equals].trim_ascii();
    let value = match text[equals + 1..].trim_ascii() {
        [b'"', value @ .., b'"'] => value,
        value => value,
    };
    (!name.is_empty()).then_some((name, value))
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
