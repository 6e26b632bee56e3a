//! [`Router`]: routes in, the matching one out.
//!
//! Knows routes and paths; knows no middleware and no socket.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;

use http::Method;

use super::route::{Handler, Origin, Route};
use super::tree::Tree;
use crate::http::head::Span;
use crate::http::percent::{self, Plus};
use crate::request::Request;
use crate::respond::{Error, IntoResponse};

/// Finds the route for a method and a path.
///
/// `#[route]` and [`App`](crate::App) use it underneath; it works alone as well, without a macro.
/// Patterns are those of `#[route]`: `/users/<id>` or `/users/{id}`, `/files/<path..>` for the rest
/// of a path. The order in which routes are registered means nothing: segment by segment from the
/// left, a static segment comes before a parameter and a parameter before the rest. Two routes of
/// the same shape and method are an error.
///
/// ```
/// use mini_spring::{Request, Router};
///
/// let mut router = Router::new();
/// router
///     .register("GET", "/health", |_: &Request| "up")?
///     .register("GET", "/users/<id>", |request: &Request| {
///         format!("user {}", request.param("id").unwrap_or("?"))
///     })?;
///
/// let found = router.resolve("GET", "/users/42")?;
/// assert_eq!(found.pattern(), "/users/<id>");
/// assert_eq!(found.param("id"), Some("42"));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Clone)]
pub struct Router {
    tree: Tree,
    routes: Vec<Route>,
}

impl Router {
    /// A router without routes.
    ///
    /// ```
    /// # use mini_spring::Router;
    /// assert!(Router::new().resolve("GET", "/").is_err());
    /// ```
    pub fn new() -> Self {
        Router {
            tree: Tree::new(),
            routes: Vec::new(),
        }
    }

    /// Adds a route. GET routes answer HEAD too.
    ///
    /// ```
    /// # use mini_spring::{Request, Router, http::Method};
    /// let mut router = Router::new();
    /// router.register(Method::POST, "/echo", |request: &Request| request.body().to_vec())?;
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A method that is none, a malformed pattern, or a route that is there already: the message
    /// names both places.
    #[track_caller]
    pub fn register<M, F, R>(
        &mut self,
        method: M,
        pattern: &str,
        handler: F,
    ) -> Result<&mut Self, Error>
    where
        M: TryInto<Method, Error: fmt::Display>,
        F: Fn(&Request) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        let origin = Origin::of::<F>(Location::caller());
        let route = Route::new([method], pattern, Handler::closure(handler), origin)?;
        self.add(route)?;
        Ok(self)
    }

    /// The route that answers this method and path.
    ///
    /// The path is that of a request target: percent-encoded, without the query.
    ///
    /// ```
    /// # use mini_spring::{Request, Router, Unmatched};
    /// # let mut router = Router::new();
    /// router.register("GET", "/files/<path..>", |_: &Request| "")?;
    /// assert_eq!(router.resolve("HEAD", "/files/a%20b/c")?.param("path"), Some("a b/c"));
    /// let Err(Unmatched::MethodNotAllowed(allow)) = router.resolve("PUT", "/files") else {
    ///     panic!("expected the allowed methods");
    /// };
    /// assert_eq!(allow.to_string(), "GET, HEAD, OPTIONS");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unmatched`] tells whether the path is unknown or only not for this method.
    pub fn resolve<'r, M>(&'r self, method: M, path: &'r str) -> Result<Match<'r>, Unmatched>
    where
        M: TryInto<Method>,
    {
        let mut spans = Vec::new();
        let whole = Span::new(0, path.len());
        let found = method
            .try_into()
            .ok()
            .and_then(|method| self.tree.find(&method, path.as_bytes(), whole, &mut spans));
        match found {
            Some(route) => Ok(Match::new(&self.routes[route], path, &spans)),
            None => Err(self.unmatched(path.as_bytes())),
        }
    }

    /// Adds a route for all of its methods, or for none.
    pub(crate) fn add(&mut self, route: Route) -> Result<(), String> {
        let endpoint = self.tree.endpoint(&route.pattern);
        for method in &route.methods {
            if let Some(known) = endpoint.exactly(method) {
                return Err(conflict(method, &self.routes[known], &route));
            }
        }
        for method in &route.methods {
            endpoint.add(method.clone(), self.routes.len());
        }
        self.routes.push(route);
        Ok(())
    }

    pub(crate) fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// Looks up the route of a request whose head is parsed, and notes its parameters.
    pub(crate) fn route(&self, request: &mut Request) -> Option<&Route> {
        let head = &request.head;
        request.route = self.tree.find(
            &head.method,
            &request.buffer,
            head.path,
            &mut request.parameters,
        );
        request.route.map(|route| &self.routes[route])
    }

    /// Why no route answers this path.
    pub(crate) fn unmatched(&self, path: &[u8]) -> Unmatched {
        match Allow::new(self.tree.methods(path)) {
            Some(allow) => Unmatched::MethodNotAllowed(allow),
            None => Unmatched::NotFound,
        }
    }

    /// The methods of all routes.
    pub(crate) fn all_methods(&self) -> Option<Allow> {
        let methods = self.routes.iter().flat_map(|route| &route.methods);
        Allow::new(methods.cloned().collect())
    }
}

