//! How /health fares: a request each so often, whatever the server does, and how long each takes from when it
//! should have been sent.

use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;

const REQUEST: &[u8] = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

/// Latencies in microseconds, sorted.
pub(crate) struct Latencies(Vec<u64>);

/// Asks each `every` until `end`.
pub(crate) fn probe(port: u16, every: Duration, end: Instant) -> Result<Latencies, String> {
    let mut client = Client::connect(port)?;
    let mut latencies = Vec::new();
    let mut due = Instant::now();
    while due < end {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let answer = client.ask(REQUEST)?;
        if answer.status != 200 {
            return Err(format!("/health is answered with {}", answer.status));
        }
        latencies.push(due.elapsed().as_micros() as u64);
        due += every;
    }
    latencies.sort_unstable();
    Ok(Latencies(latencies))
}

impl Latencies {
    /// In milliseconds, below which so many of a thousand are.
    pub(crate) fn below(&self, thousandths: usize) -> f64 {
        let place = (self.0.len() * thousandths / 1000).min(self.0.len().saturating_sub(1));
        self.0
            .get(place)
            .map_or(0.0, |&micros| micros as f64 / 1000.0)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

impl std::fmt::Display for Latencies {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} requests: p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, longest {:.2} ms",
            self.count(),
            self.below(500),
            self.below(990),
            self.below(999),
            self.below(1000)
        )
    }
}
