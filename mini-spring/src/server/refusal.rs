//! What is answered to requests that are refused before they can be called for.
//!
//! Where there is a request, the program's error handlers see it as well. Knows no socket.

use http::header::RETRY_AFTER;
use http::{HeaderValue, Method, StatusCode};

use super::connection::Connection;
use super::worker::{Worker, in_user_code};
use crate::http::encode::is_bodiless;
use crate::http::head::Reject;
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;

/// Why it is refused, for the client.
pub(super) fn problem(reject: Reject) -> Problem {
    let problem = Problem::new(reject.status).with_detail(reject.text());
    match reject.status {
        StatusCode::SERVICE_UNAVAILABLE => {
            problem.header(RETRY_AFTER, HeaderValue::from_static("1"))
        }
        _ => problem,
    }
}

impl Worker {
    /// The answer to this connection's request. Once its head is here, error handlers make it, which is user code;
    /// until then there is nothing that they could be shown.
    #[cold]
    pub(super) fn refusal(&mut self, connection: &Connection, reject: Reject) -> Response {
        let problem = problem(reject);
        if !self.exchange.has_head() {
            return problem.into_response();
        }
        let shared = &self.shared;
        let target = self.exchange.target();
        let request = &mut self.exchange.request;
        request.peer = connection.peer;
        request.connection = connection.id;
        let response = in_user_code(&self.gatekeeper, &mut self.grip, target, || {
            let mut response = shared.service.refuse(request, problem);
            let is_head = *request.method() == Method::HEAD;
            response.shed(is_head || is_bodiless(response.status()));
            response
        });
        self.time_passes();
        response
    }
}
