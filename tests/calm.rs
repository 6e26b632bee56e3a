//! What must cost next to nothing, measured by the CPU time of this process: alone in its binary.
#![allow(missing_docs)]

mod support;

use std::io::Read;
use std::time::Duration;

use mini_spring::{Request, Router};
use support::{Client, TestServer};

const GET: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

/// CPU time of this process.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// With more unfinished requests than one look ends, the clock neither spins during a shutdown
/// nor forgets the connections behind them.
#[test]
fn shutdown_with_many_unfinished_requests_is_calm() {
    let mut router = Router::new();
    router
        .register("GET", "/health", |_: &Request| "up")
        .unwrap();
    let server = TestServer::with(router, |config| {
        config.head_timeout = Duration::from_secs(4);
    });
    let mut partial: Vec<Client> = (0..100).map(|_| server.connect()).collect();
    for client in &mut partial {
        client.send("GET /health HTTP/1.1\r\n");
    }
    let mut idle = server.connect();
    idle.send(GET);
    assert_eq!(idle.answer().body, "up");
    let before = cpu();
    server.running().shutdown();
    idle.stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let closed = idle.stream.read(&mut [0]);
    let spent = cpu() - before;
    assert!(
        closed.is_ok() && spent < Duration::from_millis(500),
        "idle connection: {closed:?}; CPU time {spent:?}"
    );
}
