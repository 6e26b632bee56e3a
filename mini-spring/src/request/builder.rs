//! Requests made by programs and tests: composed as bytes, then read by the same parser.

use std::net::SocketAddr;
use std::sync::Arc;

use super::{Directory, Request, UNNAMED_PEER};
use crate::error::Error;
use crate::http::head::{self, HeadLimits, MOST_FIELDS, Progress};

/// The host that a request is for unless it says so itself.
const HOST: &str = "localhost";

/// Composes a [`Request`] without a socket; start with [`Request::get`] or [`Request::post`].
///
/// ```
/// use mini_spring::Request;
///
/// let request = Request::post("/users")
///     .header("Content-Type", "application/json")
///     .body(r#"{"name":"Ada"}"#)
///     .build()?;
/// assert_eq!(request.body(), br#"{"name":"Ada"}"#);
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RequestBuilder {
    method: String,
    target: String,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
    peer: SocketAddr,
}

impl Request {
    /// Starts a GET request for this target, such as `/users?page=2`.
    pub fn get(target: impl Into<String>) -> RequestBuilder {
        Request::builder("GET", target)
    }

    /// Starts a POST request for this target.
    pub fn post(target: impl Into<String>) -> RequestBuilder {
        Request::builder("POST", target)
    }

    /// Starts a PUT request for this target.
    pub fn put(target: impl Into<String>) -> RequestBuilder {
        Request::builder("PUT", target)
    }

    /// Starts a PATCH request for this target.
    pub fn patch(target: impl Into<String>) -> RequestBuilder {
        Request::builder("PATCH", target)
    }

    /// Starts a DELETE request for this target.
    pub fn delete(target: impl Into<String>) -> RequestBuilder {
        Request::builder("DELETE", target)
    }

    /// Starts a request of any method.
    ///
    /// ```
    /// use mini_spring::Request;
    ///
    /// let methods = [Request::post("/"), Request::put("/"), Request::patch("/"), Request::delete("/")];
    /// for (request, method) in methods.into_iter().zip(["POST", "PUT", "PATCH", "DELETE"]) {
    ///     assert_eq!(request.build()?.method(), method);
    /// }
    /// assert_eq!(Request::builder("PROPFIND", "/").build()?.method(), "PROPFIND");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn builder(method: impl Into<String>, target: impl Into<String>) -> RequestBuilder {
        RequestBuilder {
            method: method.into(),
            target: target.into(),
            fields: Vec::new(),
            body: Vec::new(),
            peer: UNNAMED_PEER,
        }
    }
}

impl RequestBuilder {
    /// Adds a header field. `Host: localhost` and `Content-Length` are added by themselves.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the address that the request comes from; by default it is port 0 of 127.0.0.1.
    ///
    /// ```
    /// use mini_spring::Request;
    ///
    /// let request = Request::get("/").peer(([192, 0, 2, 7], 4711).into()).build()?;
    /// assert_eq!(request.peer().to_string(), "192.0.2.7:4711");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn peer(mut self, peer: SocketAddr) -> Self {
        self.peer = peer;
        self
    }

    /// Parses what was composed.
    ///
    /// # Errors
    ///
    /// What the server would answer 400 to: a malformed method, target or header field. The body
    /// is not chunked, so a `Transfer-Encoding` is an error too.
    pub fn build(self) -> Result<Request, Error> {
        let mut request = Request::blank(Arc::new(Directory::default()));
        request.buffer = self.compose();
        request.peer = self.address();
        let limits = HeadLimits {
            request_line: request.buffer.len(),
            head: request.buffer.len(),
            fields: MOST_FIELDS,
        };
        let parsed = head::parse(&request.buffer, 0, &limits, &mut request.head)
            .map_err(|reject| format!("not a request: {}", reject.detail))?;
        if parsed == Progress::Partial || request.head.end + self.body.len() != request.buffer.len()
        {
            return Err("not a request: the head ends at another place".into());
        }
        // A line break in a target or a value, which may come from elsewhere, begins a field that nobody meant.
        if request.head.fields.len() != self.field_lines() {
            return Err("not a request: a line break makes one header field more of it".into());
        }
        request.body = request.head.end..request.buffer.len();
        Ok(request)
    }

    /// Whether there is a header field of this name, in any case.
    pub(crate) fn has(&self, name: &str) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The method.
    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The target.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// The host that it is for, with its port.
    pub(crate) fn host(&self) -> &str {
        let mut fields = self.fields.iter();
        let host = fields.find(|(name, _)| name.eq_ignore_ascii_case("host"));
        host.map_or(HOST, |(_, value)| value)
    }

    /// The same for another target.
    pub(crate) fn at(mut self, target: String) -> Self {
        self.target = target;
        self
    }

    /// A GET of the same target: without the body, and without what says something about it.
    pub(crate) fn into_get(mut self) -> Self {
        self.method = "GET".to_owned();
        self.body = Vec::new();
        self.fields.retain(|(name, _)| {
            let name = name.to_ascii_lowercase();
            !name.starts_with("content-") && name != "transfer-encoding" && name != "expect"
        });
        self
    }

    /// Where the request comes from.
    pub(crate) fn address(&self) -> SocketAddr {
        self.peer
    }

    /// The host is said, unless a field does that.
    fn adds_host(&self) -> bool {
        !self.has("host")
    }

    fn adds_length(&self) -> bool {
        !self.body.is_empty() && !self.has("content-length")
    }

    fn field_lines(&self) -> usize {
        self.fields.len() + usize::from(self.adds_host()) + usize::from(self.adds_length())
    }

    /// The bytes of the request.
    pub(crate) fn compose(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if self.adds_host() {
            text.push_str(&format!("Host: {HOST}\r\n"));
        }
        if self.adds_length() {
            text.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        for (name, value) in &self.fields {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_server_would_take_is_an_error() {
        let check = |builder: RequestBuilder, message: &str| {
            assert_eq!(builder.build().unwrap_err().to_string(), message);
        };
        check(
            Request::get("no slash"),
            "not a request: the request line is malformed",
        );
        check(
            Request::get("/").header("a b", "c"),
            "not a request: a header field's name is malformed",
        );
        check(
            Request::get("/").header("a", "b\r\n\r\nGET / HTTP/1.1"),
            "not a request: the head ends at another place",
        );
        let more = "not a request: a line break makes one header field more of it";
        check(Request::get("/").header("a", "b\r\nc: d"), more);
        check(Request::get("/").header("a: b\r\nc", "d"), more);
        check(Request::get("/ HTTP/1.1\r\na: b\r\nc:"), more);
    }

    #[test]
    fn fields_can_be_overridden() {
        let request = Request::get("/")
            .header("Host", "example.org")
            .build()
            .unwrap();
        assert_eq!(request.host(), "example.org");
        assert_eq!(request.headers().count(), 1);
    }
}
