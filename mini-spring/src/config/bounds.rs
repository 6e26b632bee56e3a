//! The bounds of the server's settings, and what depends on the machine.
//!
//! Knows no source: which of them a value is from, the caller adds.

use std::sync::Arc;
use std::time::Duration;

use super::server::{ServerConfig, WORKERS};
use super::spelling::size_text;
use crate::error::Error;
use crate::http::Forwarding;
use crate::http::head::MOST_FIELDS;
use crate::mistakes::Mistakes;

const CORES_PER_GROUP: usize = 8;
const MOST_GROUPS: usize = 64;
const LARGEST_HEAD: usize = 1 << 20;
const LARGEST_BODY: u64 = 1 << 30;
const LARGEST_BUFFER: usize = 16 << 20;
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(24 * 24 * 60 * 60);

/// Settings that are out of bounds.
pub(super) type Faults = Vec<Fault>;

/// A setting that is out of bounds.
pub(super) struct Fault {
    pub(super) key: &'static str,
    expected: String,
    /// The value, as it can be written; `None` where it is of another setting, which should be there.
    found: Option<String>,
    /// What helps, or why it is so, behind a semicolon.
    remedy: &'static str,
}

impl Fault {
    fn new(key: &'static str, expected: String, found: String, remedy: &'static str) -> Self {
        Fault {
            key,
            expected,
            found: Some(found),
            remedy,
        }
    }

    /// What was expected and found: this, as it is written, or, where nothing is, the value.
    pub(super) fn told(&self, written: Option<String>) -> String {
        let Fault {
            expected,
            found,
            remedy,
            ..
        } = self;
        let found = found
            .as_ref()
            .map(|found| written.as_ref().unwrap_or(found));
        let found = found.map_or("none", String::as_str);
        format!("expected {expected}, found {found}{remedy}")
    }
}

impl ServerConfig {
    /// Fits the settings to a machine of so many cores, and checks all of them.
    ///
    /// # Errors
    ///
    /// Every setting that is out of bounds, in one report.
    pub(crate) fn fit(self, cores: usize) -> Result<Self, Error> {
        let (fitted, faults) = self.fitted(cores);
        let mut mistakes = Mistakes::default();
        for fault in faults {
            mistakes.add(format!("{}: {}", fault.key, fault.told(None)));
        }
        Ok(mistakes.or(fitted)?)
    }

    /// The same, with the faults by their keys.
    pub(super) fn fitted(mut self, cores: usize) -> (Self, Faults) {
        let mut faults = Faults::new();
        self.check(&mut faults);
        if self.groups == 0 {
            self.groups = cores.div_ceil(CORES_PER_GROUP);
        }
        let least = 2 * self.permits(cores);
        if self.workers == WORKERS {
            self.workers = WORKERS.max(least);
        }
        if (LEAST_WORKERS..least).contains(&self.workers) {
            faults.push(self.too_few_workers(cores));
        }
        (self, faults)
    }

    /// Whom requests believe about where they come from, if anybody.
    pub(crate) fn forwarding(&self) -> Option<Arc<Forwarding>> {
        let is_used = !self.trusted_proxies.is_empty();
        is_used.then(|| {
            Arc::new(Forwarding {
                trusted: self.trusted_proxies.clone(),
                field: self.forwarded_field,
            })
        })
    }

    /// How many workers wait for events at a time: few of them is what makes it cheap, and with two
    /// in each group none stops when one is stuck. The settings must have been fitted.
    pub(crate) fn permits(&self, cores: usize) -> usize {
        cores.max(2 * self.groups.clamp(1, MOST_GROUPS))
    }

    /// Checks what doesn't depend on the machine.
    fn check(&self, faults: &mut Faults) {
        if self.workers < LEAST_WORKERS {
            faults.push(self.too_few_workers(2));
        }
        let mut add = |key, expected, found, remedy| {
            faults.push(Fault::new(key, expected, found, remedy));
        };
        if self.groups > MOST_GROUPS {
            let expected = format!("at most {MOST_GROUPS}");
            add("server.groups", expected, self.groups.to_string(), "");
        }
        if self.body > LARGEST_BODY {
            let remedy = "; a route may take more, with `body_limit`";
            let expected = format!("at most {}", size_text(LARGEST_BODY));
            add("server.body", expected, size_text(self.body), remedy);
        }
        if self.body_buffer > LARGEST_BUFFER {
            let expected = format!("at most {}", size_text(LARGEST_BUFFER as u64));
            let found = size_text(self.body_buffer as u64);
            add("server.body_buffer", expected, found, "");
        }
        if let Some(path) = self.temp_dir.as_ref().filter(|path| !path.is_dir()) {
            let found = path.display().to_string();
            let remedy = match path.exists() {
                true => ", which is none",
                false => ", which isn't there; make it before the program starts",
            };
            add("server.temp_dir", "a directory".to_owned(), found, remedy);
        }
        if self.max_connections == 0 {
            let expected = "at least 1".to_owned();
            add("server.max_connections", expected, "0".to_owned(), "");
        }
        if self.proxy_protocol && self.trusted_proxies.is_empty() {
            faults.push(Fault {
                key: "server.proxy_protocol",
                expected: "server.trusted_proxies, which says whose headers are believed"
                    .to_owned(),
                found: None,
                remedy: "; `0.0.0.0/0, ::/0` is everybody",
            });
        }
        self.check_head(faults);
        self.check_timeouts(faults);
    }

