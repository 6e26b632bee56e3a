//! Something that handlers wait at until the test has seen enough.

use std::sync::{Condvar, Mutex};

use super::PATIENCE;

/// A door that handlers wait at: how many do, and whether it is open.
#[derive(Default)]
pub struct Door {
    state: Mutex<(usize, bool)>,
    changed: Condvar,
}

impl Door {
    pub fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.0 += 1;
        self.changed.notify_all();
        let state = self.changed.wait_while(state, |(_, open)| !*open).unwrap();
        drop(state);
    }

    /// Returns when so many have come to the door.
    pub fn wait_for(&self, count: usize) {
        let state = self.state.lock().unwrap();
        let (state, timeout) = self
            .changed
            .wait_timeout_while(state, PATIENCE, |(waiting, _)| *waiting < count)
            .unwrap();
        assert!(!timeout.timed_out(), "{} of {count} came", state.0);
    }

    pub fn open(&self) {
        self.state.lock().unwrap().1 = true;
        self.changed.notify_all();
    }

    /// How many have come to the door, whether it was open or not.
    pub fn came(&self) -> usize {
        self.state.lock().unwrap().0
    }
}
