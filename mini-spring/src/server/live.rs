//! A body that a handler reads while it arrives.
//!
//! The handler holds a worker meanwhile, without a permit. The bytes of the body and the socket are
//! shared by its reader, which is the program's and may outlive the answer, and by the server, which
//! takes back what the reader has left: the request behind the body, or the need to close. Knows no
//! exchange and no connection.

mod interim;
mod lent;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use self::interim::{Interim, Invited};
use self::lent::Lent;
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
    interim: Interim,
    body: Lent<Arriving>,
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
        let body = Lent::new(arriving);
        Arc::new(Live { interim, body })
    }

    /// The reader's end of it.
    pub(super) fn reader(self: &Arc<Self>) -> Box<dyn Read + Send> {
        Box::new(Reader(self.clone()))
    }

    /// From here on the reader gets nothing more: what arrives is the server's.
    pub(super) fn cut(&self) {
        self.body.end();
        self.interim.end();
        // A thread that reads even now does it when it is done.
        self.body.put_away_if_over(Arriving::let_go);
    }

    fn read(&self, piece: &mut [u8]) -> io::Result<usize> {
        let read = |body: &mut Arriving| body.read(piece, self);
        let read = self.body.using(read, Arriving::let_go);
        read.unwrap_or_else(|| Err(io::Error::other(ENDED)))
    }

    fn is_over(&self) -> bool {
        self.body.is_over()
    }

    /// The request has been answered: takes back what the reader has left.
    pub(super) fn end(&self) -> Ended {
        self.cut();
        // Another thread that reads even now will find that it may not.
        let Some(mut body) = self.body.unused() else {
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
        self.0.read(piece)
    }
}

impl Arriving {
    /// Its request has ended.
    fn let_go(&mut self) {
        self.socket = None;
    }

    fn read(&mut self, piece: &mut [u8], live: &Live) -> io::Result<usize> {
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
            if let Err(reject) = self.receive(live)? {
                self.failed = Some(reject);
                return Err(error_of(reject));
            }
        }
    }

    /// Waits for more. The inner error is the client's fault.
    fn receive(&mut self, live: &Live) -> io::Result<Result<(), Reject>> {
        // All of it was used up.
        self.buffer.clear();
        self.buffer.reserve(PIECE);
        (self.given, self.cursor) = (0, Cursor { read: 0, write: 0 });
        let Some(socket) = self.socket.clone() else {
            return Err(ErrorKind::NotConnected.into());
        };
        if let Err(reject) = self.invite(&socket, live)? {
            return Ok(Err(reject));
        }
        let length = loop {
            if live.is_over() {
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
        if live.is_over() {
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
    fn invite(&mut self, socket: &TcpStream, live: &Live) -> io::Result<Result<(), Reject>> {
        loop {
            match live.interim.send() {
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
