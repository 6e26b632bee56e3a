//! A body that a handler reads while it arrives.
//!
//! The handler holds a worker meanwhile, without a permit. The bytes of the body and the socket are
//! shared by its reader, which is the program's and may outlive the answer, and by the server, which
//! takes back what the reader has left: the request behind the body, or the need to close. Knows no
//! exchange and no connection.

mod interim;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use http::StatusCode;

use self::interim::{Interim, Invited};
use super::clock::{Due, Now};
use super::os;
use crate::error::ClientFault;
use crate::http::chunked::{Cursor, Decoder};
use crate::http::head::{Progress, Reject};

/// How much is received at a time.
const PIECE: usize = 64 * 1024;

/// A body on its way, as the server keeps it.
#[derive(Debug)]
pub(super) struct Live {
    control: Control,
    body: Mutex<Arriving>,
}

/// What the server decides while the reader may be reading.
#[derive(Debug)]
struct Control {
    /// The reader may read no more.
    over: AtomicBool,
    interim: Interim,
}

/// What the reader changes.
#[derive(Debug)]
pub(super) struct Arriving {
    /// Until the request ends: the program may keep its reader for longer than that.
    pub(super) socket: Option<Arc<TcpStream>>,
    /// What has arrived and hasn't been read yet, behind what has.
    pub(super) buffer: Vec<u8>,
    /// How much of the buffer has been read.
    pub(super) given: usize,
    /// How much of it belongs to the body, and where what hasn't been decoded begins.
    pub(super) cursor: Cursor,
    pub(super) rest: Rest,
    /// How many bytes of data the body may have.
    pub(super) limit: u64,
    /// How many of them the client may still send.
    pub(super) left: u64,
    pub(super) timeout: Duration,
    pub(super) due: Due,
    pub(super) expects_continue: bool,
    /// Why the client's body can't be read to its end.
    pub(super) failed: Option<Reject>,
}

/// What is to come.
#[derive(Debug)]
pub(super) enum Rest {
    /// So many bytes.
    Length(u64),
    Chunked(Decoder),
    /// Nothing.
    End,
}

/// How a live body has ended with its request.
#[derive(Debug)]
pub(super) enum Ended {
    /// It was read whole; this came behind it.
    Whole(Vec<u8>),
    /// It wasn't read to its end.
    Unread,
    /// It can't be read to its end.
    Failed(Reject),
}

impl Live {
    pub(super) fn new(arriving: Arriving) -> Arc<Self> {
        let interim = match &arriving.socket {
            Some(socket) if arriving.expects_continue => Interim::expected(socket.clone()),
            _ => Interim::none(),
        };
        let over = AtomicBool::new(false);
        Arc::new(Live {
            control: Control { over, interim },
            body: Mutex::new(arriving),
        })
    }

    /// The reader's end of it.
    pub(super) fn reader(self: &Arc<Self>) -> Box<dyn Read + Send> {
        Box::new(Reader(self.clone()))
    }

    /// From here on the reader gets nothing more: what arrives is the server's.
    pub(super) fn cut(&self) {
        self.control.over.store(true, Ordering::SeqCst);
        self.control.interim.end();
        self.let_go();
    }

    /// Lets go of the socket, unless a thread reads even now. That one does it when it is done.
    fn let_go(&self) {
        if let Some(mut body) = self.idle_body() {
            body.socket = None;
        }
    }

    /// What the reader changes, while no thread reads.
    fn idle_body(&self) -> Option<MutexGuard<'_, Arriving>> {
        match self.body.try_lock() {
            Ok(body) => Some(body),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn read(&self, piece: &mut [u8]) -> io::Result<usize> {
        let body = self.body.lock();
        let mut body = body.unwrap_or_else(PoisonError::into_inner);
        if self.control.is_over() {
            return Err(io::Error::other(ENDED));
        }
        body.read(piece, &self.control)
    }

    /// The request has been answered: takes back what the reader has left.
    pub(super) fn end(&self) -> Ended {
        self.cut();
        // Another thread that reads even now will find that it may not.
        let Some(mut body) = self.idle_body() else {
            return Ended::Unread;
        };
        if let Some(reject) = body.failed {
            return Ended::Failed(reject);
        }
        match body.rest {
            Rest::End if body.given == body.cursor.write => {
                let behind = body.cursor.read;
                Ended::Whole(body.buffer.split_off(behind))
            }
            _ => Ended::Unread,
        }
    }
}

/// What the handler reads from.
struct Reader(Arc<Live>);

impl Read for Reader {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(piece);
        // The request may have ended meanwhile, and have left this to the one who read.
        if self.0.control.is_over() {
            self.0.let_go();
        }
        read
    }
}

impl Control {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}

