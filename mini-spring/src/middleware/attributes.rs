//! The attribute `#[middleware]` and the macro `group!`, with examples that need this crate.

/// Makes a function a middleware, or puts one around a handler:
///
/// ```
/// use mini_spring::{Bearer, Extension, Next, Request, Response, TestApp, middleware, route, routes};
///
/// #[derive(Clone)]
/// struct User(String);
///
/// #[middleware(provides = User)]
/// fn auth(request: &mut Request, next: Next, Bearer(token): Bearer) -> Response {
///     request.extensions_mut().insert(User(token));
///     next.run(request)
/// }
///
/// #[middleware(auth)]
/// #[middleware(|request, next| next.run(request).header("Cache-Control", "no-store"))]
/// #[route(GET, "/me")]
/// fn me(user: Extension<User>) -> String {
///     user.0.clone()
/// }
///
/// let app = TestApp::of(routes![me]);
/// app.get("/me").send().assert_status(401);
/// let response = app.get("/me").header("Authorization", "Bearer Ada").send();
/// response.assert_text("Ada").assert_header("Cache-Control", "no-store");
/// ```
pub use mini_spring_macros::middleware;

/// Gives the routes of a module a prefix and middleware:
///
/// ```
/// use mini_spring::{TestApp, route, routes};
///
/// mod books {
///     use mini_spring::{Next, Request, Response, group, route};
///
///     group! { prefix: "/api/books", middleware: [stamped] }
///
///     fn stamped(request: &mut Request, next: Next) -> Response {
///         next.run(request).header("X-Shelf", "7")
///     }
///
///     #[route(GET, "/")]
///     pub fn list() -> &'static str {
///         "none"
///     }
///
///     pub mod pages {
///         #[super::route(GET, "/<id>/pages")]
///         pub fn list(id: u32) -> String {
///             format!("of {id}")
///         }
///     }
/// }
///
/// let app = TestApp::of(routes![books::list, books::pages::list]);
/// app.get("/api/books").send().assert_text("none").assert_header("X-Shelf", "7");
/// assert_eq!(books::pages::list::url(7), "/api/books/7/pages");
/// app.get(books::pages::list::url(7)).send().assert_text("of 7");
/// ```
pub use mini_spring_macros::group;
