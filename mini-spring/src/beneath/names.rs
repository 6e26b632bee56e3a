//! By names, where there are no descriptors: where a path leads is looked up, opened, and looked up again.
//!
//! Whoever swaps a link twice, in these very moments, can still have a file opened that lies outside.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Found, named, outside};

/// A directory, by its name.
#[derive(Debug)]
pub(crate) struct Directory {
    root: PathBuf,
}

impl Directory {
    /// Finds it. It may be a link itself.
    ///
    /// # Errors
    ///
    /// There is no such directory.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(named(path))?;
        match root.is_dir() {
            true => Ok(Directory { root }),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// What stands at a relative path without `..`.
    ///
    /// # Errors
    ///
    /// `NotFound` and the like where nothing is, and where it leads out of the directory; `InvalidInput` where it is
    /// neither a regular file nor a directory.
    pub(crate) fn find(&self, path: &Path) -> io::Result<Found> {
        let full = self.inside(path)?;
        // Some systems open no directories, and to open a pipe would wait for somebody who writes into it.
        let metadata = fs::metadata(&full)?;
        if metadata.is_dir() {
            return Ok(Found::Directory);
        }
        if !metadata.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let found = Found::of(File::open(&full)?)?;
        match self.inside(path)? == full {
            true => Ok(found),
            false => Err(outside()),
        }
    }

    fn inside(&self, path: &Path) -> io::Result<PathBuf> {
        let full = fs::canonicalize(self.root.join(path))?;
        match full.starts_with(&self.root) {
            true => Ok(full),
            false => Err(outside()),
        }
    }
}
