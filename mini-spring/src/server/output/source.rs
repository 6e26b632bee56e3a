//! The rest of a body that is being sent, and how its pieces are framed.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::channel::{Receiver, Taken, Wake};
use crate::http::chunked;
use crate::http::encode::Delimiter;
use crate::response::{Feed, Producer};
use crate::server::clock::Tick;

/// How much is read from a reader at a time, or collected of what a writer writes.
pub(super) const PIECE: usize = 32 * 1024;

/// The rest of a body.
#[derive(Debug, Default)]
pub(super) enum Source {
    #[default]
    Nothing,
    Bytes {
        bytes: Vec<u8>,
        sent: usize,
    },
    Code(Box<Code>),
    Fed(Box<Fed>),
}

/// Code of the program that makes a body.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) producer: Producer,
    pub(super) framer: Framer,
    /// Whose answer it is.
    pub(super) target: usize,
    /// The head of the answer, until there is a worker to run the code: until then something else can be
    /// answered.
    pub(super) head: Option<Vec<u8>>,
}

/// A body that other threads make.
pub(super) struct Fed {
    receiver: Receiver,
    framer: Framer,
    beat: &'static [u8],
    every: Duration,
    /// When the next beat is due; `None`: something was sent, and nobody has looked at the clock since.
    next_beat: Option<Tick>,
    waker: Option<Arc<dyn Wake>>,
}

impl Fed {
    pub(super) fn new(feed: Feed, delimiter: Delimiter) -> Self {
        let (beat, every) = feed.beat;
        Fed {
            receiver: feed.receiver,
            framer: Framer(delimiter),
            beat,
            every,
            next_beat: None,
            waker: None,
        }
    }

    /// Puts what has come into the buffer, and counts its bytes.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, bytes: &mut u64) -> Taken {
        let Fed {
            receiver, framer, ..
        } = self;
        let taken = receiver.take(|piece| {
            framer.piece(buffer, piece);
            *bytes += piece.len() as u64;
            buffer.len() < PIECE
        });
        match taken {
            Taken::Some => self.next_beat = None,
            Taken::Nothing => {}
            Taken::End => framer.finish(buffer),
        }
        taken
    }

    /// Nothing has come. True: for so long that a beat is in the buffer now.
    pub(super) fn beat(&mut self, now: Tick, buffer: &mut Vec<u8>) -> bool {
        let every = self.every;
        if !self.next_beat.get_or_insert(now.after(every)).is_due(now) {
            return false;
        }
        self.next_beat = None;
        self.framer.piece(buffer, self.beat);
        true
    }

    /// When the next beat is due.
    pub(super) fn next_beat(&self, now: Tick) -> Tick {
        self.next_beat.unwrap_or(now.after(self.every))
    }

    /// Has somebody told of what comes next. False: it has come.
    pub(super) fn listen(&mut self, waker: impl FnOnce() -> Arc<dyn Wake>) -> bool {
        let waker = self.waker.get_or_insert_with(waker);
        self.receiver.listen(waker.clone())
    }

    /// Waits for what comes next, but no longer than this. False: nothing has.
    pub(super) fn wait(&self, patience: Duration) -> bool {
        self.receiver.wait(patience)
    }

    /// Nothing more comes.
    pub(super) fn end(&self) {
        self.receiver.close();
    }
}

impl std::fmt::Debug for Fed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Fed({:?})", self.framer)
    }
}

/// Frames the pieces of a body as its head has announced them.
#[derive(Debug)]
pub(super) struct Framer(pub(super) Delimiter);

impl Framer {
    /// How long the next piece may be at most.
    pub(super) fn room(&self) -> usize {
        match self.0 {
            Delimiter::Length(left) => usize::try_from(left).map_or(PIECE, |left| left.min(PIECE)),
            _ => PIECE,
        }
    }

    /// Puts a piece into the buffer, which must not be longer than a length that was announced.
    pub(super) fn piece(&mut self, buffer: &mut Vec<u8>, piece: &[u8]) {
        match &mut self.0 {
            Delimiter::Chunked => return chunked::encode(buffer, piece),
            Delimiter::Length(left) => *left -= piece.len() as u64,
            Delimiter::Close | Delimiter::Nothing | Delimiter::Empty => {}
        }
        buffer.extend_from_slice(piece);
    }

    /// Puts the end of the body into the buffer.
    ///
    /// # Errors
    ///
    /// It has come too early.
    pub(super) fn end(&self, buffer: &mut Vec<u8>) -> io::Result<()> {
        match self.0 {
            Delimiter::Length(left @ 1..) => {
                let message = format!("the body ended {left} bytes before its length");
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
            }
            _ => self.finish(buffer),
        }
        Ok(())
    }

    /// The end of a body whose length wasn't announced.
    fn finish(&self, buffer: &mut Vec<u8>) {
        if self.0 == Delimiter::Chunked {
            buffer.extend_from_slice(chunked::END);
        }
    }
}
