//! [`Problem`]: the one way in which errors are answered (RFC 9457).
//!
//! A problem is data: status, texts, members, and the error behind it; it is shown as JSON or, by `page`, as
//! HTML. Knows no answer, no request and no handler.

mod cause;
mod conversions;
mod derive;
mod document;
mod fault;
mod mapping;
mod page;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::OnceLock;

use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use self::cause::Cause;
pub use self::derive::Problem;
pub(crate) use self::fault::Fault;
pub use self::mapping::{ErrorMapping, ProblemShape};
pub(crate) use self::page::{Escaped, Page};
use crate::http::fields::Fields;
use crate::one_line::one_line;

/// An error as it is answered: `application/problem+json` (RFC 9457).
///
/// The document has the members `type`, `title`, `status` and, where there is something to say,
/// `detail`; and the extension member `error` with a code that programs can rely on, such as
/// `not_found`. More members are added by [`Problem::with`]. From 500 on, `request_id` names the request.
///
/// A browser is shown a page instead: whoever wants `text/html` more than JSON by its `Accept` field (RFC 9110,
/// section 12.5.1). With [`run`](crate::run()) in the profile `dev`, a browser on this machine also sees what is behind it:
/// the causes, where they were made, the request and the route. How all problems look is changed by an [`#[error_handler]`](macro@crate::error_handler).
///
/// ```
/// use mini_spring::{IntoResponse, Problem};
///
/// let response = Problem::not_found("no user 7").with("user", 7).into_response();
/// let body = r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"no user 7","error":"not_found","user":7}"#;
/// assert_eq!(response.body_bytes(), Some(body.as_bytes()));
///
/// let problem = Problem::conflict("the name is taken").with_detail("the name Ada is taken")
///     .with_type("https://example.org/taken").with_title("Taken").with_code("taken").header("Retry-After", "60");
/// assert_eq!((problem.status().as_u16(), problem.type_uri()), (409, "https://example.org/taken"));
/// assert_eq!((problem.title(), problem.code().as_ref()), ("Taken", "taken"));
/// assert_eq!(problem.detail(), Some("the name Ada is taken"));
/// let others = [
///     Problem::bad_request("no number"), Problem::unauthorized("log in"), Problem::forbidden("not yours"),
///     Problem::unprocessable("too long"), Problem::internal("the disk is full"),
/// ];
/// assert_eq!(others.map(|problem| problem.status().as_u16()), [400, 401, 403, 422, 500]);
/// ```
pub struct Problem {
    inner: Box<Inner>,
}

/// The type of problems that are no more than their status (RFC 9457, section 4.2.1).
const ABOUT_BLANK: &str = "about:blank";

/// The member that names the request.
const REQUEST_ID: &str = "request_id";

#[derive(Clone)]
struct Inner {
    status: StatusCode,
    kind: Cow<'static, str>,
    title: Option<Cow<'static, str>>,
    detail: Option<String>,
    code: Option<Cow<'static, str>>,
    members: Map<String, Value>,
    faults: Vec<Fault>,
    /// The only fault with its place, if it has been asked for.
    told: OnceLock<String>,
    fields: Fields,
    cause: Option<Cause>,
    /// The cause is what this problem was made of, by its type, rather than something behind it.
    is_made_of_cause: bool,
    /// What is said is what an error behind it says.
    is_told_by_cause: bool,
    /// The document, if it has been asked for.
    json: OnceLock<Vec<u8>>,
    /// It has been answered: what is left of it is for the log.
    is_answered: bool,
}

impl Problem {
    /// A problem with this status, whose title and code are those of the status.
    pub fn new(status: StatusCode) -> Self {
        Problem {
            inner: Box::new(Inner {
                status,
                kind: Cow::Borrowed(ABOUT_BLANK),
                title: None,
                detail: None,
                code: None,
                members: Map::new(),
                faults: Vec::new(),
                told: OnceLock::new(),
                fields: Fields::default(),
                cause: None,
                is_made_of_cause: false,
                is_told_by_cause: false,
                json: OnceLock::new(),
                is_answered: false,
            }),
        }
    }

