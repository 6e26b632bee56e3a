//! [`TestApp`]: requests to an application in a plain `#[test]`, with no socket.
//!
//! A request is composed as bytes, read as the server reads them, answered, and the bytes of the answer are
//! read as a client reads them: what a client would get, a test gets. Knows no socket and no thread.

mod request;
mod response;
mod wire;

use std::net::SocketAddr;

use crate::app::App;
use crate::config::ServerConfig;
use crate::request::{Request, RequestBuilder, UNNAMED_PEER};
use crate::routing::Routes;
use crate::server::offline;
use crate::service::Service;

pub use self::request::TestRequest;
pub use self::response::TestResponse;

/// The most bytes of an answer that a test keeps; a body that never ends has to be cut before.
const LARGEST_ANSWER: usize = 64 << 20;

/// An application under test: requests in, answers out, with no socket and no thread.
///
/// Requests go through the server's own parser, limits and framing, so a test sees what a client
/// sees: 404 and 405, the 413 of a body over its limit, the fields that the server adds. Bodies that
/// are read while they are sent are collected, up to 64 MiB. What needs a clock isn't there: a route's `timeout` is
/// told to the handler as its [`Deadline`](crate::Deadline), and not enforced.
///
/// ```
/// use mini_spring::{Json, Problem, TestApp, route, routes};
/// use serde::{Deserialize, Serialize};
/// use serde_json::json;
///
/// #[derive(Serialize, Deserialize)]
/// struct User {
///     name: String,
/// }
///
/// #[route(POST, "/users", status = 201)]
/// fn create(Json(user): Json<User>) -> User {
///     user
/// }
///
/// #[route(GET, "/users/<id>")]
/// fn get(id: u32) -> Result<User, Problem> {
///     Err(Problem::not_found(format!("no user {id}")))
/// }
///
/// let app = TestApp::of(routes![create, get]);
///
/// let ada = User { name: "Ada".to_owned() };
/// let created = app.post("/users").json(&ada).send();
/// created.assert_status(201).assert_json(json!({"name": "Ada"}));
/// assert_eq!(created.json::<User>().name, "Ada");
///
/// let missing = app.get("/users/42").send();
/// missing.assert_status(404).assert_header("Content-Type", "application/problem+json");
/// ```
///
/// Settings, also those of [`#[config]`](macro@crate::config), come from `mini-spring.toml` and `mini-spring-test.toml` in
/// the working directory, which is the package's under `cargo test`, and from the environment. The profile is `test`,
/// unless `MINI_SPRING_PROFILE` says another.
///
/// # Panics
///
/// It is for tests: whatever prevents the answer is a panic that says what it was, and an assertion that fails
/// shows the request and the answer.
#[derive(Debug)]
pub struct TestApp {
    service: Service,
    config: ServerConfig,
}

impl TestApp {
    /// Of these handlers: `TestApp::of(routes![get_user, health])`. The global table isn't looked at,
    /// so a mistake in another route doesn't matter.
    ///
    /// # Panics
    ///
    /// The routes can't be served; the message is the start-up report.
    #[track_caller]
    pub fn of(routes: Routes) -> Self {
        TestApp::from_app(App::empty().mount("/", routes))
    }

    /// Of every `#[route]` of the program, as [`run`](crate::run()) serves them. That this doesn't
    /// panic is the test that the program starts.
    ///
    /// ```no_run
    /// use mini_spring::TestApp;
    ///
    /// let app = TestApp::new();
    /// app.get("/health").send().assert_status(200);
    /// ```
    ///
    /// # Panics
    ///
    /// The application can't be started; the message is the start-up report.
    #[allow(clippy::new_without_default)] // It can panic.
    #[track_caller]
    pub fn new() -> Self {
        TestApp::from_app(App::new())
    }

    /// Of an application with its middleware and hand-written routes.
    ///
    /// ```
    /// use mini_spring::{App, Request, TestApp};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/", |_: &Request| "hello")
    ///     .middleware(|request, next| next.run(request).header("X-Served-By", "mini-spring"));
    ///
    /// let app = TestApp::from_app(app);
    /// app.get("/").send().assert_text("hello").assert_header("X-Served-By", "mini-spring");
    /// ```
    ///
    /// # Panics
    ///
    /// The application can't be started; the message is the start-up report.
    #[track_caller]
    pub fn from_app(app: App) -> Self {
        match app.prepare_for_tests() {
            Ok((config, service)) => TestApp { service, config },
            Err(report) => panic!("the application can't be started: {report}"),
        }
    }

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

    /// Starts a request of any method: `app.request("OPTIONS", "/users")`.
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
        let peer = request.address();
        self.send_from(peer, request.compose())
    }

    /// Sends the bytes of one request as they are, be they one or not.
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
        self.send_from(UNNAMED_PEER, request.into())
    }

    #[track_caller]
    fn send_from(&self, peer: SocketAddr, request: Vec<u8>) -> TestResponse {
        let TestApp { service, config } = self;
        let answered = offline::exchange(service, config, &request, peer, LARGEST_ANSWER);
        match answered {
            Ok(answered) => TestResponse::read(request, answered),
            Err(message) => panic!("{message}\n\n{}", wire::shown(&request)),
        }
    }
}

#[cfg(test)]
mod tests;
