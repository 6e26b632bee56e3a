//! A body that other threads make while it is sent: a queue of pieces with an end.
//!
//! Whoever sends the body takes pieces, and where there is none leaves behind whom to tell of the next
//! one. That is under the same lock as the queue, so either it finds the piece or it is told. Nobody
//! waits for a piece but [`Receiver::wait`], which is for those without a connection. Knows no socket and no
//! format. Checked with loom, together with a connection's state word (`server/push.rs`).

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use crate::sync::{Arc, Condvar, Mutex, MutexGuard};

/// How long a sender waits for room in the queue: nobody has taken anything for so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Some bytes of a body. They may stand in many queues at a time.
pub(crate) type Piece = std::sync::Arc<Vec<u8>>;

/// Whoever sends the body, to be told that there is more of it.
pub(crate) trait Wake: Send + Sync {
    fn wake(&self);
}

/// Why a piece wasn't sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nobody sends the body any more.
    Gone,
    /// There is no room in the queue now.
    Full,
}

/// What became of taking pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// There was something.
    Some,
    /// There is nothing yet.
    Nothing,
    /// That was all: every sender has gone.
    End,
}

/// A channel for at most so many pieces at a time, and at least one.
pub(crate) fn channel(places: usize) -> (Sender, Receiver) {
    let shared = Arc::new(Shared {
        queue: Mutex::new(Queue {
            pieces: VecDeque::new(),
            places: places.max(1),
            taken: 0,
            is_ended: false,
            is_gone: false,
            waker: None,
        }),
        changed: Condvar::new(),
    });
    let last = Arc::new(Last(shared.clone()));
    (Sender { last }, Receiver { shared })
}

struct Shared {
    queue: Mutex<Queue>,
    /// There is room, or a piece, or an end.
    changed: Condvar,
}

struct Queue {
    pieces: VecDeque<Piece>,
    places: usize,
    /// How many have been taken.
    taken: u64,
    /// There are no senders any more.
    is_ended: bool,
    /// There is no receiver any more.
    is_gone: bool,
    /// Who has found nothing, and is to be told of the next piece.
    waker: Option<std::sync::Arc<dyn Wake>>,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics under the lock.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the queue, and tells whoever waits for that. Not under the lock: being told may send.
    fn change(&self, change: impl FnOnce(&mut Queue)) {
        self.tell(self.queue(), change);
    }

    fn tell(&self, mut queue: MutexGuard<'_, Queue>, change: impl FnOnce(&mut Queue)) {
        change(&mut queue);
        let waker = queue.waker.take();
        drop(queue);
        self.changed.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// One of those that make the body.
#[derive(Clone)]
pub(crate) struct Sender {
    last: Arc<Last>,
}

/// Ends the body when the last sender goes.
struct Last(Arc<Shared>);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.change(|queue| queue.is_ended = true);
    }
}

impl Sender {
    /// Puts a piece into the queue, and waits until there is room for it.
    ///
    /// # Errors
    ///
    /// Nobody sends the body any more, or nothing of it has been taken for half a minute, which is then its end.
    pub(crate) fn send(&self, piece: Piece) -> Result<(), Refused> {
        let shared = &self.last.0;
        let mut end = Instant::now() + PATIENCE;
        let mut queue = shared.queue();
        let mut taken = queue.taken;
        while queue.is_full() && !queue.is_gone {
            // Others may have been quicker, but the client takes what it gets.
            if std::mem::replace(&mut taken, queue.taken) != queue.taken {
                end = Instant::now() + PATIENCE;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                shared.tell(queue, Queue::give_up);
                return Err(Refused::Gone);
            }
            let waited = shared.changed.wait_timeout(queue, left);
            (queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        shared.put(queue, piece)
    }

    /// Puts a piece into the queue if there is room for it.
    ///
    /// # Errors
    ///
    /// Nobody sends the body any more, or there is no room.
    pub(crate) fn try_send(&self, piece: Piece) -> Result<(), Refused> {
        let shared = &self.last.0;
        let queue = shared.queue();
        match queue.is_full() && !queue.is_gone {
            true => Err(Refused::Full),
            false => shared.put(queue, piece),
        }
    }

    /// Whether nobody sends the body any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.last.0.queue().is_gone
    }
}

impl Shared {
    fn put(&self, queue: MutexGuard<'_, Queue>, piece: Piece) -> Result<(), Refused> {
        if queue.is_gone {
            return Err(Refused::Gone);
        }
        self.tell(queue, |queue| queue.pieces.push_back(piece));
        Ok(())
    }
}

impl Queue {
    fn is_full(&self) -> bool {
        self.pieces.len() >= self.places
    }

    /// Nobody takes pieces any more.
    fn give_up(&mut self) {
        self.is_gone = true;
        self.pieces = VecDeque::new();
    }
}

/// The one that sends the body.
pub(crate) struct Receiver {
    shared: Arc<Shared>,
}

impl Receiver {
    /// Gives pieces to `sink`, as long as it says that it takes more, and at least one.
    pub(crate) fn take(&self, mut sink: impl FnMut(&[u8]) -> bool) -> Taken {
        let mut queue = self.shared.queue();
        let was_full = queue.is_full();
        let mut taken = queue.when_empty();
        while let Some(piece) = queue.pieces.pop_front() {
            taken = Taken::Some;
            queue.taken += 1;
            if !sink(&piece) {
                break;
            }
        }
        drop(queue);
        if was_full {
            self.shared.changed.notify_all();
        }
        taken
    }

