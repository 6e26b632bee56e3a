//! Finds workers that are stuck in user code, and has others take their place.
//!
//! Each tick it looks at the permits' words, and at nothing else. One that is inside user code and
//! hasn't changed since the last look is a suspicion; then the kernel is asked what that thread does.
//! If it waits, its permit is passed on at once, and its target is heated. If it computes, or was
//! merely descheduled, its permit is passed on after a while, and the target is heated only if the
//! thread has really used its time: on a busy machine every thread is descheduled now and then. Where
//! the kernel says nothing about threads, the while is all there is.
//!
//! When nothing has happened for some ticks it asks to be left alone until somebody goes into user
//! code: an idle server uses no CPU. Knows no connection.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::gate::Passed;
use super::permit::Look;
use super::shared::{Permit, Shared};

/// So many ticks without anybody in user code, and the watchdog sleeps.
const QUIET: u32 = 50;

/// A thread that computes keeps its permit for so long.
const COMPUTES: Duration = Duration::from_millis(10);

/// A thread that has used so much CPU time meanwhile did compute.
const USED: Duration = Duration::from_millis(5);

/// What the watchdog remembers between its looks.
pub(super) struct Watchdog {
    shared: Arc<Shared>,
    seen: Vec<Seen>,
    quiet: u32,
}

/// What was last seen of a permit.
struct Seen {
    look: Look,
    /// When its thread was first seen computing, and how much CPU time it had used then.
    computing: Option<(Instant, Option<Duration>)>,
}

impl Watchdog {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let seen = shared.permits.iter().map(|permit| Seen {
            look: permit.word.look(),
            computing: None,
        });
        Watchdog {
            seen: seen.collect(),
            quiet: 0,
            shared,
        }
    }

    /// Looks at all permits. False: nothing goes on, and [`Attention`](super::attention::Attention)
    /// says when something does.
    pub(super) fn tick(&mut self) -> bool {
        if self.shared.config.watchdog_tick.is_zero() {
            return false;
        }
        self.shared.attention.wake();
        self.quiet = match self.look() {
            true => 0,
            false => self.quiet.saturating_add(1),
        };
        if self.quiet < QUIET {
            return true;
        }
        self.shared.attention.doze();
        let awake = self.look();
        if awake {
            self.shared.attention.wake();
            self.quiet = 0;
        }
        awake
    }

    /// Whether anything has happened since the last look.
    fn look(&mut self) -> bool {
        let shared = self.shared.clone();
        let mut happened = false;
        for (id, (permit, seen)) in shared.permits.iter().zip(&mut self.seen).enumerate() {
            let look = permit.word.look();
            happened |= look.in_user_code() || look != seen.look;
            if look != seen.look {
                *seen = Seen {
                    look,
                    computing: None,
                };
            } else if look.in_user_code() {
                rescue(&shared, id, seen);
            }
        }
        happened
    }
}

/// Takes the permit from a thread that hasn't moved since the last look, if it is stuck. What was found
/// out about the thread is true of its call only if the permit could be taken: else it has moved on
/// meanwhile, and was seen waiting for its next event.
fn rescue(shared: &Arc<Shared>, id: usize, seen: &mut Seen) {
    let permit = &shared.permits[id];
    let target = permit.target.load(Ordering::Relaxed);
    let Some(stuck) = is_stuck(permit, seen) else {
        return;
    };
    if !permit.word.take(seen.look) {
        return;
    }
    shared.running.begins(target);
    if stuck == Stuck::ByItself {
        shared.heat.blocked(target);
    }
    replace(shared, id);
}

/// Why a permit is taken.
#[derive(Debug, PartialEq, Eq)]
enum Stuck {
    /// The call waits, or computes for long.
    ByItself,
    /// The machine is busy with other things.
    ByOthers,
}

/// Whether this thread, which hasn't moved since the last look, holds its permit for too long.
fn is_stuck(permit: &Permit, seen: &mut Seen) -> Option<Stuck> {
    let holder = permit.holder();
    if holder.waits() {
        return Some(Stuck::ByItself);
    }
    let now = Instant::now();
    let (since, used) = *seen
        .computing
        .get_or_insert_with(|| (now, holder.cpu_time()));
    if now - since < COMPUTES {
        return None;
    }
    let more = holder
        .cpu_time()
        .zip(used)
        .map(|(now, then)| now.saturating_sub(then));
    match more {
        Some(more) if more < USED => Some(Stuck::ByOthers),
        // Also where nobody can tell: a route that is heated without a reason soon cools down, one
        // that blocks and isn't would keep all workers.
        _ => Some(Stuck::ByItself),
    }
}

/// Has another worker take the place of one that is stuck; if there is none, a new one.
fn replace(shared: &Arc<Shared>, permit: usize) {
    match shared.gate.pass_on(permit) {
        Passed::Start(permit) => shared.start_driver(permit),
        Passed::Waits => shared.grow(),
    }
}
