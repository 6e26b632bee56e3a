//! The README's tables of settings, held against the settings. Its program is a documentation test.

use std::time::Duration;

use mini_spring::ServerConfig;

const README: &str = include_str!("../README.md");

/// The line of a setting begins with its key and its default.
#[track_caller]
fn check(key: &str, default: &str) {
    let line = format!("\n| `server.{key}` | {default}");
    assert!(README.contains(&line), "the README has no line{line}");
}

fn bytes(count: u64) -> String {
    match count {
        count if count >= 1 << 20 => format!("{} MiB", count >> 20),
        count => format!("{} KiB", count >> 10),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs())
}

#[test]
fn every_setting_is_listed_with_its_default() {
    let config = ServerConfig::default();
    check("host", &format!("`{}`", config.host));
    check("port", &format!("`{}`", config.port));
    check("workers", &config.workers.to_string());
    check("groups", &config.groups.to_string());
    check("request_line", &bytes(config.request_line as u64));
    check("head", &bytes(config.head as u64));
    check("fields", &config.fields.to_string());
    check("body", &bytes(config.body));
    check("head_timeout", &seconds(config.head_timeout));
    check("body_timeout", &seconds(config.body_timeout));
    check("idle_timeout", &seconds(config.idle_timeout));
    check("write_timeout", &seconds(config.write_timeout));
    check("max_connections", "10,000");
    assert_eq!(config.max_connections, 10_000);
    check("shutdown_grace", &seconds(config.shutdown_grace));
    check("shutdown_idle", &seconds(config.shutdown_idle));
    check("max_buffered", &bytes(config.max_buffered));
    check("access_log", "on in the profile `dev`, else off");
    // No setting more, in either of them.
    let settings = format!("{config:?}").matches(": ").count();
    assert_eq!(README.matches("\n| `server.").count(), settings);
}
