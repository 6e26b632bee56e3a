//! Something that one thread at a time uses when its poller reports it, and that is armed again after that: by
//! its user, or after a pause by whoever ends that.
//!
//! | state | event | next |
//! |---|---|---|
//! | armed | its poller reports it | in use |
//! | in use | its user is done | armed, or paused |
//! | paused | somebody resumes, and is the first | armed, unless somebody uses it |
//! | any | it is closed | closed: nobody arms it again |
//!
//! A pause that begins after what it waits for has happened is ended by the clock. Knows neither sockets nor
//! pollers. Checked with loom.

use std::sync::{PoisonError, TryLockError};

use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering};

/// Something to be used, until it is closed.
#[derive(Debug)]
pub(super) struct Pausing<T> {
    item: Mutex<Option<T>>,
    paused: AtomicBool,
}

impl<T> Pausing<T> {
    pub(super) fn new(item: T) -> Self {
        Pausing {
            item: Mutex::new(Some(item)),
            paused: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.item.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Uses it, or arms it. `None`: it is closed.
    pub(super) fn with<R>(&self, act: impl FnOnce(&T) -> R) -> Option<R> {
        self.lock().as_ref().map(act)
    }

    /// Closes it. `None`: it was closed already.
    pub(super) fn close(&self) -> Option<T> {
        self.lock().take()
    }

    /// Its user doesn't arm it: it stays as it is until [`Pausing::resume`].
    pub(super) fn pause(&self) {
        // No plain store: loom would take it for one that can come before a swap that hasn't seen it.
        self.paused.swap(true, Ordering::AcqRel);
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Acquire)
    }

    /// Has it armed after a pause, if there is one. While somebody uses it, it is for that one to arm it or to
    /// close it; who that is may be the caller.
    pub(super) fn resume(&self, arm: impl FnOnce(&T)) {
        if !self.paused.swap(false, Ordering::AcqRel) {
            return;
        }
        let item = match self.item.try_lock() {
            Ok(item) => item,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        item.as_ref().map(arm);
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use loom::sync::Arc;
    use loom::sync::atomic::{AtomicBool, AtomicU32};
    use loom::thread;

    /// A listener as the model sees it: clients that wait, and descriptors for them.
    struct Model {
        listener: Pausing<()>,
        is_armed: AtomicBool,
        waiting: AtomicU32,
        descriptors: AtomicU32,
    }

    impl Model {
        fn new(waiting: u32, descriptors: u32) -> Arc<Self> {
            Arc::new(Model {
                listener: Pausing::new(()),
                is_armed: AtomicBool::new(true),
                waiting: AtomicU32::new(waiting),
                descriptors: AtomicU32::new(descriptors),
            })
        }

        fn arm(&self) {
            self.is_armed.swap(true, Ordering::SeqCst);
        }

        /// A driver whose poller reports the listener, once for each time that it was armed.
        fn drive(&self) {
            let is_reported = self.waiting.load(Ordering::SeqCst) > 0
                && self.is_armed.swap(false, Ordering::SeqCst);
            if !is_reported {
                return;
            }
            match self.listener.with(|()| self.accept()) {
                Some(true) => drop(self.listener.with(|()| self.arm())),
                Some(false) => self.listener.pause(),
                None => {}
            }
        }

        /// Accepts all, or as many as there are descriptors for.
        fn accept(&self) -> bool {
            while self.waiting.load(Ordering::SeqCst) > 0 {
                if self.descriptors.load(Ordering::SeqCst) == 0 {
                    return false;
                }
                self.descriptors.fetch_sub(1, Ordering::SeqCst);
                self.waiting.fetch_sub(1, Ordering::SeqCst);
            }
            true
        }

        /// A connection is closed.
        fn give_back(&self) {
            self.descriptors.fetch_add(1, Ordering::SeqCst);
            self.listener.resume(|()| self.arm());
        }

        fn is_closed(&self) -> bool {
            self.listener.with(|()| ()).is_none()
        }
    }

    /// Whoever waits is accepted in the end, if not at once then when the clock has come round.
    #[test]
    fn no_pause_is_for_ever() {
        loom::model(|| {
            let model = Model::new(1, 0);
            let other = {
                let model = model.clone();
                thread::spawn(move || {
                    model.give_back();
                    model.drive();
                })
            };
            model.drive();
            other.join().unwrap();
            // The clock, and whoever drives then.
            model.listener.resume(|()| model.arm());
            model.drive();
            assert_eq!(model.waiting.load(Ordering::SeqCst), 0);
            assert!(model.is_armed.load(Ordering::SeqCst) && !model.listener.is_paused());
        });
    }

    /// Two resume at once, and a driver goes on accepting meanwhile: it stays armed.
    #[test]
    fn who_resumes_at_the_same_time_loses_nothing() {
        loom::model(|| {
            let model = Model::new(2, 0);
            model.drive();
            assert!(model.listener.is_paused());
            let other = {
                let model = model.clone();
                thread::spawn(move || {
                    model.give_back();
                    model.drive();
                })
            };
            model.give_back();
            model.drive();
            other.join().unwrap();
            model.listener.resume(|()| model.arm());
            model.drive();
            assert_eq!(model.waiting.load(Ordering::SeqCst), 0);
            assert!(model.is_armed.load(Ordering::SeqCst));
        });
    }

    /// What is closed isn't armed any more, however late somebody resumes.
    #[test]
    fn what_is_closed_stays_closed() {
        loom::model(|| {
            let model = Model::new(1, 0);
            let other = {
                let model = model.clone();
                thread::spawn(move || {
                    model.drive();
                    model.give_back();
                })
            };
            let closed = model.listener.close();
            let was_armed = model.is_armed.swap(false, Ordering::SeqCst);
            assert!(closed.is_some());
            other.join().unwrap();
            assert!(model.is_closed());
            assert!(!model.is_armed.load(Ordering::SeqCst), "{was_armed}");
            assert!(model.listener.close().is_none());
        });
    }
}
