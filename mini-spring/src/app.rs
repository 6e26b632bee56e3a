//! [`App`]: routes, middleware and error handlers put together.
//!
//! Mistakes don't stop the building: they are collected, and reported together when the application
//! is built. Knows no socket; [`App::call`] answers a request without one.

mod awaited;
mod chains;
mod components;
mod errors;
mod resolved;
mod verify;

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use http::Method;
use mini_spring_pattern::Pattern;
use once_cell::sync::OnceCell;

use self::resolved::Resolved;
pub use self::verify::verify;
use crate::config::Settings;
use crate::error::Error;
use crate::error_handler::{self, ErrorHandler, ErrorRecord};
use crate::inject::{Provider, Reach};
use crate::mistakes::Mistakes;
use crate::request::Request;
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;
use crate::routing::{Handler, Origin, Route, RouteRecord, Router, table};
use crate::service::{IntoService, Service};

/// An application: what `mini_spring::run()` runs, with the parts that you choose.
///
/// ```
/// use mini_spring::{App, Request};
///
/// let app = App::empty().route("GET", "/users/<id>", |request: &Request| {
///     format!("user {}", request.param("id").unwrap_or("?"))
/// });
///
/// let response = app.call(Request::get("/users/42").build()?);
/// assert_eq!(response.body_bytes(), Some(&b"user 42"[..]));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[must_use = "an application does nothing until it runs"]
pub struct App {
    /// The global table, if it is mounted.
    table: Option<&'static [&'static RouteRecord]>,
    /// The crates whose part of the table is mounted, if not all.
    crates: Option<Vec<String>>,
    /// What was mounted and written by hand.
    routes: Vec<Result<Route, String>>,
    middleware: Vec<chains::Added>,
    /// The table of error handlers, if it is in force.
    error_table: Option<&'static [&'static ErrorRecord]>,
    /// The error handlers that were named and written by hand.
    errors: Vec<Result<ErrorHandler, String>>,
    /// Components that were given.
    provided: Vec<Provider>,
    /// Components that take the place of others.
    replaced: Vec<Provider>,
    /// Made for [`App::call`]; emptied by every change.
    built: OnceCell<Service>,
}

impl App {
    /// An application with every `#[route]` and every
    /// [`#[error_handler]`](macro@crate::error_handler) of the program and of the libraries that it names. Rust
    /// links a library only if some code names it; `use my_shop as _;` is enough.
    ///
    /// ```
    /// use mini_spring::App;
    ///
    /// let app = App::new();
    /// ```
    pub fn new() -> Self {
        App {
            error_table: Some(error_handler::table()),
            ..App::over(table())
        }
    }

