//! The places in which connections live.
//!
//! Slots come in chunks that are made when they are first needed and never move or go away while
//! the server lives. An event names its slot by index, so a stale one finds a slot that exists, and
//! at worst runs it once too often: no generations, no use after free.
//!
//! What is in a slot is reached only through [`Owned`], of which there is at most one for each slot:
//! the runner's, or the free list's.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::net::TcpStream;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::clock::Deadline;
use super::connection::Connection;
use super::state::{ConnectionState, Hangup, LetGo};

/// Slots of one chunk.
const CHUNK: usize = 64;

/// One place for a connection.
pub(super) struct Slot {
    state: ConnectionState,
    /// A stored [`Deadline`]. Read by the clock without owning the slot, which then claims it and
    /// looks again.
    deadline: AtomicU64,
    /// Who its client is, for whoever doesn't own the slot.
    client: Mutex<Option<Client>>,
    connection: UnsafeCell<Connection>,
}

/// The client of a connection.
struct Client {
    serial: u64,
    socket: Arc<TcpStream>,
}

// SAFETY: `state` and `deadline` are atomics, `client` has a lock. `connection` is reached only through `Owned`, whose
// holder has exclusive access by the state word; its transitions synchronise (Release when it is let
// go, Acquire when it is claimed). A `Connection` may be used by one thread after the other, which
// the bound below makes sure of.
unsafe impl Sync for Slot where Connection: Send {}

impl Slot {
    fn new() -> Self {
        Slot {
            state: ConnectionState::owned(),
            deadline: AtomicU64::new(0),
            client: Mutex::new(None),
            connection: UnsafeCell::new(Connection::default()),
        }
    }

    /// Something happened to this connection; `Some` makes the caller its runner.
    pub(super) fn event(&self, hangup: Hangup) -> Option<Owned<'_>> {
        self.state.event(hangup).then_some(Owned { slot: self })
    }

    /// Takes the connection if nobody runs it.
    pub(super) fn claim(&self) -> Option<Owned<'_>> {
        self.state.claim().then_some(Owned { slot: self })
    }

    /// The socket of this connection, if it is still the one in this slot.
    pub(super) fn socket_of(&self, serial: u64) -> Option<Arc<TcpStream>> {
        let client = self.client();
        let client = client.as_ref().filter(|client| client.serial == serial)?;
        Some(client.socket.clone())
    }

    fn client(&self) -> MutexGuard<'_, Option<Client>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The deadline, if there is one.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        Deadline::from_stored(self.deadline.load(Ordering::Relaxed))
    }
}

/// Exclusive access to the connection in a slot.
pub(super) struct Owned<'s> {
    slot: &'s Slot,
}

impl<'s> Owned<'s> {
    /// Sets the deadline; `None` is never.
    pub(super) fn set_deadline(&self, deadline: Option<Deadline>) {
        let stored = Deadline::to_stored(deadline);
        self.slot.deadline.store(stored, Ordering::Relaxed);
    }

    /// The deadline, if there is one.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.slot.deadline()
    }

    /// Puts a connection in.
    pub(super) fn open(&mut self, connection: Connection) {
        *self.slot.client() = connection.socket.as_ref().map(|socket| Client {
            serial: connection.id.serial,
            socket: socket.clone(),
        });
        **self = connection;
    }

    /// Takes the socket away, and with it all that others know of the connection.
    pub(super) fn take_socket(&mut self) -> Option<Arc<TcpStream>> {
        *self.slot.client() = None;
        self.socket.take()
    }

    /// The slot itself.
    pub(super) fn slot(&self) -> &'s Slot {
        self.slot
    }

    /// Keeps the connection, to go on with it by [`Ticket::reclaim`].
    pub(super) fn keep(self, index: usize) -> Ticket {
        let slot = std::ptr::from_ref(self.slot).addr();
        Ticket { index, slot }
    }

    /// Gives the connection up, unless something happened to it meanwhile.
    pub(super) fn let_go(self) -> Result<(), (Owned<'s>, Hangup)> {
        match self.slot.state.let_go() {
            LetGo::Released => Ok(()),
            LetGo::Again(hangup) => Err((self, hangup)),
        }
    }
}

impl Deref for Owned<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        // SAFETY: this `Owned` is the only one of its slot: it is made by a transition of the state
        // word to RUN, or taken from the free list, and ends when the word leaves RUN or the slot
        // goes back to the list. The borrow of `self` keeps it from ending, and from `deref_mut`.
        unsafe { &*self.slot.connection.get() }
    }
}

impl DerefMut for Owned<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        // SAFETY: as in `deref`; `&mut self` excludes every other borrow.
        unsafe { &mut *self.slot.connection.get() }
    }
}

