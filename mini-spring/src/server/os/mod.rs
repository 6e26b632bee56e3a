//! What differs from system to system: sockets that don't make anybody wait, one clock, and what the
//! kernel knows about threads.
//!
//! The rest of the server names no system. Errors are [`std::io::Error`]s whose kinds say the same
//! everywhere: [`WouldBlock`](std::io::ErrorKind::WouldBlock) where nothing can be done for now, and
//! never [`Interrupted`](std::io::ErrorKind::Interrupted). Knows sockets, but no connection.

mod linux;

pub(super) use linux::*;

/// What comes behind the bytes that are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// Nothing that this worker has already.
    Nothing,
    /// More, at once: a packet may wait for it.
    More,
}

/// What a thread does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ThreadState {
    Waits,
    Computes,
}
