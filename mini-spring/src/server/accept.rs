//! What becomes of new connections: a slot and a poller, or a refusal.

use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::Ordering;

use http::{StatusCode, Version};
use log::Level;

use super::clock::Deadline;
use super::connection::{Connection, Phase};
use super::listener::Accepted;
use super::os;
use super::output::{Manner, Output};
use super::overload::Limit;
use super::poller::{Poll, Token};
use super::worker::Worker;
use crate::http::encode::Persistence;
use crate::request::ConnectionId;
use crate::respond::{IntoResponse, Problem};

/// Connections that one event accepts at most.
const PER_EVENT: usize = 16;

/// Connections that the kernel keeps until they are accepted.
pub(super) const BACKLOG: u16 = 4096;

/// The listener has reported: accepts some connections and arms it again.
pub(super) fn accept_some(worker: &mut Worker) {
    let shared = worker.shared.clone();
    let take = |stream, peer| open(worker, stream, peer);
    match shared.listener.accept(PER_EVENT, take) {
        Accepted::All | Accepted::Some => shared.listener.arm(&shared.groups[0].poller),
        Accepted::Exhausted => pause(worker),
    }
}

/// The server stops: accepts all that have come so far, and closes the listener. False: it was closed
/// already.
pub(super) fn accept_last(worker: &mut Worker) -> bool {
    let shared = worker.shared.clone();
    // More than these the kernel doesn't keep; who comes meanwhile comes too late.
    let take = |stream, peer| open(worker, stream, peer);
    shared.listener.accept(BACKLOG.into(), take);
    shared.listener.close(&shared.groups[0].poller)
}

fn pause(worker: &Worker) {
    if worker.shared.listener.pause() {
        let message = "out of file descriptors: accepting pauses; raise the limit (ulimit -n)";
        worker.say(Level::Warn, format_args!("{message}"));
    }
    worker.shared.life.wake_clock();
}

/// Gives a new connection a slot and lets the pollers have it.
pub(super) fn open(worker: &mut Worker, stream: TcpStream, peer: SocketAddr) {
    let shared = worker.shared.clone();
    let is_proxied = shared.config.proxy_protocol;
    if is_proxied && !shared.config.trusted_proxies.contains(peer.ip()) {
        let message =
            "closed: it isn't in server.trusted_proxies, so it can't say who its client is";
        worker.say(Level::Debug, format_args!("{peer}: {message}"));
        return;
    }
    let Some((index, mut owned)) = shared.slab.take() else {
        turn_away(worker, stream);
        return;
    };
    let group = shared.emptiest_group();
    let serial = shared.slab.next_serial();
    let id = ConnectionId {
        slot: index,
        serial,
    };
    owned.open(Connection::open(stream, id, peer, group));
    if is_proxied {
        owned.phase = Phase::Introducing;
    }
    let due = worker.now().tick.after(shared.config.idle_timeout);
    owned.set_deadline(Some(Deadline::idle(due)));
    shared.groups[group].open.fetch_add(1, Ordering::Relaxed);
    let (slot, socket) = (owned.slot(), owned.socket.clone());
    // Before it is polled, so that the first event finds it free: mostly it has input already, and another
    // worker is waiting for that. An event that was meant for the connection before is no harm.
    while let Err((again, _)) = owned.let_go() {
        owned = again;
    }
    let poller = &shared.groups[group].poller;
    let added = socket.map_or(Ok(()), |socket| poller.add(&socket, Token::Slot(index)));
    if let Err(error) = added {
        worker.say(
            Level::Error,
            format_args!("a connection can't be polled: {error}"),
        );
        // If somebody has it already, its deadline ends it.
        if let Some(owned) = slot.claim() {
            worker.close(index, owned);
        }
    }
}

/// All slots are taken: says so and closes.
fn turn_away(worker: &mut Worker, stream: TcpStream) {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE)
        .with_detail("this server has as many connections as it accepts");
    let manner = Manner {
        is_head: false,
        version: Version::HTTP_11,
        persistence: Persistence::Close,
        now: worker.now().unix,
        target: worker.exchange.target(),
    };
    let mut output = Output::default();
    output.answer(problem.into_response(), &manner, &mut worker.dates);
    // As much as can be done without waiting: the answer fits into an empty socket buffer, and
    // reading what is there already keeps the close from being a reset.
    let _ = output.send(&stream);
    let _ = stream.shutdown(Shutdown::Write);
    let _ = os::recv(&stream, &mut Vec::with_capacity(4096));
    worker.tell(Limit::Connections);
}
