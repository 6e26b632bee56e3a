//! What a process is given: its arguments, its environment, and the files in its working directory.
//!
//! Nothing else reads them. Knows no key.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::config::{FILE, Profile, Settings, SettingsFile, Sources};
use crate::mistakes::Mistakes;

/// The largest file of settings.
const LARGEST_FILE: u64 = 1 << 20;

/// Arguments and environment.
pub(super) fn sources() -> Sources {
    let arguments = std::env::args_os().skip(1).map(text);
    Sources::new(Profile::of_this_build(), environment(), arguments)
}

fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| (text(name), text(value)))
}

fn text(text: OsString) -> String {
    text.to_string_lossy().into_owned()
}

/// The name by which the program was called.
pub(super) fn program() -> String {
    let path = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&path).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Reads the files as well. What can't be read is a mistake.
pub(super) fn settle(sources: Sources) -> (Settings, Mistakes) {
    let mut mistakes = Mistakes::default();
    let names = [FILE.to_owned(), sources.profile.file()];
    let files: Vec<SettingsFile> = names
        .into_iter()
        .filter_map(|path| match read(&path) {
            Ok(text) => Some(SettingsFile { path, text }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                mistakes.add(format!(
                    "{path}: expected a file of settings, found {error}"
                ));
                None
            }
        })
        .collect();
    (sources.settle(&files), mistakes)
}

fn read(path: &str) -> io::Result<String> {
    let mut text = String::new();
    let mut file = File::open(path)?.take(LARGEST_FILE + 1);
    file.read_to_string(&mut text)?;
    match text.len() as u64 > LARGEST_FILE {
        true => Err(io::Error::other("more than 1 MiB")),
        false => Ok(text),
    }
}
