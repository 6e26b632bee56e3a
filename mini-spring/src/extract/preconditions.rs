//! The preconditions of requests that change something (RFC 9110, section 13).

use std::convert::Infallible;

use http::StatusCode;

use super::FromRequest;
use crate::http::conditions::{Conditions, Validators, Verdict};
use crate::http::etag::ETag;
use crate::request::Request;
use crate::respond::Problem;

/// On which state of what it changes a request depends: `If-Match` and `If-None-Match`.
///
/// Two clients that read, change and write the same thing don't overwrite each other's work if they send
/// the tag that they have read, and the handler asks here before it writes. To GET and HEAD the server
/// does that by itself, by the `ETag` of the answer.
///
/// ```
/// use std::sync::Mutex;
/// use mini_spring::{App, ETag, Preconditions, Problem, Request, route, routes};
///
/// static NOTE: Mutex<(u32, String)> = Mutex::new((0, String::new()));
///
/// #[route(PUT, "/note")]
/// fn write(preconditions: Preconditions<'_>, text: String) -> Result<(ETag, &'static str), Problem> {
///     let mut note = NOTE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
///     preconditions.check(&ETag::strong(note.0))?;
///     *note = (note.0 + 1, text);
///     Ok((ETag::strong(note.0), "written"))
/// }
///
/// let app = App::empty().mount("/", routes![write]);
/// let put = |tag: &str| Request::builder("PUT", "/note").header("If-Match", tag).body("hello").build();
/// assert_eq!(app.call(put("\"0\"")?).status(), 200);
/// assert_eq!(app.call(put("\"0\"")?).status(), 412);
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Preconditions<'r> {
    request: &'r Request,
}

impl Preconditions<'_> {
    /// For something that is there, in the state that this tag names.
    ///
    /// # Errors
    ///
    /// 412: `If-Match` names other states only, or `If-None-Match` this one, or any.
    pub fn check(&self, current: &ETag) -> Result<(), Problem> {
        let current = Validators {
            tag: current.tag(),
            modified: None,
        };
        let failed = match Conditions::of(self.request.headers()).names_a_state() {
            true => "it has changed meanwhile; get it again",
            false => "it is there already",
        };
        self.verdict(Some(&current), failed)
    }

    /// The same where nobody may change what they haven't seen: the client must say which state it knows, by
    /// `If-Match`. `If-Unmodified-Since` isn't enough, as a tag can't be compared with a date.
    ///
    /// ```
    /// use mini_spring::{ETag, NoContent, Preconditions, Problem, TestApp, route, routes};
    ///
    /// #[route(PUT, "/note")]
    /// fn write(preconditions: Preconditions<'_>) -> Result<NoContent, Problem> {
    ///     preconditions.require(&ETag::strong(7))?;
    ///     Ok(NoContent)
    /// }
    ///
    /// let app = TestApp::of(routes![write]);
    /// app.put("/note").send().assert_status(428);
    /// app.put("/note").header("If-Match", "\"6\"").send().assert_status(412);
    /// app.put("/note").header("If-Match", "\"7\"").send().assert_status(204);
    /// ```
    ///
    /// # Errors
    ///
    /// 412 as by [`check`](Preconditions::check), and 428 without `If-Match` (RFC 6585, section 3).
    pub fn require(&self, current: &ETag) -> Result<(), Problem> {
        self.check(current)?;
        match Conditions::of(self.request.headers()).names_a_state() {
            true => Ok(()),
            false => Err(Problem::new(StatusCode::PRECONDITION_REQUIRED).with_detail(
                "say which state is to be changed: get it, and send its `ETag` as `If-Match`",
            )),
        }
    }

    /// For something that isn't there yet.
    ///
    /// ```
    /// use mini_spring::{NoContent, Preconditions, Problem, TestApp, route, routes};
    ///
    /// #[route(PUT, "/note")]
    /// fn write(preconditions: Preconditions<'_>) -> Result<NoContent, Problem> {
    ///     preconditions.check_absent()?;
    ///     Ok(NoContent)
    /// }
    ///
    /// let app = TestApp::of(routes![write]);
    /// app.put("/note").header("If-None-Match", "*").send().assert_status(204);
    /// app.put("/note").header("If-Match", "*").send().assert_status(412);
    /// ```
    ///
    /// # Errors
    ///
    /// 412: there is an `If-Match`, so it should be there.
    pub fn check_absent(&self) -> Result<(), Problem> {
        self.verdict(None, "it isn't there")
    }

    /// `failed` is what the client is told if it can't be.
    fn verdict(&self, current: Option<&Validators<'_>>, failed: &str) -> Result<(), Problem> {
        let conditions = Conditions::of(self.request.headers());
        match conditions.verdict(self.request.method(), current) {
            Verdict::Failed => {
                Err(Problem::new(StatusCode::PRECONDITION_FAILED).with_detail(failed))
            }
            // The answer will say so.
            Verdict::Proceed | Verdict::NotModified => Ok(()),
        }
    }
}

impl<'r> FromRequest<'r> for Preconditions<'r> {
    type Rejection = Infallible;

    fn from_request(request: &'r Request) -> Result<Self, Infallible> {
        Ok(Preconditions { request })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_and_what_is_not() {
        let check = |method: &str, name: &str, value: &str, there: bool, absent: bool| {
            let request = Request::builder(method, "/").header(name, value);
            let request = request.build().unwrap();
            let preconditions = Preconditions { request: &request };
            let found = preconditions.check(&ETag::strong("a"));
            assert_eq!(found.is_ok(), there, "{method} {name}: {value}");
            let failed = found.err().map(|problem| problem.status().as_u16());
            assert!(failed.is_none_or(|status| status == 412));
            assert_eq!(preconditions.check_absent().is_ok(), absent);
        };
        check("PUT", "If-Match", "\"a\"", true, false);
        check("PUT", "If-Match", "*", true, false);
        check("PUT", "If-Match", "\"b\"", false, false);
        check("PUT", "If-None-Match", "*", false, true);
        check("PUT", "If-None-Match", "\"b\"", true, true);
        check("DELETE", "If-None-Match", "\"a\"", false, true);
        check("GET", "If-None-Match", "\"a\"", true, true);
        check("PUT", "X-Other", "\"b\"", true, true);
    }

    #[test]
    fn a_state_that_must_be_named() {
        let check = |name: &str, value: &str, expected: Option<(u16, &str)>| {
            let request = Request::builder("PUT", "/").header(name, value);
            let request = request.build().unwrap();
            let preconditions = Preconditions { request: &request };
            let failed = preconditions.require(&ETag::strong("a")).err();
            let failed = failed
                .as_ref()
                .map(|problem| (problem.status().as_u16(), problem.detail().unwrap()));
            assert_eq!(failed, expected, "{name}: {value}");
        };
        let unnamed = "say which state is to be changed: get it, and send its `ETag` as `If-Match`";
        let changed = "it has changed meanwhile; get it again";
        check("If-Match", "\"a\"", None);
        check("If-Match", "*", None);
        check("If-Match", "\"b\"", Some((412, changed)));
        check("If-None-Match", "*", Some((412, "it is there already")));
        check("If-None-Match", "\"b\"", Some((428, unnamed)));
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        check("If-Unmodified-Since", date, Some((428, unnamed)));
        check("X-Other", "1", Some((428, unnamed)));
    }
}
