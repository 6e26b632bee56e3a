//! Answers that are problems: shown late, when it is known to whom, and never twice.
//!
//! Until then such an answer is *raw*: its body is the document only if somebody asks for it, or if it is sent
//! as it is. Knows neither who asks nor the handlers of errors.

use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use super::{Body, Response};
use crate::problem::{Cause, Problem};
use crate::unwind::drop_quietly;

const PROBLEM: &str = "application/problem+json";
const PAGE: &str = "text/html; charset=utf-8";

/// How a problem is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// As the document of RFC 9457.
    Json,
    /// As a page for people.
    Page,
}

impl From<Problem> for Response {
    fn from(mut problem: Problem) -> Self {
        let mut response = Response::of(PROBLEM, Body::Bytes(Vec::new()));
        response.status = problem.status();
        response.fields.extend(&problem.take_fields());
        if problem.status() == StatusCode::UNAUTHORIZED
            && response.fields.get(&WWW_AUTHENTICATE).is_none()
        {
            let challenge = HeaderValue::from_static("Bearer");
            response.fields.append(WWW_AUTHENTICATE, &challenge);
        }
        response.rare_mut().problem = Some(problem);
        response
    }
}

impl Response {
    /// Whether it is a problem that hasn't been shown yet.
    #[inline]
    pub(crate) fn is_raw(&self) -> bool {
        self.problem().is_some_and(Problem::is_raw)
    }

    /// The problem that it is or was made of.
    #[inline]
    pub(super) fn problem(&self) -> Option<&Problem> {
        self.rare.as_ref()?.problem.as_ref()
    }

    /// The problem, as long as it can be changed.
    pub(crate) fn raw_problem(&mut self) -> Option<&mut Problem> {
        let problem = self.rare.as_mut()?.problem.as_mut();
        problem.filter(|problem| problem.is_raw())
    }

    /// Replaces the status code by one that stands before the content, unless the content is an error, which
    /// isn't to look like a success, or has one behind it, which is to be told.
    pub(crate) fn with_outer_status(self, status: StatusCode) -> Self {
        let is_error = status.is_client_error() || status.is_server_error();
        match self.problem() {
            Some(problem) if !is_error || problem.cause().is_some() => self,
            _ => self.with_status(status),
        }
    }

    /// Takes a raw problem out of the answer, to be answered anew.
    pub(crate) fn take_raw(&mut self) -> Option<Problem> {
        let problem = &mut self.rare.as_mut()?.problem;
        problem.take_if(|problem| problem.is_raw())
    }

    /// The error behind it, to be kept.
    pub(crate) fn shared_cause(&self) -> Option<Cause> {
        self.problem()?.shared_cause()
    }

    /// Stands for another answer from now on: keeps its cause, and as an error also its header fields, such as
    /// the `Allow` of a 405.
    pub(crate) fn instead_of(mut self, other: &Response, cause: Option<Cause>) -> Self {
        if self.status.is_client_error() || self.status.is_server_error() {
            self.fields.fill(&other.fields);
        }
        if cause.is_some() {
            let status = self.status;
            let problem = self.rare_mut().problem.get_or_insert_with(|| {
                let mut problem = Problem::new(status);
                problem.answered();
                problem
            });
            problem.stands_for(cause);
        }
        self
    }

    /// Makes the body of a raw problem.
    #[cold]
    pub(crate) fn show(&mut self, format: Format) {
        let Some(problem) = self.raw_problem() else {
            return;
        };
        match format {
            Format::Json => {
                problem.answered();
                self.body = Body::Bytes(problem.take_json());
            }
            Format::Page => {
                let page = problem.page();
                self.show_page(page);
            }
        }
    }

    /// Shows a raw problem as this page.
    pub(crate) fn show_page(&mut self, page: Vec<u8>) {
        if let Some(problem) = self.raw_problem() {
            problem.answered();
            self.body = Body::Bytes(page);
            self.fields.retype(PAGE);
        }
    }

    /// Whether it is a problem that is to be shown as a document or as a page, and not in a way of its own.
    pub(crate) fn is_negotiable(&self) -> bool {
        self.is_raw() && self.fields.get(&CONTENT_TYPE) == Some(PROBLEM.as_bytes())
    }

    /// Drops what few answers have: values of the program, the cause of the problem for one.
    #[cold]
    pub(super) fn shed_rare(&mut self) {
        self.show(Format::Json);
        if let Some(rare) = self.rare.take() {
            drop_quietly(rare);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn not_found() -> Response {
        Problem::new(StatusCode::NOT_FOUND)
            .header("Retry-After", "1")
            .into()
    }

    fn body(response: &Response) -> &str {
        std::str::from_utf8(response.body_bytes().unwrap()).unwrap()
    }

    #[test]
    fn a_raw_problem_is_its_document_for_whoever_asks() {
        let response = not_found();
        assert!(response.is_raw());
        assert!(body(&response).contains(r#""status":404"#));
        let (status, fields, body) = response.into_parts();
        assert_eq!(status, 404);
        assert_eq!(fields.get(&CONTENT_TYPE), Some(PROBLEM.as_bytes()));
        assert!(matches!(body, Body::Bytes(bytes) if bytes.starts_with(b"{\"type\":")));
    }

    #[test]
    fn the_document_follows_the_status() {
        let response = not_found();
        assert!(body(&response).contains("Not Found"));
        let response = response.with_status(StatusCode::GONE);
        assert!(body(&response).contains(r#""title":"Gone","status":410"#));
    }

    #[test]
    fn only_an_error_stands_before_an_error() {
        let outer = |status| not_found().with_outer_status(status).status().as_u16();
        assert_eq!(outer(StatusCode::CREATED), 404);
        assert_eq!(outer(StatusCode::GONE), 410);
        let failed = Response::from(Problem::internal("broken"));
        assert_eq!(failed.with_outer_status(StatusCode::GONE).status(), 500);
    }

    #[test]
    fn it_is_shown_once() {
        let mut response = not_found();
        response.show(Format::Page);
        response.show(Format::Json);
        assert!(!response.is_raw());
        assert!(body(&response).starts_with("<!doctype html>"));
        assert_eq!(response.fields().get(&CONTENT_TYPE), Some(PAGE.as_bytes()));
    }

    #[test]
    fn what_stands_for_it_keeps_fields_and_cause() {
        let failed = Response::from(Problem::internal("broken").header("Retry-After", "1"));
        let cause = || failed.shared_cause();
        let fields = |response: &Response| response.fields().iter().count();
        let page = Response::copied("text/plain", b"sorry").with_status(StatusCode::BAD_GATEWAY);
        let page = page.instead_of(&failed, cause());
        assert_eq!(page.cause().unwrap().to_string(), "broken");
        assert_eq!((body(&page), fields(&page)), ("sorry", 2));
        // Elsewhere the fields of an error mean nothing.
        let elsewhere = Response::new(StatusCode::SEE_OTHER).instead_of(&failed, cause());
        assert_eq!(elsewhere.cause().unwrap().to_string(), "broken");
        assert_eq!(fields(&elsewhere), 0);
    }
}
