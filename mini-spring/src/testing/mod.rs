//! [`TestApp`]: requests to an application in a plain `#[test]`, with or without a socket.
//!
//! A request is composed as bytes, read as the server reads them, answered, and the bytes of the answer are
//! read as a client reads them: what a client would get, a test gets. Sockets are the server's, as is what answers
//! without one.

mod calls;
mod events;
mod form;
mod jar;
mod json;
mod log;
mod pending;
mod redirect;
mod request;
mod response;
mod stage;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use once_cell::sync::OnceCell;

use crate::app::App;
use crate::http::percent::{Plus, decode};
use crate::inject::Inject;
use crate::respond::SetCookie;
use crate::routing::Routes;

pub use self::events::{TestEvent, TestEvents};
pub use self::form::TestForm;
use self::jar::{Jar, Place};
pub use self::request::TestRequest;
pub use self::response::TestResponse;
use self::stage::{Medium, Stage};

/// An application under test: requests in, answers out, with no socket and no thread.
///
/// Requests go through the server's own parser, limits and framing, so a test sees what a client
/// sees: 404 and 405, the 413 of a body over its limit, the fields that the server adds. Bodies that
/// are made while they are sent are collected, up to 64 MiB; server-sent [events](TestRequest::events) are there one by
/// one. What needs a clock isn't there: a route's `timeout` is told to the handler as its
/// [`Deadline`](crate::Deadline), and not enforced. A real server is [`over_tcp`](TestApp::over_tcp).
///
/// Cookies that answers set are kept and sent again, as browsers do, unless the test is
/// [`without_cookies`](TestApp::without_cookies). The application is built at the first request, with those components only
/// that something needs. Functions with [`#[on_start]`](macro@crate::on_start) are called then, if it is a whole program, and
/// those with [`#[on_stop]`](macro@crate::on_stop) when it is dropped. Tests may share one, and run in parallel.
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
/// shows the request and the answer, the error behind it, and what was logged meanwhile. For the log it installs a logger
/// of its own at the first request, which prints nothing, unless the tests have set one before: those that want to
/// set one use `try_init`, not `init`.
#[derive(Debug)]
pub struct TestApp {
    /// Kept, so that what it is made of can be changed: whoever changes it, empties `stage`.
    app: App,
    medium: Medium,
    /// `None`: cookies aren't kept.
    jar: Option<Jar>,
    /// Made for the first request; emptied by every change.
    stage: OnceCell<Stage>,
}

impl TestApp {
    /// Of these handlers: `TestApp::of(routes![get_user, health])`. The global tables aren't looked at, so a
    /// mistake in another route doesn't matter, and the program's error handlers aren't in force;
    /// [`TestApp::from_app`] takes them with what else belongs to it.
    pub fn of(routes: Routes) -> Self {
        TestApp::from_app(App::empty().mount("/", routes))
    }

    /// Of every `#[route]` and `#[error_handler]` of the program, as [`run`](crate::run()) serves them.
    ///
    /// That the whole program starts is another test: [`verify!(app())`](crate::verify).
    ///
    /// ```no_run
    /// use mini_spring::TestApp;
    ///
    /// let app = TestApp::new();
    /// app.get("/health").send().assert_status(200);
    /// ```
    #[allow(clippy::new_without_default)] // It would be said in two ways.
    pub fn new() -> Self {
        TestApp::from_app(App::new())
    }

    /// Of an application with its middleware, error handlers and hand-written routes.
    ///
    /// ```
    /// use mini_spring::{App, Problem, Request, TestApp, error_handler, errors, route, routes};
    ///
    /// #[route(GET, "/")]
    /// fn hello() -> &'static str {
    ///     "hello"
    /// }
    ///
    /// #[error_handler]
    /// fn all(problem: Problem, request: &Request) -> Problem {
    ///     problem.with("path", request.path())
    /// }
    ///
    /// let app = App::empty()
    ///     .mount("/", routes![hello])
    ///     .error_handlers(errors![all])
    ///     .middleware(|request, next| next.run(request).header("X-Served-By", "mini-spring"));
    ///
    /// let app = TestApp::from_app(app);
    /// app.get("/").send().assert_text("hello").assert_header("X-Served-By", "mini-spring");
    /// app.get("/nothing").send().assert_json_at("/path", "/nothing");
    /// ```
    pub fn from_app(app: App) -> Self {
        TestApp {
            app,
            medium: Medium::Memory,
            jar: Some(Jar::default()),
            stage: OnceCell::new(),
        }
    }

