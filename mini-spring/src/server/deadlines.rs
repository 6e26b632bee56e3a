//! The clock thread: ends what has taken too long, and the server when it stops.
//!
//! It looks at the deadlines of all slots, at the latest after the shortest timeout, so that no
//! deadline needs to wake it; there is no timer wheel and no lock on the way of a request. A
//! connection that is being run is passed over: its runner sets a new deadline when it lets go.
//! Knows no permit: it answers nobody, it only ends connections.

use std::sync::Arc;
use std::time::Duration;

use super::clock::Tick;
use super::listener;
use super::run::{self, After, LINGER};
use super::shared::{Ending, Shared};
use super::slot::{Owned, Slot};
use super::worker::{Grip, Worker};

/// Connections that one look ends at most, so that a storm of them doesn't delay the others.
const PER_LOOK: usize = 64;

/// A connection that is silent for so long while the server stops has nothing more to say.
const SILENCE: Duration = Duration::from_secs(1);

/// Runs until the server has ended.
pub(super) fn watch(shared: Arc<Shared>) {
    let mut clock = Clock {
        worker: Worker::new(shared.clone(), Grip::Never),
        stop_by: None,
    };
    loop {
        let next = clock.look();
        if let Some(ending) = clock.ending() {
            shared.wake_all();
            shared.life.end(ending);
            return;
        }
        shared.life.clock_waits(next.since(clock.worker.now.tick));
    }
}

struct Clock {
    worker: Worker,
    /// When the grace period of a stopping server is over.
    stop_by: Option<Tick>,
}

impl Clock {
    /// Looks at all connections and says when to look again.
    fn look(&mut self) -> Tick {
        self.worker.now.refresh();
        let now = self.worker.now.tick;
        let shared = self.worker.shared.clone();
        let mut next = now.after(shortest_timeout(&shared));
        if shared.is_stopping() {
            next = next.min(self.stop_by(now));
        }
        if shared.listener.is_paused() {
            shared.listener.resume(&shared.groups[0].poller);
            next = next.min(now.after(listener::PAUSE));
        }
        let mut ended = 0;
        for (index, slot) in shared.slab.used() {
            let Some(due) = self.due(slot) else { continue };
            if !due.is_due(now) {
                next = next.min(due);
            } else if ended == PER_LOOK {
                return now;
            } else if let Some(owned) = slot.claim() {
                ended += 1;
                self.end(index, owned, due);
            } else {
                // Its runner is at work; soon there will be a new deadline.
                next = next.min(now.after(Duration::from_millis(10)));
            }
        }
        next
    }

    /// When to end the connection in this slot, at the earliest.
    fn due(&self, slot: &Slot) -> Option<Tick> {
        let due = slot.deadline()?;
        if !self.worker.shared.is_stopping() {
            return Some(due);
        }
        // Whether it is idle is only known to its owner: see `end`.
        Some(due.min(self.silent_by(due)))
    }

    /// If this is the deadline of an idle connection, when it will have been silent for long enough.
    fn silent_by(&self, due: Tick) -> Tick {
        let idle_timeout = self.worker.shared.config.idle_timeout;
        due.before(idle_timeout).after(SILENCE.min(idle_timeout))
    }

    /// Ends a connection, unless its deadline turns out to be another one.
    fn end(&mut self, index: usize, mut owned: Owned<'_>, seen: Tick) {
        let now = self.worker.now.tick;
        let due = match owned.deadline() {
            Some(due) if self.worker.shared.is_stopping() && owned.is_idle() => self.silent_by(due),
            Some(due) => due,
            None => seen,
        };
        if !due.is_due(now) {
            self.let_go(index, owned);
            return;
        }
        match run::expire(&mut self.worker, &mut owned) {
            After::Close => self.worker.close(index, owned),
            after => {
                if let Some((again, _)) = self.worker.settle(index, owned, after) {
                    self.worker.report_again(index, again);
                }
            }
        }
    }

    fn let_go(&mut self, index: usize, owned: Owned<'_>) {
        if let Err((again, _)) = owned.let_go() {
            self.worker.report_again(index, again);
        }
    }

    fn stop_by(&mut self, now: Tick) -> Tick {
        let grace = self.worker.shared.config.shutdown_grace;
        *self.stop_by.get_or_insert(now.after(grace))
    }

    /// Whether the server has come to its end.
    fn ending(&self) -> Option<Ending> {
        let shared = &self.worker.shared;
        let stop_by = self.stop_by?;
        match shared.slab.open() {
            0 => Some(Ending::Clean),
            open if stop_by.is_due(self.worker.now.tick) => Some(Ending::Late { open }),
            _ => None,
        }
    }
}

fn shortest_timeout(shared: &Shared) -> Duration {
    let config = &shared.config;
    [
        config.head_timeout,
        config.body_timeout,
        config.idle_timeout,
        config.write_timeout,
    ]
    .into_iter()
    .fold(LINGER, Duration::min)
}
