//! From a request that is complete to an answer in the output.
//!
//! What the answer depends on is noted before the handler is called, because middleware can put
//! another request in this one's place. Knows no socket.

use std::sync::Arc;
use std::time::Instant;

use http::{Method, Version};

use super::access_log::Line;
use super::clock::Due;
use super::connection::{Close, Connection, Phase};
use super::exchange::BodyState;
use super::live::{Arriving, Ended, Live};
use super::output::Manner;
use super::worker::Worker;
use crate::http::chunked::Cursor;
use crate::http::encode::Persistence;
use crate::http::head::Head;
use crate::request::{Incoming, Request};
use crate::respond::{IntoResponse, Problem};
use crate::response::Response;
use crate::unwind::drop_quietly;

/// What a request asks of its answer.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) is_head: bool,
    version: Version,
    keep_alive: bool,
    body: BodyState,
    /// Which buffer the request stands in.
    buffer: (usize, usize),
    /// When the call began, if there is an access log.
    started: Option<Instant>,
    /// The body, if the handler reads it while it arrives.
    pub(super) live: Option<Arc<Live>>,
}

impl Asked {
    /// By the request that this worker is about to answer.
    #[inline]
    pub(super) fn by(worker: &mut Worker, connection: &mut Connection, body: BodyState) -> Self {
        let started = worker.log_start();
        let live = match body {
            BodyState::Live => worker.go_live(connection),
            _ => None,
        };
        let exchange = &mut worker.exchange;
        exchange.request.peer = connection.peer;
        exchange.request.connection = connection.id;
        let Head {
            method,
            version,
            keep_alive,
            ..
        } = &exchange.request.head;
        Asked {
            is_head: *method == Method::HEAD,
            version: *version,
            keep_alive: *keep_alive,
            body,
            buffer: exchange.buffer(),
            started,
            live,
        }
    }
}

impl Worker {
    /// Writes the answer to the request that was called for, and goes on to the next.
    #[inline]
    pub(super) fn write(
        &mut self,
        connection: &mut Connection,
        asked: Asked,
        mut response: Response,
    ) {
        let Asked {
            is_head,
            version,
            keep_alive,
            mut body,
            buffer,
            started,
            live,
        } = asked;
        let mut behind = None;
        if let Some(live) = live {
            (body, behind) = end_live(&live, &mut response);
        }
        // What follows in the buffer of a request that was swapped for another is lost.
        let swapped = self.exchange.buffer() != buffer;
        if swapped {
            body = BodyState::Unread;
        }
        let is_last = || self.shared.is_stopping() && self.is_last(connection, behind.as_deref());
        let ends = body == BodyState::Unread || !keep_alive || is_last();
        let persistence = match version {
            _ if ends => Persistence::Close,
            Version::HTTP_10 => Persistence::KeepAlive,
            _ => Persistence::Implied,
        };
        let now = self.now().unix;
        let manner = Manner {
            request: Some(&self.exchange.request),
            is_head,
            version,
            persistence,
            now,
            target: self.exchange.target(),
        };
        let status = response.status();
        let (length, written) = self.output.answer(response, &manner, &mut self.dates);
        if let Some(started) = started {
            let line = Line::answered(&self.exchange.request, status, length, started.elapsed());
            if let Some(line) = self.output.log_at_end(line, started) {
                self.log_later(line);
            }
        }
        if swapped {
            self.renew();
        }
        match (body, written) {
            (BodyState::Unread, _) => connection.phase = Phase::Closing(Close::Linger),
            (_, Persistence::Close) if keep_alive => self.end(connection, Close::Linger),
            (_, Persistence::Close) => self.end(connection, Close::Now),
            _ => {
                self.exchange.next();
                if let Some(behind) = behind {
                    self.exchange.append(&behind);
                }
            }
        }
    }

    /// Whether nothing has arrived behind the request that was answered: what has is still answered
    /// while the server stops.
    #[cold]
    fn is_last(&self, connection: &Connection, behind: Option<&[u8]>) -> bool {
        let nothing_read = self.exchange.is_last() && behind.is_none_or(<[u8]>::is_empty);
        nothing_read && !connection.has_input()
    }

    /// Has the handler read the rest of the body from the connection.
    #[cold]
    fn go_live(&mut self, connection: &mut Connection) -> Option<Arc<Live>> {
        let socket = connection.socket.clone()?;
        self.hush(connection);
        let (buffer, rest, limit) = self.exchange.take_live();
        let length = buffer.len();
        let request = &mut self.exchange.request;
        let live = Live::new(Arriving {
            socket: Some(socket),
            buffer,
            given: 0,
            cursor: Cursor {
                read: length,
                write: length,
            },
            rest,
            limit,
            left: limit.saturating_sub(length as u64),
            timeout: self.shared.config.body_timeout,
            due: Due::default(),
            expects_continue: request.head.expects_continue && length == 0,
            failed: None,
        });
        *request.incoming.get_mut() = Incoming::Live(live.reader());
        Some(live)
    }

    /// The last answer has been written. Where the client wanted to go on, it may have sent more;
    /// input that nobody reads makes the close a slow one.
    fn end(&mut self, connection: &mut Connection, close: Close) {
        self.exchange.next();
        let close = match self.exchange.is_idle() {
            true => close,
            false => Close::Linger,
        };
        self.exchange.clear();
        connection.phase = Phase::Closing(close);
    }
}

/// Drops what middleware has left on a request: values of the program, which mustn't be seen by the next one.
#[inline]
pub(super) fn shed(request: &mut Request) {
    if !request.extensions.is_empty() {
        drop_quietly(std::mem::take(&mut request.extensions));
    }
}

/// What became of a body that was read while it arrived, and what came behind it. Where it couldn't be
/// read, and the handler could only fail, that is the client's fault.
#[cold]
fn end_live(live: &Live, response: &mut Response) -> (BodyState, Option<Vec<u8>>) {
    match live.end() {
        Ended::Whole(behind) => (BodyState::Whole, Some(behind)),
        Ended::Unread => (BodyState::Unread, None),
        Ended::Failed(reject) => {
            if response.status().is_server_error() {
                let problem = Problem::new(reject.status).with_detail(reject.text());
                drop_quietly(std::mem::replace(response, problem.into_response()));
            }
            (BodyState::Unread, None)
        }
    }
}
