//! Waiting for sockets on Linux: epoll, one event at a time.
//!
//! A connection is added once, edge-triggered; there is no call to the kernel per request. The
//! listener is armed for one event at a time, and the wake-up for all, which is never taken back.
//!
//! Who has more to do than fits into a run, or waits for room to write, is in a second epoll, which is itself in the
//! first, as one among all that are reported in turn. So a thousand downloads get as many turns as one connection with
//! a request, and the request doesn't wait for all of them.

use std::io;
use std::mem::MaybeUninit;
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::event::{EventfdFlags, Timespec, eventfd};
use rustix::io::Errno;

use crate::server::poller::{Interest, Poll, Token};
use crate::server::state::Hangup;

const LISTENER: EventFlags = EventFlags::IN.union(EventFlags::ONESHOT);

/// The second epoll, in the first: who takes its event takes one of its events, and arms it again.
const LATER: (u64, EventFlags) = (u64::MAX, EventFlags::IN.union(EventFlags::ONESHOT));

/// One epoll, and another one in it.
#[derive(Debug)]
pub(in crate::server) struct Epoll {
    epoll: OwnedFd,
    /// For those that wait for room to write, or have more to do.
    later: OwnedFd,
    wake: OwnedFd,
}

impl Poll for Epoll {
    const DISARMS: bool = false;

    fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        epoll::add(&epoll, &wake, data(Token::Wake), EventFlags::IN)?;
        let later = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &later, EventData::new_u64(LATER.0), LATER.1)?;
        Ok(Epoll { epoll, later, wake })
    }

    fn poll(&self) -> io::Result<Option<(Token, Hangup)>> {
        self.take(Some(&Timespec::default()))
    }

    fn wait(&self) -> io::Result<(Token, Hangup)> {
        loop {
            if let Some(event) = self.take(None)? {
                return Ok(event);
            }
        }
    }

    fn add(&self, socket: &TcpStream, token: Token) -> io::Result<()> {
        let flags = flags(Interest::Read);
        Ok(epoll::add(&self.epoll, socket, data(token), flags)?)
    }

    /// The kernel reports behind the events that it has.
    fn rearm(&self, socket: &TcpStream, token: Token, interest: Interest) -> io::Result<()> {
        let (data, flags) = (data(token), flags(interest));
        if matches!(interest, Interest::Read | Interest::Hangup) {
            return Ok(epoll::modify(&self.epoll, socket, data, flags)?);
        }
        match epoll::modify(&self.later, socket, data, flags) {
            Err(Errno::NOENT) => Ok(epoll::add(&self.later, socket, data, flags)?),
            modified => Ok(modified?),
        }
    }

    /// The kernel does it with the last copy of the descriptor. Until then an event runs whoever is in the
    /// slot by then once too often.
    fn delete(&self, _: &TcpStream) -> io::Result<()> {
        Ok(())
    }

    fn add_listener(&self, listener: &TcpListener) -> io::Result<()> {
        let (data, nothing) = (data(Token::Listener), EventFlags::empty());
        Ok(epoll::add(&self.epoll, listener, data, nothing)?)
    }

    fn arm_listener(&self, listener: &TcpListener) -> io::Result<()> {
        let data = data(Token::Listener);
        Ok(epoll::modify(&self.epoll, listener, data, LISTENER)?)
    }

    fn delete_listener(&self, listener: &TcpListener) -> io::Result<()> {
        Ok(epoll::delete(&self.epoll, listener)?)
    }

    /// The event is level-triggered and never taken back.
    fn wake_all(&self) -> io::Result<()> {
        rustix::io::write(&self.wake, &1_u64.to_ne_bytes())?;
        Ok(())
    }
}

impl Epoll {
    /// One event, if there is one within this time; a signal may end it before.
    #[inline]
    fn take(&self, patience: Option<&Timespec>) -> io::Result<Option<(Token, Hangup)>> {
        match take(&self.epoll, patience)? {
            Some((key, _)) if key == LATER.0 => self.take_later(),
            event => Ok(event.map(read)),
        }
    }

    #[cold]
    fn take_later(&self) -> io::Result<Option<(Token, Hangup)>> {
        let event = take(&self.later, Some(&Timespec::default()))?;
        epoll::modify(
            &self.epoll,
            &self.later,
            EventData::new_u64(LATER.0),
            LATER.1,
        )?;
        Ok(event.map(read))
    }
}

/// One event of an epoll: its key, and what has happened.
#[inline]
fn take(epoll: &OwnedFd, patience: Option<&Timespec>) -> io::Result<Option<(u64, EventFlags)>> {
    let mut space = [MaybeUninit::<epoll::Event>::uninit()];
    match epoll::wait(epoll, &mut space, patience) {
        // Copied out: the struct is packed.
        Ok((&mut [epoll::Event { flags, data }], _)) => Ok(Some((data.u64(), flags))),
        Ok(_) | Err(Errno::INTR) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn data(token: Token) -> EventData {
    EventData::new_u64(token.key() as u64)
}

fn flags(interest: Interest) -> EventFlags {
    // Each event tells of the end of the stream if it has come: whoever gets the event must know.
    let flags = match interest {
        Interest::Hangup => EventFlags::ET,
        Interest::Read => EventFlags::IN | EventFlags::ET,
        // Those are in the second epoll; the first still reports input, and the end.
        Interest::Write => EventFlags::OUT | EventFlags::ET,
        Interest::ReadWrite => EventFlags::IN | EventFlags::OUT | EventFlags::ONESHOT,
    };
    flags | EventFlags::RDHUP
}

fn read((key, flags): (u64, EventFlags)) -> (Token, Hangup) {
    let ends = EventFlags::RDHUP | EventFlags::HUP | EventFlags::ERR;
    let hangup = if flags.intersects(ends) {
        Hangup::Seen
    } else {
        Hangup::Unknown
    };
    (Token::of(key as usize), hangup)
}
