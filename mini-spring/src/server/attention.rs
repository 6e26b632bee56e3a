//! How the clock thread sleeps while nobody is inside user code, and is woken when somebody is.
//!
//! Who enters writes its permit's word and then looks whether the clock sleeps; the clock says that it
//! sleeps and then looks at the words once more. With a full fence between the two on either side, at
//! least one of them sees the other; Release and Acquire alone lose the wake-up. Knows neither words
//! nor threads. Checked with loom.

use crate::sync::{AtomicBool, Ordering, fence};

/// Whether the clock thread sleeps.
#[derive(Debug)]
pub(super) struct Attention {
    asleep: AtomicBool,
}

impl Attention {
    pub(super) fn new() -> Self {
        Attention {
            asleep: AtomicBool::new(false),
        }
    }

    /// After a word was written. True: the caller wakes the clock up.
    #[inline]
    pub(super) fn is_needed(&self) -> bool {
        fence(Ordering::SeqCst);
        self.asleep.load(Ordering::Relaxed) && self.asleep.swap(false, Ordering::Relaxed)
    }

    /// The clock wants to sleep: it looks at the words once more before it does.
    pub(super) fn doze(&self) {
        self.asleep.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
    }

    /// The clock is awake.
    pub(super) fn wake(&self) {
        self.asleep.store(false, Ordering::Relaxed);
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::server::permit::PermitWord;
    use loom::sync::Arc;
    use loom::thread;

    /// The clock never sleeps over somebody who is inside user code and has woken nobody.
    #[test]
    fn no_wake_up_is_lost() {
        loom::model(|| {
            let shared = Arc::new((PermitWord::new(), Attention::new()));
            let holder = {
                let shared = shared.clone();
                thread::spawn(move || {
                    let _inside = shared.0.enter();
                    shared.1.is_needed()
                })
            };
            let (word, attention) = &*shared;
            attention.doze();
            let sleeps = !word.look().in_user_code();
            let woken = holder.join().unwrap();
            assert!(!sleeps || woken);
        });
    }
}
