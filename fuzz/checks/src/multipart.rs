//! Forms with files: the same parts wherever the source is cut, and the same as read step by step by the rules of
//! RFC 2046 and RFC 7578.

use std::collections::VecDeque;
use std::io::{self, Read};

use mini_spring::__inside::readers::{multipart_form, part_head};
use mini_spring::{Multipart, MultipartError};

use crate::cuts;

/// Below the limit of a part's head, which the rules don't have.
const MOST: usize = 4096;

/// How much white space may stand behind a boundary.
const PADDING: usize = 256;

const DELIMITER: &[u8] = b"\r\n--x";

/// A part: name, name of the file, content.
type Seen = (String, Option<String>, Vec<u8>);

/// Checks `bytes` as a form with the boundary `x`, and their first line as the name of a part.
pub fn check(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(MOST)];
    let expected = parts(bytes);
    let whole = read(form(&[bytes]));
    if let Ok(parts) = &whole {
        let length: usize = parts
            .iter()
            .map(|(name, file, content)| {
                name.len() + file.as_ref().map_or(0, String::len) + content.len()
            })
            .sum();
        assert!(length <= bytes.len());
    }
    assert_eq!(whole.as_ref().ok(), expected.as_ref());
    let whole = whole.map_err(|error| (error.status(), error.to_string()));
    for way in cuts::few_ways(bytes) {
        let found = read(form(&way)).map_err(|error| (error.status(), error.to_string()));
        assert_eq!(found, whole, "{way:?}");
    }
    check_name(bytes);
}

/// Gives pieces, one by one.
struct Pieces(VecDeque<Vec<u8>>);

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(mut piece) = self.0.pop_front() else {
            return Ok(0);
        };
        let length = (&piece[..]).read(into)?;
        if length < piece.len() {
            self.0.push_front(piece.split_off(length));
        }
        Ok(length)
    }
}

fn form(pieces: &[&[u8]]) -> Multipart {
    let pieces = pieces.iter().filter(|piece| !piece.is_empty());
    let source = Pieces(pieces.map(|piece| piece.to_vec()).collect());
    let content_type = b"multipart/form-data; boundary=x";
    multipart_form(Box::new(source), content_type).expect("a boundary")
}

fn read(mut form: Multipart) -> Result<Vec<Seen>, MultipartError> {
    let mut seen = Vec::new();
    while let Some(part) = form.next_part()? {
        let (name, file) = (part.name().to_owned(), part.file_name().map(str::to_owned));
        if let Some(safe) = part.safe_file_name() {
            let forbidden = ['/', '\\', '\0', ':'];
            assert!(
                !safe.contains(forbidden) && !matches!(safe, "" | "." | ".."),
                "{safe:?}"
            );
        }
        seen.push((name, file, part.bytes(u64::MAX)?));
    }
    assert!(form.next_part()?.is_none());
    Ok(seen)
}

/// The parts of a form, or `None` where it is malformed.
fn parts(body: &[u8]) -> Option<Vec<Seen>> {
    // The first delimiter may begin the body.
    let body = [b"\r\n", body].concat();
    let mut pieces = split(&body).into_iter();
    pieces.next()?;
    let mut seen = Vec::new();
    loop {
        let piece = pieces.next()?;
        let is_delimited = pieces.len() > 0;
        if let Some(rest) = piece.strip_prefix(b"--") {
            // What follows the last line is epilogue, with whatever is in it.
            let rest = without_padding(rest)?;
            return (rest.starts_with(b"\r\n") || rest.is_empty()).then_some(seen);
        }
        seen.push(part(piece, is_delimited)?);
    }
}

fn split(body: &[u8]) -> Vec<&[u8]> {
    let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
    while at < body.len() {
        if body[at..].starts_with(DELIMITER) {
            pieces.push(&body[start..at]);
            at += DELIMITER.len();
            start = at;
        } else {
            at += 1;
        }
    }
    pieces.push(&body[start..]);
    pieces
}

fn without_padding(bytes: &[u8]) -> Option<&[u8]> {
    let padding = bytes
        .iter()
        .take_while(|byte| b" \t".contains(byte))
        .count();
    (padding <= PADDING).then(|| &bytes[padding..])
}

/// What stands between two delimiters.
fn part(piece: &[u8], is_delimited: bool) -> Option<Seen> {
    let mut rest = without_padding(piece)?.strip_prefix(b"\r\n")?;
    let mut lines: Vec<&[u8]> = Vec::new();
    let content = loop {
        // An empty line, or none: then there is no content, and the CRLF is the delimiter's.
        if rest.is_empty() {
            break rest;
        }
        if let Some(content) = rest.strip_prefix(b"\r\n") {
            break content;
        }
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        lines.push(&rest[..end]);
        rest = &rest[end + 2..];
    };
    let (name, file) = part_head(&lines.join(&b"\r\n"[..]))?;
    is_delimited.then(|| (name, file, content.to_vec()))
}

/// A name as a browser sends it is the name again, unless something in it looks like an escape.
fn check_name(bytes: &[u8]) {
    let line = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let name = String::from_utf8_lossy(line);
    let escapes = ["\\\\", "\\\"", "%22", "%0a", "%0d"];
    let lower = name.to_ascii_lowercase();
    let is_plain = |c: char| c == '\r' || c == '\t' || !c.is_ascii_control();
    if escapes.iter().any(|escape| lower.contains(escape)) || !name.chars().all(is_plain) {
        return;
    }
    let sent = name.replace('"', "%22").replace('\r', "%0D");
    // A backslash in front of the quote at the end would be an escape.
    if sent.ends_with('\\') {
        return;
    }
    let head = format!("Content-Disposition: form-data; name=\"{sent}\"; filename=\"{sent}\"");
    let found = part_head(head.as_bytes()).expect("a head as browsers send it");
    assert_eq!(found, (name.to_string(), Some(name.into_owned())));
}
