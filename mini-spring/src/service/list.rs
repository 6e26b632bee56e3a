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
    middleware: String,
}

impl<'s> RouteList<'s> {
    pub(super) fn new(routes: &'s [Route], chains: &Chains) -> Self {
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
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl<'s> Line<'s> {
    fn new(route: &'s Route, layers: &[Layer]) -> Self {
        let names: Vec<&str> = layers.iter().map(Layer::name).collect();
        let methods: Vec<&str> = route.methods.iter().map(|method| method.as_str()).collect();
        Line {
            pattern: &route.text,
            methods: methods.join(", "),
            handler: &route.origin.handler,
            place: format!("{}:{}", route.origin.file, route.origin.line),
            middleware: names.join(", "),
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
                write!(formatter, "  [{}]", line.middleware)?;
            }
        }
        Ok(())
    }
}
