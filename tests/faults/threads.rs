//! A process that gets no more threads: at the start that is an error, later it goes on with those that it has.

use super::programs::{Lines, assert_up, faulty, faulty_after, order};
use super::support::example::Example;
use super::*;

/// A limit of its memory, which keeps whoever runs the process from having more than a few threads of such stacks.
/// What is left is less than one of them, and more than all else takes: a thread that is there already and gets no
/// memory would end the process.
#[test]
fn a_start_without_threads_says_so() {
    let mut started = faulty_after("ulimit -v 1000000");
    started.env("RUST_MIN_STACK", "300000000");
    let ended = started.args(["--server.workers=2000"]).output().unwrap();
    let log = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{log}");
    let expected = "Error: 2000 threads can't be started; choose fewer with --server.workers, or \
                    raise the limit (ulimit -u)";
    assert_eq!(log.lines().last(), Some(expected), "{log}");
}

#[test]
fn where_no_thread_can_be_started_it_goes_on_with_fewer() {
    let workers = 2 * permits();
    let mut started = faulty();
    started.arg(format!("--server.workers={workers}"));
    let mut example = Example::start(started);
    let lines = Lines::of(&mut example);
    let mut keeper = example.connect();
    order(&mut keeper, "PUT /memory/1000000");
    // Nobody knows yet that these block: they take all workers.
    let surprise = |clients: &mut [Client], first: usize| {
        for (number, client) in clients.iter_mut().enumerate() {
            client.send(get(&format!("/nap/{}/1000", first + number)));
        }
    };
    let mut clients: Vec<Client> = (0..workers).map(|_| example.connect()).collect();
    surprise(&mut clients, 0);
    lines.find("all workers are busy, and no other thread can be started");
    for client in &mut clients {
        assert_eq!(client.answer().body, "slept");
    }
    for client in &mut clients {
        assert_up(client);
    }
    // With memory again there is another one.
    order(&mut keeper, &format!("PUT /memory/{}", u64::MAX));
    surprise(&mut clients, workers);
    lines.find("so that nobody polls: 1 more started");
    for client in &mut clients {
        assert_eq!(client.answer().body, "slept");
    }
    assert_eq!(example.stop().0, Some(0));
}
