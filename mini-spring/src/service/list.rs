//! The routes of a service as a table for people: methods, pattern, handler, place, middleware.

use std::fmt;

use super::Chains;
use crate::middleware::Layer;
use crate::routing::Route;

/// The routes of a [`Service`](crate::Service), one a line, sorted by pattern; show it with
/// `Display`. Behind the place of a handler stand the names of the middleware around it, from the outside to
/// the inside.
///
/// ```
/// use mini_spring::{App, IntoService, Request};
///
/// fn health(_: &Request) -> &'static str {
///     "up"
/// }
///
/// let service = App::empty().route("GET", "/health", health).into_service()?;
/// assert_eq!(service.routes().len(), 1);
/// assert!(service.routes().to_string().starts_with("GET  /health  "));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug)]
pub struct RouteList<'s> {
    lines: Vec<Line<'s>>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line<'s> {
    pattern: &'s str,
    methods: String,
    handler: &'s str,
    place: String,
    middleware: Vec<String>,
}

impl<'s> RouteList<'s> {
    pub(crate) fn new(routes: &'s [Route], chains: &Chains) -> Self {
        let layers = |index: usize| chains.routes.get(index).map_or(&[][..], |layers| &**layers);
        let lines = routes.iter().enumerate();
        let mut lines: Vec<Line<'_>> = lines
            .map(|(index, route)| Line::new(route, layers(index)))
            .collect();
        lines.sort();
        RouteList { lines }
    }

    /// How many routes there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// use mini_spring::{IntoService, Router};
    ///
    /// assert!(Router::new().into_service()?.routes().is_empty());
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl RouteList<'_> {
    /// The routes as JSON, for programs: a list of objects with `methods`, `pattern`, `handler`,
    /// `middleware`, `file` and `line`.
    ///
    /// ```
    /// use mini_spring::{App, IntoService, Request};
    ///
    /// let app = App::empty().route("GET", "/health", |_: &Request| "up");
    /// let json = app.into_service()?.routes().to_json();
    /// assert!(json.contains(r#""pattern": "/health""#));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn to_json(&self) -> String {
        let list: Vec<serde_json::Value> = self.lines.iter().map(Line::to_json).collect();
        format!("{:#}", serde_json::Value::from(list))
    }
}

impl<'s> Line<'s> {
    fn to_json(&self) -> serde_json::Value {
        let (file, line) = self.place.rsplit_once(':').unwrap_or((&self.place, ""));
        serde_json::json!({
            "methods": self.methods.split(", ").collect::<Vec<_>>(),
            "pattern": self.pattern,
            "handler": self.handler,
            "middleware": self.middleware,
            "file": file,
            "line": line.parse::<u32>().unwrap_or_default(),
        })
    }

    fn new(route: &'s Route, layers: &[Layer]) -> Self {
        Line {
            pattern: &route.text,
            methods: route.methods_text(),
            handler: &route.origin.handler,
            place: route.origin.place(),
            middleware: layers.iter().map(|layer| layer.name().to_owned()).collect(),
        }
    }
}

impl fmt::Display for RouteList<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = |column: fn(&Line<'_>) -> usize| self.lines.iter().map(column).max();
        let methods = widest(|line| line.methods.len()).unwrap_or(0);
        let pattern = widest(|line| line.pattern.chars().count()).unwrap_or(0);
        let handler = widest(|line| line.handler.chars().count()).unwrap_or(0);
        for (index, line) in self.lines.iter().enumerate() {
            let break_before = if index == 0 { "" } else { "\n" };
            write!(
                formatter,
                "{break_before}{:methods$}  {:pattern$}  {:handler$}  {}",
                line.methods, line.pattern, line.handler, line.place
            )?;
            if !line.middleware.is_empty() {
                write!(formatter, "  [{}]", line.middleware.join(", "))?;
            }
        }
        Ok(())
    }
}
