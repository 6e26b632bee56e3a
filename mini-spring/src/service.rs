//! [`Service`]: an application that is built, and answers requests.
//!
//! The server asks it twice for each request: [`Service::plan`] with the head alone, to learn what to
//! do with the body, then [`Service::call`]. What the program's code does in between, panics
//! included, ends here as an answer. Knows no socket and no thread.

mod chains;
mod development;
mod finish;
mod guard;
mod list;
mod multipart;
mod problems;
mod refusal;

use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::ALLOW;
use http::{HeaderValue, Method, StatusCode};

pub(crate) use self::chains::{Chains, Prefix};
pub use self::list::RouteList;
use crate::error::Error;
use crate::error_handler::ErrorHandlers;
use crate::extract::BodyUse;
use crate::inject::{Container, Demand, Hooks, Scope};
use crate::middleware::{Endpoint, Layer, MiddlewareFn, Next};
use crate::request::{Directory, Entry, Request};
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;
use crate::routing::{Allow, Router, Unmatched};
use crate::unwind::drop_quietly;

/// An application with everything checked and resolved, ready to answer.
///
/// It is made by [`IntoService::into_service`]; a server makes it by itself.
///
/// ```
/// use mini_spring::{App, IntoService, Request};
///
/// let service = App::empty().route("GET", "/health", |_: &Request| "up").into_service()?;
/// println!("{}", service.routes());
/// # Ok::<(), mini_spring::Error>(())
/// ```
pub struct Service {
    router: Router,
    chains: Chains,
    errors: ErrorHandlers,
    directory: Arc<Directory>,
    /// What the log calls the targets: the routes, then everything that has no route.
    names: Vec<String>,
    scopes: Scopes,
    hooks: Mutex<Hooks>,
    /// Whoever develops the program gets to see what an error is about.
    shows_errors: bool,
}

/// Whether components are made for requests.
#[derive(Debug, Clone, Copy)]
struct Scopes {
    /// For some.
    are_there: bool,
    /// For those of any route.
    are_everywhere: bool,
}

/// What to do with a request, decided on its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Plan {
    /// The number of the route, or the last target for requests without one.
    pub(crate) target: usize,
    /// What its handler does with the body.
    pub(crate) body: BodyUse,
    /// Whether there is a route.
    pub(crate) found: bool,
    /// Whether its handler has a timeout.
    pub(crate) is_timed: bool,
    /// Bytes of the body that the route accepts, if it says so itself.
    pub(crate) body_limit: Option<u64>,
}

impl Plan {
    /// Whether the body is to be written into a file.
    pub(crate) fn is_spooled(&self) -> bool {
        self.body == BodyUse::Spooled
    }

    /// Whether the handler reads the body while it arrives.
    pub(crate) fn is_live(&self) -> bool {
        self.body == BodyUse::Live
    }
}

impl Service {
    pub(crate) fn new(
        router: Router,
        chains: Chains,
        errors: ErrorHandlers,
        container: Container,
    ) -> Self {
        // What error handlers need is needed by every request that fails.
        let others = container.demands.get(router.routes().len()..);
        let is_any_scoped = |demands: &[Demand]| demands.iter().any(|demand| demand.is_scoped);
        let scopes = Scopes {
            are_there: is_any_scoped(&container.demands),
            are_everywhere: others.is_some_and(is_any_scoped),
        };
        let routes = router.routes();
        let entries = routes.iter().map(|route| Entry {
            pattern: path_of(&route.text).to_owned(),
            parameters: route.pattern.parameters().map(str::to_owned).collect(),
        });
        let directory = Directory {
            routes: entries.collect(),
            handled: errors.handled(),
            components: container.instances,
        };
        let names = routes.iter().map(|route| route.origin.to_string());
        Service {
            directory: Arc::new(directory),
            names: names.chain(["no route".to_owned()]).collect(),
            router,
            chains,
            errors,
            scopes,
            hooks: Mutex::new(container.hooks),
            shows_errors: false,
        }
    }

