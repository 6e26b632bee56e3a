//! What the log gets to see of a request that went wrong: panics and the causes of 5xx answers.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use http::StatusCode;

use super::Service;
use crate::request::Request;
use crate::respond::error::Chain;
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
                self.log_panic(request, &*payload);
                discard(payload);
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response()
            }
        }
    }

    fn log_panic(&self, request: &Request, payload: &(dyn Any + Send)) {
        log::error!(
            "{} {}: a panic in {}: {}",
            request.method(),
            request.route().unwrap_or_else(|| request.path()),
            self.name_for(request),
            message(payload)
        );
    }

    /// One line about a 5xx answer that keeps its cause.
    pub(super) fn log_cause(&self, request: &Request, response: &Response) {
        if let Some(cause) = response.cause() {
            log::error!(
                "{} {}: {} answered {}: {}",
                request.method(),
                request.path(),
                self.name_for(request),
                response.status().as_u16(),
                Chain(cause)
            );
        }
    }

    fn name_for(&self, request: &Request) -> &str {
        self.target_name(request.route.unwrap_or(usize::MAX))
    }
}

/// The text of a panic, if it has one: `panic!` makes a `&str` or a `String`.
fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("its payload is no text")
}

/// Drops the payload of a panic, which may panic again. That second payload is leaked: to drop it
/// could go on for ever.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
}
