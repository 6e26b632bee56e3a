//! Time, as the server needs it: coarse, cheap, and small enough to be stored in every slot.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::os::{coarse_milliseconds, exact_milliseconds};

/// A moment: milliseconds of a clock that never goes back. It wraps every 49 days, so moments are
/// compared by their distance, which must be under 24 days; the configuration sees to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tick(u32);

impl Tick {
    /// The next moment that this clock will show, in truth: [`Now`] may be some milliseconds behind, so
    /// what is due so long after it can come too early.
    pub(super) fn exact() -> Tick {
        Tick(exact_milliseconds().wrapping_add(1))
    }

    /// The moment so much later; durations are rounded up to milliseconds.
    pub(super) fn after(self, delay: Duration) -> Tick {
        Tick(self.0.wrapping_add(milliseconds(delay)))
    }

    /// The moment so much earlier.
    pub(super) fn before(self, delay: Duration) -> Tick {
        Tick(self.0.wrapping_sub(milliseconds(delay)))
    }

    /// How long it is from `earlier` to this moment; zero if it isn't earlier.
    pub(super) fn since(self, earlier: Tick) -> Duration {
        let distance = self.0.wrapping_sub(earlier.0) as i32;
        Duration::from_millis(u64::try_from(distance).unwrap_or(0))
    }

    /// Whether this moment has come at `now`.
    pub(super) fn is_due(self, now: Tick) -> bool {
        now.0.wrapping_sub(self.0) as i32 >= 0
    }

    /// The earlier of two moments.
    pub(super) fn min(self, other: Tick) -> Tick {
        if self.is_due(other) { self } else { other }
    }
}

/// When a connection must have made progress, and whether it owes any: an idle one waits for the next
/// request, and may be closed without losing anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deadline {
    pub(super) at: Tick,
    pub(super) is_idle: bool,
}

const PRESENT: u64 = 1 << 32;
const IDLE: u64 = 1 << 33;

impl Deadline {
    /// Of a connection that waits for its next request.
    pub(super) fn idle(at: Tick) -> Self {
        Deadline { at, is_idle: true }
    }

    /// Of a connection that is in the middle of something.
    pub(super) fn busy(at: Tick) -> Self {
        Deadline { at, is_idle: false }
    }

    /// As a number; 0 is none.
    pub(super) fn to_stored(deadline: Option<Self>) -> u64 {
        match deadline {
            Some(Deadline { at, is_idle: true }) => PRESENT | IDLE | u64::from(at.0),
            Some(Deadline { at, is_idle: false }) => PRESENT | u64::from(at.0),
            None => 0,
        }
    }

    /// Back from [`Deadline::to_stored`].
    pub(super) fn from_stored(stored: u64) -> Option<Self> {
        (stored != 0).then_some(Deadline {
            // The lower half.
            at: Tick(stored as u32),
            is_idle: stored & IDLE != 0,
        })
    }
}

/// Rounded up, and at most what can be compared.
fn milliseconds(delay: Duration) -> u32 {
    let seconds = delay.as_secs().min(u64::from(u32::MAX));
    let rest = delay.subsec_nanos().div_ceil(1_000_000);
    // No overflow: the seconds have 32 bits.
    (seconds * 1000 + u64::from(rest)).min(i32::MAX as u64) as u32
}

/// What time it is: for deadlines, and for the Date field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    pub(super) tick: Tick,
    /// Seconds of Unix time.
    pub(super) unix: u64,
    /// When `unix` is to be looked up again.
    next_second: Tick,
}

impl Now {
    /// What time it is now.
    pub(super) fn read() -> Self {
        let tick = Tick(coarse_milliseconds());
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default();
        let left = Duration::from_secs(1) - Duration::from_nanos(now.subsec_nanos().into());
        Now {
            tick,
            unix: now.as_secs(),
            next_second: tick.after(left),
        }
    }