    /// An application without routes and error handlers.
    ///
    /// ```
    /// use mini_spring::{App, Request};
    ///
    /// let app = App::empty().route("GET", "/", |_: &Request| "hello");
    /// assert_eq!(app.call(Request::get("/").build()?).status(), 200);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn empty() -> Self {
        App {
            table: None,
            crates: None,
            routes: Vec::new(),
            middleware: Vec::new(),
            error_table: None,
            errors: Vec::new(),
            provided: Vec::new(),
            replaced: Vec::new(),
            built: OnceCell::new(),
        }
    }

    /// An application with this global table.
    fn over(table: &'static [&'static RouteRecord]) -> Self {
        App {
            table: Some(table),
            ..App::empty()
        }
    }

    /// Adds routes below a prefix: `mount("/api", routes![a, b])`. The prefix is static; `/` and
    /// the empty one mean none. On [`App::new`], which has all routes already, they are there twice:
    /// start with [`App::empty`] to have them only below the prefix.
    ///
    /// ```
    /// use mini_spring::{App, Request, route, routes};
    ///
    /// #[route(GET, "/health")]
    /// fn health() -> &'static str {
    ///     "up"
    /// }
    ///
    /// let app = App::empty().mount("/internal", routes![health]);
    /// assert_eq!(app.call(Request::get("/internal/health").build()?).status(), 200);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn mount(
        mut self,
        prefix: &str,
        routes: impl IntoIterator<Item = &'static RouteRecord>,
    ) -> Self {
        self.built.take();
        match static_prefix(prefix) {
            Ok(prefix) => {
                let routes = routes.into_iter().map(|record| Route::of(record, prefix));
                self.routes.extend(routes);
            }
            Err(message) => {
                let place = Location::caller();
                let mistake = format!("{}:{}: {message}", place.file(), place.line());
                self.routes.push(Err(mistake));
            }
        }
        self
    }

    /// Mounts, of the global table, only the routes of these crates, and leaves only their error handlers in
    /// force. It takes routes away and adds none; naming every crate that has routes makes sure that none of
    /// them is missing.
    ///
    /// A crate is named as in code, `my_shop`. One that has neither a route nor an error handler is a mistake.
    ///
    /// ```
    /// use mini_spring::App;
    ///
    /// // All routes of the program and of one library, and of no other that it links.
    /// let app = App::new().crates(["my_app", "my_shop"]);
    /// ```
    pub fn crates<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.built.take();
        self.crates = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a route without a macro. It has none of the options that `#[route]` takes, such as `timeout`.
    ///
    /// ```
    /// use mini_spring::{App, Request, http::StatusCode};
    ///
    /// let app = App::empty().route("DELETE", "/cache", |_: &Request| StatusCode::ACCEPTED);
    /// # let response = app.call(Request::builder("DELETE", "/cache").build()?);
    /// # assert_eq!(response.status(), StatusCode::ACCEPTED);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn route<M, F, R>(mut self, method: M, pattern: &str, handler: F) -> Self
    where
        M: TryInto<Method, Error: fmt::Display>,
        F: Fn(&Request) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        self.built.take();
        let origin = Origin::of::<F>(Location::caller());
        let route = Route::new([method], pattern, Handler::closure(handler), origin);
        self.routes.push(route);
        self
    }

    /// Answers a request without a socket, as the server would when it has all of it: there is no limit of
    /// the body and no timeout, and the body is in memory, also for a `TempFile` and a `Body`.
    ///
    /// The application is built at the first call. If it can't be built the answer is 500, and the
    /// report is its [`cause`](Response::cause) as well as in the log. `App::new().into_service()?` is
    /// the test that it can.
    ///
    /// ```
    /// # use mini_spring::{App, Request};
    /// let app = App::empty().route("GET", "/", |_: &Request| "hello");
    /// assert_eq!(app.call(Request::get("/nothing").build()?).status(), 404);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn call(&self, mut request: Request) -> Response {
        match self
            .built
            .get_or_try_init(|| self.build_alone(Reach::Needed))
        {
            Ok(service) => {
                request.directory = Arc::clone(service.directory());
                service.plan(&mut request);
                service.call(&mut request)
            }
            Err(mistakes) => {
                let report = format!("the application can't be built: {mistakes}");
                log::error!("{report}");
                Problem::internal(report).into_response()
            }
        }
    }

    /// Checks and resolves everything, and makes the components.
    pub(crate) fn build(&self, reach: Reach, settings: &Settings) -> Result<Service, Mistakes> {
        let profile = settings.profile.name();
        let resolved = self.resolve(reach, profile, Some(settings))?;
        resolved.make()
    }

    /// A whole program has all its components, an application of some parts what those need.
    fn reach(&self) -> Reach {
        match self.table {
            Some(_) => Reach::All,
            None => Reach::Needed,
        }
    }

    /// Checks and resolves everything, and makes the structs of settings, if there are settings.
    fn resolve(
        &self,
        reach: Reach,
        profile: &str,
        settings: Option<&Settings>,
    ) -> Result<Resolved, Mistakes> {
        let mut mistakes = Mistakes::default();
        let mut router = Router::new();
        let from_table = self
            .chosen(&mut mistakes)
            .into_iter()
            .map(|record| Route::of(record, ""));
        for route in from_table.chain(self.routes.iter().cloned()) {
            if let Err(mistake) = route.and_then(|route| router.add(route)) {
                mistakes.add(mistake);
            }
        }
        if router.routes().is_empty() && mistakes.len() == 0 {
            mistakes.add(self.no_routes());
        }
        let (errors, mut roots) = self.error_handlers_chosen(&mut mistakes);
        let around = self.around(&router, settings.is_some(), &mut mistakes);
        let first_layer = router.routes().len() + roots.len();
        roots.extend(around.roots());
        let mut graph = self.graph(&router, roots, reach, profile, &mut mistakes);
        if let Some(settings) = settings {
            graph.bind(settings, &mut mistakes);
        }
        mistakes.or(Resolved {
            router,
            errors,
            graph,
            around,
            first_layer,
            hooks: self.hooks(),
        })
    }

    /// The records of the global table that are to be mounted.
    fn chosen(&self, mistakes: &mut Mistakes) -> Vec<&'static RouteRecord> {
        let table = self.table.unwrap_or_default();
        let Some(names) = &self.crates else {
            return table.to_vec();
        };
        for name in names {
            let has_routes = table.iter().any(|record| record.crate_name() == name);
            if !has_routes && !self.has_error_handlers_of(name) {
                mistakes.add(self.unknown_crate(name));
            }
        }
        let wanted = |record: &&&RouteRecord| names.iter().any(|name| record.crate_name() == name);
        table.iter().filter(wanted).copied().collect()
    }

    fn unknown_crate(&self, name: &str) -> String {
        let Some(table) = self.table else {
            return format!(
                "`crates` chooses `{name}` from the global table, which `App::empty` leaves out; \
                 start with `App::new`"
            );
        };
        let mut known: Vec<&str> = table.iter().map(|record| record.crate_name()).collect();
        known.sort();
        known.dedup();
        match &known[..] {
            [] => format!("no crate `{name}` has routes, nor has any other; {LINK_IT}"),
            known => format!(
                "no crate `{name}` has routes, only `{}`; {LINK_IT}",
                known.join("`, `")
            ),
        }
    }

    fn no_routes(&self) -> String {
        match self.table {
            Some(_) => format!("no routes: write one, {ROUTE}; {LINK_IT}"),
            None => "no routes: add some to `App::empty()` with `mount` or `route`".to_owned(),
        }
    }
}

