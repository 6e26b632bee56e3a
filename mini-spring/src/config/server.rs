//! [`ServerConfig`]: the settings of the server, their defaults and their bounds.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::http::head::MOST_FIELDS;
use crate::http::{ForwardedField, Forwarding, Networks};
use crate::mistakes::Mistakes;

/// The settings of the server.
///
/// Each field is also a key: `port` is `--server.port=9000` on the command line and
/// `MINI_SPRING_SERVER_PORT=9000` in the environment; the command line wins. Durations are written
/// `30s`, `500ms` or `2m`, sizes `2MiB`, `16KiB` or as bytes.
///
/// ```
/// use mini_spring::ServerConfig;
///
/// let mut config = ServerConfig::default();
/// config.port = 0;
/// config.body = 64 * 1024;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerConfig {
    /// The address to listen on; 0.0.0.0, which is all of them, by default.
    pub host: IpAddr,
    /// The port to listen on, 8080 by default; 0 takes any that is free and says which.
    pub port: u16,
    /// Threads that run handlers; 100 by default, and more on machines with more than 50 cores. At
    /// least two for each core, and at least four. One for each core, at least two, are kept for
    /// reading, writing and quick handlers; the others may all be in handlers that block, and who comes
    /// then waits in the queue. With 4 workers on two cores, two calls may block.
    ///
    /// It is what is started with. Where a handler blocks that wasn't known to, and all are busy, some more
    /// are started, four for each core at most, and the log says so.
    pub workers: usize,
    /// Into how many groups connections are divided, each with a poller and threads of its own, so
    /// that many cores don't meet at one of them; at most 64. 0, the default, is one for each eight
    /// cores. In a group at least two threads are kept for reading and writing, so it takes at least four of
    /// the workers; the default of those grows with it.
    pub groups: usize,
    /// The longest request line in bytes, 8 KiB by default; longer ones are answered 414.
    pub request_line: usize,
    /// The largest head in bytes, request line and header fields together; 16 KiB by default, at
    /// most 1 MiB. Larger ones are answered 431.
    pub head: usize,
    /// The most header fields, 100 by default and at most 256; more are answered 431.
    pub fields: usize,
    /// The largest body in bytes, 2 MiB by default, at most 1 GiB; larger ones are answered 413.
    pub body: u64,
    /// How much of a body, or of a part of a form, that is taken as a [`TempFile`](crate::TempFile) stays in
    /// memory, 64 KiB by default, at most 16 MiB; what is larger goes into a file.
    pub body_buffer: usize,
    /// Where those files are made; by default in the system's directory for temporary files.
    pub temp_dir: Option<PathBuf>,
    /// How long a client may take for a head, 10 s by default; then it is answered 408.
    pub head_timeout: Duration,
    /// How long a body may make no progress, 30 s by default; then it is answered 408.
    pub body_timeout: Duration,
    /// How long a connection may stay open between two requests, 60 s by default.
    pub idle_timeout: Duration,
    /// How long an answer may make no progress, 30 s by default; then the connection is closed.
    pub write_timeout: Duration,
    /// Proxies that are believed when they say whom a request comes from, as IP addresses and networks; none by
    /// default. See [`Request::client_ip`](crate::Request::client_ip).
    pub trusted_proxies: Networks,
    /// In which field they say it: `X-Forwarded-For`, the default, or `Forwarded`.
    pub forwarded_field: ForwardedField,
    /// Whether each connection begins with a header that says who its client is: HAProxy's PROXY protocol, version 1
    /// or 2, as load balancers send it that don't read HTTP. Off by default. Only who is in `trusted_proxies`
    /// can connect then, and a connection without such a header is closed.
    pub proxy_protocol: bool,
    /// The most connections at a time, 10,000 by default; further ones are answered 503.
    pub max_connections: usize,
    /// How long requests may take to finish at shutdown, 30 s by default.
    pub shutdown_grace: Duration,
    /// The most memory for requests that have come in part and answers that are sent in part, all
    /// connections together, in bytes; 256 MiB by default. Beyond, a request is answered 503, and a
    /// connection with an answer on its way is closed.
    pub max_buffered: u64,
    /// How many requests may wait for a worker, when all that may block do; 1,024 by default. Further
    /// ones are answered 503 with `Retry-After`.
    pub queue: usize,
    /// How long a request may wait for a worker, 10 s by default; then it is answered 503 with
    /// `Retry-After`.
    pub queue_timeout: Duration,
    /// How often is looked for handlers that block, 1 ms by default, while requests come; 0 is never,
    /// and then as many blocking handlers as there are cores stop the server.
    pub watchdog_tick: Duration,
    /// Whether each request is logged; by default in debug builds only.
    pub access_log: bool,
}

const WORKERS: usize = 100;
const CORES_PER_GROUP: usize = 8;
const MOST_GROUPS: usize = 64;
const LARGEST_HEAD: usize = 1 << 20;
const LARGEST_BODY: u64 = 1 << 30;
const LARGEST_BUFFER: usize = 16 << 20;
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(24 * 24 * 60 * 60);

