//! What code that writes its body writes into: the way to its client, for which it waits itself.
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

/// Who gets a body.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) enum Client<'s> {
    /// Whoever is behind this socket, unless it takes nothing for so long.
    Socket(&'s TcpStream, Duration),
    /// Whoever looks at the output afterwards, which has so many bytes at most.
    Memory { limit: usize },
}

/// The way from code that writes to the client.
pub(super) struct Pour<'o> {
    pub(super) client: Client<'o>,
    /// Framed, on its way.
    pub(super) buffer: &'o mut Vec<u8>,
    pub(super) framer: Framer,
    pub(super) due: &'o mut Due,
    /// Written, but not framed.
    pub(super) piece: Vec<u8>,
    /// Bytes that were written. The log tells them, also if the code panics.
    pub(super) written: &'o mut u64,
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
        let sent = match self.client {
            Client::Socket(socket, timeout) => self.send_all(socket, timeout),
            Client::Memory { limit } if self.buffer.len() <= limit => Ok(()),
            Client::Memory { .. } => Err(ErrorKind::FileTooLarge.into()),
        };
        self.is_broken |= sent.is_err();
        sent
    }

    fn send_all(&mut self, socket: &TcpStream, timeout: Duration) -> io::Result<()> {
        let mut sent = 0;
        while !send_rest(socket, self.buffer, &mut sent, Behind::Nothing, self.due)? {
            let now = Now::read().tick;
            let due = self.due.at(now, timeout);
            if due.is_due(now) {
                return Err(ErrorKind::TimedOut.into());
            }
            os::wait_for_output(socket, due.since(now))?;
        }
        self.buffer.clear();
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
        *self.written += length as u64;
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
