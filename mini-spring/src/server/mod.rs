//! Sockets and threads: accepting, polling, running connections, stopping.
//!
//! A few workers of a thread pool hold a *permit* each and wait on one poller, for one event at a
//! time. Whoever gets an event runs that connection to the point where it would have to wait: reads,
//! parses, calls the handler, writes. There is no hand-over between threads on the way of a request.
//! An idle connection holds no thread and no buffer, a slow one no thread.
//!
//! - [`state`], [`permit`], [`gate`], [`attention`], [`pause`] and [`life`] are the state machines, small and checked with
//!   loom; [`watchdog`] and [`heat`] find out which handlers block;
//! - [`slot`] is where connections live, [`exchange`] and [`output`] are what comes in and goes out;
//! - [`push`] is how other threads send to a connection that waits for them;
//! - [`run`] runs a connection, [`settle`] ends the run, with what a [`worker`] has at hand;
//! - [`poller`] is what waits for sockets, [`os`] what differs from system to system;
//! - [`driver`], [`accept`], [`deadlines`] and [`signals`] say who does so, and when;
//! - [`offline`] answers a request without any of that, for tests of programs, and [`client`] is the other end of a
//!   connection, for those that want one; [`stepped`](self) is a server in one thread, for tests of this crate.
//!
//! Knows the application only as a [`Service`]: a request in, an answer out.

mod accept;
mod access_log;
mod answer;
mod aside;
mod attention;
mod call;
pub(crate) mod client;
mod clock;
mod connection;
mod deadlines;
mod driver;
mod exchange;
mod gate;
mod handle;
mod handover;
mod heat;
mod inside;
mod introduce;
mod leaving;
mod life;
mod listener;
mod live;
pub(crate) mod offline;
mod os;
mod output;
mod overload;
mod pause;
mod permit;
mod poller;
mod push;
mod refusal;
mod run;
mod running;
mod settle;
mod shared;
mod signals;
mod slot;
mod state;
#[cfg(feature = "__inside")]
pub(crate) mod stepped;
mod taken;
mod unable;
mod watchdog;
mod worker;

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::num::NonZeroUsize;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::thread::available_parallelism;

use threadpool::ThreadPool;

pub use self::handle::Running;
pub use self::inside::blocking;
pub(crate) use self::inside::is_inside;

use self::aside::Aside;
use self::listener::Listener;
use self::poller::{Poll, Poller};
use self::shared::{Drive, Group, Shared};
use self::unable::{cannot_inherit, cannot_listen};
use crate::config::ServerConfig;
use crate::error::{Error, Result};
use crate::service::{IntoService, Service};

/// A socket that doesn't serve yet.
///
/// ```
/// use mini_spring::{Request, Response, Router, Server};
///
/// let mut router = Router::new();
/// router.register("GET", "/health", |_: &Request| "up")?;
///
/// let running = Server::bind("127.0.0.1:0")?.start(router)?;
/// println!("http://{}/health", running.addr());
/// running.shutdown();
/// running.join()?;
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    addr: SocketAddr,
    config: ServerConfig,
}

impl Server {
    /// Listens on an address such as `127.0.0.1:8080`; port 0 is any free one. Everything else is
    /// as [`ServerConfig::default`] says.
    ///
    /// # Errors
    ///
    /// The address can't be listened on, for example because its port is in use.
    pub fn bind(address: impl ToSocketAddrs) -> Result<Self> {
        let address = address
            .to_socket_addrs()
            .map_err(|error| format!("the address can't be resolved: {error}"))?
            .next()
            .ok_or("the address resolves to nothing")?;
        Server::bind_with(ServerConfig {
            host: address.ip(),
            port: address.port(),
            ..ServerConfig::default()
        })
    }

    /// Listens where the configuration says.
    ///
    /// ```
    /// use mini_spring::{Server, ServerConfig};
    ///
    /// let mut config = ServerConfig::default();
    /// (config.host, config.port, config.workers) = ([127, 0, 0, 1].into(), 0, 64);
    /// assert_ne!(Server::bind_with(config)?.addr().port(), 0);
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A setting is out of bounds, or the address can't be listened on, for example because its
    /// port is in use.
    pub fn bind_with(config: ServerConfig) -> Result<Self> {
        let config = config.fit(cores())?;
        let address = SocketAddr::new(config.host, config.port);
        TcpListener::bind(address)
            .and_then(|listener| Server::over(listener, config))
            .map_err(|error| cannot_listen(address, &error))
    }

