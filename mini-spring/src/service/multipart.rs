//! Several ranges in one answer: `multipart/byteranges` (RFC 9110, section 14.6).
//!
//! The parts are read one after the other while they are sent. Knows no request.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Cursor, Read};
use std::ops::Range;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

use crate::content::Content;
use crate::response::{Body, Response};

/// Makes an answer one of these parts, of which there are more than one.
pub(super) fn send(response: &mut Response, content: &Content, parts: &[Range<u64>]) {
    let boundary = boundary();
    let kind = response.fields().get(&CONTENT_TYPE).unwrap_or_default();
    let kind = String::from_utf8_lossy(kind).into_owned();
    let body = Parts::new(content, parts, &kind, &boundary);
    let length = body.length;
    response.turn_into(
        StatusCode::PARTIAL_CONTENT,
        Body::reader(body, Some(length)),
    );
    let kind = format!("multipart/byteranges; boundary={boundary}");
    // Letters and digits are always valid.
    if let Ok(kind) = HeaderValue::try_from(kind) {
        response.fields_mut().set(CONTENT_TYPE, &kind);
    }
}

/// `bytes 0-499/1234` (RFC 9110, section 14.4). The range isn't empty.
pub(super) fn content_range(part: &Range<u64>, length: u64) -> String {
    format!(
        "bytes {}-{}/{length}",
        part.start,
        part.end.saturating_sub(1)
    )
}

/// A line that nobody can know beforehand, and so have written into a file (RFC 2046, section 5.1.1).
fn boundary() -> String {
    let random = || RandomState::new().hash_one(0);
    format!("{:016x}{:016x}", random(), random())
}

/// The parts with their heads, to be read.
struct Parts {
    rest: VecDeque<Box<dyn Read + Send>>,
    /// How many bytes it is, all in all.
    length: u64,
}

impl Parts {
    fn new(content: &Content, parts: &[Range<u64>], kind: &str, boundary: &str) -> Self {
        let mut all = Parts {
            rest: VecDeque::new(),
            length: 0,
        };
        let mut begin = "";
        for part in parts {
            let range = content_range(part, content.length());
            all.text(format!(
                "{begin}--{boundary}\r\nContent-Type: {kind}\r\nContent-Range: {range}\r\n\r\n"
            ));
            all.add(content.piece(part.clone()), part.end - part.start);
            begin = "\r\n";
        }
        all.text(format!("\r\n--{boundary}--\r\n"));
        all
    }

    fn text(&mut self, text: String) {
        let length = text.len() as u64;
        self.add(Cursor::new(text), length);
    }

    fn add(&mut self, part: impl Read + Send + 'static, length: u64) {
        self.rest.push_back(Box::new(part));
        self.length += length;
    }
}

impl Read for Parts {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = self.rest.front_mut() {
            match part.read(into)? {
                0 if !into.is_empty() => self.rest.pop_front(),
                length => return Ok(length),
            };
        }
        Ok(0)
    }
}
