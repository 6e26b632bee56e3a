//! The error behind a problem: for the log, for error handlers, and never for the client.

use std::any::Any;
use std::error::Error as StdError;
use std::sync::Arc;

use http::StatusCode;

use super::{Problem, mapping};
use crate::error::{Boxed, ClientFault, Error};
use crate::trace::Trace;

/// An error, or a box of one like those of crates for errors. Shared, because an answer keeps it for the log
/// while its problem goes to a handler.
#[derive(Clone)]
pub(crate) struct Cause {
    error: Arc<dyn AsRef<dyn StdError + Send + Sync> + Send + Sync>,
    trace: Option<Arc<Trace>>,
}

impl Cause {
    /// A box that is an [`Error`] knows itself where it was made.
    fn wrapping<W>(wrapper: W) -> Self
    where
        W: AsRef<dyn StdError + Send + Sync> + Send + Sync + 'static,
    {
        let error = (&wrapper as &dyn Any).downcast_ref::<Error>();
        Cause {
            trace: error.and_then(Error::trace),
            error: Arc::new(wrapper),
        }
    }

    /// The error.
    pub(crate) fn error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        (*self.error).as_ref()
    }

    /// Where it was made, or has become the cause of a problem.
    pub(crate) fn trace(&self) -> Option<Arc<Trace>> {
        self.trace.clone()
    }
}

impl Problem {
    /// Keeps the error behind the problem, for the log and for error handlers. The client learns nothing of it.
    ///
    /// ```
    /// use mini_spring::{Problem, http::StatusCode};
    ///
    /// let problem = Problem::new(StatusCode::BAD_GATEWAY).with_cause(std::fmt::Error);
    /// assert!(problem.cause().is_some_and(|cause| cause.is::<std::fmt::Error>()));
    /// ```
    ///
    /// Where a server error has a body behind it that the client has sent wrongly, which a
    /// [`Body`](crate::Body) or [`Multipart`](crate::Multipart) reports while it is read, it becomes what
    /// that is: 400, 408 or 413 with the reason.
    #[track_caller]
    pub fn with_cause(self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.because(Cause {
            error: Arc::new(cause.into()),
            trace: Trace::here(),
        })
    }

    fn because(mut self, cause: Cause) -> Self {
        if self.inner.status.is_server_error()
            && let Some(ClientFault { status, detail }) = ClientFault::behind(cause.error())
        {
            let fields = self.take_fields();
            self = Problem::new(*status).with_detail(detail.clone());
            self.inner.fields = fields;
        }
        self.inner.cause = Some(cause);
        self.inner.is_made_of_cause = false;
        self
    }

    /// The error behind it: what a 500 was made of, and every error with
    /// [`#[derive(Problem)]`](derive@crate::Problem) that is a `std::error::Error`.
    ///
    /// Its type is looked at by `downcast_ref`: `problem.cause()?.downcast_ref::<BookError>()`.
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.inner.cause.as_ref().map(Cause::error)
    }

    /// 500 because of the error in a box that can't be opened.
    pub(crate) fn wrapping<W>(wrapper: W) -> Self
    where
        W: AsRef<dyn StdError + Send + Sync> + Send + Sync + 'static,
    {
        let Some(told) = mapping::told(wrapper.as_ref()) else {
            return Problem::opaque(wrapper);
        };
        let mut problem = told.because(Cause::wrapping(wrapper));
        problem.inner.is_told_by_cause = true;
        problem
    }

    /// 500, and nothing more for the client.
    fn opaque<W>(wrapper: W) -> Self
    where
        W: AsRef<dyn StdError + Send + Sync> + Send + Sync + 'static,
    {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR).because(Cause::wrapping(wrapper))
    }

    /// Whether the program says nothing itself, so that whoever handles an error behind it may.
    pub(crate) fn speaks_for_causes(&self) -> bool {
        self.inner.is_told_by_cause || self.says_nothing()
    }

    /// The same, without the error behind it.
    pub(super) fn copied(&self) -> Self {
        let mut inner = self.inner.clone();
        inner.cause = None;
        inner.is_made_of_cause = false;
        Problem { inner }
    }

    /// The same for an error, or a box of one, that goes to the handler of its type.
    pub(crate) fn kept<W>(wrapper: W) -> Self
    where
        W: AsRef<dyn StdError + Send + Sync> + Send + Sync + 'static,
    {
        let mut problem = Problem::opaque(wrapper);
        problem.inner.is_made_of_cause = true;
        problem
    }

    /// What an error's type says of it: the error is kept as well.
    pub(crate) fn made_of(self, error: impl Into<Boxed>) -> Self {
        let mut problem = self.with_cause(error);
        problem.inner.is_made_of_cause = true;
        problem
    }

    /// The error that it was made of.
    pub(crate) fn origin(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.cause().filter(|_| self.inner.is_made_of_cause)
    }

    /// The cause, to be kept.
    pub(crate) fn shared_cause(&self) -> Option<Cause> {
        self.inner.cause.clone()
    }

    /// The cause has been told.
    pub(crate) fn forget_cause(&mut self) {
        self.inner.cause = None;
    }

    /// It stands for one that had this cause, unless it has its own.
    pub(crate) fn stands_for(&mut self, cause: Option<Cause>) {
        let own = self.inner.cause.take();
        self.inner.cause = own.or(cause);
    }
}

/// A problem that was an error is a problem again, and so is an error whose type says how it is answered. Any
/// other is 500, and for the log.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let trace = error.trace();
        let recovered = match error.into_std().downcast::<Problem>() {
            Ok(problem) => return *problem,
            Err(other) => mapping::recover(other),
        };
        let mut problem = recovered.unwrap_or_else(Problem::internal);
        if let Some(cause) = &mut problem.inner.cause {
            cause.trace = trace;
        }
        problem
    }
}

/// As for an [`Error`], which holds such a box.
impl From<Box<dyn StdError + Send + Sync>> for Problem {
    fn from(error: Box<dyn StdError + Send + Sync>) -> Self {
        Error::from(error).into()
    }
}
