//! [`Part`]: one field or one file of a form, read while it comes.

use std::io::{self, BufRead, Read};

use super::file_name::safe_file_name;
use super::source::Source;
use super::{Kept, MultipartError};
use crate::extract::TempFile;
use crate::extract::param::Short;
use crate::http::multipart::PartHead;
use crate::spool::Spool;

/// One part of a [`Multipart`](crate::Multipart) form: a field with its text, or a file.
///
/// It is a reader of its content, and what isn't read of it is left out when the next part is asked for.
///
/// ```
/// use std::io::{self, BufRead};
/// use mini_spring::{Multipart, route};
///
/// #[route(POST, "/count", body_limit = "10GiB")]
/// fn count(mut form: Multipart) -> io::Result<String> {
///     let mut answer = String::new();
///     while let Some(part) = form.next_part()? {
///         let name = part.name().to_owned();
///         let lines = part.lines().count();
///         answer += &format!("{name}: {lines} lines\n");
///     }
///     Ok(answer)
/// }
/// ```
///
/// # Errors
///
/// A read fails where the form breaks off or is malformed; the `io::Error` is a [`MultipartError`] that
/// can still be told from others: answered with `?`, it is the client's fault.
pub struct Part<'m> {
    stream: &'m mut Source,
    kept: Kept<'m>,
    head: PartHead,
    /// How many bytes more of its content are read ..
    left: u64,
    /// .. because of this limit.
    most: Most,
}

/// A limit, as an error tells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    pub(super) bytes: u64,
    pub(super) what: &'static str,
}

impl<'m> Part<'m> {
    pub(super) fn new(stream: &'m mut Source, kept: Kept<'m>, head: PartHead) -> Self {
        Part {
            stream,
            kept,
            head,
            left: u64::MAX,
            most: Most {
                bytes: u64::MAX,
                what: "",
            },
        }
    }

    /// The name of the form's field. It is what the client says: there may be several parts of one name,
    /// and any character in it.
    pub fn name(&self) -> &str {
        self.head.name()
    }

    /// The name of the file, if the part is one, as the client says it: never a path to write to. A form
    /// whose user has chosen no file has a part with the empty name, and no content. A `filename*` beside
    /// `filename` is ignored, as RFC 7578, section 4.2, forbids it; alone it is refused.
    ///
    /// ```
    /// use mini_spring::{Multipart, TestApp, route, routes};
    ///
    /// #[route(POST, "/")]
    /// fn parts(mut form: Multipart) -> mini_spring::Result<String> {
    ///     let mut answer = String::new();
    ///     while let Some(part) = form.next_part()? {
    ///         let (name, file_name) = (part.name(), part.file_name());
    ///         assert_eq!(part.content_type(), part.header("content-type"));
    ///         answer += &format!("{name} {file_name:?}, {} fields: ", part.headers().count());
    ///         answer += &match part.file_name() {
    ///             Some(_) => format!("{:?}\n", part.bytes(1024)?),
    ///             None => part.text()? + "\n",
    ///         };
    ///     }
    ///     Ok(answer)
    /// }
    ///
    /// let app = TestApp::of(routes![parts]);
    /// let request = app.post("/").multipart(|form| form.text("note", "hello").file("file", "dot", [7]));
    /// request.send().assert_text("note None, 1 fields: hello\nfile Some(\"dot\"), 2 fields: [7]\n");
    /// ```
    pub fn file_name(&self) -> Option<&str> {
        self.head.file_name()
    }

    /// The last segment of the file's name, if it can be the name of a file here, by
    /// [`safe_file_name`](crate::safe_file_name). `None` is also a name that this system can't have: to pass over such a
    /// part is to lose a file.
    pub fn safe_file_name(&self) -> Option<&str> {
        self.file_name().and_then(safe_file_name)
    }

    /// The media type that the client says the content has; often none for text, which means `text/plain`.
    pub fn content_type(&self) -> Option<&str> {
        self.header("Content-Type")
    }

