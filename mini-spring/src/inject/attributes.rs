//! The attributes of dependency injection, with an example each; what they mean stands at their macros.

/// Makes something injectable, as whoever needs it takes an [`Inject`](crate::Inject):
///
/// ```
/// use mini_spring::{Inject, TestApp, component, route, routes};
///
/// struct Prices {
///     cents: Vec<u32>,
/// }
///
/// #[component]
/// fn prices() -> Prices {
///     Prices { cents: vec![990, 1490] }
/// }
///
/// /// A struct whose fields are all injected.
/// #[component]
/// struct Till {
///     prices: Inject<Prices>,
/// }
///
/// struct Basket {
///     total: u32,
/// }
///
/// /// Made for each request that needs it, of what handlers take.
/// #[component(scope = request)]
/// fn basket(#[header("X-Items")] items: usize, till: Inject<Till>) -> Basket {
///     Basket { total: till.prices.cents.iter().take(items).sum() }
/// }
///
/// #[route(GET, "/total")]
/// fn total(basket: Inject<Basket>) -> String {
///     basket.total.to_string()
/// }
///
/// let app = TestApp::of(routes![total]);
/// app.get("/total").header("X-Items", "2").send().assert_text("2480");
/// app.get("/total").send().assert_status(400);
/// ```
///
pub use mini_spring_macros::component;

/// Says which profiles have a component:
///
/// ```
/// use mini_spring::{Inject, TestApp, component, profile, route, routes};
///
/// trait Clock: Send + Sync {
///     fn hour(&self) -> u32;
/// }
///
/// struct Fixed(u32);
///
/// impl Clock for Fixed {
///     fn hour(&self) -> u32 {
///         self.0
///     }
/// }
///
/// #[profile("dev", "prod")]
/// #[component(as dyn Clock)]
/// fn morning() -> Fixed {
///     Fixed(8)
/// }
///
/// /// The profile of a `TestApp`.
/// #[profile("test")]
/// #[component(as dyn Clock)]
/// fn noon() -> Fixed {
///     Fixed(12)
/// }
///
/// #[route(GET, "/hour")]
/// fn hour(clock: Inject<dyn Clock>) -> String {
///     clock.hour().to_string()
/// }
///
/// TestApp::of(routes![hour]).get("/hour").send().assert_text("12");
/// ```
///
pub use mini_spring_macros::profile;

/// Has a function called before the port opens:
///
/// ```standalone_crate
/// use std::sync::Mutex;
/// use mini_spring::{Inject, TestApp, component, on_start, route};
///
/// struct Stock {
///     goods: Mutex<Vec<&'static str>>,
/// }
///
/// #[component]
/// fn stock() -> Stock {
///     Stock { goods: Mutex::default() }
/// }
///
/// #[on_start]
/// fn fill(stock: Inject<Stock>) {
///     stock.goods.lock().unwrap().push("tea");
/// }
///
/// #[route(GET, "/stock")]
/// fn all(stock: Inject<Stock>) -> Vec<&'static str> {
///     stock.goods.lock().unwrap().clone()
/// }
///
/// // Hooks belong to a whole program.
/// TestApp::new().get("/stock").send().assert_json(["tea"]);
/// ```
///
pub use mini_spring_macros::on_start;

/// Has a function called when the server has stopped:
///
/// ```standalone_crate
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use mini_spring::{TestApp, on_stop, route};
///
/// static IS_CLOSED: AtomicBool = AtomicBool::new(false);
///
/// #[on_stop]
/// fn close() {
///     IS_CLOSED.store(true, Ordering::Relaxed);
/// }
///
/// #[route(GET, "/")]
/// fn hello() -> &'static str {
///     "hello"
/// }
///
/// let app = TestApp::new();
/// app.get("/").send().assert_text("hello");
/// assert!(!IS_CLOSED.load(Ordering::Relaxed));
/// drop(app);
/// assert!(IS_CLOSED.load(Ordering::Relaxed));
/// ```
///
pub use mini_spring_macros::on_stop;
