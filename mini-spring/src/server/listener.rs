//! The listening socket.
//!
//! It is armed for one event at a time: one worker accepts what is there, up to a limit, and arms it
//! again. When descriptors run out it stays disarmed until a connection has been closed or some time
//! has passed; level-triggered it would spin, edge-triggered it would hang.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use super::os;
use super::poller::{Poll, Poller};

/// How long accepting pauses when descriptors have run out.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// The listening socket, until the server stops.
#[derive(Debug)]
pub(super) struct Listener {
    socket: Mutex<Option<TcpListener>>,
    paused: AtomicBool,
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
            socket: Mutex::new(Some(socket)),
            paused: AtomicBool::new(false),
            warned: AtomicBool::new(false),
        }
    }

    /// Starts listening for events.
    pub(super) fn start(&self, poller: &Poller) -> io::Result<()> {
        match &*self.lock() {
            Some(socket) => {
                poller.add_listener(socket)?;
                poller.arm_listener(socket)
            }
            None => Ok(()),
        }
    }

    /// Goes on after a pause, if there is one. While somebody accepts, it is for that one to arm the
    /// listener, or to close it; who that is may be the caller.
    pub(super) fn resume(&self, poller: &Poller) {
        if !self.paused.swap(false, Ordering::AcqRel) {
            return;
        }
        match self.socket.try_lock() {
            Ok(socket) => arm(socket.as_ref(), poller),
            Err(TryLockError::Poisoned(poisoned)) => arm(poisoned.into_inner().as_ref(), poller),
            Err(TryLockError::WouldBlock) => {}
        }
    }

    /// Whether descriptors have run out.
    pub(super) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Acquire)
    }

    pub(super) fn arm(&self, poller: &Poller) {
        arm(self.lock().as_ref(), poller);
    }

    /// Closes the socket: nobody can connect any more. False: it was closed already.
    pub(super) fn close(&self, poller: &Poller) -> bool {
        let socket = self.lock().take();
        if let Some(socket) = &socket {
            // Closing removes it too, where the kernel does the polling.
            let _ = poller.delete_listener(socket);
        }
        socket.is_some()
    }

    /// Descriptors have run out: stays disarmed until [`Listener::resume`]. True: this is the first
    /// time since everybody could be accepted.
    pub(super) fn pause(&self) -> bool {
        self.paused.store(true, Ordering::Release);
        !self.warned.swap(true, Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Option<TcpListener>> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Accepts up to `limit` connections. Each is taken over while the listener is locked: whoever
    /// finds it closed finds every connection that it has accepted in its slot.
    pub(super) fn accept(
        &self,
        limit: usize,
        mut take: impl FnMut(TcpStream, SocketAddr),
    ) -> Accepted {
        let guard = self.lock();
        let Some(socket) = &*guard else {
            return Accepted::All;
        };
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
    }
}

fn arm(socket: Option<&TcpListener>, poller: &Poller) {
    let armed = socket.map(|socket| poller.arm_listener(socket));
    if let Some(Err(error)) = armed {
        log::error!("the listener can't be armed: {error}");
    }
}
