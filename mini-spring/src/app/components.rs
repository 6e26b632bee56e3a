//! The components of an application: those of the program, those that were given, and what takes their place.

use std::panic::Location;
use std::sync::Arc;

use super::App;
use super::resolved::Resolved;
use crate::component::Key;
use crate::config::{Profile, ServerConfig, Settings, configs};
use crate::inject::{
    Graph, HookRecord, Provider, Reach, Root, hooks_of_program, providers_of_program, replace,
};
use crate::mistakes::Mistakes;
use crate::process;
use crate::routing::{Route, Router, table};
use crate::service::{Chains, Service};

impl App {
    /// Adds a component that is here already. What makes one is a function with
    /// [`#[component]`](macro@crate::component).
    ///
    /// ```
    /// use mini_spring::{App, Inject, Request, route, routes};
    ///
    /// struct Version(&'static str);
    ///
    /// #[route(GET, "/version")]
    /// fn version(version: Inject<Version>) -> &'static str {
    ///     version.0
    /// }
    ///
    /// let app = App::empty().mount("/", routes![version]).provide(Version("1.2"));
    /// let response = app.call(Request::get("/version").build()?);
    /// assert_eq!(response.body_bytes(), Some(&b"1.2"[..]));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn provide<T: Send + Sync + 'static>(self, component: T) -> Self {
        self.provide_shared(Arc::new(component))
    }

    /// As [`App::provide`], for one that is shared, or is known by a trait: `provide_shared::<dyn Orders>(..)`.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use mini_spring::{App, Inject, TestApp, route, routes};
    ///
    /// trait Greeter: Send + Sync {
    ///     fn greet(&self) -> String;
    /// }
    ///
    /// struct Polite;
    ///
    /// impl Greeter for Polite {
    ///     fn greet(&self) -> String {
    ///         "Good day.".to_owned()
    ///     }
    /// }
    ///
    /// #[route(GET, "/")]
    /// fn greet(greeter: Inject<dyn Greeter>) -> String {
    ///     greeter.greet()
    /// }
    ///
    /// let app = App::empty().mount("/", routes![greet]);
    /// let app = TestApp::from_app(app.provide_shared::<dyn Greeter>(Arc::new(Polite)));
    /// app.get("/").send().assert_text("Good day.");
    /// ```
    #[track_caller]
    pub fn provide_shared<T: ?Sized + Send + Sync + 'static>(mut self, component: Arc<T>) -> Self {
        self.built.take();
        let provider = Provider::given(component, Location::caller());
        self.provided.push(provider);
        self
    }

    /// Puts a component in the place of all others of its type, which are not made: for tests.
    ///
    /// The type is that of the `Arc`, and not what else it could be: a trait is named, `replace::<dyn Clock>(..)`. A type
    /// that nothing provides and nothing needs is a mistake, which is reported when the application is built.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use mini_spring::{App, Inject, Request, component, route, routes};
    ///
    /// trait Clock: Send + Sync {
    ///     fn hour(&self) -> u32;
    /// }
    ///
    /// struct SystemClock;
    ///
    /// impl Clock for SystemClock {
    ///     fn hour(&self) -> u32 {
    ///         let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    ///         (since.as_secs() / 3600 % 24) as u32
    ///     }
    /// }
    ///
    /// #[component(as dyn Clock)]
    /// fn clock() -> SystemClock {
    ///     SystemClock
    /// }
    ///
    /// #[route(GET, "/greeting")]
    /// fn greeting(clock: Inject<dyn Clock>) -> &'static str {
    ///     if clock.hour() < 12 { "good morning" } else { "hello" }
    /// }
    ///
    /// struct Always(u32);
    ///
    /// impl Clock for Always {
    ///     fn hour(&self) -> u32 {
    ///         self.0
    ///     }
    /// }
    ///
    /// let app = App::empty().mount("/", routes![greeting]).replace::<dyn Clock>(Arc::new(Always(9)));
    /// let response = app.call(Request::get("/greeting").build()?);
    /// assert_eq!(response.body_bytes(), Some(&b"good morning"[..]));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn replace<T: ?Sized + Send + Sync + 'static>(mut self, component: Arc<T>) -> Self {
        self.built.take();
        let provider = Provider::given(component, Location::caller());
        self.replaced.push(provider);
        self
    }

    /// The graph of all that is needed, with what is wrong in it among the mistakes.
    pub(super) fn graph(
        &self,
        router: &Router,
        errors: Vec<Root>,
        reach: Reach,
        profile: &str,
        mistakes: &mut Mistakes,
    ) -> Graph {
        let routes = router.routes().iter().map(|route| Root {
            origin: route.origin.to_string(),
            needs: route.needs.clone(),
            has_request: true,
        });
        let hooks = self.hooks().iter().map(|hook| hook.root());
        let roots: Vec<Root> = routes.chain(errors).chain(hooks).collect();
        let providers = self.providers(&roots, profile, mistakes);
        let graph = Graph::new(providers, roots, reach);
        graph
            .report(profile)
            .for_each(|mistake| mistakes.add(mistake));
        graph
    }

    /// Checks everything that can be checked before components are made, or says all that is wrong with settings,
    /// routes and what needs what.
    pub(crate) fn check(
        &self,
        reach: Reach,
        settings: &Settings,
        cores: usize,
    ) -> Result<(ServerConfig, Resolved), Mistakes> {
        let profile = settings.profile.name();
        let resolved = self.resolve(reach, profile, Some(settings));
        match (settings.server(cores), resolved) {
            (Ok(config), Ok(resolved)) => Ok((config, resolved)),
            (Err(mut mistakes), Err(more)) => {
                mistakes.extend(more);
                Err(mistakes)
            }
            (Err(mistakes), Ok(_)) | (Ok(_), Err(mistakes)) => Err(mistakes),
        }
    }

    /// The same for a test: with no components but those that are needed, and with the settings of its profile,
    /// without those of the command line.
    pub(crate) fn prepare_for_tests(&self) -> Result<(ServerConfig, Service), Mistakes> {
        // Its server, if it has one, has threads of its own number.
        let cores = 1;
        let settings = process::settings(Profile::test());
        let (config, resolved) = self.check(Reach::Needed, &settings, cores)?;
        Ok((config, resolved.make()?))
    }

    /// Builds it where nobody has read the settings. They are read if the program has structs of them.
    pub(super) fn build_alone(&self, reach: Reach) -> Result<Service, Mistakes> {
        let settings = match configs().next() {
            Some(_) => process::settings(Profile::of_this_build()),
            None => process::profile(),
        };
        let mut mistakes = settings.mistakes();
        let built = self.build(reach, &settings);
        let built = built.map_err(|more| mistakes.extend(more));
        match built {
            Ok(service) => mistakes.or(service),
            Err(()) => Err(mistakes),
        }
    }

    /// The routes and what is around them, if nothing is wrong with what can be checked without making anything.
    pub(crate) fn routes_checked(&self, profile: &str) -> Result<(Router, Chains), Mistakes> {
        let resolved = self.resolve(self.reach(), profile, None)?;
        Ok((resolved.router, resolved.around.chains))
    }

    /// What is called at the start and at the stop, which is for whole programs.
    pub(super) fn hooks(&self) -> &'static [&'static HookRecord] {
        match self.table {
            Some(_) => hooks_of_program(),
            None => &[],
        }
    }

    fn providers(&self, roots: &[Root], profile: &str, mistakes: &mut Mistakes) -> Vec<Provider> {
        let mut providers = providers_of_program(profile, mistakes);
        providers.extend(self.provided.iter().cloned());
        replace(
            &mut providers,
            &self.replaced,
            roots,
            some_route_needs,
            profile,
            mistakes,
        );
        providers
    }
}

/// Whether a route of the program needs it, be it mounted or not: tests of some routes may replace the same as tests
/// of others.
fn some_route_needs(key: Key) -> bool {
    let routes = table()
        .iter()
        .filter_map(|record| Route::of(record, "").ok());
    routes
        .flat_map(|route| route.needs)
        .any(|need| need.key.id == key.id)
}
