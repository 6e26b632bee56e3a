//! The clock thread: ends what has taken too long, and the server when it stops.
//!
//! It looks at the deadlines of all slots, at the latest after the shortest timeout, so that no
//! deadline needs to wake it; there is no timer wheel and no lock on the way of a request. A
//! connection that is being run has no deadline. It answers nobody, and runs no code of the program,
//! not even a drop; it only ends connections, and lends its time to the watchdog.

use std::sync::Arc;
use std::time::Duration;

use log::Level;

use super::clock::{Deadline, Tick};
use super::connection::Phase;
use super::life::Ending;
use super::listener;
use super::overload::Limit;
use super::run::{self, After, BUSY, LINGER};
use super::shared::{Shared, Waiting};
use super::slot::Owned;
use super::watchdog::Watchdog;
use super::worker::{Grip, Worker};
use crate::unwind::caught;

/// Connections that one look ends at most, so that a storm of them doesn't delay the others.
const PER_LOOK: usize = 64;

/// When the clock looks again after a fault of its own; and how long drivers are given to end.
const PAUSE: Duration = Duration::from_secs(1);

/// How much longer a client is given whose bytes are here and only wait for a worker.
const REPRIEVE: Duration = Duration::from_millis(500);

/// Runs until the server has ended.
pub(super) fn watch(shared: Arc<Shared>) {
    let mut clock = Clock {
        worker: Worker::new(shared.clone(), Grip::Never),
        stop_by: None,
        resume_at: None,
    };
    let mut watchdog = Watchdog::new(shared.clone());
    let mut next = clock.worker.now().tick;
    let mut is_woken = true;
    loop {
        clock.worker.time_passes();
        if is_woken || next.is_due(clock.worker.now().tick) {
            // Should this crate have a fault here, it must not be the end of all deadlines.
            next = caught(|| clock.look()).unwrap_or_else(|panicked| {
                let message = panicked.message.unwrap_or_default();
                clock.worker.say(
                    Level::Error,
                    format_args!("looking at the deadlines has panicked: {message}"),
                );
                clock.worker.now().tick.after(PAUSE)
            });
        }
        if let Some(patience) = clock.ends() {
            shared.wake_all();
            clock.close_idle();
            let ending = ending(&shared, patience);
            clock.leave_no_files();
            shared.life.end(ending);
            return;
        }
        let delay = next.since(clock.worker.now().tick);
        let delay = match watchdog.tick() {
            true => delay.min(shared.config.watchdog_tick),
            false => delay,
        };
        is_woken = shared.life.clock_waits(delay);
    }
}

struct Clock {
    worker: Worker,
    /// When the grace period of a stopping server is over.
    stop_by: Option<Tick>,
    /// When accepting goes on, after descriptors have run out.
    resume_at: Option<Tick>,
}

impl Clock {
    /// Looks at everything and says when to look again.
    fn look(&mut self) -> Tick {
        self.worker.time_passes();
        let now = self.worker.now().tick;
        let shared = self.worker.shared.clone();
        let mut next = now.after(shortest_timeout(&shared));
        if shared.is_stopping() {
            next = next.min(self.stop_by(now));
        }
        match shared.listener.is_paused() {
            true => next = next.min(self.resume_at(now)),
            false => self.resume_at = None,
        }
        self.worker.tell_the_rest();
        let next = self.look_at_queue(next);
        self.look_at_connections(next)
    }

    /// Refuses requests that have waited for a worker for too long.
    fn look_at_queue(&mut self, next: Tick) -> Tick {
        let now = self.worker.now().tick;
        let shared = self.worker.shared.clone();
        let due = |waiting: &Waiting| waiting.since.after(shared.config.queue_timeout);
        while let Some(waiting) = shared.gate.overdue(|waiting| due(waiting).is_due(now)) {
            let index = waiting.ticket.index();
            let Some(slot) = shared.slab.get(index) else {
                continue;
            };
            let mut owned = waiting.ticket.reclaim(slot);
            self.worker.tell(Limit::QueueTimeout);
            if owned.is_unbegun() {
                owned.phase = Phase::Overdue;
                shared.has_work(&mut owned, now);
                self.worker.shared.report_again(index, owned);
                continue;
            }
            if owned.has_code() {
                self.leave_to_worker(index, owned);
                continue;
            }
            if let Some((again, _)) = self.worker.refuse(index, owned, BUSY) {
                self.worker.shared.report_again(index, again);
            }
        }
        shared.gate.longest(due).map_or(next, |due| next.min(due))
    }

    fn look_at_connections(&mut self, mut next: Tick) -> Tick {
        let now = self.worker.now().tick;
        let shared = self.worker.shared.clone();
        let mut claimed = 0;
        for (index, slot) in shared.slab.used() {
            let Some(due) = slot.deadline().map(|deadline| self.when(deadline)) else {
                continue;
            };
            if !due.is_due(now) {
                next = next.min(due);
                continue;
            }
            if claimed == PER_LOOK {
                return now;
            }
            // Nobody's but its runner's: then it has a new deadline soon.
            if let Some(owned) = slot.claim() {
                claimed += 1;
                next = next.min(self.end(index, owned).unwrap_or(next));
            }
        }
        next
    }

    /// When this deadline is over: while the server stops, idle connections have little time.
    fn when(&self, deadline: Deadline) -> Tick {
        let shared = &self.worker.shared;
        if !shared.is_stopping() || !deadline.is_idle {
            return deadline.at;
        }
        let config = &shared.config;
        let last_seen = deadline.at.before(config.idle_timeout);
        deadline.at.min(last_seen.after(config.shutdown_idle))
    }

