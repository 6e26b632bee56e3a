//! What `#[route]` makes of a function, and what the rest of the crate calls.
//!
//! The macro leaves a type of the function's name that is an [`Endpoint`], so that the name is
//! all that `routes!` needs, and one [`Handle`] for each of its routes. Knows no router.

use std::fmt::{Display, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::Handled;
use crate::extract::Needs;
use crate::request::Request;
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;
use crate::routing::{RouteRecord, groups_of};

/// Makes a function answer requests:
///
/// ```
/// use mini_spring::{Json, Problem, TestApp, route, routes};
///
/// #[route(GET, "/users/<id>?<full>")]
/// fn get_user(id: u64, full: Option<bool>) -> Result<Json<String>, Problem> {
///     match id {
///         7 => Ok(Json(format!("user 7, {full:?}"))),
///         _ => Err(Problem::not_found(format!("no user {id}"))),
///     }
/// }
///
/// #[route([PUT, PATCH], "/users/<id>", status = 202, body_limit = "1KiB", timeout = "5s", blocking)]
/// fn change_user(id: u64, text: &str) -> String {
///     format!("{id} will be {text}")
/// }
///
/// let app = TestApp::of(routes![get_user, change_user]);
/// app.get(get_user::url(7)).send().assert_text(r#""user 7, None""#);
/// app.put("/users/7").text("Ada").send().assert_status(202).assert_text("7 will be Ada");
/// app.patch("/users/7").text("x".repeat(1025)).send().assert_status(413);
/// app.delete("/users/7").send().assert_status(405).assert_header("Allow", "GET, HEAD, OPTIONS, PATCH, PUT");
/// ```
///
pub use mini_spring_macros::route;

/// The type of a handler's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handler",
    label = "this names no handler",
    note = "a handler is a function with `#[route(GET, \"/path\")]`"
)]
pub trait Endpoint {
    /// Its routes. Empty where the attribute had a mistake that was reported.
    const ROUTES: &'static [RouteRecord] = &[];
}

/// One route of a handler: how its arguments are bound by the pattern.
pub trait Handle<const INDEX: usize> {
    /// Takes the arguments, calls the function and splits its result.
    fn handle(request: &Request) -> Result<Response, Problem>;

    /// Adds what the arguments need.
    fn requires(needs: &mut Needs);
}

/// Answers a request by the handler; its problems too.
pub fn call<H: Handle<INDEX>, const INDEX: usize>(request: &Request) -> Response {
    answered(H::handle(request))
}

/// The answer, also where it is a problem.
pub fn answered(result: Result<Response, Problem>) -> Response {
    result.unwrap_or_else(IntoResponse::into_response)
}

/// The types of errors that have a handler where this request is answered.
pub fn handled(request: &Request) -> &Handled {
    &request.directory.handled
}

/// What a segment of a path keeps as it is: `pchar` of RFC 3986, section 3.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// What the rest of a path keeps as it is.
const TAIL: &AsciiSet = &SEGMENT.remove(b'/');

/// A piece of a path to be composed.
pub enum Piece<'v> {
    /// A static segment, as it stands in the pattern.
    Static(&'static str),
    /// The value of a parameter.
    Parameter(&'v dyn Display),
    /// The value of the rest of the path.
    Tail(&'v dyn Display),
}

/// The path of a handler of this module with these values, percent-encoded.
pub fn url(module: &str, pieces: &[Piece<'_>]) -> String {
    let prefix = groups_of(module).flat_map(|group| group.segments);
    compose(prefix.copied().map(Piece::Static), pieces)
}

fn compose(prefix: impl Iterator<Item = Piece<'static>>, pieces: &[Piece<'_>]) -> String {
    let mut path = String::new();
    prefix.for_each(|piece| piece.onto(&mut path));
    pieces.iter().for_each(|piece| piece.onto(&mut path));
    if path.is_empty() {
        path.push('/');
    }
    // Two slashes would begin the name of another server: a redirect there would leave this one.
    if path.starts_with("//") {
        path.replace_range(1..2, "%2F");
    }
    path
}

impl Piece<'_> {
    fn onto(&self, path: &mut String) {
        path.push('/');
        match self {
            Piece::Static(text) => path.extend(utf8_percent_encode(text, SEGMENT)),
            Piece::Parameter(value) => encode(path, *value, SEGMENT),
            Piece::Tail(value) => encode(path, *value, TAIL),
        }
    }
}

fn encode(path: &mut String, value: &dyn Display, keep: &'static AsciiSet) {
    let mut text = String::new();
    // Writing to a string doesn't fail; a Display that does leaves what it has written.
    let _ = write!(text, "{value}");
    path.extend(utf8_percent_encode(&text, keep));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_encoded() {
        let check = |pieces: &[Piece<'_>], expected: &str| assert_eq!(url("", pieces), expected);
        check(&[], "/");
        check(&[Piece::Static("café")], "/caf%C3%A9");
        check(
            &[Piece::Static("users"), Piece::Parameter(&42)],
            "/users/42",
        );
        check(
            &[Piece::Parameter(&"a/b c?%#"), Piece::Static("x")],
            "/a%2Fb%20c%3F%25%23/x",
        );
        check(
            &[Piece::Parameter(&"-._~!$&'()*+,;=:@")],
            "/-._~!$&'()*+,;=:@",
        );
        check(&[Piece::Tail(&"a/b c")], "/a/b%20c");
        check(&[Piece::Tail(&"/example.com")], "/%2Fexample.com");
        check(&[Piece::Static("a"), Piece::Tail(&"/b")], "/a//b");
        let below = compose([Piece::Static("a b")].into_iter(), &[Piece::Parameter(&7)]);
        assert_eq!(below, "/a%20b/7");
    }
}
