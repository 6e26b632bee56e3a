//! The error handlers of an application, one for each type of errors and one for all problems, and which of
//! them a problem goes to.

use std::error::Error as StdError;

use super::ErrorRecord;
use super::role::{All, Role, Typed};
use crate::component::Requirement;
use crate::error::{Handled, causes};
use crate::extract::Needs;
use crate::mistakes::Mistakes;
use crate::request::Request;
use crate::respond::Problem;
use crate::response::Response;
use crate::routing::Origin;

/// A handler and where it was written.
#[derive(Debug, Clone)]
pub(crate) struct ErrorHandler {
    origin: Origin,
    role: Role,
    needs: Vec<Requirement>,
}

impl ErrorHandler {
    /// One that was written without a macro.
    pub(crate) fn new(origin: Origin, role: Role) -> Self {
        ErrorHandler {
            origin,
            role,
            needs: Vec::new(),
        }
    }

    /// Where it was written, and the components that its arguments need.
    pub(crate) fn needs(&self) -> (&Origin, &[Requirement]) {
        (&self.origin, &self.needs)
    }

    /// One of the table.
    ///
    /// # Errors
    ///
    /// What its further arguments need and isn't there.
    pub(crate) fn of(record: &'static ErrorRecord) -> Result<Self, String> {
        let origin = Origin::written(record.module, record.handler, record.file, record.line);
        let mut needs = Needs::default();
        (record.requires)(&mut needs);
        match needs.faulty() {
            None => Ok(ErrorHandler {
                needs: needs.into_components(),
                ..ErrorHandler::new(origin, (record.role)())
            }),
            Some(faults) => Err(format!("{origin}: {faults}")),
        }
    }
}

/// What has come of calling a handler.
pub(crate) enum Called<T> {
    /// Its answer.
    Answered(Response),
    /// It returned an error, which is its answer.
    Failed(Problem),
    /// It couldn't be called, because one of its arguments refused; the error is as it was.
    Refused(T, Problem),
}

/// All error handlers of an application.
#[derive(Default)]
pub(crate) struct ErrorHandlers {
    typed: Vec<(Origin, Typed)>,
    all: Option<(Origin, All)>,
}

impl ErrorHandlers {
    /// These; two for the same errors are a mistake. The same one may be there twice.
    pub(crate) fn new(
        handlers: impl IntoIterator<Item = ErrorHandler>,
        mistakes: &mut Mistakes,
    ) -> Self {
        let mut known = ErrorHandlers::default();
        for handler in handlers {
            if let Err(mistake) = known.add(handler) {
                mistakes.add(mistake);
            }
        }
        known
    }

    fn add(&mut self, handler: ErrorHandler) -> Result<(), String> {
        let ErrorHandler { origin, role, .. } = handler;
        match role {
            Role::Typed(typed) => {
                let mut others = self.typed.iter();
                if let Some((other, _)) = others.find(|(_, other)| other.kind.id == typed.kind.id) {
                    return conflict(&format!("`{}`", typed.kind.name), other, &origin);
                }
                self.typed.push((origin, typed));
            }
            Role::All(all) => match &self.all {
                Some((other, _)) => return conflict("all problems", other, &origin),
                None => self.all = Some((origin, all)),
            },
        }
        Ok(())
    }

    /// The types of errors that have a handler.
    pub(crate) fn handled(&self) -> Handled {
        Handled::of(self.typed.iter().map(|(_, typed)| typed.kind))
    }

    /// The handler that a problem goes to by the type of the error behind it, and that error.
    ///
    /// That is the error that the problem was made of, whatever its type says. Where a problem says nothing
    /// but 500, its cause is looked at, and what caused that; the first one with a handler counts.
    pub(crate) fn of_type<'h>(&'h self, problem: &'h Problem) -> Option<Handling<'h>> {
        if self.typed.is_empty() {
            return None;
        }
        let made_of = problem
            .origin()
            .map(|error| error as &(dyn StdError + 'static));
        let behind = problem.cause().filter(|_| problem.speaks_for_causes());
        let behind = behind.into_iter().flat_map(|cause| causes(cause));
        let mut errors = made_of.into_iter().chain(behind);
        errors.find_map(|error| {
            let mut handlers = self.typed.iter();
            let (origin, typed) = handlers.find(|(_, typed)| typed.kind.is_of(error))?;
            Some(Handling {
                origin,
                typed,
                error,
            })
        })
    }

    /// The handler of all problems.
    pub(crate) fn of_all(&self) -> Option<(&Origin, &All)> {
        self.all.as_ref().map(|(origin, all)| (origin, all))
    }
}

/// An error that has found its handler.
pub(crate) struct Handling<'h> {
    pub(crate) origin: &'h Origin,
    typed: &'h Typed,
    error: &'h (dyn StdError + 'static),
}

impl Handling<'_> {
    /// Calls the handler. This is code of the program.
    pub(crate) fn call(&self, request: &Request) -> Called<()> {
        (self.typed.call)(self.error, request)
    }
}

impl All {
    /// Calls the handler. This is code of the program.
    pub(crate) fn call(&self, problem: Problem, request: &Request) -> Called<Problem> {
        (self.call)(problem, request)
    }
}

fn conflict(errors: &str, known: &Origin, new: &Origin) -> Result<(), String> {
    match known == new {
        true => Ok(()),
        false => Err(format!(
            "{new} and {known} both handle {errors}; remove one of them"
        )),
    }
}
