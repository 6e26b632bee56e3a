//! The head of an answer, as bytes (RFC 9112, sections 4 to 6).
//!
//! Knows what the framing of an answer must be; the body itself is the caller's.

use http::{StatusCode, Version};

use super::date::DateCache;
use super::fields::Fields;

/// How the body of an answer is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// Content-Length.
    Length(u64),
    /// Chunked transfer coding.
    Chunked,
    /// The end of the connection: HTTP/1.0 and a body of unknown length (RFC 9112, section 6.3).
    Close,
    /// There can be no body: 1xx, 204 and 304 (RFC 9110, section 6.4.1).
    Nothing,
    /// There must be none, and the length says so: 205 (RFC 9110, section 15.3.6).
    Empty,
}

impl Delimiter {
    #[cold]
    fn without_body(status: StatusCode) -> Self {
        match status {
            StatusCode::RESET_CONTENT => Delimiter::Empty,
            _ => Delimiter::Nothing,
        }
    }

    /// Whether nothing comes behind the head, whatever the request was.
    #[inline]
    pub(crate) fn is_bodiless(self) -> bool {
        matches!(self, Delimiter::Nothing | Delimiter::Empty)
    }

    /// How a body of this length is delimited; `None` is an unknown length.
    pub(crate) fn of(status: StatusCode, version: Version, length: Option<u64>) -> Self {
        match length {
            _ if is_bodiless(status) => Delimiter::without_body(status),
            Some(length) => Delimiter::Length(length),
            None if version == Version::HTTP_10 => Delimiter::Close,
            None => Delimiter::Chunked,
        }
    }
}

/// Whether an answer of this status has no body, whatever the request was (RFC 9110, sections 6.4.1 and 15.3.6).
pub(crate) fn is_bodiless(status: StatusCode) -> bool {
    status.is_informational()
        || matches!(
            status,
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
        )
}

/// What is said about the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// Nothing: HTTP/1.1 persists by default.
    Implied,
    /// `Connection: keep-alive`: HTTP/1.0 must be told (RFC 9112, section 9.3).
    KeepAlive,
    /// `Connection: close` (section 9.6).
    Close,
}

/// The parts of an answer's head.
#[derive(Debug)]
pub(crate) struct AnswerHead<'a> {
    pub(crate) status: StatusCode,
    pub(crate) fields: &'a Fields,
    pub(crate) delimiter: Delimiter,
    pub(crate) persistence: Persistence,
    /// Seconds of Unix time.
    pub(crate) now: u64,
}

/// Appends the status line, the fields and the empty line.
pub(crate) fn head(out: &mut Vec<u8>, dates: &mut DateCache, answer: &AnswerHead<'_>) {
    // Nearly every answer is a 200: its status line stands before the date, ready to be copied.
    if answer.status == StatusCode::OK {
        out.extend_from_slice(dates.ok_at(answer.now));
    } else {
        status_line(out, answer.status);
        out.extend_from_slice(dates.field_at(answer.now));
    }
    answer.fields.write(out);
    match answer.delimiter {
        Delimiter::Length(length) => {
            out.extend_from_slice(b"content-length: ");
            decimal(out, length);
        }
        Delimiter::Chunked => out.extend_from_slice(b"transfer-encoding: chunked\r\n"),
        Delimiter::Empty => out.extend_from_slice(b"content-length: 0\r\n"),
        Delimiter::Close | Delimiter::Nothing => {}
    }
    match answer.persistence {
        Persistence::Implied => out.extend_from_slice(b"\r\n"),
        Persistence::KeepAlive => out.extend_from_slice(b"connection: keep-alive\r\n\r\n"),
        Persistence::Close => out.extend_from_slice(b"connection: close\r\n\r\n"),
    }
}

/// A number and the end of its line. Short ones, which most are, become one copy of known size.
#[inline]
fn decimal(out: &mut Vec<u8>, number: u64) {
    let digit = |unit: u64| b'0' + (number / unit % 10) as u8;
    match number {
        0..=9 => out.extend_from_slice(&[digit(1), b'\r', b'\n']),
        10..=99 => out.extend_from_slice(&[digit(10), digit(1), b'\r', b'\n']),
        100..=999 => out.extend_from_slice(&[digit(100), digit(10), digit(1), b'\r', b'\n']),
        _ => {
            out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
            out.extend_from_slice(b"\r\n");
        }
    }
}

/// The interim answer that asks for the body (RFC 9110, section 15.2.1).
pub(crate) const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

fn status_line(out: &mut Vec<u8>, status: StatusCode) {
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.push(b' ');
    // The reason may be empty, the space in front of it may not: RFC 9112, section 4.
    out.extend_from_slice(status.canonical_reason().unwrap_or_default().as_bytes());
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests {
    use super::*;

    fn encode(status: u16, delimiter: Delimiter, persistence: Persistence) -> String {
        let fields = Fields::of_type("text/plain");
        let mut out = Vec::new();
        let answer = AnswerHead {
            status: StatusCode::from_u16(status).unwrap(),
            fields: &fields,
            delimiter,
            persistence,
            now: 784_111_777,
        };
        head(&mut out, &mut DateCache::new(), &answer);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_ordinary_answer() {
        assert_eq!(
            encode(200, Delimiter::Length(17), Persistence::Implied),
            "HTTP/1.1 200 OK\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
             content-type: text/plain\r\ncontent-length: 17\r\n\r\n"
        );
    }

    #[test]
    fn other_answers() {
        let text = encode(404, Delimiter::Chunked, Persistence::Close);
        assert!(text.starts_with("HTTP/1.1 404 Not Found\r\n"));
        assert!(text.ends_with("transfer-encoding: chunked\r\nconnection: close\r\n\r\n"));
        let text = encode(299, Delimiter::Nothing, Persistence::KeepAlive);
        assert!(text.starts_with("HTTP/1.1 299 \r\n"));
        assert!(text.ends_with("text/plain\r\nconnection: keep-alive\r\n\r\n"));
    }

    #[test]
    fn lengths() {
        for length in (0..1100).chain([9_999, 10_000, u64::MAX]) {
            let mut line = Vec::new();
            decimal(&mut line, length);
            assert_eq!(line, format!("{length}\r\n").as_bytes());
        }
    }

    #[test]
    fn delimiters() {
        let of = |status, version, length| {
            Delimiter::of(StatusCode::from_u16(status).unwrap(), version, length)
        };
        let (v10, v11) = (Version::HTTP_10, Version::HTTP_11);
        assert_eq!(of(200, v11, Some(3)), Delimiter::Length(3));
        assert_eq!(of(200, v11, None), Delimiter::Chunked);
        assert_eq!(of(200, v10, None), Delimiter::Close);
        assert_eq!(of(204, v11, Some(0)), Delimiter::Nothing);
        assert_eq!(of(304, v11, None), Delimiter::Nothing);
        assert_eq!(of(205, v11, Some(3)), Delimiter::Empty);
        assert_eq!(of(205, v10, None), Delimiter::Empty);
    }
}