    /// Has `waker` told of the next piece, or the end. False: it is here already.
    pub(crate) fn listen(&self, waker: std::sync::Arc<dyn Wake>) -> bool {
        let mut queue = self.shared.queue();
        let is_waiting = queue.pieces.is_empty() && queue.when_empty() == Taken::Nothing;
        queue.waker = is_waiting.then_some(waker);
        is_waiting
    }

    /// Waits for a piece or the end, but no longer than this. False: there is neither.
    pub(crate) fn wait(&self, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        let mut queue = self.shared.queue();
        while queue.pieces.is_empty() && queue.when_empty() == Taken::Nothing {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.shared.changed.wait_timeout(queue, left);
            (queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        true
    }

    /// Takes nothing more: senders are told so, and what they have sent is forgotten.
    pub(crate) fn close(&self) {
        self.shared.change(|queue| {
            queue.give_up();
            queue.is_ended = true;
        });
    }
}

impl Queue {
    fn when_empty(&self) -> Taken {
        match self.is_ended || self.is_gone {
            true => Taken::End,
            false => Taken::Nothing,
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // Nobody is to be told: that would be whoever drops it.
        let mut queue = self.shared.queue();
        queue.give_up();
        let waker = queue.waker.take();
        drop(queue);
        self.shared.changed.notify_all();
        drop(waker);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn piece(text: &str) -> Piece {
        Piece::new(text.as_bytes().to_vec())
    }

    fn taken(receiver: &Receiver) -> (Taken, String) {
        let mut bytes = Vec::new();
        let taken = receiver.take(|piece| {
            bytes.extend_from_slice(piece);
            true
        });
        (taken, String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn pieces_come_in_order_and_then_the_end() {
        let (sender, receiver) = channel(2);
        assert_eq!(taken(&receiver), (Taken::Nothing, String::new()));
        sender.send(piece("a")).unwrap();
        let other = sender.clone();
        drop(sender);
        other.send(piece("b")).unwrap();
        assert_eq!(other.try_send(piece("c")), Err(Refused::Full));
        drop(other);
        assert_eq!(taken(&receiver), (Taken::Some, "ab".to_owned()));
        assert_eq!(taken(&receiver), (Taken::End, String::new()));
    }

    #[test]
    fn a_full_queue_is_waited_for() {
        let (sender, receiver) = channel(1);
        sender.send(piece("a")).unwrap();
        let other = std::thread::spawn(move || sender.send(piece("b")));
        let mut text = String::new();
        while text.len() < 2 {
            assert!(receiver.wait(PATIENCE));
            text.push_str(&taken(&receiver).1);
        }
        assert_eq!(text, "ab");
        assert_eq!(other.join().unwrap(), Ok(()));
    }

    #[test]
    fn a_wait_ends() {
        let (sender, receiver) = channel(1);
        assert!(!receiver.wait(Duration::ZERO));
        drop(sender);
        assert!(receiver.wait(Duration::ZERO));
    }

    #[test]
    fn senders_learn_that_nobody_sends_the_body() {
        let (sender, receiver) = channel(1);
        sender.send(piece("a")).unwrap();
        assert!(!sender.is_gone());
        let other = sender.clone();
        let waits = std::thread::spawn(move || other.send(piece("b")));
        drop(receiver);
        assert!(sender.is_gone());
        assert_eq!(sender.send(piece("c")), Err(Refused::Gone));
        assert_eq!(sender.try_send(piece("c")), Err(Refused::Gone));
        // It has found the queue full, or the receiver gone.
        assert_eq!(waits.join().unwrap(), Err(Refused::Gone));
    }

    #[test]
    fn whoever_listens_is_told_once() {
        struct Count(std::sync::atomic::AtomicU32);
        impl Wake for Count {
            fn wake(&self) {
                self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
        let count = std::sync::Arc::new(Count(Default::default()));
        let times = || count.0.load(std::sync::atomic::Ordering::Relaxed);
        let (sender, receiver) = channel(8);
        assert!(receiver.listen(count.clone()));
        assert_eq!(times(), 0);
        sender.send(piece("a")).unwrap();
        sender.send(piece("b")).unwrap();
        assert_eq!(times(), 1);
        assert!(!receiver.listen(count.clone()));
        assert_eq!(taken(&receiver).1, "ab");
        assert!(receiver.listen(count.clone()));
        drop(sender);
        assert_eq!(times(), 2);
        assert_eq!(taken(&receiver).0, Taken::End);
    }

    #[test]
    fn a_closed_channel_has_ended_for_both() {
        let (sender, receiver) = channel(8);
        sender.send(piece("a")).unwrap();
        receiver.close();
        assert!(sender.is_gone());
        assert_eq!(taken(&receiver), (Taken::End, String::new()));
    }
}
