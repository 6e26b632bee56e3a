//! Where an error was made: kept while a program is developed, for its error page.
//!
//! Nothing is kept unless somebody has asked for it, because to walk a stack takes a while. Knows neither errors nor
//! panics.

mod frames;
mod source;

use std::backtrace::Backtrace;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) use self::frames::Frame;

/// Whether traces are kept.
static IS_KEPT: AtomicBool = AtomicBool::new(false);

/// Keeps traces from now on.
pub(crate) fn keep() {
    IS_KEPT.store(true, Ordering::Relaxed);
}

/// A line of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u32,
}

impl Place {
    pub(crate) fn new(file: &str, line: u32) -> Self {
        Place {
            file: file.to_owned(),
            line,
        }
    }
}

impl From<&Location<'_>> for Place {
    fn from(location: &Location<'_>) -> Self {
        Place::new(location.file(), location.line())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// The stack on which an error was made, and where in the program that was.
#[derive(Debug)]
pub(crate) struct Trace {
    place: Place,
    /// Its frames are named when somebody looks at them.
    backtrace: Backtrace,
}

impl Trace {
    /// The stack here, if such things are kept.
    #[track_caller]
    pub(crate) fn here() -> Option<Arc<Self>> {
        match IS_KEPT.load(Ordering::Relaxed) {
            true => Trace::of(Location::caller()),
            false => None,
        }
    }

    /// The same for another place on this stack.
    #[cold]
    pub(crate) fn of(location: &Location<'_>) -> Option<Arc<Self>> {
        let is_kept = IS_KEPT.load(Ordering::Relaxed);
        is_kept.then(|| {
            Arc::new(Trace {
                place: Place::from(location),
                backtrace: Backtrace::force_capture(),
            })
        })
    }

    /// Where it was, unless that is in this crate.
    pub(crate) fn place(&self) -> Option<&Place> {
        let is_own = frames::is_of_the_program(&self.place.file);
        is_own.then_some(&self.place)
    }

    /// Who has called whom, the innermost first.
    pub(crate) fn frames(&self) -> Vec<Frame> {
        frames::parse(&self.backtrace.to_string())
    }
}
