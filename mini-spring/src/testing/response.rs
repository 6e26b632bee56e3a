//! [`TestResponse`]: what a [`TestApp`](super::TestApp) has answered, and assertions about it.

use std::fmt;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::wire::{self, Answer};
use crate::server::offline::Answered;

/// The answer to a [`TestRequest`](super::TestRequest), as a client gets it.
///
/// Assertions give it back, so that several can stand in one statement. One that fails shows the request, the answer
/// and the error behind it, which the client doesn't see.
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
/// response.assert_status(200).assert_json(json!([3, 4]));
/// ```
#[derive(Debug)]
pub struct TestResponse {
    request: Vec<u8>,
    answer: Answer,
    /// The bytes as they came.
    received: Vec<u8>,
    cause: Option<String>,
}

impl TestResponse {
    pub(super) fn read(request: Vec<u8>, answered: Answered) -> Self {
        TestResponse {
            request,
            answer: Answer::read(&answered.bytes),
            received: answered.bytes,
            cause: answered.cause,
        }
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        self.answer.status
    }

    /// The value of the first header field of this name, in any case; `None` also where it is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.answer.field(name)?).ok()
    }

    /// All header fields in the order in which they came, as name and value. Names are in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let fields = self.answer.fields.iter();
        fields.map(|(name, value)| (&name[..], &value[..]))
    }

    /// The body as it was sent, without the framing of chunks.
    pub fn bytes(&self) -> &[u8] {
        &self.answer.body
    }

    /// The body as text.
    ///
    /// # Panics
    ///
    /// It isn't UTF-8.
    #[track_caller]
    pub fn text(&self) -> &str {
        match std::str::from_utf8(&self.answer.body) {
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
        match serde_json::from_slice(&self.answer.body) {
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
        let found = self.answer.status;
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
        let fields = self.answer.fields.iter();
        let named = fields.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let values: Vec<_> = named
            .map(|(_, value)| String::from_utf8_lossy(value))
            .collect();
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

    /// Asserts that the body is this value as JSON, such as `json!({"name": "Ada"})` or a struct. The order of
    /// members doesn't matter.
    #[track_caller]
    pub fn assert_json(&self, expected: impl Serialize) -> &Self {
        let expected = match serde_json::to_value(expected) {
            Ok(expected) => expected,
            Err(error) => self.fail(format_args!(
                "the expected value can't be serialised: {error}"
            )),
        };
        match self.json::<Value>() == expected {
            true => self,
            false => self.fail(format_args!(
                "expected a body that is this JSON:\n{expected:#}"
            )),
        }
    }

    #[track_caller]
    fn fail(&self, message: fmt::Arguments<'_>) -> ! {
        panic!("{message}\n\n{self}")
    }
}

/// Request and answer as they were sent, as a failed assertion shows them.
impl fmt::Display for TestResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = wire::shown(&self.request);
        let received = wire::shown(&self.received);
        write!(formatter, "the request:\n{}\n\n", request.trim_end())?;
        write!(formatter, "the answer:\n{}", received.trim_end())?;
        match &self.cause {
            Some(cause) => write!(formatter, "\n\nthe error behind it:\n{cause}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
