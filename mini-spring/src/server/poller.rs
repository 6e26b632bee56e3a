//! Waiting for sockets: what the server asks of a poller, whatever the system makes it of.
//!
//! Knows tokens and interests, not what is behind them.

use std::io;
use std::net::{TcpListener, TcpStream};

use super::state::Hangup;

pub(super) use super::os::Poller;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// All drivers end.
    Wake,
    /// There are connections to accept.
    Listener,
    /// The connection in the slot with this index.
    Slot(usize),
}

impl Token {
    /// As a number, which is never `usize::MAX`: there are not so many slots.
    pub(super) fn key(self) -> usize {
        match self {
            Token::Wake => 0,
            Token::Listener => 1,
            Token::Slot(index) => index + 2,
        }
    }

    /// Back from [`Token::key`].
    pub(super) fn of(key: usize) -> Self {
        match key {
            0 => Token::Wake,
            1 => Token::Listener,
            slot => Token::Slot(slot - 2),
        }
    }
}

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Interest {
    /// Bytes to read.
    #[default]
    Read,
    /// Room to write, whenever there is some again.
    Write,
    /// Bytes to read, or room to write, which is reported once.
    ReadWrite,
    /// Nothing but the end of the stream, where it can be told from bytes to read.
    Hangup,
}

/// A poller: many sockets, and a few threads that wait for one event at a time.
///
/// All of it may be called by several threads at once, but what concerns one connection only by
/// the one that owns it.
pub(super) trait Poll: Sized {
    /// Whether an event disarms its connection: then whoever lets go of a connection arms it first.
    /// Else it is reported whenever something happens to it, be it owned or not.
    const DISARMS: bool;

    /// A poller without sockets.
    fn new() -> io::Result<Self>;

    /// Takes one event if there is one, without waiting.
    fn poll(&self) -> io::Result<Option<(Token, Hangup)>>;

    /// Waits for one event.
    fn wait(&self) -> io::Result<(Token, Hangup)>;

    /// Adds a connection, which waits for bytes to read.
    fn add(&self, socket: &TcpStream, token: Token) -> io::Result<()>;

    /// Arms a connection, and has what is there already be reported again. Where a poller doesn't disarm, what it
    /// reports of reading goes on beside what it reports of room to write, until [`Interest::Hangup`] ends it; and who
    /// waits for room comes behind those who have a request, however many they are.
    fn rearm(&self, socket: &TcpStream, token: Token, interest: Interest) -> io::Result<()>;

    /// Removes a connection, before it is closed; where that removes it, there is nothing to do.
    fn delete(&self, socket: &TcpStream) -> io::Result<()>;

    /// Adds the listener, not armed yet.
    fn add_listener(&self, listener: &TcpListener) -> io::Result<()>;

    /// Lets the listener report once.
    fn arm_listener(&self, listener: &TcpListener) -> io::Result<()>;

    /// Removes the listener, before it is closed.
    fn delete_listener(&self, listener: &TcpListener) -> io::Result<()>;

    /// Wakes every waiter, now and for ever.
    fn wake_all(&self) -> io::Result<()>;
}
