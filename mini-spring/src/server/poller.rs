//! Waiting for sockets: epoll, one event at a time.
//!
//! A connection is added once, edge-triggered; there is no call to the kernel per request. The
//! listener is armed for one event at a time, and the wake-up for all, which is never taken back.
//! Knows tokens and interests, not what is behind them.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;

use super::state::Hangup;

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
    fn data(self) -> EventData {
        EventData::new_u64(match self {
            Token::Wake => 0,
            Token::Listener => 1,
            Token::Slot(index) => index as u64 + 2,
        })
    }

    fn of(data: EventData) -> Self {
        match data.u64() {
            0 => Token::Wake,
            1 => Token::Listener,
            slot => Token::Slot((slot - 2) as usize),
        }
    }
}

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Interest {
    /// Bytes to read.
    #[default]
    Read,
    /// Bytes to read, or room to write.
    ReadWrite,
    /// Nothing but the end of the stream.
    Hangup,
}

impl Interest {
    fn flags(self) -> EventFlags {
        let hangup = EventFlags::RDHUP | EventFlags::ET;
        let read = hangup | EventFlags::IN;
        match self {
            Interest::Hangup => hangup,
            Interest::Read => read,
            Interest::ReadWrite => read | EventFlags::OUT,
        }
    }
}

const LISTENER: EventFlags = EventFlags::IN.union(EventFlags::ONESHOT);

/// One epoll.
#[derive(Debug)]
pub(super) struct Poller {
    epoll: OwnedFd,
    wake: OwnedFd,
}

impl Poller {
    pub(super) fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        epoll::add(&epoll, &wake, Token::Wake.data(), EventFlags::IN)?;
        Ok(Poller { epoll, wake })
    }

    /// Waits for one event.
    pub(super) fn wait(&self) -> io::Result<(Token, Hangup)> {
        let mut space = [MaybeUninit::<epoll::Event>::uninit()];
        loop {
            match epoll::wait(&self.epoll, &mut space, None) {
                Ok((&mut [event], _)) => return Ok(read(event)),
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Adds a connection.
    pub(super) fn add(&self, socket: impl AsFd, token: Token) -> io::Result<()> {
        let flags = Interest::Read.flags();
        Ok(epoll::add(&self.epoll, socket, token.data(), flags)?)
    }

    /// Makes the kernel report again what is there already, behind the events that it has.
    pub(super) fn rearm(
        &self,
        socket: impl AsFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()> {
        Ok(epoll::modify(
            &self.epoll,
            socket,
            token.data(),
            interest.flags(),
        )?)
    }

    /// Removes a connection, before it is closed.
    pub(super) fn delete(&self, socket: impl AsFd) -> io::Result<()> {
        Ok(epoll::delete(&self.epoll, socket)?)
    }

    /// Adds the listener, not armed yet.
    pub(super) fn add_listener(&self, listener: impl AsFd) -> io::Result<()> {
        let data = Token::Listener.data();
        Ok(epoll::add(
            &self.epoll,
            listener,
            data,
            EventFlags::empty(),
        )?)
    }

    /// Lets the listener report once.
    pub(super) fn arm_listener(&self, listener: impl AsFd) -> io::Result<()> {
        let data = Token::Listener.data();
        Ok(epoll::modify(&self.epoll, listener, data, LISTENER)?)
    }

    /// Wakes every waiter, now and for ever: the event is level-triggered and never taken back.
    pub(super) fn wake_all(&self) -> io::Result<()> {
        rustix::io::write(&self.wake, &1_u64.to_ne_bytes())?;
        Ok(())
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
    (Token::of(data), hangup)
}
