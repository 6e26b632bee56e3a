//! Which routes are known to block: learned from what their handlers do.
//!
//! A handler that was seen to block heats its target; after that, each call of it gives the permit up
//! beforehand, and is timed. Quick calls cool the target down again, so that one slow query doesn't
//! mark a route for ever. Targets are the routes, and one for all requests without a route.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// The heat of a target that has just blocked.
const HOT: u8 = 64;

/// From this heat on a target is marked.
const MARKED: u8 = 32;

/// The heat of a target that its route says blocks: it stays.
const FIXED: u8 = u8::MAX;

/// A call that was quicker than this would have been no trouble.
const QUICK: Duration = Duration::from_micros(200);

/// A call that took longer than this would have.
const SLOW: Duration = Duration::from_millis(1);

/// The heat of all targets.
#[derive(Debug)]
pub(super) struct Heat {
    targets: Box<[AtomicU8]>,
}

impl Heat {
    /// Cold, but for the targets that are known to block.
    pub(super) fn new(targets: usize, is_known: impl Fn(usize) -> bool) -> Self {
        let heat = |target| match is_known(target) {
            true => AtomicU8::new(FIXED),
            false => AtomicU8::new(0),
        };
        Heat {
            targets: (0..targets).map(heat).collect(),
        }
    }

    /// Whether calls of this target give their permit up.
    #[inline]
    pub(super) fn is_marked(&self, target: usize) -> bool {
        let heat = self.targets.get(target);
        heat.is_some_and(|heat| heat.load(Ordering::Relaxed) >= MARKED)
    }

    /// A call was seen to block.
    pub(super) fn blocked(&self, target: usize) {
        if let Some(heat) = self.changeable(target) {
            heat.store(HOT, Ordering::Relaxed);
        }
    }

    /// The heat of a target that isn't known beforehand.
    fn changeable(&self, target: usize) -> Option<&AtomicU8> {
        let heat = self.targets.get(target)?;
        (heat.load(Ordering::Relaxed) != FIXED).then_some(heat)
    }

    /// A call of a marked target took so long.
    pub(super) fn took(&self, target: usize, time: Duration) {
        let Some(heat) = self.changeable(target) else {
            return;
        };
        // Calls that end at the same time may overwrite each other's step; it is a rule of thumb.
        match time {
            _ if time > SLOW => heat.store(HOT, Ordering::Relaxed),
            _ if time < QUICK => {
                let cooler = heat.load(Ordering::Relaxed).saturating_sub(1);
                heat.store(cooler, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_calls_cool_a_target_down() {
        let heat = Heat::new(2, |_| false);
        assert!(!heat.is_marked(0));
        heat.blocked(0);
        for _ in 0..HOT - MARKED {
            assert!(heat.is_marked(0));
            heat.took(0, Duration::from_micros(500));
            heat.took(0, Duration::from_micros(100));
        }
        assert!(heat.is_marked(0));
        heat.took(0, Duration::from_micros(100));
        assert!(!heat.is_marked(0) && !heat.is_marked(1));
        heat.took(0, Duration::from_millis(2));
        assert!(heat.is_marked(0));
    }

    #[test]
    fn what_is_known_to_block_stays_known() {
        let heat = Heat::new(2, |target| target == 1);
        for _ in 0..300 {
            assert!(heat.is_marked(1) && !heat.is_marked(0));
            heat.took(1, Duration::ZERO);
        }
    }
}
