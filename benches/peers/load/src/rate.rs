//! A constant rate, whatever the server does.

use std::collections::VecDeque;
use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::report::Report;
use crate::wire::{self, Poller};
use crate::{Load, response};

/// How long answers may take after the last request was due.
const PATIENCE: Duration = Duration::from_secs(1);

struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    /// When each of its requests that has no answer yet was meant to be sent. Only the first is sent.
    due: VecDeque<Instant>,
    broken: bool,
}

impl Connection {
    fn open(port: u16) -> io::Result<Connection> {
        Ok(Connection {
            stream: wire::connect(port)?,
            received: Vec::new(),
            due: VecDeque::new(),
            broken: false,
        })
    }

    fn send(&mut self, request: &[u8]) {
        self.broken |= wire::send(&self.stream, request).is_err();
    }

    /// Takes what has arrived; if that completes an answer, sends the request that waited for it.
    fn receive(&mut self, request: &[u8], report: &mut Report) {
        match wire::receive(&self.stream, &mut self.received) {
            Ok(true) => {}
            Ok(false) | Err(_) => self.broken = true,
        }
        match response::parse(&self.received) {
            Ok(Some(answer)) => {
                self.received.drain(..answer.length);
                match self.due.pop_front() {
                    Some(due) if answer.ok => report.answered(due.elapsed()),
                    _ => report.failed += 1,
                }
                if !self.due.is_empty() && !self.broken {
                    self.send(request);
                }
            }
            Ok(None) => {}
            Err(_) => self.broken = true,
        }
    }
}

/// Sends `rate` requests a second.
pub fn run(load: &Load, rate: u32) -> io::Result<Report> {
    let request = wire::request(&load.path, load.port, "");
    let mut report = Report::default();
    let mut poller = Poller::new()?;
    let mut connections = (0..load.connections)
        .map(|_| Connection::open(load.port))
        .collect::<io::Result<Vec<_>>>()?;
    for (index, connection) in connections.iter().enumerate() {
        poller.reads(&connection.stream, index)?;
    }

    let start = Instant::now();
    let total = (load.duration.as_secs_f64() * f64::from(rate)) as u64;
    let due = |number: u64| start + Duration::from_secs_f64(number as f64 / f64::from(rate));
    let last = due(total);
    let mut next = 0;
    while Instant::now() < last + PATIENCE {
        while next < total && due(next) <= Instant::now() {
            let count = connections.len() as u64;
            let connection = &mut connections[(next % count) as usize];
            connection.due.push_back(due(next));
            if connection.due.len() == 1 && !connection.broken {
                report.sent_late(due(next).elapsed());
                connection.send(&request);
            }
            next += 1;
        }
        if next == total && connections.iter().all(|it| it.due.is_empty() || it.broken) {
            break;
        }
        let until = if next < total {
            due(next)
        } else {
            last + PATIENCE
        };
        for index in poller.wait(until.saturating_duration_since(Instant::now()))? {
            let connection = &mut connections[index];
            connection.receive(&request, &mut report);
            if connection.broken {
                poller.forget(&connection.stream)?;
            }
        }
        if connections.iter().all(|connection| connection.broken) {
            break;
        }
    }
    report.failed += connections.iter().map(|it| it.due.len()).sum::<usize>();
    report.elapsed = start.elapsed();
    Ok(report)
}
