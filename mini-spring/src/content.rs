//! Bytes of which any part can be read: those of a file, or some in memory.
//!
//! Knows nothing of names, of the web, or of who wants them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use crate::http::buffers;

/// The bytes, and how many they are.
///
/// Copies share one file and its position: of several pieces only one may be read at a time, to its end.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// A regular file that had this length when it was opened.
    File(Arc<File>, u64),
    /// Bytes in memory.
    Memory(Arc<Cow<'static, [u8]>>),
}

impl Content {
    /// How many bytes there are.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Content::File(_, length) => *length,
            Content::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// A part, to be read. It must lie inside.
    pub(crate) fn piece(&self, range: Range<u64>) -> Piece {
        Piece {
            content: self.clone(),
            rest: range,
            is_placed: false,
        }
    }

    /// A part that is small enough to be in memory, in a recycled buffer. It must lie inside.
    ///
    /// # Errors
    ///
    /// The file can't be read, or has become shorter.
    pub(crate) fn bytes(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let mut bytes = buffers::take();
        let length = usize::try_from(range.end - range.start).unwrap_or_default();
        bytes.reserve_exact(length);
        self.piece(range).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A part that is being read. It is all there, or reading it is an error.
#[derive(Debug)]
pub(crate) struct Piece {
    content: Content,
    rest: Range<u64>,
    /// The file's position is where the rest begins.
    is_placed: bool,
}

impl Read for Piece {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.rest.end - self.rest.start).unwrap_or(usize::MAX);
        let most = into.len().min(left);
        if most == 0 {
            return Ok(0);
        }
        let length = match &self.content {
            Content::Memory(bytes) => copy(bytes, self.rest.start, &mut into[..most]),
            Content::File(file, _) => {
                let mut file: &File = file;
                if !self.is_placed {
                    file.seek(SeekFrom::Start(self.rest.start))?;
                    self.is_placed = true;
                }
                file.read(&mut into[..most])?
            }
        };
        if length == 0 {
            return Err(shortened(left));
        }
        self.rest.start += length as u64;
        Ok(length)
    }
}

fn copy(bytes: &[u8], start: u64, into: &mut [u8]) -> usize {
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let rest = bytes.get(start..).unwrap_or_default();
    let length = rest.len().min(into.len());
    into[..length].copy_from_slice(&rest[..length]);
    length
}

fn shortened(left: usize) -> io::Error {
    let message =
        format!("the file has become shorter while it was read: {left} bytes are missing");
    io::Error::new(io::ErrorKind::UnexpectedEof, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn contents() -> (tempfile::NamedTempFile, [Content; 2]) {
        let mut named = tempfile::NamedTempFile::new().unwrap();
        named.write_all(b"0123456789").unwrap();
        let file = Content::File(Arc::new(named.reopen().unwrap()), 10);
        let memory = Content::Memory(Arc::new(Cow::Borrowed(b"0123456789")));
        (named, [file, memory])
    }

    #[test]
    fn parts_are_read_one_after_the_other() {
        let (_named, contents) = contents();
        for content in contents {
            assert_eq!(content.length(), 10);
            for (range, expected) in [
                (7..9, "78"),
                (0..10, "0123456789"),
                (3..3, ""),
                (9..10, "9"),
            ] {
                assert_eq!(content.bytes(range.clone()).unwrap(), expected.as_bytes());
                let mut piece = content.piece(range);
                let mut read = Vec::new();
                let mut byte = [0];
                while piece.read(&mut byte).unwrap() > 0 {
                    read.extend(byte);
                }
                assert_eq!(read, expected.as_bytes());
            }
        }
    }

    #[test]
    fn a_file_that_has_become_shorter_is_an_error_and_one_that_grew_is_none() {
        let (mut named, [content, _]) = contents();
        named.write_all(b"more").unwrap();
        assert_eq!(content.bytes(5..10).unwrap(), b"56789");
        named.as_file().set_len(7).unwrap();
        let error = content.bytes(5..10).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(
            error.to_string(),
            "the file has become shorter while it was read: 3 bytes are missing"
        );
    }
}
