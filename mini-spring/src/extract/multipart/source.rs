//! The bytes of a form, while they come: content up to the next delimiter, then the head behind it.
//!
//! The buffer is all that is in memory of a form, however large it is. Each byte of content is looked at once:
//! what stands in front of `content` belongs to no delimiter, and of what stands behind it only the
//! beginning of a delimiter is kept for the next look. Knows no part and no name.

use std::io::{self, ErrorKind, Read};

use super::MultipartError;
use crate::error::ClientFault;
use crate::http::multipart::{Boundary, Detail, Found, Line};

/// The size of the buffer.
const BUFFER: usize = 64 * 1024;

/// The largest head of a part, in bytes. Browsers send about a hundred, and the name of the file.
const HEAD: usize = 8 * 1024;

/// What stands between two lines of a head, and at its end.
const EMPTY_LINE: &[u8] = b"\r\n\r\n";

/// A form on its way.
pub(super) struct Source {
    source: Box<dyn Read + Send>,
    boundary: Boundary,
    buffer: Box<[u8]>,
    /// What hasn't been used up stands from here ..
    start: usize,
    /// .. to here.
    end: usize,
    /// What stands in front of here is content.
    content: usize,
    at: At,
    /// Why it can't be read on, if it can't, and if that is the client's fault.
    broken: Option<Option<ClientFault>>,
}

/// What stands at the end of the content that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// The CRLF in front of the content, which is the delimiter's if there is none.
    Front,
    /// What isn't known yet.
    Content,
    /// The delimiter.
    Delimiter,
}

impl Source {
    /// The form begins with its preamble, as if it were the content of a part. The first delimiter's CRLF
    /// may be missing; here it never is.
    pub(super) fn new(source: Box<dyn Read + Send>, boundary: Boundary) -> Self {
        let mut buffer = vec![0; BUFFER].into_boxed_slice();
        buffer[..2].copy_from_slice(b"\r\n");
        Source {
            source,
            boundary,
            buffer,
            start: 0,
            end: 2,
            content: 0,
            at: At::Content,
            broken: None,
        }
    }

    /// Content that is here, and where there is none waits for more. It is empty at its end.
    ///
    /// # Errors
    ///
    /// The body can't be read, or ends.
    pub(super) fn content(&mut self) -> Result<&[u8], MultipartError> {
        self.unless_broken(Source::find_content)?;
        Ok(self.here())
    }

    /// Content that is here.
    pub(super) fn here(&self) -> &[u8] {
        &self.buffer[self.start..self.content.max(self.start)]
    }

    /// Leaves the content out, and gives back the head of the next part, without the CRLF of its last line.
    /// `None` behind the last part.
    ///
    /// # Errors
    ///
    /// The body can't be read, ends, or is malformed.
    pub(super) fn next_head(&mut self) -> Result<Option<Vec<u8>>, MultipartError> {
        self.unless_broken(Source::find_head)
    }

