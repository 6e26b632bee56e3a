//! The bytes of an answer, taken apart as a client does while they come (RFC 9112, sections 4 to 7).
//!
//! They are this server's own, so what isn't as it should be is a fault of its own, and a panic.

use http::StatusCode;

use crate::http::chunked::{Cursor, Decoder};
use crate::http::head::Progress;

/// How much is shown of a message where an assertion fails.
const SHOWN: usize = 4 * 1024;

const MALFORMED: &str = "the server has written a malformed answer";

/// Status and fields of an answer.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// Takes a head apart; it ends in front of its empty line.
    fn read(head: &[u8]) -> Self {
        let (line, mut rest) = cut(head, b"\r\n").unwrap_or((head, b""));
        let status = line.get(9..12).map(StatusCode::from_bytes);
        let mut head = Head {
            status: status.and_then(Result::ok).expect(MALFORMED),
            fields: Vec::new(),
        };
        while !rest.is_empty() {
            let (field, others) = cut(rest, b"\r\n").unwrap_or((rest, b""));
            let (name, value) = cut(field, b": ").expect(MALFORMED);
            let name = String::from_utf8_lossy(name).into_owned();
            head.fields.push((name, value.to_vec()));
            rest = others;
        }
        head
    }

    /// The value of the first field of this name, in any case.
    pub(super) fn field(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// The values of all fields of this name, in any case.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let named = move |(known, _): &&(String, _)| known.eq_ignore_ascii_case(name);
        let fields = self.fields.iter().filter(named);
        fields.map(|(_, value)| &value[..])
    }

    /// How the end of the body is found (RFC 9112, section 6.3).
    fn framing(&self, is_head: bool) -> Framing {
        let status = self.status;
        if is_head || status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED {
            return Framing::Length(0);
        }
        if self.field("transfer-encoding") == Some(b"chunked") {
            return Framing::Chunked(Decoder::default());
        }
        match self.field("content-length").map(std::str::from_utf8) {
            Some(length) => {
                let length = length.ok().and_then(|length| length.parse().ok());
                Framing::Length(length.expect(MALFORMED))
            }
            None => Framing::Close,
        }
    }
}

/// What is still to come of a body.
#[derive(Debug)]
enum Framing {
    Length(usize),
    Chunked(Decoder),
    /// Everything up to the end of the connection.
    Close,
    /// Nothing.
    Done,
}

/// An answer while it comes, in any portions.
#[derive(Debug)]
pub(super) struct Incoming {
    /// The request was HEAD: its answer has no body, whatever the fields say.
    is_head: bool,
    /// What has come, as far as it is shown, and how long it is.
    beginning: Vec<u8>,
    length: usize,
    /// What has come of the head.
    unread: Vec<u8>,
    head: Option<Head>,
    framing: Framing,
    /// The body, without the framing of chunks.
    pub(super) body: Vec<u8>,
}

impl Incoming {
    /// The answer to this request.
    pub(super) fn to(request: &[u8]) -> Self {
        Incoming {
            is_head: request.trim_ascii_start().starts_with(b"HEAD "),
            beginning: Vec::new(),
            length: 0,
            unread: Vec::new(),
            head: None,
            framing: Framing::Close,
            body: Vec::new(),
        }
    }