    /// 400 with this explanation.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST).with_detail(detail)
    }

    /// 401 with this explanation. Such an answer must say how to authenticate (RFC 9110, section 15.5.2): unless
    /// [`Problem::header`] adds a `WWW-Authenticate` of another scheme, it has `WWW-Authenticate: Bearer`, as every
    /// problem of this status.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::UNAUTHORIZED).with_detail(detail)
    }

    /// 403 with this explanation.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::FORBIDDEN).with_detail(detail)
    }

    /// 404 with this explanation.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::NOT_FOUND).with_detail(detail)
    }

    /// 409 with this explanation.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::CONFLICT).with_detail(detail)
    }

    /// 422 with this explanation.
    pub fn unprocessable(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY).with_detail(detail)
    }

    /// 500 without explanation: the cause goes to the log, never to the client. A client that has caused it
    /// by its body is told, as [`Problem::with_cause`] says.
    #[track_caller]
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR).with_cause(cause)
    }

    /// 400 because of one piece of the request. Several of them become one document.
    pub(crate) fn invalid(fault: Fault) -> Self {
        Problem::failed(StatusCode::BAD_REQUEST, vec![fault])
    }

    /// Invalid input: 400 where it can't be read, 422 where what was read isn't valid.
    pub(crate) fn failed(status: StatusCode, faults: Vec<Fault>) -> Self {
        let mut problem = Problem::new(status);
        problem.inner.faults = faults;
        problem
    }

    /// Whether this is invalid input that wants to be reported together with more of it.
    pub(crate) fn is_invalid_input(&self) -> bool {
        !self.inner.faults.is_empty()
    }

    /// Adds the faults of `other`, which is invalid input too. What can't even be read comes first: as long as there
    /// is such a piece it is 400, for nobody knows whether it would have been valid.
    pub(crate) fn merge(&mut self, other: Problem) {
        self.inner.status = self.inner.status.min(other.inner.status);
        self.inner.faults.extend(other.inner.faults);
        self.inner.told.take();
    }

    /// Sets `type`, a URI that names this kind of problem (RFC 9457, section 3.1.1); by default
    /// `about:blank`.
    pub fn with_type(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.inner.kind = uri.into();
        self
    }

    /// Sets `title`, a short text that is the same for every problem of this type; by default the
    /// reason phrase of the status.
    pub fn with_title(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.inner.title = Some(title.into());
        self
    }

    /// Sets `detail`, what happened this time.
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.inner.detail = Some(detail.into());
        self
    }

    /// Sets `error`, the code that programs can rely on; by default the reason phrase of the
    /// status in lower case with underscores, such as `not_found`.
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.inner.code = Some(code.into());
        self
    }

    /// Adds an extension member (RFC 9457, section 3.2). A value that can't be serialised is left
    /// out; a member of the standard is not overwritten.
    pub fn with(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        const TAKEN: [&str; 6] = ["type", "title", "status", "detail", "error", "errors"];
        let name = name.into();
        match serde_json::to_value(value) {
            Ok(value) if !TAKEN.contains(&name.as_str()) => {
                self.inner.members.insert(name, value);
            }
            Ok(_) => warn(format_args!(
                "the problem member `{name}` is set by its own method"
            )),
            Err(error) => warn(format_args!(
                "the problem member `{name}` can't be serialised: {error}"
            )),
        }
        self
    }

    /// Adds a header field to the answer, such as `header("WWW-Authenticate", "Bearer")`. One that
    /// can't stand in a header is left out, and the log says so.
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName, Error: fmt::Display>,
        V: TryInto<HeaderValue, Error: fmt::Display>,
    {
        match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(value)) => self.inner.fields.append(name, &value),
            (Err(error), _) => warn(format_args!(
                "a problem's header field is left out: {error}"
            )),
            (_, Err(error)) => warn(format_args!(
                "a problem's header field is left out: {error}"
            )),
        }
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.inner.status
    }

    /// `type`, as [`Problem::with_type`] has set it, or `about:blank`.
    pub fn type_uri(&self) -> &str {
        &self.inner.kind
    }

    /// `title`: that of the problem, else the reason phrase of the status.
    pub fn title(&self) -> &str {
        let reason = self.inner.status.canonical_reason().unwrap_or("Unknown");
        self.inner.title.as_deref().unwrap_or(reason)
    }

    /// What happened this time. Where input is invalid and nothing else was said, what is wrong with it, and where.
    pub fn detail(&self) -> Option<&str> {
        let said = self.inner.detail.as_deref();
        said.or_else(|| match &self.inner.faults[..] {
            [] => None,
            [fault] => Some(self.inner.told.get_or_init(|| fault.to_string())),
            _ => Some("several parts of the request are invalid"),
        })
    }

    /// `error`, the code that programs can rely on, such as `not_found`.
    pub fn code(&self) -> Cow<'_, str> {
        match (&self.inner.code, self.inner.status.canonical_reason()) {
            (Some(code), _) => Cow::Borrowed(code),
            (None, Some(reason)) => Cow::Owned(snake_case(reason)),
            (None, None) => Cow::Owned(format!("status_{}", self.inner.status.as_u16())),
        }
    }

    /// Whether it is a 500 of which nothing is known but its cause.
    pub(super) fn says_nothing(&self) -> bool {
        let Inner {
            status,
            kind,
            title,
            detail,
            code,
            members,
            faults,
            ..
        } = &*self.inner;
        *status == StatusCode::INTERNAL_SERVER_ERROR
            && kind == ABOUT_BLANK
            && (title.is_none() && detail.is_none() && code.is_none())
            && (members.is_empty() && faults.is_empty())
    }

    /// Whether it hasn't been answered yet.
    pub(crate) fn is_raw(&self) -> bool {
        !self.inner.is_answered
    }

    /// It has been answered.
    pub(crate) fn answered(&mut self) {
        self.inner.is_answered = true;
    }

    /// It is answered with another status.
    pub(crate) fn set_status(&mut self, status: StatusCode) {
        self.inner.status = status;
        self.inner.json.take();
    }

    /// Takes the header fields of the answer.
    pub(crate) fn take_fields(&mut self) -> Fields {
        std::mem::take(&mut self.inner.fields)
    }

    /// Names the request in the document, unless it does so already.
    pub(crate) fn name_request(&mut self, id: &str) {
        let members = &mut self.inner.members;
        if !members.contains_key(REQUEST_ID) {
            members.insert(REQUEST_ID.to_owned(), Value::from(id));
            self.inner.json.take();
        }
    }

    /// The name of the request, if the document has it.
    fn request_id(&self) -> Option<&str> {
        self.inner.members.get(REQUEST_ID)?.as_str()
    }
}

