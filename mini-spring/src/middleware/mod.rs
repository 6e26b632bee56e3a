//! Middleware: functions and values around the handlers.
//!
//! A middleware gets the request and [`Next`], which is the rest of the way to the handler: it may
//! look at the request, change it, put values on it, go on or not, and change the answer. Knows requests,
//! answers and what arguments need; what lies at the end of the way is none of its business, and which
//! requests a middleware is around is decided where the application is built.

mod attributes;
mod layer;
mod provides;
mod record;

#[cfg(feature = "compression")]
mod compression;
mod cors;
#[cfg(feature = "rate-limit")]
mod rate_limit;
mod request_id;
mod security_headers;
mod with_components;

use std::fmt;

pub use self::attributes::{group, middleware};
#[cfg(feature = "compression")]
pub use self::compression::Compression;
pub use self::cors::Cors;
pub use self::layer::{Layer, LayerList, layer, layer_of_closure};
pub use self::provides::Provides;
#[cfg(feature = "rate-limit")]
pub use self::rate_limit::RateLimit;
pub use self::record::{MiddlewareRecord, kind_of};
pub use self::request_id::RequestId;
pub use self::security_headers::SecurityHeaders;
pub use self::with_components::with_components;
use crate::extract::Needs;
use crate::request::Request;
use crate::response::Response;

/// What can be put around handlers: every `Fn(&mut Request, Next) -> Response`, and values with state.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use mini_spring::{App, Middleware, Next, Request, Response};
///
/// #[derive(Clone, Default)]
/// struct Counted(Arc<AtomicUsize>);
///
/// impl Middleware for Counted {
///     fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
///         self.0.fetch_add(1, Ordering::Relaxed);
///         next.run(request)
///     }
/// }
///
/// let counted = Counted::default();
/// let app = App::empty()
///     .route("GET", "/", |_: &Request| "hello")
///     .layer(counted.clone());
/// app.call(Request::get("/").build()?);
/// assert_eq!(counted.0.load(Ordering::Relaxed), 1);
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no middleware",
    label = "this can't be put around a handler",
    note = "a middleware is a `fn(&mut Request, Next) -> Response`, a closure of these arguments, or a value that implements `mini_spring::Middleware`",
    note = "a function with more arguments is one with `#[middleware]` above it"
)]
pub trait Middleware: Send + Sync + 'static {
    /// Answers the request, usually by [`Next::run`].
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response;

    /// What must exist before the server starts. By default that is nothing.
    ///
    /// ```
    /// use mini_spring::{Inject, Middleware, Needs, Next, Provides, Request, Response, FromRequest};
    ///
    /// struct Sessions;
    ///
    /// struct Auth;
    ///
    /// impl Middleware for Auth {
    ///     fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
    ///         match Inject::<Sessions>::from_request(request) {
    ///             Ok(_sessions) => next.run(request),
    ///             Err(problem) => Response::ok(problem),
    ///         }
    ///     }
    ///
    ///     fn requires(&self, needs: &mut Needs) {
    ///         needs.of::<Inject<Sessions>>();
    ///     }
    ///
    ///     fn provides(&self) -> Provides {
    ///         Provides::nothing()
    ///     }
    /// }
    /// ```
    fn requires(&self, _needs: &mut Needs) {}

    /// Which values it puts on every request that it lets pass. By default it doesn't say.
    fn provides(&self) -> Provides {
        Provides::unstated()
    }

    /// What every value of this type puts there, which is known before there is one.
    #[doc(hidden)]
    fn always_provides() -> Provides
    where
        Self: Sized,
    {
        Provides::unstated()
    }
}

/// What the attribute `#[middleware]` has left of a function is found by its type.
impl<F> Middleware for F
where
    F: Fn(&mut Request, Next<'_>) -> Response + Send + Sync + 'static,
{
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        self(request, next)
    }

    fn requires(&self, needs: &mut Needs) {
        if let Some(record) = record::of::<F>() {
            (record.requires)(needs);
        }
    }

    fn provides(&self) -> Provides {
        F::always_provides()
    }

    fn always_provides() -> Provides {
        let record = record::of::<F>();
        record.map_or_else(Provides::unstated, |record| (record.provides)())
    }
}

/// A middleware that is a function or a closure. The compiler finds the types of a closure's arguments by it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `fn(&mut Request, Next) -> Response`",
    label = "this is no function of these arguments",
    note = "a value that is `mini_spring::Middleware`, such as `Cors`, is added with `layer` and `layer_at`",
    note = "a function with more arguments is one with `#[middleware]` above it"
)]
pub trait MiddlewareFn: Fn(&mut Request, Next<'_>) -> Response + Send + Sync + 'static {}

impl<F> MiddlewareFn for F where F: Fn(&mut Request, Next<'_>) -> Response + Send + Sync + 'static {}

/// What a request meets when no middleware is left.
pub(crate) trait Endpoint {
    /// Answers the request.
    fn answer(&self, request: &mut Request) -> Response;

    /// Finishes an answer that a middleware has made, so that the one around it sees what is sent.
    fn finished(&self, request: &Request, response: Response) -> Response;
}

/// The rest of the way of a request: the middleware further inside, then the handler.
///
/// ```
/// use mini_spring::{App, Next, Problem, Request, Response};
///
/// fn key_required(request: &mut Request, next: Next) -> Response {
///     match request.header("X-Api-Key") {
///         Some("secret") => next.run(request),
///         _ => Response::ok(Problem::unauthorized("send your key as X-Api-Key")),
///     }
/// }
///
/// let app = App::empty()
///     .route("GET", "/", |_: &Request| "hello")
///     .middleware(key_required);
/// assert_eq!(app.call(Request::get("/").build()?).status(), 401);
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[must_use = "without `next.run(request)` the handler doesn't run"]
pub struct Next<'n> {
    layers: &'n [Layer],
    end: &'n dyn Endpoint,
}

impl<'n> Next<'n> {
    pub(crate) fn new(layers: &'n [Layer], end: &'n dyn Endpoint) -> Self {
        Next { layers, end }
    }

    /// Runs the rest and gives its answer.
    pub fn run(self, request: &mut Request) -> Response {
        match self.layers.split_first() {
            Some((first, layers)) => {
                let response = first.call(request, Next::new(layers, self.end));
                self.end.finished(request, response)
            }
            None => self.end.answer(request),
        }
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Next({} more)", self.layers.len())
    }
}
