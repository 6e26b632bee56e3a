//! Something that its user uses for as long as its owner lets it, and that whoever has it last puts away.
//!
//! The owner says that it is over and then looks whether it is in use; the user stops using it and then looks
//! whether it is over. With a full fence between the two on either side, at least one of them puts it away. Knows
//! nothing of what it is. Checked with loom.

use std::sync::{PoisonError, TryLockError};

use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering, fence};

/// Something that is lent until its owner wants it back.
#[derive(Debug)]
pub(super) struct Lent<T> {
    item: Mutex<T>,
    over: AtomicBool,
}

impl<T> Lent<T> {
    pub(super) fn new(item: T) -> Self {
        Lent {
            item: Mutex::new(item),
            over: AtomicBool::new(false),
        }
    }

    /// Its user uses it, and puts it away if it was the last time. `None`: it is over.
    pub(super) fn using<R>(
        &self,
        act: impl FnOnce(&mut T) -> R,
        put_away: impl FnOnce(&mut T),
    ) -> Option<R> {
        let mut item = self.item.lock().unwrap_or_else(PoisonError::into_inner);
        let result = (!self.is_over()).then(|| act(&mut item));
        drop(item);
        // The owner may have found it in use.
        self.put_away_if_over(put_away);
        result
    }

    /// From here on nobody uses it: who does even now is the last.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// Whether that is so.
    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Puts it away if it is over, unless somebody uses it even now: that one does it then.
    pub(super) fn put_away_if_over(&self, put_away: impl FnOnce(&mut T)) {
        fence(Ordering::SeqCst);
        if !self.is_over() {
            return;
        }
        if let Some(mut item) = self.unused() {
            put_away(&mut item);
        }
    }

    /// The thing itself, while nobody uses it.
    pub(super) fn unused(&self) -> Option<MutexGuard<'_, T>> {
        match self.item.try_lock() {
            Ok(item) => Some(item),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    /// A body as the model sees it.
    #[derive(Default)]
    struct Body {
        reads: u32,
        is_away: bool,
    }

    fn put_away(body: &mut Body) {
        body.is_away = true;
    }

    fn read(lent: &Lent<Body>) {
        let act = |body: &mut Body| {
            assert!(!body.is_away);
            body.reads += 1;
        };
        lent.using(act, put_away);
    }

    fn check(readers: usize, reads: usize) {
        let mut model = loom::model::Builder::new();
        // All of it would take long, and shows no more.
        model.preemption_bound = Some(3);
        model.check(move || {
            let lent = Arc::new(Lent::new(Body::default()));
            let readers: Vec<_> = (0..readers)
                .map(|_| {
                    let lent = lent.clone();
                    thread::spawn(move || (0..reads).for_each(|_| read(&lent)))
                })
                .collect();
            lent.end();
            lent.put_away_if_over(put_away);
            let seen = lent.unused().map(|body| body.reads);
            readers
                .into_iter()
                .for_each(|reader| reader.join().unwrap());
            let body = lent.unused().unwrap();
            assert!(body.is_away, "nobody has put it away");
            // What the owner has taken back, nobody has used since.
            assert!(seen.is_none_or(|seen| seen == body.reads));
        });
    }

    #[test]
    fn what_is_taken_back_is_put_away() {
        check(1, 2);
    }

    /// The program may hand its reader to another thread.
    #[test]
    fn what_is_taken_back_from_two_is_put_away() {
        check(2, 1);
    }
}
