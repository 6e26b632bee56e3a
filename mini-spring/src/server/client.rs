//! A connection as its client has it, for tests of programs that go over a socket: one request out, and the bytes that
//! come back.
//!
//! Knows nothing of HTTP: who has sent the request knows when its answer is whole.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How many bytes are taken at a time.
const PIECE: usize = 32 * 1024;

/// How long a server may take nothing of a request.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection on which a request has been sent. Dropped early, its client has gone.
#[derive(Debug)]
pub(crate) struct Client {
    stream: TcpStream,
}

impl Client {
    /// Connects and sends a request, or as much of it as the server takes: one that refuses a body answers before
    /// all of it is there.
    ///
    /// # Errors
    ///
    /// Nobody listens there.
    pub(crate) fn send(server: SocketAddr, request: &[u8]) -> Result<Self, String> {
        let connect = || {
            let stream = TcpStream::connect(server)?;
            stream.set_nodelay(true)?;
            stream.set_write_timeout(Some(PATIENCE))?;
            Ok(stream)
        };
        let stream: io::Result<_> = connect();
        let mut stream = stream.map_err(|error| format!("can't connect to {server}: {error}"))?;
        // What went wrong shows in the answer, or in that there is none.
        let _ = stream.write_all(request);
        Ok(Client { stream })
    }

    /// The next bytes; `None` is the end of the connection.
    ///
    /// # Errors
    ///
    /// Nothing has come for so long, or the connection is broken.
    pub(crate) fn more(&mut self, patience: Duration) -> Result<Option<Vec<u8>>, String> {
        let end = Instant::now() + patience;
        let mut piece = vec![0; PIECE];
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(format!("nothing has come for {patience:?}"));
            }
            let read = self.stream.set_read_timeout(Some(left));
            match read.and_then(|()| self.stream.read(&mut piece)) {
                Ok(0) => return Ok(None),
                Ok(length) => {
                    piece.truncate(length);
                    return Ok(Some(piece));
                }
                Err(error) if is_passing(error.kind()) => {}
                Err(error) => return Err(format!("the connection is broken: {error}")),
            }
        }
    }
}

/// Whether the time or a signal has ended a call.
fn is_passing(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

impl Drop for Client {
    fn drop(&mut self) {
        // Whoever is writing to it learns of it at once.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}
