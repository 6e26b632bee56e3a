//! Ctrl-C and SIGTERM: the first stops the server in order, the second ends the process at once.

use std::io;
use std::sync::Arc;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::Running;

/// Stops `server` when the process is asked to end.
///
/// # Errors
///
/// The handlers can't be installed.
pub(super) fn stop_on_signal(server: &Arc<Running>) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let server = Arc::downgrade(server);
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let mut asked = false;
            for signal in signals.forever() {
                match server.upgrade() {
                    Some(server) if !asked => server.shutdown(),
                    _ => {
                        log::warn!("asked to stop again: ending at once");
                        // The shell's convention for a process that a signal has ended.
                        std::process::exit(128 + signal);
                    }
                }
                asked = true;
            }
        })?;
    Ok(())
}
