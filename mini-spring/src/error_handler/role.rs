//! Which errors a handler takes, told by the type of its first argument: `&E` is for errors of the type `E`, and
//! `Problem` for all that is answered.
//!
//! The type is looked at by a probe, so that an alias changes nothing. Generated code calls:
//!
//! ```text
//! probe::<Argument>().role().of(call)
//! ```
//!
//! where `call` takes the error out of an `Option`, once the further arguments are there.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use super::handlers::Called;
use crate::error::ErrorType;
use crate::probe::{First, Second, Third};
use crate::request::Request;
use crate::respond::dispatch::with_default_status;
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;

type OfType = Arc<dyn Fn(&(dyn StdError + 'static), &Request) -> Called<()> + Send + Sync>;

type OfAll = Arc<dyn Fn(Problem, &Request) -> Called<Problem> + Send + Sync>;

/// Which errors a handler takes, and how.
#[derive(Clone)]
pub enum Role {
    /// Those of one type.
    #[doc(hidden)]
    Typed(Typed),
    /// All that is answered.
    #[doc(hidden)]
    All(All),
}

/// A handler for one type of errors.
#[derive(Clone)]
pub struct Typed {
    pub(super) kind: ErrorType,
    pub(super) call: OfType,
}

/// A handler for all problems.
#[derive(Clone)]
pub struct All {
    pub(super) call: OfAll,
}

impl Role {
    /// A function of an error.
    pub(crate) fn typed<E, F, R>(handler: F) -> Self
    where
        E: StdError + Send + Sync + 'static,
        F: Fn(&E, &Request) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        Role::of_type(move |error: &E, request| {
            let response = handler(error, request).into_response();
            Called::Answered(with_default_status(response, UNTOLD))
        })
    }

    /// A function of a problem.
    pub(crate) fn all<F, R>(handler: F) -> Self
    where
        F: Fn(Problem, &Request) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        Role::of_all(move |problem, request| {
            let status = problem.status().as_u16();
            let response = handler(problem, request).into_response();
            Called::Answered(with_default_status(response, status))
        })
    }

    fn of_type<E: StdError + Send + Sync + 'static>(
        call: impl Fn(&E, &Request) -> Called<()> + Send + Sync + 'static,
    ) -> Self {
        Role::Typed(Typed {
            kind: ErrorType::of::<E>(),
            call: Arc::new(move |error, request| match error.downcast_ref::<E>() {
                Some(error) => call(error, request),
                // Nothing calls it with an error of another type.
                None => Called::Refused((), Problem::internal("the error is of another type")),
            }),
        })
    }

    fn of_all(call: impl Fn(Problem, &Request) -> Called<Problem> + Send + Sync + 'static) -> Self {
        Role::All(All {
            call: Arc::new(call),
        })
    }
}

/// The status of an error of which nothing is said.
const UNTOLD: u16 = StatusCode::INTERNAL_SERVER_ERROR.as_u16();

/// What generated code makes of a function: it takes the error once it has the other arguments, and answers with
/// this status where the function says no other.
type Call<T> = fn(&mut Option<T>, u16, &Request) -> Result<Response, Problem>;

impl First<Problem> {
    /// The handler is for all problems.
    pub fn role(&self) -> ForAll {
        ForAll
    }
}

impl<'e> First<&'e Problem> {
    /// Doesn't compile: a problem is taken by value.
    pub fn role(&self) -> ForNone
    where
        &'e Problem: OwnedProblem,
    {
        ForNone(<&'e Problem>::role())
    }
}

impl<E: StdError + Send + Sync> Second<&E> {
    /// The handler is for errors of one type.
    pub fn role(&self) -> ForType {
        ForType
    }
}

impl<T> Third<T> {
    /// Doesn't compile: what comes here is no [`HandledError`].
    pub fn role(&self) -> ForNone
    where
        T: HandledError,
    {
        ForNone(T::role())
    }
}

/// The argument is `Problem`.
pub struct ForAll;

/// The argument is `&E`.
pub struct ForType;

/// The argument is something else.
pub struct ForNone(Role);

impl ForAll {
    /// The handler.
    pub fn of(self, call: Call<Problem>) -> Role {
        Role::of_all(move |problem, request| {
            let status = problem.status().as_u16();
            let mut error = Some(problem);
            match (call(&mut error, status, request), error) {
                (Ok(response), _) => Called::Answered(response),
                (Err(failure), None) => Called::Failed(failure),
                (Err(refusal), Some(problem)) => Called::Refused(problem, refusal),
            }
        })
    }
}

impl ForType {
    /// The handler.
    pub fn of<E: StdError + Send + Sync + 'static>(
        self,
        call: for<'e> fn(&mut Option<&'e E>, u16, &Request) -> Result<Response, Problem>,
    ) -> Role {
        Role::of_type(move |error: &E, request| {
            let mut error = Some(error);
            match (call(&mut error, UNTOLD, request), error) {
                (Ok(response), _) => Called::Answered(response),
                (Err(failure), None) => Called::Failed(failure),
                (Err(refusal), Some(_)) => Called::Refused((), refusal),
            }
        })
    }
}

impl ForNone {
    /// Never called.
    pub fn of<T>(self, _: Call<T>) -> Role {
        self.0
    }
}

/// What the compiler asks for when the first argument of an error handler is no error. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "an error handler can't take `{Self}`",
    label = "this is no error",
    note = "the first argument is `error: &E`, where `E` is `std::error::Error + Send + Sync + 'static`, or `problem: Problem` for everything that is answered",
    note = "errors in a box are found by what is in it: name the type of the error itself"
)]
pub trait HandledError {
    /// Never called.
    fn role() -> Role;
}

/// What the compiler asks for when the first argument of an error handler is a borrowed problem. Nothing
/// implements it.
#[diagnostic::on_unimplemented(
    message = "an error handler can't take `{Self}`",
    label = "a problem is taken by value",
    note = "write `problem: Problem`: what the handler returns is answered instead of it"
)]
pub trait OwnedProblem {
    /// Never called.
    fn role() -> Role;
}

impl fmt::Debug for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Role::Typed(typed) => write!(formatter, "Typed({})", typed.kind.name),
            Role::All(_) => formatter.write_str("All"),
        }
    }
}
