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
        self.verdict(Some(&Validators {
            tag: current.tag(),
            modified: None,
        }))
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
        self.verdict(None)
    }

    fn verdict(&self, current: Option<&Validators<'_>>) -> Result<(), Problem> {
        let conditions = Conditions::of(self.request.headers());
        match conditions.verdict(self.request.method(), current) {
            Verdict::Failed => Err(Problem::new(StatusCode::PRECONDITION_FAILED)),
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
}
