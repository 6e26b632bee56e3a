//! What was done, counted by all threads, and what went wrong first.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) requests: AtomicU64,
    pub(crate) connections: AtomicU64,
    wrong: Mutex<Option<String>>,
    is_over: AtomicBool,
}

impl Ledger {
    pub(crate) fn add(count: &AtomicU64) {
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// Keeps what went wrong first, and ends all.
    pub(crate) fn fail(&self, message: String) {
        let mut wrong = self
            .wrong
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        wrong.get_or_insert(message);
        self.end();
    }

    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    pub(crate) fn verdict(&self) -> Result<(), String> {
        let mut wrong = self
            .wrong
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        wrong.take().map_or(Ok(()), Err)
    }
}
