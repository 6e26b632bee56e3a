//! Running a connection: read, parse, answer, write, until there is nothing to do but wait.
//!
//! The runner owns the connection for as long as this takes; what it can't finish it leaves in the
//! connection and says what to wait for. Order matters: nothing is read or parsed while output is
//! unsent, and whoever stops with input or output left over has the kernel report again.
//!
//! Knows workers, exchanges and outputs; knows no poller and no state word.

use std::io::{self, ErrorKind};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use http::{Method, StatusCode, Version};
use log::Level;

use super::access_log::Logged;
use super::answer::Asked;
use super::call::Call;
use super::clock::Deadline;
use super::connection::{Close, Connection, Phase};
use super::exchange::{BodyState, Step, Waiting};
use super::os;
use super::output::{Manner, Sent};
use super::poller::{Interest, Poll, Poller};
use super::push::Waker;
use super::refusal::problem;
use super::state::Hangup;
use super::worker::Worker;
use crate::http::encode::{CONTINUE, Persistence};
use crate::http::head::Reject;
use crate::respond::IntoResponse;
use crate::response::Response;

/// After so many bytes read or written in one run, other connections get their turn.
const BYTES_PER_RUN: isize = 64 * 1024;

/// What a request counts beside its bytes, so that after 64 of them it is somebody else's turn, too.
const REQUEST: isize = BYTES_PER_RUN / 64;

/// How much is read and thrown away after an answer that didn't wait for the whole request.
const LINGER_BYTES: usize = 256 * 1024;

/// What is said where all that may block do.
pub(super) const BUSY: &str = "this server has no worker left for this request";

/// How long that goes on.
pub(super) const LINGER: Duration = Duration::from_secs(2);

/// What a run ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// Wait for the client.
    Wait(Interest),
    /// There is more to do: have the kernel report again.
    Yield,
    /// Its request waits for a worker, or the reader of its answer does.
    Queue,
    /// Its request is complete and is to be answered apart from it.
    Call,
    /// Another thread has its request, and tells when it has the answer.
    Rest,
    /// Other threads make the rest of its answer, and tell when there is more.
    Await,
    Close,
}

/// Runs a connection. `hangup` tells whether the end of the stream is known to be coming.
pub(super) fn run(worker: &mut Worker, connection: &mut Connection, hangup: Hangup) -> After {
    let mut run = Run::new(worker, connection, hangup);
    match run.connection.phase {
        Phase::Lingering { .. } => run.linger(),
        Phase::Calling { .. } => run.collect(),
        Phase::Introducing => run.introduce(),
        Phase::Overdue => run.refuse_instead(StatusCode::SERVICE_UNAVAILABLE, BUSY),
        _ => run.go(),
    }
}

/// When a connection that is about to wait must have made progress. Its exchange and output are
/// still the worker's.
pub(super) fn deadline(worker: &mut Worker, connection: &Connection) -> Deadline {
    let now = worker.now().tick;
    let config = &worker.shared.config;
    match connection.phase {
        Phase::Lingering { until, .. } => return Deadline::busy(until),
        Phase::Calling { due } => return Deadline::busy(due),
        _ => {}
    }
    if !worker.output.is_empty() {
        return Deadline::busy(worker.output.due(now, config.write_timeout));
    }
    match worker.exchange.waiting() {
        Waiting::Request => Deadline::idle(now.after(config.idle_timeout)),
        Waiting::Head => Deadline::busy(worker.exchange.since(now).after(config.head_timeout)),
        Waiting::Body => Deadline::busy(worker.exchange.due(now, config.body_timeout)),
    }
}

/// The deadline of this connection has passed: says why, if there is something to say.
pub(super) fn expire(worker: &mut Worker, connection: &mut Connection) -> After {
    if let Some(call) = connection.call.clone() {
        return time_out(worker, connection, &call);
    }
    let detail = match connection.waiting() {
        Waiting::Request => return After::Close,
        Waiting::Head => "the head of the request took too long",
        Waiting::Body => "the body of the request took too long",
    };
    refuse(worker, connection, StatusCode::REQUEST_TIMEOUT, detail)
}

/// A call that was made apart takes too long. One that has just come back is still answered.
fn time_out(worker: &mut Worker, connection: &mut Connection, call: &Call) -> After {
    if !call.give_up() {
        return After::Yield;
    }
    let name = worker.shared.service.route_name(call.target);
    let timeout = call.timeout;
    worker.say(
        Level::Warn,
        format_args!("{name} has not answered within {timeout:?}: 504"),
    );
    let detail = "the handler has taken too long";
    refuse(worker, connection, StatusCode::GATEWAY_TIMEOUT, detail)
}

/// Answers instead of going on: the connection sends this and ends.
pub(super) fn refuse(
    worker: &mut Worker,
    connection: &mut Connection,
    status: StatusCode,
    detail: &'static str,
) -> After {
    let mut run = Run::new(worker, connection, Hangup::Unknown);
    run.refuse_instead(status, detail)
}

