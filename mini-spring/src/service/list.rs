//! The routes of a service as a table for people: methods, pattern, handler, place.

use std::fmt;

use crate::routing::Route;

/// The routes of a [`Service`](crate::Service), one a line, sorted by pattern; show it with
/// `Display`.
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
    /// The middleware around all of them, from the outside to the inside, if it is to be shown.
    middleware: &'s [&'static str],
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line<'s> {
    pattern: &'s str,
    methods: String,
    handler: &'s str,
    place: String,
}

impl<'s> RouteList<'s> {
    pub(crate) fn new(routes: &'s [Route]) -> Self {
        let mut lines: Vec<Line<'_>> = routes.iter().map(Line::new).collect();
        lines.sort();
        RouteList {
            lines,
            middleware: &[],
        }
    }

    /// Shows these middleware at every route.
    pub(crate) fn within(self, middleware: &'s [&'static str]) -> Self {
        RouteList { middleware, ..self }
    }

    /// How many routes there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
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
        let list: Vec<serde_json::Value> = self
            .lines
            .iter()
            .map(|line| line.to_json(self.middleware))
            .collect();
        format!("{:#}", serde_json::Value::from(list))
    }
}

impl<'s> Line<'s> {
    fn to_json(&self, middleware: &[&str]) -> serde_json::Value {
        let (file, line) = self.place.rsplit_once(':').unwrap_or((&self.place, ""));
        serde_json::json!({
            "methods": self.methods.split(", ").collect::<Vec<_>>(),
            "pattern": self.pattern,
            "handler": self.handler,
            "middleware": middleware,
            "file": file,
            "line": line.parse::<u32>().unwrap_or_default(),
        })
    }

    fn new(route: &'s Route) -> Self {
        let methods: Vec<&str> = route.methods.iter().map(|method| method.as_str()).collect();
        Line {
            pattern: &route.text,
            methods: methods.join(", "),
            handler: &route.origin.handler,
            place: format!("{}:{}", route.origin.file, route.origin.line),
        }
    }
}

impl fmt::Display for RouteList<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = |column: fn(&Line<'_>) -> usize| self.lines.iter().map(column).max();
        let methods = widest(|line| line.methods.len()).unwrap_or(0);
        let pattern = widest(|line| line.pattern.chars().count()).unwrap_or(0);
        let handler = widest(|line| line.handler.chars().count()).unwrap_or(0);
        let middleware = match self.middleware {
            [] => String::new(),
            names => format!("{}  ", names.join(", ")),
        };
        for (index, line) in self.lines.iter().enumerate() {
            let break_before = if index == 0 { "" } else { "\n" };
            write!(
                formatter,
                "{break_before}{:methods$}  {:pattern$}  {:handler$}  {middleware}{}",
                line.methods, line.pattern, line.handler, line.place
            )?;
        }
        Ok(())
    }
}
