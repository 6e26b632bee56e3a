//! The tables of settings, on the page of that name and on the page of limits, held against the settings, and the first
//! program, which stands in several places. That programs do what pages say is for documentation tests.

use std::time::Duration;

use mini_spring::ServerConfig;

const README: &str = include_str!("../README.md");
const OF_THE_CRATE: &str = include_str!("../mini-spring/README.md");
const SETTINGS: &str = include_str!("../docs/settings.md");
const LIMITS: &str = include_str!("../docs/limits.md");
const FIRST_STEPS: &str = include_str!("../docs/first-steps.md");
const HELLO: &str = include_str!("../examples/hello.rs");

/// The first program in Rust on a page, whatever its documentation test is told.
fn first_program(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("\n```rust")?;
    let (_, program) = rest.split_once('\n')?;
    let (program, _) = program.split_once("\n```\n")?;
    Some(program.trim_end())
}

#[test]
fn the_first_program_is_one_everywhere() {
    // What says of the file what it is isn't part of the program.
    let program: Vec<&str> = HELLO
        .lines()
        .skip_while(|line| line.starts_with("//!") || line.is_empty())
        .collect();
    assert!(program.len() <= 20, "{} lines", program.len());
    let program = program.join("\n");
    for page in [README, OF_THE_CRATE, FIRST_STEPS] {
        assert_eq!(first_program(page), Some(program.as_str()));
    }
}

/// In one of the tables a line has the key of a setting in a column of its own, and its default in another.
#[track_caller]
fn check(key: &str, default: &str) {
    let (key, default) = (format!("| `server.{key}`"), format!("| {default}"));
    let lines = SETTINGS.lines().chain(LIMITS.lines());
    let lines: Vec<&str> = lines.filter(|line| line.contains(&key)).collect();
    assert_eq!(lines.len(), 1, "{key}: {lines:?}");
    assert!(
        lines[0].contains(&default),
        "{key} is not {default}: {lines:?}"
    );
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
    check("body_buffer", &bytes(config.body_buffer as u64));
    check("queue", "1,024");
    assert_eq!(config.queue, 1_024);
    check("queue_timeout", &seconds(config.queue_timeout));
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
    let listed = SETTINGS.matches("| `server.").count() + LIMITS.matches("| `server.").count();
    assert_eq!(listed, settings);
}
