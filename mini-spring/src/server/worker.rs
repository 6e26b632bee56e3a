//! A worker: a thread of the pool that holds a permit, waits for an event, runs the connection, and
//! waits again.
//!
//! What it needs for that is its own and used again and again: an exchange with its read buffer, an
//! output, the date. A worker that loses its permit inside user code finishes its answer and takes
//! another permit if one is free; else its job ends.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use http::StatusCode;

use super::access_log::Line;
use super::clock::Now;
use super::connection::{self, After, Connection};
use super::exchange::Exchange;
use super::gate::PermitId;
use super::listener;
use super::output::Output;
use super::permit::Left;
use super::poller::{Interest, Token};
use super::shared::Shared;
use super::slot::Owned;
use super::state::Hangup;
use crate::response::Response;

/// Exchanges and outputs that a worker keeps for later.
const SPARE: usize = 4;

/// Whether a worker may poll.
#[derive(Debug, Clone, Copy)]
pub(super) enum Grip {
    /// With this permit.
    Holds(PermitId),
    /// Its permit was taken while it was inside user code.
    Lost,
    /// It is no driver: it doesn't answer requests, it only ends connections.
    Never,
}

impl Grip {
    /// Whether the permit is gone.
    pub(super) fn is_lost(self) -> bool {
        matches!(self, Grip::Lost)
    }
}

