//! What a rate limit knows of each client, in bounded memory.
//!
//! A client is kept as a hash of 128 bits with keys that nobody outside knows, so it has one size whatever it
//! is told apart by, and nobody can make two of them meet. Of each there is one number: the time at which it has all of its
//! requests again. A client whose time has come is as good as unknown, and forgotten when room is needed; if that isn't
//! enough, so are those whose time comes soonest.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::nanos::Nanos;
use governor::state::StateStore;

use super::Machine;

/// How many maps there are, each with a lock of its own.
const SHARDS: usize = 16;

/// The most clients of a map.
const MOST: usize = 65_536 / SHARDS;

/// A client.
pub(super) type Key = [u64; 2];

/// Makes keys of what clients are told apart by.
#[derive(Debug, Default)]
pub(super) struct Keys([RandomState; 2]);

impl Keys {
    pub(super) fn of(&self, value: &impl Hash) -> Key {
        self.0.each_ref().map(|state| state.hash_one(value))
    }

    /// Of IPv6 the part that a network has: a client takes any address in it.
    pub(super) fn of_address(&self, address: IpAddr) -> Key {
        match address.to_canonical() {
            IpAddr::V4(address) => self.of(&address.to_bits()),
            IpAddr::V6(address) => self.of(&(address.to_bits() >> 64)),
        }
    }
}

/// When clients have all of their requests again, since the limiter was made.
pub(super) struct Store {
    clock: Machine,
    start: Duration,
    shards: [Mutex<HashMap<Key, Nanos>>; SHARDS],
}

impl Store {
    pub(super) fn new(clock: Machine) -> Self {
        Store {
            clock,
            start: clock.now(),
            shards: Default::default(),
        }
    }

    fn now(&self) -> Nanos {
        (self.clock.now() - self.start).into()
    }
}

impl StateStore for Store {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let shard = &self.shards[key[0] as usize % SHARDS];
        // A panic in here leaves nothing half done.
        let mut clients = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clients.get(key).copied();
        let (outcome, until) = decide(known)?;
        if known.is_none() && clients.len() >= MOST {
            make_room(&mut clients, self.now());
        }
        clients.insert(*key, until);
        Ok(outcome)
    }
}

/// Forgets clients, a quarter of them at least, so that it costs little for each that comes.
fn make_room(clients: &mut HashMap<Key, Nanos>, now: Nanos) {
    clients.retain(|_, until| *until > now);
    if clients.len() <= MOST * 3 / 4 {
        return;
    }
    let mut times: Vec<Nanos> = clients.values().copied().collect();
    times.sort_unstable();
    let middle = times[times.len() / 2];
    let mut spare = clients.len() - MOST / 2;
    clients.retain(|_, until| {
        let is_forgotten = *until <= middle && spare > 0;
        spare -= usize::from(is_forgotten);
        !is_forgotten
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(nanos: u64) -> Nanos {
        nanos.into()
    }

    fn full(until: impl Fn(u64) -> u64) -> HashMap<Key, Nanos> {
        let clients = (0..MOST as u64).map(|index| ([index, 0], nanos(until(index))));
        clients.collect()
    }

    #[test]
    fn those_who_may_ask_again_are_forgotten_first() {
        let mut clients = full(|index| index);
        make_room(&mut clients, nanos(MOST as u64 - 10));
        assert_eq!(clients.len(), 9);
        assert!(
            clients
                .values()
                .all(|until| *until > nanos(MOST as u64 - 10))
        );
    }

    #[test]
    fn then_those_who_have_asked_least() {
        let mut clients = full(|index| index + 10);
        make_room(&mut clients, nanos(1));
        assert_eq!(clients.len(), MOST / 2);
        assert!(clients.contains_key(&[MOST as u64 - 1, 0]));
        assert!(!clients.contains_key(&[0, 0]));
    }

    #[test]
    fn there_is_room_also_where_all_are_the_same() {
        let mut clients = full(|_| 10);
        make_room(&mut clients, nanos(1));
        assert_eq!(clients.len(), MOST / 2);
    }

    #[test]
    fn memory_is_bounded() {
        let clock = Machine(std::time::Instant::now());
        let store = Store::new(clock);
        let later = u64::MAX / 2;
        for index in 0..4 * 65_536_u64 {
            let key = [index, index];
            let decide = |_| Ok::<_, ()>(((), nanos(later)));
            store.measure_and_replace(&key, decide).unwrap();
        }
        let kept = store.shards.iter().map(|shard| shard.lock().unwrap().len());
        assert!(kept.sum::<usize>() <= 65_536);
    }

    #[test]
    fn clients_are_networks() {
        let keys = Keys::default();
        let of = |address: &str| keys.of_address(address.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
    }
}
