//! The chunked transfer coding (RFC 9112, section 7.1), in both directions.
//!
//! [`Decoder`] decodes a request's body in place: data moves down over the chunk headers in front
//! of it, so that the body ends up as one slice right behind the head. It takes its input in any
//! portions. Chunk extensions and trailer fields are checked and dropped: a trailer never becomes a
//! header field (section 7.1.2).

use http::StatusCode;

use super::head::{Progress, Reject};
use super::is_token;

/// Bytes of chunk extensions that one body may hold.
const EXTENSIONS: usize = 16 * 1024;

/// Bytes of trailer fields that one body may hold.
const TRAILERS: usize = 8 * 1024;

/// Digits that the size of a chunk may have, leading zeros included.
const DIGITS: usize = 16;

/// Decodes one body.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    state: State,
    /// Data bytes of this chunk that are still to come, or its size as read so far.
    remaining: u64,
    /// Digits of this chunk's size so far.
    digits: usize,
    extensions: usize,
    trailers: usize,
}

/// What the next byte must be.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first digit of a chunk-size.
    #[default]
    Size,
    /// A further digit, or what ends the chunk-size.
    SizeOrEnd,
    /// Behind white space that follows a size: the semicolon of an extension.
    Semicolon,
    Extension,
    /// In a quoted value of an extension, which no line end can be in.
    Quoted,
    /// Behind a backslash in a quoted value.
    Escaped,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    /// The start of a trailer field or the end of the body.
    Trailer,
    TrailerName,
    TrailerValue,
    TrailerLf,
    EndLf,
}

/// Where a body stands in its buffer while it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The next byte to decode.
    pub(crate) read: usize,
    /// Where the next byte of data goes; never behind `read`.
    pub(crate) write: usize,
}

impl Decoder {
    /// Decodes what `buffer` holds from `cursor.read` on. On `Complete`, `cursor.read` is where the
    /// next request begins; on `Partial`, the whole buffer has been used up.
    ///
    /// # Errors
    ///
    /// 400 for what doesn't fit the grammar, 413 where the limits of extensions and trailers end.
    pub(crate) fn decode(
        &mut self,
        buffer: &mut [u8],
        cursor: &mut Cursor,
    ) -> Result<Progress, Reject> {
        while let Some(&byte) = buffer.get(cursor.read) {
            if self.state == State::Data {
                self.copy_data(buffer, cursor);
                continue;
            }
            cursor.read += 1;
            if self.state == State::EndLf && byte == b'\n' {
                return Ok(Progress::Complete);
            }
            self.state = self.step(byte)?;
        }
        Ok(Progress::Partial)
    }

    /// Data bytes that the chunk header in front of them has announced.
    pub(crate) fn announced(&self) -> u64 {
        match self.state {
            State::Data => self.remaining,
            _ => 0,
        }
    }

    fn copy_data(&mut self, buffer: &mut [u8], cursor: &mut Cursor) {
        let here = buffer.len() - cursor.read;
        let length = usize::try_from(self.remaining).map_or(here, |wanted| wanted.min(here));
        buffer.copy_within(cursor.read..cursor.read + length, cursor.write);
        cursor.read += length;
        cursor.write += length;
        self.remaining -= length as u64;
        if self.remaining == 0 {
            self.state = State::DataCr;
        }
    }

    /// The state behind a byte that isn't data.
    fn step(&mut self, byte: u8) -> Result<State, Reject> {
        Ok(match (self.state, byte) {
            (State::Size | State::SizeOrEnd, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                self.digit(byte)?
            }
            (State::SizeOrEnd | State::Extension, b'\r') => State::SizeLf,
            (State::SizeOrEnd | State::Semicolon, b';') => State::Extension,
            (State::SizeOrEnd | State::Semicolon, b' ' | b'\t') => {
                self.extension_byte()?;
                State::Semicolon
            }
            (State::Extension | State::Quoted | State::Escaped, byte) if is_text(byte) => {
                self.extension_byte()?;
                match (self.state, byte) {
                    (State::Extension, b'"') | (State::Escaped, _) => State::Quoted,
                    (State::Quoted, b'\\') => State::Escaped,
                    (State::Quoted, b'"') => State::Extension,
                    (state, _) => state,
                }
            }
            (State::SizeLf, b'\n') if self.remaining == 0 => State::Trailer,
            (State::SizeLf, b'\n') => State::Data,
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => State::Size,
            (State::Trailer, b'\r') => State::EndLf,
            (State::Trailer | State::TrailerName, byte) if is_token(byte) => {
                self.trailer_byte()?;
                State::TrailerName
            }
            (State::TrailerName, b':') => State::TrailerValue,
            (State::TrailerValue, byte) if is_text(byte) => {
                self.trailer_byte()?;
                State::TrailerValue
            }
            (State::TrailerValue, b'\r') => State::TrailerLf,
            (State::TrailerLf, b'\n') => State::Trailer,
            _ => {
                return Err(Reject::new(
                    StatusCode::BAD_REQUEST,
                    "the chunked body is malformed",
                ));
            }
        })
    }

    fn digit(&mut self, byte: u8) -> Result<State, Reject> {
        if self.state == State::Size {
            (self.remaining, self.digits) = (0, 0);
        }
        self.digits += 1;
        let digit = char::from(byte).to_digit(16).unwrap_or(0);
        self.remaining = self
            .remaining
            .checked_mul(16)
            .filter(|_| self.digits <= DIGITS)
            .map(|size| size | u64::from(digit))
            .ok_or(Reject::new(
                StatusCode::BAD_REQUEST,
                "a chunk's size is too large",
            ))?;
        Ok(State::SizeOrEnd)
    }