impl Arriving {
    fn read(&mut self, piece: &mut [u8], control: &Control) -> io::Result<usize> {
        if let Some(reject) = self.failed {
            return Err(error_of(reject));
        }
        if piece.is_empty() {
            return Ok(0);
        }
        loop {
            let here = &self.buffer[self.given..self.cursor.write];
            if !here.is_empty() {
                let length = here.len().min(piece.len());
                piece[..length].copy_from_slice(&here[..length]);
                self.given += length;
                return Ok(length);
            }
            if let Rest::End = self.rest {
                return Ok(0);
            }
            if let Err(reject) = self.receive(control)? {
                self.failed = Some(reject);
                return Err(error_of(reject));
            }
        }
    }

    /// Waits for more. The inner error is the client's fault.
    fn receive(&mut self, control: &Control) -> io::Result<Result<(), Reject>> {
        // All of it was used up.
        self.buffer.clear();
        self.buffer.reserve(PIECE);
        (self.given, self.cursor) = (0, Cursor { read: 0, write: 0 });
        let Some(socket) = self.socket.clone() else {
            return Err(ErrorKind::NotConnected.into());
        };
        if let Err(reject) = self.invite(&socket, control)? {
            return Ok(Err(reject));
        }
        let length = loop {
            if control.is_over() {
                break 0;
            }
            match os::recv(&socket, &mut self.buffer) {
                Ok(length) => break length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return Ok(Err(BROKEN_OFF)),
            }
            let Some(patience) = self.patience() else {
                return Ok(Err(TOO_SLOW));
            };
            os::wait_for_input(&socket, patience)?;
        };
        // Since when it is cut off, somebody else reads from the socket as well.
        if control.is_over() {
            self.buffer.clear();
            return Err(ErrorKind::TimedOut.into());
        }
        if length == 0 {
            return Ok(Err(BROKEN_OFF));
        }
        self.due.progressed(length);
        Ok(self.decode())
    }

    /// Sends the `100 Continue` that the client may be waiting for. The inner error is its fault.
    fn invite(&mut self, socket: &TcpStream, control: &Control) -> io::Result<Result<(), Reject>> {
        loop {
            match control.interim.send() {
                Ok(Invited::Yes) => return Ok(Ok(())),
                Ok(Invited::NotYet) => {}
                Err(_) => return Ok(Err(BROKEN_OFF)),
            }
            let Some(patience) = self.patience() else {
                return Ok(Err(TOO_SLOW));
            };
            os::wait_for_output(socket, patience)?;
        }
    }

    /// How long the client may be waited for now; `None`: it is too late.
    fn patience(&mut self) -> Option<Duration> {
        let now = Now::read().tick;
        let due = self.due.at(now, self.timeout);
        (!due.is_due(now)).then(|| due.since(now).min(LOOK))
    }

    fn decode(&mut self) -> Result<(), Reject> {
        let Arriving { buffer, cursor, .. } = self;
        let (is_complete, data) = match &mut self.rest {
            Rest::End => return Ok(()),
            Rest::Length(left) => {
                let here =
                    usize::try_from(*left).map_or(buffer.len(), |left| left.min(buffer.len()));
                *left -= here as u64;
                (cursor.read, cursor.write) = (here, here);
                (*left == 0, here)
            }
            Rest::Chunked(decoder) => {
                let progress = decoder.decode(buffer, cursor);
                let data = cursor.write;
                if (data as u64).saturating_add(decoder.announced()) > self.left {
                    return Err(Reject::body_over(self.limit));
                }
                (progress? == Progress::Complete, data)
            }
        };
        self.left = self.left.saturating_sub(data as u64);
        if is_complete {
            self.rest = Rest::End;
        }
        Ok(())
    }
}

/// How long a reader waits at most before it looks whether it may go on.
const LOOK: Duration = Duration::from_millis(500);

/// What a reader gets that is kept for longer than its handler runs.
const ENDED: &str =
    "a `Body` ends with its handler; take a `TempFile` to answer with what was sent";

const BROKEN_OFF: Reject = Reject::new(
    StatusCode::BAD_REQUEST,
    "the client has closed the connection before the end of the body",
);
const TOO_SLOW: Reject = Reject::new(
    StatusCode::REQUEST_TIMEOUT,
    "the body of the request took too long",
);

fn error_of(reject: Reject) -> io::Error {
    let kind = match reject.status {
        StatusCode::REQUEST_TIMEOUT => ErrorKind::TimedOut,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorKind::FileTooLarge,
        _ if reject == BROKEN_OFF => ErrorKind::UnexpectedEof,
        _ => ErrorKind::InvalidData,
    };
    io::Error::new(kind, ClientFault::new(reject.status, reject.text()))
}
