//! Who runs the server should know when it turns requests away: at once, and then how often.
//!
//! Each limit is told about when it is reached, and not again for a while, however often it is. Knows
//! what is said, not why.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::clock::Tick;

/// How long a limit that was told about isn't told about again.
const SILENCE: Duration = Duration::from_secs(10);

/// Something that there is only so much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// Requests that wait for a worker.
    Queue,
    /// How long they wait.
    QueueTimeout,
    /// Connections.
    Connections,
    /// Memory for what is unfinished.
    Buffered,
}

const LIMITS: [Limit; 4] = [
    Limit::Queue,
    Limit::QueueTimeout,
    Limit::Connections,
    Limit::Buffered,
];

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Limit::Queue => {
                "server.queue is full, and every worker that may block does: raise server.workers"
            }
            Limit::QueueTimeout => {
                "server.queue_timeout has passed before a worker was free: raise server.workers"
            }
            Limit::Connections => "server.max_connections are open: raise it",
            Limit::Buffered => "server.max_buffered is in use: raise it",
        })
    }
}

/// How often each limit was reached, and when that was told.
#[derive(Debug, Default)]
pub(super) struct Overload(Mutex<[Reached; LIMITS.len()]>);

#[derive(Debug, Default)]
struct Reached {
    times: u64,
    silent_until: Option<Tick>,
}

impl Overload {
    /// A limit has been reached. `Some` is how often since that was last told, and it is to be told now.
    pub(super) fn reached(&self, limit: Limit, now: Tick) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reached = &mut all[limit as usize];
        reached.times += 1;
        reached.tell(now)
    }

    /// Of which limit there is something to be told that nobody has told yet.
    pub(super) fn untold(&self, now: Tick) -> impl Iterator<Item = (Limit, u64)> {
        LIMITS.into_iter().filter_map(move |limit| {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Some((limit, all[limit as usize].tell(now)?))
        })
    }
}

impl Reached {
    fn tell(&mut self, now: Tick) -> Option<u64> {
        let is_silent = self.silent_until.is_some_and(|until| !until.is_due(now));
        if self.times == 0 || is_silent {
            return None;
        }
        self.silent_until = Some(now.after(SILENCE));
        Some(std::mem::take(&mut self.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_about_now_and_then() {
        let overload = Overload::default();
        let now = Tick::exact();
        assert_eq!(overload.reached(Limit::Queue, now), Some(1));
        assert_eq!(overload.reached(Limit::Queue, now), None);
        assert_eq!(overload.reached(Limit::Connections, now), Some(1));
        assert_eq!(overload.untold(now).count(), 0);
        let later = now.after(SILENCE);
        assert_eq!(overload.reached(Limit::Queue, later), Some(2));
        assert_eq!(overload.reached(Limit::Queue, later), None);
        let last = later.after(SILENCE);
        let untold: Vec<_> = overload.untold(last).collect();
        assert_eq!(untold, [(Limit::Queue, 1)]);
        assert_eq!(overload.untold(last.after(SILENCE)).count(), 0);
    }
}
