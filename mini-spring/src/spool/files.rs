//! The files of this process that are there as long as their values.
//!
//! The process may end while somebody who never returns holds such a value. So whoever ends it removes what is
//! left by then. Knows paths alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static FILES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn files() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file is known while this is there.
#[derive(Debug)]
pub(super) struct Known(PathBuf);

impl Known {
    pub(super) fn new(path: &Path) -> Self {
        files().insert(path.to_owned());
        Known(path.to_owned())
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        files().remove(&self.0);
    }
}

/// Removes all that are left. Their values don't notice.
pub(crate) fn remove_all() {
    // Not under the lock: a disk may take its time.
    let left = std::mem::take(&mut *files());
    for path in left {
        // One that can't be removed stays, or has just been given its name.
        let _ = std::fs::remove_file(path);
    }
}
