//! What clients, handlers and the machine can do to a server, and what must come of it. Each case was
//! a defect once. Where a test sleeps, somebody in it is slow: a handler.
#![allow(missing_docs)]

mod descriptors;
mod disk;
mod full_socket;
mod log;
mod panics;
mod programs;
mod protocol;
#[path = "../support/mod.rs"]
mod support;
mod threads;
mod time;

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use mini_spring::{App, Next, Request, Response, Router, Running, Server, ServerConfig, Stream};
use support::{Client, PATIENCE, TestServer, permits, sockets, until};

const GET: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

const MIB: usize = 1 << 20;

const fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")
}

/// `/health`, `/sleep/<ms>`, and `/large/<ms>`: 16 MiB after so long.
fn router() -> Router {
    fn pause(request: &Request) {
        sleep(ms(request.param("ms").unwrap().parse().unwrap()));
    }
    let mut router = Router::new();
    router
        .register("GET", "/health", |_: &Request| "up")
        .unwrap();
    router
        .register("POST", "/echo", |request: &Request| request.body().to_vec())
        .unwrap();
    router
        .register("GET", "/sleep/<ms>", |request: &Request| {
            pause(request);
            "slept"
        })
        .unwrap();
    router
        .register("GET", "/large/<ms>", |request: &Request| {
            pause(request);
            "x".repeat(16 * MIB)
        })
        .unwrap();
    router
}

/// How many bytes of the answer's body come, and the first of them that is no `x`.
fn read_xs(client: &mut Client) -> (usize, Option<String>) {
    let mut all = Vec::new();
    let mut piece = [0; 64 * 1024];
    loop {
        match client.stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(length) => all.extend_from_slice(&piece[..length]),
        }
        if all.len() > 17 * MIB {
            break;
        }
    }
    let begin = all.windows(4).position(|four| four == b"\r\n\r\n");
    let body = &all[begin.map_or(all.len(), |at| at + 4)..];
    let foreign = body.iter().position(|&byte| byte != b'x');
    let shown = foreign
        .map(|at| String::from_utf8_lossy(&body[at..(at + 60).min(body.len())]).into_owned());
    (body.len(), shown)
}

fn small_config() -> ServerConfig {
    let mut config = support::config();
    config.shutdown_grace = ms(10_000);
    config
}

fn start(router: Router) -> Arc<Running> {
    let server = Server::bind_with(small_config()).unwrap();
    Arc::new(server.start(router).unwrap())
}

#[track_caller]
fn assert_ends_cleanly(running: Arc<Running>) {
    running.shutdown();
    let joined = joins_within(running, PATIENCE);
    assert_eq!(joined.as_deref(), Some("Ok(())"));
}

/// Joins in a thread, for it may hang.
fn joins_within(running: Arc<Running>, limit: Duration) -> Option<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || sender.send(format!("{:?}", running.join())));
    receiver.recv_timeout(limit).ok()
}
