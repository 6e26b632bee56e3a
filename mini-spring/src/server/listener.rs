//! Accepting connections.
//!
//! The listener is armed for one event at a time: one worker accepts what is there, up to a limit,
//! and arms it again. When descriptors run out it stays disarmed until a connection has been closed
//! or some time has passed; level-triggered it would spin, edge-triggered it would hang.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode, Version};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SocketFlags};

use super::connection::Connection;
use super::output::{Manner, Output};
use super::poller::{Poller, Token};
use super::slot::Owned;
use super::worker::Worker;
use crate::http::encode::Persistence;
use crate::respond::{IntoResponse, Problem};

/// Connections that one event accepts at most.
const PER_EVENT: usize = 16;

/// How long accepting pauses when descriptors have run out.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// The listening socket, until the server stops.
#[derive(Debug)]
pub(super) struct Listener {
    socket: Mutex<Option<TcpListener>>,
    paused: AtomicBool,
}

/// How far accepting got.
enum Accepted {
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

    /// Goes on after a pause, if there is one.
    pub(super) fn resume(&self, poller: &Poller) {
        if self.paused.swap(false, Ordering::AcqRel) {
            self.arm(poller);
        }
    }

    /// Whether descriptors have run out.
    pub(super) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Acquire)
    }

    fn arm(&self, poller: &Poller) {
        let socket = self.lock();
        let armed = socket.as_ref().map(|socket| poller.arm_listener(socket));
        if let Some(Err(error)) = armed {
            log::error!("the listener can't be armed: {error}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<TcpListener>> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Accepts up to `limit` connections.
    fn accept(&self, limit: usize, into: &mut Vec<(TcpStream, SocketAddr)>) -> Accepted {
        let guard = self.lock();
        let Some(socket) = &*guard else {
            return Accepted::All;
        };
        while into.len() < limit {
            match rustix::net::acceptfrom_with(socket, SocketFlags::CLOEXEC) {
                Ok((stream, Some(peer))) => {
                    // An address that isn't IP can't come from a TCP listener.
                    if let Ok(peer) = SocketAddr::try_from(peer) {
                        into.push((stream.into(), peer));
                    }
                }
                Ok((_, None)) => {}
                Err(Errno::AGAIN) => return Accepted::All,
                Err(Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM) => {
                    return Accepted::Exhausted;
                }
                // The client gave up, or the network has: the next one may be fine (accept(2)).
                Err(_) => {}
            }
        }
        Accepted::Some
    }
}

/// The listener has reported: accepts some connections and arms it again.
pub(super) fn accept_some(worker: &mut Worker) {
    let shared = worker.shared.clone();
    let mut accepted = Vec::with_capacity(PER_EVENT);
    match shared.listener.accept(PER_EVENT, &mut accepted) {
        Accepted::All | Accepted::Some => shared.listener.arm(&shared.groups[0].poller),
        Accepted::Exhausted => pause(worker),
    }
    for (stream, peer) in accepted {
        open(worker, stream, peer);
    }
}

/// The server stops: accepts all that have come so far, and closes the listener.
pub(super) fn accept_last(worker: &mut Worker) {
    let shared = worker.shared.clone();
    loop {
        let mut accepted = Vec::with_capacity(PER_EVENT);
        let progress = shared.listener.accept(PER_EVENT, &mut accepted);
        for (stream, peer) in accepted {
            open(worker, stream, peer);
        }
        if !matches!(progress, Accepted::Some) {
            break;
        }
    }
    *shared.listener.lock() = None;
}

fn pause(worker: &Worker) {
    log::warn!("out of file descriptors: accepting pauses; raise the limit (ulimit -n)");
    worker.shared.listener.paused.store(true, Ordering::Release);
    worker.shared.life.wake_clock();
}

/// Gives a new connection a slot and lets the pollers have it.
fn open(worker: &mut Worker, stream: TcpStream, peer: SocketAddr) {
    let shared = worker.shared.clone();
    let Some((index, mut owned)) = shared.slab.take() else {
        turn_away(worker, stream);
        return;
    };
    let group = shared.emptiest_group();
    *owned = Connection::open(stream, peer, group);
    owned.set_deadline(Some(worker.now.tick.after(shared.config.idle_timeout)));
    shared.groups[group].open.fetch_add(1, Ordering::Relaxed);
    let added = match &owned.socket {
        Some(socket) => shared.groups[group].poller.add(socket, Token::Slot(index)),
        None => Ok(()),
    };
    if let Err(error) = added {
        log::error!("a connection can't be polled: {error}");
        worker.close(index, owned);
        return;
    }
    hand_over(worker, index, owned);
}

/// Lets go of a new connection; events that came already make the kernel report it again, so that
/// it waits its turn behind the others.
fn hand_over(worker: &Worker, index: usize, owned: Owned<'_>) {
    if let Err((owned, _)) = owned.let_go() {
        worker.report_again(index, owned);
    }
}

/// All slots are taken: says so and closes.
fn turn_away(worker: &mut Worker, stream: TcpStream) {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE)
        .with_detail("this server has as many connections as it accepts");
    let manner = Manner {
        method: &Method::GET,
        version: Version::HTTP_11,
        persistence: Persistence::Close,
        now: worker.now.unix,
    };
    let mut output = Output::default();
    output.answer(problem.into_response(), &manner, &mut worker.dates);
    // As much as can be done without waiting: the answer fits into an empty socket buffer, and
    // reading what is there already keeps the close from being a reset.
    let mut space = [0; 4096];
    let _ = output.send(&stream);
    let _ = stream.shutdown(Shutdown::Write);
    let _ = rustix::net::recv(&stream, &mut space, RecvFlags::DONTWAIT);
    log::debug!(
        "{} connections are open: one more was turned away",
        worker.shared.slab.open()
    );
}
