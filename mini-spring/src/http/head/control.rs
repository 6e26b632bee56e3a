//! The fields that steer the connection: framing, persistence, expectation and host.
//!
//! Every other field is passed over with one comparison of its length. Knows no grammar of lines:
//! names and values have been found.

use http::{StatusCode, Version};

use super::host::check_host;
use super::{Framing, Head, Reject, Span};
use crate::http::is_token;

/// Whether a name is this one, which is as long. Names are compared without case (RFC 9110, section
/// 5.1); most come in the usual one.
#[inline(always)]
fn is<const N: usize>(line: &[u8], known: &[u8; N]) -> bool {
    let name: Option<&[u8; N]> = line.first_chunk();
    name.is_some_and(|name| name == known || differs_in_case(name, known))
}

#[inline(always)]
fn differs_in_case(name: &[u8], known: &[u8]) -> bool {
    name[0] | 0x20 == known[0] | 0x20 && name.eq_ignore_ascii_case(known)
}

/// What the fields that steer the connection have said so far.
#[derive(Default)]
pub(super) struct Control {
    length: Option<u64>,
    chunked: bool,
    close: bool,
    keep_alive: bool,
    expects_continue: bool,
    host: Option<Span>,
}

impl Control {
    /// Notes what a field says. Its name is the first `length` bytes of `line`.
    #[inline(always)]
    pub(super) fn read(
        &mut self,
        line: &[u8],
        length: usize,
        bytes: &[u8],
        value: Span,
    ) -> Result<(), Reject> {
        // The length decides first: nearly every other field is passed over with one comparison.
        match length {
            4 if is(line, b"Host") => self.host(value.of(bytes), value),
            6 if is(line, b"Expect") => self.expect(value.of(bytes)),
            10 if is(line, b"Connection") => {
                self.connection(value.of(bytes));
                Ok(())
            }
            14 if is(line, b"Content-Length") => self.content_length(value.of(bytes)),
            17 if is(line, b"Transfer-Encoding") => self.transfer_encoding(value.of(bytes)),
            _ => Ok(()),
        }
    }

    /// What all of them say together.
    #[inline]
    pub(super) fn conclude(self, head: &mut Head) -> Result<(), Reject> {
        let http_10 = head.version == Version::HTTP_10;
        head.framing = match (self.length, self.chunked) {
            // RFC 9112, section 6.3: both at once is how requests are smuggled.
            (Some(_), true) => {
                return Err(Reject::bad(
                    "Content-Length and Transfer-Encoding exclude each other",
                ));
            }
            // Section 6.1.
            (None, true) if http_10 => {
                return Err(Reject::bad("HTTP/1.0 has no Transfer-Encoding"));
            }
            (None, true) => Framing::Chunked,
            (Some(length), false) => Framing::Length(length),
            (None, false) => Framing::Empty,
        };
        head.keep_alive = !self.close && (!http_10 || self.keep_alive);
        // From HTTP/1.0 the expectation is ignored: RFC 9110, section 10.1.1.
        head.expects_continue = self.expects_continue && !http_10;
        // A host in the request target wins over the field: RFC 9112, section 3.2.2.
        if head.host.is_empty() {
            head.host = self.host.unwrap_or_default();
        }
        if self.host.is_none() && !http_10 {
            return Err(Reject::bad("HTTP/1.1 requires a Host header field"));
        }
        Ok(())
    }

    /// RFC 9112, section 3.2.
    #[inline(never)]
    fn host(&mut self, value: &[u8], place: Span) -> Result<(), Reject> {
        if self.host.replace(place).is_some() {
            return Err(Reject::bad("there is more than one Host header field"));
        }
        check_host(value)
    }

    /// RFC 9110, section 10.1.1.
    #[inline(never)]
    fn expect(&mut self, value: &[u8]) -> Result<(), Reject> {
        if !value.eq_ignore_ascii_case(b"100-continue") {
            return Err(Reject::new(
                StatusCode::EXPECTATION_FAILED,
                "the only expectation that this server knows is 100-continue",
            ));
        }
        self.expects_continue = true;
        Ok(())
    }

    /// RFC 9110, section 7.6.1.
    #[inline(never)]
    fn connection(&mut self, value: &[u8]) {
        // What browsers send.
        if value == b"keep-alive" {
            self.keep_alive = true;
            return;
        }
        for option in value.split(|&byte| byte == b',') {
            let option = option.trim_ascii();
            self.close |= option.eq_ignore_ascii_case(b"close");
            self.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
        }
    }

    /// RFC 9110, section 8.6: digits and nothing else.
    #[inline(never)]
    fn content_length(&mut self, value: &[u8]) -> Result<(), Reject> {
        const MALFORMED: Reject = Reject::bad("the Content-Length is not a decimal number");
        if self.length.is_some() {
            return Err(Reject::bad(
                "there is more than one Content-Length header field",
            ));
        }
        if value.is_empty() {
            return Err(MALFORMED);
        }
        let mut length = 0_u64;
        for &byte in value {
            if !byte.is_ascii_digit() {
                return Err(MALFORMED);
            }
            length = length
                .checked_mul(10)
                .and_then(|length| length.checked_add(u64::from(byte - b'0')))
                .ok_or(Reject::bad("the Content-Length is too large"))?;
        }
        self.length = Some(length);
        Ok(())
    }

    /// RFC 9112, sections 6.1 and 7: `chunked`, alone and once.
    #[inline(never)]
    fn transfer_encoding(&mut self, value: &[u8]) -> Result<(), Reject> {
        if !value.eq_ignore_ascii_case(b"chunked") {
            return Err(other_coding(value));
        }
        if self.chunked {
            return Err(CHUNKED_AGAIN);
        }
        self.chunked = true;
        Ok(())
    }
}

const CHUNKED_AGAIN: Reject = Reject::bad("the body is chunked more than once");

/// Why this is not `chunked`. An unknown coding is 501 only where the end of the body would be known.
#[cold]
fn other_coding(value: &[u8]) -> Reject {
    let is_chunked = |coding: &[u8]| coding.eq_ignore_ascii_case(b"chunked");
    let is_name = |coding: &[u8]| coding.first().is_some_and(|&byte| is_token(byte));
    let mut codings = value.rsplit(|&byte| byte == b',').map(<[u8]>::trim_ascii);
    if !codings.next().is_some_and(is_chunked) {
        return Reject::bad("the last transfer coding must be chunked");
    }
    if codings.clone().any(is_chunked) {
        return CHUNKED_AGAIN;
    }
    match codings.all(is_name) {
        false => Reject::bad("the transfer coding is malformed"),
        true => Reject::new(
            StatusCode::NOT_IMPLEMENTED,
            "the only transfer coding that this server knows is chunked",
        ),
    }
}
