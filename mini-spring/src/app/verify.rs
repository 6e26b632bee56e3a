//! Whether a program would start, as a test asks it.

use std::fmt;

use super::App;
use crate::error::Error;
use crate::process;

impl App {
    /// Checks what can be checked of a program without making anything and without its settings: routes, middleware,
    /// error handlers, and that the components that all of it needs are there, in this profile.
    /// [`verify!`](crate::verify) is the test that does it.
    ///
    /// ```
    /// use mini_spring::{App, Request};
    ///
    /// let twice = App::empty().route("GET", "/", |_: &Request| "").route("GET", "/", |_: &Request| "");
    /// let report = twice.verify().unwrap_err().to_string();
    /// assert!(report.contains("GET /"), "{report}");
    /// ```
    ///
    /// # Errors
    ///
    /// All mistakes that were found, in one report.
    pub fn verify(&self) -> Result<(), Error> {
        let settings = process::profile();
        self.resolve(self.reach(), settings.profile.name(), None)?;
        Ok(())
    }
}

/// Makes a test of the whole program: that it would start.
///
/// `verify!(app())` is [`App::verify`] of what the expression gives: an [`App`], or a `Result` of one. It is
/// for a program with a function that puts its application together, with middleware and
/// [`provide`](App::provide), which `main` calls as well. `verify!()` is that of [`App::new`], for a program
/// that has no such function: what `main` adds to its `App` isn't seen by it.
///
/// It calls the expression, makes no component and reads no settings; those are checked by `--print-config`,
/// where the program is to run. The profile is `dev`, as of any debug build, or that of `MINI_SPRING_PROFILE`. It is one
/// line where the program's tests are. What it can't see is code that nothing names, such as another crate's:
/// `use my_shop as _;`.
///
/// ```no_run
/// use mini_spring::{App, Request, RequestId};
///
/// fn app() -> App {
///     App::new().layer(RequestId).route("GET", "/health", |_: &Request| "up")
/// }
///
/// fn main() -> mini_spring::Result<()> {
///     app().run()
/// }
///
/// mini_spring::verify!(app());
/// ```
#[macro_export]
macro_rules! verify {
    () => {
        $crate::verify!($crate::App::new());
    };
    ($app:expr $(,)?) => {
        #[test]
        fn the_application_is_complete() {
            $crate::__private::verify($app);
        }
    };
}

/// What [`verify!`](crate::verify) takes.
#[diagnostic::on_unimplemented(
    message = "`verify!` takes an `App`, or a `Result` of one, and not `{Self}`",
    label = "this is no `App`",
    note = "write a function that `main` calls as well, `fn app() -> App`, and `verify!(app())`"
)]
pub trait Verifiable {
    /// The application, or why there is none.
    fn app(self) -> Result<App, String>;
}

impl Verifiable for App {
    fn app(self) -> Result<App, String> {
        Ok(self)
    }
}

impl<E: fmt::Debug> Verifiable for Result<App, E> {
    fn app(self) -> Result<App, String> {
        self.map_err(|error| format!("{error:?}"))
    }
}

/// Panics with the report of what is wrong with the program.
#[track_caller]
pub fn verify(app: impl Verifiable) {
    let verified = app
        .app()
        .and_then(|app| app.verify().map_err(|report| report.to_string()));
    if let Err(report) = verified {
        panic!("the program can't start: {report}");
    }
}
