//! What the log gets to see of a request that went wrong: panics and the causes of 5xx answers.

use std::time::Instant;

use log::Level;

use super::Service;
use crate::error::{Chain, ClientFault};
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
        log::error!("{}", self.about_panic(request, &panicked));
        Problem::internal(panicked).into_response()
    }

    /// Logs why an answer is a 5xx. To show the cause runs code of the program once more. Where the client
    /// has had its 504 nobody waits for the answer any more, and why it was late has been told.
    #[cold]
    pub(super) fn log_cause(&self, request: &Request, response: &Response) {
        let is_late = request.deadline.is_some_and(|at| at <= Instant::now());
        let level = if is_late { Level::Debug } else { Level::Error };
        match caught(|| self.about_cause(request, response)) {
            Ok(Some(line)) => log::log!(level, "{line}"),
            Ok(None) => {}
            Err(panicked) => log::error!("{}", self.about_panic(request, &panicked)),
        }
    }

    /// One line about a panic: the route, its handler, where it stands, and what it said.
    pub(super) fn about_panic(&self, request: &Request, panicked: &Panicked) -> String {
        let method = request.method();
        let route = request.route().unwrap_or_else(|| request.path());
        let name = self.name_for(request);
        format!("{method} {route}: {name} {panicked}")
    }

    /// One line about an answer that keeps its cause.
    pub(super) fn about_cause(&self, request: &Request, response: &Response) -> Option<String> {
        // A panic has been logged where it was caught; and of what a client did wrong the server knows more.
        let cause = response
            .cause()
            .filter(|cause| !cause.is::<Panicked>() && ClientFault::behind(*cause).is_none())?;
        // What a client has sent can be in it, and must not look like a line of its own.
        let chain = Chain(cause).to_string();
        let lines: Vec<&str> = chain.split(['\r', '\n']).map(str::trim).collect();
        Some(format!(
            "{} {}: {} answered {}: {}",
            request.method(),
            request.path(),
            self.name_for(request),
            response.status().as_u16(),
            lines.join(" ").trim()
        ))
    }

    fn name_for(&self, request: &Request) -> &str {
        self.target_name(request.route.unwrap_or(usize::MAX))
    }
}
