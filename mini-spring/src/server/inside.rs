//! A worker's way into user code and out of it, with its permit at risk.
//!
//! Each driver has one [`Gatekeeper`], which its thread knows as well: so user code deep down can give
//! the permit up, by [`blocking`], without anything being handed down to it. Knows no connection.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::gate::PermitId;
use super::permit::{Inside, Left};
use super::shared::Shared;

thread_local! {
    static HERE: RefCell<Option<Rc<Gatekeeper>>> = const { RefCell::new(None) };
}

/// Keeps track of one worker's permit while it is inside user code.
pub(super) struct Gatekeeper {
    pub(super) shared: Arc<Shared>,
    held: Cell<Option<(PermitId, Inside)>>,
    /// It is inside without one.
    is_without: Cell<bool>,
}

/// While this lives, the thread knows its gatekeeper.
pub(super) struct Known;

impl Gatekeeper {
    pub(super) fn new(shared: Arc<Shared>) -> Rc<Self> {
        Rc::new(Gatekeeper {
            shared,
            held: Cell::new(None),
            is_without: Cell::new(false),
        })
    }

    /// Has user code on this thread find it.
    pub(super) fn make_known(self: &Rc<Self>) -> Known {
        HERE.set(Some(self.clone()));
        Known
    }

    /// Goes into user code with a permit, to answer this target.
    #[inline]
    pub(super) fn enter(&self, id: PermitId, target: usize) {
        let permit = &self.shared.permits[id];
        permit.target.store(target, Ordering::Relaxed);
        self.held.set(Some((id, permit.word.enter())));
        if self.shared.attention.is_needed() {
            self.shared.life.wake_clock();
        }
    }

    /// Goes into user code without one.
    #[cold]
    pub(super) fn enter_without(&self, target: usize) {
        self.is_without.set(true);
        self.shared.running.begins(target);
    }

    /// Gives the permit up, if it is still there, and if there are workers left for that. True: it is
    /// gone.
    pub(super) fn step_down(&self) -> bool {
        let Some((id, inside)) = self.held.get() else {
            return true;
        };
        let permit = &self.shared.permits[id];
        let word = &permit.word;
        let target = permit.target.load(Ordering::Relaxed);
        // If that fails, a watcher was first and has passed the permit on.
        if word.step_down(&inside) {
            match self.shared.gate.step_down(id) {
                Some(passed) => {
                    self.shared.running.begins(target);
                    self.shared.passed(passed);
                }
                // The word is that of a new holder: this one.
                None => {
                    self.held.set(Some((id, word.enter())));
                    return false;
                }
            }
        }
        true
    }

    /// Comes back from user code. Where the permit is lost, the call is one of those that
    /// [`RunningCalls`](super::running::RunningCalls) counts, until the caller says that it has ended.
    #[inline]
    pub(super) fn leave(&self) -> Left {
        match self.held.take() {
            Some((id, inside)) => self.shared.permits[id].word.leave(inside),
            None => {
                self.is_without.set(false);
                Left::Lost
            }
        }
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        HERE.take();
    }
}

/// Whether this thread is in user code that was called for a request, whose panics are caught and told.
pub(crate) fn is_inside() -> bool {
    let asked = HERE.try_with(|here| match here.try_borrow().as_deref() {
        Ok(Some(gatekeeper)) => gatekeeper.held.get().is_some() || gatekeeper.is_without.get(),
        _ => false,
    });
    asked.unwrap_or(false)
}

/// Runs code that is known to block, such as a query that takes its time.
///
/// The server notices by itself when a handler blocks, after a millisecond or two; this tells it
/// beforehand, and only where it is true: another worker takes this one's place at once. Outside of
/// handlers it just runs the code.
///
/// ```
/// use mini_spring::{TestApp, blocking, route, routes};
///
/// #[route(GET, "/report")]
/// fn report() -> std::io::Result<String> {
///     blocking(|| std::fs::read_to_string("Cargo.toml"))
/// }
///
/// let app = TestApp::of(routes![report]);
/// assert!(app.get("/report").send().text().contains("[package]"));
/// ```
pub fn blocking<T>(code: impl FnOnce() -> T) -> T {
    let here = HERE.with_borrow(Clone::clone);
    if let Some(gatekeeper) = here {
        gatekeeper.step_down();
    }
    code()
}