impl Default for ServerConfig {
    fn default() -> Self {
        ServerConfig {
            host: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            port: 8080,
            workers: WORKERS,
            groups: 0,
            request_line: 8 << 10,
            head: 16 << 10,
            fields: 100,
            body: 2 << 20,
            body_buffer: 64 << 10,
            temp_dir: None,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(30),
            trusted_proxies: Networks::default(),
            forwarded_field: ForwardedField::default(),
            proxy_protocol: false,
            max_connections: 10_000,
            shutdown_grace: Duration::from_secs(30),
            max_buffered: 256 << 20,
            queue: 1024,
            queue_timeout: Duration::from_secs(10),
            watchdog_tick: Duration::from_millis(1),
            access_log: cfg!(debug_assertions),
        }
    }
}

impl ServerConfig {
    /// Fits the settings to a machine of so many cores, and checks all of them.
    ///
    /// # Errors
    ///
    /// Every setting that is out of bounds, in one report.
    pub(crate) fn fit(mut self, cores: usize) -> Result<Self, Error> {
        let mut mistakes = Mistakes::default();
        self.check(&mut mistakes);
        if self.groups == 0 {
            self.groups = cores.div_ceil(CORES_PER_GROUP);
        }
        let least = 2 * self.permits(cores);
        if self.workers == WORKERS {
            self.workers = WORKERS.max(least);
        }
        if (LEAST_WORKERS..least).contains(&self.workers) {
            mistakes.add(self.too_few_workers(cores));
        }
        Ok(mistakes.or(self)?)
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
    pub(super) fn check(&self, mistakes: &mut Mistakes) {
        if self.workers < LEAST_WORKERS {
            mistakes.add(self.too_few_workers(2));
        }
        if self.groups > MOST_GROUPS {
            mistakes.add(format!(
                "server.groups: expected at most {MOST_GROUPS}, found {}",
                self.groups
            ));
        }
        self.check_head(mistakes);
        if self.body > LARGEST_BODY {
            mistakes.add(format!(
                "server.body: expected at most 1 GiB, found {}",
                self.body
            ));
        }
        if self.body_buffer > LARGEST_BUFFER {
            mistakes.add(format!(
                "server.body_buffer: expected at most 16 MiB, found {}",
                self.body_buffer
            ));
        }
        if let Some(directory) = self.temp_dir.as_ref().filter(|path| !path.is_dir()) {
            mistakes.add(format!(
                "server.temp_dir: expected a directory, found {}",
                directory.display()
            ));
        }
        if self.proxy_protocol && self.trusted_proxies.is_empty() {
            mistakes.add(
                "server.proxy_protocol: expected server.trusted_proxies, which says whose headers are \
                 believed, found none; `0.0.0.0/0, ::/0` is everybody",
            );
        }
        if self.max_connections == 0 {
            mistakes.add("server.max_connections: expected at least 1, found 0");
        }
        self.check_timeouts(mistakes);
    }

    fn too_few_workers(&self, cores: usize) -> String {
        let permits = self.permits(cores);
        let reason = match permits > cores.max(2) {
            true => format!("four for each of {} groups", self.groups),
            false => format!("two for each of {cores} cores"),
        };
        format!(
            "server.workers: expected at least {}, {reason}, found {}; handlers that block need \
             threads beside those that read and write",
            2 * permits,
            self.workers
        )
    }

    fn check_head(&self, mistakes: &mut Mistakes) {
        if !(1..=LARGEST_HEAD).contains(&self.head) {
            mistakes.add(format!(
                "server.head: expected 1 byte to 1 MiB, found {}",
                self.head
            ));
        }
        if !(1..=self.head).contains(&self.request_line) {
            mistakes.add(format!(
                "server.request_line: expected 1 byte to server.head, which is {}, found {}",
                self.head, self.request_line
            ));
        }
        if !(1..=MOST_FIELDS).contains(&self.fields) {
            mistakes.add(format!(
                "server.fields: expected 1 to {MOST_FIELDS}, found {}",
                self.fields
            ));
        }
    }

    fn check_timeouts(&self, mistakes: &mut Mistakes) {
        let timeouts = [
            ("head_timeout", self.head_timeout),
            ("body_timeout", self.body_timeout),
            ("idle_timeout", self.idle_timeout),
            ("write_timeout", self.write_timeout),
            ("shutdown_grace", self.shutdown_grace),
            ("queue_timeout", self.queue_timeout),
        ];
        for (name, timeout) in timeouts {
            if !(SHORTEST..=LONGEST).contains(&timeout) {
                mistakes.add(format!(
                    "server.{name}: expected 1 ms to 24 days, found {timeout:?}"
                ));
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
            "server.head: expected 1 byte to 1 MiB, found 2097152",
        );
        check(
            |config| config.head = 4096,
            2,
            "server.request_line: expected 1 byte to server.head, which is 4096, found 8192",
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
