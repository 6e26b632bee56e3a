//! A body on disk: a temporary file that grows while the body arrives.
//!
//! The file has a name nobody can guess and goes away with the value. Knows no request.

mod files;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use self::files::Known;
pub(crate) use self::files::remove_all;

/// Where bodies are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Storage {
    /// How many bytes of one body stay in memory.
    pub(crate) memory: usize,
    /// Where the files of larger ones are made, if not in the system's directory for them.
    pub(crate) directory: Option<PathBuf>,
}

/// As without settings.
impl Default for Storage {
    fn default() -> Self {
        Storage {
            memory: 64 * 1024,
            directory: None,
        }
    }
}

/// A temporary file, and how much has been written into it.
#[derive(Debug)]
pub(crate) struct Spool {
    file: Handle,
    length: u64,
    /// Behind the file, so that it is known until it is gone.
    known: Known,
}

/// A file that is there as long as this.
#[derive(Debug)]
enum Handle {
    Open(NamedTempFile),
    /// It holds no descriptor.
    Closed(TempPath),
}

impl Spool {
    /// An empty file in this directory, or in the system's for temporary files.
    ///
    /// # Errors
    ///
    /// The file can't be made.
    pub(crate) fn new(directory: Option<&Path>) -> io::Result<Self> {
        let file = match directory {
            Some(directory) => NamedTempFile::with_prefix_in(PREFIX, directory)?,
            None => NamedTempFile::with_prefix(PREFIX)?,
        };
        let known = Known::new(file.path());
        Ok(Spool {
            file: Handle::Open(file),
            length: 0,
            known,
        })
    }

    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// They can't be written, for example because the disk is full, or the file is closed.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.file {
            Handle::Open(file) => file.write_all(bytes)?,
            Handle::Closed(_) => return Err(io::ErrorKind::Unsupported.into()),
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// How many bytes it holds.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The same without its descriptor: nothing more is appended.
    pub(crate) fn closed(self) -> Self {
        let file = match self.file {
            Handle::Open(file) => Handle::Closed(file.into_temp_path()),
            closed => closed,
        };
        Spool { file, ..self }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        match &self.file {
            Handle::Open(file) => file.path(),
            Handle::Closed(path) => path,
        }
    }

    /// Opens it for reading, from the start.
    ///
    /// # Errors
    ///
    /// It can't be opened.
    pub(crate) fn open(&self) -> io::Result<File> {
        match &self.file {
            Handle::Open(file) => file.reopen(),
            Handle::Closed(path) => File::open(path),
        }
    }

    /// Makes a file of this name with these bytes, as if they had been spooled: it is there whole or not at
    /// all, and as private.
    ///
    /// # Errors
    ///
    /// The file can't be made or written.
    pub(crate) fn keep(bytes: &[u8], path: &Path) -> io::Result<()> {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let mut spool = Spool::new(Some(parent.unwrap_or(Path::new("."))))?;
        spool.append(bytes)?;
        spool.persist(path)
    }

    /// Gives it this name, so that it stays. What stands there is replaced.
    ///
    /// # Errors
    ///
    /// It can be neither moved nor copied there.
    pub(crate) fn persist(self, path: &Path) -> io::Result<()> {
        let Spool { file, known, .. } = self;
        let _known = known;
        let temporary = match file {
            Handle::Open(file) => file.into_temp_path(),
            Handle::Closed(path) => path,
        };
        match temporary.persist(path) {
            Ok(()) => Ok(()),
            // A name can't be given across file systems, but the content can.
            Err(failed) => std::fs::copy(&failed.path, path).map(drop),
        }
    }
}

/// What the names of the files begin with.
const PREFIX: &str = "mini-spring-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_read_and_goes_away() {
        let mut spool = Spool::new(None).unwrap();
        spool.append(b"one ").unwrap();
        spool.append(b"two").unwrap();
        assert_eq!(spool.length(), 7);
        let read = io::read_to_string(spool.open().unwrap()).unwrap();
        assert_eq!(read, "one two");
        let path = spool.path().to_owned();
        assert!(path.exists());
        drop(spool);
        assert!(!path.exists());
    }

    /// In a process of its own, since all files of a process are removed.
    #[test]
    fn what_is_never_dropped_can_be_removed() {
        const ALONE: &str = "MINI_SPRING_TEST_IS_ALONE";
        const NAME: &str = "spool::tests::what_is_never_dropped_can_be_removed";
        if std::env::var_os(ALONE).is_some() {
            let [kept, mut left] = [(); 2].map(|()| Spool::new(None).unwrap());
            left.append(b"text").unwrap();
            let path = left.path().to_owned();
            let persisted = path.with_extension("kept");
            kept.persist(&persisted).unwrap();
            remove_all();
            assert!(!path.exists() && persisted.exists());
            std::fs::remove_file(persisted).unwrap();
            return drop(left);
        }
        let mut again = std::process::Command::new(std::env::current_exe().unwrap());
        let output = again.args(["--exact", NAME]).env(ALONE, "").output();
        let printed = String::from_utf8(output.unwrap().stdout).unwrap();
        assert!(printed.contains("test result: ok. 1 passed"), "{printed}");
    }

    #[test]
    fn what_is_persisted_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("kept");
        for close in [|spool| spool, Spool::closed] {
            std::fs::write(&path, "before").unwrap();
            let mut spool = Spool::new(Some(directory.path())).unwrap();
            spool.append(b"after").unwrap();
            close(spool).persist(&path).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "after");
        }
        let others = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(others, 1);
    }

    #[test]
    fn what_is_closed_can_be_read_and_goes_away() {
        let mut spool = Spool::new(None).unwrap();
        spool.append(b"text").unwrap();
        let mut spool = spool.closed();
        assert_eq!(spool.length(), 4);
        assert!(spool.append(b"more").is_err());
        let read = io::read_to_string(spool.open().unwrap()).unwrap();
        assert_eq!(read, "text");
        let path = spool.path().to_owned();
        drop(spool);
        assert!(!path.exists());
    }

    #[test]
    fn what_is_kept_is_as_private_as_what_is_spooled() {
        let directory = tempfile::tempdir().unwrap();
        let [small, large] = ["small", "large"].map(|name| directory.path().join(name));
        Spool::keep(b"few", &small).unwrap();
        assert_eq!(std::fs::read_to_string(&small).unwrap(), "few");
        let spool = Spool::new(Some(directory.path())).unwrap();
        spool.persist(&large).unwrap();
        let mode = |path| std::fs::metadata(path).unwrap().permissions();
        assert_eq!(mode(small), mode(large));
        assert!(Spool::keep(b"few", &directory.path().join("none/x")).is_err());
    }
}