    /// What has failed once fails again: nobody knows where to go on.
    fn unless_broken<T>(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<T, MultipartError>,
    ) -> Result<T, MultipartError> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone().map_or_else(unreadable, ClientFault::into));
        }
        step(self).map_err(|error| self.refuse(error))
    }

    /// It isn't read on, because of this error.
    pub(super) fn refuse(&mut self, error: MultipartError) -> MultipartError {
        self.broken = Some(error.client_fault().cloned());
        error
    }

    fn find_content(&mut self) -> Result<(), MultipartError> {
        while self.start == self.content && self.at != At::Delimiter {
            self.look();
            if self.start == self.content && self.at != At::Delimiter {
                self.fill_or_else(|stream| {
                    let boundary = String::from_utf8_lossy(&stream.boundary.delimiter()[2..]);
                    format!("expected the boundary `{boundary}--`, found the end of the body")
                })?;
            }
        }
        Ok(())
    }

    /// So many bytes of the content have been used.
    pub(super) fn consume(&mut self, length: usize) {
        self.start = (self.start + length).min(self.content);
    }

    /// Looks for the delimiter in what has come.
    fn look(&mut self) {
        let (length, at) = match self.boundary.find(&self.buffer[self.content..self.end]) {
            Found::Content(0) => return,
            Found::Content(length) => (length, At::Content),
            Found::Delimiter(length) => (length, At::Delimiter),
        };
        if self.at == At::Front && length > 0 {
            self.start += 2;
        }
        self.content += length;
        self.at = at;
    }

    fn find_head(&mut self) -> Result<Option<Vec<u8>>, MultipartError> {
        self.skip_content()?;
        let Some(padding) = self.line()? else {
            self.skip_epilogue()?;
            return Ok(None);
        };
        self.start += self.boundary.delimiter().len() + padding;
        self.head().map(Some)
    }

    fn skip_content(&mut self) -> Result<(), MultipartError> {
        loop {
            self.find_content()?;
            if self.start == self.content {
                return Ok(());
            }
            self.start = self.content;
        }
    }

    /// How much white space stands behind the delimiter; `None`: it was the last.
    fn line(&mut self) -> Result<Option<usize>, MultipartError> {
        let behind = self.boundary.delimiter().len();
        loop {
            let line = Boundary::line(&self.buffer[self.start + behind..self.end]);
            match line
                .map_err(Detail::into_owned)
                .map_err(MultipartError::malformed)?
            {
                Line::Part(padding) => return Ok(Some(padding)),
                Line::Last => return Ok(None),
                Line::LastAtEnd if self.fill()? == 0 => return Ok(None),
                Line::LastAtEnd => {}
                Line::Partial => self.fill_or_else(|_| {
                    "expected `--` or a part behind the boundary, found the end of the body"
                        .to_owned()
                })?,
            }
        }
    }

    /// The head of a part; the CRLF in front of it is here. The CRLF behind it stays in the buffer: where
    /// there is no content, it belongs to the delimiter.
    fn head(&mut self) -> Result<Vec<u8>, MultipartError> {
        let length = self.head_length()?;
        let end = self.start + length;
        // A head without fields has one CRLF in front and behind.
        let head = self.buffer.get(self.start + 2..end);
        let head = head.unwrap_or_default().to_vec();
        self.start = end + 2;
        (self.content, self.at) = (self.start, At::Front);
        Ok(head)
    }

    /// How long the head is with the CRLF in front of it. What was looked at isn't looked at again when more
    /// has come.
    fn head_length(&mut self) -> Result<usize, MultipartError> {
        let mut looked = 0;
        loop {
            let bytes = &self.buffer[self.start..self.end];
            let found = memchr::memmem::find(&bytes[looked..], EMPTY_LINE);
            looked = match found {
                Some(place) => looked + place,
                None => bytes.len().saturating_sub(EMPTY_LINE.len() - 1),
            };
            if looked > HEAD + 2 {
                let detail = format!("expected the head of a part in {HEAD} bytes, found more");
                return Err(MultipartError::too_large(detail));
            }
            if found.is_some() {
                return self.without_delimiter(looked);
            }
            self.fill_or_else(|_| {
                "expected an empty line behind the head of a part, found the end of the body"
                    .to_owned()
            })?;
        }
    }

    /// The length of a head, unless there is a delimiter in it: others would end the part there (RFC 2046, section
    /// 5.1.1: no line of a part begins with the boundary).
    fn without_delimiter(&self, length: usize) -> Result<usize, MultipartError> {
        match self
            .boundary
            .find(&self.buffer[self.start..self.start + length])
        {
            Found::Content(_) => Ok(length),
            Found::Delimiter(_) => Err(MultipartError::malformed(
                "expected an empty line behind the head of a part, found the boundary",
            )),
        }
    }

    /// Reads what stands behind the last part, which means nothing, so that the connection can go on.
    fn skip_epilogue(&mut self) -> Result<(), MultipartError> {
        (self.start, self.content, self.end) = (0, 0, 0);
        while self.fill()? > 0 {
            self.end = 0;
        }
        Ok(())
    }

    /// Has more bytes come, or says what was expected instead of the end.
    fn fill_or_else(&mut self, detail: impl Fn(&Self) -> String) -> Result<(), MultipartError> {
        match self.fill()? {
            0 => Err(MultipartError::malformed(detail(self))),
            _ => Ok(()),
        }
    }

    /// Has more bytes come, and says how many; none at the end. There is room: what is kept meanwhile is a
    /// delimiter with its line, or a head, and both are shorter than the buffer.
    fn fill(&mut self) -> Result<usize, MultipartError> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.content = self.content.saturating_sub(self.start);
            self.start = 0;
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(length) => {
                    self.end += length;
                    return Ok(length);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn unreadable() -> MultipartError {
    io::Error::other("reading it has failed before").into()
}