    fn extension_byte(&mut self) -> Result<(), Reject> {
        let detail = "the chunk extensions are too long";
        count(&mut self.extensions, EXTENSIONS, detail)
    }

    fn trailer_byte(&mut self) -> Result<(), Reject> {
        count(
            &mut self.trailers,
            TRAILERS,
            "the trailer fields are too long",
        )
    }
}

fn count(counter: &mut usize, limit: usize, detail: &'static str) -> Result<(), Reject> {
    *counter += 1;
    if *counter > limit {
        return Err(Reject::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    Ok(())
}

/// HTAB, SP, VCHAR or obs-text (RFC 9110, section 5.5).
fn is_text(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}

/// Appends `data` as one chunk. An empty chunk would end the body, so there is none.
pub(crate) fn encode(out: &mut Vec<u8>, data: &[u8]) {
    if data.is_empty() {
        return;
    }
    out.extend_from_slice(format_size(data.len(), &mut [0; 16]));
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(data);
    out.extend_from_slice(b"\r\n");
}

/// The end of a chunked body, without trailer fields.
pub(crate) const END: &[u8] = b"0\r\n\r\n";

fn format_size(size: usize, digits: &mut [u8; 16]) -> &[u8] {
    let mut rest = size;
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b"0123456789abcdef"[rest % 16];
        rest /= 16;
        if rest == 0 {
            return &digits[at..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes `input` in portions of `size`: the body and what is left behind it.
    fn decode(input: &[u8], size: usize) -> Result<Option<(Vec<u8>, usize)>, Reject> {
        let mut decoder = Decoder::default();
        let mut buffer = Vec::new();
        let mut cursor = Cursor { read: 0, write: 0 };
        let mut fed = 0;
        for portion in input.chunks(size) {
            buffer.extend_from_slice(portion);
            fed += portion.len();
            if decoder.decode(&mut buffer, &mut cursor)? == Progress::Complete {
                let left = input.len() - fed + buffer.len() - cursor.read;
                buffer.truncate(cursor.write);
                return Ok(Some((buffer, left)));
            }
            assert_eq!(cursor.read, buffer.len());
            buffer.truncate(cursor.write);
            cursor.read = cursor.write;
        }
        Ok(None)
    }

    #[track_caller]
    fn check(input: &str, expected: Result<Option<(&str, usize)>, &str>) {
        let expected =
            expected.map(|body| body.map(|(body, left)| (body.as_bytes().to_vec(), left)));
        for size in [1, 2, 3, 7, 10_000] {
            let decoded = decode(input.as_bytes(), size).map_err(|reject| reject.detail);
            assert_eq!(decoded, expected, "{input:?} in portions of {size}");
        }
    }

    #[test]
    fn bodies() {
        check("0\r\n\r\n", Ok(Some(("", 0))));
        check("5\r\nhello\r\n0\r\n\r\n", Ok(Some(("hello", 0))));
        check(
            "2\r\nhe\r\n003\r\nllo\r\n0\r\n\r\nGET",
            Ok(Some(("hello", 3))),
        );
        check(
            "A\r\n0123456789\r\n0;x=y\r\n\r\n",
            Ok(Some(("0123456789", 0))),
        );
        check(
            "1 ;a=\"b\\\";c\";d\r\nx\r\n0\r\nT: v\r\nU:\r\n\r\nG",
            Ok(Some(("x", 1))),
        );
        check("5\r\nhel", Ok(None));
        check("0\r\n\r", Ok(None));
    }

    #[test]
    fn malformed_bodies() {
        let malformed = Err("the chunked body is malformed");
        for input in [
            "\r\n",
            "x\r\n",
            "-1\r\n",
            "+1\r\n",
            " 1\r\nx",
            "0x1\r\n",
            ";\r\n",
            "1\nx",
            "1\r\rx",
            "1\r\nxy",
            "1\r\nx\n",
            "1\r\nx\rz",
            "1;\n",
            "1;\0\r\n",
            "1;a=\"\r\nx",
            "1;a=\"\\\"\r\nx",
            "1;a=\"\\\r\nx",
            "0\r\n\n",
            "0\r\n\rx",
            "5 5\r\nhello",
            "0 garbage\r\n",
            "5 \r\nhello",
            "0\r\n : x\r\n",
            "0\r\nT\r\n",
            "0\r\nT : v\r\n",
            "0\r\nT: v\n",
        ] {
            check(input, malformed);
        }
        check("00000000000000001\r\nx", Err("a chunk's size is too large"));
        check("10000000000000000\r\n", Err("a chunk's size is too large"));
    }

    #[test]
    fn extensions_and_trailers_are_limited() {
        let extension = format!("1;{}\r\n", "x".repeat(EXTENSIONS + 1));
        check(&extension, Err("the chunk extensions are too long"));
        let trailer = format!("0\r\nT: {}\r\n", "x".repeat(TRAILERS));
        check(&trailer, Err("the trailer fields are too long"));
    }

    #[test]
    fn what_is_encoded_can_be_decoded() {
        let mut out = Vec::new();
        encode(&mut out, b"hello");
        encode(&mut out, b"");
        encode(&mut out, &[b'x'; 300]);
        out.extend_from_slice(END);
        assert!(out.starts_with(b"5\r\nhello\r\n12c\r\nxxx"));
        let (body, left) = decode(&out, 11).unwrap().unwrap();
        assert_eq!((body.len(), left), (305, 0));
    }
}
