//! The end of a run: a connection is closed, or let go with everything that it waits for in place.
//!
//! Order matters: first the deadline, then what is left over goes into the connection, then the
//! kernel is told, all of it while the connection is still owned; then it is let go.

use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use http::StatusCode;
use log::Level;

use super::clock::{Deadline, Tick};
use super::connection::{Connection, Phase};
use super::gate::Queued;
use super::overload::Limit;
use super::poller::{Interest, Poll, Poller, Token};
use super::run::{self, After, BUSY};
use super::shared::{Shared, Waiting};
use super::slot::Owned;
use super::state::Hangup;
use super::worker::Worker;

const FULL: &str = "this server holds as many unfinished requests as it can";

impl Worker {
    /// Ends a run: closes the connection, or lets it go. `Some`: it must be run again.
    pub(super) fn settle<'s>(
        &mut self,
        index: usize,
        mut owned: Owned<'s>,
        after: After,
    ) -> Option<(Owned<'s>, Hangup)> {
        self.tidy();
        if after == After::Wait(Interest::Read) && self.leaves_nothing(&owned) {
            let due = self.now().tick + self.shared.idle_timeout;
            owned.set_deadline(Some(Deadline::idle(due)));
            return owned.let_go().err();
        }
        match after {
            After::Close => {
                self.close(index, owned);
                return None;
            }
            After::Queue => owned.set_deadline(None),
            After::Await => owned.set_deadline(Some(self.next_beat())),
            After::Yield if self.output.is_empty() => {
                let now = self.now().tick;
                self.shared.has_work(&mut owned, now);
            }
            After::Wait(_) | After::Yield | After::Call | After::Rest => {
                owned.set_deadline(Some(run::deadline(self, &owned)));
            }
        }
        if !self.park(&mut owned) {
            return self.give_way(index, owned);
        }
        if after == After::Queue {
            return self.queue(index, owned);
        }
        self.arm(index, &mut owned, after);
        owned.let_go().err()
    }

    /// When a connection that waits for other threads is looked after: it owes nothing, and a server that stops
    /// looks at it soon.
    fn next_beat(&mut self) -> Deadline {
        let now = self.now().tick;
        let at_last = now + self.shared.idle_timeout;
        let next = self.output.next_beat(now);
        Deadline::idle(next.map_or(at_last, |next| next.min(at_last)))
    }

    /// Whether a connection only waits for its next request, as most do most of the time, and its
    /// poller will report it.
    fn leaves_nothing(&self, connection: &Connection) -> bool {
        self.exchange.is_idle()
            && self.output.is_empty()
            && connection.phase == Phase::Open
            && connection.interest != Interest::Hangup
            && !Poller::DISARMS
    }

    /// The request waits for a worker, and keeps its connection meanwhile.
    #[cold]
    fn queue<'s>(&mut self, index: usize, owned: Owned<'s>) -> Option<(Owned<'s>, Hangup)> {
        let slot = owned.slot();
        let since = self.now().tick;
        let ticket = owned.keep(index);
        // What doesn't wait is this worker's again.
        let (waiting, is_full) = match self.shared.gate.queue(Waiting { ticket, since }) {
            Queued::Waits => return None,
            Queued::Room(waiting) => (waiting, false),
            Queued::Full(waiting) => (waiting, true),
        };
        let owned = waiting.ticket.reclaim(slot);
        if !is_full {
            return Some((owned, Hangup::Unknown));
        }
        self.tell(Limit::Queue);
        self.refuse(index, owned, BUSY)
    }

    /// The server holds as much as it may: this request is refused, so that it holds no more.
    #[cold]
    fn give_way<'s>(&mut self, index: usize, owned: Owned<'s>) -> Option<(Owned<'s>, Hangup)> {
        self.tell(Limit::Buffered);
        self.refuse(index, owned, FULL)
    }

    /// Answers 503 instead of the request, and lets go. Where an answer is on its way already, nothing may be
    /// written into it: it breaks off.
    #[cold]
    pub(super) fn refuse<'s>(
        &mut self,
        index: usize,
        mut owned: Owned<'s>,
        detail: &'static str,
    ) -> Option<(Owned<'s>, Hangup)> {
        if owned.output.is_some() && !owned.is_unbegun() {
            self.close(index, owned);
            return None;
        }
        let after = run::refuse(self, &mut owned, StatusCode::SERVICE_UNAVAILABLE, detail);
        self.tidy();
        if after == After::Close {
            self.close(index, owned);
            return None;
        }
        owned.set_deadline(Some(run::deadline(self, &owned)));
        // Over the limit or not: it is small, and the last that this connection costs.
        self.park(&mut owned);
        self.arm(index, &mut owned, after);
        owned.let_go().err()
    }

    /// Has the kernel report what this run leaves behind.
    fn arm(&self, index: usize, owned: &mut Owned<'_>, after: After) {
        let wanted = match after {
            // A call that is made apart tells by itself when it is done.
            After::Rest => return,
            // Bytes that nobody reads would be reported over and over; the end of the stream is one, too.
            After::Await if Poller::DISARMS && !owned.has_bytes() => Interest::Read,
            After::Await if Poller::DISARMS => Interest::Hangup,
            After::Await => return,
            // The event has disarmed it. What nobody reads meanwhile isn't asked for.
            After::Wait(interest) if Poller::DISARMS => interest,
            After::Wait(Interest::Read) if owned.interest == Interest::Hangup => Interest::Read,
            After::Wait(Interest::Read) => return,
            // A send that blocks brings an event by itself then.
            After::Wait(_) if owned.interest == Interest::Write => return,
            After::Wait(_) => Interest::Write,
            _ => Interest::ReadWrite,
        };
        self.shared.rearm(index, owned, wanted);
    }

    /// Input wakes nobody up: this worker waits for it by itself.
    pub(super) fn hush(&self, connection: &mut Connection) {
        self.shared
            .rearm(connection.id.slot, connection, Interest::Hangup);
    }

    /// Closes a connection and frees its slot.
    pub(super) fn close(&mut self, index: usize, mut owned: Owned<'_>) {
        self.resume(&mut owned);
        self.exchange.clear();
        self.tidy();
        // The client is done with first: to drop a reader may take its time.
        let shared = self.shared.clone();
        let group = &shared.groups[owned.group];
        if let Some(socket) = owned.take_socket() {
            // What can't be removed isn't there.
            let _ = group.poller.delete(&socket);
            // Whoever still waits for a body on it wakes up and lets go: then it is closed.
            if Arc::strong_count(&socket) > 1 {
                let _ = socket.shutdown(Shutdown::Read);
            }
        }
        self.abandon_output();
        *owned = Connection::default();
        group.open.fetch_sub(1, Ordering::Relaxed);
        shared.slab.give(index, owned);
        shared.listener.resume(&shared.groups[0].poller);
        if shared.is_stopping() {
            shared.life.wake_clock();
        }
    }
}

