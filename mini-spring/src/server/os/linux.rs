//! Linux: calls that say themselves that they don't wait, so that sockets stay as they are accepted.
#![allow(unsafe_code)]

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, sockopt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::Behind;

/// Takes an address without listening there, as std does before it listens. Nobody else who listens can have it.
pub(in crate::server) fn reserve(address: SocketAddr) -> io::Result<TcpListener> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let socket = rustix::net::socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    // What is left of the connections of the program before doesn't hold the port.
    sockopt::set_socket_reuseaddr(&socket, true)?;
    rustix::net::bind(&socket, &address)?;
    Ok(socket.into())
}

/// Has a socket listen as the server does: with a longer backlog than std's, and TCP_NODELAY, which the
/// kernel copies to the accepted sockets.
pub(in crate::server) fn listen(listener: &TcpListener, backlog: u16) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    sockopt::set_tcp_nodelay(listener, true)?;
    Ok(rustix::net::listen(listener, backlog.into())?)
}

/// The next connection that waits to be accepted.
pub(in crate::server) fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let accepted = rustix::net::acceptfrom_with(listener, SocketFlags::CLOEXEC);
    match accepted? {
        (stream, Some(peer)) => Ok((stream.into(), SocketAddr::try_from(peer)?)),
        (_, None) => Err(io::ErrorKind::AddrNotAvailable.into()),
    }
}

/// Whether nothing can be accepted until something else is given back: descriptors, or memory.
pub(in crate::server) fn is_exhausted(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM)
    )
}

/// Receives what is there, as far as it fits into what `buffer` has room for.
#[inline]
pub(in crate::server) fn recv(socket: &TcpStream, buffer: &mut Vec<u8>) -> io::Result<usize> {
    loop {
        let space = rustix::buffer::spare_capacity(buffer);
        match rustix::net::recv(socket, space, RecvFlags::DONTWAIT) {
            Ok((length, _)) => return Ok(length),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether bytes have come that nobody has received yet.
pub(in crate::server) fn has_input(socket: &TcpStream) -> bool {
    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    matches!(rustix::net::recv(socket, &mut [0], flags), Ok((1.., _)))
}

/// Whether the peer has closed the connection, or its side of it, though bytes may be left to read.
pub(in crate::server) fn is_gone(socket: &TcpStream) -> bool {
    let gone = PollFlags::RDHUP | PollFlags::HUP | PollFlags::ERR;
    let mut asked = [PollFd::new(socket, PollFlags::RDHUP)];
    let polled = retry_on_intr(|| poll(&mut asked, Some(&Timespec::default())));
    polled.is_ok() && asked[0].revents().intersects(gone)
}

/// Waits until there is something to receive, or the end, or so long.
pub(in crate::server) fn wait_for_input(socket: &TcpStream, patience: Duration) -> io::Result<()> {
    wait_for(socket, PollFlags::IN | PollFlags::RDHUP, patience).map(drop)
}

/// Waits until there is room to send, or the connection is broken, or so long.
pub(in crate::server) fn wait_for_output(socket: &TcpStream, patience: Duration) -> io::Result<()> {
    wait_for(socket, PollFlags::OUT, patience).map(drop)
}

/// Whether there is room to send, or the connection is broken.
pub(in crate::server) fn has_room(socket: &TcpStream) -> bool {
    wait_for(socket, PollFlags::OUT, Duration::ZERO).unwrap_or(true)
}

/// False: nothing has happened.
fn wait_for(socket: &TcpStream, flags: PollFlags, patience: Duration) -> io::Result<bool> {
    let mut asked = [PollFd::new(socket, flags)];
    let patience = Timespec::try_from(patience).map_err(io::Error::other)?;
    match poll(&mut asked, Some(&patience)) {
        Ok(happened) => Ok(happened > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Sends as much as the socket takes.
#[inline]
pub(in crate::server) fn send(
    socket: &TcpStream,
    bytes: &[u8],
    behind: Behind,
) -> io::Result<usize> {
    let more = match behind {
        Behind::Nothing => SendFlags::empty(),
        Behind::More => SendFlags::MORE,
    };
    let flags = more | SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
    Ok(retry_on_intr(|| rustix::net::send(socket, bytes, flags))?)
}

/// Has the close of this socket be a reset.
pub(in crate::server) fn reset_on_close(socket: &TcpStream) -> io::Result<()> {
    Ok(sockopt::set_socket_linger(socket, Some(Duration::ZERO))?)
}

/// Every connection is a descriptor: asks for as many as this process may have.
pub(in crate::server) fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        log::debug!("the limit of descriptors can't be raised: {error}");
    }
}

/// Milliseconds of a clock that the kernel moves a few hundred times a second. Reading it costs no
/// call to the kernel on any clock source, which is not so for std's clocks.
pub(in crate::server) fn coarse_milliseconds() -> u32 {
    milliseconds(libc::CLOCK_MONOTONIC_COARSE)
}

/// Milliseconds of the same clock, which may be some behind, as of now.
pub(in crate::server) fn exact_milliseconds() -> u32 {
    milliseconds(libc::CLOCK_MONOTONIC)
}

fn milliseconds(clock: libc::clockid_t) -> u32 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is to a timespec of our own, which the call fills in. For a clock that
    // doesn't exist it would stay zero.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    // Wrapping is what a tick does.
    (time.tv_sec as u32)
        .wrapping_mul(1000)
        .wrapping_add((time.tv_nsec / 1_000_000) as u32)
}
