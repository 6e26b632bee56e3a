//! A connection for each request.

use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::report::Report;
use crate::wire::{self, Poller};
use crate::{Load, response};

/// How long is waited when nothing arrives before the load ends.
const SILENCE: Duration = Duration::from_secs(2);

/// How long a server may take to close a connection after it said that it would.
const CLOSING: Duration = Duration::from_secs(1);

struct Exchange {
    stream: TcpStream,
    start: Instant,
    received: Vec<u8>,
}

impl Exchange {
    fn start(port: u16, request: &[u8]) -> io::Result<Exchange> {
        let start = Instant::now();
        let stream = wire::connect(port)?;
        wire::send(&stream, request)?;
        Ok(Exchange {
            stream,
            start,
            received: Vec::new(),
        })
    }

    /// Takes what has arrived; whether the exchange is over. A server that doesn't announce the close
    /// isn't waited for.
    fn receive(&mut self, report: &mut Report) -> bool {
        let open = wire::receive(&self.stream, &mut self.received);
        let answer = response::parse(&self.received).ok().flatten();
        match (open, answer) {
            (Ok(true), None) => return false,
            (Ok(true), Some(answer)) if answer.closes && self.start.elapsed() < CLOSING => {
                return false;
            }
            (Ok(open), Some(answer)) if answer.ok => {
                report.answered(self.start.elapsed());
                report.left_open += usize::from(open);
            }
            _ => report.failed += 1,
        }
        true
    }
}

/// Sends at most `most` requests.
pub fn run(load: &Load, most: u32) -> io::Result<Report> {
    let request = wire::request(&load.path, load.port, "Connection: close\r\n");
    let mut report = Report::default();
    let mut poller = Poller::new()?;
    let start = Instant::now();
    let mut open = Vec::new();
    for index in 0..load.connections {
        let exchange = Exchange::start(load.port, &request)?;
        poller.reads(&exchange.stream, index)?;
        open.push(exchange);
    }
    while start.elapsed() < load.duration && report.requests() < most as usize {
        let ready = poller.wait(SILENCE)?;
        if ready.is_empty() {
            report.failed += open.len();
            break;
        }
        for index in ready {
            if open[index].receive(&mut report) {
                open[index] = Exchange::start(load.port, &request)?;
                poller.reads(&open[index].stream, index)?;
            }
        }
    }
    report.elapsed = start.elapsed();
    Ok(report)
}
