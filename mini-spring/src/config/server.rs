//! [`ServerConfig`]: the settings of the server with their defaults, and the table of their keys.
//!
//! One list makes both, so that the documentation of a field is what `--help` says of its key. What values are
//! possible is in `bounds`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use super::spelling::{
    ADDRESS, BYTES, COUNT, DIRECTORY, DURATION, FORWARDED_FIELD, NETWORKS, PORT, Parsed, SIZE,
    SWITCH,
};
use crate::http::{ForwardedField, Networks};

/// A setting of the server that can be made from outside.
pub(super) struct ServerKey {
    /// `server.port`
    pub(super) name: &'static str,
    /// The lines of its documentation.
    pub(super) doc: &'static [&'static str],
    /// What is written, such as a duration.
    pub(super) unit: &'static str,
    /// Reads the value into the settings; an error says what was expected.
    pub(super) set: fn(&mut ServerConfig, &str) -> Parsed<()>,
    /// The value as it would be written.
    pub(super) show: fn(&ServerConfig) -> String,
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// The settings: documentation, name, type and default, and how they are spelled.
macro_rules! settings {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty = $default:expr, $spelling:ident;)*) => {
        /// The settings of the server.
        ///
        /// Each field is also a key: `port` is `--server.port=9000` on the command line,
        /// `MINI_SPRING_SERVER_PORT=9000` in the environment, and `port = 9000` below `[server]` in
        /// `mini-spring.toml`. Durations are written `30s`, `500ms`, `2m`, `12h` or `7d`, sizes `2MiB`, `16KiB` or as
        /// bytes.
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
            $($(#[doc = $doc])* pub $name: $type,)*
        }

        impl Default for ServerConfig {
            fn default() -> Self {
                ServerConfig { $($name: $default,)* }
            }
        }

        /// The keys, in the order of the fields.
        pub(super) static SERVER_KEYS: &[ServerKey] = &[$(ServerKey {
            name: concat!("server.", stringify!($name)),
            doc: &[$($doc),*],
            unit: $spelling.unit,
            set: |config, text| {
                config.$name = ($spelling.read)(text)?;
                Ok(())
            },
            show: |config| ($spelling.show)(&config.$name),
        }),*];
    };
}

