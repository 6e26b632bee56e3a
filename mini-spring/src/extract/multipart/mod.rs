//! [`Multipart`]: a form with files, part by part while it arrives.
//!
//! What is on the wire, `http::multipart` knows; here its bytes are brought and given to the handler. A part
//! borrows the form, so that no two can be read at a time and none behind its end: this is why the form is no
//! `Iterator`, whose items would have to find that out at run time.

mod error;
mod file_name;
mod form;
mod part;
mod source;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::sync::Arc;

pub use self::error::MultipartError;
pub use self::file_name::safe_file_name;
pub use self::form::{MultipartForm, UploadedFile};
pub use self::part::Part;
use self::source::Source;
use super::{Body, BodyUse, FromRequest, OptionalFromRequest, media_type};
use crate::http::multipart::{Boundary, PartHead};
use crate::request::Request;
use crate::respond::{Fault, Problem};
use crate::spool::Storage;

/// A form with files, `multipart/form-data` (RFC 7578), read part by part while it arrives: of any size, with
/// little memory.
///
/// ```
/// use mini_spring::{Multipart, TempFile, TestApp, route, routes};
///
/// #[route(POST, "/photos", body_limit = "1GiB")]
/// fn upload(mut form: Multipart) -> mini_spring::Result<String> {
///     let mut title = "untitled".to_owned();
///     let mut photos: Vec<TempFile> = Vec::new();
///     while let Some(part) = form.next_part()? {
///         match part.name() {
///             "title" => title = part.text()?,
///             "photo" if part.content_type() == Some("image/jpeg") => photos.push(part.spool()?),
///             _ => {}
///         }
///     }
///     Ok(format!("{title}: {} photos", photos.len()))
/// }
///
/// let app = TestApp::of(routes![upload]);
/// let request = app.post("/photos").multipart(|form| {
///     form.text("title", "Rome").file_of_type("photo", "a.jpg", "image/jpeg", b"\xff\xd8")
/// });
/// request.send().assert_text("Rome: 1 photos");
/// ```
///
/// [`Part`] says what there is of each, and is a reader. Where a form is wanted as a whole, take a
/// [`MultipartForm`].
///
/// As with a [`Body`], the handler is called at once and holds a thread while it reads, and the
/// form ends with the handler. `body_limit` of the route, or else `server.body`, is the most that can be read.
/// A form that is malformed or breaks off is an error of the step that finds it, which `?` answers as the
/// client's fault. So are parts without a name, encoded ones, and a `multipart/mixed` inside of the form, which
/// RFC 7578 has done away with.
///
/// | limit | default | beyond it |
/// |---|---|---|
/// | number of parts | 1,000, [`Multipart::limit_parts`] | 413 |
/// | text of one part in memory | 1 MiB, [`Multipart::limit_text`] | 413 |
/// | head of one part | 8 KiB and 16 fields | 413, 400 |
///
/// # Errors
///
/// 415 for any other content type, 400 where it names no boundary.
pub struct Multipart {
    stream: Source,
    storage: Arc<Storage>,
    most_parts: usize,
    most_text: usize,
    /// How many have come.
    parts: usize,
    is_over: bool,
}

/// What a part may do with what it keeps.
#[derive(Clone, Copy)]
struct Kept<'m> {
    storage: &'m Storage,
    /// How many bytes of it are read as text.
    text: usize,
}

/// The most parts of one form: enough for any, and bounded work for a hostile one.
const MOST_PARTS: usize = 1_000;

/// The longest text of one part, in bytes.
const MOST_TEXT: usize = 1024 * 1024;

const FORM: &str = "multipart/form-data";

impl Multipart {
    pub(crate) fn new(
        source: Box<dyn Read + Send>,
        boundary: Boundary,
        storage: Arc<Storage>,
    ) -> Self {
        Multipart {
            stream: Source::new(source, boundary),
            storage,
            most_parts: MOST_PARTS,
            most_text: MOST_TEXT,
            parts: 0,
            is_over: false,
        }
    }

    /// The next part; `None` behind the last. What wasn't read of the part before is left out.
    ///
    /// # Errors
    ///
    /// The form is malformed, has too many parts, or can't be read. What has failed once fails again.
    pub fn next_part(&mut self) -> Result<Option<Part<'_>>, MultipartError> {
        let Some(head) = self.next_head()? else {
            return Ok(None);
        };
        let kept = Kept {
            storage: &self.storage,
            text: self.most_text,
        };
        Ok(Some(Part::new(&mut self.stream, kept, head)))
    }

    /// The same with at most so many parts; without, it is 1,000.
    pub fn limit_parts(mut self, most: usize) -> Self {
        self.most_parts = most;
        self
    }

    /// The same with at most so many bytes of text: in one part, [`Part::text`], and of all fields together where
    /// they are collected, [`Multipart::collect`]. Without, it is 1 MiB.
    pub fn limit_text(mut self, bytes: usize) -> Self {
        self.most_text = bytes;
        self
    }

    fn next_head(&mut self) -> Result<Option<PartHead>, MultipartError> {
        if self.is_over {
            return Ok(None);
        }
        let Some(head) = self.stream.next_head()? else {
            self.is_over = true;
            return Ok(None);
        };
        if self.parts == self.most_parts {
            let detail = format!("expected at most {} parts, found more", self.most_parts);
            return Err(self.stream.refuse(MultipartError::too_large(detail)));
        }
        self.parts += 1;
        match PartHead::parse(head) {
            Ok(head) => Ok(Some(head)),
            Err(detail) => {
                let detail = format!("part {} of the form: {detail}", self.parts);
                Err(self.stream.refuse(MultipartError::malformed(detail)))
            }
        }
    }
}

/// The boundary of the form that this request says it is.
fn boundary(request: &Request) -> Result<Boundary, Problem> {
    let expected = "multipart/form-data; boundary=...";
    media_type::must_be(request, expected, |essence| {
        essence.eq_ignore_ascii_case(FORM.as_bytes())
    })?;
    let content_type = request.header_bytes("Content-Type").unwrap_or_default();
    Boundary::of(content_type).map_err(|detail| {
        Problem::invalid(Fault::new("header", "Content-Type", detail.into_owned()))
    })
}

impl FromRequest<'_> for Multipart {
    type Rejection = Problem;
    const BODY: BodyUse = BodyUse::Live;

    fn from_request(request: &Request) -> Result<Self, Problem> {
        let boundary = boundary(request)?;
        let Ok(body) = Body::from_request(request);
        let storage = request.storage.clone();
        Ok(Multipart::new(Box::new(body), boundary, storage))
    }
}

/// Absent where there is neither a body nor its type.
impl OptionalFromRequest<'_> for Multipart {
    fn is_absent(request: &Request) -> bool {
        media_type::is_body_absent(request)
    }
}

impl std::fmt::Debug for Multipart {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("Multipart");
        debug.field("parts", &self.parts).finish_non_exhaustive()
    }
}
