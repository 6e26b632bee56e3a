//! Which middleware a request goes through, resolved at start: one slice for each route.
//!
//! A request without a route has none of them. It goes through what is around everything and around the
//! prefixes of its path, which is looked at for such requests only; one that its route refuses, and a preflight
//! of CORS, go the way of that route. Knows no middleware by name.

use http::Method;
use http::header::ACCESS_CONTROL_REQUEST_METHOD;

use crate::http::percent::{self, Plus};
use crate::middleware::Layer;
use crate::request::Request;
use crate::routing::Router;

/// The middleware of an application, by route. Without any, nothing is kept.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    /// For each route, from the outermost to the innermost.
    pub(crate) routes: Vec<Box<[Layer]>>,
    /// For requests without a route, by the prefixes of their paths, the longest first. The last one is empty.
    pub(crate) missed: Vec<(Prefix, Box<[Layer]>)>,
}

/// Whole segments with which a path begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Prefix(pub(crate) Vec<String>);

impl Chains {
    /// Puts a middleware around all others.
    pub(super) fn surround(&mut self, layer: &Layer, routes: usize) {
        self.routes.resize_with(routes, Box::default);
        if self.missed.is_empty() {
            self.missed.push(<(Prefix, Box<[Layer]>)>::default());
        }
        let missed = self.missed.iter_mut().map(|(_, layers)| layers);
        for layers in self.routes.iter_mut().chain(missed) {
            let inside = std::mem::take(layers).into_vec();
            *layers = [layer.clone()].into_iter().chain(inside).collect();
        }
    }

    /// The middleware around the answer to this request.
    #[inline]
    pub(super) fn of(&self, request: &Request, router: &Router) -> &[Layer] {
        match self.routes.is_empty() {
            true => &[],
            false => self.around(request, router),
        }
    }

    fn around(&self, request: &Request, router: &Router) -> &[Layer] {
        let route = request.route.or_else(|| led_to(request, router));
        match route.and_then(|route| self.routes.get(route)) {
            Some(layers) => layers,
            None => self.missed(request.path()),
        }
    }

    #[cold]
    fn missed(&self, path: &str) -> &[Layer] {
        let found = self.missed.iter().find(|(prefix, _)| prefix.begins(path));
        found.map_or(&[], |(_, layers)| layers)
    }
}

/// The route that doesn't answer the request, but is what it is about.
#[cold]
fn led_to(request: &Request, router: &Router) -> Option<usize> {
    if let Some(refused) = request.refused {
        return Some(refused.route);
    }
    // A browser asks in advance whether it may send such a request (Fetch, section 4.8).
    if request.method() != Method::OPTIONS || request.header("origin").is_none() {
        return None;
    }
    let method = request.header_bytes(ACCESS_CONTROL_REQUEST_METHOD.as_str())?;
    let method = Method::from_bytes(method).ok()?;
    router.find(&method, request.path().as_bytes())
}

impl Prefix {
    /// Whether it is a prefix of this path, which is encoded.
    fn begins(&self, path: &str) -> bool {
        let mut segments = path.split('/').skip(1);
        self.0.iter().all(|text| {
            let segment = segments.next();
            let decoded = segment.map(|segment| percent::decode(segment.as_bytes(), Plus::Literal));
            decoded.is_some_and(|decoded| decoded.is_ok_and(|decoded| decoded == *text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_of_whole_segments() {
        let check = |prefix: &[&str], path: &str, expected: bool| {
            let prefix = Prefix(prefix.iter().map(|&text| text.to_owned()).collect());
            assert_eq!(prefix.begins(path), expected, "{prefix:?} {path}");
        };
        check(&[], "/", true);
        check(&[], "*", true);
        check(&["api"], "/api", true);
        check(&["api"], "/api/", true);
        check(&["api"], "/api/books", true);
        check(&["api"], "/%61pi/books", true);
        check(&["api"], "/apis", false);
        check(&["api"], "/", false);
        check(&["api"], "*", false);
        check(&["api"], "/ap%zz", false);
        check(&["api", "v1"], "/api/v1/x", true);
        check(&["api", "v1"], "/api", false);
        check(&["a/b"], "/a%2Fb", true);
    }
}
