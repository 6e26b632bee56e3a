//! What the log gets to see of a request that went wrong: panics and the causes of 5xx answers.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use http::StatusCode;

use super::Service;
use crate::error::Chain;
use crate::request::Request;
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;

impl Service {
    /// Runs the program's code; a panic becomes a 500 and one line in the log.
    pub(super) fn guarded(
        &self,
        request: &mut Request,
        code: impl FnOnce(&mut Request) -> Response,
    ) -> Response {
        // A request that a panic left half changed is only read from here on, and has no invariant
        // that could break.
        match catch_unwind(AssertUnwindSafe(|| code(request))) {
            Ok(response) => response,
            Err(payload) => {
                log::error!("{}", self.about_panic(request, &*payload));
                discard(payload);
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response()
            }
        }
    }

    /// One line about a panic: the route, its handler, where it stands, and what it said.
    pub(super) fn about_panic(&self, request: &Request, payload: &(dyn Any + Send)) -> String {
        let method = request.method();
        let route = request.route().unwrap_or_else(|| request.path());
        let name = self.name_for(request);
        match message(payload) {
            Some(message) => format!("{method} {route}: {name} panicked: {message}"),
            None => format!("{method} {route}: {name} panicked with a value that is no text"),
        }
    }

    /// One line about an answer that keeps its cause.
    pub(super) fn about_cause(&self, request: &Request, response: &Response) -> Option<String> {
        let cause = response.cause()?;
        Some(format!(
            "{} {}: {} answered {}: {}",
            request.method(),
            request.path(),
            self.name_for(request),
            response.status().as_u16(),
            Chain(cause)
        ))
    }

    fn name_for(&self, request: &Request) -> &str {
        self.target_name(request.route.unwrap_or(usize::MAX))
    }
}

/// The text of a panic on one line, if it has one: `panic!` makes a `&str` or a `String`.
fn message(payload: &(dyn Any + Send)) -> Option<String> {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))?;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    Some(lines.join(" "))
}

/// Drops the payload of a panic, which may panic again. That second payload is leaked: to drop it
/// could go on for ever.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
}