    /// Takes over a socket that listens already, so that it is open before this server starts, and stays open when
    /// it stops: with a [clone](TcpListener::try_clone) of it, the next server takes up where this one ends, and
    /// nobody is refused in between. Of the configuration, `host` and `port` don't count.
    ///
    /// ```
    /// use std::net::TcpListener;
    /// use mini_spring::{Request, Router, Server, ServerConfig};
    ///
    /// let listener = TcpListener::bind("127.0.0.1:0")?;
    /// for version in ["one", "two"] {
    ///     let mut router = Router::new();
    ///     router.register("GET", "/version", move |_: &Request| version)?;
    ///     let server = Server::listen_on(listener.try_clone()?, ServerConfig::default())?;
    ///     let running = server.start(router)?;
    ///     running.shutdown();
    ///     running.join()?;
    /// }
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    ///
    /// A program that [`run`](crate::run())s takes one over by itself, where systemd hands it one.
    ///
    /// # Errors
    ///
    /// A setting is out of bounds, or the socket can't listen.
    pub fn listen_on(listener: TcpListener, config: ServerConfig) -> Result<Self> {
        let config = config.fit(cores())?;
        Ok(Server::over(listener, config)?)
    }

    /// Takes the address that the configuration says, and doesn't listen before it starts: nobody waits for a program
    /// that isn't ready.
    fn reserve(config: ServerConfig) -> Result<Self> {
        let config = config.fit(cores())?;
        let address = SocketAddr::new(config.host, config.port);
        let reserved = os::reserve(address).and_then(|listener| {
            Ok(Server {
                addr: listener.local_addr()?,
                listener,
                config,
            })
        });
        reserved.map_err(|error| cannot_listen(address, &error))
    }

    /// The settings have been fitted.
    fn over(listener: TcpListener, config: ServerConfig) -> io::Result<Self> {
        os::listen(&listener, accept::BACKLOG)?;
        Ok(Server {
            addr: listener.local_addr()?,
            listener,
            config,
        })
    }

    /// Takes the socket that the process was started with, `sockets` says how many there are; or, where there is none,
    /// the address that the configuration says.
    ///
    /// # Errors
    ///
    /// There can't be a server at this address, such as for a port that is taken.
    pub(crate) fn of_process(config: ServerConfig, sockets: usize) -> Result<Self> {
        match sockets {
            0 => Server::reserve(config),
            1 => {
                let config = config.fit(cores())?;
                os::inherited()
                    .and_then(|listener| Server::over(listener, config))
                    .map_err(|error| cannot_inherit(&error))
            }
            several => Err(Error::from(format!(
                "expected one socket from whoever has started the program, found {several}; have one \
                 `ListenStream=` in the .socket unit"
            ))),
        }
    }

    /// The address it listens on, with the real port.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Starts the workers and serves `app` with them.
    ///
    /// # Errors
    ///
    /// The application's start-up report, or that threads can't be started.
    pub fn start(self, app: impl IntoService) -> Result<Running> {
        let service = app.into_service()?;
        os::raise_descriptor_limit();
        let workers = self.config.workers;
        let shared = share(self.config, service, self.listener, workers, driver::drive)?;
        if let Err(error) = shared.listener.open() {
            // Another program has been faster since the address was taken.
            shared.service.stop();
            return Err(cannot_listen(self.addr, &error));
        }
        shared.listener.start(&shared.groups[0].poller)?;
        let watched = shared.clone();
        let clock = std::thread::Builder::new()
            .name("clock".to_owned())
            .spawn(move || deadlines::watch(watched))?;
        for permit in 0..shared.permits.len() {
            shared.start_driver(permit);
        }
        Ok(Running::new(shared, clock, self.addr))
    }
}

/// Serves until the process is asked to end. `announce` is told where it listens.
///
/// # Errors
///
/// Threads can't be started, or the grace period was too short.
pub(crate) fn serve(
    server: Server,
    service: Service,
    announce: impl FnOnce(SocketAddr),
) -> Result<()> {
    let running = Arc::new(server.start(service)?);
    signals::stop_on_signal(&running)?;
    announce(running.addr());
    let (joined, log) = running.join_saying(Some("stopped"));
    leaving::end(joined, log)
}

/// How many threads can run at a time.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(2, NonZeroUsize::get)
}

/// Makes what all threads share, and what works beside them.
fn share(
    config: ServerConfig,
    service: Service,
    listener: TcpListener,
    workers: usize,
    drive: Drive,
) -> Result<Arc<Shared>> {
    let pool = start_pool(workers)?;
    let aside = Aside::start(config.access_log)?;
    let groups = groups(config.groups)?;
    // What the program does at its start comes last of what may fail, as nobody would undo it.
    service.start()?;
    let listener = Listener::new(listener);
    let shared = Shared::new(config, service, listener, groups, pool, aside, drive);
    Ok(Arc::new(shared))
}

fn groups(count: usize) -> io::Result<Vec<Group>> {
    let group = || {
        Ok(Group {
            poller: Poller::new()?,
            open: AtomicUsize::new(0),
        })
    };
    std::iter::repeat_with(group).take(count).collect()
}

/// Starts the threads. `threadpool` panics where one can't be started; that becomes an error.
fn start_pool(workers: usize) -> Result<ThreadPool> {
    let start = move || {
        threadpool::Builder::new()
            .num_threads(workers)
            .thread_name("worker".to_owned())
            .build()
    };
    catch_unwind(start).map_err(|_| {
        Error::from(format!(
            "{workers} threads can't be started; choose fewer with --server.workers, or raise the \
             limit (ulimit -u)"
        ))
    })
}
