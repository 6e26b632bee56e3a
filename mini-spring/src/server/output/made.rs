//! Bodies that are made while they are sent: by code of the program, which is run here, or by other threads.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use super::pour::{Client, Pour};
use super::source::{Code, PIECE, Source};
use super::{Broken, Output, Sent};
use crate::channel::{Taken, Wake};
use crate::http::buffers;
use crate::response::Producer;
use crate::server::clock::Tick;
use crate::unwind::drop_quietly;

impl Output {
    /// Takes what other threads have sent of a body.
    #[cold]
    pub(super) fn take_fed(&mut self) -> Sent {
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
    pub(in crate::server) fn is_to_wait(
        &mut self,
        now: Tick,
        waker: impl FnOnce() -> Arc<dyn Wake>,
    ) -> bool {
        match &mut self.source {
            Source::Fed(fed) => !fed.beat(now, &mut self.buffer) && fed.listen(waker),
            _ => false,
        }
    }

    /// When a sign of life is due, if it only waits for other threads.
    pub(in crate::server) fn next_beat(&self, now: Tick) -> Option<Tick> {
        match &self.source {
            Source::Fed(fed) if self.sent == self.buffer.len() => Some(fed.next_beat(now)),
            _ => None,
        }
    }

    /// Nothing more is taken from other threads: the body ends with what is here.
    pub(in crate::server) fn end_feed(&self) {
        if let Source::Fed(fed) = &self.source {
            fed.end();
        }
    }

    /// There is a worker to make the body: its head can be sent. False: it was before.
    pub(in crate::server) fn begin(&mut self) -> bool {
        let Source::Code(code) = &mut self.source else {
            return false;
        };
        let head = code.head.take();
        self.buffer.extend(head.iter().flatten());
        head.is_some()
    }

    /// Has the code that makes the body make the next piece, or all of it. This is code of the program.
    ///
    /// # Errors
    ///
    /// The code's error, or that it ended before the length that was promised. What the client
    /// has got is not whole then, and only the end of the connection can tell it.
    // Not inlined: its piece would be room on the stack that every request has to touch.
    #[inline(never)]
    pub(in crate::server) fn refill(&mut self, client: Client<'_>) -> Result<(), Broken> {
        match &mut self.source {
            Source::Code(code) if matches!(code.producer, Producer::Reader(_)) => self.pull(),
            Source::Code(_) => self.pour(client),
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

    /// Takes the next bytes of it, as a client would get them that reads as fast as it can; `None` is the end.
    /// This runs code of the program, which writes `limit` bytes at most.
    ///
    /// # Errors
    ///
    /// As [`Output::refill`], and that other threads have sent nothing for so long and haven't ended it.
    pub(in crate::server) fn portion(
        &mut self,
        limit: usize,
        patience: Duration,
    ) -> Result<Option<Vec<u8>>, Broken> {
        loop {
            if self.sent < self.buffer.len() {
                return Ok(Some(self.take_buffer()));
            }
            match &mut self.source {
                Source::Nothing => return Ok(None),
                Source::Bytes { bytes, sent } => {
                    let portion = bytes.split_off(*sent);
                    self.source = Source::Nothing;
                    return Ok(Some(portion));
                }
                Source::Fed(fed) => {
                    if !fed.wait(patience) {
                        let what = format!("nobody has sent or ended it for {patience:?}");
                        return Err(Broken::Program(what.into()));
                    }
                    self.take_fed();
                }
                Source::Code(_) => {
                    if !self.begin() {
                        self.refill(Client::Memory { limit })?;
                    }
                }
            }
        }
    }

    /// Takes what was made of a body before it broke off.
    pub(in crate::server) fn take_buffer(&mut self) -> Vec<u8> {
        let made = self.buffer[self.sent..].to_vec();
        self.rewind();
        made
    }

    /// Has code write all of the body, and sends what it writes. The last of it is in the buffer then.
    fn pour(&mut self, client: Client<'_>) -> Result<(), Broken> {
        let Source::Code(code) = std::mem::take(&mut self.source) else {
            return Ok(());
        };
        let Producer::Writer(write) = code.producer else {
            return Ok(());
        };
        let mut unlogged = 0;
        let pending = self.pending.as_mut();
        let mut pour = Pour {
            client,
            buffer: &mut self.buffer,
            framer: code.framer,
            due: &mut self.due,
            piece: Vec::new(),
            written: pending.map_or(&mut unlogged, |pending| &mut pending.read),
            is_broken: false,
        };
        pour.run(write)
    }

    /// Whether the code that makes the body waits for the client itself.
    pub(in crate::server) fn waits_itself(&self) -> bool {
        let Source::Code(code) = &self.source else {
            return false;
        };
        matches!(code.producer, Producer::Writer(_))
    }

    /// Whose answer it is, if it holds code of the program, which may block, also when it is dropped.
    pub(in crate::server) fn code_of(&self) -> Option<usize> {
        match &self.source {
            Source::Code(code) => Some(code.target),
            _ => None,
        }
    }
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
