//! What this process holds: blocks and bytes of its heap, descriptors, threads; and what the engine complains of.

use std::fs;
use std::net::SocketAddr;
use std::sync::Mutex;

use crate::support::counting::{self, Counting};
use crate::support::{sockets, until};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What this process holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) blocks: isize,
    pub(crate) bytes: isize,
    pub(crate) descriptors: usize,
    pub(crate) threads: usize,
}

/// What is held when a server has done with all its clients but one, which asks for nothing.
pub(crate) fn after_all_have_left(server: SocketAddr) -> Held {
    // Threads of handlers and drops may still be on their way out.
    until("one connection is left", || {
        sockets::held(&sockets::of(server)) <= 1
    });
    let mut lowest = held();
    let mut quiet = 0;
    while quiet < 200 {
        std::thread::yield_now();
        let now = held();
        let is_lower = now.blocks < lowest.blocks || now.descriptors < lowest.descriptors;
        quiet = if is_lower { 0 } else { quiet + 1 };
        if is_lower {
            lowest = now;
        }
    }
    lowest
}

fn held() -> Held {
    let entries = |path: &str| fs::read_dir(path).expect("this process").count();
    Held {
        descriptors: entries("/proc/self/fd"),
        threads: entries("/proc/self/task"),
        blocks: counting::blocks(),
        bytes: counting::bytes(),
    }
}

/// Keeps what the engine says when a panic has come as far as its last nets, where a connection is the price.
pub(crate) struct Engine(Mutex<Vec<String>>);

pub(crate) static ENGINE: Engine = Engine(Mutex::new(Vec::new()));

impl log::Log for Engine {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let said = record.args().to_string();
        let nets = [
            "running it has panicked",
            "looking at the deadlines has panicked",
            "making an answer has panicked",
            "all workers are busy",
            "can't be polled",
            "a worker ends",
        ];
        if nets.iter().any(|net| said.contains(net)) {
            self.0.lock().unwrap().push(said);
        }
    }

    fn flush(&self) {}
}

/// What it has said since it was asked last.
pub(crate) fn complaints_of_the_engine() -> Vec<String> {
    std::mem::take(&mut *ENGINE.0.lock().unwrap())
}
