//! What may take its time, done by a thread of its own: writing the log and removing files.
//!
//! A terminal or a pipe that takes nothing stops the log, and never the server; so does a disk. What the
//! server has to say goes through one bounded queue. A line that doesn't fit is counted, and the next
//! one says how many are missing. What handlers log is theirs: they are in user code, which may block.

use std::fmt::Arguments;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use log::Level;

use super::access_log::{self, Line};
use crate::spool::Spool;

/// What may wait: a burst of answers, and else a few messages.
const LINES: usize = 4096;
const MESSAGES: usize = 256;

/// How long the end of the server waits for the log.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long it waits before it looks again whether there is room in the queue.
const PAUSE: Duration = Duration::from_millis(1);

/// The target of the server's own messages, for `RUST_LOG`.
const TARGET: &str = "mini_spring::server";

#[derive(Debug)]
enum Task {
    Line(Line),
    Message(Level, String),
    /// It goes away by being dropped.
    Remove(Spool),
    /// Everything before this has been done: says so.
    Flush(SyncSender<()>),
}

/// What became of waiting for that thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flushed {
    All,
    /// The log takes nothing, or the disk.
    Stuck,
}

/// The way to that thread, shared by all others.
#[derive(Debug)]
pub(super) struct Aside {
    queue: SyncSender<Task>,
    missing: Arc<AtomicU64>,
    /// Whether there is an access log.
    pub(super) logs_answers: bool,
}

impl Aside {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// It can't be started.
    pub(super) fn start(logs_answers: bool) -> io::Result<Self> {
        let places = if logs_answers { LINES } else { MESSAGES };
        let (queue, tasks) = sync_channel(places);
        let missing = Arc::new(AtomicU64::new(0));
        let aside = Aside {
            queue,
            missing: missing.clone(),
            logs_answers,
        };
        thread::Builder::new()
            .name("aside".to_owned())
            .spawn(move || work(&tasks, &missing))?;
        Ok(aside)
    }

    /// A line of the access log.
    pub(super) fn line(&self, line: Line) {
        self.log(Task::Line(line));
    }

    /// Something that whoever runs the server should know.
    #[cold]
    pub(super) fn say(&self, level: Level, message: Arguments<'_>) {
        if log::log_enabled!(target: TARGET, level) {
            self.log(Task::Message(level, message.to_string()));
        }
    }

    fn log(&self, task: Task) {
        if self.queue.try_send(task).is_err() {
            self.missing.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A file that nobody needs any more. Where the queue is full, the caller has to wait for the disk.
    #[cold]
    pub(super) fn remove(&self, spool: Spool) {
        drop(self.queue.try_send(Task::Remove(spool)));
    }

    /// Waits until what was handed over has been done, but not for ever.
    pub(super) fn flush(&self) -> Flushed {
        let end = Instant::now() + PATIENCE;
        let (done, is_done) = sync_channel(1);
        let mut task = Task::Flush(done);
        while let Err(TrySendError::Full(back)) = self.queue.try_send(task) {
            if Instant::now() >= end {
                return Flushed::Stuck;
            }
            task = back;
            thread::sleep(PAUSE);
        }
        // A log that is stuck keeps its lines.
        match is_done.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(()) => Flushed::All,
            Err(_) => Flushed::Stuck,
        }
    }
}

/// Works until nobody is left who could hand something over.
fn work(tasks: &Receiver<Task>, missing: &AtomicU64) {
    for task in tasks {
        match task {
            Task::Line(line) => log::info!(target: access_log::TARGET, "{line}"),
            Task::Message(level, message) => log::log!(target: TARGET, level, "{message}"),
            Task::Remove(spool) => drop(spool),
            // Whoever asked may have given up.
            Task::Flush(done) => drop(done.try_send(())),
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
    use http::StatusCode;
    use std::net::IpAddr;

    #[test]
    fn a_log_that_is_stuck_loses_lines_and_counts_them() {
        let (queue, tasks) = sync_channel(1);
        let aside = Aside {
            queue,
            missing: Arc::new(AtomicU64::new(0)),
            logs_answers: true,
        };
        let client = IpAddr::from([10, 0, 0, 1]);
        for _ in 0..3 {
            let line = Line::new(client, None, StatusCode::BAD_REQUEST, None, Duration::ZERO);
            aside.line(line);
        }
        assert_eq!(aside.missing.load(Ordering::Relaxed), 2);
        assert_eq!(tasks.try_iter().count(), 1);
    }

    #[test]
    fn a_flush_waits_for_a_place_and_for_what_is_in_front_of_it() {
        let (queue, tasks) = sync_channel(1);
        let aside = Aside {
            queue,
            missing: Arc::new(AtomicU64::new(0)),
            logs_answers: false,
        };
        let spool = Spool::new(None).unwrap();
        let path = spool.path().to_owned();
        aside.remove(spool);
        assert!(path.exists());
        let missing = aside.missing.clone();
        let worker = thread::spawn(move || work(&tasks, &missing));
        assert_eq!(aside.flush(), Flushed::All);
        assert!(!path.exists());
        drop(aside);
        worker.join().unwrap();
    }
}
