//! The middleware of an application: what is added, and which routes each is around.
//!
//! From the outside to the inside: what is around everything, what is around a prefix (the shorter one first), what
//! is around a group (the outer one first), and what the handler has. All of it is evaluated here, once, and
//! what it needs is checked.

use std::collections::HashMap;
use std::panic::Location;
use std::ptr;

use mini_spring_pattern::{Pattern, Segment};

use super::{App, static_prefix};
use crate::component::Requirement;
use crate::extract::{BodyUse, Extended, Needs};
use crate::inject::{Demand, Root};
use crate::middleware::{Layer, LayerList, Middleware, MiddlewareFn, Provides};
use crate::mistakes::Mistakes;
use crate::routing::{GroupRecord, Route, RouteRecord, Router, groups_of};
use crate::service::{Chains, Prefix};

/// A middleware, and the paths that it is around.
pub(super) struct Added {
    prefix: Result<Prefix, String>,
    layer: Layer,
}

impl App {
    /// Puts a middleware around everything, answers of 404, 405 and OPTIONS included. The one that
    /// is added first is the outermost.
    ///
    /// ```
    /// use mini_spring::{App, Request};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/", |_: &Request| "hello")
    ///     .middleware(|request, next| next.run(request).header("X-Served-By", "mini-spring"));
    /// # let response = app.call(Request::get("/").build()?);
    /// # assert_eq!(response.fields().iter().last().unwrap().0, "x-served-by");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    ///
    /// A function or a closure is a middleware by itself; [`App::layer`] takes values such as
    /// [`Cors`](crate::Cors) as well. It is the same to the application, but the compiler finds out the types of a closure's
    /// arguments only here.
    #[track_caller]
    pub fn middleware(self, middleware: impl MiddlewareFn) -> Self {
        self.layer(middleware)
    }

    /// Puts a middleware around all routes below a prefix: `middleware_at("/api", f)` is around `/api` and
    /// `/api/users/<id>`, and not around `/apis`.
    ///
    /// Which routes these are is decided at start, by whole segments of their *patterns*: `/<page>` isn't below
    /// `/api`, although a request for `/api` may come to it. A prefix below which no route is stops the start.
    /// Requests without a route, which are answered 404, 405 or as OPTIONS, go through it if their path is below
    /// the prefix.
    ///
    /// Middleware around a prefix is further inside than middleware around everything, and around a longer prefix
    /// further inside than around a shorter one.
    ///
    /// ```
    /// use mini_spring::{App, Problem, Request, Response};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/", |_: &Request| "hello")
    ///     .route("GET", "/admin/log", |_: &Request| "secrets")
    ///     .middleware_at("/admin", |request, next| match request.header("X-Key") {
    ///         Some("sesame") => next.run(request),
    ///         _ => Response::ok(Problem::forbidden("not for you")),
    ///     });
    /// assert_eq!(app.call(Request::get("/").build()?).status(), 200);
    /// assert_eq!(app.call(Request::get("/admin/log").build()?).status(), 403);
    /// assert_eq!(app.call(Request::get("/admin/users").build()?).status(), 403);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn middleware_at(self, prefix: &str, middleware: impl MiddlewareFn) -> Self {
        self.layer_at(prefix, middleware)
    }

    /// Puts a value around everything, as [`App::middleware`] does with a function: whatever is
    /// [`Middleware`].
    ///
    /// ```
    /// use mini_spring::{App, Request, SecurityHeaders};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/", |_: &Request| "hello")
    ///     .layer(SecurityHeaders::new());
    /// # let response = app.call(Request::get("/").build()?);
    /// # assert!(response.fields().iter().any(|(name, _)| name == "x-content-type-options"));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn layer(self, middleware: impl Middleware) -> Self {
        self.add_layer(Ok(Prefix::default()), middleware, Location::caller())
    }

    /// Puts a value around all routes below a prefix, as [`App::middleware_at`] does with a function.
    ///
    /// ```
    /// use mini_spring::{App, Cors, Request};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/api/books", |_: &Request| "[]")
    ///     .layer_at("/api", Cors::permissive());
    /// # let request = Request::get("/api/books").header("Origin", "https://example.org");
    /// # let response = app.call(request.build()?);
    /// # assert!(response.fields().iter().any(|(name, value)| name == "access-control-allow-origin" && value == b"*"));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn layer_at(self, prefix: &str, middleware: impl Middleware) -> Self {
        let place = Location::caller();
        let prefix = segments(prefix)
            .map_err(|message| format!("{}:{}: {message}", place.file(), place.line()));
        self.add_layer(prefix, middleware, place)
    }

    fn add_layer(
        mut self,
        prefix: Result<Prefix, String>,
        middleware: impl Middleware,
        place: &'static Location<'static>,
    ) -> Self {
        self.built.take();
        let layer = Layer::new(middleware, place);
        self.middleware.push(Added { prefix, layer });
        self
    }

    /// Who goes through what. If middleware that is awaited will be made, `is_made`, what it puts on requests is left
    /// to the check of then.
    pub(super) fn around(&self, router: &Router, is_made: bool, mistakes: &mut Mistakes) -> Around {
        let mut added = Vec::new();
        for Added { prefix, layer } in &self.middleware {
            match prefix {
                Ok(prefix) => added.push((prefix, layer)),
                Err(mistake) => mistakes.add(mistake),
            }
        }
        // A stable sort: those of one prefix stay in their order.
        added.sort_by_key(|(prefix, _)| prefix.0.len());
        check_prefixes(&added, router, mistakes);
        let mut made = Made::default();
        let routes = router.routes().iter().map(|route| {
            let is_around = |prefix: &Prefix| begins(prefix, &route.pattern);
            let mut layers = around(&added, is_around);
            if let Some(record) = route.record {
                layers.extend(made.beside(record, mistakes));
            }
            check_values(route, &layers, is_made, mistakes);
            layers.into_boxed_slice()
        });
        let routes: Vec<_> = routes.collect();
        let all = added.iter().map(|(_, layer)| *layer).chain(made.layers());
        let layers: Vec<Layer> = all.cloned().collect();
        if layers.is_empty() {
            return Around::default();
        }
        let needs = layers.iter().map(|layer| needs_of(layer, mistakes));
        let needs = needs.collect();
        let missed = missed(&added);
        Around {
            chains: Chains { routes, missed },
            layers,
            needs,
        }
    }
}

