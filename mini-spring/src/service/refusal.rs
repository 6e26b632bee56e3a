//! Requests that the server refuses for what they want of their route, such as to send too large a body: the middleware around
//! that route sees the refusal, as if its handler had answered so. Knows no limit.

use std::cell::Cell;

use http::StatusCode;

use super::Service;
use crate::middleware::Endpoint;
use crate::request::Request;
use crate::respond::Problem;
use crate::response::Response;

/// What stands in the place of the handler.
struct Refusal<'s> {
    service: &'s Service,
    status: StatusCode,
    problem: Cell<Option<Problem>>,
}

impl Endpoint for Refusal<'_> {
    fn answer(&self, request: &mut Request) -> Response {
        // A middleware may run the rest of the way more than once.
        let problem = self.problem.take();
        let problem = problem.unwrap_or_else(|| Problem::new(self.status));
        self.finished(request, problem.into())
    }

    fn finished(&self, request: &Request, response: Response) -> Response {
        self.service.finished(request, response)
    }
}

impl Service {
    /// Answers with a problem that came up before the request could be called for. One that has no route yet, because
    /// nothing more than its head is known to be wrong, meets no middleware.
    #[cold]
    pub(crate) fn refuse(&self, request: &mut Request, problem: Problem) -> Response {
        if request.route.is_none() && request.refused.is_none() {
            return self.end(request, problem.into());
        }
        let refusal = Refusal {
            service: self,
            status: problem.status(),
            problem: Cell::new(Some(problem)),
        };
        let layers = self.chains.of(request, &self.router);
        self.scoped(request, |request| {
            let mut response = self.through(layers, &refusal, request);
            if response.status().is_informational() {
                self.refuse_interim(request, &mut response);
            }
            response
        })
    }
}
