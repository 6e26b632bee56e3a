//! Who owns a connection: one word for each slot.
//!
//! A connection is run by at most one thread, its *runner*, the one that set [`RUN`]. Events that
//! arrive meanwhile are not lost: they leave [`AGAIN`] behind, and the runner finds it when it lets
//! go. The end of the stream is a bit of its own, [`HUP`], because data and FIN can come as one
//! event, after which a short read no longer means that the socket is drained.
//!
//! | state | event | next |
//! |---|---|---|
//! | 0 | event, or somebody claims it | `RUN` |
//! | `RUN`.. | event | + `AGAIN`, + `HUP` if the event says so |
//! | `RUN` | let go | 0 |
//! | `RUN` + `AGAIN`.. | let go | `RUN`: run again |
//!
//! A poller may also disarm a connection with each event; then the runner arms it before it lets go, and
//! whatever came in since it read is an event again.
//!
//! A free slot is in `RUN`, owned by the free list, so a stale event can do no more than set
//! `AGAIN`. Knows no socket and no slot. Checked with loom.

use crate::sync::{AtomicU32, Ordering};

const RUN: u32 = 1;
const AGAIN: u32 = 2;
const HUP: u32 = 4;

/// Whether the peer is known to have closed its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hangup {
    Unknown,
    Seen,
}

impl Hangup {
    fn of(bits: u32) -> Self {
        match bits & HUP {
            0 => Hangup::Unknown,
            _ => Hangup::Seen,
        }
    }

    fn bit(self) -> u32 {
        match self {
            Hangup::Unknown => 0,
            Hangup::Seen => HUP,
        }
    }
}

/// What became of letting go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LetGo {
    /// The connection is nobody's; the caller must not touch it any more.
    Released,
    /// Something happened meanwhile: the caller is still the runner and must read again.
    Again(Hangup),
}

/// The state word of a slot.
#[derive(Debug)]
pub(super) struct ConnectionState(AtomicU32);

impl ConnectionState {
    /// A slot that belongs to the free list.
    pub(super) fn owned() -> Self {
        ConnectionState(AtomicU32::new(RUN))
    }

