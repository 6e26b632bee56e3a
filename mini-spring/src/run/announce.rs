//! What the log says of a start: which program it is, its routes, and where it listens.

use std::net::SocketAddr;
use std::time::Instant;

use crate::config::{FILE, Settings};
use crate::logger::Paint;
use crate::process;

/// The first line: who starts, and where the settings are from, as what to look at when they are others than expected.
pub(super) fn begin(settings: &Settings) {
    let program = process::program();
    let version = env!("CARGO_PKG_VERSION");
    log::info!("{program}, mini-spring {version}, {}", origins(settings));
}

fn origins(settings: &Settings) -> String {
    let profile = settings.profile.name();
    let directory = std::env::current_dir().unwrap_or_default();
    match &settings.files[..] {
        [] => format!("profile {profile}, no {FILE} in {}", directory.display()),
        files => {
            let path = |name: &String| directory.join(name).display().to_string();
            let paths: Vec<String> = files.iter().map(path).collect();
            format!("profile {profile}, {}", paths.join(", "))
        }
    }
}

/// What is wrong without preventing the start.
pub(super) fn warn(settings: &Settings) {
    for warning in settings.warnings() {
        log::warn!("{warning}");
    }
    if settings.profile.name() == "prod" && cfg!(debug_assertions) {
        log::warn!(
            "this is a debug build, which is many times slower: build with `cargo build --release` for the profile prod"
        );
    }
}

/// What a program has that serves now.
#[derive(Debug)]
pub(super) struct Started {
    /// The routes, a line each.
    pub(super) routes: String,
    /// How many sockets it was started with.
    pub(super) sockets: usize,
    /// When the start began.
    pub(super) began: Instant,
    pub(super) paints: bool,
}

impl Started {
    /// The last line is where it listens, for people to click on and programs to look for.
    pub(super) fn tell(&self, addr: SocketAddr) {
        let count = match self.routes.lines().count() {
            1 => "1 route".to_owned(),
            several => format!("{several} routes"),
        };
        log::info!(
            "{count}, started in {} ms:",
            self.began.elapsed().as_millis()
        );
        for route in self.routes.lines() {
            match self.paints {
                true => log::info!("  {}", painted(route)),
                false => log::info!("  {route}"),
            }
        }
        if self.sockets > 0 {
            log::info!(
                "server.host and server.port don't count: the program was started with a socket"
            );
        }
        let (url, rest) = shown(addr);
        match self.paints {
            true => log::info!("listening on {}{rest}", Paint::Bold.over(url)),
            false => log::info!("listening on {url}{rest}"),
        }
    }
}

/// A URL that a browser on this machine can open, and what else there is to say.
fn shown(addr: SocketAddr) -> (String, &'static str) {
    match addr.ip().is_unspecified() {
        true => (
            format!("http://localhost:{}", addr.port()),
            " (all interfaces)",
        ),
        false => (format!("http://{addr}"), ""),
    }
}

/// A line of the list, with its methods in colour and what is behind the pattern in the second row.
fn painted(route: &str) -> String {
    let Some((methods, rest)) = route.split_once("  ") else {
        return route.to_owned();
    };
    // Methods and patterns are padded; a pattern has no space in it.
    let padding = rest.len() - rest.trim_start().len();
    let (padding, rest) = rest.split_at(padding);
    let (pattern, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let methods = colour(methods).over(methods);
    format!("{methods}  {padding}{pattern} {}", Paint::Dim.over(rest))
}

/// Reading is green, and removing red.
fn colour(methods: &str) -> Paint {
    Paint::Colour(match methods {
        "GET" | "HEAD" => 32,
        "POST" => 33,
        "PUT" | "PATCH" => 36,
        "DELETE" => 31,
        _ => 35,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_routes_are_painted() {
        let line = "GET   /users/<id>  users::get  src/users.rs:7  [log, cors]";
        assert_eq!(
            painted(line),
            "\u{1b}[32mGET\u{1b}[0m   /users/<id> \u{1b}[2m users::get  src/users.rs:7  [log, cors]\u{1b}[0m"
        );
        assert_eq!(painted("odd"), "odd");
    }

    #[test]
    fn urls_can_be_opened() {
        let url = |addr: &str| shown(addr.parse().unwrap());
        assert_eq!(
            url("0.0.0.0:80"),
            ("http://localhost:80".to_owned(), " (all interfaces)")
        );
        assert_eq!(url("[::]:80").0, "http://localhost:80");
        assert_eq!(url("[::1]:80").0, "http://[::1]:80");
    }
}
