//! Code and values of the program that may panic: handlers, bodies, errors, and their drops.
//!
//! Knows nothing of what they are. A panic's place is known only to the hook of the process, which leaves it here.

mod hook;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

pub(crate) use self::hook::{tell_places, told};
use crate::one_line::one_line;
use crate::trace::{Place, Trace};

/// A panic that was caught; its payload is gone.
#[derive(Debug)]
pub(crate) struct Panicked {
    /// What it said, on one line, if it said it in text.
    pub(crate) message: Option<String>,
    /// Where it was, if the hook knows.
    origin: Option<Box<Origin>>,
}

/// Where a panic has begun.
#[derive(Debug)]
struct Origin {
    message: Option<String>,
    place: Place,
    trace: Option<Arc<Trace>>,
}

impl Panicked {
    /// ` at src/shop.rs:12`, or nothing where that isn't known.
    pub(crate) fn at(&self) -> String {
        let place = self.origin.as_ref().map(|origin| &origin.place);
        place.map_or_else(String::new, |place| format!(" at {place}"))
    }

    /// One from nowhere.
    #[cfg(test)]
    pub(crate) fn saying(message: Option<String>) -> Self {
        Panicked {
            message,
            origin: None,
        }
    }

    /// The stack on which it has begun.
    pub(crate) fn trace(&self) -> Option<Arc<Trace>> {
        self.origin.as_ref()?.trace.clone()
    }
}

impl std::fmt::Display for Panicked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.message {
            Some(message) => write!(formatter, "panicked{}: {message}", self.at()),
            None => write!(
                formatter,
                "panicked{} with a value that is no text",
                self.at()
            ),
        }
    }
}

impl std::error::Error for Panicked {}

/// Runs code of the program.
///
/// What a panic left half changed must not matter to the caller.
#[inline]
pub(crate) fn caught<T>(code: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(code)).map_err(panicked)
}

/// Drops a value of the program; a panic of its drop ends here.
pub(crate) fn drop_quietly<T>(value: T) {
    if let Err(panicked) = caught(|| drop(value)) {
        let at = panicked.at();
        let message = panicked.message.unwrap_or_default();
        log::error!("a value panicked when it was dropped{at}: {message}");
    }
}

#[cold]
fn panicked(payload: Box<dyn Any + Send>) -> Panicked {
    // Before the payload is dropped, which may panic as well.
    let origin = hook::take();
    let message = message(&*payload);
    // A panic that goes on from another thread passes no hook: what is noted here is of one that was caught before.
    let origin = origin.filter(|origin| origin.message == message);
    discard(payload);
    Panicked { message, origin }
}

/// `panic!` makes a `&str` or a `String`.
fn message(payload: &(dyn Any + Send)) -> Option<String> {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))?;
    Some(one_line(text))
}

/// Drops the payload of a panic, which may panic again. That second payload is leaked, unless it is text: to
/// drop it could go on for ever.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload)))
        && !again.is::<&str>()
        && !again.is::<String>()
    {
        std::mem::forget(again);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::panic_any;

    #[test]
    fn panics_are_told_by_their_text() {
        let said = |code: fn() -> u8| caught(code).map_err(|panicked| panicked.message);
        let text = |text: &str| Err(Some(text.to_owned()));
        assert_eq!(said(|| 7), Ok(7));
        assert_eq!(said(|| panic!("plain")), text("plain"));
        let lines = said(|| panic!("a text\n  of {} lines", 2));
        assert_eq!(lines, text("a text of 2 lines"));
        assert_eq!(said(|| panic_any(7)), Err(None));
    }

    #[test]
    fn a_payload_and_a_value_may_panic_when_they_are_dropped() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        assert!(caught(|| panic_any(Bomb)).is_err());
        drop_quietly(Bomb);
    }
}
