//! The table of all keys: one line for each setting of the server.

use std::fmt;

use super::server::ServerConfig;
use super::units::{Parsed, count, duration, size, switch};
use crate::http::{ForwardedField, InvalidNetworks};

/// A setting that can be made from outside.
pub(super) struct Key {
    /// As on the command line, without the dashes.
    pub(super) name: &'static str,
    /// Reads the value into the settings; an error says what was expected.
    pub(super) set: fn(&mut ServerConfig, &str) -> Parsed<()>,
}

impl Key {
    /// `MINI_SPRING_SERVER_PORT` for `server.port`.
    pub(super) fn variable(&self) -> String {
        let name = self.name.replace(['.', '-'], "_").to_ascii_uppercase();
        format!("MINI_SPRING_{name}")
    }

    /// `--server.port` for `server.port`.
    pub(super) fn option(&self) -> String {
        format!("--{}", self.name)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.name == other.name
    }
}

impl Eq for Key {}

/// A key and the field of the same name, read by a function of `units`.
macro_rules! key {
    ($name:literal, $field:ident, $read:expr) => {
        Key {
            name: $name,
            set: |config, text| {
                config.$field = $read(text)?;
                Ok(())
            },
        }
    };
}

/// What each of them means, with units and defaults, stands at the fields of [`ServerConfig`].
pub(super) static KEYS: &[Key] = &[
    key!("server.host", host, |text: &str| text
        .parse()
        .map_err(|_| "an IP address such as `127.0.0.1` or `::`")),
    key!("server.port", port, |text: &str| text
        .parse()
        .map_err(|_| "a port from 0 to 65535")),
    key!("server.workers", workers, count),
    key!("server.groups", groups, count),
    key!("server.request_line", request_line, bytes),
    key!("server.head", head, bytes),
    key!("server.fields", fields, count),
    key!("server.body", body, size),
    key!("server.body_buffer", body_buffer, bytes),
    key!("server.temp_dir", temp_dir, |text: &str| Parsed::Ok(
        (!text.is_empty()).then(|| text.into())
    )),
    key!("server.head_timeout", head_timeout, duration),
    key!("server.body_timeout", body_timeout, duration),
    key!("server.idle_timeout", idle_timeout, duration),
    key!("server.write_timeout", write_timeout, duration),
    key!("server.trusted_proxies", trusted_proxies, |text: &str| text
        .parse()
        .map_err(|_| InvalidNetworks::EXPECTED)),
    key!("server.forwarded_field", forwarded_field, forwarded_field),
    key!("server.proxy_protocol", proxy_protocol, switch),
    key!("server.max_connections", max_connections, count),
    key!("server.shutdown_grace", shutdown_grace, duration),
    key!("server.max_buffered", max_buffered, size),
    key!("server.queue", queue, count),
    key!("server.queue_timeout", queue_timeout, duration),
    key!("server.watchdog_tick", watchdog_tick, duration),
    key!("server.access_log", access_log, switch),
];

/// A size that is used in memory.
fn bytes(text: &str) -> Parsed<usize> {
    let bytes = size(text)?;
    bytes.try_into().map_err(|_| "a size that fits into memory")
}

fn forwarded_field(text: &str) -> Parsed<ForwardedField> {
    match text.to_ascii_lowercase().as_str() {
        "x-forwarded-for" => Ok(ForwardedField::XForwardedFor),
        "forwarded" => Ok(ForwardedField::Forwarded),
        _ => Err("`X-Forwarded-For` or `Forwarded`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_fields() {
        let config = format!("{:?}", ServerConfig::default());
        for key in KEYS {
            let field = key.name.strip_prefix("server.").unwrap();
            assert!(config.contains(&format!(" {field}: ")), "{field}");
        }
        assert_eq!(KEYS.len(), config.matches(": ").count());
    }

    #[test]
    fn spellings() {
        let key = KEYS.iter().find(|key| key.name == "server.head_timeout");
        assert_eq!(key.unwrap().variable(), "MINI_SPRING_SERVER_HEAD_TIMEOUT");
        assert_eq!(key.unwrap().option(), "--server.head_timeout");
    }
}