settings! {
    /// The address to listen on; 0.0.0.0, which is all of them, by default.
    host: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED), ADDRESS;
    /// The port to listen on, 8080 by default; 0 takes any that is free and says which.
    port: u16 = 8080, PORT;
    /// Threads that run handlers; 100 by default, and more on machines with more than 50 cores. At
    /// least two for each core, and at least four. One for each core, at least two, are kept for
    /// reading, writing and quick handlers; the others may all be in handlers that block, and who comes
    /// then waits in the queue. With 4 workers on two cores, two calls may block.
    ///
    /// It is what is started with. Where a handler blocks that wasn't known to, and all are busy, some more
    /// are started, four for each core at most, and the log says so.
    workers: usize = WORKERS, COUNT;
    /// Into how many groups connections are divided, each with a poller and threads of its own, so
    /// that many cores don't meet at one of them; at most 64. 0, the default, is one for each eight
    /// cores. In a group at least two threads are kept for reading and writing, so it takes at least four of
    /// the workers; the default of those grows with it.
    groups: usize = 0, COUNT;
    /// The longest request line in bytes, 8 KiB by default; longer ones are answered 414.
    request_line: usize = 8 << 10, BYTES;
    /// The largest head in bytes, request line and header fields together; 16 KiB by default, at
    /// most 1 MiB. Larger ones are answered 431.
    head: usize = 16 << 10, BYTES;
    /// The most header fields, 100 by default and at most 256; more are answered 431.
    fields: usize = 100, COUNT;
    /// The largest body in bytes, 2 MiB by default, at most 1 GiB; larger ones are answered 413.
    body: u64 = 2 << 20, SIZE;
    /// How much of a body, or of a part of a form, that is taken as a [`TempFile`](crate::TempFile) stays in
    /// memory, 64 KiB by default, at most 16 MiB; what is larger goes into a file.
    body_buffer: usize = 64 << 10, BYTES;
    /// Where those files are made; by default in the system's directory for temporary files.
    temp_dir: Option<PathBuf> = None, DIRECTORY;
    /// How long a client may take for a head, 10 s by default; then it is answered 408.
    head_timeout: Duration = Duration::from_secs(10), DURATION;
    /// How long a body may make no progress, 30 s by default; then it is answered 408.
    body_timeout: Duration = Duration::from_secs(30), DURATION;
    /// How long a connection may stay open between two requests, 75 s by default. That is longer than proxies and
    /// balancers keep theirs unless told otherwise, which is 60 s: so none of them sends a request while the
    /// connection is being closed.
    idle_timeout: Duration = Duration::from_secs(75), DURATION;
    /// How long an answer may make no progress, 30 s by default; then the connection is closed.
    write_timeout: Duration = Duration::from_secs(30), DURATION;
    /// Proxies that are believed when they say whom a request comes from, as IP addresses and networks; none by
    /// default. See [`Request::client_ip`](crate::Request::client_ip).
    trusted_proxies: Networks = Networks::default(), NETWORKS;
    /// In which field they say it: `X-Forwarded-For`, the default, or `Forwarded`.
    forwarded_field: ForwardedField = ForwardedField::default(), FORWARDED_FIELD;
    /// Whether each connection begins with a header that says who its client is: HAProxy's PROXY protocol, version 1
    /// or 2, as load balancers send it that don't read HTTP. Off by default. Only who is in `trusted_proxies`
    /// can connect then, and a connection without such a header is closed.
    proxy_protocol: bool = false, SWITCH;
    /// The most connections at a time, 10,000 by default; further ones are answered 503.
    max_connections: usize = 10_000, COUNT;
    /// How long requests may take to finish at shutdown, 30 s by default.
    shutdown_grace: Duration = Duration::from_secs(30), DURATION;
    /// How long a connection may be without a request at shutdown, 1 s by default, and no longer than the grace
    /// period. Behind a proxy, more than that keeps idle connections for: then none is closed while a request is on
    /// its way.
    shutdown_idle: Duration = Duration::from_secs(1), DURATION;
    /// The most memory for requests that have come in part and answers that are sent in part, all
    /// connections together, in bytes; 256 MiB by default. Beyond, a request is answered 503, and a
    /// connection with an answer on its way is closed.
    max_buffered: u64 = 256 << 20, SIZE;
    /// How many requests may wait for a worker, when all that may block do; 1,024 by default. Further
    /// ones are answered 503 with `Retry-After`.
    queue: usize = 1024, COUNT;
    /// How long a request may wait for a worker, 10 s by default; then it is answered 503 with
    /// `Retry-After`.
    queue_timeout: Duration = Duration::from_secs(10), DURATION;
    /// How often is looked for handlers that block, 1 ms by default, while requests come; 0 is never,
    /// and then as many blocking handlers as there are cores stop the server.
    watchdog_tick: Duration = Duration::from_millis(1), DURATION;
    /// Whether each request is logged. By default it is in debug builds, and with [`run`](crate::run()) in the profile
    /// `dev`.
    access_log: bool = cfg!(debug_assertions), SWITCH;
}

/// How many workers there are unless that is too few for the machine.
pub(super) const WORKERS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_read() {
        let shown = ServerConfig::default();
        let mut read = ServerConfig::default();
        for key in SERVER_KEYS {
            (key.set)(&mut read, &(key.show)(&shown)).unwrap();
        }
        assert_eq!(read, shown);
    }

    #[test]
    fn every_key_has_a_sentence() {
        for key in SERVER_KEYS {
            assert!(key.doc.concat().contains('.'), "{key:?}");
        }
    }
}