    /// Something happened to the connection. True: the caller is its runner now. False: another
    /// thread is, and will see to it.
    pub(super) fn event(&self, hangup: Hangup) -> bool {
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            let next = match seen {
                0 => RUN,
                _ => seen | AGAIN | hangup.bit(),
            };
            let swapped =
                self.0
                    .compare_exchange_weak(seen, next, Ordering::AcqRel, Ordering::Relaxed);
            match swapped {
                Ok(_) => return seen == 0,
                Err(now) => seen = now,
            }
        }
    }

    /// Takes the connection if nobody runs it. True: the caller is its runner now.
    pub(super) fn claim(&self) -> bool {
        self.0
            .compare_exchange(0, RUN, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    }

    /// The runner is done. Only the runner may call this.
    pub(super) fn let_go(&self) -> LetGo {
        let released = self
            .0
            .compare_exchange(RUN, 0, Ordering::Release, Ordering::Relaxed);
        match released {
            Ok(_) => LetGo::Released,
            // Acquire: what the thread that set AGAIN did before is seen by the next read.
            Err(_) => LetGo::Again(Hangup::of(self.0.swap(RUN, Ordering::AcqRel))),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        let state = ConnectionState::owned();
        assert!(!state.claim());
        assert_eq!(state.let_go(), LetGo::Released);
        assert!(state.event(Hangup::Seen));
        assert!(!state.event(Hangup::Unknown));
        assert_eq!(state.let_go(), LetGo::Again(Hangup::Unknown));
        assert!(!state.event(Hangup::Seen));
        assert!(!state.event(Hangup::Unknown));
        assert_eq!(state.let_go(), LetGo::Again(Hangup::Seen));
        assert_eq!(state.let_go(), LetGo::Released);
        assert!(state.claim());
        assert!(!state.claim());
    }
}

#[cfg(all(test, loom))]
#[allow(unsafe_code)]
mod models {
    use super::*;
    use loom::cell::UnsafeCell;
    use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use loom::sync::{Arc, Mutex};
    use loom::thread;

    /// A connection as the model sees it: bytes that arrive, and what the runner has of them.
    struct Model {
        state: ConnectionState,
        /// Bytes that the kernel has received.
        arrived: AtomicU32,
        fin: AtomicBool,
        /// Only the runner touches this; loom reports a data race if two do.
        consumed: UnsafeCell<(u32, bool)>,
    }

    impl Model {
        fn new() -> Arc<Self> {
            let model = Model {
                state: ConnectionState::owned(),
                arrived: AtomicU32::new(0),
                fin: AtomicBool::new(false),
                consumed: UnsafeCell::new((0, false)),
            };
            assert_eq!(model.state.let_go(), LetGo::Released);
            Arc::new(model)
        }

        /// Data and perhaps a FIN come in as one event.
        fn arrive(&self, hangup: Hangup) {
            self.arrived.fetch_add(1, Ordering::Release);
            if hangup == Hangup::Seen {
                self.fin.store(true, Ordering::Release);
            }
            if self.state.event(hangup) {
                self.run(hangup);
            }
        }

        /// Reads what is there; the end of the stream only if it is known to be coming.
        fn run(&self, mut hangup: Hangup) {
            loop {
                self.consumed.with_mut(|consumed| {
                    // SAFETY: the state word gives the connection to one runner at a time.
                    let consumed = unsafe { &mut *consumed };
                    consumed.0 = self.arrived.load(Ordering::Acquire);
                    if hangup == Hangup::Seen {
                        consumed.1 = self.fin.load(Ordering::Acquire);
                    }
                });
                match self.state.let_go() {
                    LetGo::Released => return,
                    LetGo::Again(seen) => hangup = seen,
                }
            }
        }
    }

    fn finished(model: &Model) -> (u32, bool) {
        assert!(model.state.claim(), "somebody kept the connection");
        // SAFETY: all threads have been joined.
        model.consumed.with(|consumed| unsafe { *consumed })
    }

    #[test]
    fn no_byte_and_no_fin_is_lost() {
        loom::model(|| {
            let model = Model::new();
            let other = {
                let model = model.clone();
                thread::spawn(move || model.arrive(Hangup::Unknown))
            };
            model.arrive(Hangup::Seen);
            other.join().unwrap();
            assert_eq!(finished(&model), (2, true));
        });
    }

    /// A connection whose poller disarms it with each event, and looks at it anew when it is armed.
    struct Disarmed {
        state: ConnectionState,
        kernel: Mutex<Kernel>,
        /// Only the runner touches this.
        consumed: UnsafeCell<u32>,
    }

    #[derive(Default)]
    struct Kernel {
        arrived: u32,
        armed: bool,
        reported: bool,
    }

    impl Kernel {
        /// Reports once what is there, if it is armed.
        fn report(&mut self, is_there: bool) {
            self.reported |= is_there && self.armed;
            self.armed &= !is_there;
        }
    }

    impl Disarmed {
        fn arrive(&self) {
            let mut kernel = self.kernel.lock().unwrap();
            kernel.arrived += 1;
            kernel.report(true);
        }

        /// A driver takes the event, if there is one.
        fn drive(&self) {
            let reported = std::mem::take(&mut self.kernel.lock().unwrap().reported);
            if reported && self.state.event(Hangup::Unknown) {
                self.run();
            }
        }

        /// Reads what is there, arms the connection and lets it go.
        fn run(&self) {
            loop {
                let arrived = self.kernel.lock().unwrap().arrived;
                // SAFETY: the state word gives the connection to one runner at a time.
                self.consumed
                    .with_mut(|consumed| unsafe { *consumed = arrived });
                let mut kernel = self.kernel.lock().unwrap();
                kernel.armed = true;
                let is_there = kernel.arrived > arrived;
                kernel.report(is_there);
                drop(kernel);
                if self.state.let_go() == LetGo::Released {
                    return;
                }
            }
        }
    }

    #[test]
    fn no_byte_is_lost_where_events_disarm() {
        loom::model(|| {
            let model = Arc::new(Disarmed {
                state: ConnectionState::owned(),
                kernel: Mutex::default(),
                consumed: UnsafeCell::new(0),
            });
            model.run();
            let other = {
                let model = model.clone();
                thread::spawn(move || {
                    model.arrive();
                    model.drive();
                })
            };
            model.arrive();
            model.drive();
            other.join().unwrap();
            // What the kernel has reported since.
            model.drive();
            assert!(model.state.claim(), "somebody kept the connection");
            // SAFETY: all threads have been joined.
            assert_eq!(model.consumed.with(|consumed| unsafe { *consumed }), 2);
        });
    }

    #[test]
    fn the_clock_and_events_exclude_each_other() {
        loom::model(|| {
            let model = Model::new();
            let clock = {
                let model = model.clone();
                thread::spawn(move || {
                    if model.state.claim() {
                        model.run(Hangup::Unknown);
                    }
                })
            };
            let other = {
                let model = model.clone();
                thread::spawn(move || model.arrive(Hangup::Seen))
            };
            clock.join().unwrap();
            other.join().unwrap();
            assert_eq!(finished(&model), (1, true));
        });
    }

    #[test]
    fn a_free_slot_ignores_stale_events() {
        loom::model(|| {
            let state = Arc::new(ConnectionState::owned());
            let stale = {
                let state = state.clone();
                thread::spawn(move || assert!(!state.event(Hangup::Seen)))
            };
            assert!(!state.claim());
            stale.join().unwrap();
            // The next connection in this slot only runs once too often.
            while let LetGo::Again(_) = state.let_go() {}
            assert!(state.claim());
        });
    }
}
