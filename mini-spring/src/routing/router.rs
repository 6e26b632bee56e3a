//! [`Router`]: routes in, the matching one out.
//!
//! Knows routes and paths; knows no middleware and no socket.

use std::fmt;
use std::panic::Location;

use http::Method;

use super::found::{Allow, Match, Unmatched};
use super::media;
use super::route::{Handler, Origin, Route};
use super::tree::Tree;
use crate::error::Error;
use crate::extract::BodyUse;
use crate::http::head::Span;
use crate::request::Request;
use crate::respond::IntoResponse;

/// Finds the route for a method and a path.
///
/// `#[route]` and [`App`](crate::App) use it underneath; it works alone as well, without a macro.
/// Patterns are those of `#[route]`: `/users/<id>` or `/users/{id}`, `/files/<path..>` for the rest
/// of a path. The order in which routes are registered means nothing: segment by segment from the
/// left, a static segment comes before a parameter and a parameter before the rest. Two routes of
/// the same shape and method are an error.
///
/// ```
/// use mini_spring::{Request, Router};
///
/// let mut router = Router::new();
/// router
///     .register("GET", "/health", |_: &Request| "up")?
///     .register("GET", "/users/<id>", |request: &Request| {
///         format!("user {}", request.param("id").unwrap_or("?"))
///     })?;
///
/// let found = router.resolve("GET", "/users/42")?;
/// assert_eq!(found.pattern(), "/users/<id>");
/// assert_eq!(found.param("id"), Some("42"));
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Clone)]
pub struct Router {
    tree: Tree,
    routes: Vec<Route>,
}

impl Router {
    /// A router without routes.
    ///
    /// ```
    /// # use mini_spring::Router;
    /// assert!(Router::new().resolve("GET", "/").is_err());
    /// ```
    pub fn new() -> Self {
        Router {
            tree: Tree::new(),
            routes: Vec::new(),
        }
    }

