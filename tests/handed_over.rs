//! A program that is started with a listening socket, as systemd does it: nobody is refused between its end and
//! the beginning of the next.
#![allow(missing_docs)]
#![cfg(target_os = "linux")]

mod support;

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use support::Client;
use support::example::{Example, binary, command};

/// Moves standard input to where programs expect what they are started with, and says so with these variables.
/// The shell becomes the program, so that `$$` is its number.
fn started_with(socket: impl Into<OwnedFd>, variables: &str) -> Command {
    let mut shell = Command::new("sh");
    let script = format!("exec 3<&0 </dev/null; {variables} exec \"$0\" \"$@\"");
    shell
        .args(["-c", &script])
        .arg(binary("users"))
        .env_remove("RUST_LOG")
        .stdin(Stdio::from(socket.into()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    shell
}

const FOR_IT: &str = "LISTEN_PID=$$ LISTEN_FDS=1";

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn the_next_program_answers_who_has_come_in_between() {
    let (listener, addr) = listener();
    let mut waiting = Vec::new();
    for _ in 0..3 {
        let mut next = started_with(listener.try_clone().unwrap(), FOR_IT);
        // It doesn't matter what is set.
        next.arg("--server.port=1");
        let example = Example::start(next);
        assert_eq!(example.addr, addr);
        let told = "server.host and server.port don't count: the program was started with a socket";
        assert!(example.head.iter().any(|line| line.contains(told)));
        for mut client in waiting.drain(..) {
            answers(&mut client);
        }
        let mut client = Client::connect(addr);
        client.send(HEALTH);
        answers(&mut client);
        drop(client);
        let (code, log) = example.stop();
        assert_eq!(code, Some(0), "{log:?}");
        for _ in 0..10 {
            let mut client = Client::connect(addr);
            client.send(HEALTH);
            waiting.push(client);
        }
    }
}

fn answers(client: &mut Client) {
    assert_eq!(client.answer().body, r#"{"status":"up"}"#);
}

/// As after a fork: the variables are a parent's.
#[test]
fn what_is_meant_for_another_process_is_left_alone() {
    let (listener, addr) = listener();
    let mut other = started_with(listener, "LISTEN_PID=1 LISTEN_FDS=1");
    other.arg("--server.port=0");
    let example = Example::start(other);
    assert_ne!(example.addr, addr);
    assert_eq!(example.stop().0, Some(0));
}

/// What it says before it ends.
#[track_caller]
fn check(mut command: Command, expected: &str) {
    let output = command.arg("--server.host=127.0.0.1").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let last = said.lines().last().unwrap_or_default();
    assert_eq!(last, format!("Error: {expected}"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_is_no_listening_socket_is_refused() {
    let found = |found: &str| {
        format!(
            "can't listen on the socket that the program was started with: expected a TCP socket as \
             descriptor 3, found {found}; look at `ListenStream=` in the .socket unit"
        )
    };
    let nothing = std::fs::File::open("/dev/null").unwrap();
    check(
        started_with(nothing, FOR_IT),
        &found("Socket operation on non-socket (os error 88)"),
    );
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let output = started_with(udp, FOR_IT).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let mut closed = command("users");
    let script = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" 3<&-";
    let path = closed.get_program().to_owned();
    closed = Command::new("sh");
    closed.args(["-c", script]).arg(path);
    let output = closed.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(&found("Bad file descriptor (os error 9)")),
        "{said}"
    );
}

#[test]
fn one_socket_is_expected() {
    let (listener, _) = listener();
    let several = started_with(listener.try_clone().unwrap(), "LISTEN_PID=$$ LISTEN_FDS=2");
    check(
        several,
        "expected one socket from whoever has started the program, found 2; have one `ListenStream=` in the \
         .socket unit",
    );
    check(
        started_with(listener, "LISTEN_PID=$$ LISTEN_FDS=all"),
        "LISTEN_FDS: expected how many sockets the program is started with, found `all`",
    );
}
