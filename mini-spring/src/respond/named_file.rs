//! [`NamedFile`]: a file as an answer, with all that its name and its state tell.
//!
//! What a request asks of it, a part or nothing if it hasn't changed, is found out when the answer meets
//! the request: `respond` knows none.

mod disposition;
mod media_type;
mod stamp;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use http::HeaderValue;
use http::header::{ACCEPT_RANGES, CONTENT_DISPOSITION, ETAG, LAST_MODIFIED};

use self::stamp::Stamp;
use super::IntoResponse;
use crate::content::Content;
use crate::http::date;
use crate::http::etag::ETag;
use crate::response::{Response, Selected};

/// A file as an answer.
///
/// | the client gets | by |
/// |---|---|
/// | `Content-Type` | the end of the name, some eighty are known; text is taken for UTF-8. Where that tells nothing, the name of [`download_as`](NamedFile::download_as), or else `application/octet-stream` |
/// | `ETag`, `Last-Modified` | length and time of the last change. For two seconds after a change the tag is weak and there is no date, as the file may change again in the same instant |
/// | 304 or 412 | `If-None-Match`, `If-Modified-Since`, `If-Match`, `If-Unmodified-Since` (RFC 9110, section 13) |
/// | 206 or 416 | `Range`, `If-Range` (section 14): one range, or up to 16 as `multipart/byteranges`. Those that overlap become one; more than 16, or none that is valid, is the whole |
///
/// Whatever stands in front of it wins: `([("Content-Type", "text/x-rust")], file)`, and the same for
/// `Cache-Control`, which a file has none of: browsers then guess how long it stays fresh.
///
/// It is never in memory as a whole: up to 32 KiB are read with the answer, everything else while it is sent, as by
/// [`Stream::reader`](crate::Stream::reader), and a slow client holds no thread. A file that is replaced by renaming is sent as it
/// was; one that becomes shorter meanwhile ends the connection, so that nobody takes what came for the whole.
///
/// For files of which the client says the name there is [`Dir`](crate::Dir).
///
/// ```
/// use std::io;
/// use mini_spring::{NamedFile, TestApp, route, routes};
///
/// #[route(GET, "/manifest")]
/// fn manifest() -> io::Result<NamedFile> {
///     NamedFile::open("Cargo.toml")
/// }
///
/// #[route(GET, "/report")]
/// fn report() -> io::Result<NamedFile> {
///     Ok(NamedFile::open("reports/2026-11.pdf")?.download_as("report.pdf"))
/// }
///
/// let app = TestApp::of(routes![manifest, report]);
/// let part = app.get("/manifest").header("Range", "bytes=0-8").send();
/// part.assert_status(206).assert_text("[package]");
/// app.get("/report").send().assert_status(500);
/// ```
#[derive(Debug)]
#[must_use = "a file is sent when the handler returns it"]
pub struct NamedFile {
    content: Content,
    /// By the name of the file, if that tells it.
    media_type: Option<&'static str>,
    stamp: Option<Stamp>,
    disposition: Option<String>,
    is_index: bool,
}

impl NamedFile {
    /// Opens a file; one with a relative path is looked for in the working directory.
    ///
    /// ```
    /// use mini_spring::{IntoResponse, NamedFile};
    ///
    /// let response = NamedFile::open("Cargo.toml")?.into_response();
    /// assert_eq!(response.fields().get(&mini_spring::http::header::ACCEPT_RANGES), Some(&b"bytes"[..]));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// It can't be opened, and the error names it; or it is no regular file: a directory, a device, a pipe.
    /// As the error of a handler that is a 500, for the log. `.ok()` makes it a 404.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        NamedFile::regular(path).map_err(|error| about(path, &error))
    }

    /// Bytes in memory as a file of this name, such as those of `include_bytes!`.
    ///
    /// Their entity tag is made of their content with each answer, which takes about a millisecond for each
    /// megabyte; with [`NamedFile::with_etag`] it isn't.
    ///
    /// ```
    /// use mini_spring::{NamedFile, route};
    ///
    /// #[route(GET, "/robots.txt")]
    /// fn robots() -> NamedFile {
    ///     NamedFile::from_bytes("robots.txt", b"User-agent: *\nDisallow:\n")
    /// }
    /// # assert_eq!(robots().length(), 24);
    /// ```
    pub fn from_bytes(name: impl AsRef<Path>, bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        NamedFile {
            content: Content::Memory(Arc::new(bytes.into())),
            media_type: media_type::of(name.as_ref()),
            stamp: None,
            disposition: None,
            is_index: false,
        }
    }

    /// Has the client save it under this name instead of showing it (RFC 6266). Letters of any script may be
    /// in it; what can't be in the name of a file, as `/` can't, is replaced.
    ///
    /// ```
    /// use mini_spring::{IntoResponse, NamedFile, http::header::CONTENT_DISPOSITION};
    ///
    /// let file = NamedFile::from_bytes("data.csv", b"a,b\n").download_as("numbers.csv");
    /// let expected = &b"attachment; filename=\"numbers.csv\""[..];
    /// assert_eq!(file.into_response().fields().get(&CONTENT_DISPOSITION), Some(expected));
    /// ```
    ///
    /// Where the file's own name tells no type, this one may: an upload kept as `data/1` that is downloaded as
    /// `photo.jpg` is `image/jpeg`.
    pub fn download_as(mut self, name: impl AsRef<str>) -> Self {
        let name = name.as_ref();
        self.disposition = Some(disposition::attachment(name));
        self.media_type = self.media_type.or(media_type::of(Path::new(name)));
        self
    }

    /// Names the state that it is in by this tag instead, and by no date: for files that all have the same
    /// time, as some builds and archives leave them.
    ///
    /// ```
    /// # use mini_spring::{ETag, NamedFile};
    /// let file = NamedFile::from_bytes("app.js", b"run()").with_etag(ETag::strong("1.4.2"));
    /// ```
    pub fn with_etag(mut self, tag: ETag) -> Self {
        self.stamp = Some(Stamp {
            tag: Some(tag),
            modified: None,
        });
        self
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.content.length()
    }

    /// The same as the page of a directory.
    pub(super) fn into_index(mut self) -> Self {
        self.is_index = true;
        self
    }

    /// Opens a regular file. To open a pipe would wait for somebody who writes into it, so what it is is
    /// asked first; and again, as another file may have taken its place.
    fn regular(path: &Path) -> io::Result<Self> {
        is_regular(&fs::metadata(path)?)?;
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        is_regular(&metadata)?;
        Ok(NamedFile::opened(file, &metadata, path))
    }

    /// A regular file of this name.
    pub(super) fn opened(file: File, metadata: &fs::Metadata, name: &Path) -> Self {
        let length = metadata.len();
        // Not every system knows when a file was changed.
        let modified = metadata.modified().ok();
        let stamp = modified.map(|modified| Stamp::of_file(length, modified, SystemTime::now()));
        NamedFile {
            content: Content::File(Arc::new(file), length),
            media_type: media_type::of(name),
            stamp: Some(stamp.unwrap_or_default()),
            disposition: None,
            is_index: false,
        }
    }
}

