//! What all threads of one server share.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use log::Level;
use threadpool::ThreadPool;

use super::aside::Aside;
use super::attention::Attention;
use super::clock::{Tick, Ticks};
use super::exchange::Exchange;
use super::gate::{Gate, Passed, PermitId};
use super::heat::Heat;
use super::life::Life;
use super::listener::Listener;
use super::os::{self, ThreadWatch};
use super::overload::Overload;
use super::permit::PermitWord;
use super::poller::{Poll, Poller};
use super::running::RunningCalls;
use super::slot::{Slab, Ticket};
use crate::config::ServerConfig;
use crate::http::Forwarding;
use crate::request::{Clients, ConnectionId};
use crate::service::Service;
use crate::spool::Storage;
use crate::unwind::caught;

/// A server, as its threads see it.
pub(super) struct Shared {
    pub(super) config: ServerConfig,
    pub(super) service: Service,
    /// Whom requests believe about where they come from, if anybody.
    forwarding: Option<Arc<Forwarding>>,
    /// `server.body_buffer` and `server.temp_dir`, as requests know them.
    storage: Arc<Storage>,
    /// Before the connections and the listener, so that they are dropped in this order.
    pub(super) groups: Vec<Group>,
    pub(super) slab: Slab,
    pub(super) permits: Vec<Permit>,
    pub(super) gate: Gate<Waiting>,
    pub(super) heat: Heat,
    pub(super) running: RunningCalls,
    pub(super) attention: Attention,
    pub(super) overload: Overload,
    /// Workers that the pool has got since it started.
    grown: AtomicUsize,
    pub(super) listener: Listener,
    pub(super) aside: Aside,
    /// Bytes that parked connections hold, of `server.max_buffered`.
    pub(super) buffered: AtomicUsize,
    /// `server.idle_timeout`, which each run needs.
    pub(super) idle_timeout: Ticks,
    pub(super) life: Life,
    pub(super) pool: ThreadPool,
    /// The job of a worker.
    drive: Drive,
    stopping: AtomicBool,
}

/// Where bodies are kept that are large.
pub(super) fn storage(config: &ServerConfig) -> Arc<Storage> {
    Arc::new(Storage {
        memory: config.body_buffer,
        directory: config.temp_dir.clone(),
    })
}

/// What a worker does with a permit.
pub(super) type Drive = fn(Arc<Shared>, PermitId);

/// Connections that are polled together.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) poller: Poller,
    pub(super) open: AtomicUsize,
}

/// A permit: the word, what its holder is answering, and who that is.
#[derive(Debug)]
pub(super) struct Permit {
    pub(super) word: PermitWord,
    pub(super) target: AtomicUsize,
    /// The holder's thread, or that of the last one.
    holder: Mutex<ThreadWatch>,
}

/// A connection whose request waits for a worker.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) ticket: Ticket,
    pub(super) since: Tick,
}

impl Shared {
    pub(super) fn new(
        config: ServerConfig,
        service: Service,
        listener: Listener,
        groups: Vec<Group>,
        pool: ThreadPool,
        aside: Aside,
        drive: Drive,
    ) -> Self {
        let permits = config.permits(super::cores());
        let handlers = service.targets();
        let is_known = |target: usize| match target.checked_sub(handlers) {
            None => service.blocks(target),
            Some(of_body) => service.is_said_to_block(of_body),
        };
        Shared {
            forwarding: config.forwarding(),
            slab: Slab::new(config.max_connections),
            permits: std::iter::repeat_with(Permit::new).take(permits).collect(),
            gate: Gate::new(pool.max_count(), permits, config.queue),
            heat: Heat::new(2 * handlers, is_known),
            running: RunningCalls::new(2 * handlers),
            attention: Attention::new(),
            overload: Overload::default(),
            grown: AtomicUsize::new(0),
            idle_timeout: Ticks::of(config.idle_timeout),
            life: Life::default(),
            buffered: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            storage: storage(&config),
            config,
            service,
            listener,
            groups,
            pool,
            aside,
            drive,
        }
    }

    /// An exchange that knows of no request.
    pub(super) fn exchange(self: &Arc<Self>) -> Box<Exchange> {
        // Weak: connections that are parked hold some of them.
        let clients: Weak<Self> = Arc::downgrade(self);
        let directory = self.service.directory().clone();
        let (storage, forwarding) = (self.storage.clone(), self.forwarding.clone());
        Exchange::new(directory, storage, clients, forwarding)
    }

