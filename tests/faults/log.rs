//! A log that takes nothing: a pipe that nobody reads, one without an end, a disk that is full.

use std::fs::File;

use super::programs::{Lines, Started, assert_up, faulty, form};
use super::support::example::Example;
use super::*;

/// More lines of the access log than a pipe and the queue hold.
const MANY: usize = 20_000;

fn logging() -> Command {
    let mut started = faulty();
    started.args(["--server.access_log=true", "--server.shutdown_grace=5s"]);
    started
}

/// Asks for something that is in the log then, sixteen requests at a time.
fn fill_log(client: &mut Client) {
    for _ in 0..MANY / 16 {
        client.send(GET.repeat(16));
        for _ in 0..16 {
            assert_eq!(client.answer().body, "up");
        }
    }
}

#[test]
fn lines_that_a_blocked_log_has_lost_are_counted_and_told() {
    let mut example = Example::start(logging());
    let mut client = example.connect();
    fill_log(&mut client);
    assert_up(&mut example.connect());
    // Somebody reads it after all.
    let lines = Lines::of(&mut example);
    let line = lines.find("lines are missing: the log is too slow");
    let lost = line.split_whitespace().find_map(|word| word.parse().ok());
    let lost: usize = lost.expect("how many");
    assert!((1..MANY).contains(&lost), "{line}");
    assert_up(&mut client);
    lines.find("GET /health");
    assert_eq!(example.stop().0, Some(0));
}

/// Whoever panics or fails says so under a lock that the log holds: its worker waits, and only its route.
#[test]
fn a_blocked_log_stops_only_what_writes_to_it_and_no_end() {
    let mut started = logging();
    started.arg("--server.shutdown_grace=300ms");
    let mut example = Example::start(started);
    let mut client = example.connect();
    fill_log(&mut client);
    let panicking: Vec<Client> = (0..150)
        .map(|_| {
            let mut client = example.connect();
            client.send(get("/panic"));
            client
        })
        .collect();
    for _ in 0..100 {
        assert_up(&mut client);
        assert_up(&mut example.connect());
    }
    example.terminate();
    assert_eq!(example.exit_code(), Some(1));
    drop(panicking);
}

/// The same with a pipe that has no other end, and with a disk that is full.
#[test]
fn a_log_that_fails_stops_nothing() {
    let (reader, no_reader) = std::io::pipe().unwrap();
    drop(reader);
    let full = File::options().write(true).open("/dev/full").unwrap();
    for log in [Stdio::from(no_reader), Stdio::from(full)] {
        let mut started = logging();
        let started = started.arg("--server.host=127.0.0.1").stderr(log).spawn();
        let mut example = Started(started.unwrap());
        // It can't say its port.
        let mut port = None;
        until("it listens", || {
            port = sockets::listening(example.0.id());
            port.is_some()
        });
        let mut client = Client::connect(([127, 0, 0, 1], port.unwrap()).into());
        for path in ["/panic", "/own", "/nothing"] {
            client.send(get(path));
            client.answer();
        }
        assert_up(&mut client);
        let pid = example.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(example.0.wait().unwrap().code(), Some(0));
    }
}

/// What handlers print is theirs: they wait, and others don't.
#[test]
fn a_blocked_standard_output_stops_only_who_prints() {
    let mut started = faulty();
    let mut example = Example::start({
        started.arg("--server.shutdown_grace=300ms");
        started
    });
    let printing: Vec<Client> = (0..150)
        .map(|_| {
            let mut client = example.connect();
            client.send(get("/print"));
            client
        })
        .collect();
    for _ in 0..100 {
        assert_up(&mut example.connect());
    }
    drop(printing);
    example.terminate();
    assert_eq!(example.exit_code(), Some(1));
}

/// What a handler has kept that never returns goes when the process does.
#[test]
fn a_handler_that_is_stuck_leaves_no_file() {
    let files = tempfile::tempdir().unwrap();
    let count = || std::fs::read_dir(files.path()).unwrap().count();
    for is_asked_again in [false, true] {
        let mut started = faulty();
        started.arg(format!("--server.temp_dir={}", files.path().display()));
        started.arg(match is_asked_again {
            true => "--server.shutdown_grace=60s",
            false => "--server.shutdown_grace=300ms",
        });
        let mut example = Example::start(started);
        let lines = Lines::of(&mut example);
        let mut client = example.connect();
        client.send(form("/stuck", 200_000));
        lines.find("stuck, as it should be");
        assert_eq!(count(), 1);
        example.terminate();
        lines.find("stopping");
        if is_asked_again {
            example.terminate();
        }
        let expected = if is_asked_again { 128 + 15 } else { 1 };
        assert_eq!(example.exit_code(), Some(expected));
        assert_eq!(count(), 0);
    }
}