/// All middleware of an application: where it stands, and what components it needs.
#[derive(Default)]
pub(super) struct Around {
    pub(super) chains: Chains,
    /// Each once.
    pub(super) layers: Vec<Layer>,
    needs: Vec<Vec<Requirement>>,
}

impl Around {
    /// What needs the components.
    pub(super) fn roots(&self) -> impl Iterator<Item = Root> {
        let layers = self.layers.iter().zip(&self.needs);
        layers.map(|(layer, needs)| Root {
            origin: layer.to_string(),
            needs: needs.clone(),
            // A function that makes a middleware is called before there are requests.
            has_request: !layer.is_awaited(),
        })
    }

    /// What a middleware demands of a request, each route that it is around demands. Only what is around requests
    /// without a route demands it of all.
    pub(super) fn spread(&self, demands: &mut [Demand], first: usize) {
        for (index, layer) in self.layers.iter().enumerate() {
            let Some(demand) = demands.get(first + index).copied() else {
                continue;
            };
            let has_it = |layers: &[Layer]| layers.iter().any(|other| other.is(layer));
            for (route, layers) in self.chains.routes.iter().enumerate() {
                if has_it(layers) {
                    demands[route].is_scoped |= demand.is_scoped;
                    demands[route].body = demands[route].body.max(demand.body);
                }
            }
            let mut missed = self.chains.missed.iter();
            if !missed.any(|(_, layers)| has_it(layers)) {
                demands[first + index] = Demand::default();
            }
        }
    }
}

/// The middleware of those prefixes.
fn around(added: &[(&Prefix, &Layer)], is_around: impl Fn(&Prefix) -> bool) -> Vec<Layer> {
    let around = added.iter().filter(|(prefix, _)| is_around(prefix));
    around.map(|(_, layer)| (*layer).clone()).collect()
}

/// The middleware for requests without a route, by prefix, the longest first.
fn missed(added: &[(&Prefix, &Layer)]) -> Vec<(Prefix, Box<[Layer]>)> {
    let mut prefixes: Vec<&Prefix> = added.iter().map(|(prefix, _)| *prefix).collect();
    let everything = Prefix::default();
    prefixes.push(&everything);
    prefixes.sort_by(|one, other| (other.0.len(), *other).cmp(&(one.0.len(), *one)));
    prefixes.dedup();
    let missed = prefixes.into_iter().map(|whole| {
        let layers = around(added, |prefix| whole.0.starts_with(&prefix.0));
        (whole.clone(), layers.into_boxed_slice())
    });
    missed.collect()
}

/// The segments of a prefix that is static.
fn segments(prefix: &str) -> Result<Prefix, String> {
    let prefix = static_prefix(prefix)?;
    if prefix.is_empty() {
        return Ok(Prefix::default());
    }
    let pattern: Pattern = prefix
        .parse()
        .map_err(|error| format!("the prefix `{prefix}`: {error}"))?;
    let segments = pattern
        .path
        .into_iter()
        .filter_map(|segment| match segment {
            Segment::Static(text) => Some(text),
            Segment::Parameter(_) | Segment::Tail(_) => None,
        });
    Ok(Prefix(segments.collect()))
}

