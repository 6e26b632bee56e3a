//! Where permits and workers wait for each other: the slow path of the engine.
//!
//! One lock around a few numbers and a queue, touched only when a permit changes hands. With them:
//!
//! - drivers + free = permits,
//! - drivers + blocking + idle = workers,
//! - a free permit means that no worker is idle,
//! - calls that are known to block get at most `workers - permits` workers; beyond, their
//!   *connections* queue, so that there is always a worker for every permit.
//!
//! Two atomics instead of the lock lose permits: a worker that gives up and a permit that is passed
//! on miss each other. Knows no thread and no connection: its answers say what the caller must do, and
//! what queues is any `T`. Checked with loom.

use std::collections::VecDeque;

use crate::sync::Mutex;

/// Names a permit.
pub(super) type PermitId = usize;

/// The permits without a driver, the workers without a permit, and what waits for a worker.
#[derive(Debug)]
pub(super) struct Gate<T> {
    counts: Mutex<Counts<T>>,
}

#[derive(Debug)]
struct Counts<T> {
    /// Permits that wait for a worker.
    free: Vec<PermitId>,
    /// Workers whose job has ended: threads of the pool that wait for one.
    idle: usize,
    /// Workers that are inside user code without a permit. Below zero for a moment when one comes
    /// back before whoever took its permit has passed it on.
    blocking: isize,
    /// How many of them calls that are known to block may make.
    limit: isize,
    queue: VecDeque<T>,
    /// How many may queue.
    places: usize,
}

/// What becomes of a permit that its holder gives away.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Passed {
    /// The caller starts a driver for it.
    Start(PermitId),
    /// It waits for the first worker that comes back.
    Waits,
}

/// What a worker does when it is done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<T> {
    /// It drives on with this permit.
    Drive(PermitId),
    /// It does this, which had to wait for a worker.
    Run(T),
    /// Its job ends.
    End,
}

/// What becomes of something that wants to queue.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Queued<T> {
    /// It waits.
    Waits,
    /// There is room for it after all: it goes on.
    Room(T),
    /// The queue is full.
    Full(T),
}

impl<T> Gate<T> {
    /// The gate of a pool in which `drivers` workers hold a permit from the start, with a queue of so
    /// many places.
    pub(super) fn new(workers: usize, drivers: usize, places: usize) -> Self {
        let others = workers.saturating_sub(drivers);
        Gate {
            counts: Mutex::new(Counts {
                free: Vec::with_capacity(drivers),
                idle: others,
                blocking: 0,
                limit: others as isize,
                queue: VecDeque::new(),
                places,
            }),
        }
    }

    /// A permit that was taken from a holder inside user code.
    pub(super) fn pass_on(&self, permit: PermitId) -> Passed {
        self.with(|counts| counts.pass_on(permit))
    }

    /// A permit whose holder wants to go on without it. `None`: there are as many of them as there
    /// may be, and the caller keeps the permit.
    pub(super) fn step_down(&self, permit: PermitId) -> Option<Passed> {
        self.with(|counts| counts.has_room().then(|| counts.pass_on(permit)))
    }

    /// Something that must wait for a worker.
    pub(super) fn queue(&self, waiting: T) -> Queued<T> {
        self.with(|counts| {
            if counts.has_room() {
                Queued::Room(waiting)
            } else if counts.queue.len() == counts.places {
                Queued::Full(waiting)
            } else {
                counts.queue.push_back(waiting);
                Queued::Waits
            }
        })
    }

    /// A worker that is inside user code without a permit, or was, is done.
    pub(super) fn finish(&self) -> Next<T> {
        self.with(|counts| {
            counts.blocking -= 1;
            if let Some(permit) = counts.free.pop() {
                return Next::Drive(permit);
            }
            match counts.queue.pop_front() {
                Some(waiting) => {
                    counts.blocking += 1;
                    Next::Run(waiting)
                }
                None => {
                    counts.idle += 1;
                    Next::End
                }
            }
        })
    }

    /// Takes from the front of the queue what has waited for too long.
    pub(super) fn overdue(&self, is_overdue: impl Fn(&T) -> bool) -> Option<T> {
        self.with(|counts| {
            counts.queue.front().filter(|first| is_overdue(first))?;
            counts.queue.pop_front()
        })
    }

    /// Looks at what has waited longest.
    pub(super) fn longest<R>(&self, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.with(|counts| counts.queue.front().map(look))
    }

