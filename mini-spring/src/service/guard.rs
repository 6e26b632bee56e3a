//! What the log gets to see of a request that went wrong: panics and the causes of 5xx answers.

use std::error::Error as StdError;
use std::time::Instant;

use http::StatusCode;
use log::Level;

use super::Service;
use crate::error::{ClientFault, Line};
use crate::request::Request;
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;
use crate::unwind::{Panicked, caught};

impl Service {
    /// Runs the program's code; a panic becomes a 500 and one line in the log.
    pub(super) fn guarded(
        &self,
        request: &mut Request,
        code: impl FnOnce(&mut Request) -> Response,
    ) -> Response {
        // A request that a panic left half changed is only read from here on, and has no invariant
        // that could break.
        match caught(|| code(request)) {
            Ok(response) => response,
            Err(panicked) => self.after_panic(request, panicked),
        }
    }

    #[cold]
    fn after_panic(&self, request: &Request, panicked: Panicked) -> Response {
        self.log_panic(request, self.name_for(request), &panicked);
        Problem::internal(panicked).into_response()
    }

    /// Logs a panic of the program.
    pub(super) fn log_panic(&self, request: &Request, who: &str, panicked: &Panicked) {
        log::error!("{}", about_panic(request, who, panicked));
    }

    /// Logs why an answer is a 5xx. To show the cause runs code of the program once more. Where the client
    /// has had its 504 nobody waits for the answer any more, and why it was late has been told.
    pub(super) fn log_cause(
        &self,
        request: &Request,
        status: StatusCode,
        cause: &(dyn StdError + 'static),
    ) {
        let is_late = request.deadline.is_some_and(|at| at <= Instant::now());
        let level = if is_late { Level::Debug } else { Level::Error };
        match caught(|| self.about_cause(request, status, cause)) {
            Ok(Some(line)) => log::log!(level, "{line}"),
            Ok(None) => {}
            Err(panicked) => self.log_panic(request, self.name_for(request), &panicked),
        }
    }

    /// One line about what is behind an answer.
    pub(super) fn about_cause(
        &self,
        request: &Request,
        status: StatusCode,
        cause: &(dyn StdError + 'static),
    ) -> Option<String> {
        // A panic has been logged where it was caught; and of what a client did wrong the server knows more.
        if cause.is::<Panicked>() || ClientFault::behind(cause).is_some() {
            return None;
        }
        Some(format!(
            "{} {}: {} answered {} (request {}): {}",
            request.method(),
            request.path(),
            self.name_for(request),
            status.as_u16(),
            request.id(),
            Line(cause)
        ))
    }

    fn name_for(&self, request: &Request) -> &str {
        self.target_name(request.route.unwrap_or(usize::MAX))
    }
}

/// One line about a panic: the route, whose code it was, where it stands, and what it said.
pub(super) fn about_panic(request: &Request, who: &str, panicked: &Panicked) -> String {
    let method = request.method();
    let route = request.route().unwrap_or_else(|| request.path());
    let id = request.id();
    match &panicked.message {
        Some(message) => {
            let at = panicked.at();
            format!("{method} {route}: {who} panicked{at} (request {id}): {message}")
        }
        None => format!("{method} {route}: {who} {panicked} (request {id})"),
    }
}
