//! The body as a file.

use std::convert::Infallible;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use super::{BodyUse, FromRequest, OptionalFromRequest};
use crate::request::{Incoming, Request};
use crate::spool::Spool;

/// The body as a file: in memory while it is small, else in a temporary file, which goes away with
/// this value unless [`TempFile::persist`] gives it a name.
///
/// The server writes the file while the body arrives and calls the handler when all of it is there:
/// a slow upload holds no thread. Bodies up to `server.body_buffer` (64 KiB) stay in memory; files are
/// made in `server.temp_dir`, by default the system's directory for them. `body_limit` of the route, or
/// else `server.body`, is the largest body. Of a form, [`Part::spool`](crate::Part::spool) makes one for
/// each file.
///
/// ```
/// use std::io;
/// use mini_spring::{TempFile, TestApp, route, routes};
///
/// #[route(PUT, "/photos/<name>", body_limit = "50MiB")]
/// fn upload(name: &str, photo: TempFile) -> io::Result<String> {
///     if name.starts_with('.') || name.contains(['/', '\\']) {
///         return Ok("choose another name".to_owned());
///     }
///     let length = photo.length();
///     photo.persist(std::env::temp_dir().join(name))?;
///     Ok(format!("{length} bytes"))
/// }
///
/// let app = TestApp::of(routes![upload]);
/// app.put("/photos/.profile").body("x").send().assert_text("choose another name");
/// app.put("/photos/x").header("Content-Length", "52428801").send().assert_status(413);
/// ```
#[derive(Debug)]
pub struct TempFile {
    content: Content,
}

#[derive(Debug)]
enum Content {
    Memory(Vec<u8>),
    File(Spool),
}

impl TempFile {
    /// These bytes.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        let content = Content::Memory(bytes);
        TempFile { content }
    }

    /// What is in this file.
    pub(super) fn spooled(spool: Spool) -> Self {
        let content = Content::File(spool);
        TempFile { content }
    }

    /// A reader that has the file for itself.
    ///
    /// # Errors
    ///
    /// The file can't be opened.
    pub(super) fn into_reader(self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self.content {
            Content::Memory(bytes) => Box::new(Cursor::new(bytes)),
            Content::File(spool) => Box::new(Owned {
                file: spool.open()?,
                _spool: spool,
            }),
        })
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        match &self.content {
            Content::Memory(bytes) => bytes.len() as u64,
            Content::File(spool) => spool.length(),
        }
    }

    /// Where the file is; `None` while it is in memory.
    ///
    /// ```
    /// use mini_spring::{TempFile, TestApp, route, routes};
    ///
    /// #[route(PUT, "/", body_limit = "1MiB")]
    /// fn is_on_disk(file: TempFile) -> String {
    ///     file.path().is_some().to_string()
    /// }
    ///
    /// let app = TestApp::of(routes![is_on_disk]);
    /// app.put("/").body("small").send().assert_text("false");
    /// app.put("/").body("x".repeat(100_000)).send().assert_text("true");
    /// ```
    pub fn path(&self) -> Option<&Path> {
        match &self.content {
            Content::Memory(_) => None,
            Content::File(spool) => Some(spool.path()),
        }
    }

    /// Opens it for reading, from the start.
    ///
    /// ```
    /// use std::io::{self, BufRead, BufReader};
    /// use mini_spring::{TempFile, TestApp, route, routes};
    ///
    /// #[route(PUT, "/lines")]
    /// fn lines(file: TempFile) -> io::Result<String> {
    ///     let lines = BufReader::new(file.open()?).lines();
    ///     Ok(lines.count().to_string())
    /// }
    ///
    /// TestApp::of(routes![lines]).put("/lines").body("a\nb\n").send().assert_text("2");
    /// ```
    ///
    /// # Errors
    ///
    /// The file can't be opened.
    pub fn open(&self) -> io::Result<impl Read + Seek + Send + '_> {
        Ok(match &self.content {
            Content::Memory(bytes) => Opened::Memory(Cursor::new(bytes)),
            Content::File(spool) => Opened::File(spool.open()?),
        })
    }

    /// Gives it a name, so that it stays. A file of that name is replaced; on the same file system as
    /// `server.temp_dir` nothing is copied.
    ///
    /// The path must not come from the client unchecked: a name such as `../x` leaves the directory. Only
    /// the user that the server runs as may read the file, until `std::fs::set_permissions` says otherwise.
    ///
    /// # Errors
    ///
    /// There can be no such file, for example because its directory doesn't exist.
    pub fn persist(self, path: impl AsRef<Path>) -> io::Result<()> {
        match self.content {
            Content::Memory(bytes) => Spool::keep(&bytes, path.as_ref()),
            Content::File(spool) => spool.persist(path.as_ref()),
        }
    }
}

/// Absent where the request has no body; an empty one is that, too.
impl OptionalFromRequest<'_> for TempFile {
    fn is_absent(request: &Request) -> bool {
        !request.has_body()
    }
}

impl FromRequest<'_> for TempFile {
    type Rejection = Infallible;
    const BODY: BodyUse = BodyUse::Spooled;

    fn from_request(request: &Request) -> Result<Self, Infallible> {
        Ok(match request.take_incoming() {
            Incoming::File(spool) => TempFile::spooled(spool),
            _ => TempFile::of(request.body().to_vec()),
        })
    }
}

/// An opened file that goes away with its reader, which is closed first.
struct Owned {
    file: File,
    _spool: Spool,
}

impl Read for Owned {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        self.file.read(piece)
    }
}

/// An opened file.
enum Opened<'t> {
    Memory(Cursor<&'t Vec<u8>>),
    File(File),
}

impl Read for Opened<'_> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        match self {
            Opened::Memory(cursor) => cursor.read(piece),
            Opened::File(file) => file.read(piece),
        }
    }
}

impl Seek for Opened<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Opened::Memory(cursor) => cursor.seek(to),
            Opened::File(file) => file.seek(to),
        }
    }
}
