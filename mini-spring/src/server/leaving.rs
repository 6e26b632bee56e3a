//! The end of a process in which something is stuck: a handler that holds files, or a log that takes nothing.

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use super::aside::Flushed;
use crate::error::Result;
use crate::spool;

/// How long a disk is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Removes the temporary files that nobody else will, as what holds them is never dropped. A disk that
/// is stuck keeps its files.
pub(super) fn leave_no_files() {
    let (done, is_done) = sync_channel(1);
    let leaving = thread::Builder::new().name("leaving".to_owned());
    let started = leaving.spawn(move || {
        spool::remove_all();
        // Whoever waited may have given up.
        let _ = done.try_send(());
    });
    match started {
        Ok(_) => drop(is_done.recv_timeout(PATIENCE)),
        Err(_) => spool::remove_all(),
    }
}

/// Ends a process whose server has ended like this. Where it didn't end in order, something is stuck.
pub(super) fn end(joined: Result<()>, log: Flushed) -> Result<()> {
    if joined.is_err() {
        leave_no_files();
        if log == Flushed::Stuck {
            // Whoever gets the error tells it to the same log, as `main` does, and would never end.
            std::process::exit(1);
        }
    }
    joined
}