    /// The pool has got one more worker.
    pub(super) fn grow(&self) -> Option<PermitId> {
        self.with(|counts| {
            counts.limit += 1;
            let permit = counts.free.pop();
            if permit.is_none() {
                counts.idle += 1;
            }
            permit
        })
    }

    fn with<R>(&self, change: impl FnOnce(&mut Counts<T>) -> R) -> R {
        // Nothing panics under the lock; a poisoned one would still hold whole numbers.
        let mut counts = match self.counts.lock() {
            Ok(counts) => counts,
            Err(poisoned) => poisoned.into_inner(),
        };
        change(&mut counts)
    }
}

impl<T> Counts<T> {
    fn has_room(&self) -> bool {
        self.blocking < self.limit
    }

    fn pass_on(&mut self, permit: PermitId) -> Passed {
        self.blocking += 1;
        if self.idle == 0 {
            self.free.push(permit);
            return Passed::Waits;
        }
        self.idle -= 1;
        Passed::Start(permit)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn an_idle_worker_takes_over() {
        let gate = Gate::<()>::new(3, 2, 0);
        assert_eq!(gate.pass_on(0), Passed::Start(0));
        // Now none is idle: the permit waits for the first that comes back.
        assert_eq!(gate.pass_on(1), Passed::Waits);
        assert_eq!(gate.finish(), Next::Drive(1));
        assert_eq!(gate.finish(), Next::End);
        assert_eq!(gate.pass_on(0), Passed::Start(0));
    }

    #[test]
    fn calls_that_are_known_to_block_leave_a_worker_for_each_permit() {
        let gate = Gate::new(4, 2, 1);
        assert_eq!(gate.step_down(0), Some(Passed::Start(0)));
        assert_eq!(gate.step_down(1), Some(Passed::Start(1)));
        assert_eq!(gate.step_down(0), None);
        assert_eq!(gate.queue("a"), Queued::Waits);
        assert_eq!(gate.queue("b"), Queued::Full("b"));
        assert_eq!(gate.longest(|first| *first), Some("a"));
        assert_eq!(gate.finish(), Next::Run("a"));
        assert_eq!(gate.finish(), Next::End);
        assert_eq!(gate.queue("c"), Queued::Room("c"));
    }

    #[test]
    fn what_waits_too_long_is_taken_from_the_front() {
        let gate = Gate::new(2, 2, 9);
        assert_eq!(gate.queue(1), Queued::Waits);
        assert_eq!(gate.queue(5), Queued::Waits);
        assert_eq!(gate.overdue(|since| *since < 3), Some(1));
        assert_eq!(gate.overdue(|since| *since < 3), None);
    }

    #[test]
    fn a_new_worker_takes_a_permit_that_waits() {
        let gate = Gate::<()>::new(2, 2, 0);
        assert_eq!(gate.pass_on(1), Passed::Waits);
        assert_eq!(gate.grow(), Some(1));
        assert_eq!(gate.grow(), None);
        assert_eq!(gate.pass_on(0), Passed::Start(0));
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::server::permit::{Left, PermitWord};
    use loom::sync::Arc;
    use loom::thread;

    fn started(passed: Passed) -> usize {
        usize::from(passed != Passed::Waits)
    }

    /// How many of these go on as drivers, and how many as workers without a permit.
    fn goes_on(next: Next<u8>) -> (usize, isize) {
        match next {
            Next::Drive(_) => (1, 0),
            Next::Run(_) => (0, 1),
            Next::End => (0, 0),
        }
    }

    /// What must hold when all of the model's threads are done.
    fn check(gate: &Gate<u8>, drivers: usize, permits: usize, workers: isize) {
        let counts = gate.counts.lock().unwrap();
        assert_eq!(drivers + counts.free.len(), permits);
        let known = drivers as isize + counts.blocking + counts.idle as isize;
        assert_eq!(known, workers);
        assert!(counts.free.is_empty() || counts.idle == 0);
        // Nothing waits while there is room.
        assert!(counts.queue.is_empty() || !counts.has_room());
    }

    /// A holder comes back from user code while a watcher takes its permit, and it steps down on
    /// the way: in the end one thread drives with the permit, or it is free and no worker is idle.
    #[test]
    fn a_permit_that_changes_hands_has_one_holder() {
        loom::model(|| {
            let shared = Arc::new((Gate::<u8>::new(2, 1, 0), PermitWord::new()));
            let watcher = {
                let shared = shared.clone();
                thread::spawn(move || {
                    let (gate, word) = &*shared;
                    match word.take(word.look()) {
                        true => started(gate.pass_on(0)),
                        false => 0,
                    }
                })
            };
            let (gate, word) = &*shared;
            let inside = word.enter();
            let mut drivers = match word.step_down(&inside) {
                true => started(gate.pass_on(0)),
                false => 0,
            };
            drivers += match word.leave(inside) {
                Left::Kept => 1,
                Left::Lost => goes_on(gate.finish()).0,
            };
            drivers += watcher.join().unwrap();
            check(gate, drivers, 1, 2);
        });
    }

    /// Two drivers step down at once with one idle worker: no permit and no worker is lost.
    #[test]
    fn nothing_is_lost() {
        loom::model(|| {
            let gate = Arc::new(Gate::<u8>::new(3, 2, 0));
            let workers: Vec<_> = (0..2)
                .map(|permit| {
                    let gate = gate.clone();
                    thread::spawn(move || {
                        let started = started(gate.pass_on(permit));
                        started + goes_on(gate.finish()).0
                    })
                })
                .collect();
            let drivers = workers
                .into_iter()
                .map(|worker| worker.join().unwrap())
                .sum();
            check(&gate, drivers, 2, 3);
        });
    }

    /// Two calls that block and one worker for them: one of them queues, or finds room after all,
    /// and both are done in the end.
    #[test]
    fn what_queues_is_run() {
        loom::model(|| {
            let gate = Arc::new(Gate::<u8>::new(3, 2, 2));
            let calls: Vec<_> = (0..2)
                .map(|permit| {
                    let gate = gate.clone();
                    thread::spawn(move || call(&gate, permit))
                })
                .collect();
            let (mut drivers, mut done) = (0, 0);
            for call in calls {
                let (more_drivers, more_done) = call.join().unwrap();
                drivers += more_drivers;
                done += more_done;
            }
            assert_eq!(done, 2);
            check(&gate, drivers, 2, 3);
        });
    }

    /// The pool grows while the worker that was stuck comes back: the permit goes to one of them.
    #[test]
    fn a_pool_that_grows_loses_nothing() {
        loom::model(|| {
            let gate = Arc::new(Gate::<u8>::new(2, 2, 0));
            assert_eq!(gate.pass_on(0), Passed::Waits);
            let stuck = {
                let gate = gate.clone();
                thread::spawn(move || goes_on(gate.finish()).0)
            };
            let started = usize::from(gate.grow().is_some());
            let drivers = 1 + started + stuck.join().unwrap();
            check(&gate, drivers, 2, 3);
        });
    }

    /// What has waited for too long is refused by the clock, or run by a worker, and never both.
    #[test]
    fn what_waits_is_taken_once() {
        loom::model(|| {
            let gate = Arc::new(Gate::<u8>::new(2, 1, 1));
            assert_eq!(gate.step_down(0), Some(Passed::Start(0)));
            assert_eq!(gate.queue(7), Queued::Waits);
            let clock = {
                let gate = gate.clone();
                thread::spawn(move || gate.overdue(|_| true).is_some())
            };
            let is_run = gate.finish() == Next::Run(7);
            assert_ne!(is_run, clock.join().unwrap());
            check(&gate, 1, 1, 2);
        });
    }

    /// A driver with a call that is known to block: how many drivers and finished calls come of it.
    fn call(gate: &Gate<u8>, permit: PermitId) -> (usize, usize) {
        loop {
            if let Some(passed) = gate.step_down(permit) {
                let (drivers, done) = work(gate);
                return (drivers + started(passed), done);
            }
            match gate.queue(0) {
                // It keeps its permit, and somebody else runs the call.
                Queued::Waits => return (1, 0),
                Queued::Room(_) => {}
                Queued::Full(_) => unreachable!("there are places for all"),
            }
        }
    }

    /// A worker without a permit: runs calls until its job ends or it drives.
    fn work(gate: &Gate<u8>) -> (usize, usize) {
        let mut done = 1;
        loop {
            match gate.finish() {
                Next::Run(_) => done += 1,
                Next::Drive(_) => return (1, done),
                Next::End => return (0, done),
            }
        }
    }
}
