//! [`Running`]: what a program holds of a server that serves, and how it ends one.

use std::fmt::{self, Arguments};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use log::Level;

use super::accept;
use super::aside::Flushed;
use super::life::Ending;
use super::shared::Shared;
use super::worker::{Grip, Worker};
use crate::error::{Error, Result};

/// A server at work. Dropping it doesn't stop it; [`Running::shutdown`] does.
///
/// ```
/// use mini_spring::{App, Request, Server};
///
/// let app = App::empty().route("GET", "/", |_: &Request| "hello");
/// let running = Server::bind("127.0.0.1:0")?.start(app)?;
/// assert!(std::net::TcpStream::connect(running.addr()).is_ok());
/// running.shutdown();
/// running.join()?;
/// # Ok::<(), mini_spring::Error>(())
/// ```
pub struct Running {
    /// Until somebody has waited for its end.
    server: Mutex<Option<(Arc<Shared>, JoinHandle<()>)>>,
    addr: SocketAddr,
}

impl Running {
    pub(super) fn new(shared: Arc<Shared>, clock: JoinHandle<()>, addr: SocketAddr) -> Self {
        Running {
            server: Mutex::new(Some((shared, clock))),
            addr,
        }
    }

    /// The address it listens on, with the real port.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Asks the server to stop, and returns at once: what has been accepted is answered, with
    /// `Connection: close`; new connections are refused. [`Running::join`] waits for the end.
    pub fn shutdown(&self) {
        let Some(shared) = self.shared() else {
            return;
        };
        // The door is closed before anybody hears of it: a client whose answer says that it was the last
        // can't come in again.
        let is_first = accept::accept_last(&mut Worker::new(shared.clone(), Grip::Never));
        if is_first {
            shared.stop();
            let message = "stopping: answering what has arrived";
            shared.aside.say(Level::Info, format_args!("{message}"));
        }
    }

    /// What its threads share, until they have ended.
    fn shared(&self) -> Option<Arc<Shared>> {
        let server = self.server();
        server.as_ref().map(|(shared, _)| shared.clone())
    }

    fn server(&self) -> MutexGuard<'_, Option<(Arc<Shared>, JoinHandle<()>)>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says a last thing, as the log is no more waited for.
    pub(super) fn say_now(&self, level: Level, message: Arguments<'_>) {
        if let Some(shared) = self.shared() {
            shared.aside.say(level, message);
            shared.aside.flush();
        }
    }

    /// Waits until the server has stopped. Then calls what the program does at its
    /// [stop](macro@crate::on_stop), and drops its components, in the reverse order of their making. Where handlers
    /// haven't returned, they keep theirs.
    ///
    /// # Errors
    ///
    /// The grace period (`server.shutdown_grace`) was over before every request was answered.
    pub fn join(&self) -> Result<()> {
        self.join_saying(None).0
    }

    /// The same, with a last word to the log when all has gone well; and what the log made of it.
    pub(super) fn join_saying(&self, farewell: Option<&str>) -> (Result<()>, Flushed) {
        let Some(shared) = self.shared() else {
            return (Ok(()), Flushed::All);
        };
        let ending = shared.life.wait();
        let server = self.server().take();
        if let (Ending::Clean, Some((shared, clock))) = (&ending, server) {
            // Their last act is to let go of what they share.
            shared.pool.join();
            let _ = clock.join();
        }
        shared.service.stop();
        if let (Ending::Clean, Some(farewell)) = (&ending, farewell) {
            shared.aside.say(Level::Info, format_args!("{farewell}"));
        }
        let log = shared.aside.flush();
        let joined = match ending {
            Ending::Clean => Ok(()),
            Ending::Late { open, running } => {
                let grace = shared.config.shutdown_grace;
                Err(Error::untraced(unfinished(grace, open, &running)))
            }
        };
        (joined, log)
    }
}

/// What was left of a server when its grace period was over.
fn unfinished(grace: Duration, open: usize, running: &[String]) -> String {
    let running = running.join(", ");
    let connections = match open {
        0 => return format!("handlers have not returned within {grace:?}: {running}"),
        1 => "1 connection was",
        _ => &format!("{open} connections were"),
    };
    let unfinished = format!("{connections} not finished within {grace:?}");
    match running.is_empty() {
        true => unfinished,
        false => format!("{unfinished}; still running: {running}"),
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Running")
            .field("addr", &self.addr)
            .finish_non_exhaustive()
    }
}
