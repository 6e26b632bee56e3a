//! What differs from system to system: polling, sockets that don't make anybody wait, a clock, and
//! what the kernel knows about threads.
//!
//! There are two of everything: for Linux, and for all systems. The second is also Linux's with the
//! feature `polling`, so that the tests run on it. The rest of the server names no system. Errors are
//! [`std::io::Error`]s whose kinds say the same everywhere: `WouldBlock` where nothing can be done
//! for now, and never `Interrupted`. Knows sockets, but no connection.

#[cfg(all(target_os = "linux", not(feature = "polling")))]
mod epoll;
#[cfg(all(target_os = "linux", not(feature = "polling")))]
mod linux;
#[cfg(not(all(target_os = "linux", not(feature = "polling"))))]
mod oneshot;
#[cfg(not(all(target_os = "linux", not(feature = "polling"))))]
mod portable;
#[cfg(all(target_os = "linux", not(feature = "polling")))]
mod thread;

#[cfg(all(target_os = "linux", not(feature = "polling")))]
pub(super) use self::{epoll::Epoll as Poller, linux::*, thread::ThreadWatch};
#[cfg(not(all(target_os = "linux", not(feature = "polling"))))]
pub(super) use self::{oneshot::Oneshot as Poller, portable::*};

/// What comes behind the bytes that are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// Nothing that this worker has already.
    Nothing,
    /// More, at once: a packet may wait for it.
    More,
}
