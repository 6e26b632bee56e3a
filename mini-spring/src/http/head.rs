//! The head of a request: request line and header fields (RFC 9112, sections 2 to 6).
//!
//! ```text
//! HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]
//! ```
//!
//! [`parse`] turns bytes into a [`Head`]: positions in the buffer, and what the fields say about the
//! framing of the body and the life of the connection. It goes over the bytes once, and refuses what
//! it must as soon as it sees it. Every rule names its section.
//!
//! Stricter than required: a bare LF never ends a line; a Content-Length beside a
//! Transfer-Encoding, or repeated, is refused even where the values agree (RFC 9112, section 6.3).

mod control;
mod fields;
mod host;
mod line;
mod scan;
mod target;

use std::borrow::Cow;

use http::{Method, StatusCode, Version};
use mini_spring_pattern::units::Size;

use self::fields::read_fields;
use self::line::read_line;

/// How much of a head is accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeadLimits {
    /// Bytes of the request line, without its CRLF; more is 414.
    pub(crate) request_line: usize,
    /// Bytes of the whole head; more is 431.
    pub(crate) head: usize,
    /// Header fields; more is 431.
    pub(crate) fields: usize,
}

/// The most header fields that can be configured.
pub(crate) const MOST_FIELDS: usize = 256;

/// A piece of the read buffer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        // Heads and paths lie within the first `HeadLimits::head` bytes of a message.
        Span {
            start: start as u32,
            end: end as u32,
        }
    }

    pub(crate) fn of(self, buffer: &[u8]) -> &[u8] {
        &buffer[self.start as usize..self.end as usize]
    }

    fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A header field: where its name and its value stand.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Field {
    pub(crate) name: Span,
    pub(crate) value: Span,
}

/// How the body of a request is delimited (RFC 9112, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Framing {
    /// So many bytes; 0 also where the head says nothing.
    Length(u64),
    /// Chunked transfer coding.
    Chunked,
    /// There is none.
    #[default]
    Empty,
}

/// A parsed head. Reused from request to request, so that its list of fields keeps its memory.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) method: Method,
    pub(crate) version: Version,
    pub(crate) target: Span,
    pub(crate) path: Span,
    pub(crate) query: Option<Span>,
    pub(crate) host: Span,
    pub(crate) fields: Vec<Field>,
    pub(crate) framing: Framing,
    /// The connection may serve another request (RFC 9112, section 9.3).
    pub(crate) keep_alive: bool,
    /// `Expect: 100-continue` (RFC 9110, section 10.1.1).
    pub(crate) expects_continue: bool,
    /// Where the head ends and the body begins.
    pub(crate) end: usize,
}

/// Whether the head was all there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Complete,
    Partial,
}

/// Why a request is answered before anything is routed; the connection is closed afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reject {
    pub(crate) status: StatusCode,
    pub(crate) detail: &'static str,
    /// The most bytes of a body, where there are more.
    pub(crate) limit: Option<u64>,
}

impl Reject {
    pub(crate) const fn new(status: StatusCode, detail: &'static str) -> Self {
        Reject {
            status,
            detail,
            limit: None,
        }
    }

    /// A body of more than so many bytes (RFC 9110, section 15.5.14).
    pub(crate) const fn body_over(limit: u64) -> Self {
        Reject {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            detail: "the body is too large",
            limit: Some(limit),
        }
    }

    /// What the client is told.
    pub(crate) fn text(&self) -> Cow<'static, str> {
        match self.limit {
            None => Cow::Borrowed(self.detail),
            Some(limit) => Cow::Owned(format!(
                "the body is larger than the {} that this route accepts",
                Size(limit)
            )),
        }
    }

    /// What the log says beside that, to those who can do something about it.
    pub(crate) fn remedy(&self) -> &'static str {
        match self.limit {
            None => "",
            Some(_) => "; raise `body_limit` of the route, or `server.body`",
        }
    }

    const fn bad(detail: &'static str) -> Self {
        Reject::new(StatusCode::BAD_REQUEST, detail)
    }
}

