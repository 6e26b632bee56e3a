//! The job of a worker: it holds a permit, waits for an event, runs the connection, and waits again.
//!
//! A worker that loses its permit inside user code finishes its answer and takes another permit if
//! one is free; else its job ends.

use std::io;
use std::sync::Arc;
use std::thread;

use log::Level;

use super::accept;
use super::connection::Connection;
use super::gate::{Next, PermitId};
use super::life::Life;
use super::os::ThreadWatch;
use super::poller::{Poll, Poller, Token};
use super::run::{self, After};
use super::shared::Shared;
use super::slot::Owned;
use super::state::Hangup;
use super::worker::{Grip, Worker};
use crate::http::buffers;
use crate::unwind::caught;

/// The job of a worker: drives until its permit is gone or the server ends.
pub(super) fn drive(shared: Arc<Shared>, permit: PermitId) {
    // The server counts on being told, whatever ends this job.
    let _ending = Ending(&shared.life);
    let mut worker = Worker::new(shared.clone(), Grip::Holds(permit));
    let _known = worker.gatekeeper.make_known();
    let watch: ThreadWatch = match shared.config.watchdog_tick.is_zero() {
        // Nobody looks, so it costs no descriptor. On systems that tell nothing of threads it has nothing in it.
        true => Default::default(),
        false => ThreadWatch::of_this_thread(),
    };
    while let Grip::Holds(permit) = worker.grip {
        shared.permits[permit].is_held_by(&watch);
        if let Driven::Ended = worker.drive(permit) {
            return;
        }
        worker.grip = worker.go_on();
    }
}

/// Says at the end of a job that it has ended. Its thread waits for the next, perhaps for ever.
struct Ending<'l>(&'l Life);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        buffers::free();
        self.0.driver_ends();
    }
}

/// How a driver waits: one that had work a moment ago looks a few times more before it sleeps.
///
/// To sleep and be woken up costs more than a request does, and who sends the next one pays for half of it.
/// Between two looks other threads may run, so on a busy machine this takes nothing from anybody; one
/// look in vain after a sleep is all that it costs where there is little to do.
#[derive(Default)]
struct Eyes {
    /// The last event was there without waiting.
    is_busy: bool,
}

/// How often a busy driver looks again.
const LOOKS: usize = 4;

impl Eyes {
    #[inline]
    fn next(&mut self, poller: &Poller) -> io::Result<(Token, Hangup)> {
        if let Some(event) = poller.poll()? {
            self.is_busy = true;
            return Ok(event);
        }
        self.look_again(poller)
    }

    fn look_again(&mut self, poller: &Poller) -> io::Result<(Token, Hangup)> {
        if std::mem::take(&mut self.is_busy) {
            for _ in 0..LOOKS {
                thread::yield_now();
                if let Some(event) = poller.poll()? {
                    self.is_busy = true;
                    return Ok(event);
                }
            }
        }
        poller.wait()
    }
}

enum Driven {
    Ended,
    Lost,
}

impl Worker {
    /// Without a permit, and its call made: takes what waits for a worker, then a permit if one is
    /// free.
    pub(super) fn go_on(&mut self) -> Grip {
        let shared = self.shared.clone();
        loop {
            match shared.gate.finish() {
                Next::Drive(permit) => return Grip::Holds(permit),
                Next::End => return Grip::Lost,
                Next::Run(waiting) => {
                    self.grip = Grip::Blocking;
                    self.time_passes();
                    let index = waiting.ticket.index();
                    if let Some(slot) = shared.slab.get(index) {
                        self.serve(index, waiting.ticket.reclaim(slot), Hangup::Unknown);
                    }
                }
            }
        }
    }

    fn drive(&mut self, permit: PermitId) -> Driven {
        let shared = self.shared.clone();
        let poller = &shared.group_of(permit).poller;
        let mut eyes = Eyes::default();
        loop {
            match eyes.next(poller) {
                Ok((Token::Wake, _)) => return Driven::Ended,
                Ok((token, hangup)) => self.attend(&shared, token, hangup),
                Err(error) => {
                    self.say(
                        Level::Error,
                        format_args!("a worker ends, because it can't wait for events: {error}"),
                    );
                    return Driven::Ended;
                }
            }
            if !matches!(self.grip, Grip::Holds(_)) {
                return Driven::Lost;
            }
        }
    }

    /// Takes one event if there is one, for who never waits. False: there was none.
    #[cfg(feature = "__inside")]
    pub(super) fn step(&mut self, permit: PermitId) -> io::Result<bool> {
        let shared = self.shared.clone();
        let event = shared.group_of(permit).poller.poll()?;
        if let Some((token, hangup)) = event {
            self.attend(&shared, token, hangup);
        }
        Ok(event.is_some())
    }

    /// Does what an event is about.
    #[inline]
    fn attend(&mut self, shared: &Shared, token: Token, hangup: Hangup) {
        self.time_passes();
        match token {
            Token::Slot(index) => {
                let slot = shared.slab.get(index);
                if let Some(owned) = slot.and_then(|slot| slot.event(hangup)) {
                    self.serve(index, owned, hangup);
                }
            }
            Token::Listener => accept::accept_some(self),
            Token::Wake => {}
        }
    }

    /// Runs a connection until it can be let go or is closed.
    fn serve(&mut self, index: usize, mut owned: Owned<'_>, mut hangup: Hangup) {
        loop {
            let after = self.run(&mut owned, hangup);
            if after == After::Call {
                // Without its permit, too, this worker writes the answer that it has made.
                match self.call_apart(owned) {
                    Some(again) => owned = again,
                    None => return,
                }
                continue;
            }
            match self.settle(index, owned, after) {
                None => return,
                Some((again, _)) if !matches!(self.grip, Grip::Holds(_)) => {
                    self.shared.report_again(index, again);
                    return;
                }
                Some((again, seen)) => (owned, hangup) = (again, seen),
            }
        }
    }

    /// Runs a connection once. User code is caught where it is called; should this crate itself
    /// panic, the connection is lost, but not its slot, and not the permit.
    fn run(&mut self, connection: &mut Connection, hangup: Hangup) -> After {
        caught(|| run::run(self, connection, hangup)).unwrap_or_else(|panicked| {
            let message = panicked.message.unwrap_or_default();
            self.say(
                Level::Error,
                format_args!("a connection is closed, because running it has panicked: {message}"),
            );
            self.renew();
            self.abandon_output();
            After::Close
        })
    }
}
