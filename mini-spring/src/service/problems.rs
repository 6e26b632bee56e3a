//! The one place where problems end: the program's error handlers get them, then they are shown.
//!
//! A problem passes here once, whoever made it: before the middleware around it sees the answer. On the way it
//! gets the request's name, and what is behind a 5xx goes to the log.

use http::{HeaderName, HeaderValue, StatusCode};
use log::Level;

use super::Service;
use super::finish::finish;
use crate::error::Line;
use crate::error_handler::Called;
use crate::http::accept::quality_of;
use crate::problem::Cause;
use crate::request::Request;
use crate::respond::{IntoResponse, Problem};
use crate::response::{Format, Response};
use crate::routing::Origin;
use crate::unwind::{Panicked, caught, drop_quietly};

/// The field by which an answer names its request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

impl Service {
    /// Makes an answer the one to this request. What it asks for may turn out to be a problem.
    #[cold]
    #[inline(never)]
    pub(super) fn complete(&self, request: &Request, mut response: Response) -> Response {
        finish(request, &mut response);
        match response.is_raw() {
            true => self.end(request, response),
            false => response,
        }
    }

    /// Gives a raw problem to its handlers, and shows what they leave of it.
    pub(super) fn end(&self, request: &Request, response: Response) -> Response {
        caught(|| self.handle(request, response)).unwrap_or_else(|panicked| {
            // Of the program's code only the drop of a value is left that isn't guarded by itself.
            let mut response = self.after_handler(request, None, panicked);
            response.show(Format::Json);
            response
        })
    }

    fn handle(&self, request: &Request, mut response: Response) -> Response {
        let Some(problem) = response.raw_problem() else {
            return response;
        };
        let cause = problem.shared_cause();
        response = self.by_type(request, response, cause.clone());
        response = self.by_all(request, response, cause.clone());
        let status = response.status();
        if let Some(id) = name_for(request, status) {
            if let Some(problem) = response.raw_problem() {
                problem.name_request(id);
            }
            if let Ok(id) = HeaderValue::try_from(id) {
                response.fields_mut().set(REQUEST_ID, &id);
            }
        }
        self.show(request, &mut response);
        // What came first counts, else what a handler has put into its answer.
        if let Some(cause) = cause.or_else(|| response.shared_cause()) {
            if status.is_server_error() {
                self.log_cause(request, status, cause.error());
            }
            drop_quietly(cause);
        }
        response
    }

    /// What the handler of the error's type makes of the answer, if there is one.
    fn by_type(&self, request: &Request, mut response: Response, cause: Option<Cause>) -> Response {
        let Some(problem) = response.raw_problem() else {
            return response;
        };
        // Also who is asked for its causes is code of the program.
        let mut who = None;
        let called = caught(|| {
            let handling = self.errors.of_type(problem)?;
            who = Some(handling.origin);
            Some(handling.call(request))
        });
        let answer = match called {
            Ok(None) => return response,
            Ok(Some(Called::Answered(answer))) => self.final_answer(request, who, answer),
            Ok(Some(Called::Failed(failure))) => self.failed(request, who, failure),
            Ok(Some(Called::Refused((), refusal))) => {
                self.log_refusal(request, who, &refusal);
                return response;
            }
            Err(panicked) => self.after_handler(request, who, panicked),
        };
        answer.instead_of(&response, cause)
    }

    /// What the handler of all problems makes of the answer, if there is one.
    fn by_all(&self, request: &Request, mut response: Response, cause: Option<Cause>) -> Response {
        let Some((who, all)) = self.errors.of_all() else {
            return response;
        };
        let Some(mut problem) = response.take_raw() else {
            return response;
        };
        if let Some(id) = name_for(request, problem.status()) {
            problem.name_request(id);
        }
        let answer = match caught(|| all.call(problem, request)) {
            Ok(Called::Answered(answer)) => self.final_answer(request, Some(who), answer),
            Ok(Called::Failed(failure)) => self.failed(request, Some(who), failure),
            Ok(Called::Refused(problem, refusal)) => {
                self.log_refusal(request, Some(who), &refusal);
                problem.into()
            }
            Err(panicked) => self.after_handler(request, Some(who), panicked),
        };
        answer.instead_of(&response, cause)
    }

    /// The answer of a handler, unless it is a 1xx, which is none (RFC 9110, section 15.2).
    fn final_answer(&self, request: &Request, who: Option<&Origin>, answer: Response) -> Response {
        let status = answer.status();
        if !status.is_informational() {
            return answer;
        }
        let message = format!("{status} is not a final status");
        self.log_about(request, who, Level::Error, &message);
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into()
    }

    /// The answer of a handler that has an error of its own.
    fn failed(&self, request: &Request, who: Option<&Origin>, mut failure: Problem) -> Response {
        if failure.status().is_server_error() {
            // To show it runs code of the program.
            let message = caught(|| format!("it failed: {}", Line(&failure)));
            match message {
                Ok(message) => self.log_about(request, who, Level::Error, &message),
                Err(panicked) => return self.after_handler(request, who, panicked),
            }
            failure.forget_cause();
        }
        failure.into()
    }

    fn after_handler(
        &self,
        request: &Request,
        who: Option<&Origin>,
        panicked: Panicked,
    ) -> Response {
        match who {
            Some(who) => self.log_panic(request, &format!("the error handler {who}"), &panicked),
            None => self.log_panic(request, "a value of an error", &panicked),
        }
        Problem::internal(panicked).into_response()
    }

    fn show(&self, request: &Request, response: &mut Response) {
        if !response.is_negotiable() {
            return response.show(Format::Json);
        }
        match wants_page(request) {
            true if self.show_developer(request, response) => {}
            true => response.show(Format::Page),
            false => response.show(Format::Json),
        }
        response.varies_by("accept");
    }

    fn log_refusal(&self, request: &Request, who: Option<&Origin>, refusal: &Problem) {
        let message = format!("it can't be called: {}", Line(refusal));
        self.log_about(request, who, Level::Warn, &message);
    }

    fn log_about(&self, request: &Request, who: Option<&Origin>, level: Level, message: &str) {
        let (method, path, id) = (request.method(), request.path(), request.id());
        if let Some(who) = who {
            log::log!(
                level,
                "{method} {path}: the error handler {who} (request {id}): {message}"
            );
        }
    }
}

/// The name of the request, where the answer tells it: from 500 on, and where there is one already.
fn name_for(request: &Request, status: StatusCode) -> Option<&str> {
    match status.is_server_error() {
        true => Some(request.id()),
        false => request.known_id(),
    }
}

/// Whether the client is a browser: it wants a page more than a document, or wants both and names only the
/// page, as in `text/html, */*`.
fn wants_page(request: &Request) -> bool {
    let quality = |media_type| {
        let fields = request.headers();
        let accept = fields.filter(|(name, _)| name.eq_ignore_ascii_case("accept"));
        quality_of(accept.map(|(_, value)| value), media_type)
    };
    let page = quality("text/html");
    let documents = ["application/problem+json", "application/json"];
    let is_more = |document| page > quality(document);
    page.is_acceptable() && documents.into_iter().all(is_more)
}
