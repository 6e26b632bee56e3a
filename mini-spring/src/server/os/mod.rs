//! What differs from system to system: polling, sockets that don't make anybody wait, a clock, and
//! what the kernel knows about threads.
//!
//! There are two of everything: for Linux, and for all systems. The second is also Linux's with the
//! feature `polling`, so that the tests run on it. The rest of the server names no system. Errors are
//! [`std::io::Error`]s whose kinds say the same everywhere: `WouldBlock` where nothing can be done
//! for now, and never `Interrupted`. Knows sockets, but no connection.

#[cfg(all(target_os = "linux", not(feature = "polling")))]
mod epoll;
#[cfg(target_os = "linux")]
mod inherited;
#[cfg(all(target_os = "linux", not(feature = "polling")))]
mod linux;
#[cfg(not(all(target_os = "linux", not(feature = "polling"))))]
mod oneshot;
#[cfg(not(all(target_os = "linux", not(feature = "polling"))))]
mod portable;
#[cfg(all(target_os = "linux", not(feature = "polling")))]
mod thread;

#[cfg(target_os = "linux")]
pub(super) use self::inherited::inherited;
#[cfg(all(target_os = "linux", not(feature = "polling")))]
pub(super) use self::{epoll::Epoll as Poller, linux::*, thread::ThreadWatch};
#[cfg(not(all(target_os = "linux", not(feature = "polling"))))]
pub(super) use self::{oneshot::Oneshot as Poller, portable::*};

/// A client's end of a connection inside of this process.
#[cfg(all(unix, feature = "__inside"))]
pub(super) type Near = std::os::unix::net::UnixStream;
#[cfg(all(not(unix), feature = "__inside"))]
pub(super) type Near = std::net::TcpStream;

/// Both ends of one; what is sent has arrived when the call returns.
#[cfg(all(unix, feature = "__inside"))]
pub(super) fn pair() -> std::io::Result<(Near, std::net::TcpStream)> {
    let (near, far) = Near::pair()?;
    near.set_nonblocking(true)?;
    far.set_nonblocking(true)?;
    Ok((near, std::os::fd::OwnedFd::from(far).into()))
}

/// Both ends of one, where only the network makes them.
#[cfg(all(not(unix), feature = "__inside"))]
pub(super) fn pair() -> std::io::Result<(Near, std::net::TcpStream)> {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let near = Near::connect(listener.local_addr()?)?;
    let (far, _) = listener.accept()?;
    near.set_nonblocking(true)?;
    far.set_nonblocking(true)?;
    Ok((near, far))
}

/// Nobody hands sockets to programs there.
#[cfg(not(target_os = "linux"))]
pub(super) fn inherited() -> std::io::Result<std::net::TcpListener> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// What comes behind the bytes that are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// Nothing that this worker has already.
    Nothing,
    /// More, at once: a packet may wait for it.
    More,
}
