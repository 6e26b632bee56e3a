//! A server in the thread that asks it: bytes are fed to a connection piece by piece, and after each piece all is done
//! that can be done without more of them.
//!
//! So it can be tested what comes of any portions of the same bytes, without waiting and without luck. It is the
//! server that programs run: the same poller, slots, runs and outputs, over a pair of connected sockets. What
//! is left out is what happens by itself: no clock ends what takes too long, nobody is accepted, and no other
//! thread takes a permit. So a handler that waits for more of its request waits in vain, and so does a
//! body that other threads make.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener};
use std::sync::Arc;

use super::gate::PermitId;
use super::inside::Known;
use super::shared::Shared;
use super::worker::{Grip, Worker};
use super::{accept, cores, os, share};
use crate::config::ServerConfig;
use crate::error::Result;
use crate::service::IntoService;

/// The permit of the only worker.
const PERMIT: PermitId = 0;

/// A server without threads of its own.
pub struct Stepped {
    worker: RefCell<Worker>,
    _known: Known,
}

/// A client's end of a connection to it.
#[derive(Debug)]
pub struct Wire<'s> {
    server: &'s Stepped,
    stream: os::Near,
    is_closed: bool,
}

impl Stepped {
    /// Serves `app`. Of the configuration, address, workers and groups don't count.
    ///
    /// # Errors
    ///
    /// The application's start-up report, or that the system gives no sockets or threads.
    pub fn new(app: impl IntoService, config: ServerConfig) -> Result<Self> {
        let service = app.into_service()?;
        // It is never accepted from; a server has one.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let config = ServerConfig {
            groups: 1,
            ..config
        };
        // One more than there are permits, so that calls may block.
        let workers = config.permits(cores()) + 1;
        let shared = share(config, service, listener, workers, nobody)?;
        let worker = Worker::new(shared, Grip::Holds(PERMIT));
        Ok(Stepped {
            _known: worker.gatekeeper.make_known(),
            worker: RefCell::new(worker),
        })
    }

    /// A new connection.
    ///
    /// # Errors
    ///
    /// The system gives no sockets.
    pub fn connect(&self) -> io::Result<Wire<'_>> {
        let (client, server) = os::pair()?;
        let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        accept::open(&mut self.worker.borrow_mut(), server, peer);
        Ok(Wire {
            server: self,
            stream: client,
            is_closed: false,
        })
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.worker.borrow().shared.slab.open()
    }

    /// Does what there is to do.
    fn run(&self) -> io::Result<()> {
        let worker = &mut *self.worker.borrow_mut();
        while worker.step(PERMIT)? {
            // Without its permit a worker's job ends, and another one's begins: that is this one, too.
            if !matches!(worker.grip, Grip::Holds(_)) {
                worker.go_on();
                worker.grip = Grip::Holds(PERMIT);
            }
        }
        Ok(())
    }
}

/// Other workers than the one there is do nothing.
fn nobody(shared: Arc<Shared>, _: PermitId) {
    shared.life.driver_ends();
}

impl Wire<'_> {
    /// Sends these bytes in one piece, and gives back what is answered until the server waits for more. Where it has
    /// closed the connection, bytes may be left over.
    ///
    /// # Errors
    ///
    /// The system's, where sockets fail in another way than by their end.
    pub fn feed(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut answered = Vec::new();
        let mut left = bytes;
        while !left.is_empty() && !self.is_closed {
            match self.stream.write(left) {
                Ok(length) => left = &left[length..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) if is_end(&error) => left = &[],
                Err(error) => return Err(error),
            }
            self.receive(&mut answered)?;
        }
        self.receive(&mut answered)?;
        Ok(answered)
    }

    /// Says that no more comes, and gives back what is answered to that.
    ///
    /// # Errors
    ///
    /// As of [`Wire::feed`].
    pub fn end(&mut self) -> io::Result<Vec<u8>> {
        let _ = self.stream.shutdown(Shutdown::Write);
        let mut answered = Vec::new();
        self.receive(&mut answered)?;
        Ok(answered)
    }

    /// Whether the server has ended its side.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    fn receive(&mut self, answered: &mut Vec<u8>) -> io::Result<()> {
        loop {
            self.server.run()?;
            let before = answered.len();
            match self.stream.read_to_end(answered) {
                Ok(_) => self.is_closed = true,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) if is_end(&error) => self.is_closed = true,
                Err(error) => return Err(error),
            }
            // With room for more, there may be more.
            if self.is_closed || answered.len() == before {
                return Ok(());
            }
        }
    }
}

fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
    )
}

impl fmt::Debug for Stepped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.open();
        formatter
            .debug_struct("Stepped")
            .field("open", &open)
            .finish_non_exhaustive()
    }
}

impl Drop for Stepped {
    fn drop(&mut self) {
        let shared = self.worker.get_mut().shared.clone();
        let mut closer = Worker::new(shared.clone(), Grip::Never);
        for (index, slot) in shared.slab.used() {
            if let Some(owned) = slot.claim() {
                closer.close(index, owned);
            }
        }
        shared.service.stop();
    }
}
