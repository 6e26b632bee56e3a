//! What came of a load.

use std::time::Duration;

/// Latencies of the requests that were answered, and the number of those that weren't.
#[derive(Default)]
pub struct Report {
    latencies: Vec<Duration>,
    /// How long after its time a request was sent though its connection was free: the client's own lateness.
    late: Vec<Duration>,
    /// Requests without an answer, and answers other than 200.
    pub failed: usize,
    /// Answers after which the server left the connection open though it was told to close it.
    pub left_open: usize,
    pub elapsed: Duration,
}

impl Report {
    pub fn answered(&mut self, latency: Duration) {
        self.latencies.push(latency);
    }

    pub fn sent_late(&mut self, by: Duration) {
        self.late.push(by);
    }

    pub fn requests(&self) -> usize {
        self.latencies.len()
    }

    /// One line; latencies in microseconds.
    pub fn json(mut self) -> String {
        let requests = self.latencies.len();
        let seconds = self.elapsed.as_secs_f64();
        let [p50, p99] = [50, 99].map(|percent| percentile(&mut self.latencies, percent));
        let late = percentile(&mut self.late, 99);
        format!(
            "{{\"requests\":{requests},\"seconds\":{seconds:.6},\"rps\":{:.1},\"p50\":{p50:.1},\"p99\":{p99:.1},\
             \"late_p99\":{late:.1},\"failed\":{},\"left_open\":{}}}",
            requests as f64 / seconds,
            self.failed,
            self.left_open
        )
    }
}

fn percentile(values: &mut [Duration], percent: usize) -> f64 {
    values.sort_unstable();
    let index = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values
        .get(index)
        .map_or(0.0, |value| value.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_sorted_values() {
        let mut values: Vec<_> = (1..=100).rev().map(Duration::from_micros).collect();
        assert_eq!(percentile(&mut values, 50).round(), 51.0);
        assert_eq!(percentile(&mut values, 99).round(), 100.0);
        assert_eq!(percentile(&mut [], 99), 0.0);
    }
}
