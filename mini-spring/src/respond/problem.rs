//! [`Problem`]: the one way in which errors are answered (RFC 9457).

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Fault, mapping};
use crate::error::{ClientFault, Error};
use crate::http::buffers;
use crate::http::fields::Fields;
use crate::response::Response;

/// An error as it is answered: `application/problem+json` (RFC 9457).
///
/// The document has the members `type`, `title`, `status` and, where there is something to say,
/// `detail`; and the extension member `error` with a code that programs can rely on, such as
/// `not_found`. More members are added by [`Problem::with`].
///
/// ```
/// use mini_spring::{IntoResponse, Problem};
///
/// let response = Problem::not_found("no user 7").with("user", 7).into_response();
/// let body = r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"no user 7","error":"not_found","user":7}"#;
/// assert_eq!(response.body_bytes(), Some(body.as_bytes()));
/// ```
pub struct Problem {
    inner: Box<Inner>,
}

struct Inner {
    status: StatusCode,
    kind: Cow<'static, str>,
    title: Option<Cow<'static, str>>,
    detail: Option<String>,
    code: Option<Cow<'static, str>>,
    members: Map<String, Value>,
    faults: Vec<Fault>,
    fields: Fields,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Problem {
    /// A problem with this status, whose title and code are those of the status.
    pub fn new(status: StatusCode) -> Self {
        Problem {
            inner: Box::new(Inner {
                status,
                kind: Cow::Borrowed("about:blank"),
                title: None,
                detail: None,
                code: None,
                members: Map::new(),
                faults: Vec::new(),
                fields: Fields::default(),
                cause: None,
            }),
        }
    }

    /// 400 with this explanation.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST).with_detail(detail)
    }

    /// 401 with this explanation. Say with [`Problem::header`] how to log in: `WWW-Authenticate`
    /// is required by RFC 9110, section 11.6.1.
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
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR).with_cause(cause)
    }

    /// 400 because of one piece of the request. Several of them become one document.
    pub(crate) fn invalid(fault: Fault) -> Self {
        let mut problem = Problem::new(StatusCode::BAD_REQUEST);
        problem.inner.faults.push(fault);
        problem
    }

    /// Whether this is invalid input that wants to be reported together with more of it.
    pub(crate) fn is_invalid_input(&self) -> bool {
        !self.inner.faults.is_empty()
    }

    /// Adds the faults of `other`, which is invalid input too.
    pub(crate) fn merge(&mut self, other: Problem) {
        self.inner.faults.extend(other.inner.faults);
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
            Ok(_) => log::warn!("the problem member `{name}` is set by its own method"),
            Err(error) => log::warn!("the problem member `{name}` can't be serialised: {error}"),
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
            (Err(error), _) => log::warn!("a problem's header field is left out: {error}"),
            (_, Err(error)) => log::warn!("a problem's header field is left out: {error}"),
        }
        self
    }

    /// Keeps the error behind the problem, for the log.
    ///
    /// Where a server error has a body behind it that the client has sent wrongly, which a
    /// [`Body`](crate::Body) or [`Multipart`](crate::Multipart) reports while it is read, it becomes what
    /// that is: 400, 408 or 413 with the reason.
    pub fn with_cause(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = cause.into();
        if self.inner.status.is_server_error()
            && let Some(ClientFault { status, detail }) = ClientFault::behind(&*cause)
        {
            let fields = self.inner.fields;
            self = Problem::new(*status).with_detail(detail.clone());
            self.inner.fields = fields;
        }
        self.inner.cause = Some(cause);
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.inner.status
    }

    /// What happened this time.
    pub fn detail(&self) -> Option<&str> {
        self.inner.detail.as_deref()
    }

    pub(super) fn answer(self) -> Response {
        let mut body = buffers::take();
        // Text, numbers and JSON values: serialising them to a vector can't fail.
        if serde_json::to_writer(&mut body, &self.inner.document()).is_err() {
            body.clear();
        }
        let Inner {
            status,
            fields,
            cause,
            ..
        } = *self.inner;
        let mut response =
            Response::with_body("application/problem+json", body).with_status(status);
        response.fields_mut().extend(&fields);
        response.set_cause(cause);
        response
    }
}

impl Inner {
    fn title(&self) -> &str {
        let reason = self.status.canonical_reason().unwrap_or("Unknown");
        self.title.as_deref().unwrap_or(reason)
    }

    fn document(&self) -> Document<'_> {
        let code = || match self.status.canonical_reason() {
            Some(reason) => snake_case(reason),
            None => format!("status_{}", self.status.as_u16()),
        };
        Document {
            kind: &self.kind,
            title: self.title(),
            status: self.status.as_u16(),
            detail: self.detail.as_deref().or_else(|| match &self.faults[..] {
                [] => None,
                [fault] => Some(&fault.detail),
                _ => Some("several parts of the request are invalid"),
            }),
            error: self.code.clone().unwrap_or_else(|| Cow::Owned(code())),
            errors: &self.faults,
            members: &self.members,
        }
    }
}

/// The document on the wire.
#[derive(Serialize)]
struct Document<'p> {
    #[serde(rename = "type")]
    kind: &'p str,
    title: &'p str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'p str>,
    error: Cow<'static, str>,
    #[serde(skip_serializing_if = "<[Fault]>::is_empty")]
    errors: &'p [Fault],
    #[serde(flatten)]
    members: &'p Map<String, Value>,
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

impl From<StatusCode> for Problem {
    fn from(status: StatusCode) -> Self {
        Problem::new(status)
    }
}

impl<D: Into<String>> From<(StatusCode, D)> for Problem {
    fn from((status, detail): (StatusCode, D)) -> Self {
        Problem::new(status).with_detail(detail)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let recovered = match error.into_std().downcast::<Problem>() {
            Ok(problem) => return *problem,
            Err(other) => mapping::recover(other),
        };
        recovered.unwrap_or_else(|other| {
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR).with_cause(other)
        })
    }
}

impl From<std::convert::Infallible> for Problem {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = self.inner.document();
        write!(formatter, "{} {}", document.status, document.title)?;
        match document.detail {
            Some(detail) => write!(formatter, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Problem({self})")
    }
}

impl StdError for Problem {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause = self.inner.cause.as_deref()?;
        Some(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::IntoResponse;

    #[track_caller]
    fn check(problem: Problem, expected: &str) {
        let response = problem.into_response();
        let body = response.body_bytes().unwrap_or_default();
        assert_eq!(std::str::from_utf8(body).unwrap(), expected);
        assert_eq!(
            response.fields().get(&http::header::CONTENT_TYPE),
            Some(&b"application/problem+json"[..])
        );
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
        assert!(problem.is_invalid_input());
        problem.merge(Problem::invalid(fault("page")));
        check(
            problem,
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"several parts of the request are invalid","error":"bad_request","errors":[{"in":"path","name":"id","detail":"id is bad"},{"in":"path","name":"page","detail":"page is bad"}]}"#,
        );
    }

    #[test]
    fn the_cause_of_a_500_stays_inside() {
        let response = Problem::internal("password: 1234").into_response();
        let body = response.body_bytes().unwrap_or_default();
        assert!(!String::from_utf8_lossy(body).contains("1234"));
        assert_eq!(response.cause().unwrap().to_string(), "password: 1234");
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
        let response = problem.with_cause(fault()).into_response();
        assert!(
            response
                .fields()
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
