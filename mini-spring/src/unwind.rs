//! Code and values of the program that may panic: handlers, bodies, errors, and their drops.
//!
//! Knows nothing of what they are.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::one_line::one_line;

/// A panic that was caught; its payload is gone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Panicked {
    /// What it said, on one line, if it said it in text.
    pub(crate) message: Option<String>,
}

impl std::fmt::Display for Panicked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.message {
            Some(message) => write!(formatter, "panicked: {message}"),
            None => formatter.write_str("panicked with a value that is no text"),
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
        let message = panicked.message.unwrap_or_default();
        log::error!("a value panicked when it was dropped: {message}");
    }
}

#[cold]
fn panicked(payload: Box<dyn Any + Send>) -> Panicked {
    let message = message(&*payload);
    discard(payload);
    Panicked { message }
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
        let said = |text: &str| {
            Err(Panicked {
                message: Some(text.to_owned()),
            })
        };
        assert_eq!(caught(|| 7), Ok(7));
        assert_eq!(caught(|| -> u8 { panic!("plain") }), said("plain"));
        let lines = caught(|| -> u8 { panic!("a text\n  of {} lines", 2) });
        assert_eq!(lines, said("a text of 2 lines"));
        let silent = Err(Panicked { message: None });
        assert_eq!(caught(|| -> u8 { panic_any(7) }), silent);
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