    /// Adds a route. GET routes answer HEAD too.
    ///
    /// ```
    /// # use mini_spring::{Request, Router, http::Method};
    /// let mut router = Router::new();
    /// router.register(Method::POST, "/echo", |request: &Request| request.body().to_vec())?;
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A method that is none, a malformed pattern, or a route that is there already: the message
    /// names both places.
    #[track_caller]
    pub fn register<M, F, R>(
        &mut self,
        method: M,
        pattern: &str,
        handler: F,
    ) -> Result<&mut Self, Error>
    where
        M: TryInto<Method, Error: fmt::Display>,
        F: Fn(&Request) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        let origin = Origin::of::<F>(Location::caller());
        let route = Route::new([method], pattern, Handler::closure(handler), origin)?;
        self.add(route)?;
        Ok(self)
    }

    /// The route that answers this method and path.
    ///
    /// The path is that of a request target: percent-encoded, without the query.
    ///
    /// ```
    /// # use mini_spring::{Request, Router, Unmatched};
    /// # let mut router = Router::new();
    /// router.register("GET", "/files/<path..>", |_: &Request| "")?;
    /// assert_eq!(router.resolve("HEAD", "/files/a%20b/c")?.param("path"), Some("a b/c"));
    /// let Err(Unmatched::MethodNotAllowed(allow)) = router.resolve("PUT", "/files") else {
    ///     panic!("expected the allowed methods");
    /// };
    /// assert_eq!(allow.to_string(), "GET, HEAD, OPTIONS");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unmatched`] tells whether the path is unknown or only not for this method.
    pub fn resolve<'r, M>(&'r self, method: M, path: &'r str) -> Result<Match<'r>, Unmatched>
    where
        M: TryInto<Method>,
    {
        let mut spans = Vec::new();
        let whole = Span::new(0, path.len());
        let found = method
            .try_into()
            .ok()
            .and_then(|method| self.tree.find(&method, path.as_bytes(), whole, &mut spans));
        match found {
            Some(route) => Ok(Match::new(&self.routes[route], path, &spans)),
            None => Err(self.unmatched(path.as_bytes())),
        }
    }

    /// Adds a route for all of its methods, or for none.
    pub(crate) fn add(&mut self, route: Route) -> Result<(), String> {
        for method in &route.methods {
            let first = self.tree.endpoint(&route.pattern).exactly(method);
            let known = first
                .into_iter()
                .flat_map(|first| self.variants(method, first));
            for (_, known) in known {
                if !media::differ(known, &route) {
                    return Err(conflict(method, known, &route));
                }
            }
        }
        let index = self.routes.len();
        for method in &route.methods {
            let endpoint = self.tree.endpoint(&route.pattern);
            match endpoint.exactly(method) {
                Some(first) => self.routes[first].others.push((method.clone(), index)),
                None => endpoint.add(method.clone(), index),
            }
        }
        self.routes.push(route);
        Ok(())
    }

    pub(crate) fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// What the components of a route demand: whether some are made for each request, and what those do with its
    /// body.
    pub(crate) fn demand(&mut self, index: usize, is_scoped: bool, body: BodyUse) {
        if let Some(route) = self.routes.get_mut(index) {
            route.is_scoped = is_scoped;
            route.body = route.body.max(body);
        }
    }

    /// Looks up the route of a request whose head is parsed, and notes its parameters.
    pub(crate) fn route(&self, request: &mut Request) -> Option<&Route> {
        let head = &request.head;
        let found = self.tree.find(
            &head.method,
            &request.buffer,
            head.path,
            &mut request.parameters,
        );
        request.route = match found {
            Some(first) if self.routes[first].is_choosy => self.negotiate(request, first),
            found => found,
        };
        request.route.map(|route| &self.routes[route])
    }

    /// The number of the route for this method and path, which may be one of several that media types tell apart.
    pub(crate) fn find(&self, method: &Method, path: &[u8]) -> Option<usize> {
        let whole = Span::new(0, path.len());
        self.tree.find(method, path, whole, &mut Vec::new())
    }

    /// Why no route answers this path.
    pub(crate) fn unmatched(&self, path: &[u8]) -> Unmatched {
        match Allow::new(self.tree.methods(path)) {
            Some(allow) => Unmatched::MethodNotAllowed(allow),
            None => Unmatched::NotFound,
        }
    }

    /// The methods of all routes.
    pub(crate) fn all_methods(&self) -> Option<Allow> {
        let methods = self.routes.iter().flat_map(|route| &route.methods);
        Allow::new(methods.cloned().collect())
    }
}

impl Default for Router {
    fn default() -> Self {
        Router::new()
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns = self.routes.iter().map(|route| &route.text);
        formatter.debug_list().entries(patterns).finish()
    }
}