fn is_regular(metadata: &fs::Metadata) -> io::Result<()> {
    match metadata.is_file() {
        true => Ok(()),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "expected a regular file, found a directory, a device or a pipe",
        )),
    }
}

/// The error with the file that it is about.
pub(super) fn about(path: &Path, error: &io::Error) -> io::Error {
    let message = format!("can't open `{}`: {error}", path.display());
    io::Error::new(error.kind(), message)
}

impl IntoResponse for NamedFile {
    fn into_response(self) -> Response {
        let stamp = match (self.stamp, &self.content) {
            (Some(stamp), _) => stamp,
            (None, Content::Memory(bytes)) => Stamp::of_bytes(bytes),
            (None, Content::File(..)) => Stamp::default(),
        };
        // Tags, dates and names hold visible ASCII and spaces only: they are always valid.
        let date = |second| HeaderValue::from_bytes(&date::format(second)).ok();
        let fields = [
            (ACCEPT_RANGES, Some(HeaderValue::from_static("bytes"))),
            (ETAG, stamp.tag.and_then(|tag| tag.try_into().ok())),
            (LAST_MODIFIED, stamp.modified.and_then(date)),
            (
                CONTENT_DISPOSITION,
                self.disposition.and_then(|name| name.try_into().ok()),
            ),
        ];
        let selected = Selected {
            content: self.content,
            is_index: self.is_index,
        };
        let mut response =
            Response::selected(self.media_type.unwrap_or(media_type::UNKNOWN), selected);
        for (name, value) in fields {
            value
                .iter()
                .for_each(|value| response.fields_mut().append(name.clone(), value));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(response: &Response) -> Vec<String> {
        let shown = response.fields().iter();
        let shown =
            shown.map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)));
        shown.collect()
    }

    #[test]
    fn what_the_program_says_wins() {
        let file = || NamedFile::from_bytes("a.js", b"run()").with_etag(ETag::weak(7));
        let plain = [
            "content-type: text/javascript; charset=utf-8",
            "etag: W/\"7\"",
            "accept-ranges: bytes",
        ];
        assert_eq!(fields(&file().into_response()), plain);
        let said = [("Content-Type", "text/plain"), ("ETag", "\"8\"")];
        let expected = [
            "etag: \"8\"",
            "accept-ranges: bytes",
            "content-type: text/plain",
        ];
        assert_eq!(fields(&(said, file()).into_response()), expected);
        assert_eq!(
            fields(&(ETag::strong(8), file()).into_response())[1],
            "etag: \"8\""
        );
    }

    #[test]
    fn the_download_tells_the_type_where_the_file_does_not() {
        let typed = |name: &str, download: &str| {
            let file = NamedFile::from_bytes(name, b"1").download_as(download);
            fields(&file.into_response())[0].clone()
        };
        assert_eq!(typed("data/1", "a.JPG"), "content-type: image/jpeg");
        assert_eq!(typed("a.png", "a.jpg"), "content-type: image/png");
        let unknown = "content-type: application/octet-stream";
        assert_eq!(typed("data/1", "a"), unknown);
    }

    #[test]
    fn bytes_are_a_body_before_they_meet_a_request() {
        let response = NamedFile::from_bytes("a", vec![1, 2, 3]).into_response();
        assert!(response.is_unfinished());
        assert_eq!(response.body_bytes(), None);
    }
}