    /// With a middleware around all others.
    #[track_caller]
    pub(crate) fn around(mut self, middleware: impl MiddlewareFn) -> Self {
        let layer = Layer::new(middleware, Location::caller());
        self.chains.surround(&layer, self.router.routes().len());
        self
    }

    /// Calls what the program does before it serves.
    pub(crate) fn start(&self) -> Result<(), Error> {
        self.hooks().start()
    }

    /// Calls what the program does when it serves no more.
    pub(crate) fn stop(&self) {
        self.hooks().stop();
    }

    fn hooks(&self) -> MutexGuard<'_, Hooks> {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The routes, to be shown: `println!("{}", service.routes())`.
    pub fn routes(&self) -> RouteList<'_> {
        RouteList::new(self.router.routes(), &self.chains)
    }

    /// What requests know of the routes: blank ones are made with it.
    pub(crate) fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// Routes a request of which only the head is there.
    pub(crate) fn plan(&self, request: &mut Request) -> Plan {
        match self.router.route(request) {
            Some(route) => Plan {
                target: request.route.unwrap_or_default(),
                body: route.body,
                found: true,
                is_timed: route.options.timeout.is_some(),
                body_limit: route.options.body_limit,
            },
            None => Plan {
                target: self.targets() - 1,
                ..Plan::default()
            },
        }
    }

    /// How many targets there are: one for each route, and one for requests without a route.
    pub(crate) fn targets(&self) -> usize {
        self.names.len()
    }

    /// Whether it is known of the handler of a target that it blocks: its route says so, or it waits
    /// for the body.
    pub(crate) fn blocks(&self, target: usize) -> bool {
        let route = self.router.routes().get(target);
        self.is_said_to_block(target) || route.is_some_and(|route| route.body == BodyUse::Live)
    }

    /// Whether the route of a target says that it blocks, which is of its handler as well as of what that returns.
    pub(crate) fn is_said_to_block(&self, target: usize) -> bool {
        let route = self.router.routes().get(target);
        route.is_some_and(|route| route.options.blocking)
    }

    /// How long the handler of a target may take.
    pub(crate) fn timeout(&self, target: usize) -> Option<Duration> {
        self.router.routes().get(target)?.options.timeout
    }

    /// The shortest timeout of all.
    pub(crate) fn shortest_timeout(&self) -> Option<Duration> {
        let routes = self.router.routes().iter();
        routes.filter_map(|route| route.options.timeout).min()
    }

    /// What the log calls the route of a target, with its pattern.
    pub(crate) fn route_name(&self, target: usize) -> String {
        let name = self.target_name(target);
        match self.router.routes().get(target) {
            Some(route) => {
                let methods: Vec<&str> = route.methods.iter().map(Method::as_str).collect();
                format!("{} {}: {name}", methods.join(","), route.text)
            }
            None => name.to_owned(),
        }
    }

    /// What the log calls a target: handler, file and line.
    pub(crate) fn target_name(&self, target: usize) -> &str {
        self.names.get(target).map_or("no route", String::as_str)
    }

    /// Answers a request that was planned. What is made for it is gone when this returns.
    #[inline]
    pub(crate) fn call(&self, request: &mut Request) -> Response {
        self.scoped(request, |request| self.call_here(request))
    }

    /// Runs this with a place for what is made for the request, if anything may be.
    #[inline]
    fn scoped(
        &self,
        request: &mut Request,
        code: impl FnOnce(&mut Request) -> Response,
    ) -> Response {
        if self.scopes.are_there {
            let _scope = self.has_scope(request).then(Scope::enter);
            return code(request);
        }
        code(request)
    }

    fn has_scope(&self, request: &Request) -> bool {
        let route = request
            .route
            .and_then(|route| self.router.routes().get(route));
        self.scopes.are_everywhere || route.is_some_and(|route| route.is_scoped)
    }

    #[inline]
    fn call_here(&self, request: &mut Request) -> Response {
        let layers = self.chains.of(request, &self.router);
        let mut response = if layers.is_empty() {
            self.answer(request)
        } else {
            self.through(layers, self, request)
        };
        // One way out, on which the answer isn't moved.
        if response.status().is_informational() {
            self.refuse_interim(request, &mut response);
        }
        response
    }

    /// Sends a request through middleware to its end.
    fn through(&self, layers: &[Layer], end: &dyn Endpoint, request: &mut Request) -> Response {
        // Around the middleware as well: what the handler does is caught further inside, so that
        // middleware sees a panicking handler as the 500 that it is.
        let response = self.guarded(request, |request| Next::new(layers, end).run(request));
        self.finished(request, response)
    }

    /// A 1xx is no answer: the client would wait for the one behind it (RFC 9110, section 15.2).
    #[cold]
    fn refuse_interim(&self, request: &Request, response: &mut Response) {
        let status = response.status();
        let cause = format!("{status} is not a final status");
        let refusal = self.end(request, Problem::internal(cause).into());
        drop_quietly(std::mem::replace(response, refusal));
    }

    fn unrouted(&self, request: &Request) -> Response {
        let options = request.method() == Method::OPTIONS;
        // `OPTIONS *` asks about the server as a whole (RFC 9110, section 9.3.7).
        if options && request.path() == "*" {
            return match self.router.all_methods() {
                Some(allow) => allowing(Response::new(StatusCode::NO_CONTENT), &allow),
                None => Response::new(StatusCode::NO_CONTENT),
            };
        }
        if let Some(problem) = self.router.refusal(request) {
            return problem.into_response();
        }
        let unmatched = self.router.unmatched(request.path().as_bytes());
        let detail = unmatched.to_string();
        match unmatched {
            Unmatched::NotFound => Problem::not_found(detail).into_response(),
            Unmatched::MethodNotAllowed(allow) if options => {
                allowing(Response::new(StatusCode::NO_CONTENT), &allow)
            }
            Unmatched::MethodNotAllowed(allow) => {
                let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED).with_detail(detail);
                allowing(problem.into_response(), &allow)
            }
        }
    }
}

