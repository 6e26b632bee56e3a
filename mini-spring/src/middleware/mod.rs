//! Middleware: functions around the handlers.
//!
//! A middleware gets the request and [`Next`], which is the rest of the way to the handler: it may
//! look at the request, go on or not, and change the answer. Knows requests and answers; what lies
//! at the end of the way is none of its business.

use std::fmt;
use std::sync::Arc;

use crate::request::Request;
use crate::response::Response;

/// A middleware as it is kept.
pub(crate) type Layer = Arc<dyn Fn(&mut Request, Next<'_>) -> Response + Send + Sync>;

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
                let response = first(request, Next::new(layers, self.end));
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