    fn too_few_workers(&self, cores: usize) -> Fault {
        let permits = self.permits(cores);
        let reason = match permits > cores.max(2) {
            true => format!("four for each of {} groups", self.groups),
            false => format!("two for each of {cores} cores"),
        };
        Fault::new(
            "server.workers",
            format!("at least {}, {reason}", 2 * permits),
            self.workers.to_string(),
            "; handlers that block need threads beside those that read and write",
        )
    }

    fn check_head(&self, faults: &mut Faults) {
        let Self {
            head,
            request_line,
            fields,
            ..
        } = self;
        let mut add = |key, expected, found| faults.push(Fault::new(key, expected, found, ""));
        let size = |bytes: usize| size_text(bytes as u64);
        if !(1..=LARGEST_HEAD).contains(head) {
            let expected = format!("1 byte to {}", size(LARGEST_HEAD));
            add("server.head", expected, size(*head));
        }
        if !(1..=*head).contains(request_line) {
            let expected = format!("1 byte to server.head, which is {}", size(*head));
            add("server.request_line", expected, size(*request_line));
        }
        if !(1..=MOST_FIELDS).contains(fields) {
            let expected = format!("1 to {MOST_FIELDS}");
            add("server.fields", expected, fields.to_string());
        }
    }

    fn check_timeouts(&self, faults: &mut Faults) {
        let timeouts = [
            ("server.head_timeout", self.head_timeout),
            ("server.body_timeout", self.body_timeout),
            ("server.idle_timeout", self.idle_timeout),
            ("server.write_timeout", self.write_timeout),
            ("server.shutdown_grace", self.shutdown_grace),
            ("server.shutdown_idle", self.shutdown_idle),
            ("server.queue_timeout", self.queue_timeout),
        ];
        for (key, timeout) in timeouts {
            if !(SHORTEST..=LONGEST).contains(&timeout) {
                let (expected, found) = ("1 ms to 24 days".to_owned(), format!("{timeout:?}"));
                faults.push(Fault::new(key, expected, found, ""));
            }
        }
    }
}

/// Two for each of at least two cores.
const LEAST_WORKERS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(change: impl FnOnce(&mut ServerConfig), cores: usize, expected: &str) {
        let mut config = ServerConfig::default();
        change(&mut config);
        let found = config
            .fit(cores)
            .map_or_else(|error| error.to_string(), |_| String::new());
        assert_eq!(found, expected);
    }

    #[test]
    fn defaults_fit_every_machine() {
        for cores in [1, 2, 50, 51, 128] {
            let config = ServerConfig::default().fit(cores).unwrap();
            assert_eq!(config.workers, 100.max(2 * cores));
        }
    }

    #[test]
    fn a_group_for_each_eight_cores_and_two_permits_for_each_group() {
        for (asked, cores, groups, permits) in [
            (0, 1, 1, 2),
            (0, 8, 1, 8),
            (0, 9, 2, 9),
            (0, 64, 8, 64),
            (2, 2, 2, 4),
            (2, 16, 2, 16),
        ] {
            let config = ServerConfig {
                groups: asked,
                ..ServerConfig::default()
            };
            let config = config.fit(cores).unwrap();
            assert_eq!((config.groups, config.permits(cores)), (groups, permits));
        }
    }

    #[test]
    fn bounds() {
        check(|config| config.workers = 4, 2, "");
        let why = "handlers that block need threads beside those that read and write";
        check(
            |config| config.workers = 3,
            1,
            &format!(
                "server.workers: expected at least 4, two for each of 2 cores, found 3; {why}"
            ),
        );
        check(
            |config| config.workers = 15,
            8,
            &format!(
                "server.workers: expected at least 16, two for each of 8 cores, found 15; {why}"
            ),
        );
        check(
            |config| (config.groups, config.workers) = (2, 7),
            2,
            &format!(
                "server.workers: expected at least 8, four for each of 2 groups, found 7; {why}"
            ),
        );
        check(
            |config| config.groups = 65,
            64,
            "server.groups: expected at most 64, found 65",
        );
        check(
            |config| config.fields = 257,
            2,
            "server.fields: expected 1 to 256, found 257",
        );
        check(
            |config| config.head = 2 << 20,
            2,
            "server.head: expected 1 byte to 1MiB, found 2MiB",
        );
        check(
            |config| config.head = 4096,
            2,
            "server.request_line: expected 1 byte to server.head, which is 4KiB, found 8KiB",
        );
        check(
            |config| config.body = 6 << 30,
            2,
            "server.body: expected at most 1GiB, found 6GiB; a route may take more, with `body_limit`",
        );
        check(
            |config| config.max_connections = 0,
            2,
            "server.max_connections: expected at least 1, found 0",
        );
        check(
            |config| config.proxy_protocol = true,
            2,
            "server.proxy_protocol: expected server.trusted_proxies, which says whose headers are \
             believed, found none; `0.0.0.0/0, ::/0` is everybody",
        );
        check(
            |config| config.idle_timeout = Duration::ZERO,
            2,
            "server.idle_timeout: expected 1 ms to 24 days, found 0ns",
        );
        check(
            |config| config.shutdown_grace = LONGEST + SHORTEST,
            2,
            "server.shutdown_grace: expected 1 ms to 24 days, found 2073600.001s",
        );
    }

    #[test]
    fn what_is_out_of_bounds_is_reported_together() {
        let config = ServerConfig {
            fields: 0,
            workers: 1,
            ..ServerConfig::default()
        };
        let report = config.fit(2).unwrap_err().to_string();
        assert!(report.starts_with("2 mistakes:\n"), "{report}");
    }
}
