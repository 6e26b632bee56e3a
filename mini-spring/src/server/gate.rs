//! Where permits and workers wait for each other: the slow path of the engine.
//!
//! One lock around three numbers, touched only when a permit changes hands. With them:
//!
//! - drivers + free = permits,
//! - drivers + blocking + idle = workers,
//! - a free permit means that no worker is idle.
//!
//! Two atomics instead of the lock lose permits: a worker that gives up and a permit that is passed
//! on miss each other. Knows no thread: its answers say what the caller must start. Checked with
//! loom.

use super::sync::Mutex;

/// Names a permit.
pub(super) type PermitId = usize;

/// The permits without a driver and the workers without a permit.
#[derive(Debug)]
pub(super) struct Gate {
    counts: Mutex<Counts>,
}

#[derive(Debug)]
struct Counts {
    /// Permits that wait for a worker.
    free: Vec<PermitId>,
    /// Workers whose job has ended: threads of the pool that wait for one.
    idle: usize,
    /// Workers that are inside user code without a permit. Below zero for a moment when one comes
    /// back before whoever took its permit has passed it on.
    blocking: isize,
}

impl Gate {
    /// The gate of a pool in which `drivers` workers hold a permit from the start.
    pub(super) fn new(workers: usize, drivers: usize) -> Self {
        Gate {
            counts: Mutex::new(Counts {
                free: Vec::with_capacity(drivers),
                idle: workers.saturating_sub(drivers),
                blocking: 0,
            }),
        }
    }

    /// A permit whose holder went on without it. `Some`: the caller starts a driver for it.
    #[must_use]
    pub(super) fn pass_on(&self, permit: PermitId) -> Option<PermitId> {
        self.with(|counts| {
            counts.blocking += 1;
            if counts.idle == 0 {
                counts.free.push(permit);
                return None;
            }
            counts.idle -= 1;
            Some(permit)
        })
    }

    /// A worker that has lost its permit is done. `Some`: it drives on with this one; `None`: its
    /// job ends.
    #[must_use]
    pub(super) fn finish(&self) -> Option<PermitId> {
        self.with(|counts| {
            counts.blocking -= 1;
            let permit = counts.free.pop();
            if permit.is_none() {
                counts.idle += 1;
            }
            permit
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut Counts) -> T) -> T {
        // Nothing panics under the lock; a poisoned one would still hold whole numbers.
        let mut counts = match self.counts.lock() {
            Ok(counts) => counts,
            Err(poisoned) => poisoned.into_inner(),
        };
        change(&mut counts)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn an_idle_worker_takes_over() {
        let gate = Gate::new(3, 2);
        assert_eq!(gate.pass_on(0), Some(0));
        // Now none is idle: the permit waits for the first that comes back.
        assert_eq!(gate.pass_on(1), None);
        assert_eq!(gate.finish(), Some(1));
        assert_eq!(gate.finish(), None);
        assert_eq!(gate.pass_on(0), Some(0));
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::server::permit::{Left, PermitWord};
    use loom::sync::Arc;
    use loom::thread;

    /// A holder comes back from user code while a watcher takes its permit, and it steps down on
    /// the way: in the end one thread drives with the permit, or it is free and no worker is idle.
    #[test]
    fn a_permit_that_changes_hands_has_one_holder() {
        loom::model(|| {
            let shared = Arc::new((Gate::new(2, 1), PermitWord::new()));
            let watcher = {
                let shared = shared.clone();
                thread::spawn(move || {
                    let (gate, word) = &*shared;
                    let taken = word.take(word.look());
                    usize::from(taken && gate.pass_on(0).is_some())
                })
            };
            let (gate, word) = &*shared;
            let inside = word.enter();
            let stepped_down = word.step_down(&inside);
            let mut drivers = usize::from(stepped_down && gate.pass_on(0).is_some());
            drivers += match word.leave(inside) {
                Left::Kept => 1,
                Left::Lost => gate.finish().into_iter().count(),
            };
            drivers += watcher.join().unwrap();
            let counts = gate.counts.lock().unwrap();
            assert_eq!(drivers + counts.free.len(), 1);
            assert_eq!(drivers as isize + counts.blocking + counts.idle as isize, 2);
            assert!(counts.free.is_empty() || counts.idle == 0);
        });
    }

    /// Two drivers step down at once with one idle worker: no permit and no worker is lost.
    #[test]
    fn nothing_is_lost() {
        loom::model(|| {
            let gate = Arc::new(Gate::new(3, 2));
            let workers: Vec<_> = (0..2)
                .map(|permit| {
                    let gate = gate.clone();
                    thread::spawn(move || {
                        let started = gate.pass_on(permit).into_iter().count();
                        let drives_on = gate.finish().into_iter().count();
                        started + drives_on
                    })
                })
                .collect();
            let drivers: usize = workers
                .into_iter()
                .map(|worker| worker.join().unwrap())
                .sum();
            let counts = gate.counts.lock().unwrap();
            assert_eq!(drivers + counts.free.len(), 2);
            assert_eq!(drivers as isize + counts.blocking + counts.idle as isize, 3);
            assert!(counts.free.is_empty() || counts.idle == 0);
        });
    }
}
