//! The job of a worker: it holds a permit, waits for an event, runs the connection, and waits again.
//!
//! A worker that loses its permit inside user code finishes its answer and takes another permit if
//! one is free; else its job ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::accept;
use super::connection::Connection;
use super::gate::PermitId;
use super::poller::Token;
use super::run::{self, After};
use super::shared::Shared;
use super::slot::Owned;
use super::state::Hangup;
use super::worker::{Grip, Worker};

/// The job of a worker: drives until its permit is gone or the server ends.
pub(super) fn drive(shared: Arc<Shared>, permit: PermitId) {
    let mut worker = Worker::new(shared.clone(), Grip::Holds(permit));
    while let Grip::Holds(permit) = worker.grip {
        if let Driven::Ended = worker.drive(permit) {
            break;
        }
        worker.grip = shared.gate.finish().map_or(Grip::Lost, Grip::Holds);
    }
    drop(worker);
    shared.life.driver_ends();
}

enum Driven {
    Ended,
    Lost,
}

impl Worker {
    fn drive(&mut self, permit: PermitId) -> Driven {
        let shared = self.shared.clone();
        let poller = &shared.group_of(permit).poller;
        loop {
            let event = poller.wait();
            self.now.refresh();
            match event {
                Ok((Token::Slot(index), hangup)) => {
                    let slot = shared.slab.get(index);
                    if let Some(owned) = slot.and_then(|slot| slot.event(hangup)) {
                        self.serve(index, owned, hangup);
                    }
                }
                Ok((Token::Listener, _)) => accept::accept_some(self),
                Ok((Token::Wake, _)) => return Driven::Ended,
                Err(error) => {
                    log::error!("a worker ends, because it can't wait for events: {error}");
                    return Driven::Ended;
                }
            }
            if self.grip.is_lost() {
                return Driven::Lost;
            }
        }
    }

    /// Runs a connection until it can be let go or is closed.
    fn serve(&mut self, index: usize, mut owned: Owned<'_>, mut hangup: Hangup) {
        loop {
            let after = self.run(&mut owned, hangup);
            match self.settle(index, owned, after) {
                None => return,
                Some((again, _)) if self.grip.is_lost() => {
                    self.report_again(index, again);
                    return;
                }
                Some((again, seen)) => (owned, hangup) = (again, seen),
            }
        }
    }

    /// Runs a connection once. User code is caught where it is called; should this crate itself
    /// panic, the connection is lost, but not its slot, and not the permit.
    fn run(&mut self, connection: &mut Connection, hangup: Hangup) -> After {
        let run = AssertUnwindSafe(|| run::run(self, connection, hangup));
        catch_unwind(run).unwrap_or_else(|_| {
            log::error!("a connection is closed, because running it has panicked");
            self.renew();
            self.output.clear();
            After::Close
        })
    }
}
