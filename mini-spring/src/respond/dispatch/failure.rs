//! The error of a result, in two steps: whether its type has a handler, else how it is answered.
//!
//! Knows no request and no handler.

use std::error::Error as StdError;

use super::Failed;
use crate::error::{Boxed, Handled};
use crate::probe::{First, Fourth, Second, Third};
use crate::respond::Problem;

// One whose very type has a handler is kept for it, whatever it says itself. Not every type can be asked for:
// a `TypeId` is of those without lifetimes only. A probe doesn't see lifetimes, so only where errors have none in
// practice, which is with `std::error::Error`s, their type is asked for.

impl<E: AsRef<dyn StdError + Send + Sync> + Send + Sync> First<E> {
    /// The error holds the one that counts.
    pub fn holding(&self) -> Holder {
        Holder
    }
}

impl<E: StdError + Send + Sync> Second<E> {
    /// The error is the one that counts.
    pub fn holding(&self) -> Itself {
        Itself
    }
}

impl<E> Third<E> {
    /// The error can't have a handler.
    pub fn holding(&self) -> Loose {
        Loose
    }
}

/// A box of an error.
pub struct Holder;

/// An error.
pub struct Itself;

/// What is no `std::error::Error`.
pub struct Loose;

impl Holder {
    /// The box as a problem, if what is in it has a handler.
    pub fn keep<E>(self, error: Failed<E>, handled: &Handled) -> Result<Problem, Failed<E>>
    where
        E: AsRef<dyn StdError + Send + Sync> + Send + Sync + 'static,
    {
        match handled.has(error.0.as_ref()) {
            true => Ok(Problem::kept(error.0)),
            false => Err(error),
        }
    }
}

impl Itself {
    /// The error as a problem, if it has a handler.
    pub fn keep<E>(self, error: Failed<E>, handled: &Handled) -> Result<Problem, Failed<E>>
    where
        E: StdError + Send + Sync + 'static,
    {
        match handled.has(&error.0) {
            true => Ok(Problem::kept(Boxed::from(error.0))),
            false => Err(error),
        }
    }
}

impl Loose {
    /// The error, always.
    pub fn keep<E>(self, error: Failed<E>, _: &Handled) -> Result<Problem, Failed<E>> {
        Err(error)
    }
}

// Any other error: a problem, or any error that can be boxed.

impl<E: Into<Problem>> First<E> {
    /// The error says itself how it is answered.
    pub fn failure(&self) -> Told {
        Told
    }
}

impl<E: AsRef<dyn StdError + Send + Sync> + Send + Sync> Second<E> {
    /// The error is a box of another crate.
    pub fn failure(&self) -> Closed {
        Closed
    }
}

impl<E: Into<Box<dyn StdError + Send + Sync>>> Third<E> {
    /// The error is for the log.
    pub fn failure(&self) -> Untold {
        Untold
    }
}

impl<E> Fourth<E> {
    /// The error can't be answered.
    pub fn failure(&self) -> NoFailure {
        NoFailure
    }
}

/// An error that is `Into<Problem>`.
pub struct Told;

/// A box of an error, which nothing but a reference to it comes out of.
pub struct Closed;

/// An error that is opaque to the client.
pub struct Untold;

/// A type that is no error.
pub struct NoFailure;

impl Told {
    /// The problem that it is.
    pub fn answer(self, error: impl Into<Problem>) -> Problem {
        error.into()
    }
}

impl Closed {
    /// 500; the box is kept, so that what is in it is the cause.
    pub fn answer<E>(self, error: E) -> Problem
    where
        E: AsRef<dyn StdError + Send + Sync> + Send + Sync + 'static,
    {
        Problem::wrapping(error)
    }
}

impl Untold {
    /// 500; the error is kept for the log.
    pub fn answer(self, error: impl Into<Box<dyn StdError + Send + Sync>>) -> Problem {
        Problem::internal(error)
    }
}

impl NoFailure {
    /// Doesn't compile: nothing that comes here is an [`AnswerableError`].
    pub fn answer<E: AnswerableError>(self, error: E) -> Problem {
        error.into_problem()
    }
}

/// What the compiler asks for when a handler's error type is none. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be answered as an error",
    label = "the error type of this result is no error",
    note = "write `#[derive(Problem)]`, or implement `From<{Self}> for mini_spring::Problem`, to say how it is answered, or `std::error::Error` to answer 500 and log it",
    note = "a boxed error is `Box<dyn std::error::Error + Send + Sync>`; `mini_spring::Result<T>` takes every error with `?`"
)]
pub trait AnswerableError {
    /// Never called.
    fn into_problem(self) -> Problem;
}