/// Why reading a head has stopped before its end.
enum Stop {
    /// The rest isn't here.
    Partial,
    Refused(Reject),
}

impl From<Reject> for Stop {
    fn from(reject: Reject) -> Self {
        Stop::Refused(reject)
    }
}

/// Reads the head that starts at `start` into `head`.
///
/// # Errors
///
/// The answer to a head that is malformed or over a limit.
pub(crate) fn parse(
    buffer: &[u8],
    start: usize,
    limits: &HeadLimits,
    head: &mut Head,
) -> Result<Progress, Reject> {
    let most = start.saturating_add(limits.head);
    let window = &buffer[..buffer.len().min(most)];
    match read(window, start, limits, head) {
        Ok(end) => {
            head.end = end;
            Ok(Progress::Complete)
        }
        Err(Stop::Partial) => over_limit(&buffer[start..], limits),
        Err(Stop::Refused(reject)) => Err(reject),
    }
}

/// Reads request line and fields, and gives back where the head ends.
#[inline(always)]
fn read(bytes: &[u8], start: usize, limits: &HeadLimits, head: &mut Head) -> Result<usize, Stop> {
    let line = match bytes.get(start) {
        Some(b'\r' | b'\n') => skip_empty_lines(bytes, start)?,
        _ => start,
    };
    let fields = read_line(bytes, line, limits, head)?;
    read_fields(bytes, fields, limits, head)
}

/// Empty lines in front of the request line are ignored (RFC 9112, section 2.2).
#[cold]
fn skip_empty_lines(bytes: &[u8], start: usize) -> Result<usize, Stop> {
    let at = behind_empty_lines(bytes, start);
    match &bytes[at..] {
        [b'\n', ..] => Err(BARE_LF.into()),
        [b'\r'] => Err(Stop::Partial),
        _ => Ok(at),
    }
}

/// Where the empty lines that begin at `start` end. Half of one isn't skipped.
#[cold]
pub(crate) fn behind_empty_lines(bytes: &[u8], start: usize) -> usize {
    let (pairs, _) = bytes[start..].as_chunks::<2>();
    let is_empty_line = |pair: &&[u8; 2]| *pair == b"\r\n";
    start + 2 * pairs.iter().take_while(is_empty_line).count()
}

/// That a bare LF ends a line is allowed (RFC 9112, section 2.2), but proxies disagree about it, and
/// what they disagree about can be used to smuggle requests.
const BARE_LF: Reject = Reject::bad("a line ends with LF instead of CRLF");

/// RFC 9112, section 3.
const TARGET_TOO_LONG: Reject = Reject::new(
    StatusCode::URI_TOO_LONG,
    "the request line is longer than this server accepts",
);

/// RFC 6585, section 5.
const HEAD_TOO_LARGE: Reject = Reject::new(
    StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    "the header fields are larger than this server accepts",
);

/// Whether a head that hasn't ended yet may go on.
#[cold]
fn over_limit(bytes: &[u8], limits: &HeadLimits) -> Result<Progress, Reject> {
    if is_line_too_long(bytes, limits) {
        return Err(TARGET_TOO_LONG);
    }
    match bytes.len() >= limits.head {
        true => Err(HEAD_TOO_LARGE),
        false => Ok(Progress::Partial),
    }
}

/// Whether the request line is too long, be it at its end or not. Empty lines in front of it don't count.
#[cold]
fn is_line_too_long(bytes: &[u8], limits: &HeadLimits) -> bool {
    let is_of_line = |byte: &u8| !matches!(byte, b'\r' | b'\n');
    let start = bytes.iter().position(is_of_line).unwrap_or(bytes.len());
    let line = &bytes[start..];
    match line.iter().position(|&byte| byte == b'\n') {
        Some(length) => length > limits.request_line + 1,
        None => line.len() > limits.request_line + 2,
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