pub(super) struct Run<'w> {
    pub(super) worker: &'w mut Worker,
    pub(super) connection: &'w mut Connection,
    hangup: Hangup,
    /// A read has shown that the socket is empty.
    pub(super) drained: bool,
    /// What comes next isn't for this run.
    leaves: Option<After>,
    /// Bytes until it is somebody else's turn.
    left: isize,
}

impl<'w> Run<'w> {
    fn new(worker: &'w mut Worker, connection: &'w mut Connection, hangup: Hangup) -> Self {
        worker.resume(connection);
        Run {
            worker,
            connection,
            hangup,
            drained: false,
            leaves: None,
            left: BYTES_PER_RUN,
        }
    }

    pub(super) fn go(&mut self) -> After {
        loop {
            if !self.worker.output.is_empty() {
                match self.send() {
                    Ok(Sent::All) => {}
                    Ok(Sent::Some(_) | Sent::Refill) => {
                        return self.leaves.unwrap_or(After::Yield);
                    }
                    Ok(Sent::Blocked) => return After::Wait(Interest::Write),
                    Ok(Sent::Idle) if self.client_is_gone() => return After::Close,
                    Ok(Sent::Idle) if self.waits_for_more() => return After::Await,
                    Ok(Sent::Idle) => continue, // Something has come meanwhile.
                    Err(_) => return After::Close,
                }
            }
            if let Phase::Closing(close) = self.connection.phase {
                return self.close(close);
            }
            if self.is_spent() {
                return After::Yield;
            }
            if self.answer_all() {
                continue;
            }
            if let Some(after) = self.leaves {
                return after;
            }
            if self.drained {
                return After::Wait(Interest::Read);
            }
            match self.receive() {
                Ok(0) => return After::Close,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return After::Wait(Interest::Read);
                }
                Err(_) => return After::Close,
            }
        }
    }

    /// Whether it is somebody else's turn.
    #[inline]
    fn is_spent(&self) -> bool {
        self.left <= 0 || self.worker.grip.is_lost()
    }

    /// Whether nobody is left who could take what other threads make.
    fn client_is_gone(&self) -> bool {
        let may_be = self.hangup == Hangup::Seen || Poller::DISARMS;
        let socket = self.connection.socket.as_ref().filter(|_| may_be);
        socket.is_some_and(|socket| os::is_gone(socket))
    }

    /// Has other threads tell of what they make next. False: something is to be sent now.
    fn waits_for_more(&mut self) -> bool {
        let now = self.worker.now().tick;
        let Worker { output, shared, .. } = &mut *self.worker;
        output.is_to_wait(now, || Waker::of(shared, self.connection.id))
    }

    /// Sends the output, making bodies on the way. `Some` or `Refill`: it is somebody else's turn.
    fn send(&mut self) -> io::Result<Sent> {
        let Some(socket) = &self.connection.socket else {
            return Err(ErrorKind::NotConnected.into());
        };
        loop {
            let size = self.worker.output.size();
            let sent = self.worker.output.send(socket)?;
            match sent {
                Sent::All => {
                    self.worker.all_is_sent();
                    return Ok(sent);
                }
                Sent::Blocked | Sent::Idle => return Ok(sent),
                Sent::Some(_) | Sent::Refill if self.is_spent() => return Ok(sent),
                Sent::Some(length) => self.left = self.left.saturating_sub_unsigned(length),
                Sent::Refill => {
                    self.left = self.left.saturating_sub_unsigned(size);
                    if !self.worker.may_refill() {
                        self.leaves = Some(After::Queue);
                        return Ok(sent);
                    }
                    if self.worker.output.begin() {
                        continue;
                    }
                    refill(self.worker, socket)?;
                }
            }
        }
    }

    pub(super) fn receive(&mut self) -> io::Result<usize> {
        let Some(socket) = &self.connection.socket else {
            return Err(ErrorKind::NotConnected.into());
        };
        let buffer = self.worker.exchange.room();
        let room = buffer.capacity() - buffer.len();
        let length = os::recv(socket, buffer)?;
        // A short read has emptied the socket, unless the end of the stream is behind.
        self.drained = length < room && self.hangup == Hangup::Unknown;
        self.left = self.left.saturating_sub_unsigned(length);
        self.worker.exchange.progressed(length);
        Ok(length)
    }

    /// Answers the requests that are in the buffer. True: there is something to send.
    fn answer_all(&mut self) -> bool {
        while self.worker.output.takes_more() && !self.worker.exchange.is_idle() {
            let Worker {
                exchange, shared, ..
            } = &mut *self.worker;
            match exchange.advance(&shared.service, &shared.config) {
                Step::NeedMore => break,
                Step::Continue => {
                    self.worker.output.raw(CONTINUE);
                    break;
                }
                Step::Spool(piece) => match self.worker.spool(piece) {
                    // It may have been the last: then there is no more to wait for.
                    Ok(()) if self.is_spent() => self.leaves = Some(After::Yield),
                    Ok(()) => {}
                    Err(reject) => self.refuse(reject),
                },
                Step::Ready(body) if self.worker.is_special() => {
                    // What is finished is sent first: this may take its time.
                    if !self.worker.output.is_empty() {
                        self.worker.exchange.put_off(body);
                        break;
                    }
                    self.leaves = self.worker.way();
                    if self.leaves.is_some() {
                        self.worker.exchange.put_off(body);
                        break;
                    }
                    self.answer(body);
                }
                Step::Ready(body) => self.answer(body),
                Step::Refused(reject) => self.refuse(reject),
            }
            if self.connection.phase != Phase::Open || self.is_spent() {
                break;
            }
        }
        !self.worker.output.is_empty()
    }

    fn answer(&mut self, body: BodyState) {
        self.left -= REQUEST;
        let asked = Asked::by(self.worker, self.connection, body);
        let response = self.worker.call(asked.is_head);
        self.worker.write(self.connection, asked, response);
    }

    /// Goes on with what a call that was made apart has left, if it has.
    fn collect(&mut self) -> After {
        let call = self.connection.call.as_ref();
        let Some(answered) = call.and_then(|call| call.answered()) else {
            return After::Rest;
        };
        self.connection.call = None;
        self.connection.phase = Phase::Open;
        // The end of the stream may have come while nobody read.
        self.hangup = Hangup::Seen;
        self.left -= REQUEST;
        self.worker.take_over(answered.exchange);
        self.worker
            .write(self.connection, answered.asked, answered.response);
        self.go()
    }

    /// Refuses, also where an answer is there of which nothing has been sent.
    fn refuse_instead(&mut self, status: StatusCode, detail: &'static str) -> After {
        let line = self.worker.output.take_line();
        self.worker.abandon_output();
        let reject = Reject::new(status, detail);
        self.send_refusal(reject, problem(reject).into_response());
        // The request has a line of its own.
        if let Some(line) = line {
            self.worker
                .log_instead(|refusal| line.refused(status, refusal.length));
        }
        self.go()
    }

    fn refuse(&mut self, reject: Reject) {
        let response = self.worker.refusal(self.connection, reject);
        self.send_refusal(reject, response);
    }

    fn send_refusal(&mut self, reject: Reject, response: Response) {
        let call = self.connection.call.take();
        let logged = match &call {
            Some(call) => call.logged(),
            None => self.refused(),
        };
        let method = match &call {
            Some(call) => Some(&call.method),
            None => self.worker.exchange.method(),
        };
        let is_head = method == Some(&Method::HEAD);
        let now = self.worker.now().unix;
        let exchange = &self.worker.exchange;
        let manner = Manner {
            request: exchange.has_head().then_some(&exchange.request),
            is_head,
            version: Version::HTTP_11,
            persistence: Persistence::Close,
            now,
            target: exchange.target(),
        };
        let status = response.status();
        let (output, dates) = (&mut self.worker.output, &mut self.worker.dates);
        let (length, _) = output.answer(response, &manner, dates);
        let (text, remedy, peer) = (reject.text(), reject.remedy(), self.connection.peer);
        self.worker
            .say(Level::Debug, format_args!("{peer}: {text}{remedy}"));
        if let Some(logged) = logged {
            let line = logged.line(status, length);
            self.worker.log_later(line);
        }
        self.worker.exchange.clear();
        self.connection.phase = Phase::Closing(Close::Linger);
    }

    /// What the access log tells of a request that is refused before it is called for.
    fn refused(&mut self) -> Option<Logged> {
        let began = self.worker.log_start()?;
        let exchange = &mut self.worker.exchange;
        Some(Logged {
            about: exchange.about(),
            client: exchange.client(self.connection.peer),
            id: exchange.id().map(str::to_owned),
            began,
        })
    }

    fn close(&mut self, close: Close) -> After {
        self.worker.exchange.clear();
        // Unread input would turn the close into a reset, whoever is to blame for it.
        if close == Close::Now && (self.drained || !matches!(self.receive(), Ok(1..))) {
            return After::Close;
        }
        let ended = match &self.connection.socket {
            Some(socket) => socket.shutdown(Shutdown::Write),
            None => return After::Close,
        };
        if ended.is_err() {
            return After::Close;
        }
        self.worker.exchange.clear();
        self.connection.phase = Phase::Lingering {
            left: LINGER_BYTES,
            until: self.worker.now().tick.after(LINGER),
        };
        self.linger()
    }

    /// Reads what the client still sends, and drops it, until it has seen our end of the stream.
    fn linger(&mut self) -> After {
        let Phase::Lingering { mut left, until } = self.connection.phase else {
            return After::Close;
        };
        loop {
            match self.receive() {
                Ok(0) => return After::Close,
                Ok(length) if length > left => return After::Close,
                Ok(length) => left -= length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return After::Close,
            }
            self.worker.exchange.clear();
        }
        self.connection.phase = Phase::Lingering { left, until };
        After::Wait(Interest::Read)
    }
}

/// Has the next piece of a body made. One that breaks off must not look as if it were whole: where the
/// end of the connection is its end, that end is a reset.
fn refill(worker: &mut Worker, socket: &TcpStream) -> io::Result<()> {
    let ends = worker.output.ends_with_the_connection();
    let refilled = worker.refill(socket);
    if refilled.is_err() && ends {
        os::reset_on_close(socket)?;
    }
    refilled
}