/// A pattern without the query parameters that it declares.
fn path_of(pattern: &str) -> &str {
    pattern.split('?').next().unwrap_or(pattern)
}

fn allowing(mut response: Response, allow: &Allow) -> Response {
    // Methods are tokens, which are always valid as a value.
    if let Ok(value) = HeaderValue::try_from(allow.to_string()) {
        response.fields_mut().append(ALLOW, &value);
    }
    response
}

impl Endpoint for Service {
    fn answer(&self, request: &mut Request) -> Response {
        let routes = self.router.routes();
        let response = match request.route.and_then(|route| routes.get(route)) {
            Some(route) => self.guarded(request, |request| route.handler.call(request)),
            None => self.unrouted(request),
        };
        self.finished(request, response)
    }

    #[inline]
    fn finished(&self, request: &Request, response: Response) -> Response {
        match response.is_unfinished() {
            true => self.complete(request, response),
            false => response,
        }
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.routes())
    }
}

/// What a server can serve: an [`App`](crate::App), a [`Router`], or a [`Service`] made of them.
///
/// ```
/// use mini_spring::{IntoService, Request, Router};
///
/// let mut router = Router::new();
/// router.register("GET", "/", |_: &Request| "hello")?;
/// let service = router.into_service()?;
/// # Ok::<(), mini_spring::Error>(())
/// ```
pub trait IntoService {
    /// Checks and resolves everything.
    ///
    /// # Errors
    ///
    /// All mistakes that were found, in one report.
    fn into_service(self) -> Result<Service, Error>;
}

impl IntoService for Service {
    fn into_service(self) -> Result<Service, Error> {
        Ok(self)
    }
}

impl IntoService for Router {
    fn into_service(self) -> Result<Service, Error> {
        Ok(Service::new(
            self,
            Chains::default(),
            ErrorHandlers::default(),
            Container::default(),
        ))
    }
}

#[cfg(test)]
mod tests;
