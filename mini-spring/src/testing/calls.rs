//! Sending: from a request that is composed to its answer, with the cookies that are kept.

use std::net::SocketAddr;
use std::time::SystemTime;

use super::jar::Place;
use super::pending::Pending;
use super::{TestApp, TestEvents, TestRequest, TestResponse};
use crate::request::{Request, RequestBuilder, UNNAMED_PEER};

impl TestApp {
    /// Starts a GET request for this target, such as `/users?page=2`.
    pub fn get(&self, target: impl Into<String>) -> TestRequest<'_> {
        self.request("GET", target)
    }

    /// Starts a POST request for this target.
    pub fn post(&self, target: impl Into<String>) -> TestRequest<'_> {
        self.request("POST", target)
    }

    /// Starts a PUT request for this target.
    pub fn put(&self, target: impl Into<String>) -> TestRequest<'_> {
        self.request("PUT", target)
    }

    /// Starts a PATCH request for this target.
    pub fn patch(&self, target: impl Into<String>) -> TestRequest<'_> {
        self.request("PATCH", target)
    }

    /// Starts a DELETE request for this target.
    pub fn delete(&self, target: impl Into<String>) -> TestRequest<'_> {
        self.request("DELETE", target)
    }

    /// Starts a HEAD request for this target: as GET, and the answer has no body.
    pub fn head(&self, target: impl Into<String>) -> TestRequest<'_> {
        self.request("HEAD", target)
    }

    /// Starts an OPTIONS request for this target.
    pub fn options(&self, target: impl Into<String>) -> TestRequest<'_> {
        self.request("OPTIONS", target)
    }

    /// Starts a request of any method: `app.request("PURGE", "/users")`.
    ///
    /// ```
    /// use mini_spring::{App, Request, TestApp};
    ///
    /// let app = App::empty().route("GET", "/", |_: &Request| "hello");
    /// let app = TestApp::from_app(app);
    /// for request in [app.put("/"), app.patch("/"), app.delete("/"), app.request("PURGE", "/")] {
    ///     request.send().assert_status(405);
    /// }
    /// app.options("/").send().assert_header("Allow", "GET, HEAD, OPTIONS");
    /// app.head("/").send().assert_status(200).assert_text("");
    /// ```
    pub fn request(&self, method: impl Into<String>, target: impl Into<String>) -> TestRequest<'_> {
        TestRequest::new(self, Request::builder(method, target))
    }

    /// Sends a request that was composed elsewhere.
    ///
    /// # Panics
    ///
    /// As [`TestRequest::send`].
    #[track_caller]
    pub fn send(&self, request: RequestBuilder) -> TestResponse {
        self.answer(&request, &[])
    }

    /// Sends the bytes of one request as they are, be they one or not. Cookies are neither sent nor kept.
    ///
    /// ```
    /// # use mini_spring::{App, Request, TestApp};
    /// # let app = TestApp::from_app(App::empty().route("GET", "/", |_: &Request| "hello"));
    /// app.send_bytes("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").assert_status(200);
    /// app.send_bytes("GET / HTTP/1.1\r\n\r\n").assert_status(400);
    /// ```
    ///
    /// # Panics
    ///
    /// The request isn't whole, or its answer isn't, or is larger than 64 MiB.
    #[track_caller]
    pub fn send_bytes(&self, request: impl Into<Vec<u8>>) -> TestResponse {
        self.open(UNNAMED_PEER, request.into()).finish()
    }

    /// Sends a request with these cookies beside those that are kept, and keeps those of its answer.
    #[track_caller]
    pub(super) fn answer(
        &self,
        request: &RequestBuilder,
        own: &[(String, String)],
    ) -> TestResponse {
        let response = self.begin(request, own).finish();
        self.keep(request, response.set_cookies());
        response
    }

    /// As [`TestApp::answer`], for an answer that is read while it comes.
    #[track_caller]
    pub(super) fn events(&self, request: &RequestBuilder, own: &[(String, String)]) -> TestEvents {
        let events = TestEvents::new(self.begin(request, own));
        self.keep(request, events.set_cookies());
        events
    }

    #[track_caller]
    fn begin(&self, request: &RequestBuilder, own: &[(String, String)]) -> Pending {
        let request = match self.cookies(request, own) {
            cookies if cookies.is_empty() => request.clone(),
            cookies => request.clone().header("Cookie", cookies),
        };
        self.open(request.address(), request.compose())
    }

    #[track_caller]
    fn open(&self, peer: SocketAddr, request: Vec<u8>) -> Pending {
        match Pending::send(self.stage(), peer, request) {
            Ok(pending) => pending,
            Err(message) => panic!("{message}"),
        }
    }

    /// What a request has in its field Cookie. One that says so itself has no other cookies than that.
    fn cookies(&self, request: &RequestBuilder, own: &[(String, String)]) -> String {
        let kept = match &self.jar {
            Some(jar) if !request.has("cookie") => {
                jar.for_request(place(request), SystemTime::now())
            }
            _ => Vec::new(),
        };
        let is_replaced = |name: &str| own.iter().any(|(known, _)| known == name);
        let kept = kept.iter().filter(|(name, _)| !is_replaced(name));
        let pairs = kept
            .chain(own)
            .map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep<'s>(&self, request: &RequestBuilder, set: impl Iterator<Item = &'s str>) {
        if let Some(jar) = &self.jar {
            set.for_each(|cookie| jar.keep(cookie, place(request), SystemTime::now()));
        }
    }
}

/// Where a request goes: its host without the port, its path without the query.
fn place(request: &RequestBuilder) -> Place<'_> {
    let host = request.host();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let has_port = port.bytes().all(|byte| byte.is_ascii_digit());
    let target = request.target();
    Place {
        host: if has_port { name } else { host },
        path: target.split('?').next().unwrap_or(target),
    }
}
