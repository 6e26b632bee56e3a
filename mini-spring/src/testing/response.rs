//! [`TestResponse`]: what a [`TestApp`](super::TestApp) has answered, and assertions about it.

use std::fmt;

use http::StatusCode;
use serde::Deserialize;

use super::pending::shown_log;
use super::wire::{self, Head, Incoming};

mod json;

/// The answer to a [`TestRequest`](super::TestRequest), as a client gets it.
///
/// Assertions give it back, so that several can stand in one statement. One that fails shows the request, the answer,
/// the error behind it, which the client doesn't see, and what was logged meanwhile.
///
/// ```
/// use mini_spring::{TestApp, route, routes};
/// use serde_json::json;
///
/// #[route(GET, "/point")]
/// fn point() -> [i32; 2] {
///     [3, 4]
/// }
///
/// let app = TestApp::of(routes![point]);
/// let response = app.get("/point").send();
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.header("content-type"), Some("application/json"));
/// assert_eq!(response.json::<(i32, i32)>(), (3, 4));
/// assert_eq!((response.text(), response.bytes()), ("[3,4]", &b"[3,4]"[..]));
/// assert!(response.headers().any(|(name, _)| name == "content-length"));
/// response.assert_status(200).assert_json(json!([3, 4]));
/// response.assert_header("Content-Type", "application/json").assert_text("[3,4]").assert_text_contains("4");
/// ```
#[derive(Debug)]
pub struct TestResponse {
    request: Vec<u8>,
    head: Head,
    body: Vec<u8>,
    /// As much of the answer as is shown.
    shown: String,
    cause: Option<String>,
    log: String,
}

impl TestResponse {
    pub(super) fn new(
        request: Vec<u8>,
        incoming: Incoming,
        cause: Option<String>,
        log: String,
    ) -> Self {
        let (head, body, shown) = incoming.into_parts();
        TestResponse {
            request,
            head,
            body,
            shown,
            cause,
            log,
        }
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The value of the first header field of this name, in any case; `None` also where it is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.head.field(name)?).ok()
    }

    /// All header fields in the order in which they came, as name and value. Names are in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let fields = self.head.fields.iter();
        fields.map(|(name, value)| (&name[..], &value[..]))
    }

    /// The body as it was sent, without the framing of chunks.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    ///
    /// # Panics
    ///
    /// It isn't UTF-8.
    #[track_caller]
    pub fn text(&self) -> &str {
        match std::str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => self.fail(format_args!("expected a body of text: {error}")),
        }
    }

    /// The body, read as JSON.
    ///
    /// # Panics
    ///
    /// It isn't JSON, or not of this shape.
    #[track_caller]
    pub fn json<'r, T: Deserialize<'r>>(&'r self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => {
                let expected = std::any::type_name::<T>();
                self.fail(format_args!(
                    "expected a body that is `{expected}` in JSON: {error}"
                ))
            }
        }
    }

    /// Asserts the status: a number or a `StatusCode`.
    #[track_caller]
    pub fn assert_status(&self, expected: impl PartialEq<StatusCode> + fmt::Debug) -> &Self {
        let found = self.head.status;
        match expected == found {
            true => self,
            false => self.fail(format_args!(
                "expected the status {expected:?}, found {found}"
            )),
        }
    }

    /// Asserts that there is a header field of this name, in any case, with this value.
    #[track_caller]
    pub fn assert_header(&self, name: &str, expected: &str) -> &Self {
        let values = self.head.all(name).map(String::from_utf8_lossy);
        let values: Vec<_> = values.collect();
        match &values[..] {
            values if values.iter().any(|value| value == expected) => self,
            [] => self.fail(format_args!(
                "expected the header field `{name}: {expected}`, found none"
            )),
            values => self.fail(format_args!(
                "expected the header field `{name}: {expected}`, found `{}`",
                values.join("`, `")
            )),
        }
    }

    /// Asserts that the body is this text.
    #[track_caller]
    pub fn assert_text(&self, expected: &str) -> &Self {
        match self.text() == expected {
            true => self,
            false => self.fail(format_args!("expected the body `{expected}`")),
        }
    }

    /// Asserts that this text stands somewhere in the body.
    #[track_caller]
    pub fn assert_text_contains(&self, expected: &str) -> &Self {
        match self.text().contains(expected) {
            true => self,
            false => self.fail(format_args!("expected a body with `{expected}` in it")),
        }
    }

    /// The values of the fields `Set-Cookie`, as far as they are text.
    pub(super) fn set_cookies(&self) -> impl Iterator<Item = &str> {
        let values = self.head.all("set-cookie");
        values.filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// Fails the test.
    #[track_caller]
    pub(super) fn fail(&self, message: fmt::Arguments<'_>) -> ! {
        panic!("{message}\n\n{self}")
    }
}

/// Request and answer as they were sent, and what is known of them, as a failed assertion shows them.
impl fmt::Display for TestResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = wire::shown(&self.request);
        write!(formatter, "the request:\n{}\n\n", request.trim_end())?;
        write!(formatter, "the answer:\n{}", self.shown.trim_end())?;
        if let Some(cause) = &self.cause {
            write!(formatter, "\n\nthe error behind it:\n{cause}")?;
        }
        formatter.write_str(&shown_log(&self.log))
    }
}

#[cfg(test)]
mod tests;
