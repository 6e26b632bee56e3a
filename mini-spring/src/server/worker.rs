//! What a thread needs to run connections, used again and again: an exchange with its read buffer,
//! an output, the date, and the permit under which it calls user code.
//!
//! Knows no socket: what comes in and goes out is moved by whoever runs a connection.

use std::fmt::Arguments;
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use http::StatusCode;
use log::Level;

use super::access_log::Line;
use super::answer::shed;
use super::clock::Now;
use super::connection::Connection;
use super::exchange::{Exchange, Piece};
use super::gate::PermitId;
use super::inside::Gatekeeper;
use super::output::{Broken, Client, Output};
use super::overload::Limit;
use super::permit::Left;
use super::run::After;
use super::shared::Shared;
use crate::error;
use crate::http::encode::is_bodiless;
use crate::http::head::Reject;
use crate::response::Response;
use crate::unwind::{caught, drop_quietly};

/// RFC 4918, section 11.5.
const NO_ROOM: Reject = Reject::new(
    StatusCode::INSUFFICIENT_STORAGE,
    "this server can't keep the body of this request",
);

/// Exchanges and outputs that a worker keeps for later.
const SPARE: usize = 4;

/// Whether a worker may poll.
#[derive(Debug, Clone, Copy)]
pub(super) enum Grip {
    /// With this permit.
    Holds(PermitId),
    /// It has given its permit away to make a call that may block.
    Blocking,
    /// Its permit is gone, and it has made its call.
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
    /// The time, as it was when somebody last asked.
    now: Now,
    /// Time may have passed since.
    is_late: bool,
    pub(super) grip: Grip,
    pub(super) gatekeeper: Rc<Gatekeeper>,
    // Boxed, because so they move to a connection and back.
    #[allow(clippy::vec_box)]
    spare_exchanges: Vec<Box<Exchange>>,
    #[allow(clippy::vec_box)]
    spare_outputs: Vec<Box<Output>>,
    /// Lines of answers that aren't sent yet.
    lines: Vec<Line>,
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>, grip: Grip) -> Self {
        Worker {
            exchange: shared.exchange(),
            output: Box::default(),
            dates: crate::http::date::DateCache::new(),
            now: Now::read(),
            is_late: false,
            grip,
            gatekeeper: Gatekeeper::new(shared.clone()),
            spare_exchanges: Vec::new(),
            spare_outputs: Vec::new(),
            lines: Vec::new(),
            shared,
        }
    }

    /// What time it is: looked up at most once between two things that take time.
    #[inline]
    pub(super) fn now(&mut self) -> Now {
        if std::mem::take(&mut self.is_late) {
            self.now.refresh();
        }
        self.now
    }

    /// Something has taken time.
    #[inline]
    pub(super) fn time_passes(&mut self) {
        self.is_late = true;
    }

    /// Starts anew with an exchange of which nobody knows anything.
    pub(super) fn renew(&mut self) {
        self.exchange = self.shared.exchange();
    }

    /// Takes over what a connection has in hand.
    pub(super) fn resume(&mut self, connection: &mut Connection) {
        connection.has_work = false;
        if let Some(exchange) = connection.exchange.take() {
            self.take_over(exchange);
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

    /// Goes on with this exchange; its own is for later.
    pub(super) fn take_over(&mut self, exchange: Box<Exchange>) {
        let fresh = std::mem::replace(&mut self.exchange, exchange);
        keep(&mut self.spare_exchanges, fresh);
    }

    /// An exchange that knows of no request.
    pub(super) fn fresh_exchange(&mut self) -> Box<Exchange> {
        let spare = self.spare_exchanges.pop();
        spare.unwrap_or_else(|| self.shared.exchange())
    }

    /// Leaves with the connection what isn't finished. False: that is more than the server holds.
    pub(super) fn park(&mut self, connection: &mut Connection) -> bool {
        if !self.exchange.is_idle() {
            connection.charged += self.exchange.size();
            let fresh = self.fresh_exchange();
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

    /// Whether the request can't just be answered: its target is known to block, or has a time limit.
    #[inline]
    pub(super) fn is_special(&self) -> bool {
        self.exchange.is_timed() || self.shared.heat.is_marked(self.exchange.target())
    }

    /// How the run ends for such a request; `None`: it can be answered now.
    pub(super) fn way(&mut self) -> Option<After> {
        let target = self.exchange.target();
        if self.shared.heat.is_marked(target) && !self.admit(target) {
            return Some(After::Queue);
        }
        self.exchange.is_timed().then_some(After::Call)
    }

    /// Gives the permit away before a call that is known to block. False: so many of them are being
    /// made that this one must wait.
    fn admit(&mut self, target: usize) -> bool {
        let Grip::Holds(id) = self.grip else {
            return true;
        };
        self.gatekeeper.enter(id, target);
        let is_admitted = self.gatekeeper.step_down();
        let left = self.gatekeeper.leave();
        if left == Left::Lost {
            self.shared.running.ends(target);
            self.grip = Grip::Blocking;
        }
        is_admitted || left == Left::Lost
    }

    /// Answers the exchange's request. This is user code. An answer to HEAD is not read.
    pub(super) fn call(&mut self, is_head: bool) -> Response {
        let shared = &self.shared;
        let target = self.exchange.target();
        let request = &mut self.exchange.request;
        let timed = matches!(self.grip, Grip::Blocking).then(Instant::now);
        let gatekeeper = &self.gatekeeper;
        let response = in_user_code(gatekeeper, &mut self.grip, target, || {
            let mut response = shared.service.call(request);
            let bodiless = is_head || is_bodiless(response.status());
            response.shed(bodiless);
            shed(request);
            response
        });
        if let Some(started) = timed {
            shared.heat.took(target, started.elapsed());
        }
        self.time_passes();
        response
    }

    /// Writes a piece of the body into its file. A disk may take its time: the permit is at risk, as
    /// in user code.
    ///
    /// # Errors
    ///
    /// The answer to a request whose body can't be kept.
    #[cold]
    pub(super) fn spool(&mut self, piece: Piece) -> Result<(), Reject> {
        let target = self.exchange.target();
        let (shared, exchange) = (&self.shared, &mut self.exchange);
        let spooled = in_user_code(&self.gatekeeper, &mut self.grip, target, || {
            exchange.spool(piece, &shared.config)
        });
        self.time_passes();
        spooled.map_err(|error| {
            let name = self.shared.service.route_name(target);
            let id = self.exchange.request.id();
            self.say(
                Level::Error,
                format_args!("{name}: the body can't be kept in a file (request {id}): {error}"),
            );
            NO_ROOM
        })
    }

    /// Whether the next piece of the body that is being sent may be made now. Where that is known to wait, the
    /// permit goes to another worker first.
    pub(super) fn may_refill(&mut self) -> bool {
        let Some(target) = self.output.code_of() else {
            return true;
        };
        let body = self.shared.body_of(target);
        let is_known = self.output.waits_itself() || self.shared.heat.is_marked(body);
        !is_known || self.admit(body)
    }

    /// Has that piece made. This is user code too.
    ///
    /// # Errors
    ///
    /// The body can't be sent whole.
    pub(super) fn refill(&mut self, socket: &TcpStream) -> io::Result<()> {
        let Some(target) = self.output.code_of() else {
            return Ok(());
        };
        let body = self.shared.body_of(target);
        let client = Client::Socket(socket, self.shared.config.write_timeout);
        let timed = matches!(self.grip, Grip::Blocking).then(Instant::now);
        let output = &mut self.output;
        let refilled = in_user_code(&self.gatekeeper, &mut self.grip, body, || {
            caught(|| output.refill(client).map_err(fault))
        });
        if let Some(started) = timed {
            self.shared.heat.took(body, started.elapsed());
        }
        self.time_passes();
        let why = match refilled {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(None)) => return Err(ErrorKind::BrokenPipe.into()),
            Ok(Err(Some(why))) => why,
            Err(panicked) => panicked.to_string(),
        };
        let about = self.output.take_about();
        let target = self.shared.service.target_name(target);
        self.say(
            Level::Error,
            format_args!("{about}: {target}: the body can't be sent: {why}"),
        );
        Err(io::Error::other(why))
    }

    /// Forgets the output. With a reader in it this is user code as well.
    pub(super) fn abandon_output(&mut self) {
        if let Some(line) = self.output.take_line() {
            self.shared.aside.line(line);
        }
        let Some(target) = self.output.code_of() else {
            self.output.clear();
            return;
        };
        let body = self.shared.body_of(target);
        let is_known = self.shared.heat.is_marked(body);
        let (gatekeeper, output) = (&self.gatekeeper, &mut self.output);
        in_user_code(gatekeeper, &mut self.grip, body, || {
            if is_known {
                gatekeeper.step_down();
            }
            output.clear();
        });
    }

    /// When an answer begins, if there is an access log.
    pub(super) fn log_start(&self) -> Option<Instant> {
        self.shared.aside.logs_answers.then(Instant::now)
    }

    /// Keeps a line until its answer has been sent.
    pub(super) fn log_later(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Has another line in place of the last.
    pub(super) fn log_instead(&mut self, change: impl FnOnce(Line) -> Line) {
        let last = self.lines.pop();
        self.lines.extend(last.map(change));
    }

    /// All of the output has been sent, to the end of a body that was read.
    #[inline]
    pub(super) fn all_is_sent(&mut self) {
        if let Some(line) = self.output.take_line() {
            self.lines.push(line);
        }
        self.tidy();
    }

    /// The answers have been sent: the log gets their lines, and files that are left of their requests go.
    #[inline]
    pub(super) fn tidy(&mut self) {
        if !self.lines.is_empty() || !self.exchange.leftovers.is_empty() {
            self.tidy_up();
        }
    }

    #[cold]
    fn tidy_up(&mut self) {
        let aside = &self.shared.aside;
        self.lines.drain(..).for_each(|line| aside.line(line));
        let leftovers = self.exchange.leftovers.drain(..);
        leftovers.for_each(|spool| aside.remove(spool));
    }

    /// Tells whoever runs the server that a request is turned away, unless that was told a moment ago.
    #[cold]
    pub(super) fn tell(&mut self, limit: Limit) {
        let now = self.now().tick;
        if let Some(times) = self.shared.overload.reached(limit, now) {
            self.say_how_often(limit, times);
        }
    }

    /// Tells what nobody has told yet of that.
    pub(super) fn tell_the_rest(&mut self) {
        let now = self.now().tick;
        let shared = self.shared.clone();
        for (limit, times) in shared.overload.untold(now) {
            self.say_how_often(limit, times);
        }
    }

    fn say_how_often(&self, limit: Limit, times: u64) {
        let requests = if times == 1 { "request" } else { "requests" };
        self.say(
            Level::Warn,
            format_args!("{times} {requests} turned away: {limit}"),
        );
    }

    /// Tells whoever runs the server.
    pub(super) fn say(&self, level: Level, message: Arguments<'_>) {
        self.shared.aside.say(level, message);
    }
}

/// What the program has to say of a body that can't be sent whole; `None`: that is its client's fault. To say it,
/// and to drop it, is user code.
fn fault(broken: Broken) -> Option<String> {
    match broken {
        Broken::Client => None,
        Broken::Program(error) => {
            let line = error::Line(error.as_std()).to_string();
            drop_quietly(error);
            Some(line)
        }
    }
}

/// Calls user code with the permit marked, so that it can be taken away while the code blocks.
pub(super) fn in_user_code<T>(
    gatekeeper: &Gatekeeper,
    grip: &mut Grip,
    target: usize,
    code: impl FnOnce() -> T,
) -> T {
    match *grip {
        Grip::Holds(id) => gatekeeper.enter(id, target),
        _ => gatekeeper.enter_without(target),
    }
    let _leaving = Leaving {
        gatekeeper,
        grip,
        target,
    };
    code()
}

/// Comes back from user code when it is dropped, so a panic comes back too.
struct Leaving<'w> {
    gatekeeper: &'w Gatekeeper,
    grip: &'w mut Grip,
    target: usize,
}

impl Drop for Leaving<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.gatekeeper.leave() == Left::Lost {
            self.is_lost();
        }
    }
}

impl Leaving<'_> {
    #[cold]
    fn is_lost(&mut self) {
        self.gatekeeper.shared.running.ends(self.target);
        if !matches!(self.grip, Grip::Never) {
            *self.grip = Grip::Lost;
        }
    }
}

fn keep<T>(spare: &mut Vec<T>, item: T) {
    if spare.len() < SPARE {
        spare.push(item);
    }
}