/// Whether the pattern is below the prefix.
fn begins(prefix: &Prefix, pattern: &Pattern) -> bool {
    let is = |(text, segment): (&String, &Segment)| matches!(segment, Segment::Static(known) if known == text);
    prefix.0.len() <= pattern.path.len() && prefix.0.iter().zip(&pattern.path).all(is)
}

/// What is around nothing was meant to be around something.
fn check_prefixes(added: &[(&Prefix, &Layer)], router: &Router, mistakes: &mut Mistakes) {
    for (prefix, layer) in added {
        let mut routes = router.routes().iter();
        if !prefix.0.is_empty() && !routes.any(|route| begins(prefix, &route.pattern)) {
            mistakes.add(format!(
                "{layer} is around no route: no pattern is below `/{}`; correct the prefix",
                prefix.0.join("/")
            ));
        }
    }
}

/// What has been evaluated of the lists beside handlers and groups: each of them once.
#[derive(Default)]
struct Made {
    lists: HashMap<*const LayerList, Vec<Layer>>,
    /// The group that a module has.
    groups: HashMap<&'static str, &'static GroupRecord>,
}

impl Made {
    /// The middleware of the groups of a handler, and its own.
    fn beside(&mut self, record: &'static RouteRecord, mistakes: &mut Mistakes) -> Vec<Layer> {
        let mut layers = Vec::new();
        for group in groups_of(record.module) {
            let first = self.groups.entry(group.module).or_insert(group);
            if !ptr::eq(first.layers, group.layers) {
                mistakes.add(first.conflict(group));
            }
            layers.extend_from_slice(self.list(group.layers));
        }
        if let Some(list) = record.layers {
            layers.extend_from_slice(self.list(list));
        }
        layers
    }

    fn list(&mut self, list: &'static LayerList) -> &[Layer] {
        self.lists
            .entry(ptr::from_ref(list))
            .or_insert_with(list.make)
    }

    fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.lists.values().flatten()
    }
}

/// What a middleware needs by itself.
pub(super) fn needs_of(layer: &Layer, mistakes: &mut Mistakes) -> Vec<Requirement> {
    let mut needs = Needs::default();
    layer.requires(&mut needs);
    if let Some(faults) = needs.faulty() {
        mistakes.add(format!("{layer}: {faults}"));
    }
    if needs.body() != BodyUse::None {
        mistakes.add(format!(
            "{layer} takes the body, which is the handler's; take it there"
        ));
    }
    needs.into_components()
}

/// That a value which is taken from the request was put there further outside. What is to be made yet may put
/// anything there, unless its type says more.
pub(super) fn check_values(
    route: &Route,
    layers: &[Layer],
    is_made: bool,
    mistakes: &mut Mistakes,
) {
    let mut outside = Vec::new();
    for layer in layers {
        let mut needs = Needs::default();
        layer.requires(&mut needs);
        for wanted in needs.extensions() {
            check_value(&layer.to_string(), wanted, &outside, is_made, mistakes);
        }
        outside.push((layer, layer.provides()));
    }
    let mut needs = Needs::default();
    if let Some(record) = route.record {
        (record.requires)(&mut needs);
    }
    for wanted in needs.extensions() {
        check_value(
            &route.origin.to_string(),
            wanted,
            &outside,
            is_made,
            mistakes,
        );
    }
}

fn check_value(
    who: &str,
    wanted: &Extended,
    outside: &[(&Layer, Provides)],
    is_made: bool,
    mistakes: &mut Mistakes,
) {
    let mut provided = outside.iter().flat_map(|(_, provides)| provides.types());
    if provided.any(|provided| *provided == wanted.id) {
        return;
    }
    let name = wanted.name;
    let silent = outside.iter().find(|(_, provides)| !provides.is_stated());
    match silent {
        Some(_) if is_made && outside.iter().any(|(layer, _)| layer.is_awaited()) => {}
        Some((layer, _)) if layer.is_awaited() => log::warn!(
            "{who} takes a `{name}` from the request, and whether there is one is known at the start only, when {layer} \
             is made"
        ),
        Some((layer, _)) => log::warn!(
            "{who} takes a `{name}` from the request, and whether there is one isn't known before the start: \
             {layer} doesn't say what it puts there; write `#[middleware(provides = ..)]` above it"
        ),
        None => mistakes.add(format!(
            "{who} takes a `{name}` from the request, and no middleware around it puts one there; \
             put one around it that has `#[middleware(provides = ..)]`, or take `Option<Extension<..>>`"
        )),
    }
}
