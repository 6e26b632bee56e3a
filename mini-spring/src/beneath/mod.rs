//! Opening files below a directory: nothing outside of it is opened, whatever links there are and whoever swaps
//! them meanwhile.
//!
//! To look where a name leads and then open it would be two steps, and between them another link can stand there.
//! Where there are descriptors, the kernel opens nothing else (`descriptors`); elsewhere what was opened is
//! looked at again (`names`). Links inside are followed. Knows nothing of clients and of what files are for.

#[cfg(unix)]
mod descriptors;
#[cfg(any(not(unix), test))]
mod names;

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;

#[cfg(unix)]
pub(crate) use self::descriptors::Directory;
#[cfg(not(unix))]
pub(crate) use self::names::Directory;

/// What stands at a path.
#[derive(Debug)]
pub(crate) enum Found {
    /// A regular file, open.
    File(File, Metadata),
    Directory,
}

impl Found {
    /// What was opened.
    fn of(file: File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        match (metadata.is_file(), metadata.is_dir()) {
            (true, _) => Ok(Found::File(file, metadata)),
            (_, true) => Ok(Found::Directory),
            _ => Err(ErrorKind::InvalidInput.into()),
        }
    }
}

/// The path, where the empty one stands for the directory itself.
fn named(path: &Path) -> &Path {
    match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    }
}

/// It leads out, which is to be told from nothing by nobody.
fn outside() -> io::Error {
    ErrorKind::NotFound.into()
}

#[cfg(all(test, unix))]
mod tests;
