//! One or more answers on their way out.
//!
//! Heads and small bodies are written into one buffer, which is sent with one call. Large bodies go
//! out of their own memory, and bodies that are read go through the buffer piece by piece, when
//! there is room: a slow client is parked together with its body. So is one whose body comes from other
//! threads, while there is nothing to send. Knows bytes and sockets; code that makes a body is run by whoever
//! calls [`Output::refill`].

mod pour;
mod source;

use std::io::{self, Read};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Version;

use self::pour::Pour;
use self::source::{Code, Fed, Framer, PIECE, Source};
use super::access_log::Line;
use super::clock::{Due, Tick};
use super::os::{self, Behind};
use crate::channel::{Taken, Wake};
use crate::error::Error;
use crate::http::buffers;
use crate::http::date::DateCache;
use crate::http::encode::{self, AnswerHead, Delimiter, Persistence};
use crate::response::{Body, Producer, Response};
use crate::unwind::drop_quietly;

/// Bodies up to this size are copied behind their head.
const SMALL: usize = 32 * 1024;

/// How much of a body in memory is sent at a time.
const PORTION: usize = 256 * 1024;

/// A buffer larger than this isn't kept for the next answers.
const LARGEST: usize = 128 * 1024;

/// How an answer is to be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
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
        manner: &Manner,
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
        let bodiless = delimiter == Delimiter::Nothing || manner.is_head;
        match body {
            Body::Bytes(bytes) if bodiless => buffers::give(bytes),
            Body::Bytes(bytes) if bytes.len() <= SMALL => {
                self.buffer.extend_from_slice(&bytes);
                buffers::give(bytes);
            }
            Body::Bytes(bytes) => self.source = Source::Bytes { bytes, sent: 0 },
            Body::Produced(_) | Body::Fed(_) if bodiless => {}
            Body::Produced(produced) => {
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

    /// Takes what other threads have sent of a body.
    #[cold]
    fn take_fed(&mut self) -> Sent {
        let Source::Fed(fed) = &mut self.source else {
            return Sent::All;
        };
        if self.buffer.capacity() == 0 {
            self.buffer = buffers::take();
        }
        let mut bytes = 0;
        let taken = fed.fill(&mut self.buffer, &mut bytes);
        if let Some(pending) = &mut self.pending {
            pending.read += bytes;
        }
        match taken {
            Taken::Some => {}
            Taken::End => self.source = Source::Nothing,
            // It may take long: somebody else can use the memory.
            Taken::Nothing => {
                buffers::give(std::mem::take(&mut self.buffer));
                return Sent::Idle;
            }
        }
        Sent::Some(self.buffer.len())
    }

    /// Nothing has come from other threads. False: a sign of life is to be sent, or something has come now.
    pub(super) fn is_to_wait(&mut self, now: Tick, waker: impl FnOnce() -> Arc<dyn Wake>) -> bool {
        match &mut self.source {
            Source::Fed(fed) => !fed.beat(now, &mut self.buffer) && fed.listen(waker),
            _ => false,
        }
    }

    /// When a sign of life is due, if it only waits for other threads.
    pub(super) fn next_beat(&self, now: Tick) -> Option<Tick> {
        match &self.source {
            Source::Fed(fed) if self.sent == self.buffer.len() => Some(fed.next_beat(now)),
            _ => None,
        }
    }

    /// Nothing more is taken from other threads: the body ends with what is here.
    pub(super) fn end_feed(&self) {
        if let Source::Fed(fed) = &self.source {
            fed.end();
        }
    }

    /// There is a worker to make the body: its head can be sent. False: it was before.
    pub(super) fn begin(&mut self) -> bool {
        let Source::Code(code) = &mut self.source else {
            return false;
        };
        let head = code.head.take();
        self.buffer.extend(head.iter().flatten());
        head.is_some()
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

    /// Has the code that makes the body make the next piece, or all of it. This is code of the program.
    ///
    /// # Errors
    ///
    /// The code's error, or that it ended before the length that was promised. What the client
    /// has got is not whole then, and only the end of the connection can tell it.
    // Not inlined: its piece would be room on the stack that every request has to touch.
    #[inline(never)]
    pub(super) fn refill(&mut self, socket: &TcpStream, timeout: Duration) -> Result<(), Broken> {
        match &mut self.source {
            Source::Code(code) if matches!(code.producer, Producer::Reader(_)) => self.pull(),
            Source::Code(_) => self.pour(socket, timeout),
            _ => Ok(()),
        }
    }

    /// Reads the next piece into the buffer.
    fn pull(&mut self) -> Result<(), Broken> {
        let Source::Code(code) = &mut self.source else {
            return Ok(());
        };
        let Code {
            producer: Producer::Reader(reader),
            framer,
            ..
        } = &mut **code
        else {
            return Ok(());
        };
        let mut piece = [0; PIECE];
        let length = match framer.room() {
            0 => 0,
            room => read(reader, &mut piece[..room]).map_err(broken)?,
        };
        if let Some(pending) = &mut self.pending {
            pending.read += length as u64;
        }
        if length == 0 {
            framer.end(&mut self.buffer).map_err(broken)?;
            drop_quietly(std::mem::take(&mut self.source));
        } else {
            framer.piece(&mut self.buffer, &piece[..length]);
        }
        Ok(())
    }

    /// Has code write all of the body, and sends what it writes. The last of it is in the buffer then.
    fn pour(&mut self, socket: &TcpStream, timeout: Duration) -> Result<(), Broken> {
        let Source::Code(code) = std::mem::take(&mut self.source) else {
            return Ok(());
        };
        let Producer::Writer(write) = code.producer else {
            return Ok(());
        };
        let mut pour = Pour {
            socket,
            timeout,
            buffer: &mut self.buffer,
            framer: code.framer,
            due: &mut self.due,
            piece: Vec::new(),
            written: 0,
            is_broken: false,
        };
        let poured = pour.run(write);
        if let Some(pending) = &mut self.pending {
            pending.read = pour.written;
        }
        poured
    }

    /// Whose answer it is, if it holds code of the program, which may block, also when it is dropped.
    pub(super) fn code_of(&self) -> Option<usize> {
        match &self.source {
            Source::Code(code) => Some(code.target),
            _ => None,
        }
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

fn broken(error: io::Error) -> Broken {
    Broken::Program(error.into())
}

/// Reads a piece; an interruption is no error.
fn read(reader: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result.map(|length| length.min(piece.len())),
        }
    }
}
