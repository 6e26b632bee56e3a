//! The listening socket.
//!
//! It is armed for one event at a time: one worker accepts what is there, up to a limit, and arms it
//! again. When descriptors run out it stays disarmed until a connection has been closed or some time
//! has passed; level-triggered it would spin, edge-triggered it would hang.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::accept::BACKLOG;
use super::os;
use super::pause::Pausing;
use super::poller::{Poll, Poller};

/// How long accepting pauses when descriptors have run out.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// The listening socket, until the server stops.
#[derive(Debug)]
pub(super) struct Listener {
    socket: Pausing<TcpListener>,
    /// The log knows that descriptors have run out.
    warned: AtomicBool,
}

/// How far accepting got.
pub(super) enum Accepted {
    /// There was nothing more to accept.
    All,
    /// There may be more.
    Some,
    /// There is more, but no descriptor for it.
    Exhausted,
}

impl Listener {
    pub(super) fn new(socket: TcpListener) -> Self {
        Listener {
            socket: Pausing::new(socket),
            warned: AtomicBool::new(false),
        }
    }

    /// Has the kernel take connections, if it doesn't yet.
    pub(super) fn open(&self) -> io::Result<()> {
        let opened = self.socket.with(|socket| os::listen(socket, BACKLOG));
        opened.unwrap_or(Ok(()))
    }

    /// Starts listening for events.
    pub(super) fn start(&self, poller: &Poller) -> io::Result<()> {
        let started = self.socket.with(|socket| {
            poller.add_listener(socket)?;
            poller.arm_listener(socket)
        });
        started.unwrap_or(Ok(()))
    }

    /// Goes on after a pause, if there is one.
    pub(super) fn resume(&self, poller: &Poller) {
        self.socket.resume(|socket| arm(socket, poller));
    }

    /// Whether descriptors have run out.
    pub(super) fn is_paused(&self) -> bool {
        self.socket.is_paused()
    }

    pub(super) fn arm(&self, poller: &Poller) {
        self.socket.with(|socket| arm(socket, poller));
    }

    /// Closes the socket: nobody can connect any more. False: it was closed already.
    pub(super) fn close(&self, poller: &Poller) -> bool {
        let socket = self.socket.close();
        if let Some(socket) = &socket {
            // Closing removes it too, where the kernel does the polling.
            let _ = poller.delete_listener(socket);
        }
        socket.is_some()
    }

    /// Descriptors have run out: stays disarmed until [`Listener::resume`]. True: this is the first
    /// time since everybody could be accepted.
    pub(super) fn pause(&self) -> bool {
        self.socket.pause();
        !self.warned.swap(true, Ordering::Relaxed)
    }

    /// Accepts up to `limit` connections. Each is taken over while the listener is locked: whoever
    /// finds it closed finds every connection that it has accepted in its slot.
    pub(super) fn accept(
        &self,
        limit: usize,
        mut take: impl FnMut(TcpStream, SocketAddr),
    ) -> Accepted {
        let accepted = self.socket.with(|socket| {
            for _ in 0..limit {
                match os::accept(socket) {
                    Ok((stream, peer)) => take(stream, peer),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        self.warned.store(false, Ordering::Relaxed);
                        return Accepted::All;
                    }
                    Err(error) if os::is_exhausted(&error) => return Accepted::Exhausted,
                    // The client gave up, or the network has: the next one may be fine (accept(2)).
                    Err(_) => {}
                }
            }
            Accepted::Some
        });
        accepted.unwrap_or(Accepted::All)
    }
}

fn arm(socket: &TcpListener, poller: &Poller) {
    if let Err(error) = poller.arm_listener(socket) {
        log::error!("the listener can't be armed: {error}");
    }
}
