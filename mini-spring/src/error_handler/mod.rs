//! Handlers of errors: what `#[error_handler]` makes of a function, and the table of all of them.
//!
//! Knows requests, problems and answers; knows no router, and not when errors are handled.

mod handlers;
mod role;

use once_cell::sync::Lazy;

pub(crate) use self::handlers::{Called, ErrorHandler, ErrorHandlers};
pub use self::role::Role;
use crate::extract::Needs;

/// Makes a function answer errors:
///
/// ```
/// use mini_spring::{App, Problem, Request, error_handler, errors, http::StatusCode, route, routes};
///
/// #[error_handler]
/// fn file(error: &std::io::Error, request: &Request) -> Problem {
///     Problem::new(StatusCode::SERVICE_UNAVAILABLE).with_detail(format!("{} isn't there now", request.path()))
/// }
///
/// #[error_handler]
/// fn all(problem: Problem) -> Problem {
///     let place = format!("https://example.org/errors#{}", problem.code());
///     problem.with("documentation", place)
/// }
///
/// #[route(GET, "/menu")]
/// fn menu() -> mini_spring::Result<String> {
///     Ok(std::fs::read_to_string("/no/menu")?)
/// }
///
/// let app = App::empty().mount("/", routes![menu]).error_handlers(errors![file, all]);
/// let response = app.call(Request::get("/menu").build()?);
/// assert_eq!(response.status(), 503);
/// let body = String::from_utf8_lossy(response.body_bytes().unwrap());
/// assert!(body.contains("isn't there now") && body.contains("#service_unavailable"));
/// // It is for the log.
/// assert!(response.cause().is_some_and(|cause| cause.is::<std::io::Error>()));
/// # Ok::<(), mini_spring::Error>(())
/// ```
///
pub use mini_spring_macros::error_handler;

/// The type of an error handler's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error handler",
    label = "this names no error handler",
    note = "an error handler is a function with `#[error_handler]`"
)]
pub trait HandlesErrors {
    /// Its record. None where the attribute had a mistake that was reported.
    const RECORDS: &'static [ErrorRecord] = &[];
}

/// What the attribute makes of the function.
pub trait HandleError {
    /// Which errors it takes, and how.
    fn role() -> Role;

    /// Adds what its further arguments need.
    fn requires(needs: &mut Needs);
}

/// What `#[error_handler]` leaves behind of a function. Plain data and function pointers, so that it can be a
/// constant.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ErrorRecord {
    /// The name of the function.
    pub handler: &'static str,
    /// `module_path!()` of the function; its first segment is the crate.
    pub module: &'static str,
    /// `file!()` of the attribute.
    pub file: &'static str,
    /// `line!()` of the attribute.
    pub line: u32,
    /// Which errors it takes, and how.
    pub role: fn() -> Role,
    /// Adds what its further arguments need.
    pub requires: fn(&mut Needs),
}

inventory::collect!(ErrorRecord);

/// All records of the program, in a fixed order.
static TABLE: Lazy<Vec<&'static ErrorRecord>> = Lazy::new(|| {
    let mut records: Vec<_> = inventory::iter::<ErrorRecord>.into_iter().collect();
    records.sort_by_key(|record| (record.file, record.line));
    records
});

/// The table of all error handlers of the program.
pub(crate) fn table() -> &'static [&'static ErrorRecord] {
    &TABLE
}

impl ErrorRecord {
    /// The crate that the handler was written in.
    pub(crate) fn crate_name(&self) -> &'static str {
        self.module.split("::").next().unwrap_or(self.module)
    }
}

/// Names error handlers, for [`App::error_handlers`](crate::App::error_handlers).
///
/// Takes paths to functions with [`#[error_handler]`](macro@crate::error_handler), as
/// [`routes!`](crate::routes) takes those of handlers.
///
/// ```
/// use mini_spring::{App, Problem, Request, error_handler, errors, http::StatusCode};
///
/// #[error_handler]
/// fn unformatted(_: &std::fmt::Error) -> Problem {
///     Problem::new(StatusCode::SERVICE_UNAVAILABLE)
/// }
///
/// let app = App::empty()
///     .route("GET", "/", |_: &Request| Err::<&str, mini_spring::Error>(std::fmt::Error.into()))
///     .error_handlers(errors![unformatted]);
/// assert_eq!(app.call(Request::get("/").build()?).status(), 503);
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[macro_export]
macro_rules! errors {
    ($($handler:path),* $(,)?) => {
        $crate::__private::errors(&[$(<$handler as $crate::__private::HandlesErrors>::RECORDS),*])
    };
}

/// The records of some error handlers, one after the other.
#[doc(hidden)]
pub fn errors(handlers: &[&'static [ErrorRecord]]) -> Vec<&'static ErrorRecord> {
    handlers.iter().copied().flatten().collect()
}
