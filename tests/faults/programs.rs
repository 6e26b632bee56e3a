//! How the program of these tests is started: with less than it needs, and with its log read or not.

use std::io::{BufRead, BufReader};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use super::support::example::{Example, command};
use super::*;

/// A program that ends with the test, however that ends.
pub(crate) struct Started(pub(crate) Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, on any free port.
pub(crate) fn faulty() -> Command {
    let mut command = command("faulty");
    command.args(["--server.port=0", "--server.access_log=false"]);
    command
}

/// The program, started by a shell that does this first.
pub(crate) fn faulty_after(preparation: &str) -> Command {
    started_by(&["sh", "-c", &format!("{preparation}; exec \"$0\" \"$@\"")])
}

/// The program, started by these words.
pub(crate) fn started_by(words: &[&str]) -> Command {
    let program = faulty();
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .arg(program.get_program())
        .args(program.get_args())
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The lines of a log, read as they come.
pub(crate) struct Lines(Receiver<String>);

impl Lines {
    /// Of the log of a program that listens.
    pub(crate) fn of(example: &mut Example) -> Self {
        let empty = Command::new("true").stderr(Stdio::piped()).spawn();
        let mut empty = empty.expect("a program that does nothing");
        let nothing: ChildStderr = empty.stderr.take().expect("its end");
        empty.wait().expect("its end");
        let log = std::mem::replace(&mut example.log, BufReader::new(nothing));
        let (told, lines) = channel();
        std::thread::spawn(move || {
            let mut lines = log.lines().map_while(Result::ok);
            lines.try_for_each(|line| told.send(line))
        });
        Lines(lines)
    }

    /// The next one with this in it.
    #[track_caller]
    pub(crate) fn find(&self, text: &str) -> String {
        loop {
            match self.0.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(error) => panic!("no line with {text}: {error}"),
            }
        }
    }
}

/// Has the program change something about itself.
pub(crate) fn order(client: &mut Client, order: &str) {
    client.send(format!("{order} HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_eq!(client.answer().status, 204);
}

pub(crate) fn post(path: &str, length: usize) -> String {
    let body = "y".repeat(length);
    format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// A form with a file of this length.
pub(crate) fn form(path: &str, length: usize) -> String {
    let part = "--x\r\nContent-Disposition: form-data; name=f; filename=g\r\n\r\n";
    let body = format!("{part}{}\r\n--x--", "y".repeat(length));
    format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[track_caller]
pub(crate) fn assert_up(client: &mut Client) {
    client.send(GET);
    assert_eq!(client.answer().body, "up");
}
