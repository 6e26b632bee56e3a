//! One line for each answer, written by a thread of its own.
//!
//! The lines are made after the answer has been sent and handed over through a bounded queue: a
//! terminal or a pipe that takes nothing stops the log, never the server. What doesn't fit is
//! counted, and the next line says how many are missing. Switched off, it costs one branch.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use crate::request::Request;

/// Lines that wait to be written.
const QUEUE: usize = 4096;

/// How long the end of the server waits for the log.
const PATIENCE: Duration = Duration::from_secs(1);

/// The target of the log records, for `RUST_LOG`.
pub(super) const TARGET: &str = "mini_spring::access";

/// What is said about one answer.
#[derive(Debug)]
pub(super) struct Line {
    peer: SocketAddr,
    /// `None` where the request could not be read.
    request: Option<(Method, String)>,
    status: StatusCode,
    length: Option<u64>,
    took: Duration,
}

impl Line {
    /// A request that was answered.
    pub(super) fn answered(
        request: &Request,
        status: StatusCode,
        length: Option<u64>,
        took: Duration,
    ) -> Self {
        let about = (request.method().clone(), request.target().to_owned());
        Line::new(request.peer(), Some(about), status, length, took)
    }

    /// Anything else: bytes that were no request, or not all of one.
    pub(super) fn new(
        peer: SocketAddr,
        request: Option<(Method, String)>,
        status: StatusCode,
        length: Option<u64>,
        took: Duration,
    ) -> Self {
        Line {
            peer,
            request,
            status,
            length,
            took,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.request {
            Some((method, target)) => write!(formatter, "{method} {target}")?,
            None => formatter.write_str("- -")?,
        }
        write!(formatter, " {}", self.status.as_u16())?;
        match self.length {
            Some(length) => write!(formatter, " {length}B")?,
            None => formatter.write_str(" -")?,
        }
        let micros = self.took.as_micros();
        write!(formatter, " {}.{:03}ms", micros / 1000, micros % 1000)?;
        write!(formatter, " {}", self.peer.ip())
    }
}

/// What a line will need: method and target, as far as they are known, and when it began.
pub(super) type Logged = (Option<(Method, String)>, Instant);

/// What waits in the queue.
#[derive(Debug)]
enum Entry {
    Line(Line),
    /// Everything before this has been written: says so.
    Flush(SyncSender<()>),
}

/// The way to the log, shared by all workers.
#[derive(Debug, Clone)]
pub(super) struct AccessLog {
    queue: SyncSender<Entry>,
    missing: Arc<AtomicU64>,
}

impl AccessLog {
    /// Starts the thread that writes.
    ///
    /// # Errors
    ///
    /// The thread can't be started.
    pub(super) fn start() -> std::io::Result<Self> {
        let (queue, entries) = sync_channel(QUEUE);
        let missing = Arc::new(AtomicU64::new(0));
        let log = AccessLog {
            queue,
            missing: missing.clone(),
        };
        std::thread::Builder::new()
            .name("access-log".to_owned())
            .spawn(move || write(&entries, &missing))?;
        Ok(log)
    }

    /// Hands a line over, or counts it as missing.
    pub(super) fn line(&self, line: Line) {
        if self.queue.try_send(Entry::Line(line)).is_err() {
            self.missing.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until what was handed over has been written, but not for ever.
    pub(super) fn flush(&self) {
        let (done, is_done) = sync_channel(1);
        if self.queue.try_send(Entry::Flush(done)).is_ok() {
            // A log that is stuck keeps its lines.
            let _ = is_done.recv_timeout(PATIENCE);
        }
    }
}

/// Writes until all workers are gone.
fn write(entries: &Receiver<Entry>, missing: &AtomicU64) {
    for entry in entries {
        match entry {
            Entry::Line(line) => log::info!(target: TARGET, "{line}"),
            // Whoever asked may have given up.
            Entry::Flush(done) => drop(done.try_send(())),
        }
        match missing.swap(0, Ordering::Relaxed) {
            0 => {}
            count => log::warn!(target: TARGET, "{count} lines are missing: the log is too slow"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let took = Duration::from_micros(1234);
        let request = Request::get("/users/42?a=b").build().unwrap();
        let line = Line::answered(&request, StatusCode::OK, Some(16), took);
        assert_eq!(
            line.to_string(),
            "GET /users/42?a=b 200 16B 1.234ms 127.0.0.1"
        );
        let peer = SocketAddr::from(([10, 0, 0, 1], 4000));
        let line = Line::new(peer, None, StatusCode::BAD_REQUEST, None, took);
        assert_eq!(line.to_string(), "- - 400 - 1.234ms 10.0.0.1");
    }

    #[test]
    fn a_log_that_is_stuck_loses_lines_and_counts_them() {
        let (queue, lines) = sync_channel(1);
        let log = AccessLog {
            queue,
            missing: Arc::new(AtomicU64::new(0)),
        };
        let line = || {
            let peer = SocketAddr::from(([10, 0, 0, 1], 4000));
            Line::new(peer, None, StatusCode::BAD_REQUEST, None, Duration::ZERO)
        };
        for _ in 0..3 {
            log.line(line());
        }
        assert_eq!(log.missing.load(Ordering::Relaxed), 2);
        assert_eq!(lines.try_iter().count(), 1);
    }
}
