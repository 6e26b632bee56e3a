//! Which values a middleware puts on requests, as far as it says so.

use std::any::TypeId;

/// Which values a middleware puts on every request that it lets pass: what [`Middleware::provides`]
/// tells, and `#[middleware(provides = User)]`.
///
/// A handler that takes an [`Extension<User>`](crate::Extension) is checked by it before the server starts.
///
/// ```
/// use mini_spring::{App, Extension, Middleware, Next, Provides, Request, Response, route, routes};
///
/// #[derive(Clone)]
/// struct Tenant(u32);
///
/// struct OneTenant;
///
/// impl Middleware for OneTenant {
///     fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
///         request.extensions_mut().insert(Tenant(7));
///         next.run(request)
///     }
///
///     fn provides(&self) -> Provides {
///         Provides::of::<Tenant>()
///     }
/// }
///
/// #[route(GET, "/tenant")]
/// fn tenant(tenant: Extension<Tenant>) -> String {
///     tenant.0.to_string()
/// }
///
/// let app = App::empty().mount("/", routes![tenant]).layer(OneTenant);
/// let response = app.call(Request::get("/tenant").build()?);
/// assert_eq!(response.body_bytes(), Some(&b"7"[..]));
/// # Ok::<(), mini_spring::Error>(())
/// ```
///
/// [`Middleware::provides`]: crate::Middleware::provides
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provides {
    types: Vec<TypeId>,
    is_stated: bool,
}

impl Provides {
    /// The middleware doesn't say: it may put anything there.
    ///
    /// ```
    /// use mini_spring::{Middleware, Next, Provides, Request, Response};
    ///
    /// fn plain(request: &mut Request, next: Next) -> Response {
    ///     next.run(request)
    /// }
    ///
    /// assert_eq!(plain.provides(), Provides::unstated());
    /// assert_ne!(Provides::nothing(), Provides::unstated());
    /// assert_eq!(Provides::nothing().and::<u32>(), Provides::of::<u32>());
    /// ```
    pub fn unstated() -> Self {
        Provides {
            types: Vec::new(),
            is_stated: false,
        }
    }

    /// It puts nothing there.
    pub fn nothing() -> Self {
        Provides {
            types: Vec::new(),
            is_stated: true,
        }
    }

    /// A value of this type, and none of others.
    pub fn of<T: 'static>() -> Self {
        Provides::nothing().and::<T>()
    }

    /// A value of this type as well.
    pub fn and<T: 'static>(mut self) -> Self {
        self.types.push(TypeId::of::<T>());
        self.is_stated = true;
        self
    }

    /// Whether it says what it puts there.
    pub(crate) fn is_stated(&self) -> bool {
        self.is_stated
    }

    /// The types of which it says so.
    pub(crate) fn types(&self) -> &[TypeId] {
        &self.types
    }
}
