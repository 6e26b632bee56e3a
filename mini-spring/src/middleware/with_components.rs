//! [`with_components`]: middleware that a function makes at the start, when there are settings and components.
//!
//! Until then a placeholder stands for it, which knows what the function needs and how it is called. Knows nothing of
//! where the components come from.

use std::any::{Any, type_name};
use std::fmt;
use std::sync::Arc;

use super::{Middleware, Next, Provides};
use crate::error::{Error, Result};
use crate::extract::Needs;
use crate::inject::{Injectable, Supply};
use crate::request::Request;
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;

/// A middleware that a function of components makes: one that depends on settings.
///
/// The function takes what a [`#[component]`](macro@crate::component) that is made once may take, and returns a
/// [`Middleware`] or a `Result` of one. It is called once at each place where it is written, when the components are
/// made, before the port opens. What is wrong with the middleware stops the start, as if it had been written there
/// itself, and lists of routes name it by its type.
///
/// ```
/// use mini_spring::{App, Cors, Inject, Request, TestApp, config, with_components};
///
/// #[config(prefix = "shop")]
/// struct ShopConfig {
///     #[config(default = "https://shop.example")]
///     origin: String,
/// }
///
/// let app = App::empty()
///     .route("GET", "/books", |_: &Request| "[]")
///     .layer(with_components(|shop: Inject<ShopConfig>| Cors::new().origin(&shop.origin)));
/// let app = TestApp::from_app(app);
/// let response = app.get("/books").header("Origin", "https://shop.example").send();
/// response.assert_header("Access-Control-Allow-Origin", "https://shop.example");
/// ```
///
/// The middleware takes its components by the function: one that needs more of them by itself, such as a function with
/// `#[middleware]`, stops the start.
pub fn with_components<A>(make: impl MakesMiddleware<A>) -> impl Middleware {
    Awaited(Arc::new(Plan {
        name: make.name(),
        wants: make.wants(),
        provides: make.provides(),
        make: Box::new(move |supply| make.make(supply)),
    }))
}

/// A middleware that isn't made yet.
#[derive(Clone)]
pub(super) struct Awaited(Arc<Plan>);

struct Plan {
    /// The type of the middleware.
    name: &'static str,
    wants: fn(&mut Needs),
    /// What is known of that by the type.
    provides: fn() -> Provides,
    make: Box<Maker>,
}

type Maker = dyn Fn(&mut Supply<'_>) -> Result<Arc<dyn Middleware>> + Send + Sync;

impl Awaited {
    /// The placeholder, if this is one.
    pub(super) fn of<M: Middleware>(middleware: &M) -> Option<Self> {
        let any: &dyn Any = middleware;
        any.downcast_ref::<Awaited>().cloned()
    }

    /// The name of the type that the function makes.
    pub(super) fn name(&self) -> &'static str {
        self.0.name
    }

    /// Calls the function.
    pub(super) fn make(&self, supply: &mut Supply<'_>) -> Result<Arc<dyn Middleware>> {
        (self.0.make)(supply)
    }
}

impl Middleware for Awaited {
    /// Where an application is built, what was made stands here instead.
    fn call(&self, _: &mut Request, _: Next<'_>) -> Response {
        let message = "the middleware of `with_components` is made where an application starts, and can't be called";
        Problem::internal(message).into_response()
    }

    fn requires(&self, needs: &mut Needs) {
        (self.0.wants)(needs);
    }

    fn provides(&self) -> Provides {
        (self.0.provides)()
    }
}

impl fmt::Debug for Awaited {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "with_components({})", self.0.name)
    }
}

/// A function of components that makes a middleware.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no function of components that makes a middleware",
    label = "this makes no middleware of components",
    note = "it is a function or a closure such as `|limits: Inject<Limits>| RateLimit::per_minute(limits.requests)`, of up to 8 arguments that a component may take"
)]
pub trait MakesMiddleware<A>: Send + Sync + 'static {
    /// The type that it makes.
    fn name(&self) -> &'static str;

    /// Says what its arguments need.
    fn wants(&self) -> fn(&mut Needs);

    /// What every middleware that it makes puts on requests.
    fn provides(&self) -> fn() -> Provides;

    /// Takes them and calls it.
    ///
    /// # Errors
    ///
    /// That of the function.
    fn make(&self, supply: &mut Supply<'_>) -> Result<Arc<dyn Middleware>>;
}

/// What such a function returns.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no middleware, nor a `Result` of one",
    label = "this can't be put around a handler",
    note = "the function of `with_components` returns a value that implements `mini_spring::Middleware`, or a `Result` of one"
)]
pub trait IntoMiddleware {
    /// The type of the middleware.
    type Middleware: Middleware;

    /// The middleware, if it could be made.
    ///
    /// # Errors
    ///
    /// It couldn't.
    fn into_middleware(self) -> Result<Self::Middleware>;
}

impl<M: Middleware> IntoMiddleware for M {
    type Middleware = M;

    fn into_middleware(self) -> Result<M> {
        Ok(self)
    }
}

impl<M: Middleware, E: Into<Error>> IntoMiddleware for std::result::Result<M, E> {
    type Middleware = M;

    fn into_middleware(self) -> Result<M> {
        self.map_err(Into::into)
    }
}

macro_rules! makes_middleware {
    ($($argument:ident)*) => {
        impl<F, R, $($argument),*> MakesMiddleware<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> R + Send + Sync + 'static,
            R: IntoMiddleware,
            $($argument: Injectable,)*
        {
            fn name(&self) -> &'static str {
                type_name::<R::Middleware>()
            }

            fn wants(&self) -> fn(&mut Needs) {
                |_needs| {
                    $($argument::want(_needs);)*
                }
            }

            fn provides(&self) -> fn() -> Provides {
                R::Middleware::always_provides
            }

            fn make(&self, _supply: &mut Supply<'_>) -> Result<Arc<dyn Middleware>> {
                // Arguments are evaluated from the left to the right, as they were wanted.
                let made = self($($argument::take(_supply)?),*);
                Ok(Arc::new(made.into_middleware()?))
            }
        }
    };
}

makes_middleware!();
makes_middleware!(A);
makes_middleware!(A B);
makes_middleware!(A B C);
makes_middleware!(A B C D);
makes_middleware!(A B C D E);
makes_middleware!(A B C D E G);
makes_middleware!(A B C D E G H);
makes_middleware!(A B C D E G H I);