/// What a route looks like.
const ROUTE: &str = "`#[route(GET, \"/\")] fn hello() -> &'static str { \"hello\" }`";

/// Rust leaves out libraries that no code names, and their routes with them.
const LINK_IT: &str = "routes of a library are linked if the program names it: \
                       write `use your_lib as _;`";

impl Default for App {
    fn default() -> Self {
        App::new()
    }
}

impl fmt::Debug for App {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("App")
            .field("table", &self.table.map(<[_]>::len))
            .field("crates", &self.crates)
            .field("routes", &self.routes.len())
            .field("middleware", &self.middleware.len())
            .field("errors", &self.errors)
            .finish()
    }
}

impl IntoService for App {
    fn into_service(self) -> Result<Service, Error> {
        let reach = self.reach();
        Ok(self.build_alone(reach)?)
    }
}

/// The prefix without the slash at its end.
fn static_prefix(prefix: &str) -> Result<&str, String> {
    if prefix.is_empty() {
        return Ok(prefix);
    }
    let pattern: Pattern = prefix
        .parse()
        .map_err(|error| format!("the prefix `{prefix}`: {error}"))?;
    if pattern.parameters().next().is_some() || prefix.contains('?') {
        return Err(format!(
            "the prefix `{prefix}` holds a parameter; put it into the patterns of the routes"
        ));
    }
    Ok(prefix.strip_suffix('/').unwrap_or(prefix))
}

#[cfg(test)]
mod tests;
