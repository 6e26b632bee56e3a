//! One or more answers on their way out.
//!
//! Heads and small bodies are written into one buffer, which is sent with one call. Large bodies go
//! out of their own memory, and bodies that are read go through the buffer piece by piece, when
//! there is room: a slow client is parked together with its body. So is one whose body comes from other
//! threads, while there is nothing to send. Knows bytes and sockets; code that makes a body is run by whoever
//! calls [`Output::refill`].

mod made;
mod pour;
mod source;

use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use http::Version;

pub(super) use self::pour::Client;
use self::source::{Code, Fed, Framer, Source};
use super::access_log::Line;
use super::clock::{Due, Tick};
use super::os::{self, Behind};
use crate::error::Error;
use crate::http::buffers;
use crate::http::date::DateCache;
use crate::http::encode::{self, AnswerHead, Delimiter, Persistence};
use crate::request::Request;
use crate::response::{Body, Response};
use crate::unwind::drop_quietly;

/// Bodies up to this size are copied behind their head.
const SMALL: usize = 32 * 1024;

/// How much of a body in memory is sent at a time.
const PORTION: usize = 256 * 1024;

/// A buffer larger than this isn't kept for the next answers.
const LARGEST: usize = 128 * 1024;

/// How an answer is to be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'r> {
    /// What is answered, for the log, if it is a request.
    pub(super) request: Option<&'r Request>,
    /// The request is HEAD: the answer is as to GET, without the body (RFC 9110, section 9.3.2).
    pub(super) is_head: bool,
    pub(super) version: Version,
    pub(super) persistence: Persistence,
    /// Seconds of Unix time.
    pub(super) now: u64,
    /// What is answered.
    pub(super) target: usize,
}

/// What became of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// All of it.
    All,
    /// So many bytes of it; the socket may take more.
    Some(usize),
    /// The buffer; the rest of a body must be made first.
    Refill,
    /// All that there is; the rest of a body comes from other threads.
    Idle,
    /// The socket takes no more for now.
    Blocked,
}

/// Bytes to be sent, and where more of them come from.
#[derive(Debug, Default)]
pub(super) struct Output {
    buffer: Vec<u8>,
    sent: usize,
    source: Source,
    /// Of which request the code of `source` makes the body.
    about: Option<Box<str>>,
    due: Due,
    /// Boxed, since most answers have none.
    pending: Option<Box<Pending>>,
}

/// Why a body can't be sent whole.
#[derive(Debug)]
pub(super) enum Broken {
    /// Its client takes no more.
    Client,
    /// Code of the program that makes it says so.
    Program(Error),
}

/// A line of the access log about an answer that is read while it is sent.
#[derive(Debug)]
struct Pending {
    line: Line,
    started: Instant,
    /// Bytes of the body that have been read.
    read: u64,
}

impl Output {
    /// Whether there is nothing to send.
    pub(super) fn is_empty(&self) -> bool {
        self.sent == self.buffer.len() && matches!(self.source, Source::Nothing)
    }

    /// Whether another answer may be written behind what is there.
    pub(super) fn takes_more(&self) -> bool {
        matches!(self.source, Source::Nothing) && self.buffer.len() < 2 * SMALL
    }

    /// When the client must have taken more of it.
    pub(super) fn due(&mut self, now: Tick, timeout: Duration) -> Tick {
        self.due.at(now, timeout)
    }

    /// How much memory it holds.
    pub(super) fn size(&self) -> usize {
        let source = match &self.source {
            Source::Bytes { bytes, .. } => bytes.capacity(),
            Source::Code(code) => code.head.as_ref().map_or(0, Vec::capacity),
            Source::Nothing | Source::Fed(_) => 0,
        };
        self.buffer.capacity() + source
    }

