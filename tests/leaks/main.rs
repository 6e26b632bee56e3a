//! Whatever clients and handlers do, again and again: the server answers the next request, and nothing stays
//! behind, be it memory, descriptors, threads, slots, permits or files.
#![allow(missing_docs)]

mod held;
mod kills;
mod panics;
mod panics_of_answers;
mod panics_of_errors;
mod programs;
mod random;
#[path = "../support/mod.rs"]
mod support;

use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use support::{Client, TestServer};

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

fn health(client: &mut Client) {
    client.send(HEALTH);
    let answer = client.answer();
    assert_eq!((answer.status, &*answer.body), (200, "up"));
}

/// What is measured is all that this process holds, so its tests take turns. Panics of the program are what
/// they are about: only those of a test are shown.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some("worker") {
                shown(panic);
            }
        }));
        let _ = log::set_logger(&held::ENGINE);
        log::set_max_level(log::LevelFilter::Error);
    });
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does something some times, and then as often as `rounds`: the second adds nothing to what the first has
/// left behind. Buffers that are kept for later are no leak, and a few of them may come late.
#[track_caller]
fn assert_leaves_nothing(server: &TestServer, rounds: usize, mut round: impl FnMut()) {
    (0..rounds / 4).for_each(|_| round());
    let before = held::after_all_have_left(server.addr());
    (0..rounds).for_each(|_| round());
    let after = held::after_all_have_left(server.addr());
    let most = held::Held {
        blocks: before.blocks + rounds as isize / 2,
        bytes: before.bytes + (1 << 20),
        // Each worker opens one when it drives for the first time.
        descriptors: before.descriptors + 16,
        threads: before.threads,
    };
    eprintln!("{rounds} rounds\nbefore {before:?}\nafter  {after:?}");
    assert!(
        after.blocks <= most.blocks
            && after.bytes <= most.bytes
            && after.descriptors <= most.descriptors
            && after.threads <= most.threads,
        "{rounds} rounds have left something behind"
    );
    assert_eq!(held::complaints_of_the_engine(), [] as [String; 0]);
}
