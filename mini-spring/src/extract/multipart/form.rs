//! [`MultipartForm`]: a form with files as a whole.

use serde::Deserialize;

use super::part::Most;
use super::{Multipart, MultipartError, boundary, safe_file_name};
use crate::extract::{BodyUse, FromRequest, OptionalFromRequest, TempFile, media_type, pairs};
use crate::http::multipart::PartHead;
use crate::request::Request;
use crate::respond::{Fault, Problem};

/// A form with files, `multipart/form-data` (RFC 7578), as a whole: fields by name as text, files as
/// [`TempFile`].
///
/// ```
/// use mini_spring::{MultipartForm, Problem, TestApp, route, routes};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Photo<'f> {
///     title: &'f str,
///     #[serde(default)]
///     tag: Vec<&'f str>,
/// }
///
/// #[route(POST, "/photos", body_limit = "50MiB")]
/// fn upload(mut form: MultipartForm) -> mini_spring::Result<String> {
///     let file = form.take_file("photo").ok_or(Problem::bad_request("choose a photo"))?;
///     let photo: Photo = form.read()?;
///     let answer = format!("{} {:?}: {} bytes", photo.title, photo.tag, file.file().length());
///     let path = std::env::temp_dir().join(file.safe_file_name().unwrap_or("photo"));
///     file.into_file().persist(path)?;
///     Ok(answer)
/// }
///
/// let app = TestApp::of(routes![upload]);
/// let request = app.post("/photos").multipart(|form| {
///     form.text("title", "Rome").text("tag", "sun").file("photo", "mini-spring-doc.jpg", "rgb")
/// });
/// request.send().assert_text("Rome [\"sun\"]: 3 bytes");
/// # std::fs::remove_file(std::env::temp_dir().join("mini-spring-doc.jpg")).unwrap();
/// ```
///
/// The handler is called when all of it has arrived, so that a slow upload holds no thread, as with a
/// [`TempFile`]: the server writes what is larger than `server.body_buffer` (64 KiB) to disk while it arrives, and
/// each file is written once more from there. For large files take a [`Multipart`], which writes them once,
/// or reads them without writing anything; [`Multipart::collect`] makes such a form of it, with limits of your own.
///
/// A part with the name of a file is a file, unless that is empty and so is the part: nothing was
/// chosen. All other parts are fields, and UTF-8. Of all files together `server.body_buffer` stays in memory.
///
/// # Errors
///
/// 415 for any other content type, 400 for a malformed form, 413 for more than 1,000 parts or more than 1 MiB of
/// text in all fields.
#[derive(Debug, Default)]
pub struct MultipartForm {
    fields: Vec<(String, String)>,
    files: Vec<UploadedFile>,
}

/// A file of a [`MultipartForm`].
///
/// ```
/// use mini_spring::{MultipartForm, TestApp, route, routes};
///
/// #[route(POST, "/photos")]
/// fn upload(form: MultipartForm) -> String {
///     assert_eq!(form.texts("tag").collect::<Vec<_>>(), ["sun", "sea"]);
///     assert_eq!(form.files().len(), 1);
///     let mut answer = String::new();
///     for file in form.into_files() {
///         assert_eq!((file.name(), file.file_name()), ("photo", "../rome.jpg"));
///         assert_eq!(file.safe_file_name(), Some("rome.jpg"));
///         assert_eq!(file.content_type(), Some("image/jpeg"));
///         assert_eq!(file.file().length(), 3);
///         answer += &format!("{:?}", file.into_file().path());
///     }
///     answer
/// }
///
/// let request = TestApp::of(routes![upload]);
/// let request = request.post("/photos").multipart(|form| {
///     let form = form.text("tag", "sun").text("tag", "sea");
///     form.file_of_type("photo", "../rome.jpg", "image/jpeg", "rgb")
/// });
/// // As small as this, it is in memory.
/// request.send().assert_text("None");
/// ```
#[derive(Debug)]
pub struct UploadedFile {
    head: PartHead,
    file: TempFile,
}

