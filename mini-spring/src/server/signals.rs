//! Ctrl-C and SIGTERM: the first stops the server in order, the second ends the process at once.

use std::io;
use std::sync::{Arc, Weak};

use log::Level;

use super::Running;
use super::leaving::leave_no_files;

/// The shell's convention for a process that a signal has ended; this plus the signal.
const ENDED: i32 = 128;

/// Stops `server` when the process is asked to end.
///
/// # Errors
///
/// The handlers can't be installed.
#[cfg(unix)]
pub(super) fn stop_on_signal(server: &Arc<Running>) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    let mut stop = stopper(server);
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || signals.forever().for_each(|signal| stop(ENDED + signal)))?;
    Ok(())
}

/// Stops `server` on Ctrl-C.
///
/// # Errors
///
/// The handler can't be installed.
#[cfg(windows)]
pub(super) fn stop_on_signal(server: &Arc<Running>) -> io::Result<()> {
    const SIGINT: i32 = 2;

    let mut stop = stopper(server);
    ctrlc::set_handler(move || stop(ENDED + SIGINT)).map_err(io::Error::other)
}

/// What is done each time, with the exit code of a process that doesn't wait for the end.
fn stopper(server: &Arc<Running>) -> impl FnMut(i32) + Send + 'static {
    let server: Weak<Running> = Arc::downgrade(server);
    let mut asked = false;
    move |code| {
        match server.upgrade() {
            Some(server) if !asked => server.shutdown(),
            server => {
                if let Some(server) = server {
                    server.say_now(
                        Level::Warn,
                        format_args!("asked to stop again: ending at once"),
                    );
                }
                leave_no_files();
                std::process::exit(code);
            }
        }
        asked = true;
    }
}