/// What a thread needs to run connections.
pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    pub(super) exchange: Box<Exchange>,
    pub(super) output: Box<Output>,
    pub(super) dates: crate::http::date::DateCache,
    pub(super) now: Now,
    pub(super) grip: Grip,
    // Boxed, because so they move to a connection and back.
    #[allow(clippy::vec_box)]
    spare_exchanges: Vec<Box<Exchange>>,
    #[allow(clippy::vec_box)]
    spare_outputs: Vec<Box<Output>>,
    /// Lines of answers that aren't sent yet.
    lines: Vec<Line>,
}

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
    pub(super) fn new(shared: Arc<Shared>, grip: Grip) -> Self {
        Worker {
            exchange: Exchange::new(shared.service.directory().clone()),
            output: Box::default(),
            dates: crate::http::date::DateCache::new(),
            now: Now::read(),
            grip,
            spare_exchanges: Vec::new(),
            spare_outputs: Vec::new(),
            lines: Vec::new(),
            shared,
        }
    }

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
                Ok((Token::Listener, _)) => listener::accept_some(self),
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
        let run = AssertUnwindSafe(|| connection::run(self, connection, hangup));
        catch_unwind(run).unwrap_or_else(|_| {
            log::error!("a connection is closed, because running it has panicked");
            self.renew();
            self.output.clear();
            After::Close
        })
    }

    /// Starts anew with an exchange of which nobody knows anything.
    pub(super) fn renew(&mut self) {
        self.exchange = Exchange::new(self.shared.service.directory().clone());
    }

    /// Ends a run: closes the connection, or lets it go. `Some`: it must be run again.
    pub(super) fn settle<'s>(
        &mut self,
        index: usize,
        mut owned: Owned<'s>,
        after: After,
    ) -> Option<(Owned<'s>, Hangup)> {
        self.log_answers();
        if after == After::Close {
            self.close(index, owned);
            return None;
        }
        owned.set_deadline(Some(connection::deadline(self, &owned)));
        if !self.park(&mut owned) {
            log::warn!("server.max_buffered is reached: a connection is closed");
            const DETAIL: &str = "this server holds as many unfinished requests as it can";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            // Over the limit or not, this is the last that it costs.
            if connection::refuse(self, &mut owned, status, DETAIL) == After::Close {
                self.close(index, owned);
                return None;
            }
            owned.set_deadline(Some(connection::deadline(self, &owned)));
            self.park(&mut owned);
        }
        self.arm(index, &mut owned, after);
        owned.let_go().err()
    }

    /// Has the kernel report what this run leaves behind.
    fn arm(&self, index: usize, owned: &mut Owned<'_>, after: After) {
        let wanted = match after {
            After::Wait(Interest::Read) => return,
            // Once interest in writing is there, a send that blocks brings an event by itself; to
            // arm it again would report the input that nobody reads meanwhile, over and over.
            After::Wait(Interest::ReadWrite) if owned.interest == Interest::ReadWrite => return,
            _ => Interest::ReadWrite,
        };
        owned.interest = wanted;
        self.rearm(index, owned);
    }

    /// Lets go of a connection that has something to do, without doing it.
    pub(super) fn report_again(&self, index: usize, mut owned: Owned<'_>) {
        loop {
            self.rearm(index, &owned);
            match owned.let_go() {
                Ok(()) => return,
                Err((again, _)) => owned = again,
            }
        }
    }

    fn rearm(&self, index: usize, owned: &Owned<'_>) {
        let Some(socket) = &owned.socket else { return };
        let poller = &self.shared.groups[owned.group].poller;
        if let Err(error) = poller.rearm(socket, Token::Slot(index), owned.interest) {
            log::error!("a connection can't be polled any more: {error}");
        }
    }

    /// Closes a connection and frees its slot.
    pub(super) fn close(&mut self, index: usize, mut owned: Owned<'_>) {
        self.resume(&mut owned);
        self.exchange.clear();
        self.output.clear();
        let group = &self.shared.groups[owned.group];
        if let Some(socket) = owned.socket.take() {
            // Closing would remove it too, unless a child process has inherited the descriptor.
            let _ = group.poller.delete(&socket);
        }
        *owned = Connection::default();
        group.open.fetch_sub(1, Ordering::Relaxed);
        self.shared.slab.give(index, owned);
        self.shared.listener.resume(&self.shared.groups[0].poller);
        if self.shared.is_stopping() {
            self.shared.life.wake_clock();
        }
    }

    /// Takes over what a connection has in hand.
    pub(super) fn resume(&mut self, connection: &mut Connection) {
        if let Some(exchange) = connection.exchange.take() {
            let fresh = std::mem::replace(&mut self.exchange, exchange);
            keep(&mut self.spare_exchanges, fresh);
        }
        if let Some(output) = connection.output.take() {
            let fresh = std::mem::replace(&mut self.output, output);
            keep(&mut self.spare_outputs, fresh);
        }
        if connection.charged > 0 {
            self.shared
                .buffered
                .fetch_sub(connection.charged, Ordering::Relaxed);
            connection.charged = 0;
        }
    }

    /// Leaves with the connection what isn't finished. False: that is more than the server holds.
    fn park(&mut self, connection: &mut Connection) -> bool {
        if !self.exchange.is_idle() {
            connection.charged += self.exchange.size();
            let fresh = self.spare_exchanges.pop();
            let fresh =
                fresh.unwrap_or_else(|| Exchange::new(self.shared.service.directory().clone()));
            connection.exchange = Some(std::mem::replace(&mut self.exchange, fresh));
        }
        if !self.output.is_empty() {
            connection.charged += self.output.size();
            let fresh = self.spare_outputs.pop().unwrap_or_default();
            connection.output = Some(std::mem::replace(&mut self.output, fresh));
        }
        if connection.charged == 0 {
            return true;
        }
        let buffered = &self.shared.buffered;
        let before = buffered.fetch_add(connection.charged, Ordering::Relaxed);
        (before + connection.charged) as u64 <= self.shared.config.max_buffered
    }

    /// Answers the exchange's request. This is user code.
    pub(super) fn call(&mut self) -> Response {
        let shared = &self.shared;
        let target = self.exchange.target();
        let request = &mut self.exchange.request;
        in_user_code(shared, &mut self.grip, target, |_| {
            shared.service.call(request)
        })
    }

    /// Reads the next piece of the body that is being sent. This is user code too, and a read that
    /// waits is to be expected: the permit goes to another worker first.
    ///
    /// # Errors
    ///
    /// The body can't be sent whole.
    pub(super) fn refill(&mut self) -> io::Result<()> {
        let shared = &self.shared;
        let target = self.exchange.target();
        let output = &mut self.output;
        let refilled = in_user_code(shared, &mut self.grip, target, |stepping_down| {
            stepping_down();
            catch_unwind(AssertUnwindSafe(|| output.refill()))
        });
        let error = match refilled {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error,
            Err(payload) => {
                // Dropping a payload may panic as well.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
                io::Error::other("its reader panicked")
            }
        };
        let target = shared.service.target_name(target);
        log::error!("{target}: the body can't be sent: {error}");
        Err(error)
    }

    /// When an answer begins, if there is an access log.
    pub(super) fn log_start(&self) -> Option<Instant> {
        self.shared.access_log.as_ref().map(|_| Instant::now())
    }

    /// Keeps a line until its answer has been sent.
    pub(super) fn log_later(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// The answers have been sent: logs them.
    #[inline]
    pub(super) fn log_answers(&mut self) {
        if !self.lines.is_empty() {
            self.log_lines();
        }
    }

    #[cold]
    fn log_lines(&mut self) {
        if let Some(log) = &self.shared.access_log {
            self.lines.drain(..).for_each(|line| log.line(line));
        }
    }
}

/// Calls user code with the permit marked, so that it can be taken away while the code blocks. The
/// code gets a function that gives the permit up at once.
fn in_user_code<T>(
    shared: &Arc<Shared>,
    grip: &mut Grip,
    target: usize,
    code: impl FnOnce(&dyn Fn()) -> T,
) -> T {
    let Grip::Holds(id) = *grip else {
        return code(&|| {});
    };
    let permit = &shared.permits[id];
    permit.target.store(target, Ordering::Relaxed);
    let inside = permit.word.enter();
    let step_down = || {
        if permit.word.step_down(&inside) {
            shared.pass_on(id);
        }
    };
    let result = catch_unwind(AssertUnwindSafe(|| code(&step_down)));
    if permit.word.leave(inside) == Left::Lost {
        *grip = Grip::Lost;
    }
    result.unwrap_or_else(|payload| resume_unwind(payload))
}

fn keep<T>(spare: &mut Vec<T>, item: T) {
    if spare.len() < SPARE {
        spare.push(item);
    }
}