    /// The same some time later: one cheap clock, and the other once a second.
    pub(super) fn refresh(&mut self) {
        self.tick = Tick(coarse_milliseconds());
        if self.next_second.is_due(self.tick) {
            *self = Now::read();
        }
    }
}

/// The least bytes a second that a client must send or take, once it has had [`GRACE`].
const RATE: u64 = 500;

/// How long a client may be slower than that.
const GRACE: Duration = Duration::from_secs(10);

/// By when there must be progress: a timeout that starts anew with each step forward, and only then,
/// whatever else wakes the connection up. One byte now and then is no progress: from the first wait
/// on, the bytes must also keep up with a rate.
#[derive(Debug, Default)]
pub(super) struct Due {
    next: Option<Tick>,
    /// When waiting began.
    since: Option<Tick>,
    /// The bytes that have moved since then.
    bytes: u64,
}

impl Due {
    /// So many bytes have moved.
    #[inline]
    pub(super) fn progressed(&mut self, bytes: usize) {
        self.next = None;
        self.bytes += bytes as u64;
    }

    /// Nothing is waited for any more.
    #[inline]
    pub(super) fn reset(&mut self) {
        *self = Due::default();
    }

    /// When the next step must have come.
    pub(super) fn at(&mut self, now: Tick, timeout: Duration) -> Tick {
        if self.since.is_none() {
            (self.since, self.bytes) = (Some(now), 0);
        }
        let next = *self.next.get_or_insert(now.after(timeout));
        let earned = Duration::from_millis(self.bytes * 1000 / RATE);
        let begun = self.since.unwrap_or(now);
        next.min(begun.after(GRACE + earned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_wrap() {
        let early = Tick(u32::MAX - 10);
        let late = early.after(Duration::from_millis(20));
        assert_eq!(late, Tick(9));
        assert!(early.is_due(late));
        assert!(!late.is_due(early));
        assert!(late.is_due(late));
        assert_eq!(early.min(late), early);
        assert_eq!(late.min(early), early);
        assert_eq!(late.since(early), Duration::from_millis(20));
        assert_eq!(early.since(late), Duration::ZERO);
        assert_eq!(late.before(Duration::from_millis(20)), early);
    }

    #[test]
    fn durations_are_rounded_up() {
        assert_eq!(Tick(5).after(Duration::from_nanos(1)), Tick(6));
        assert_eq!(Tick(5).after(Duration::ZERO), Tick(5));
    }

    #[test]
    fn only_progress_moves_what_is_due() {
        let second = Duration::from_secs(1);
        let mut due = Due::default();
        assert_eq!(due.at(Tick(5), second), Tick(1005));
        assert_eq!(due.at(Tick(500), second), Tick(1005));
        due.progressed(1);
        assert_eq!(due.at(Tick(700), second), Tick(1700));
        due.reset();
        assert_eq!(due.at(Tick(900), second), Tick(1900));
    }

    #[test]
    fn single_bytes_gain_no_time() {
        let timeout = Duration::from_secs(30);
        let mut due = Due::default();
        // What came before the first wait earns nothing.
        due.progressed(1 << 20);
        assert_eq!(due.at(Tick(0), timeout), Tick(10_000));
        due.progressed(1);
        assert_eq!(due.at(Tick(9_000), timeout), Tick(10_002));
        due.progressed(5_000);
        assert_eq!(due.at(Tick(9_500), timeout), Tick(20_002));
        due.progressed(1 << 30);
        assert_eq!(due.at(Tick(9_600), timeout), Tick(39_600));
    }

    #[test]
    fn deadlines_are_stored() {
        for deadline in [
            None,
            Some(Deadline::idle(Tick(0))),
            Some(Deadline::busy(Tick(0))),
            Some(Deadline::busy(Tick(u32::MAX))),
        ] {
            let stored = Deadline::to_stored(deadline);
            assert_eq!(Deadline::from_stored(stored), deadline);
        }
        assert_eq!(Deadline::to_stored(None), 0);
    }
}
