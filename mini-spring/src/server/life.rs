//! The life of a server: who still works for it, when its clock is to look, and how it has ended.
//!
//! One lock around three facts, and one bell that is rung whenever one of them changes: whoever waits looks again.
//! Knows no thread. Checked with loom.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use crate::sync::{Condvar, Mutex, MutexGuard};

/// What the threads of a server tell each other about its end.
#[derive(Debug, Default)]
pub(super) struct Life {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    drivers: usize,
    /// The clock should look at the connections now.
    attention: bool,
    ended: Option<Ending>,
}

/// How a server came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// Every request was answered, and every handler has returned.
    Clean,
    /// The grace period was over first: so many connections were still open, and these handlers
    /// were still running.
    Late { open: usize, running: Vec<String> },
}

impl Life {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits until it is so, but no longer than this.
    fn wait_for(
        &self,
        patience: Duration,
        is_so: impl Fn(&State) -> bool,
    ) -> MutexGuard<'_, State> {
        let began = Instant::now();
        let mut state = self.lock();
        while !is_so(&state) {
            let left = patience.saturating_sub(began.elapsed());
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(state, left);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        state
    }

    /// Another driver begins its job.
    pub(super) fn driver_starts(&self) {
        self.lock().drivers += 1;
    }

    /// A driver's job has ended.
    pub(super) fn driver_ends(&self) {
        self.change(|state| state.drivers -= 1);
    }

    /// Has the clock look at the connections before its time.
    pub(super) fn wake_clock(&self) {
        self.change(|state| state.attention = true);
    }

    /// The clock waits for its time, or to be woken up, which is true.
    pub(super) fn clock_waits(&self, delay: Duration) -> bool {
        let mut state = self.wait_for(delay, |state| state.attention);
        std::mem::take(&mut state.attention)
    }

    /// Waits until all drivers have ended, but no longer than this. True: they have.
    pub(super) fn drivers_end(&self, patience: Duration) -> bool {
        self.wait_for(patience, |state| state.drivers == 0).drivers == 0
    }

    /// The server has ended.
    pub(super) fn end(&self, ending: Ending) {
        self.change(|state| state.ended = Some(ending));
    }

    /// Waits for the end.
    pub(super) fn wait(&self) -> Ending {
        let mut state = self.lock();
        loop {
            if let Some(ending) = &state.ended {
                return ending.clone();
            }
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    /// No time passes in a model: whoever isn't woken up waits for ever, which loom reports.
    const LONG: Duration = Duration::from_secs(3600);

    fn spawn(life: &Arc<Life>, act: impl FnOnce(&Life) + 'static) -> thread::JoinHandle<()> {
        let life = life.clone();
        thread::spawn(move || act(&life))
    }

    #[test]
    fn the_clock_is_woken_up_by_whoever_comes_first_or_last() {
        loom::model(|| {
            let life = Arc::new(Life::default());
            let others = [
                spawn(&life, Life::wake_clock),
                spawn(&life, Life::wake_clock),
            ];
            assert!(life.clock_waits(LONG));
            for other in others {
                other.join().unwrap();
            }
            // Both, or one after the other.
            let is_left = life.lock().attention;
            assert_eq!(life.clock_waits(Duration::ZERO), is_left);
        });
    }

    #[test]
    fn the_end_comes_when_all_drivers_have_ended() {
        loom::model(|| {
            let life = Arc::new(Life::default());
            life.driver_starts();
            let driver = spawn(&life, Life::driver_ends);
            let clock = spawn(&life, |life| {
                assert!(life.drivers_end(LONG));
                life.end(Ending::Clean);
            });
            assert_eq!(life.wait(), Ending::Clean);
            assert_eq!(life.lock().drivers, 0);
            driver.join().unwrap();
            clock.join().unwrap();
        });
    }

    /// A driver that passes its permit on starts another one before it ends.
    #[test]
    fn the_end_waits_for_a_driver_that_another_has_started() {
        loom::model(|| {
            let life = Arc::new(Life::default());
            life.driver_starts();
            let driver = spawn(&life, |life| {
                life.driver_starts();
                life.driver_ends();
                life.driver_ends();
            });
            assert!(life.drivers_end(LONG));
            assert_eq!(life.lock().drivers, 0);
            driver.join().unwrap();
        });
    }
}