    /// Puts a component in the place of all others of its type, which are not made, as [`App::replace`] does it. The type is
    /// that of the `Arc`, so a trait is named, `.replace::<dyn Mailer>(..)`; one that nothing provides and nothing needs
    /// is a panic of the first request.
    ///
    /// It is for before the first request. After it, what comes is another application, whose components are all made
    /// anew, and the one before is stopped.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// use mini_spring::{Inject, TestApp, component, route, routes};
    ///
    /// trait Mailer: Send + Sync {
    ///     fn send(&self, to: &str);
    /// }
    ///
    /// struct Smtp;
    ///
    /// impl Mailer for Smtp {
    ///     fn send(&self, _to: &str) {
    ///         panic!("not in tests")
    ///     }
    /// }
    ///
    /// #[component(as dyn Mailer)]
    /// fn smtp() -> Smtp {
    ///     Smtp
    /// }
    ///
    /// #[route(POST, "/invitations")]
    /// fn invite(address: &str, mailer: Inject<dyn Mailer>) {
    ///     mailer.send(address);
    /// }
    ///
    /// #[derive(Default)]
    /// struct Counter(AtomicU32);
    ///
    /// impl Mailer for Counter {
    ///     fn send(&self, _to: &str) {
    ///         self.0.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// }
    ///
    /// let counter = Arc::new(Counter::default());
    /// let app = TestApp::of(routes![invite]).replace::<dyn Mailer>(counter.clone());
    /// app.post("/invitations").text("ada@example.org").send().assert_status(204);
    /// assert_eq!(counter.0.load(Ordering::Relaxed), 1);
    /// ```
    #[track_caller]
    pub fn replace<T: ?Sized + Send + Sync + 'static>(mut self, component: Arc<T>) -> Self {
        self.app = self.app.replace(component);
        self.stage.take();
        self
    }

    /// A component that was made once, for a look into it: `app.component::<Outbox>()`, or `::<dyn Mailer>()`.
    /// The application is built for it, as for a request.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// use mini_spring::{Inject, TestApp, component, route, routes};
    ///
    /// #[derive(Default)]
    /// struct Hits {
    ///     count: AtomicU32,
    /// }
    ///
    /// #[component]
    /// fn hits() -> Hits {
    ///     Hits::default()
    /// }
    ///
    /// #[route(POST, "/hits")]
    /// fn hit(hits: Inject<Hits>) {
    ///     hits.count.fetch_add(1, Ordering::Relaxed);
    /// }
    ///
    /// let app = TestApp::of(routes![hit]);
    /// app.post("/hits").send().assert_status(204);
    /// assert_eq!(app.component::<Hits>().count.load(Ordering::Relaxed), 1);
    /// ```
    ///
    /// # Panics
    ///
    /// There is none of this type without a name: nothing provides it, or nothing needs it, so that it wasn't made. Or it
    /// is made for each request.
    #[track_caller]
    pub fn component<T: ?Sized + 'static>(&self) -> Inject<T> {
        let components = &self.stage().directory().components;
        match Inject::without_request(components) {
            Ok(component) => component,
            Err(message) => panic!("{message}"),
        }
    }

    /// Over a server of its own, on a free port of 127.0.0.1, which stops when the `TestApp` is dropped: for time limits,
    /// and for other clients, which connect to [`addr`](TestApp::addr). Each request has a connection of its own.
    ///
    /// What a test knows from inside is missing: the [peer](TestRequest::peer) is what it is, and a failed assertion
    /// shows of the error only what the log says. The log is what the handlers of all requests to this server say
    /// meanwhile.
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// use std::net::TcpStream;
    /// use mini_spring::{TestApp, route, routes};
    ///
    /// #[route(GET, "/health")]
    /// fn health() -> &'static str {
    ///     "up"
    /// }
    ///
    /// let app = TestApp::of(routes![health]).over_tcp();
    /// app.get("/health").send().assert_text("up");
    ///
    /// let mut client = TcpStream::connect(app.addr())?;
    /// client.write_all(b"GET /health HTTP/1.0\r\n\r\n")?;
    /// let mut answer = String::new();
    /// client.read_to_string(&mut answer)?;
    /// assert!(answer.ends_with("\r\n\r\nup"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn over_tcp(mut self) -> Self {
        self.medium = Medium::Socket;
        self.stage.take();
        self
    }

    /// Where its server listens, which is started if it hasn't been.
    ///
    /// # Panics
    ///
    /// It isn't [`over_tcp`](TestApp::over_tcp), or can't be started.
    #[track_caller]
    pub fn addr(&self) -> SocketAddr {
        match self.stage() {
            Stage::Socket(site) => site.addr(),
            Stage::Memory(_) => panic!("there is no socket: make one with `TestApp::over_tcp`"),
        }
    }

    /// Keeps no cookies: each request has those that it is [given](TestRequest::cookie).
    ///
    /// ```
    /// use mini_spring::{SetCookie, TestApp, route, routes};
    ///
    /// #[route(GET, "/")]
    /// fn home(#[cookie("visited")] visited: Option<&str>) -> (SetCookie, String) {
    ///     (SetCookie::new("visited", "yes"), format!("{visited:?}"))
    /// }
    ///
    /// let app = TestApp::of(routes![home]).without_cookies();
    /// app.get("/").send().assert_text("None");
    /// app.get("/").send().assert_text("None");
    /// ```
    pub fn without_cookies(mut self) -> Self {
        self.jar = None;
        self
    }

    /// The value of the cookie of this name that is kept, whatever its path, percent-decoded as an argument with
    /// `#[cookie(..)]` gets it.
    ///
    /// ```
    /// use mini_spring::{SetCookie, TestApp, route, routes};
    ///
    /// #[route(POST, "/login")]
    /// fn login(name: &str) -> (SetCookie, ()) {
    ///     (SetCookie::new("user", name), ())
    /// }
    ///
    /// #[route(GET, "/")]
    /// fn home(#[cookie("user")] user: Option<&str>) -> String {
    ///     format!("Hello, {}!", user.unwrap_or("stranger"))
    /// }
    ///
    /// let app = TestApp::of(routes![login, home]);
    /// app.get("/").send().assert_text("Hello, stranger!");
    /// app.post("/login").text("Ada L.").send();
    /// assert_eq!(app.cookie("user").as_deref(), Some("Ada L."));
    /// app.get("/").send().assert_text("Hello, Ada L.!");
    /// ```
    pub fn cookie(&self, name: &str) -> Option<String> {
        let value = self.jar.as_ref()?.value(name, SystemTime::now())?;
        let decoded = decode(value.as_bytes(), Plus::Literal).map(String::from);
        Some(decoded.unwrap_or(value))
    }

    /// Keeps a cookie, as if `http://localhost/` had set it; [`SetCookie::removed`] forgets one.
    ///
    /// ```
    /// # use mini_spring::{SetCookie, TestApp, route, routes};
    /// # #[route(GET, "/")]
    /// # fn home(#[cookie("user")] user: &str) -> String {
    /// #     format!("Hello, {user}!")
    /// # }
    /// let app = TestApp::of(routes![home]);
    /// app.set_cookie(SetCookie::new("user", "Ada"));
    /// app.get("/").send().assert_text("Hello, Ada!");
    /// ```
    ///
    /// # Panics
    ///
    /// The test is [`without_cookies`](TestApp::without_cookies).
    #[track_caller]
    pub fn set_cookie(&self, cookie: SetCookie) {
        let jar = self.jar.as_ref();
        let jar = jar.expect("a cookie can't be kept: the test is `without_cookies`");
        let host = "localhost";
        jar.keep(
            &cookie.to_string(),
            Place { host, path: "/" },
            SystemTime::now(),
        );
    }

    /// Forgets all cookies, as a browser does at its end.
    ///
    /// ```
    /// use mini_spring::{SetCookie, TestApp, route, routes};
    ///
    /// #[route(GET, "/")]
    /// fn home(#[cookie("user")] user: Option<&str>) -> String {
    ///     format!("{user:?}")
    /// }
    ///
    /// let app = TestApp::of(routes![home]);
    /// app.set_cookie(SetCookie::new("user", "Ada"));
    /// app.clear_cookies();
    /// app.get("/").send().assert_text("None");
    /// ```
    pub fn clear_cookies(&self) {
        if let Some(jar) = &self.jar {
            jar.clear();
        }
    }

    /// What answers, which is made for the first request.
    #[track_caller]
    fn stage(&self) -> &Stage {
        let built = self.stage.get_or_try_init(|| {
            let built = self.app.prepare_for_tests();
            let (config, service) = built.map_err(|report| report.to_string())?;
            let stage = Stage::open(self.medium, service, config);
            stage.map_err(|error| error.to_string())
        });
        match built {
            Ok(stage) => stage,
            Err(report) => panic!("the application can't be started: {report}"),
        }
    }
}

#[cfg(test)]
mod tests;
