//! [`Dir`]: files whose names clients say, all of them below one directory.
//!
//! Whatever a name is, nothing outside of the directory is opened. Knows no request: it is given a path.

use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use super::NamedFile;
use super::named_file::about;
use crate::beneath::{Directory, Found};
use crate::http::file_path;

/// The page of a directory.
const INDEX: &str = "index.html";

/// The only name that begins with a dot and is for clients (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

/// A directory of files for clients.
///
/// | a path that | is answered |
/// |---|---|
/// | names a file | with the file, as [`NamedFile`] says |
/// | names a directory with an `index.html` | with that. Where the request's path has no slash at its end, the client is sent to the path that has one (307), else the links of the page would lead elsewhere |
/// | names any other directory | 404: there are no listings |
/// | has a part that begins with a dot, other than `.well-known` (RFC 8615) | 404: such files, as `.env` and `.git`, are not for clients |
/// | has a `..`, a `:`, a backslash or a control character, has a part with a dot or a space at its end, or one that Windows takes for a device, such as `CON` | 404, on every system |
/// | leads out of the directory by a symbolic link | 404 |
///
/// Symbolic links are followed, but not out of the directory, also if somebody swaps them in that moment: on Unix
/// nothing outside can be opened, on other systems what was opened is looked at again. Hard links and mounts are no
/// links. On Windows names are compared without case, and what begins with a dot has a second name where the drive
/// makes short ones.
///
/// ```
/// use std::io;
/// use std::path::PathBuf;
/// use mini_spring::{App, Dir, NamedFile, Request, route, routes};
///
/// #[route(GET, "/static/<path..>")]
/// fn assets(path: PathBuf) -> io::Result<Option<NamedFile>> {
///     Dir::new("static").open(path)
/// }
/// # let dir = std::env::temp_dir();
/// # assert!(Dir::new(dir).open("no-such-file")?.is_none());
/// # Ok::<(), io::Error>(())
/// ```
///
/// For a program in one page, whose own links are paths that the server doesn't know, what isn't there is the page:
///
/// ```
/// # use std::io;
/// # use std::path::PathBuf;
/// # use mini_spring::{Dir, NamedFile, route};
/// #[route(GET, "/<path..>")]
/// fn page(path: PathBuf) -> io::Result<Option<NamedFile>> {
///     let files = Dir::new("dist");
///     match files.open(path)? {
///         Some(file) => Ok(Some(file)),
///         None => files.open("index.html"),
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dir {
    root: PathBuf,
}

impl Dir {
    /// The files below this directory; a relative path begins in the working directory.
    ///
    /// ```
    /// # use mini_spring::Dir;
    /// let files = Dir::new("static");
    /// ```
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Dir { root: root.into() }
    }

    /// The file of this path below the directory; `None` if there is none for clients.
    ///
    /// ```
    /// # use mini_spring::Dir;
    /// let files = Dir::new("src");
    /// assert!(files.open("lib.rs")?.is_some());
    /// assert!(files.open("../Cargo.toml")?.is_none());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The directory itself isn't there, or a file that is there can't be opened. The error names it; as
    /// the error of a handler it is a 500, for the log.
    pub fn open(&self, path: impl AsRef<Path>) -> io::Result<Option<NamedFile>> {
        let root = Directory::open(&self.root).map_err(|error| about(&self.root, &error))?;
        let Some(name) = for_clients(path.as_ref()) else {
            return Ok(None);
        };
        match below(&root, &name) {
            Ok(found) => Ok(found),
            Err(error) if is_absent(error.kind()) => Ok(None),
            Err(error) => Err(about(&self.root.join(&name), &error)),
        }
    }
}

/// The file of this name, or the page of the directory of this name.
fn below(root: &Directory, name: &Path) -> io::Result<Option<NamedFile>> {
    if let Found::File(file, metadata) = root.find(name)? {
        // Its type is that of the name by which the client knows it.
        return Ok(Some(NamedFile::opened(file, &metadata, name)));
    }
    Ok(match root.find(&name.join(INDEX))? {
        Found::File(file, metadata) => {
            let page = NamedFile::opened(file, &metadata, Path::new(INDEX));
            Some(page.into_index())
        }
        Found::Directory => None,
    })
}

/// The path without its dots, if clients may say it.
fn for_clients(path: &Path) -> Option<PathBuf> {
    let parts = path.components();
    let parts = parts.filter(|part| *part != Component::CurDir);
    parts.map(|part| part_for_clients(part)).collect()
}

fn part_for_clients(part: Component<'_>) -> Option<&str> {
    let Component::Normal(name) = part else {
        return None;
    };
    let name = name.to_str()?;
    let is_hidden = name.starts_with('.') && name != WELL_KNOWN;
    (!is_hidden && file_path::is_plain(name)).then_some(name)
}

/// What isn't there, or can't be a file for clients, is no error.
fn is_absent(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
    )
}