impl MultipartForm {
    /// The text of the first field of this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).next()
    }

    /// The texts of all fields of this name, in order.
    ///
    /// ```
    /// use mini_spring::MultipartForm;
    ///
    /// fn tags(form: &MultipartForm) -> Vec<&str> {
    ///     form.texts("tag").collect()
    /// }
    /// ```
    pub fn texts<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        let fields = self.fields.iter();
        fields
            .filter(move |(found, _)| found == name)
            .map(|(_, text)| &**text)
    }

    /// All fields as one value, read by serde as a [`Form`](crate::Form) is, and by the same rules.
    ///
    /// # Errors
    ///
    /// 400, which names the field.
    pub fn read<'f, T: Deserialize<'f>>(&'f self) -> Result<T, Problem> {
        let fields = self.fields.iter();
        let pairs = fields.map(|(name, text)| (&**name, Ok(Some(&**text))));
        pairs::from_pairs(pairs.collect()).map_err(|error| {
            let name = error.name.unwrap_or_default();
            Problem::invalid(Fault::new("body", name, error.detail))
        })
    }

    /// The first file of the field of this name.
    pub fn file(&self, name: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|file| file.name() == name)
    }

    /// The same, taken out of the form.
    pub fn take_file(&mut self, name: &str) -> Option<UploadedFile> {
        let index = self.files.iter().position(|file| file.name() == name)?;
        Some(self.files.remove(index))
    }

    /// All files that are in the form, of all fields, in order.
    ///
    /// ```
    /// use mini_spring::MultipartForm;
    ///
    /// fn size(form: &MultipartForm) -> u64 {
    ///     form.files().iter().map(|file| file.file().length()).sum()
    /// }
    /// ```
    pub fn files(&self) -> &[UploadedFile] {
        &self.files
    }

    /// The same, for good.
    ///
    /// ```
    /// use std::{io, path::Path};
    /// use mini_spring::MultipartForm;
    ///
    /// fn keep(form: MultipartForm, directory: &Path) -> io::Result<()> {
    ///     for (index, file) in form.into_files().into_iter().enumerate() {
    ///         file.into_file().persist(directory.join(index.to_string()))?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn into_files(self) -> Vec<UploadedFile> {
        self.files
    }
}

impl UploadedFile {
    /// The name of the form's field.
    pub fn name(&self) -> &str {
        self.head.name()
    }

    /// The name of the file as the client says it: never a path to write to.
    pub fn file_name(&self) -> &str {
        self.head.file_name().unwrap_or_default()
    }

    /// The last segment of that, if it can be the name of a file here, as
    /// [`Part::safe_file_name`](crate::Part::safe_file_name) says.
    pub fn safe_file_name(&self) -> Option<&str> {
        safe_file_name(self.file_name())
    }

    /// The media type that the client says it has.
    pub fn content_type(&self) -> Option<&str> {
        std::str::from_utf8(self.head.field("Content-Type")?).ok()
    }

    /// The content.
    pub fn file(&self) -> &TempFile {
        &self.file
    }

    /// The content, to be persisted.
    pub fn into_file(self) -> TempFile {
        self.file
    }
}

impl Multipart {
    /// Reads the form to its end: fields as text, [`Multipart::limit_text`] for all of them together, and files as
    /// [`TempFile`], of which `server.body_buffer` (64 KiB) stays in memory altogether.
    ///
    /// ```
    /// use mini_spring::{Multipart, route};
    ///
    /// #[route(POST, "/mail", body_limit = "100MiB")]
    /// fn mail(form: Multipart) -> mini_spring::Result<String> {
    ///     let form = form.limit_parts(20).limit_text(64 * 1024).collect()?;
    ///     let subject = form.text("subject").unwrap_or("(none)");
    ///     Ok(format!("{subject}: {} attachments", form.files().len()))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The form is malformed, larger than that, or can't be read, a field is no UTF-8, or a file can't be
    /// written.
    pub fn collect(mut self) -> Result<MultipartForm, MultipartError> {
        let mut form = MultipartForm::default();
        let (mut text, mut memory) = (self.most_text, self.storage.memory);
        let most = Most {
            bytes: self.most_text as u64,
            what: " of text in all fields",
        };
        while let Some(part) = self.next_part()? {
            let head = part.head().clone();
            let Some(file_name) = head.file_name() else {
                let field = part.limit_to(text as u64, most).into_text()?;
                text -= field.len();
                form.fields.push((head.name().to_owned(), field));
                continue;
            };
            let is_unnamed = file_name.is_empty();
            let file = part.spool_behind(memory, |_| {})?;
            if file.path().is_none() {
                memory -= file.length() as usize;
            }
            if !is_unnamed || file.length() > 0 {
                form.files.push(UploadedFile { head, file });
            }
        }
        Ok(form)
    }
}

impl FromRequest<'_> for MultipartForm {
    type Rejection = Problem;
    const BODY: BodyUse = BodyUse::Spooled;

    fn from_request(request: &Request) -> Result<Self, Problem> {
        let boundary = boundary(request)?;
        let Ok(body) = TempFile::from_request(request);
        let source = body.into_reader().map_err(MultipartError::storage)?;
        let form = Multipart::new(source, boundary, request.storage.clone());
        Ok(form.collect()?)
    }
}

/// Absent where there is neither a body nor its type.
impl OptionalFromRequest<'_> for MultipartForm {
    fn is_absent(request: &Request) -> bool {
        media_type::is_body_absent(request)
    }
}