impl Default for Router {
    fn default() -> Self {
        Router::new()
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns = self.routes.iter().map(|route| &route.text);
        formatter.debug_list().entries(patterns).finish()
    }
}

fn conflict(method: &Method, known: &Route, new: &Route) -> String {
    format!(
        "`{method} {}` of {} matches the same requests as `{method} {}` of {}; \
         change or remove one of them",
        new.text, new.origin, known.text, known.origin
    )
}

/// A route that was found, and the values of its parameters.
#[derive(Debug, Clone)]
pub struct Match<'r> {
    pattern: &'r str,
    parameters: Vec<(&'r str, Option<Cow<'r, str>>)>,
}

impl<'r> Match<'r> {
    fn new(route: &'r Route, path: &'r str, spans: &[Span]) -> Self {
        let values = spans
            .iter()
            .map(|span| percent::decode(span.of(path.as_bytes()), Plus::Literal).ok());
        Match {
            pattern: &route.text,
            parameters: route.pattern.parameters().zip(values).collect(),
        }
    }

    /// The pattern as it was registered.
    pub fn pattern(&self) -> &str {
        self.pattern
    }

    /// The value of this parameter, percent-decoded. `None` if the pattern has none of this name,
    /// or if the value can't be decoded.
    pub fn param(&self, name: &str) -> Option<&str> {
        let (_, value) = self.parameters.iter().find(|(known, _)| *known == name)?;
        value.as_deref()
    }
}

/// Why no route was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmatched {
    /// No route has a pattern that matches the path: 404.
    NotFound,
    /// The path is known, but not for this method: 405 (RFC 9110, section 15.5.6).
    MethodNotAllowed(Allow),
}

impl fmt::Display for Unmatched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unmatched::NotFound => formatter.write_str("no route matches this path"),
            Unmatched::MethodNotAllowed(allow) => {
                write!(formatter, "this path answers only {allow}")
            }
        }
    }
}

impl StdError for Unmatched {}

/// The methods that a path answers, for the field `Allow` (RFC 9110, section 10.2.1).
///
/// Sorted by name; HEAD is among them where GET is, and OPTIONS always. Displayed with commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    methods: Vec<Method>,
}

impl Allow {
    /// `None` if there is no method at all.
    fn new(mut methods: Vec<Method>) -> Option<Self> {
        if methods.is_empty() {
            return None;
        }
        if methods.contains(&Method::GET) {
            methods.push(Method::HEAD);
        }
        methods.push(Method::OPTIONS);
        methods.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        methods.dedup();
        Some(Allow { methods })
    }

    /// The methods in alphabetical order.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, method) in self.methods.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(formatter, "{comma}{method}")?;
        }
        Ok(())
    }
}