    /// The value of the first header field of the part of this name, in any case, if it is UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.head.field(name)?).ok()
    }

    /// All header fields of the part, as name and value, in order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.head.fields()
    }

    /// The same with at most so many bytes of content from here on: more of it is 413. Without, `body_limit` of
    /// the route is the only limit.
    ///
    /// ```
    /// use mini_spring::{Multipart, route};
    ///
    /// #[route(POST, "/avatar", body_limit = "10MiB")]
    /// fn avatar(mut form: Multipart) -> mini_spring::Result<String> {
    ///     while let Some(part) = form.next_part()? {
    ///         if part.name() == "avatar" {
    ///             let file = part.limit(1024 * 1024).spool()?;
    ///             return Ok(format!("{} bytes", file.length()));
    ///         }
    ///     }
    ///     Ok("none".to_owned())
    /// }
    /// ```
    pub fn limit(self, bytes: u64) -> Self {
        self.limit_to(bytes, Most { bytes, what: "" })
    }

    /// The same with at most so much left of a limit.
    pub(super) fn limit_to(mut self, left: u64, most: Most) -> Self {
        if left < self.left {
            (self.left, self.most) = (left, most);
        }
        self
    }

    /// All that is left of the content as text, [`Multipart::limit_text`](crate::Multipart::limit_text) at most.
    /// Text is UTF-8, whatever else the part says of it (RFC 7578, section 5.1).
    ///
    /// # Errors
    ///
    /// It is too large, no UTF-8, or can't be read.
    pub fn text(self) -> Result<String, MultipartError> {
        let limit = self.kept.text as u64;
        self.limit(limit).into_text()
    }

    /// The same within the limit that it has.
    pub(super) fn into_text(mut self) -> Result<String, MultipartError> {
        String::from_utf8(self.read_all()?).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let detail = format!("expected UTF-8, found something else at byte {valid}");
            MultipartError::malformed(self.about(&detail))
        })
    }

    /// All that is left of the content, in memory; so many bytes at most.
    ///
    /// # Errors
    ///
    /// It is too large, or can't be read.
    pub fn bytes(self, limit: u64) -> Result<Vec<u8>, MultipartError> {
        self.limit(limit).read_all()
    }

    fn read_all(&mut self) -> Result<Vec<u8>, MultipartError> {
        let mut bytes = Vec::new();
        while let piece @ [_, ..] = self.piece()? {
            bytes.extend_from_slice(piece);
            self.consume_piece();
        }
        Ok(bytes)
    }

    /// All that is left of the content: in memory as long as it is small, else in a temporary file.
    ///
    /// Up to `server.body_buffer` (64 KiB) stays in memory; files are made in `server.temp_dir`.
    ///
    /// ```
    /// use mini_spring::{Multipart, route};
    ///
    /// #[route(POST, "/photos", body_limit = "1GiB")]
    /// fn upload(mut form: Multipart) -> mini_spring::Result<String> {
    ///     let mut saved = 0;
    ///     while let Some(part) = form.next_part()? {
    ///         if let Some(name) = part.safe_file_name() {
    ///             let path = std::env::temp_dir().join(name);
    ///             part.spool()?.persist(path)?;
    ///             saved += 1;
    ///         }
    ///     }
    ///     Ok(format!("{saved} photos"))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// It can't be read, or the file can't be written: that is 507, and the log says why.
    pub fn spool(self) -> Result<TempFile, MultipartError> {
        self.spool_with(|_| {})
    }

    /// As [`Part::spool`], and `each` is shown every piece as it comes, before it is written: to tell how far it is, or to
    /// compute a digest.
    ///
    /// ```
    /// use mini_spring::{Multipart, TestApp, route, routes};
    ///
    /// #[route(POST, "/photos", body_limit = "1GiB")]
    /// fn upload(mut form: Multipart) -> mini_spring::Result<String> {
    ///     let mut received = 0;
    ///     while let Some(part) = form.next_part()? {
    ///         part.spool_with(|piece| {
    ///             received += piece.len();
    ///             log::debug!("{received} bytes so far");
    ///         })?;
    ///     }
    ///     Ok(format!("{received} bytes"))
    /// }
    ///
    /// let app = TestApp::of(routes![upload]);
    /// let request = app.post("/photos").multipart(|form| form.file("photo", "a.png", "pixels"));
    /// request.send().assert_text("6 bytes");
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Part::spool`].
    pub fn spool_with(self, each: impl FnMut(&[u8])) -> Result<TempFile, MultipartError> {
        let memory = self.kept.storage.memory;
        self.spool_behind(memory, each)
    }

    /// The same with so much in memory.
    pub(super) fn spool_behind(
        mut self,
        memory: usize,
        mut each: impl FnMut(&[u8]),
    ) -> Result<TempFile, MultipartError> {
        let mut bytes = Vec::new();
        loop {
            match self.piece()? {
                [] => return Ok(TempFile::of(bytes)),
                piece if bytes.len() + piece.len() > memory => {
                    return self.spool_all(&bytes, each);
                }
                piece => {
                    each(piece);
                    bytes.extend_from_slice(piece);
                }
            }
            self.consume_piece();
        }
    }

    /// These bytes, and all that is left behind them, in a file.
    fn spool_all(
        mut self,
        beginning: &[u8],
        mut each: impl FnMut(&[u8]),
    ) -> Result<TempFile, MultipartError> {
        let directory = self.kept.storage.directory.as_deref();
        let mut spool = Spool::new(directory).map_err(MultipartError::storage)?;
        spool.append(beginning).map_err(MultipartError::storage)?;
        while let piece @ [_, ..] = self.piece()? {
            each(piece);
            spool.append(piece).map_err(MultipartError::storage)?;
            self.consume_piece();
        }
        // A form may have many files, a process not so many descriptors.
        Ok(TempFile::spooled(spool.closed()))
    }

    /// What the part says of itself.
    pub(super) fn head(&self) -> &PartHead {
        &self.head
    }

    /// Content that is here, or comes; empty at the end.
    fn piece(&mut self) -> Result<&[u8], MultipartError> {
        let length = self.stream.content()?.len();
        if length as u64 > self.left {
            let Most { bytes, what } = self.most;
            let detail = format!("expected at most {bytes} bytes{what}, found more");
            return Err(MultipartError::too_large(self.about(&detail)));
        }
        Ok(self.stream.here())
    }

    /// All that is here of the content has been used.
    fn consume_piece(&mut self) {
        self.consume(self.stream.here().len());
    }

    /// What is wrong with this part.
    fn about(&self, detail: &str) -> String {
        format!("the part `{}` of the form: {detail}", Short(self.name()))
    }
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Part<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.piece()?)
    }

    fn consume(&mut self, length: usize) {
        self.left = self.left.saturating_sub(length as u64);
        self.stream.consume(length);
    }
}

impl std::fmt::Debug for Part<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("Part");
        debug
            .field("name", &self.name())
            .field("file_name", &self.file_name());
        debug
            .field("content_type", &self.content_type())
            .finish_non_exhaustive()
    }
}
