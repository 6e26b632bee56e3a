//! The right to poll, as one word for each permit.
//!
//! Few threads wait for events at a time; each of them holds a permit. While its holder is inside
//! user code, which may block, the permit can be taken away, by the holder itself (*step down*) or
//! by somebody who watches it, and handed to another thread. Which of them was first is decided by
//! compare-and-swap on this word, so a permit is neither lost nor doubled.
//!
//! The word is `epoch:32, n:32`. An even `n` means polling, an odd one user code; `n` grows with each
//! change, the epoch with each loss.
//!
//! | word | event | next |
//! |---|---|---|
//! | even | the holder enters user code | odd, by a plain store |
//! | odd | the holder leaves | even, by CAS; if that fails it has *lost* the permit |
//! | odd | the holder steps down | epoch + 1 and even, by CAS; if that fails it was taken already |
//! | odd | a watcher takes it | epoch + 1 and even, by CAS on the word it looked at |
//!
//! Knows no thread and no poller. Checked with loom.

use crate::sync::{AtomicU64, Ordering};

/// What a watcher saw of a permit's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look(u64);

impl Look {
    /// Whether the holder is inside user code.
    pub(super) fn in_user_code(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Proof that this thread went into user code with the permit in its hand.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub(super) struct Inside(u64);

/// Whether the holder still has the permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Kept,
    Lost,
}

/// The word of one permit.
#[derive(Debug)]
pub(super) struct PermitWord(AtomicU64);

impl PermitWord {
    pub(super) fn new() -> Self {
        PermitWord(AtomicU64::new(0))
    }

    /// The holder goes into user code. Only the holder may call this, and only while polling.
    pub(super) fn enter(&self) -> Inside {
        // While the word is even nobody else writes it: a plain store is enough. Release makes what
        // the holder stored before, its dispatch target, visible to whoever looks.
        let inside = next(self.0.load(Ordering::Relaxed));
        self.0.store(inside, Ordering::Release);
        Inside(inside)
    }

    /// The holder comes back from user code.
    pub(super) fn leave(&self, inside: Inside) -> Left {
        let left = self.0.compare_exchange(
            inside.0,
            next(inside.0),
            Ordering::AcqRel,
            Ordering::Relaxed,
        );
        match left {
            Ok(_) => Left::Kept,
            Err(_) => Left::Lost,
        }
    }

    /// What the word is now, for [`PermitWord::take`].
    pub(super) fn look(&self) -> Look {
        Look(self.0.load(Ordering::Acquire))
    }

    /// Takes the permit from a holder that has been inside user code since `look`. True: it is the
    /// caller's to pass on. False: the holder is not where it was, or somebody else was first.
    pub(super) fn take(&self, look: Look) -> bool {
        look.in_user_code()
            && self
                .0
                .compare_exchange(
                    look.0,
                    next_epoch(look.0),
                    Ordering::AcqRel,
                    Ordering::Relaxed,
                )
                .is_ok()
    }

    /// The holder gives the permit up while it is inside. True: it is the caller's to pass on.
    pub(super) fn step_down(&self, inside: &Inside) -> bool {
        self.take(Look(inside.0))
    }
}

/// The same epoch, `n + 1`; `n` wraps within its half of the word.
fn next(word: u64) -> u64 {
    let n = (word as u32).wrapping_add(1);
    word >> 32 << 32 | u64::from(n)
}

/// The next epoch, `n + 1`.
fn next_epoch(word: u64) -> u64 {
    next(word).wrapping_add(1 << 32)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn entering_and_leaving_keeps_the_permit() {
        let word = PermitWord::new();
        let inside = word.enter();
        assert!(word.look().in_user_code());
        assert_eq!(word.leave(inside), Left::Kept);
        assert!(!word.look().in_user_code());
    }

    #[test]
    fn only_a_holder_inside_can_lose_it() {
        let word = PermitWord::new();
        assert!(!word.take(word.look()));
        let inside = word.enter();
        let look = word.look();
        assert!(word.take(look));
        assert!(!word.take(look));
        assert!(!word.step_down(&inside));
        // The next holder starts out polling, and the old one learns that it has lost.
        assert!(!word.look().in_user_code());
        assert_eq!(word.leave(inside), Left::Lost);
    }

    #[test]
    fn an_old_look_takes_nothing() {
        let word = PermitWord::new();
        let inside = word.enter();
        let look = word.look();
        assert_eq!(word.leave(inside), Left::Kept);
        let inside = word.enter();
        assert!(!word.take(look));
        assert!(word.step_down(&inside));
    }

    #[test]
    fn the_count_wraps_without_touching_the_epoch() {
        assert_eq!(next(0x0000_0007_ffff_ffff), 0x0000_0007_0000_0000);
        assert_eq!(next_epoch(0x0000_0007_ffff_ffff), 0x0000_0008_0000_0000);
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use loom::sync::Arc;
    use loom::sync::atomic::{AtomicU32, Ordering};
    use loom::thread;

    /// However leaving, stepping down and taking interleave, exactly one thread has the permit.
    #[test]
    fn one_permit_stays_one() {
        loom::model(|| {
            let word = Arc::new(PermitWord::new());
            let watcher = {
                let word = word.clone();
                thread::spawn(move || u32::from(word.take(word.look())))
            };
            let inside = word.enter();
            let stepped_down = u32::from(word.step_down(&inside));
            let kept = u32::from(word.leave(inside) == Left::Kept);
            let taken = watcher.join().unwrap();
            assert_eq!(stepped_down + kept + taken, 1);
        });
    }

    /// A watcher that takes the permit sees what the holder stored before it went in.
    #[test]
    fn a_watcher_sees_the_dispatch_target() {
        loom::model(|| {
            let word = Arc::new((PermitWord::new(), AtomicU32::new(0)));
            let watcher = {
                let word = word.clone();
                thread::spawn(move || {
                    let look = word.0.look();
                    if look.in_user_code() {
                        assert_eq!(word.1.load(Ordering::Relaxed), 7);
                    }
                })
            };
            word.1.store(7, Ordering::Relaxed);
            let inside = word.0.enter();
            let _ = word.0.leave(inside);
            watcher.join().unwrap();
        });
    }
}
