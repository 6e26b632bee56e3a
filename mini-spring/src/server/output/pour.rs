//! What code that writes its body writes into: the socket, which it waits for itself.
//!
//! The code runs on a worker that has given its permit away, and stays there until it is done: it can't be
//! asked for the next piece. What it writes is collected and sent by the piece, or when it is flushed.

use std::io::{self, ErrorKind, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::source::{Framer, PIECE};
use super::{Broken, send_rest};
use crate::response::WriteBody;
use crate::server::clock::{Due, Now};
use crate::server::os::{self, Behind};

/// The way from code that writes to the client.
pub(super) struct Pour<'o> {
    pub(super) socket: &'o TcpStream,
    pub(super) timeout: Duration,
    /// Framed, on its way.
    pub(super) buffer: &'o mut Vec<u8>,
    pub(super) framer: Framer,
    pub(super) due: &'o mut Due,
    /// Written, but not framed.
    pub(super) piece: Vec<u8>,
    /// Bytes that were written.
    pub(super) written: u64,
    /// The client takes no more.
    pub(super) is_broken: bool,
}

impl Pour<'_> {
    /// Runs the code. What it has written last is in the buffer then, with the end of the body.
    pub(super) fn run(&mut self, write: Box<WriteBody>) -> Result<(), Broken> {
        let written = write(self);
        if self.is_broken {
            return Err(Broken::Client);
        }
        written.map_err(Broken::Program)?;
        self.framer.piece(self.buffer, &self.piece);
        let ended = self.framer.end(self.buffer);
        ended.map_err(|error| Broken::Program(error.into()))
    }

    fn send(&mut self) -> io::Result<()> {
        self.framer.piece(self.buffer, &self.piece);
        self.piece.clear();
        let sent = self.send_all();
        self.is_broken |= sent.is_err();
        self.buffer.clear();
        sent
    }

    fn send_all(&mut self) -> io::Result<()> {
        let mut sent = 0;
        while !send_rest(
            self.socket,
            self.buffer,
            &mut sent,
            Behind::Nothing,
            self.due,
        )? {
            let now = Now::read().tick;
            let due = self.due.at(now, self.timeout);
            if due.is_due(now) {
                return Err(ErrorKind::TimedOut.into());
            }
            os::wait_for_output(self.socket, due.since(now))?;
        }
        self.due.reset();
        Ok(())
    }
}

impl Write for Pour<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_broken {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let room = self.framer.room().saturating_sub(self.piece.len());
        if room == 0 && !bytes.is_empty() {
            let message = "the body is longer than the length that was announced";
            return Err(io::Error::new(ErrorKind::InvalidInput, message));
        }
        let length = bytes.len().min(room);
        self.piece.extend_from_slice(&bytes[..length]);
        self.written += length as u64;
        if self.piece.len() == PIECE {
            self.send()?;
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.is_broken {
            true => Err(ErrorKind::BrokenPipe.into()),
            false => self.send(),
        }
    }
}