    /// Ends a connection. `Some`: it turns out to have time until then.
    fn end(&mut self, index: usize, mut owned: Owned<'_>) -> Option<Tick> {
        let now = self.worker.now().tick;
        let due = owned.deadline().map(|deadline| self.when(deadline));
        if due.is_none_or(|due| !due.is_due(now)) {
            self.let_go(index, owned);
            return due;
        }
        if owned.has_input() || owned.has_work && owned.has_room() {
            // It is the server that is late.
            let due = now.after(REPRIEVE);
            owned.set_deadline(Some(Deadline::busy(due)));
            self.worker.shared.report_again(index, owned);
            return Some(due);
        }
        if owned.has_code() {
            self.leave_to_worker(index, owned);
            return None;
        }
        if owned.has_work {
            // Its client takes no answers.
            self.worker.close(index, owned);
            return None;
        }
        if let Some(output) = owned.awaited(now) {
            if self.worker.shared.is_stopping() {
                output.end_feed();
            }
            // A sign of life is due, or the end: either is for a worker.
            self.worker.shared.has_work(&mut owned, now);
            self.worker.shared.report_again(index, owned);
            return None;
        }
        match run::expire(&mut self.worker, &mut owned) {
            After::Close => self.worker.close(index, owned),
            after => {
                if let Some((again, _)) = self.worker.settle(index, owned, after) {
                    self.worker.shared.report_again(index, again);
                }
            }
        }
        None
    }

    /// Ends a connection whose body is made by code. Its drop is for a worker, who finds the socket
    /// closed.
    fn leave_to_worker(&mut self, index: usize, owned: Owned<'_>) {
        owned.set_deadline(None);
        owned.shut_down();
        self.worker.shared.report_again(index, owned);
    }

    /// Closes the connections that owe nothing, so that the server doesn't fail because of them.
    fn close_idle(&mut self) {
        let shared = self.worker.shared.clone();
        for (index, slot) in shared.slab.used() {
            let may_be = slot.deadline().is_some_and(|deadline| deadline.is_idle);
            let Some(owned) = may_be.then(|| slot.claim()).flatten() else {
                continue;
            };
            match owned.is_between_requests() {
                true => self.worker.close(index, owned),
                false => self.let_go(index, owned),
            }
        }
    }

    fn let_go(&mut self, index: usize, owned: Owned<'_>) {
        if let Err((again, _)) = owned.let_go() {
            self.worker.shared.report_again(index, again);
        }
    }

    /// Removes the files of requests that haven't come to their end: the process may end now, and nobody
    /// would do it.
    fn leave_no_files(&mut self) {
        let shared = self.worker.shared.clone();
        while let Some(waiting) = shared.gate.overdue(|_| true) {
            if let Some(slot) = shared.slab.get(waiting.ticket.index()) {
                self.forget_request(waiting.ticket.reclaim(slot));
            }
        }
        let owned = shared.slab.used().filter_map(|(_, slot)| slot.claim());
        owned.for_each(|owned| self.forget_request(owned));
    }

    /// Nobody runs the connection again: it isn't let go.
    fn forget_request(&mut self, mut owned: Owned<'_>) {
        if let Some(exchange) = owned.exchange.take() {
            self.worker.take_over(exchange);
            self.worker.exchange.clear();
            self.worker.tidy();
        }
    }

    fn stop_by(&mut self, now: Tick) -> Tick {
        let grace = self.worker.shared.config.shutdown_grace;
        *self.stop_by.get_or_insert(now.after(grace))
    }

    /// Has accepting go on when its pause is over. When to look again.
    fn resume_at(&mut self, now: Tick) -> Tick {
        let at = *self.resume_at.get_or_insert(now.after(listener::PAUSE));
        if !at.is_due(now) {
            return at;
        }
        self.resume_at = None;
        let shared = &self.worker.shared;
        shared.listener.resume(&shared.groups[0].poller);
        now.after(listener::PAUSE)
    }

    /// Whether the server has come to its end: all connections are closed, or the grace period is
    /// over. What is left of that is for handlers whose connections are gone.
    fn ends(&mut self) -> Option<Duration> {
        let now = self.worker.now().tick;
        let shared = &self.worker.shared;
        let stop_by = self.stop_by?;
        (shared.slab.open() == 0 || stop_by.is_due(now)).then(|| stop_by.since(now))
    }
}

/// How the server ends, now that nobody polls any more.
fn ending(shared: &Shared, patience: Duration) -> Ending {
    // Who is in no handler has only to wake up.
    let is_done = shared.slab.open() == 0 && shared.running().is_empty();
    let least = if is_done { PAUSE } else { Duration::ZERO };
    let are_back = shared.life.drivers_end(patience.max(least));
    let open = shared.slab.open();
    if are_back && open == 0 {
        return Ending::Clean;
    }
    let running = shared.running();
    for route in &running {
        shared.aside.say(
            Level::Error,
            format_args!("the grace period is over, and a handler has not returned: {route}"),
        );
    }
    Ending::Late { open, running }
}

fn shortest_timeout(shared: &Shared) -> Duration {
    let config = &shared.config;
    [
        config.head_timeout,
        config.body_timeout,
        config.idle_timeout,
        config.write_timeout,
        config.queue_timeout,
    ]
    .into_iter()
    .chain(shared.service.shortest_timeout())
    .fold(LINGER, Duration::min)
}
