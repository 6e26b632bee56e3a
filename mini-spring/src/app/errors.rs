//! The error handlers of an application: those of the table, named ones, and functions.

use std::error::Error as StdError;
use std::panic::Location;

use super::App;
use crate::error_handler::{ErrorHandler, ErrorHandlers, ErrorRecord, Role};
use crate::inject::Root;
use crate::mistakes::Mistakes;
use crate::request::Request;
use crate::respond::{IntoResponse, Problem};
use crate::routing::Origin;

impl App {
    /// Adds error handlers by name: `error_handlers(errors![database, all])`. [`App::new`] has those of the
    /// program already; [`App::empty`] starts without any.
    ///
    /// ```
    /// use mini_spring::{App, Problem, Request, error_handler, errors};
    ///
    /// #[error_handler]
    /// fn all(problem: Problem, request: &Request) -> Problem {
    ///     problem.with("path", request.path())
    /// }
    ///
    /// let app = App::empty()
    ///     .route("GET", "/", |_: &Request| "hello")
    ///     .error_handlers(errors![all]);
    /// let response = app.call(Request::get("/nothing").build()?);
    /// assert!(response.body_bytes().unwrap().ends_with(br#""path":"/nothing"}"#));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn error_handlers(
        mut self,
        handlers: impl IntoIterator<Item = &'static ErrorRecord>,
    ) -> Self {
        self.built.take();
        self.errors
            .extend(handlers.into_iter().map(ErrorHandler::of));
        self
    }

    /// Answers errors of one type by a function: an [`#[error_handler]`](macro@crate::error_handler) without
    /// a macro.
    ///
    /// ```
    /// use std::num::ParseIntError;
    ///
    /// use mini_spring::{App, Problem, Request};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/<number>", |request: &Request| {
    ///         let number: i64 = request.param("number").unwrap_or_default().parse()?;
    ///         Ok::<_, mini_spring::Error>((-number).to_string())
    ///     })
    ///     .on_error(|error: &ParseIntError, _: &Request| Problem::bad_request(error.to_string()));
    /// assert_eq!(app.call(Request::get("/x").build()?).status(), 400);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn on_error<E, F, R>(mut self, handler: F) -> Self
    where
        E: StdError + Send + Sync + 'static,
        F: Fn(&E, &Request) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        self.built.take();
        let origin = Origin::of::<F>(Location::caller());
        let handler = ErrorHandler::new(origin, Role::typed(handler));
        self.errors.push(Ok(handler));
        self
    }

    /// Has a function answer all problems: an [`#[error_handler]`](macro@crate::error_handler) without a macro.
    ///
    /// ```
    /// use mini_spring::{App, Problem, Request, Response};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/", |_: &Request| "hello")
    ///     .on_problem(|problem: Problem, _: &Request| Response::json(&[problem.code()]));
    /// let response = app.call(Request::get("/nothing").build()?);
    /// assert_eq!((response.status().as_u16(), response.body_bytes()), (404, Some(&br#"["not_found"]"#[..])));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    #[track_caller]
    pub fn on_problem<F, R>(mut self, handler: F) -> Self
    where
        F: Fn(Problem, &Request) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        self.built.take();
        let origin = Origin::of::<F>(Location::caller());
        let handler = ErrorHandler::new(origin, Role::all(handler));
        self.errors.push(Ok(handler));
        self
    }

    /// Whether the table has error handlers of this crate.
    pub(super) fn has_error_handlers_of(&self, name: &str) -> bool {
        let mut table = self.error_table.unwrap_or_default().iter();
        table.any(|record| record.crate_name() == name)
    }

    /// The error handlers that are in force, and what they need.
    pub(super) fn error_handlers_chosen(
        &self,
        mistakes: &mut Mistakes,
    ) -> (ErrorHandlers, Vec<Root>) {
        let table = self.error_table.unwrap_or_default().iter();
        let is_wanted = |record: &&&ErrorRecord| match &self.crates {
            Some(names) => names.iter().any(|name| record.crate_name() == name),
            None => true,
        };
        let chosen = table
            .filter(is_wanted)
            .map(|record| ErrorHandler::of(record));
        let mut handlers = Vec::new();
        for handler in chosen.chain(self.errors.iter().cloned()) {
            match handler {
                Ok(handler) => handlers.push(handler),
                Err(mistake) => mistakes.add(mistake),
            }
        }
        let roots = handlers.iter().map(ErrorHandler::needs);
        let roots = roots.map(|(origin, needs)| Root {
            origin: origin.to_string(),
            needs: needs.to_vec(),
            has_request: true,
        });
        let roots = roots.collect();
        (ErrorHandlers::new(handlers, mistakes), roots)
    }
}
