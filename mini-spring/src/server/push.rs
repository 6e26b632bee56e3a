//! How a connection learns of what other threads make of its answer.
//!
//! They leave it in a channel and then tell the connection's state word, as of any other event. If
//! nobody runs the connection, it is reported by its poller again, so that a worker sends what is there;
//! if somebody does, that one finds it when it lets go. Checked with loom, together with the channel.

use std::sync::{Arc, Weak};

use super::clock::Now;
use super::shared::Shared;
use super::state::Hangup;
use crate::channel::Wake;
use crate::request::ConnectionId;

/// Tells a connection. Another one may be in its slot by then: that is only run once too often.
pub(super) struct Waker {
    /// Weak, because the program may keep it for longer than the server lives.
    shared: Weak<Shared>,
    connection: ConnectionId,
}

impl Waker {
    pub(super) fn of(shared: &Arc<Shared>, connection: ConnectionId) -> Arc<dyn Wake> {
        let shared = Arc::downgrade(shared);
        Arc::new(Waker { shared, connection })
    }
}

impl Wake for Waker {
    fn wake(&self) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        let slot = shared.slab.get(self.connection.slot);
        if let Some(mut owned) = slot.and_then(|slot| slot.event(Hangup::Unknown)) {
            if owned.id == self.connection {
                // A poller reports no connection that has no room: its client must make some in time.
                shared.has_work(&mut owned, Now::read().tick);
            }
            shared.report_again(self.connection.slot, owned);
        }
    }
}

#[cfg(all(test, loom))]
mod models {
    use crate::channel::{Piece, Receiver, Refused, Sender, Taken, Wake, channel};
    use crate::server::state::{ConnectionState, Hangup, LetGo};
    use loom::sync::Mutex;
    use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use loom::thread;
    use std::sync::Arc;

    /// A connection that sends what comes from a channel.
    struct Model {
        state: ConnectionState,
        /// Only the runner has it; the lock is never waited for.
        receiver: Mutex<Receiver>,
        sent: AtomicU32,
        has_ended: AtomicBool,
    }

    impl Model {
        fn new(places: usize) -> (Arc<Self>, Sender) {
            let (sender, receiver) = channel(places);
            let model = Arc::new(Model {
                state: ConnectionState::owned(),
                receiver: Mutex::new(receiver),
                sent: AtomicU32::new(0),
                has_ended: AtomicBool::new(false),
            });
            // The answer begins, and nothing is there yet.
            model.clone().run();
            (model, sender)
        }

        /// Sends until there is nothing more, has itself told of the next piece, and lets go.
        fn run(self: Arc<Self>) {
            loop {
                self.send();
                match self.state.let_go() {
                    LetGo::Released => return,
                    LetGo::Again(_) => {}
                }
            }
        }

        fn send(self: &Arc<Self>) {
            let receiver = self.receiver.try_lock().expect("one runner");
            loop {
                let taken = receiver.take(|_| {
                    self.sent.fetch_add(1, Ordering::Relaxed);
                    true
                });
                match taken {
                    Taken::Some => {}
                    Taken::End => return self.has_ended.store(true, Ordering::Relaxed),
                    Taken::Nothing if receiver.listen(Arc::new(Told(self.clone()))) => return,
                    Taken::Nothing => {}
                }
            }
        }

        fn check(&self, sent: u32) {
            assert!(self.state.claim(), "somebody kept the connection");
            assert_eq!(self.sent.load(Ordering::Relaxed), sent);
            assert!(self.has_ended.load(Ordering::Relaxed));
        }
    }

    /// It runs the connection by itself; in the server its poller does.
    struct Told(Arc<Model>);

    impl Wake for Told {
        fn wake(&self) {
            if self.0.state.event(Hangup::Unknown) {
                self.0.clone().run();
            }
        }
    }

    fn piece() -> Piece {
        Piece::new(vec![0])
    }

    #[test]
    fn what_is_sent_from_two_threads_arrives_and_ends() {
        loom::model(|| {
            let (model, sender) = Model::new(2);
            let other = {
                let sender = sender.clone();
                thread::spawn(move || sender.send(piece()).unwrap())
            };
            sender.send(piece()).unwrap();
            drop(sender);
            other.join().unwrap();
            model.check(2);
        });
    }

    #[test]
    fn what_is_sent_arrives_though_events_come() {
        loom::model(|| {
            let (model, sender) = Model::new(1);
            let poller = {
                let model = model.clone();
                thread::spawn(move || Told(model).wake())
            };
            sender.send(piece()).unwrap();
            drop(sender);
            poller.join().unwrap();
            model.check(1);
        });
    }

    #[test]
    fn a_sender_that_waits_for_room_goes_on() {
        loom::model(|| {
            let (sender, receiver) = channel(1);
            sender.send(piece()).unwrap();
            let other = thread::spawn(move || sender.send(piece()));
            assert_eq!(receiver.take(|_| true), Taken::Some);
            assert_eq!(other.join().unwrap(), Ok(()));
        });
    }

    /// A sender that waits for room while the receiver ends in this way.
    fn check_that_senders_are_told(end: fn(Receiver)) {
        loom::model(move || {
            let (sender, receiver) = channel(1);
            sender.send(piece()).unwrap();
            let other = thread::spawn(move || sender.send(piece()));
            end(receiver);
            assert_eq!(other.join().unwrap(), Err(Refused::Gone));
        });
    }

    #[test]
    fn a_sender_that_waits_for_room_learns_that_nobody_takes_more() {
        check_that_senders_are_told(drop);
    }

    #[test]
    fn a_sender_that_waits_for_room_learns_that_the_server_stops() {
        // What is closed is still there, as the connection is.
        check_that_senders_are_told(|receiver| {
            receiver.close();
            assert_eq!(receiver.take(|_| true), Taken::End);
        });
    }

    /// The last sender goes while the connection is about to wait for it.
    #[test]
    fn an_end_without_a_piece_arrives() {
        loom::model(|| {
            let (model, sender) = Model::new(1);
            let other = {
                let model = model.clone();
                thread::spawn(move || Told(model).wake())
            };
            drop(sender);
            other.join().unwrap();
            model.check(0);
        });
    }
}
