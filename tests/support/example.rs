//! An example as a process of its own, started as a user would start it.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Client;

/// A running example. Its log is read to know when it listens, and kept.
pub struct Example {
    pub child: Child,
    pub log: BufReader<ChildStderr>,
    pub head: Vec<String>,
    pub addr: SocketAddr,
}

/// Where `cargo test` has put the examples: beside the folder of the test binaries.
pub fn binary(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(|deps| deps.parent()).unwrap();
    profile.join("examples").join(name)
}

pub fn command(name: &str) -> Command {
    let mut command = Command::new(binary(name));
    command
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Example {
    /// Starts it for this machine only.
    pub fn start(mut command: Command) -> Self {
        command.arg("--server.host=127.0.0.1");
        let mut child = command.spawn().expect("the example");
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut head = Vec::new();
        let addr = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "it ended: {head:?}");
            head.push(line.trim_end().to_owned());
            if let Some((_, addr)) = line.split_once("listening on http://") {
                break addr.trim_end().parse().expect("an address");
            }
        };
        Example {
            child,
            log,
            head,
            addr,
        }
    }

    pub fn connect(&self) -> Client {
        Client::connect(self.addr)
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(killed.unwrap().success());
    }

    /// Waits for its end, but not for ever, and reads nothing meanwhile.
    pub fn exit_code(&mut self) -> Option<i32> {
        let end = Instant::now() + super::PATIENCE;
        loop {
            match self.child.try_wait().unwrap() {
                Some(status) => return status.code(),
                None => assert!(Instant::now() < end, "it goes on"),
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends SIGTERM and gives back the exit code and the rest of the log.
    pub fn stop(mut self) -> (Option<i32>, Vec<String>) {
        self.terminate();
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        let status = self.child.wait().unwrap();
        (status.code(), rest.lines().map(str::to_owned).collect())
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // Only does something when the test has failed before `stop`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
