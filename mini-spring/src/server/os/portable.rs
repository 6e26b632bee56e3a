//! Every system: sockets that are told not to wait, and nothing that a kernel needn't have.
#![allow(unsafe_code)]

use std::io::{self, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use polling::{Event, Events, Poller};
use socket2::{Domain, Protocol, SockRef, Socket, Type};

use super::Behind;

/// Descriptors or memory have run out, as accept says it: EMFILE, ENFILE, ENOBUFS and ENOMEM.
#[cfg(all(unix, not(target_os = "linux")))]
const EXHAUSTED: [i32; 4] = [24, 23, 55, 12];
#[cfg(target_os = "linux")]
const EXHAUSTED: [i32; 4] = [24, 23, 105, 12];
/// The same in Winsock: WSAEMFILE and WSAENOBUFS.
#[cfg(windows)]
const EXHAUSTED: [i32; 2] = [10024, 10055];

/// Takes an address without listening there, as std does before it listens.
pub(in crate::server) fn reserve(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    // What is left of the connections of the program before doesn't hold the port. On Windows it never does, and there
    // this would let others take it.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// Has a socket listen as the server does: with a longer backlog than std's.
pub(in crate::server) fn listen(listener: &TcpListener, backlog: u16) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    SockRef::from(listener).listen(backlog.into())
}

/// The next connection that waits to be accepted. Not every system copies to it what was set for
/// the listener.
pub(in crate::server) fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let (stream, peer) = listener.accept()?;
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    Ok((stream, peer))
}

/// Whether nothing can be accepted until something else is given back: descriptors, or memory.
pub(in crate::server) fn is_exhausted(error: &io::Error) -> bool {
    error
        .raw_os_error()
        .is_some_and(|error| EXHAUSTED.contains(&error))
}

/// Receives what is there, as far as it fits into what `buffer` has room for.
pub(in crate::server) fn recv(socket: &TcpStream, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let socket = SockRef::from(socket);
    let received = uninterrupted(|| socket.recv(buffer.spare_capacity_mut()))?;
    // SAFETY: the call has written so many bytes to the beginning of the spare capacity.
    unsafe { buffer.set_len(buffer.len() + received) };
    Ok(received)
}

/// Whether bytes have come that nobody has received yet.
pub(in crate::server) fn has_input(socket: &TcpStream) -> bool {
    matches!(uninterrupted(|| socket.peek(&mut [0])), Ok(1..))
}

/// Whether the peer has closed the connection, or its side of it. Bytes that nobody has received yet
/// hide that.
pub(in crate::server) fn is_gone(socket: &TcpStream) -> bool {
    match uninterrupted(|| socket.peek(&mut [0])) {
        Ok(length) => length == 0,
        Err(error) => error.kind() != ErrorKind::WouldBlock,
    }
}

/// Waits until there is something to receive, or the end, or so long.
pub(in crate::server) fn wait_for_input(socket: &TcpStream, patience: Duration) -> io::Result<()> {
    wait_for(socket, Event::readable(0), patience).map(drop)
}

/// Waits until there is room to send, or the connection is broken, or so long.
pub(in crate::server) fn wait_for_output(socket: &TcpStream, patience: Duration) -> io::Result<()> {
    wait_for(socket, Event::writable(0), patience).map(drop)
}

/// Whether there is room to send, or the connection is broken.
pub(in crate::server) fn has_room(socket: &TcpStream) -> bool {
    wait_for(socket, Event::writable(0), Duration::ZERO).unwrap_or(true)
}

/// The socket itself can't wait: other threads would, too.
/// False: nothing has happened.
fn wait_for(socket: &TcpStream, event: Event, patience: Duration) -> io::Result<bool> {
    let poller = Poller::new()?;
    // SAFETY: the socket is borrowed for longer than this poller lives.
    unsafe { poller.add(socket, event)? };
    let waited = poller.wait(&mut Events::new(), Some(patience));
    poller.delete(socket)?;
    Ok(waited? > 0)
}

/// Sends as much as the socket takes. Whether a packet waits for more is up to the system.
pub(in crate::server) fn send(
    mut socket: &TcpStream,
    bytes: &[u8],
    _behind: Behind,
) -> io::Result<usize> {
    uninterrupted(|| socket.write(bytes))
}

/// Has the close of this socket be a reset.
pub(in crate::server) fn reset_on_close(socket: &TcpStream) -> io::Result<()> {
    SockRef::from(socket).set_linger(Some(Duration::ZERO))
}

/// The limit is for whoever starts the program to raise.
pub(in crate::server) fn raise_descriptor_limit() {}

/// Milliseconds of std's clock.
pub(in crate::server) fn coarse_milliseconds() -> u32 {
    static BEGINNING: OnceLock<Instant> = OnceLock::new();
    let beginning = BEGINNING.get_or_init(Instant::now);
    // Wrapping is what a tick does.
    beginning.elapsed().as_millis() as u32
}

/// Milliseconds of the same clock, which is never behind.
pub(in crate::server) fn exact_milliseconds() -> u32 {
    coarse_milliseconds()
}

/// What is known of a thread: nothing.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct ThreadWatch;

impl ThreadWatch {
    /// The calling thread's.
    pub(in crate::server) fn of_this_thread() -> Self {
        ThreadWatch
    }

    /// Nobody says whether it waits.
    pub(in crate::server) fn waits(&self) -> bool {
        false
    }

    /// Nobody says how long it has run.
    pub(in crate::server) fn cpu_time(&self) -> Option<Duration> {
        None
    }
}

/// Calls again what a signal has interrupted.
fn uninterrupted<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
