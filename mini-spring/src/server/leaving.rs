//! The end of a process in which something is stuck: a handler that holds files, or a log that takes nothing.

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

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
