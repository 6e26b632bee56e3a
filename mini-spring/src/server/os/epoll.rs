//! Waiting for sockets on Linux: epoll, one event at a time.
//!
//! A connection is added once, edge-triggered; there is no call to the kernel per request. The
//! listener is armed for one event at a time, and the wake-up for all, which is never taken back.

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

/// One epoll.
#[derive(Debug)]
pub(in crate::server) struct Epoll {
    epoll: OwnedFd,
    wake: OwnedFd,
}

impl Poll for Epoll {
    const DISARMS: bool = false;

    fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        epoll::add(&epoll, &wake, data(Token::Wake), EventFlags::IN)?;
        Ok(Epoll { epoll, wake })
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
        let flags = flags(interest);
        Ok(epoll::modify(&self.epoll, socket, data(token), flags)?)
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
        let mut space = [MaybeUninit::<epoll::Event>::uninit()];
        match epoll::wait(&self.epoll, &mut space, patience) {
            Ok((&mut [event], _)) => Ok(Some(read(event))),
            Ok(_) | Err(Errno::INTR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn data(token: Token) -> EventData {
    EventData::new_u64(token.key() as u64)
}

fn flags(interest: Interest) -> EventFlags {
    let hangup = EventFlags::RDHUP | EventFlags::ET;
    let read = hangup | EventFlags::IN;
    match interest {
        Interest::Hangup => hangup,
        Interest::Read => read,
        Interest::Write | Interest::ReadWrite => read | EventFlags::OUT,
    }
}

fn read(event: epoll::Event) -> (Token, Hangup) {
    // Copied out: the struct is packed.
    let (flags, data) = (event.flags, event.data);
    let ends = EventFlags::RDHUP | EventFlags::HUP | EventFlags::ERR;
    let hangup = if flags.intersects(ends) {
        Hangup::Seen
    } else {
        Hangup::Unknown
    };
    (Token::of(data.u64() as usize), hangup)
}
