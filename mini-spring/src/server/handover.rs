//! Something that one thread leaves for another, unless that one has given up waiting for it.
//!
//! It is how output that is made elsewhere reaches a connection: it is left here first, and then the
//! connection's state word is told, as of any other event. Whoever runs the connection after that
//! finds it: either the thread that left it, or the runner that had the connection meanwhile and sees
//! `AGAIN` when it lets go. Knows no connection. Checked with loom, together with the state word.

use crate::sync::Mutex;

/// The place for one thing to be handed over.
#[derive(Debug)]
pub(super) struct Handover<T>(Mutex<State<T>>);

#[derive(Debug)]
enum State<T> {
    Awaited,
    Left(T),
    /// It has been taken, or nobody waits for it any more.
    Over,
}

impl<T> Handover<T> {
    pub(super) fn new() -> Self {
        Handover(Mutex::new(State::Awaited))
    }

    /// Leaves what is waited for.
    ///
    /// # Errors
    ///
    /// Nobody waits any more: it is the caller's again.
    pub(super) fn leave(&self, item: T) -> Result<(), T> {
        self.with(|state| match state {
            State::Awaited => {
                *state = State::Left(item);
                Ok(())
            }
            _ => Err(item),
        })
    }

    /// Takes what was left, if it was.
    pub(super) fn take(&self) -> Option<T> {
        self.with(|state| match std::mem::replace(state, State::Over) {
            State::Left(item) => Some(item),
            other => {
                *state = other;
                None
            }
        })
    }

    /// Doesn't wait any longer. False: it was left in time.
    pub(super) fn give_up(&self) -> bool {
        self.with(|state| match state {
            State::Awaited => {
                *state = State::Over;
                true
            }
            _ => false,
        })
    }

    fn with<R>(&self, change: impl FnOnce(&mut State<T>) -> R) -> R {
        // Nothing panics under the lock.
        let mut state = match self.0.lock() {
            Ok(state) => state,
            Err(poisoned) => poisoned.into_inner(),
        };
        change(&mut state)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn it_is_taken_once() {
        let handover = Handover::new();
        assert_eq!(handover.take(), None::<&str>);
        assert_eq!(handover.leave("answer"), Ok(()));
        assert!(!handover.give_up());
        assert_eq!(handover.take(), Some("answer"));
        assert_eq!(handover.take(), None);
        assert!(!handover.give_up());
    }

    #[test]
    fn who_is_late_keeps_it() {
        let handover = Handover::new();
        assert!(handover.give_up());
        assert_eq!(handover.leave("late"), Err("late"));
        assert_eq!(handover.take(), None);
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::server::state::{ConnectionState, Hangup, LetGo};
    use loom::sync::Arc;
    use loom::sync::atomic::{AtomicU32, Ordering};
    use loom::thread;

    /// A connection that waits for an answer from elsewhere.
    struct Model {
        state: ConnectionState,
        handover: Handover<u8>,
        answered: AtomicU32,
        timed_out: AtomicU32,
    }

    impl Model {
        fn new() -> Arc<Self> {
            let model = Model {
                state: ConnectionState::owned(),
                handover: Handover::new(),
                answered: AtomicU32::new(0),
                timed_out: AtomicU32::new(0),
            };
            assert_eq!(model.state.let_go(), LetGo::Released);
            Arc::new(model)
        }

        /// Runs the connection: sends what was left.
        fn run(&self) {
            loop {
                if self.handover.take().is_some() {
                    self.answered.fetch_add(1, Ordering::Relaxed);
                }
                if self.state.let_go() == LetGo::Released {
                    return;
                }
            }
        }

        /// The thread that makes the answer.
        fn answer(&self) {
            if self.handover.leave(1).is_ok() && self.state.event(Hangup::Unknown) {
                self.run();
            }
        }

        /// The clock, at the time limit.
        fn expire(&self) {
            if !self.state.claim() {
                return;
            }
            if self.handover.give_up() {
                self.timed_out.fetch_add(1, Ordering::Relaxed);
            }
            self.run();
        }

        fn check(&self) {
            assert!(self.state.claim(), "somebody kept the connection");
            let answered = self.answered.load(Ordering::Relaxed);
            let timed_out = self.timed_out.load(Ordering::Relaxed);
            assert_eq!(answered + timed_out, 1);
        }
    }

    #[test]
    fn an_answer_from_elsewhere_is_sent_though_events_come() {
        loom::model(|| {
            let model = Model::new();
            let poller = {
                let model = model.clone();
                thread::spawn(move || {
                    if model.state.event(Hangup::Seen) {
                        model.run();
                    }
                })
            };
            model.answer();
            poller.join().unwrap();
            model.check();
        });
    }

    #[test]
    fn one_answers_the_clock_or_the_call() {
        loom::model(|| {
            let model = Model::new();
            let clock = {
                let model = model.clone();
                thread::spawn(move || model.expire())
            };
            model.answer();
            clock.join().unwrap();
            model.check();
        });
    }

    /// The slot has gone to another connection meanwhile: it is only run once too often.
    #[test]
    fn a_late_answer_finds_a_free_slot() {
        loom::model(|| {
            let model = Model::new();
            assert!(model.state.claim());
            assert!(model.handover.give_up());
            model.timed_out.fetch_add(1, Ordering::Relaxed);
            let late = {
                let model = model.clone();
                thread::spawn(move || model.answer())
            };
            model.run();
            late.join().unwrap();
            model.check();
        });
    }
}