    /// The target of the code that makes the body of this target's answers, which may block where the
    /// handler doesn't: the second half of all targets are those.
    pub(super) fn body_of(&self, target: usize) -> usize {
        self.service.targets() + target
    }

    /// Starts a worker that drives with this permit.
    pub(super) fn start_driver(self: &Arc<Self>, permit: PermitId) {
        let shared = self.clone();
        self.life.driver_starts();
        let drive = self.drive;
        self.pool.execute(move || drive(shared, permit));
    }

    /// Does what the gate says about a permit that was given away.
    pub(super) fn passed(self: &Arc<Self>, passed: Passed) {
        if let Passed::Start(permit) = passed {
            self.start_driver(permit);
        }
    }

    /// All workers are busy, and one of them has just been found stuck: the pool gets another one,
    /// within limits.
    pub(super) fn grow(self: &Arc<Self>) {
        let most = 4 * self.permits.len();
        if self.grown.load(Ordering::Relaxed) >= most {
            return;
        }
        let grown = self.grown.fetch_add(1, Ordering::Relaxed) + 1;
        let workers = self.config.workers + grown;
        let mut pool = self.pool.clone();
        // `threadpool` panics where a thread can't be started, and counts it all the same.
        if caught(|| pool.set_num_threads(workers)).is_err() {
            pool.set_num_threads(workers - 1);
            self.grown.fetch_sub(1, Ordering::Relaxed);
            let message = "all workers are busy, and no other thread can be started";
            self.aside.say(Level::Error, format_args!("{message}"));
            return;
        }
        let set = self.config.workers;
        self.aside.say(
            Level::Warn,
            format_args!(
                "all {set} workers are busy, so that nobody polls: {grown} more started; \
                 raise server.workers"
            ),
        );
        if let Some(permit) = self.gate.grow() {
            self.start_driver(permit);
        }
    }

    /// The group that a permit's holder polls.
    pub(super) fn group_of(&self, permit: PermitId) -> &Group {
        &self.groups[permit % self.groups.len()]
    }

    /// The group that gets the next connection: the one with the fewest.
    pub(super) fn emptiest_group(&self) -> usize {
        let open = |index: &usize| self.groups[*index].open.load(Ordering::Relaxed);
        (0..self.groups.len()).min_by_key(open).unwrap_or(0)
    }

    /// Whether the server stops: nobody can connect any more.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// The server stops, now that it accepts nobody any more.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.life.wake_clock();
    }

    /// Ends all drivers that wait, now and from now on.
    pub(super) fn wake_all(&self) {
        for group in &self.groups {
            if let Err(error) = group.poller.wake_all() {
                log::error!("the workers can't be woken up: {error}");
            }
        }
    }

    /// The routes whose handlers are running.
    pub(super) fn running(&self) -> Vec<String> {
        let inside = self
            .permits
            .iter()
            .filter(|permit| permit.is_in_user_code());
        let inside = inside.map(|permit| permit.target.load(Ordering::Relaxed));
        let all = self.running.targets().chain(inside);
        let handlers = self.service.targets();
        let mut targets: Vec<usize> = all.map(|target| target % handlers).collect();
        targets.sort_unstable();
        targets.dedup();
        let names = targets.into_iter();
        names
            .map(|target| self.service.route_name(target))
            .collect()
    }
}

impl Clients for Shared {
    fn is_gone(&self, connection: ConnectionId) -> bool {
        let slot = self.slab.get(connection.slot);
        match slot.and_then(|slot| slot.socket_of(connection.serial)) {
            Some(socket) => os::is_gone(&socket),
            None => true,
        }
    }
}

impl Permit {
    fn new() -> Self {
        Permit {
            word: PermitWord::new(),
            target: AtomicUsize::new(0),
            holder: Mutex::default(),
        }
    }

    /// This thread holds it from here on.
    pub(super) fn is_held_by(&self, thread: &ThreadWatch) {
        *self.holder.lock().unwrap_or_else(PoisonError::into_inner) = thread.clone();
    }

    /// Whose it is. What is found out about that thread is true of the holder only as long as the
    /// word stays what it is.
    pub(super) fn holder(&self) -> ThreadWatch {
        let holder = self.holder.lock();
        holder.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_in_user_code(&self) -> bool {
        self.word.look().in_user_code()
    }
}