    /// Writes bytes that are an answer already.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Writes an answer. Gives back how long its body is, as far as that is known, and what the
    /// answer says about the connection: a body of unknown length can end it.
    #[inline(always)]
    pub(super) fn answer(
        &mut self,
        response: Response,
        manner: &Manner<'_>,
        dates: &mut DateCache,
    ) -> (Option<u64>, Persistence) {
        let (status, fields, body) = response.into_parts();
        let length = body.length();
        let delimiter = Delimiter::of(status, manner.version, length);
        let persistence = match delimiter {
            Delimiter::Close => Persistence::Close,
            _ => manner.persistence,
        };
        let head = AnswerHead {
            status,
            fields: &fields,
            delimiter,
            persistence,
            now: manner.now,
        };
        let begin = self.buffer.len();
        encode::head(&mut self.buffer, dates, &head);
        fields.recycle();
        let bodiless = delimiter.is_bodiless() || manner.is_head;
        match body {
            Body::Bytes(bytes) if bodiless => buffers::give(bytes),
            Body::Bytes(bytes) if bytes.len() <= SMALL => {
                self.buffer.extend_from_slice(&bytes);
                buffers::give(bytes);
            }
            Body::Bytes(bytes) => self.source = Source::Bytes { bytes, sent: 0 },
            Body::Produced(_) | Body::Fed(_) if bodiless => {}
            Body::Produced(produced) => {
                self.about = manner.request.map(about);
                self.source = Source::Code(Box::new(Code {
                    producer: produced.producer,
                    framer: Framer(delimiter),
                    target: manner.target,
                    head: Some(self.buffer.split_off(begin)),
                }));
            }
            Body::Fed(feed) => self.source = Source::Fed(Box::new(Fed::new(*feed, delimiter))),
        }
        (length.filter(|_| !bodiless), persistence)
    }

    /// Sends as much as the socket takes, without waiting.
    pub(super) fn send(&mut self, socket: &TcpStream) -> io::Result<Sent> {
        // The rest of a body in memory follows at once; a reader may take its time.
        let behind = match self.source {
            Source::Bytes { .. } => Behind::More,
            _ => Behind::Nothing,
        };
        if !self.buffer.is_empty() {
            if !send_rest(socket, &self.buffer, &mut self.sent, behind, &mut self.due)? {
                return Ok(Sent::Blocked);
            }
            // The client has taken all that there was, and owes nothing.
            self.due.reset();
            self.rewind();
        }
        match &mut self.source {
            Source::Nothing => Ok(Sent::All),
            Source::Code(_) => Ok(Sent::Refill),
            Source::Fed(_) => Ok(self.take_fed()),
            Source::Bytes { bytes, sent } => {
                // Portions: a client as fast as this worker must not keep it for the whole body.
                let portion = bytes.len().min(*sent + PORTION);
                if !send_rest(
                    socket,
                    &bytes[..portion],
                    sent,
                    Behind::Nothing,
                    &mut self.due,
                )? {
                    return Ok(Sent::Blocked);
                }
                if portion < bytes.len() {
                    return Ok(Sent::Some(PORTION));
                }
                self.due.reset();
                self.source = Source::Nothing;
                Ok(Sent::All)
            }
        }
    }

    /// Whether nothing of what is here has been sent, or is an answer that can't be had again: something
    /// else can be answered.
    pub(super) fn is_unbegun(&self) -> bool {
        let has_head = matches!(&self.source, Source::Code(code) if code.head.is_some());
        has_head && self.sent == self.buffer.len()
    }

    /// Keeps the line of an answer that is made while it is sent. Gives back that of any other.
    pub(super) fn log_at_end(&mut self, line: Line, started: Instant) -> Option<Line> {
        if let Source::Nothing | Source::Bytes { .. } = self.source {
            return Some(line);
        }
        let read = 0;
        self.pending = Some(Box::new(Pending {
            line,
            started,
            read,
        }));
        None
    }

    /// The line of an answer that has come to its end, be it the right one or not.
    pub(super) fn take_line(&mut self) -> Option<Line> {
        let Pending {
            line,
            started,
            read,
        } = *self.pending.take()?;
        Some(line.ended(read, started.elapsed()))
    }

    /// Whether a body whose end is the end of the connection isn't at its end.
    pub(super) fn ends_with_the_connection(&self) -> bool {
        matches!(&self.source, Source::Code(code) if code.framer.0 == Delimiter::Close)
    }

    /// Forgets what hasn't been sent. This runs the drop of a reader.
    pub(super) fn clear(&mut self) {
        self.due.reset();
        self.rewind();
        drop_quietly(std::mem::take(&mut self.source));
    }

    fn rewind(&mut self) {
        self.buffer.clear();
        self.sent = 0;
        if self.buffer.capacity() > LARGEST {
            self.buffer = Vec::new();
        }
    }
}

/// How the log names a request whose body fails: it has gone by then.
#[cold]
fn about(request: &Request) -> Box<str> {
    let (method, path, id) = (request.method(), request.path(), request.id());
    format!("{method} {path} (request {id})").into()
}

/// Sends from `sent` on; false if the socket takes no more for now.
fn send_rest(
    socket: &TcpStream,
    bytes: &[u8],
    sent: &mut usize,
    behind: Behind,
    due: &mut Due,
) -> io::Result<bool> {
    while *sent < bytes.len() {
        match os::send(socket, &bytes[*sent..], behind) {
            Ok(length) => {
                *sent += length;
                due.progressed(length);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
