//! What comes of looking up a path: a [`Match`], or why there is none.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::Method;

use super::route::Route;
use crate::http::head::Span;
use crate::http::percent::{self, Plus};

/// A route that was found, and the values of its parameters.
///
/// ```
/// use mini_spring::{Request, Router};
///
/// let mut router = Router::new();
/// router.register("GET", "/<city>/<street..>", |_: &Request| "")?;
/// let found = router.resolve("GET", "/Z%C3%BCrich/a/b/")?;
/// assert_eq!(found.param("city"), Some("Zürich"));
/// assert_eq!(found.param("street"), Some("a/b"));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Match<'r> {
    pattern: &'r str,
    parameters: Vec<(&'r str, Option<Cow<'r, str>>)>,
}

impl<'r> Match<'r> {
    pub(super) fn new(route: &'r Route, path: &'r str, spans: &[Span]) -> Self {
        let values = spans
            .iter()
            .map(|span| percent::decode(span.of(path.as_bytes()), Plus::Literal).ok());
        Match {
            pattern: &route.text,
            parameters: route.pattern.parameters().zip(values).collect(),
        }
    }

    /// The pattern as it was registered.
    ///
    /// ```
    /// use mini_spring::{Request, Router};
    ///
    /// let mut router = Router::new();
    /// router.register("GET", "/users/<id>", |_: &Request| "")?;
    /// assert_eq!(router.resolve("GET", "/users/7")?.pattern(), "/users/<id>");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
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
///
/// ```
/// use mini_spring::{Router, Unmatched};
///
/// assert_eq!(Router::new().resolve("GET", "/").unwrap_err(), Unmatched::NotFound);
/// ```
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
///
/// ```
/// use mini_spring::{Request, Router, Unmatched};
///
/// let mut router = Router::new();
/// router.register("GET", "/", |_: &Request| "")?;
/// let Err(Unmatched::MethodNotAllowed(allow)) = router.resolve("POST", "/") else {
///     panic!("GET only");
/// };
/// assert_eq!(allow.methods(), ["GET", "HEAD", "OPTIONS"]);
/// assert_eq!(allow.to_string(), "GET, HEAD, OPTIONS");
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    methods: Vec<Method>,
}

impl Allow {
    /// `None` if there is no method at all.
    pub(super) fn new(mut methods: Vec<Method>) -> Option<Self> {
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
