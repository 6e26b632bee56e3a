//! The process's panic hook: it notes where a panic has begun, for whoever catches it.
//!
//! The standard library's hook would print each panic, in several lines and without the request. Where the panic is
//! caught and told by this crate, that is said twice, so such panics are only noted. All others, and hooks that the
//! program has set, are as they were.

use std::cell::{Cell, RefCell};
use std::panic::{self, PanicHookInfo};

use super::{Origin, Panicked, caught, message};
use crate::trace::{Place, Trace};

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

thread_local! {
    /// The panic of this thread that nobody has caught yet.
    static LAST: RefCell<Option<Box<Origin>>> = const { RefCell::new(None) };

    /// Whether whoever catches its panics tells them.
    static IS_TOLD: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of the program whose panic the caller tells, so that nobody else has to.
pub(crate) fn told<T>(code: impl FnOnce() -> T) -> Result<T, Panicked> {
    let before = IS_TOLD.replace(true);
    let result = caught(code);
    IS_TOLD.set(before);
    result
}

/// Notes the places of panics from now on. `is_caught` tells of the thread that asks whether its panics are caught and
/// told by this crate, next to those of [`told`]; then nothing prints them, unless the log is off, or `prints_all`.
pub(crate) fn tell_places(is_caught: fn() -> bool, prints_all: bool) {
    let before = panic::take_hook();
    // What is set now is the library's hook.
    let usual = panic::take_hook();
    let is_usual = is_same(&before, &usual);
    panic::set_hook(Box::new(move |about| {
        let is_caught = is_caught() || IS_TOLD.try_with(Cell::get).unwrap_or(false);
        let is_first = is_caught && note(about);
        let is_told = is_first && is_usual && log::log_enabled!(log::Level::Error);
        if !is_told || prints_all || cfg!(panic = "abort") {
            before(about);
        }
    }));
}

/// Whether both are the library's hook: the same function without anything that it would have to remember.
fn is_same(one: &Hook, other: &Hook) -> bool {
    std::ptr::eq(&raw const **one, &raw const **other)
}

/// Notes it. False: another one hasn't been caught, so this one may end the process, as one in a drop does.
fn note(about: &PanicHookInfo<'_>) -> bool {
    let origin = about.location().map(|location| {
        Box::new(Origin {
            message: message(about.payload()),
            place: Place::from(location),
            trace: Trace::of(location),
        })
    });
    if let Some(origin) = &origin {
        // If the program catches it, nobody else tells it.
        let message = origin.message.as_deref().unwrap_or_default();
        log::debug!("panicked at {}: {message}", origin.place);
    }
    let before = LAST.try_with(|last| match last.try_borrow_mut() {
        Ok(mut last) => std::mem::replace(&mut *last, origin),
        Err(_) => None,
    });
    match before {
        Ok(None) => true,
        Ok(Some(earlier)) => {
            log::warn!(
                "the panic before the next one, at {}, hasn't been told: the program has caught it, or it hasn't \
                 come to its end",
                earlier.place
            );
            false
        }
        Err(_) => false,
    }
}

/// What was noted of the panic that has just been caught.
pub(super) fn take() -> Option<Box<Origin>> {
    LAST.try_with(RefCell::take).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The process's hook is left alone here: it is the one of the test harness.
    #[test]
    fn a_hook_is_known_by_its_type() {
        fn usual(_: &PanicHookInfo<'_>) {}
        let boxed = || -> Hook { Box::new(usual) };
        let own: Hook = Box::new(|_| {});
        let count = std::sync::atomic::AtomicUsize::new(0);
        let counting: Hook = Box::new(move |_| {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        assert!(is_same(&boxed(), &boxed()));
        assert!(!is_same(&counting, &boxed()));
        assert!(!is_same(&counting, &own));
    }
}
