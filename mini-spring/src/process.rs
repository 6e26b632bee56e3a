//! What a process is given: its arguments, its environment, and the files in its working directory.
//!
//! Nothing else reads them. Knows no key.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use crate::config::environment::PROFILE;
use crate::config::{FILE, Profile, Settings, SettingsFile, Sources};
use crate::mistakes::Mistakes;

/// The largest file of settings.
const LARGEST_FILE: u64 = 1 << 20;

/// The largest file of one value.
const LARGEST_SECRET: u64 = 64 << 10;

/// Arguments and environment.
pub(crate) fn sources() -> Sources {
    let arguments = std::env::args_os().skip(1).map(text);
    Sources::new(Profile::of_this_build(), environment(), arguments)
}

fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| (text(name), text(value)))
}

/// How many listening sockets whoever started this process has left open for it, as systemd does
/// (sd_listen_fds(3)). Variables that name another process, a parent's, count for nothing.
pub(crate) fn sockets() -> Result<usize, String> {
    let variable = |name| std::env::var_os(name).map(text);
    let (process, count) = (variable("LISTEN_PID"), variable("LISTEN_FDS"));
    handed(process.as_deref(), count.as_deref(), std::process::id())
}

fn handed(process: Option<&str>, count: Option<&str>, own: u32) -> Result<usize, String> {
    if process.and_then(|process| process.parse().ok()) != Some(own) {
        return Ok(0);
    }
    let count = count.unwrap_or("0");
    count.parse().map_err(|_| {
        format!(
            "LISTEN_FDS: expected how many sockets the program is started with, found `{count}`"
        )
    })
}

fn text(text: OsString) -> String {
    text.to_string_lossy().into_owned()
}

/// The name by which the program was called.
pub(crate) fn program() -> String {
    let path = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&path).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Whether colours are to be written to standard error, by what is usual for it: a terminal gets them, `NO_COLOR` says
/// no, `CLICOLOR_FORCE` and `FORCE_COLOR` say yes.
pub(crate) fn paints() -> bool {
    let value = |name| std::env::var_os(name).unwrap_or_default();
    let is_set = |name| !value(name).is_empty() && value(name) != "0";
    if !value("NO_COLOR").is_empty() {
        return false;
    }
    let is_forced = is_set("CLICOLOR_FORCE") || is_set("FORCE_COLOR");
    is_forced || io::stderr().is_terminal() && value("TERM") != "dumb"
}

/// What the log is to show, `RUST_LOG`; empty, if nothing is said.
pub(crate) fn log_filter() -> String {
    std::env::var_os("RUST_LOG").map(text).unwrap_or_default()
}

/// Whether somebody wants to see the stack of every panic.
pub(crate) fn wants_backtraces() -> bool {
    std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0")
}

/// Reads the files as well. One that can't be read is a mistake of the settings.
pub(crate) fn settle(sources: Sources) -> Settings {
    let mut mistakes = Mistakes::default();
    let mut files = Vec::new();
    for path in [FILE.to_owned(), sources.profile.file()] {
        match read(&path, LARGEST_FILE, "more than 1 MiB") {
            Ok(text) => files.push(SettingsFile { path, text }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                mistakes.add(format!(
                    "{path}: expected a file of settings, found {error}"
                ));
            }
        }
    }
    sources.settle(&files, mistakes, &secret)
}

/// The text of a file whose path stands in settings, such as a secret: without the line break with which editors end
/// it.
fn secret(path: &str) -> Result<String, String> {
    let text = read(path, LARGEST_SECRET, "more than 64 KiB").map_err(|error| error.to_string())?;
    let line = text.strip_suffix('\n');
    let line = line.map(|line| line.strip_suffix('\r').unwrap_or(line));
    Ok(line.unwrap_or(&text).to_owned())
}

/// The settings of what doesn't `run`: a test, or a server that the program starts. The arguments are none of theirs.
pub(crate) fn settings(profile: Profile) -> Settings {
    settle(Sources::new(profile, environment(), []))
}

/// The profile alone, where nobody asks for more.
pub(crate) fn profile() -> Settings {
    let variables = environment().filter(|(name, _)| name == PROFILE);
    let sources = Sources::new(Profile::of_this_build(), variables, []);
    sources.settle(&[], Mistakes::default(), &secret)
}

fn read(path: &str, largest: u64, more: &str) -> io::Result<String> {
    let mut text = String::new();
    let mut file = File::open(path)?.take(largest + 1);
    file.read_to_string(&mut text)?;
    match text.len() as u64 > largest {
        true => Err(io::Error::other(more)),
        false => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_for_the_process_that_they_name() {
        assert_eq!(handed(None, None, 7), Ok(0));
        assert_eq!(handed(Some("7"), Some("1"), 7), Ok(1));
        assert_eq!(handed(Some("7"), Some("2"), 7), Ok(2));
        assert_eq!(handed(Some("7"), None, 7), Ok(0));
        assert_eq!(handed(Some("8"), Some("1"), 7), Ok(0));
        assert_eq!(handed(None, Some("1"), 7), Ok(0));
        assert_eq!(
            handed(Some("7"), Some("-1"), 7).unwrap_err(),
            "LISTEN_FDS: expected how many sockets the program is started with, found `-1`"
        );
    }
}
