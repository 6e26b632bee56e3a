//! Errors that say how they are answered: what `#[derive(Problem)]` is made of.
//!
//! A type's conversion is also kept in a table of the program, so that an error which `?` has turned into an
//! [`Error`](crate::Error) is still answered as its type says. The problem keeps the error, for handlers of its
//! type, for the one of all problems, and for the log. Knows no attribute.

use std::error::Error as StdError;
use std::fmt::Display;

use http::StatusCode;

use super::Problem;
use crate::error::{Boxed, causes};
use crate::probe::{First, Second};

/// How to get an error back from the box, as the problem that it is.
pub struct ErrorMapping {
    /// The problem, if the error is of this mapping's type, else the error.
    pub recover: fn(Boxed) -> Result<Problem, Boxed>,
    /// What the error says it is, without the error itself: for one that stays in what it is wrapped in.
    pub told: fn(&(dyn StdError + 'static)) -> Option<Problem>,
}

inventory::collect!(ErrorMapping);

/// The problem that this error's type says it is.
///
/// # Errors
///
/// The error, if its type says nothing.
pub(super) fn recover(error: Boxed) -> Result<Problem, Boxed> {
    let mut mappings = inventory::iter::<ErrorMapping>.into_iter();
    mappings
        .try_fold(error, |error, mapping| match (mapping.recover)(error) {
            Ok(problem) => Err(problem),
            Err(error) => Ok(error),
        })
        .map_or_else(Ok, Err)
}

/// What the first of an error and its causes that says how it is answered says: the error is in something that keeps
/// it, as `anyhow::Error` does with what was said around it.
pub(super) fn told(error: &(dyn StdError + 'static)) -> Option<Problem> {
    causes(error).find_map(|cause| {
        if let Some(problem) = cause.downcast_ref::<Problem>() {
            return Some(problem.copied());
        }
        let mut mappings = inventory::iter::<ErrorMapping>.into_iter();
        mappings.find_map(|mapping| (mapping.told)(cause))
    })
}

/// What an attribute says of one error.
pub struct ProblemShape {
    /// The status code.
    pub status: u16,
    /// A code that programs can rely on.
    pub code: Option<&'static str>,
    /// A text that is the same for every problem of this type.
    pub title: Option<&'static str>,
    /// A URI that names this kind of problem.
    pub kind: Option<&'static str>,
}

impl ProblemShape {
    /// An opaque 500.
    pub const NONE: Self = ProblemShape {
        status: 500,
        code: None,
        title: None,
        kind: None,
    };

    /// The problem, with this detail.
    pub fn problem(&self, detail: Option<String>) -> Problem {
        let status = StatusCode::from_u16(self.status);
        let mut problem = Problem::new(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if let Some(code) = self.code {
            problem = problem.with_code(code);
        }
        if let Some(title) = self.title {
            problem = problem.with_title(title);
        }
        if let Some(kind) = self.kind {
            problem = problem.with_type(kind);
        }
        match detail {
            Some(detail) => problem.with_detail(detail),
            None => problem,
        }
    }
}

// What an error says by itself.

impl<E: Display> First<E> {
    /// The problem says what the error says, unless it says something already.
    pub fn say(&self, problem: Problem, error: &E) -> Problem {
        match problem.detail() {
            Some(_) => problem,
            None => problem.with_detail(error.to_string()),
        }
    }
}

impl<E> Second<E> {
    /// The error has no text.
    pub fn say(&self, problem: Problem, _: &E) -> Problem {
        problem
    }
}

impl<E: Into<Boxed>> First<E> {
    /// The problem keeps the error that it is made of.
    pub fn keep(&self, problem: Problem, error: E) -> Problem {
        problem.made_of(error)
    }
}

impl<E> Second<E> {
    /// The error can't be kept.
    pub fn keep(&self, problem: Problem, _: E) -> Problem {
        problem
    }
}

impl<E: Into<Problem>> First<E> {
    /// Another error is answered as this one, which is in it.
    pub fn within(&self, inner: E) -> Problem {
        inner.into()
    }
}

impl<E> Second<E> {
    /// Doesn't compile: what comes here doesn't say how it is answered, and the compiler says what to do.
    pub fn within(&self, inner: E) -> Problem
    where
        E: TransparentProblem,
    {
        inner.into_problem()
    }
}

/// What the compiler asks for when nothing says how an error is answered that another one is `transparent` for.
/// Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` doesn't say how it is answered",
    label = "`#[problem(transparent)]` needs a problem here",
    note = "write a status instead, such as `#[problem(500)]`, or give `{Self}` a `#[derive(Problem)]` of its own"
)]
pub trait TransparentProblem {
    /// Never called.
    fn into_problem(self) -> Problem;
}

impl<E: StdError + 'static> First<E> {
    /// Another error, which this one is in, is answered as this one, if it says how.
    pub fn behind(&self, inner: &E) -> Option<Problem> {
        told(inner)
    }

    /// What an error says, if it is one of these.
    pub fn told(
        &self,
        error: &(dyn StdError + 'static),
        tell: fn(&E) -> Option<Problem>,
    ) -> Option<Problem> {
        tell(error.downcast_ref()?)
    }
}

impl<E> Second<E> {
    /// It is no error that could be asked.
    pub fn behind(&self, _: &E) -> Option<Problem> {
        None
    }

    /// No error is one of these.
    pub fn told(
        &self,
        _: &(dyn StdError + 'static),
        _: fn(&E) -> Option<Problem>,
    ) -> Option<Problem> {
        None
    }
}

impl<E: StdError + Send + Sync + Into<Problem> + 'static> First<E> {
    /// The problem that a boxed error is, if it is one of these.
    pub fn recover(&self, error: Boxed) -> Result<Problem, Boxed> {
        error.downcast::<E>().map(|error| (*error).into())
    }
}

impl<E> Second<E> {
    /// Such an error can't be in a box.
    pub fn recover(&self, error: Boxed) -> Result<Problem, Boxed> {
        Err(error)
    }
}
