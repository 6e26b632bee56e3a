//! One route: what it matches, what answers it, and where it was written.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use http::Method;
use mini_spring_pattern::Pattern;

use super::group::groups_of;
use super::table::{RouteOptions, RouteRecord};
use crate::component::Requirement;
use crate::extract::{BodyUse, Needs};
use crate::request::Request;
use crate::respond::IntoResponse;
use crate::response::Response;

/// A route as the router keeps it.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) methods: Vec<Method>,
    /// The pattern as it is shown, with its prefix.
    pub(crate) text: String,
    pub(crate) pattern: Pattern,
    pub(crate) handler: Handler,
    pub(crate) origin: Origin,
    pub(crate) body: BodyUse,
    /// The components that its arguments need.
    pub(crate) needs: Vec<Requirement>,
    /// One of those is made for each request.
    pub(crate) is_scoped: bool,
    pub(crate) options: RouteOptions,
    /// What `#[route]` has left of it.
    pub(crate) record: Option<&'static RouteRecord>,
    /// Media types decide about its requests.
    pub(super) is_choosy: bool,
    /// Routes of its shape that media types tell apart from it, by the method that they share. Only the first
    /// of them has the others.
    pub(super) others: Vec<(Method, usize)>,
}

/// What answers a route.
#[derive(Clone)]
pub(crate) enum Handler {
    /// The function that `#[route]` made.
    Function(fn(&Request) -> Response),
    /// What was registered by hand.
    Closure(Arc<dyn Fn(&Request) -> Response + Send + Sync>),
}

impl Handler {
    pub(crate) fn closure<F, R>(handler: F) -> Self
    where
        F: Fn(&Request) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        Handler::Closure(Arc::new(move |request| handler(request).into_response()))
    }

    pub(crate) fn call(&self, request: &Request) -> Response {
        match self {
            Handler::Function(function) => function(request),
            Handler::Closure(closure) => closure(request),
        }
    }
}

/// The name of a handler, and where its route was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) handler: Cow<'static, str>,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
}

impl Origin {
    /// Of a handler that was registered by hand: its type's name is the function's path.
    pub(crate) fn of<F>(place: &'static Location<'static>) -> Self {
        Origin {
            handler: Cow::Borrowed(type_name::<F>()),
            file: place.file(),
            line: place.line(),
        }
    }

    /// Of a function with an attribute, which has left these words of it.
    pub(crate) fn written(module: &str, function: &str, file: &'static str, line: u32) -> Self {
        Origin {
            handler: Cow::Owned(format!("{module}::{function}")),
            file,
            line,
        }
    }

    /// `src/users.rs:7`.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

impl From<&'static RouteRecord> for Origin {
    fn from(record: &'static RouteRecord) -> Self {
        Origin::written(record.module, record.handler, record.file, record.line)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.handler, self.place())
    }
}

impl Route {
    /// Its methods, `GET, HEAD`.
    pub(crate) fn methods_text(&self) -> String {
        let methods: Vec<&str> = self.methods.iter().map(Method::as_str).collect();
        methods.join(", ")
    }

    /// Checks method and pattern of a route; the message of a mistake names the place.
    pub(crate) fn new<M>(
        methods: impl IntoIterator<Item = M>,
        text: &str,
        handler: Handler,
        origin: Origin,
    ) -> Result<Self, String>
    where
        M: TryInto<Method, Error: fmt::Display>,
    {
        let at = |message: String| format!("{}:{}: {message}", origin.file, origin.line);
        let methods = methods
            .into_iter()
            .map(method)
            .collect::<Result<Vec<_>, _>>();
        let pattern = text.parse::<Pattern>();
        Ok(Route {
            methods: methods.map_err(at)?,
            text: text.to_owned(),
            pattern: pattern.map_err(|error| at(error.to_string()))?,
            handler,
            origin,
            body: BodyUse::Memory,
            needs: Vec::new(),
            is_scoped: false,
            options: RouteOptions::NONE,
            record: None,
            is_choosy: false,
            others: Vec::new(),
        })
    }

    /// The route of a record below a prefix, which has neither parameters nor a slash at its end, and the
    /// prefixes of its groups.
    pub(crate) fn of(record: &'static RouteRecord, prefix: &str) -> Result<Self, String> {
        let mut route = Route::new(
            record.methods.iter().copied(),
            &join(&prefix_of(prefix, record), record.pattern),
            Handler::Function(record.call),
            Origin::from(record),
        )?;
        let mut needs = Needs::default();
        (record.requires)(&mut needs);
        if let Some(faults) = needs.faulty() {
            return Err(format!("{}: {faults}", route.origin));
        }
        route.body = needs.body();
        route.needs = needs.into_components();
        route.options = record.options;
        route.record = Some(record);
        route.is_choosy = !record.options.consumes.is_empty() || record.options.produces.is_some();
        Ok(route)
    }
}

fn prefix_of(prefix: &str, record: &RouteRecord) -> String {
    let groups = groups_of(record.module).map(|group| group.prefix);
    std::iter::once(prefix).chain(groups).collect()
}

/// `/api` and `/users` are `/api/users`; `/api` and `/` are `/api`.
fn join(prefix: &str, pattern: &str) -> String {
    let rest = match pattern.strip_prefix('/') {
        Some(rest) if !prefix.is_empty() && (rest.is_empty() || rest.starts_with('?')) => rest,
        _ => pattern,
    };
    format!("{prefix}{rest}")
}

/// Methods are case-sensitive (RFC 9110, section 9.1), so `get` would never match anything.
fn method<M: TryInto<Method, Error: fmt::Display>>(method: M) -> Result<Method, String> {
    let method = method.try_into().map_err(|error| error.to_string())?;
    let capitals = method.as_str().to_ascii_uppercase();
    if method.as_str() == capitals {
        Ok(method)
    } else {
        Err(format!(
            "methods are written in capitals, found `{method}`; write `{capitals}`"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes() {
        assert_eq!(join("", "/"), "/");
        assert_eq!(join("", "/a"), "/a");
        assert_eq!(join("", "/?<a>"), "/?<a>");
        assert_eq!(join("/api", "/"), "/api");
        assert_eq!(join("/api", "/a/"), "/api/a/");
        assert_eq!(join("/api", "/?<a>"), "/api?<a>");
    }

    #[test]
    fn methods_are_tokens_in_capitals() {
        assert_eq!(method("GET"), Ok(Method::GET));
        assert_eq!(method(Method::PUT), Ok(Method::PUT));
        assert_eq!(method("PURGE").unwrap().as_str(), "PURGE");
        assert_eq!(
            method("get").unwrap_err(),
            "methods are written in capitals, found `get`; write `GET`"
        );
        assert_eq!(method("G T").unwrap_err(), "invalid HTTP method");
    }
}
