//! The bytes of an answer, taken apart as a client does (RFC 9112, sections 4 to 7).
//!
//! They are this server's own, so what isn't as it should be is a fault of its own, and a panic.

use http::StatusCode;

use crate::http::chunked::{Cursor, Decoder};
use crate::http::head::Progress;

/// An answer, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) fields: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

/// How much is shown of a message where an assertion fails.
const SHOWN: usize = 4 * 1024;

const MALFORMED: &str = "the server has written a malformed answer";

impl Answer {
    /// Takes the answer to one request apart.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let (head, body) = cut(bytes, b"\r\n\r\n").expect(MALFORMED);
        let (line, mut rest) = cut(head, b"\r\n").unwrap_or((head, b""));
        let status = line.get(9..12).map(StatusCode::from_bytes);
        let mut answer = Answer {
            status: status.and_then(Result::ok).expect(MALFORMED),
            fields: Vec::new(),
            body: body.to_vec(),
        };
        while !rest.is_empty() {
            let (field, others) = cut(rest, b"\r\n").unwrap_or((rest, b""));
            let (name, value) = cut(field, b": ").expect(MALFORMED);
            let name = String::from_utf8_lossy(name).into_owned();
            answer.fields.push((name, value.to_vec()));
            rest = others;
        }
        if answer.field("transfer-encoding") == Some(b"chunked") && !body.is_empty() {
            answer.body = dechunked(answer.body);
        }
        answer
    }

    /// The value of the first field of this name, in any case.
    pub(super) fn field(&self, name: &str) -> Option<&[u8]> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| &value[..])
    }
}

/// What stands before and behind the first of these separators.
fn cut<'b>(bytes: &'b [u8], separator: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let mut windows = bytes.windows(separator.len());
    let at = windows.position(|window| window == separator)?;
    Some((&bytes[..at], &bytes[at + separator.len()..]))
}

fn dechunked(mut body: Vec<u8>) -> Vec<u8> {
    let mut cursor = Cursor { read: 0, write: 0 };
    let progress = Decoder::default().decode(&mut body, &mut cursor);
    assert_eq!(progress, Ok(Progress::Complete), "{MALFORMED}");
    body.truncate(cursor.write);
    body
}

/// A message as it is shown where an assertion fails.
pub(super) fn shown(message: &[u8]) -> String {
    let part = &message[..message.len().min(SHOWN)];
    let text = String::from_utf8_lossy(part).replace('\r', "");
    match message.len() - part.len() {
        0 => text,
        left => format!("{text}.. and {left} bytes more"),
    }
}
