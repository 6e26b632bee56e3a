//! A middleware as it is kept: what is called, and how people are told of it.

use std::any::type_name;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::with_components::Awaited;
use super::{Middleware, MiddlewareFn, Next, Provides, record};
use crate::error::Result;
use crate::extract::Needs;
use crate::inject::Supply;
use crate::request::Request;
use crate::response::Response;

/// A middleware as it is kept.
#[doc(hidden)]
#[derive(Clone)]
pub struct Layer {
    middleware: Arc<dyn Middleware>,
    name: Arc<str>,
    file: &'static str,
    line: u32,
    /// It is to be made at the start.
    awaited: Option<Awaited>,
}

/// The middleware that a handler or a group has written beside it. Each is a static, so that routes which
/// share it are known by its address.
#[doc(hidden)]
#[derive(Debug)]
pub struct LayerList {
    /// Evaluates the expressions, once for each application.
    pub make: fn() -> Vec<Layer>,
}

impl Layer {
    /// One that was added at this place.
    pub(crate) fn new<M: Middleware>(middleware: M, place: &'static Location<'static>) -> Self {
        layer(middleware, place.file(), place.line())
    }

    #[inline]
    pub(super) fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        self.middleware.call(request, next)
    }

    /// What lists call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether both are the same middleware, and not only of one type.
    pub(crate) fn is(&self, other: &Layer) -> bool {
        Arc::ptr_eq(&self.middleware, &other.middleware)
    }

    /// Adds what it needs before the start.
    pub(crate) fn requires(&self, needs: &mut Needs) {
        self.middleware.requires(needs);
    }

    /// Whether it is to be made yet, of components.
    pub(crate) fn is_awaited(&self) -> bool {
        self.awaited.is_some()
    }

    /// Makes it, if it is to be made yet.
    pub(crate) fn make(&mut self, supply: &mut Supply<'_>) -> Result<()> {
        if let Some(awaited) = &self.awaited {
            self.middleware = awaited.make(supply)?;
            self.awaited = None;
        }
        Ok(())
    }

    /// What it puts on requests.
    pub(crate) fn provides(&self) -> Provides {
        self.middleware.provides()
    }
}

/// The middleware that an expression at this place has made.
#[doc(hidden)]
pub fn layer<M: Middleware>(middleware: M, file: &'static str, line: u32) -> Layer {
    let awaited = Awaited::of(&middleware);
    let name = awaited.as_ref().map_or(type_name::<M>(), Awaited::name);
    let name = match short(name) {
        Some(name) => name.to_owned(),
        None => format!("{file}:{line}"),
    };
    let (file, line) = record::of::<M>().map_or((file, line), |record| (record.file, record.line));
    Layer {
        middleware: Arc::new(middleware),
        name: name.into(),
        file,
        line,
        awaited,
    }
}

/// The same for a closure, whose arguments need no types by it.
#[doc(hidden)]
pub fn layer_of_closure(middleware: impl MiddlewareFn, file: &'static str, line: u32) -> Layer {
    layer(middleware, file, line)
}

/// The last segment of a type's name, without what stands in angle brackets. A closure has none.
fn short(name: &str) -> Option<&str> {
    let name = name.split('<').next().unwrap_or(name);
    let last = name.rsplit("::").next().unwrap_or(name);
    (!last.is_empty() && !last.starts_with('{')).then_some(last)
}

impl fmt::Display for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = format!("{}:{}", self.file, self.line);
        match *self.name == *place {
            true => write!(formatter, "the middleware at {place}"),
            false => write!(formatter, "the middleware `{}` ({place})", self.name),
        }
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(request: &mut Request, next: Next<'_>) -> Response {
        next.run(request)
    }

    fn closure() -> impl Middleware {
        |request: &mut Request, next: Next<'_>| next.run(request)
    }

    struct Generic<T>(T);

    impl<T: Send + Sync + 'static> Middleware for Generic<T> {
        fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
            next.run(request)
        }
    }

    #[test]
    fn names_are_short() {
        assert_eq!(layer(passed, "a.rs", 7).name(), "passed");
        assert_eq!(layer(closure(), "a.rs", 7).name(), "a.rs:7");
        let generic = layer(Generic(std::sync::Mutex::new(7)), "a.rs", 7);
        assert_eq!(generic.name(), "Generic");
        assert_eq!(generic.to_string(), "the middleware `Generic` (a.rs:7)");
        let closure = layer(closure(), "a.rs", 7);
        assert_eq!(closure.to_string(), "the middleware at a.rs:7");
    }
}
