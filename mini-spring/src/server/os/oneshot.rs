//! Waiting for sockets on every system, through the crate `polling`: one driver after the other.
//!
//! Only one thread can wait there at a time, so drivers take turns at a lock. Whoever has it waits for
//! events, takes the first and leaves the others to those behind, who find them before they wait
//! themselves. So an event is either in the kernel, or in the list under the lock, or some driver's.
//!
//! An event disarms its connection. To arm it again looks at the socket anew, so the end of a stream
//! is reported like any input, however it came; it need not be told apart.
#![allow(unsafe_code)]

use std::collections::VecDeque;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use polling::{Event, Events};

use crate::server::poller::{Interest, Poll, Token};
use crate::server::state::Hangup;

/// Events that are taken from the kernel with one call.
const PER_WAIT: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// A poller whose waiters take turns.
#[derive(Debug)]
pub(in crate::server) struct Oneshot {
    poller: polling::Poller,
    turn: Mutex<Turn>,
    /// All waiters are to end.
    ends: AtomicBool,
}

/// What belongs to the one whose turn it is.
struct Turn {
    events: Events,
    /// Events that nobody has taken yet, as their keys.
    reported: VecDeque<usize>,
}

impl Poll for Oneshot {
    const DISARMS: bool = true;

    fn new() -> io::Result<Self> {
        Ok(Oneshot {
            poller: polling::Poller::new()?,
            turn: Mutex::new(Turn {
                events: Events::with_capacity(PER_WAIT),
                reported: VecDeque::with_capacity(PER_WAIT.get()),
            }),
            ends: AtomicBool::new(false),
        })
    }

    /// Whoever has the turn waits already, and there is nothing to be had beside it.
    fn poll(&self) -> io::Result<Option<(Token, Hangup)>> {
        match self.turn.try_lock() {
            Ok(mut turn) => self.take(&mut turn, Some(Duration::ZERO)),
            Err(_) => Ok(None),
        }
    }

    fn wait(&self) -> io::Result<(Token, Hangup)> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(event) = self.take(&mut turn, None)? {
                return Ok(event);
            }
        }
    }

    fn add(&self, socket: &TcpStream, token: Token) -> io::Result<()> {
        let wanted = wanted(token, Interest::Read);
        // SAFETY: a connection is deleted before its socket is closed, and the pollers of a server
        // are dropped before its connections.
        unsafe { self.poller.add(socket, wanted) }
    }

    fn rearm(&self, socket: &TcpStream, token: Token, interest: Interest) -> io::Result<()> {
        self.poller.modify(socket, wanted(token, interest))
    }

    fn delete(&self, socket: &TcpStream) -> io::Result<()> {
        self.poller.delete(socket)
    }

    fn add_listener(&self, listener: &TcpListener) -> io::Result<()> {
        let nothing = Event::none(Token::Listener.key());
        // SAFETY: the listener is deleted before it is closed, and the pollers of a server are
        // dropped before it.
        unsafe { self.poller.add(listener, nothing) }
    }

    fn arm_listener(&self, listener: &TcpListener) -> io::Result<()> {
        let wanted = Event::readable(Token::Listener.key());
        self.poller.modify(listener, wanted)
    }

    fn delete_listener(&self, listener: &TcpListener) -> io::Result<()> {
        self.poller.delete(listener)
    }

    fn wake_all(&self) -> io::Result<()> {
        self.ends.store(true, Ordering::SeqCst);
        // It ends the wait of the one whose turn it is, or else the next one's.
        self.poller.notify()
    }
}

impl Oneshot {
    /// One event, if there is one within this time; being told something may end it before.
    fn take(
        &self,
        turn: &mut Turn,
        patience: Option<Duration>,
    ) -> io::Result<Option<(Token, Hangup)>> {
        // Whoever comes next sees it too: nobody waits any more, and nobody has to be told.
        if self.ends.load(Ordering::SeqCst) {
            return Ok(Some((Token::Wake, Hangup::Unknown)));
        }
        let Turn { events, reported } = turn;
        if reported.is_empty() {
            events.clear();
            self.poller.wait(events, patience)?;
            reported.extend(events.iter().map(|event| event.key));
        }
        let key = reported.pop_front();
        Ok(key.map(|key| (Token::of(key), Hangup::Unknown)))
    }
}

fn wanted(token: Token, interest: Interest) -> Event {
    let key = token.key();
    match interest {
        Interest::Read => Event::readable(key),
        Interest::Write => Event::writable(key),
        Interest::ReadWrite => Event::all(key),
        // It isn't told apart from bytes to read, and those are somebody else's.
        Interest::Hangup => Event::none(key),
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Turn")
            .field("reported", &self.reported)
            .finish_non_exhaustive()
    }
}
