//! Routes that take and give certain media types: which of them a request is for, or why it is for none.
//!
//! Routes of one shape and method stand beside each other where their media types tell them apart: each
//! two of them take different types, or each gives another. What a request brings is decided by its
//! `Content-Type`, then by what its client wants most ([`quality_of`]); where the client has no
//! preference it is the first in the alphabet, so that the order in which routes are written means nothing.
//!
//! It is decided on the head, before the body is read, and noted in the request: the answer is made where
//! other requests without a route are answered, so that middleware sees it.

use std::cmp::Reverse;

use http::header::VARY;
use http::{HeaderValue, Method, StatusCode};

use super::route::Route;
use super::router::Router;
use crate::extract::unsupported_media_type;
use crate::http::accept::{Quality, quality_of};
use crate::http::head::Framing;
use crate::http::media_type::{essence, is_in};
use crate::request::{Refusal, Refused, Request};
use crate::respond::Problem;

impl Router {
    /// The route among those of `first`'s shape and method that the request is for.
    #[inline(never)]
    pub(super) fn negotiate(&self, request: &mut Request, first: usize) -> Option<usize> {
        match self.choose(request, first) {
            Ok(route) => Some(route),
            Err(reason) => {
                request.refused = Some(Refused {
                    route: first,
                    reason,
                });
                None
            }
        }
    }

    fn choose(&self, request: &Request, first: usize) -> Result<usize, Refusal> {
        let routes = self.variants(request.method(), first);
        let mut takers = routes.filter(|(_, route)| takes(route, request)).peekable();
        if takers.peek().is_none() {
            return Err(Refusal::UnsupportedMediaType);
        }
        let wanted = takers.map(|(index, route)| (wanted(route, request), index, route));
        let given = wanted.filter(|(quality, ..)| quality.is_acceptable());
        let best = given.min_by_key(|(quality, _, route)| (Reverse(*quality), order(route)));
        best.map(|(_, index, _)| index)
            .ok_or(Refusal::NotAcceptable)
    }

    /// All routes that answer this method where `first` does.
    pub(super) fn variants(
        &self,
        method: &Method,
        first: usize,
    ) -> impl Iterator<Item = (usize, &Route)> {
        let routes = self.routes();
        let route = &routes[first];
        // GET answers HEAD.
        let method = match route.methods.contains(method) {
            true => method.clone(),
            false => Method::GET,
        };
        let others = route
            .others
            .iter()
            .filter(move |(other, _)| *other == method);
        let others = others.map(|(_, index)| *index);
        std::iter::once(first)
            .chain(others)
            .map(|index| (index, &routes[index]))
    }

    /// The answer to a request that was refused for its media types.
    pub(crate) fn refusal(&self, request: &Request) -> Option<Problem> {
        let Refused { route, reason } = request.refused?;
        let routes = self.variants(request.method(), route);
        Some(match reason {
            Refusal::UnsupportedMediaType => {
                let mut taken: Vec<&str> = routes
                    .flat_map(|(_, route)| route.options.consumes.iter().copied())
                    .collect();
                taken.sort_unstable();
                taken.dedup();
                unsupported_media_type(request, &taken)
            }
            Refusal::NotAcceptable => {
                let given = routes.filter_map(|(_, route)| route.options.produces);
                let mut given: Vec<&str> = given.map(|produced| produced.media_type).collect();
                given.sort_unstable();
                not_acceptable(&given)
            }
        })
    }
}

/// Whether media types tell all requests for these two routes apart.
pub(super) fn differ(one: &Route, other: &Route) -> bool {
    let (taken, also_taken) = (one.options.consumes, other.options.consumes);
    let overlap = |range: &&str| also_taken.iter().any(|also| overlap(range, also));
    let takes_others = !taken.is_empty() && !also_taken.is_empty() && !taken.iter().any(overlap);
    let gives_another = match (one.options.produces, other.options.produces) {
        (Some(one), Some(other)) => !one.essence().eq_ignore_ascii_case(other.essence()),
        _ => false,
    };
    takes_others || gives_another
}

/// Whether a type can be in both of these.
fn overlap(one: &str, other: &str) -> bool {
    is_in(one.as_bytes(), other) || is_in(other.as_bytes(), one)
}

/// Whether a route takes what the request brings: a body without a type is of none that it could name.
fn takes(route: &Route, request: &Request) -> bool {
    let consumes = route.options.consumes;
    if consumes.is_empty() {
        return true;
    }
    match request.header_bytes("content-type") {
        Some(found) => consumes.iter().any(|range| is_in(essence(found), range)),
        None => matches!(request.head.framing, Framing::Empty | Framing::Length(0)),
    }
}

/// How much the client wants what a route gives.
fn wanted(route: &Route, request: &Request) -> Quality {
    let fields = request.headers();
    let accept = fields.filter(|(name, _)| name.eq_ignore_ascii_case("accept"));
    let accept = accept.map(|(_, value)| value);
    match route.options.produces {
        Some(produced) => quality_of(accept, produced.essence()),
        None => Quality::ANY,
    }
}

/// In which order routes are tried that are wanted equally.
fn order(route: &Route) -> (&str, &[&str]) {
    let produced = route.options.produces;
    let produced = produced.map_or("", |produced| produced.media_type);
    (produced, route.options.consumes)
}

/// RFC 9110, section 15.5.7.
fn not_acceptable(given: &[&str]) -> Problem {
    let given = given.join("` or `");
    let detail = format!("the answer is `{given}`, which the field Accept of the request excludes");
    let problem = Problem::new(StatusCode::NOT_ACCEPTABLE).with_detail(detail);
    problem.header(VARY, HeaderValue::from_static("accept"))
}