    /// Takes what has come.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.length += bytes.len();
        let shown = bytes.len().min(SHOWN - self.beginning.len());
        self.beginning.extend_from_slice(&bytes[..shown]);
        if self.head.is_some() {
            return self.take_body(bytes);
        }
        self.unread.extend_from_slice(bytes);
        while self.head.is_none()
            && let Some((head, rest)) = cut(&self.unread, b"\r\n\r\n")
        {
            let (head, rest) = (Head::read(head), rest.to_vec());
            // An interim answer is followed by the final one (RFC 9110, section 15.2).
            if head.status.is_informational() {
                self.unread = rest;
                continue;
            }
            self.framing = head.framing(self.is_head);
            self.head = Some(head);
            self.unread = Vec::new();
            self.take_body(&rest);
        }
    }

    fn take_body(&mut self, bytes: &[u8]) {
        match &mut self.framing {
            Framing::Length(left) => {
                *left = left.checked_sub(bytes.len()).expect(MALFORMED);
                self.body.extend_from_slice(bytes);
            }
            Framing::Close => self.body.extend_from_slice(bytes),
            Framing::Done => assert!(bytes.is_empty(), "{MALFORMED}"),
            Framing::Chunked(decoder) => {
                let mut piece = bytes.to_vec();
                let mut cursor = Cursor { read: 0, write: 0 };
                let progress = decoder.decode(&mut piece, &mut cursor).expect(MALFORMED);
                let is_used_up = cursor.read == piece.len();
                assert!(is_used_up, "{MALFORMED}");
                self.body.extend_from_slice(&piece[..cursor.write]);
                if progress == Progress::Complete {
                    self.framing = Framing::Done;
                }
            }
        }
        if let Framing::Length(0) = self.framing {
            self.framing = Framing::Done;
        }
    }

    /// Nothing more comes: the connection has ended.
    ///
    /// # Errors
    ///
    /// The answer isn't whole.
    pub(super) fn end(&mut self) -> Result<(), &'static str> {
        match (&self.head, &self.framing) {
            (Some(_), Framing::Done | Framing::Close) => {
                self.framing = Framing::Done;
                Ok(())
            }
            (None, _) if self.length == 0 => Err("the connection has ended without it"),
            _ => Err("the connection has ended before it"),
        }
    }

    /// Whether all of it is there.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.framing, Framing::Done)
    }

    /// Status and fields, once they are there.
    pub(super) fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// Its head, its body, and how it is shown.
    pub(super) fn into_parts(self) -> (Head, Vec<u8>, String) {
        let shown = self.shown();
        (self.head.expect(MALFORMED), self.body, shown)
    }

    /// As much of it as is shown where an assertion fails.
    pub(super) fn shown(&self) -> String {
        shown_of(&self.beginning, self.length)
    }

    /// How many bytes have come.
    pub(super) fn length(&self) -> usize {
        self.length
    }
}

/// What stands before and behind the first of these separators.
pub(super) fn cut<'b>(bytes: &'b [u8], separator: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let mut windows = bytes.windows(separator.len());
    let at = windows.position(|window| window == separator)?;
    Some((&bytes[..at], &bytes[at + separator.len()..]))
}

/// A message as it is shown where an assertion fails.
pub(super) fn shown(message: &[u8]) -> String {
    shown_of(&message[..message.len().min(SHOWN)], message.len())
}

fn shown_of(beginning: &[u8], length: usize) -> String {
    let text = String::from_utf8_lossy(beginning).replace('\r', "");
    match length - beginning.len() {
        0 => text,
        left => format!("{text}.. and {left} bytes more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes the answer in, whole and byte by byte.
    #[track_caller]
    fn check(request: &str, answer: &str, expected: (u16, &str)) {
        for size in [answer.len(), 1, 3] {
            let mut incoming = Incoming::to(request.as_bytes());
            for portion in answer.as_bytes().chunks(size) {
                incoming.take(portion);
            }
            incoming.end().expect(answer);
            let (head, body, _) = incoming.into_parts();
            assert_eq!(
                (head.status.as_u16(), &*body),
                (expected.0, expected.1.as_bytes())
            );
        }
    }

    #[test]
    fn bodies_end_where_their_head_says() {
        let get = "GET / HTTP/1.1\r\n\r\n";
        let known = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc";
        check(get, known, (200, "abc"));
        check(
            "HEAD / HTTP/1.1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n",
            (200, ""),
        );
        let chunked =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        check(get, chunked, (200, "abc"));
        check(
            get,
            "HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\nabc",
            (404, "abc"),
        );
        check(get, "HTTP/1.1 204 No Content\r\n\r\n", (204, ""));
        check(
            get,
            &format!("HTTP/1.1 100 Continue\r\n\r\n{known}"),
            (200, "abc"),
        );
    }

    #[test]
    fn what_breaks_off_is_not_whole() {
        let check = |answer: &str, expected| {
            let mut incoming = Incoming::to(b"GET / HTTP/1.1\r\n\r\n");
            incoming.take(answer.as_bytes());
            assert!(!incoming.is_whole());
            assert_eq!(incoming.end(), Err(expected));
        };
        check("", "the connection has ended without it");
        check("HTTP/1.1 200 OK\r\n", "the connection has ended before it");
        check(
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab",
            "the connection has ended before it",
        );
        let chunks = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n";
        check(chunks, "the connection has ended before it");
    }
}
