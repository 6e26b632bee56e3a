//! By descriptors: the directory is held open, and each name is looked up in it by the kernel.
//!
//! Linux can be told not to leave it, in one call (`openat2`, since 5.6). Other systems, older kernels, and links
//! that begin at the root are gone through step by step: where the path leads is found out first, and then each
//! directory on that way is opened in the one before, through no link at all. A link that somebody has put there
//! meanwhile is an error.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags, open, openat};
use rustix::io::Errno;

use super::{Found, named, outside};

/// A directory, held open.
#[derive(Debug)]
pub(crate) struct Directory {
    descriptor: OwnedFd,
    path: PathBuf,
}

/// A pipe is opened without waiting for whoever writes into it.
const TO_READ: OFlags = OFlags::RDONLY
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// A directory on the way; on Linux it needn't be readable.
const STEP: OFlags = ON_THE_WAY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

#[cfg(target_os = "linux")]
const ON_THE_WAY: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const ON_THE_WAY: OFlags = OFlags::RDONLY;

impl Directory {
    /// Opens it. It may be a link itself.
    ///
    /// # Errors
    ///
    /// There is no such directory, or it can't be opened.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Directory {
            descriptor: open(named(path), STEP, Mode::empty())?,
            path: named(path).to_owned(),
        })
    }

    /// What stands at a relative path without `..`.
    ///
    /// # Errors
    ///
    /// `NotFound` and the like where nothing is, and where it leads out of the directory; `InvalidInput` where it is
    /// neither a regular file nor a directory.
    pub(crate) fn find(&self, path: &Path) -> io::Result<Found> {
        let opened = match self.find_at_once(path) {
            Some(opened) => opened,
            None => self.step_by_step(path),
        };
        Found::of(File::from(opened.map_err(told)?))
    }

    /// `None`: this can't be said in one call.
    #[cfg(target_os = "linux")]
    fn find_at_once(&self, path: &Path) -> Option<Result<OwnedFd, Errno>> {
        use rustix::fs::{ResolveFlags, openat2};
        let inside = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        match openat2(
            &self.descriptor,
            named(path),
            TO_READ,
            Mode::empty(),
            inside,
        ) {
            // A link that leads out, or only begins at the root; no such call, or a sandbox that doesn't know it; or a
            // directory that was moved meanwhile.
            Err(Errno::XDEV | Errno::NOSYS | Errno::PERM | Errno::AGAIN) => None,
            opened => Some(opened),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn find_at_once(&self, _: &Path) -> Option<Result<OwnedFd, Errno>> {
        None
    }

    pub(super) fn step_by_step(&self, path: &Path) -> Result<OwnedFd, Errno> {
        let way = self.way(path).map_err(|error| {
            let code = error.raw_os_error();
            code.map_or(Errno::NOENT, Errno::from_raw_os_error)
        })?;
        let (Some(last), parents) = (way.file_name(), way.parent()) else {
            return openat(&self.descriptor, ".", STEP, Mode::empty());
        };
        let mut above: Option<OwnedFd> = None;
        for step in parents.into_iter().flatten() {
            let here = above.as_ref().unwrap_or(&self.descriptor);
            above = Some(open_in(here, step, STEP)?);
        }
        open_in(above.as_ref().unwrap_or(&self.descriptor), last, TO_READ)
    }

    /// The way from the directory to where the path leads, without links.
    fn way(&self, path: &Path) -> io::Result<PathBuf> {
        let root = fs::canonicalize(&self.path)?;
        let full = fs::canonicalize(root.join(path))?;
        let way = full.strip_prefix(&root).map_err(|_| outside())?;
        Ok(way.to_owned())
    }
}

fn open_in(directory: &OwnedFd, name: &OsStr, flags: OFlags) -> Result<OwnedFd, Errno> {
    openat(directory, name, flags | OFlags::NOFOLLOW, Mode::empty())
}

/// Links in a circle, or where none may be, lead nowhere, and a socket is no file.
pub(super) fn told(error: Errno) -> io::Error {
    match error {
        // `MLINK` and `FTYPE` are what some systems say of a link that isn't to be followed.
        Errno::LOOP | Errno::MLINK => outside(),
        Errno::NXIO | Errno::OPNOTSUPP => io::ErrorKind::InvalidInput.into(),
        error => error.into(),
    }
}