/// Tells the program's author; what a client has sent may be in it.
#[cold]
fn warn(message: fmt::Arguments<'_>) {
    log::warn!("{}", one_line(&message.to_string()));
}

/// `Method Not Allowed` to `method_not_allowed`.
fn snake_case(reason: &str) -> String {
    reason
        .chars()
        .filter(|letter| *letter != '\'')
        .map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
            _ => '_',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ClientFault, Error};

    #[track_caller]
    fn check(problem: Problem, expected: &str) {
        assert_eq!(std::str::from_utf8(problem.json()).unwrap(), expected);
    }

    fn fault(name: &str) -> Fault {
        Fault::new("path", name, format!("{name} is bad"))
    }

    #[test]
    fn documents() {
        check(
            Problem::new(StatusCode::METHOD_NOT_ALLOWED),
            r#"{"type":"about:blank","title":"Method Not Allowed","status":405,"error":"method_not_allowed"}"#,
        );
        check(
            Problem::new(StatusCode::IM_A_TEAPOT)
                .with_type("https://example.org/tea")
                .with_title("Tea")
                .with_detail("short and stout")
                .with_code("teapot")
                .with("handle", true)
                .with("status", 1),
            r#"{"type":"https://example.org/tea","title":"Tea","status":418,"detail":"short and stout","error":"teapot","handle":true}"#,
        );
    }

    #[test]
    fn faults_are_listed() {
        let mut problem = Problem::invalid(fault("id"));
        let detail = "the parameter `id` of the path: id is bad";
        assert_eq!(problem.detail(), Some(detail));
        problem.merge(Problem::invalid(fault("page")));
        check(
            problem,
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"several parts of the request are invalid","error":"bad_request","errors":[{"in":"path","name":"id","detail":"id is bad"},{"in":"path","name":"page","detail":"page is bad"}]}"#,
        );
    }

    #[test]
    fn the_cause_of_a_500_stays_inside() {
        let problem = Problem::internal("password: 1234");
        assert!(!String::from_utf8_lossy(problem.json()).contains("1234"));
        assert!(!String::from_utf8_lossy(&problem.page()).contains("1234"));
        assert_eq!(problem.cause().unwrap().to_string(), "password: 1234");
    }

    #[test]
    fn what_the_client_did_wrong_is_no_error_of_the_server() {
        let fault = || ClientFault::new(StatusCode::BAD_REQUEST, "it breaks off");
        let error = std::io::Error::other(fault());
        check(
            Problem::internal(error),
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"it breaks off","error":"bad_request"}"#,
        );
        let error = Error::from(std::io::Error::other(fault()));
        assert_eq!(Problem::from(error).status(), 400);
        // What the program says of the client stays.
        let conflict = Problem::conflict("not twice").with_cause(fault());
        assert_eq!(conflict.to_string(), "409 Conflict: not twice");
        let problem = Problem::new(StatusCode::BAD_GATEWAY).header("X-Kept", "yes");
        let fields = problem.with_cause(fault()).take_fields();
        assert!(
            fields
                .get(&http::HeaderName::from_static("x-kept"))
                .is_some()
        );
    }

    #[test]
    fn a_problem_is_one_pointer_wide() {
        assert_eq!(size_of::<Problem>(), size_of::<usize>());
    }

    #[test]
    fn a_problem_survives_the_way_through_an_error() {
        let error = Error::from(Problem::not_found("no user 7"));
        assert_eq!(Problem::from(error).status(), 404);
        let error = Error::from(std::fmt::Error);
        assert_eq!(Problem::from(error).status(), 500);
    }

    #[test]
    fn statuses_and_pairs_are_problems() {
        assert_eq!(Problem::from(StatusCode::CONFLICT).status(), 409);
        let problem = Problem::from((StatusCode::GONE, "moved out"));
        assert_eq!(problem.to_string(), "410 Gone: moved out");
    }
}
