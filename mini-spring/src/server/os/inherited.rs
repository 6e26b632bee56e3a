//! The listening socket that this process was started with (sd_listen_fds(3)).
//!
//! Whether there is one the caller knows; which descriptor it is, the protocol says.
#![allow(unsafe_code)]

use std::io::{self, ErrorKind};
use std::net::TcpListener;
use std::os::fd::{FromRawFd, RawFd};
use std::sync::atomic::{AtomicBool, Ordering};

/// The first descriptor behind standard input, output and error (SD_LISTEN_FDS_START).
const FIRST: RawFd = 3;

static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// Takes that socket. Programs that this one starts won't have it.
///
/// # Errors
///
/// It has been taken before, or there is none after all.
pub(in crate::server) fn inherited() -> io::Result<TcpListener> {
    if IS_TAKEN.swap(true, Ordering::Relaxed) {
        return Err(io::Error::new(
            ErrorKind::NotFound,
            "one that is in use already",
        ));
    }
    // SAFETY: the call takes numbers only, and fails where no descriptor has this one.
    if unsafe { libc::fcntl(FIRST, libc::F_SETFD, libc::FD_CLOEXEC) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is open. Whoever started this process has left it to it alone, as the caller knows, and the
    // switch above lets nobody take it twice.
    Ok(unsafe { TcpListener::from_raw_fd(FIRST) })
}
