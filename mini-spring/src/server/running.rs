//! Which handlers run without a permit: how many of each target.
//!
//! Of a handler that holds a permit, the permit knows the target. This is for the others, so that what is
//! stuck can be named. A worker may be back before the one that took its permit has counted it; then a
//! number is below zero for a moment.

use std::sync::atomic::{AtomicIsize, Ordering};

/// How many handlers of each target run without a permit.
#[derive(Debug)]
pub(super) struct RunningCalls {
    targets: Box<[AtomicIsize]>,
}

impl RunningCalls {
    pub(super) fn new(targets: usize) -> Self {
        RunningCalls {
            targets: (0..targets).map(|_| AtomicIsize::new(0)).collect(),
        }
    }

    /// A handler of this target goes on without a permit.
    pub(super) fn begins(&self, target: usize) {
        self.add(target, 1);
    }

    /// It is done.
    pub(super) fn ends(&self, target: usize) {
        self.add(target, -1);
    }

    /// The targets of which some run.
    pub(super) fn targets(&self) -> impl Iterator<Item = usize> {
        let counts = self.targets.iter().enumerate();
        counts
            .filter(|(_, count)| count.load(Ordering::Relaxed) > 0)
            .map(|(target, _)| target)
    }

    fn add(&self, target: usize, change: isize) {
        if let Some(count) = self.targets.get(target) {
            count.fetch_add(change, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_begun_and_not_ended() {
        let calls = RunningCalls::new(3);
        let running = || calls.targets().collect::<Vec<_>>();
        calls.begins(1);
        calls.begins(1);
        calls.ends(0);
        assert_eq!(running(), [1]);
        calls.begins(0);
        calls.ends(1);
        assert_eq!(running(), [1]);
        calls.ends(1);
        assert!(running().is_empty());
    }
}