fn conflict(method: &Method, known: &Route, new: &Route) -> String {
    let remedy = match known.is_choosy || new.is_choosy {
        true => {
            "change or remove one of them, or give both `consumes`, or `produces`, of other types"
        }
        false => "change or remove one of them",
    };
    format!(
        "`{method} {}` of {} matches the same requests as `{method} {}` of {}; {remedy}",
        new.text, new.origin, known.text, known.origin
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(routes: &[&str]) -> Router {
        let mut router = Router::new();
        for route in routes {
            let (method, pattern) = route.split_once(' ').unwrap();
            router.register(method, pattern, |_: &Request| ()).unwrap();
        }
        router
    }

    /// The pattern that is found and its values, or the methods that are allowed, or nothing.
    fn show(router: &Router, method: &str, path: &str) -> String {
        match router.resolve(method, path) {
            Ok(found) => {
                let names: Vec<&str> = found
                    .pattern()
                    .split(['<', '>', '.'])
                    .skip(1)
                    .step_by(2)
                    .filter(|name| !name.is_empty())
                    .collect();
                names.iter().fold(found.pattern().to_owned(), |text, name| {
                    text + " " + found.param(name).unwrap_or("undecodable")
                })
            }
            Err(Unmatched::MethodNotAllowed(allow)) => allow.to_string(),
            Err(Unmatched::NotFound) => String::new(),
        }
    }

    #[track_caller]
    fn check(routes: &[&str], request: &str, expected: &str) {
        let (method, path) = request.split_once(' ').unwrap();
        let mut reversed = routes.to_vec();
        reversed.reverse();
        assert_eq!(show(&router(routes), method, path), expected);
        assert_eq!(show(&router(&reversed), method, path), expected, "reversed");
    }

    #[test]
    fn the_more_specific_wins_from_the_left() {
        let routes = &["GET /a/<b>", "GET /<a>/b", "GET /<rest..>"];
        check(routes, "GET /a/b", "/a/<b> b");
        check(routes, "GET /x/b", "/<a>/b x");
        check(routes, "GET /x/y", "/<rest..> x/y");
        check(routes, "GET /a", "/<rest..> a");
        let routes = &["GET /users/new", "GET /users/<id>"];
        check(routes, "GET /users/new", "/users/new");
        check(routes, "GET /users/newer", "/users/<id> newer");
    }

    #[test]
    fn a_choice_that_leads_nowhere_is_taken_back() {
        let routes = &["GET /a/b/c", "GET /a/<x>/d", "GET /<y>/b/e", "GET /a/<z..>"];
        check(routes, "GET /a/b/c", "/a/b/c");
        check(routes, "GET /a/b/d", "/a/<x>/d b");
        check(routes, "GET /a/b/e", "/a/<z..> b/e");
        check(routes, "GET /q/b/e", "/<y>/b/e q");
        check(routes, "GET /a/b", "/a/<z..> b");
        check(routes, "GET /q/b", "");
        check(&["GET /<a>/<b>/x", "GET /<a>/y"], "GET /1/y", "/<a>/y 1");
    }

    #[test]
    fn a_route_of_another_method_is_no_match() {
        let routes = &["POST /users/new", "GET /users/<id>"];
        check(routes, "GET /users/new", "/users/<id> new");
        check(routes, "POST /users/new", "/users/new");
        check(routes, "PUT /users/new", "GET, HEAD, OPTIONS, POST");
        check(routes, "PUT /users/7", "GET, HEAD, OPTIONS");
        check(routes, "get /users/7", "GET, HEAD, OPTIONS");
        check(routes, "GET /nothing", "");
    }

    #[test]
    fn get_answers_head() {
        let routes = &["GET /a", "GET /b", "HEAD /b", "HEAD /<any>", "POST /c"];
        check(routes, "HEAD /a", "/a");
        check(routes, "HEAD /b", "/b");
        check(routes, "HEAD /c", "/<any> c");
        check(routes, "GET /c", "HEAD, OPTIONS, POST");
    }

    #[test]
    fn slashes() {
        check(&["GET /"], "GET /", "/");
        check(&["GET /"], "GET ", "/");
        check(&["GET /"], "GET //", "");
        check(&["GET /a/"], "GET /a", "/a/");
        check(&["GET /a"], "GET /a/", "/a");
        check(&["GET /a"], "GET /a//", "");
        check(&["GET /a"], "GET //a", "");
        check(&["GET /a/<b>"], "GET /a//", "");
        check(&["GET /a/<b>/c"], "GET /a//c", "");
        check(&["GET /a/<b..>"], "GET /a//c/", "/a/<b..> /c");
        check(&["GET /<a>"], "GET *", "");
        check(&["GET /<a..>"], "GET a", "");
    }

    #[test]
    fn the_rest_may_be_empty() {
        let routes = &["GET /files/<rest..>", "GET /<one>"];
        check(routes, "GET /files", "/files/<rest..> ");
        check(routes, "GET /files/", "/files/<rest..> ");
        check(routes, "GET /files/a/b", "/files/<rest..> a/b");
        check(routes, "GET /file", "/<one> file");
        check(&["GET /<all..>"], "GET /", "/<all..> ");
        check(&["GET /<all..>", "GET /"], "GET /", "/");
        check(&["POST /", "GET /<all..>"], "GET /", "/<all..> ");
    }

    #[test]
    fn segments_are_compared_decoded_and_split_encoded() {
        let routes = &["GET /café", "GET /a/b", "GET /<x>"];
        check(routes, "GET /caf%C3%A9", "/café");
        check(routes, "GET /caf%c3%a9", "/café");
        check(routes, "GET /%61/%62", "/a/b");
        check(routes, "GET /a%2Fb", "/<x> a/b");
        check(routes, "GET /%2561", "/<x> %61");
        check(routes, "GET /%zz", "/<x> undecodable");
    }

    #[test]
    fn braces_and_angles_are_the_same() {
        let router = router(&["GET /users/{id}/{rest..}"]);
        let found = router.resolve("GET", "/users/7/x").unwrap();
        assert_eq!(found.pattern(), "/users/{id}/{rest..}");
        assert_eq!(found.param("id"), Some("7"));
        assert_eq!(found.param("rest"), Some("x"));
        assert_eq!(found.param("other"), None);
    }

    #[test]
    fn a_long_path_costs_no_stack() {
        let router = router(&["GET /a/<b>/a/<c>/a", "GET /<x>/<y>/<z..>"]);
        let path = "/a".repeat(4000) + "/";
        let found = router.resolve("GET", &path).unwrap();
        assert_eq!(found.param("z").map(str::len), Some(2 * 3998 - 1));
        assert!(router.resolve("GET", &"/".repeat(8000)).is_err());
    }

    #[track_caller]
    fn conflict_of(first: &str, second: &str) -> String {
        let mut router = router(&[first]);
        let (method, pattern) = second.split_once(' ').unwrap();
        match router.register(method, pattern, |_: &Request| ()) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_same_shape_is_a_conflict_and_another_one_is_not() {
        let conflicts = |first, second| !conflict_of(first, second).is_empty();
        assert!(conflicts("GET /a/<b>", "GET /a/{c}/"));
        assert!(conflicts("GET /<a..>", "GET /<b..>?<q>"));
        assert!(conflicts("GET /", "GET /"));
        assert!(!conflicts("GET /a/<b>", "POST /a/<b>"));
        assert!(!conflicts("GET /a/<b>", "GET /<a>/b"));
        assert!(!conflicts("GET /a/<b>", "GET /a/<b..>"));
        assert!(!conflicts("GET /a", "HEAD /a"));
    }

    #[test]
    fn a_conflict_names_both_places() {
        fn by_id(_: &Request) {}
        fn by_name(_: &Request) {}
        let mut router = Router::new();
        router.register("GET", "/users/<id>", by_id).unwrap();
        let error = router.register("GET", "/users/<name>", by_name);
        let (file, line) = (file!(), line!() - 1);
        let module = module_path!();
        let function = format!("{module}::a_conflict_names_both_places");
        assert_eq!(
            error.unwrap_err().to_string(),
            format!(
                "`GET /users/<name>` of {function}::by_name ({file}:{line}) matches the same \
                 requests as `GET /users/<id>` of {function}::by_id ({file}:{}); change or remove \
                 one of them",
                line - 1
            )
        );
    }

    #[test]
    fn a_route_that_conflicts_is_not_there() {
        let mut router = router(&["GET /a"]);
        let _ = router.register("GET", "/a", |_: &Request| ());
        assert_eq!(router.routes().len(), 1);
    }

    #[test]
    fn mistakes_name_the_place() {
        let mut router = Router::new();
        let bad_pattern = router.register("GET", "users", |_: &Request| ());
        let expected = format!(
            "{}:{}: a pattern starts with `/`, found `users`; write `/users`",
            file!(),
            line!() - 4
        );
        assert_eq!(bad_pattern.unwrap_err().to_string(), expected);
    }
}