impl Shared {
    /// A connection that has something to do, without its client: that one owes nothing but room to answer.
    pub(super) fn has_work(&self, owned: &mut Owned<'_>, now: Tick) {
        owned.has_work = true;
        let due = now.after(self.config.write_timeout);
        owned.set_deadline(Some(Deadline::busy(due)));
    }

    /// Lets go of a connection that has something to do, without doing it.
    pub(super) fn report_again(&self, index: usize, mut owned: Owned<'_>) {
        // What it has to do may not come from its client, but there is room to write, or there will be.
        loop {
            self.rearm(index, &mut owned, Interest::ReadWrite);
            match owned.let_go() {
                Ok(()) => return,
                Err((again, _)) => owned = again,
            }
        }
    }

    /// Has the poller report this from here on.
    fn rearm(&self, index: usize, connection: &mut Connection, wanted: Interest) {
        let before = std::mem::replace(&mut connection.interest, wanted);
        let Some(socket) = &connection.socket else {
            return;
        };
        let poller = &self.groups[connection.group].poller;
        let arm = |interest| poller.rearm(socket, Token::Slot(index), interest);
        // Room to write is reported beside what there is to read, unless that was silenced.
        let was_silent = before == Interest::Hangup && wanted != Interest::Read;
        let heard = if was_silent {
            arm(Interest::Read)
        } else {
            Ok(())
        };
        if let Err(error) = heard.and_then(|()| arm(wanted)) {
            self.aside.say(
                Level::Error,
                format_args!("a connection can't be polled any more: {error}"),
            );
        }
    }
}
