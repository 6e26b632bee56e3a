//! `100 Continue` for a body that is read while it arrives (RFC 9110, section 15.2.1).
//!
//! Its reader sends it before it waits for the first bytes. The client may take its time to make room
//! for it, and meanwhile the server may answer: so both do it under one lock, and nothing of it comes
//! behind the answer. Nobody waits under the lock. Knows nothing of the body.

use std::io::{self, ErrorKind};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::http::encode::CONTINUE;
use crate::server::os::{self, Behind};

/// What is to be sent of `100 Continue`, if anything.
#[derive(Debug)]
pub(super) struct Interim(Mutex<Option<Unsent>>);

#[derive(Debug)]
struct Unsent {
    socket: Arc<TcpStream>,
    left: &'static [u8],
}

/// Whether the client has been told to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invited {
    /// There is nothing left to send.
    Yes,
    /// The socket takes no more for now.
    NotYet,
}

impl Interim {
    /// Nothing to send.
    pub(super) fn none() -> Self {
        Interim(Mutex::new(None))
    }

    /// For a client that waits for it.
    pub(super) fn expected(socket: Arc<TcpStream>) -> Self {
        let left = CONTINUE;
        Interim(Mutex::new(Some(Unsent { socket, left })))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Unsent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends as much of it as the socket takes.
    pub(super) fn send(&self) -> io::Result<Invited> {
        let mut unsent = self.lock();
        while let Some(Unsent { socket, left }) = &mut *unsent {
            match os::send(socket, left, Behind::Nothing) {
                Ok(length) if length == left.len() => *unsent = None,
                Ok(length) => *left = &left[length..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Ok(Invited::NotYet);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Invited::Yes)
    }

    /// No more of it is sent. Where some of it was, no answer can follow: the client would take it
    /// for the rest.
    pub(super) fn end(&self) {
        if let Some(Unsent { socket, left }) = self.lock().take()
            && left.len() < CONTINUE.len()
        {
            // It may be closed already, which is as good.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}