/// Ownership of a slot that is kept elsewhere than on a stack. There is one at most for each slot, for
/// it is made of an [`Owned`] and can't be copied.
#[derive(Debug)]
pub(super) struct Ticket {
    index: usize,
    /// Its address, only ever compared.
    slot: usize,
}

impl Ticket {
    /// The slot that it is for.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Goes on with the connection in this slot, which must be the one that the ticket is for.
    pub(super) fn reclaim(self, slot: &Slot) -> Owned<'_> {
        assert!(
            std::ptr::from_ref(slot).addr() == self.slot,
            "a ticket is for one slot"
        );
        Owned { slot }
    }
}

/// All slots of a server.
pub(super) struct Slab {
    chunks: Box<[OnceLock<Box<[Slot]>>]>,
    free: Mutex<Free>,
    limit: usize,
    open: AtomicUsize,
    /// Connections that there have been.
    serial: AtomicU64,
}

/// The free list: indices whose slots are in RUN and whose `Owned` is this list's.
struct Free {
    given_back: Vec<usize>,
    /// Slots from here on have never been used.
    untouched: usize,
}

impl Slab {
    /// Places for at most `limit` connections.
    pub(super) fn new(limit: usize) -> Self {
        Slab {
            chunks: (0..limit.div_ceil(CHUNK))
                .map(|_| OnceLock::new())
                .collect(),
            free: Mutex::new(Free {
                given_back: Vec::new(),
                untouched: 0,
            }),
            limit,
            open: AtomicUsize::new(0),
            serial: AtomicU64::new(0),
        }
    }

    /// A number that no connection has had.
    pub(super) fn next_serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed)
    }

    /// How many slots hold a connection.
    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// The slot with this index.
    pub(super) fn get(&self, index: usize) -> Option<&Slot> {
        self.chunks.get(index / CHUNK)?.get()?.get(index % CHUNK)
    }

    /// A free slot, or `None` when all are taken.
    pub(super) fn take(&self) -> Option<(usize, Owned<'_>)> {
        let index = {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            match free.given_back.pop() {
                Some(index) => index,
                None if free.untouched < self.limit => {
                    free.untouched += 1;
                    free.untouched - 1
                }
                None => return None,
            }
        };
        let chunk = self.chunks[index / CHUNK]
            .get_or_init(|| std::iter::repeat_with(Slot::new).take(CHUNK).collect());
        self.open.fetch_add(1, Ordering::AcqRel);
        Some((
            index,
            Owned {
                slot: &chunk[index % CHUNK],
            },
        ))
    }

    /// Puts a slot back whose connection has been closed.
    pub(super) fn give(&self, index: usize, owned: Owned<'_>) {
        let place = self.get(index);
        assert!(
            place.is_some_and(|place| std::ptr::eq(place, owned.slot)),
            "a slot goes back to its own place"
        );
        owned.set_deadline(None);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.given_back.push(index);
        drop(free);
        self.open.fetch_sub(1, Ordering::AcqRel);
    }

    /// The slots that have ever been used, with their indices.
    pub(super) fn used(&self) -> impl Iterator<Item = (usize, &Slot)> {
        self.chunks
            .iter()
            .map_while(OnceLock::get)
            .flat_map(|chunk| chunk.iter())
            .enumerate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_used_again_and_limited() {
        let slab = Slab::new(2);
        let (first, owned) = slab.take().unwrap();
        let (second, _other) = slab.take().unwrap();
        assert_eq!((first, second), (0, 1));
        assert!(slab.take().is_none());
        assert_eq!(slab.open(), 2);
        slab.give(first, owned);
        assert_eq!(slab.take().unwrap().0, first);
    }

    #[test]
    fn a_free_slot_cannot_be_claimed() {
        let slab = Slab::new(1);
        let (index, owned) = slab.take().unwrap();
        assert!(slab.get(index).unwrap().claim().is_none());
        slab.give(index, owned);
        assert!(slab.get(index).unwrap().claim().is_none());
        assert!(slab.get(index).unwrap().event(Hangup::Seen).is_none());
        assert!(slab.get(CHUNK).is_none());
    }

    #[test]
    fn a_connection_is_let_go_and_claimed() {
        let slab = Slab::new(1);
        let (index, owned) = slab.take().unwrap();
        assert!(owned.let_go().is_ok());
        let slot = slab.get(index).unwrap();
        let owned = slot.event(Hangup::Unknown).unwrap();
        assert!(slot.event(Hangup::Seen).is_none());
        let (owned, hangup) = owned.let_go().err().unwrap();
        assert_eq!(hangup, Hangup::Seen);
        assert!(owned.let_go().is_ok());
        assert!(slot.claim().is_some());
    }
}
