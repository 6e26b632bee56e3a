//! A connection, as it is while nobody runs it.
//!
//! Idle it is little more than its socket: what hasn't come in whole, or hasn't been sent, hangs on
//! to it only as long as that is so. Knows nothing of how it is run.

use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;

use super::call::Call;
use super::clock::Tick;
use super::exchange::{Exchange, Waiting};
use super::os;
use super::output::Output;
use super::poller::Interest;
use crate::request::ConnectionId;

/// A connection, as it is while nobody runs it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) socket: Option<Arc<TcpStream>>,
    pub(super) id: ConnectionId,
    pub(super) peer: SocketAddr,
    pub(super) group: usize,
    pub(super) interest: Interest,
    pub(super) phase: Phase,
    /// A request that isn't complete.
    pub(super) exchange: Option<Box<Exchange>>,
    /// Answers that aren't sent.
    pub(super) output: Option<Box<Output>>,
    /// The call that is made for it while it is let go.
    pub(super) call: Option<Arc<Call>>,
    /// What exchange and output hold of `server.max_buffered`.
    pub(super) charged: usize,
    /// It waits for no bytes of its client, only to be run: for a worker, and for room in its socket, since
    /// that is what its poller reports.
    pub(super) has_work: bool,
}

/// How far a connection is on its way to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Phase {
    #[default]
    Open,
    /// Its proxy must say first who the client is.
    Introducing,
    /// Closes when the output is sent; nothing more is read.
    Closing(Close),
    /// It has waited too long for a worker to read its answer: whoever runs it next refuses the request.
    Overdue,
    /// Its request is being answered apart from it, until then at the latest.
    Calling { due: Tick },
    /// Our side is closed. What the client still sends is dropped, up to so many bytes.
    Lingering { left: usize, until: Tick },
}

/// How a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// At once: the client has sent all that it wanted to.
    Now,
    /// In two steps: closing with unread input resets the connection, and the reset can destroy
    /// the answer on its way (RFC 9112, section 9.6).
    Linger,
}

impl Default for Connection {
    fn default() -> Self {
        Connection {
            socket: None,
            id: ConnectionId::default(),
            peer: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
            group: 0,
            interest: Interest::Read,
            phase: Phase::Open,
            exchange: None,
            output: None,
            call: None,
            charged: 0,
            has_work: false,
        }
    }
}

impl Connection {
    /// A connection that was just accepted.
    pub(super) fn open(
        socket: TcpStream,
        id: ConnectionId,
        peer: SocketAddr,
        group: usize,
    ) -> Self {
        Connection {
            socket: Some(Arc::new(socket)),
            id,
            peer,
            group,
            ..Connection::default()
        }
    }

    /// Whether it waits for its client, and bytes of the client have arrived.
    pub(super) fn has_input(&self) -> bool {
        let reads = matches!(self.phase, Phase::Open | Phase::Introducing);
        reads && self.output.is_none() && self.has_bytes()
    }

    /// Whether nothing has come of its next request, and nothing is left to be done for the one before.
    pub(super) fn is_between_requests(&self) -> bool {
        let has_more = self.exchange.is_some() || self.output.is_some() || self.call.is_some();
        !has_more && !self.has_bytes()
    }

    /// Whether bytes of the client have arrived that nobody has read.
    pub(super) fn has_bytes(&self) -> bool {
        let socket = self.socket.as_ref();
        socket.is_some_and(|socket| os::has_input(socket))
    }

    /// Whether there is room in its socket, so that its poller reports it.
    pub(super) fn has_room(&self) -> bool {
        self.socket
            .as_ref()
            .is_some_and(|socket| os::has_room(socket))
    }

    /// Whether what isn't sent yet is made by code of the program, which must not be dropped by anybody.
    pub(super) fn has_code(&self) -> bool {
        self.output
            .as_ref()
            .is_some_and(|output| output.code_of().is_some())
    }

    /// Its answer, if it waits for nothing but what other threads make of that.
    pub(super) fn awaited(&self, now: Tick) -> Option<&Output> {
        let output = self.output.as_deref();
        output.filter(|output| output.next_beat(now).is_some())
    }

    /// Whether it has an answer of which nothing has been sent.
    pub(super) fn is_unbegun(&self) -> bool {
        self.output
            .as_ref()
            .is_some_and(|output| output.is_unbegun())
    }

    /// Ends both directions; who runs it next finds that it can't be used.
    pub(super) fn shut_down(&self) {
        if let Some(socket) = &self.socket {
            // It may be closed already, which is as good.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// What it waits for from its client, once its deadline has passed.
    pub(super) fn waiting(&self) -> Waiting {
        match (&self.phase, &self.output, &self.exchange) {
            (Phase::Open, None, Some(exchange)) => exchange.waiting(),
            _ => Waiting::Request,
        }
    }
}
