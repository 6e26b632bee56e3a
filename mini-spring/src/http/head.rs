//! The head of a request: request line and header fields (RFC 9112, sections 2 to 6).
//!
//! [`parse`] turns bytes into a [`Head`]: positions in the buffer, and what the fields say about the
//! framing of the body and the life of the connection. `httparse` reads the grammar; what it lets
//! through but a careful server must not is refused here. Every rule names its section.
//!
//! Stricter than required: a bare LF never ends a line; a Content-Length beside a
//! Transfer-Encoding, or repeated, is refused even where the values agree (RFC 9112, section 6.3).

mod control;
mod host;

use std::mem::MaybeUninit;

use http::{Method, StatusCode, Version};

use self::control::read_fields;
use self::host::check_host;

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
}

impl Reject {
    pub(crate) const fn new(status: StatusCode, detail: &'static str) -> Self {
        Reject { status, detail }
    }

    const fn bad(detail: &'static str) -> Self {
        Reject::new(StatusCode::BAD_REQUEST, detail)
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
    let bytes = &buffer[start..];
    let window = &bytes[..bytes.len().min(limits.head)];
    let mut fields = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let mut request = httparse::Request::new(&mut []);
    let parsed = request.parse_with_uninit_headers(window, &mut fields[..limits.fields]);
    match parsed {
        Ok(httparse::Status::Complete(length)) => {
            let origin = buffer.as_ptr() as usize;
            let locate = |piece: &[u8]| {
                let at = piece.as_ptr() as usize - origin;
                Span::new(at, at + piece.len())
            };
            head.end = start + length;
            read_request_line(&request, locate, limits, head)?;
            check_empty_lines(&buffer[start..head.target.start as usize])?;
            read_fields(buffer, request.headers, locate, head)?;
            Ok(Progress::Complete)
        }
        Ok(httparse::Status::Partial) => {
            over_limit(bytes, limits).map_or(Ok(Progress::Partial), Err)
        }
        // Whether it is a version at all is only known at the end of the line.
        Err(httparse::Error::Version) if !bytes.contains(&b'\n') => {
            over_limit(bytes, limits).map_or(Ok(Progress::Partial), Err)
        }
        Err(error) => Err(over_limit_or_malformed(bytes, limits, error)),
    }
}

/// What is too long about a head that hasn't ended yet.
fn over_limit(bytes: &[u8], limits: &HeadLimits) -> Option<Reject> {
    let first_line = bytes
        .iter()
        .skip_while(|byte| matches!(byte, b'\r' | b'\n'))
        .position(|&byte| byte == b'\n');
    match first_line {
        // RFC 9112, section 3.
        None if bytes.len() > limits.request_line + 2 => Some(TARGET_TOO_LONG),
        Some(length) if length > limits.request_line + 1 => Some(TARGET_TOO_LONG),
        // RFC 6585, section 5.
        _ if bytes.len() >= limits.head => Some(HEAD_TOO_LARGE),
        _ => None,
    }
}

const TARGET_TOO_LONG: Reject = Reject::new(
    StatusCode::URI_TOO_LONG,
    "the request line is longer than this server accepts",
);
const HEAD_TOO_LARGE: Reject = Reject::new(
    StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    "the header fields are larger than this server accepts",
);

fn over_limit_or_malformed(bytes: &[u8], limits: &HeadLimits, error: httparse::Error) -> Reject {
    use httparse::Error;
    match error {
        Error::TooManyHeaders => Reject::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "there are more header fields than this server accepts",
        ),
        // RFC 9110, section 15.6.6.
        Error::Version if names_a_version(bytes) => Reject::new(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "this server speaks HTTP/1.1 and HTTP/1.0",
        ),
        Error::HeaderName => Reject::bad("a header field's name is malformed"),
        Error::HeaderValue => Reject::bad("a header field's value holds a forbidden byte"),
        _ => over_limit(bytes, limits)
            .filter(|reject| reject.status == StatusCode::URI_TOO_LONG)
            .unwrap_or(Reject::bad("the request line is malformed")),
    }
}

/// Whether the request line is well-formed, only with a version that isn't ours.
fn names_a_version(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start().split(|&byte| byte == b'\r').next();
    let mut words = line.unwrap_or_default().split(|&byte| byte == b' ');
    let (method, target, version) = (words.next(), words.next(), words.next());
    let present = |word: Option<&[u8]>| word.is_some_and(|word| !word.is_empty());
    let is_version = matches!(version, Some([b'H', b'T', b'T', b'P', b'/', major, b'.', minor])
        if major.is_ascii_digit() && minor.is_ascii_digit());
    present(method) && present(target) && is_version && words.next().is_none()
}

fn read_request_line(
    request: &httparse::Request<'_, '_>,
    locate: impl Fn(&[u8]) -> Span,
    limits: &HeadLimits,
    head: &mut Head,
) -> Result<(), Reject> {
    let method = request.method.unwrap_or_default();
    let target = request.path.unwrap_or_default();
    if method.len() + target.len() + " HTTP/1.1".len() + 1 > limits.request_line {
        return Err(TARGET_TOO_LONG);
    }
    head.method = Method::from_bytes(method.as_bytes())
        .map_err(|_| Reject::bad("the method is malformed"))?;
    // CONNECT, and with it the authority-form, is for proxies: section 3.2.3.
    if head.method == Method::CONNECT {
        return Err(Reject::new(
            StatusCode::NOT_IMPLEMENTED,
            "this server is no proxy",
        ));
    }
    head.version = match request.version {
        Some(0) => Version::HTTP_10,
        _ => Version::HTTP_11,
    };
    head.target = locate(target.as_bytes());
    head.host = Span::default();
    let path_and_query = match target.as_bytes().first() {
        // origin-form: RFC 9112, section 3.2.1.
        Some(b'/') => target,
        // asterisk-form: section 3.2.4.
        Some(b'*') if target == "*" && head.method == Method::OPTIONS => target,
        _ => {
            let (authority, rest) = absolute_form(target)?;
            check_host(authority.as_bytes())?;
            head.host = locate(authority.as_bytes());
            rest
        }
    };
    let whole = locate(path_and_query.as_bytes());
    let mark = |byte| matches!(byte, b'?' | b'#');
    let (path, query) = match path_and_query.bytes().position(mark) {
        Some(at) => (at, Some(at + 1)),
        None => (path_and_query.len(), None),
    };
    // A fragment is never sent (RFC 9110, section 7.1); a client that sends one means something else.
    if path_and_query.as_bytes()[path..].contains(&b'#') {
        return Err(Reject::bad("the request target holds a fragment"));
    }
    let start = whole.start as usize;
    head.path = Span::new(start, start + path);
    head.query = query.map(|query| Span::new(start + query, whole.end as usize));
    Ok(())
}

/// Splits an absolute-form target into its authority and the rest (RFC 9112, section 3.2.2).
fn absolute_form(target: &str) -> Result<(&str, &str), Reject> {
    let scheme = ["http://", "https://"]
        .into_iter()
        .find(|scheme| {
            target
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
        .ok_or(Reject::bad(
            "the request target must be a path, or a URI with http:// or https://",
        ))?;
    let rest = &target[scheme.len()..];
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    // RFC 9110, section 4.2.1.
    if end == 0 {
        return Err(Reject::bad("the request target's host is empty"));
    }
    Ok(rest.split_at(end))
}

/// The line in front of this place must end with CRLF: `httparse` takes a bare LF too, as RFC 9112,
/// section 2.2 allows, but proxies disagree about it, and what they disagree about can be used to
/// smuggle requests. That there is an LF it has seen to.
fn check_line_end(buffer: &[u8], end: usize) -> Result<(), Reject> {
    match buffer.get(end.wrapping_sub(2)) {
        Some(b'\r') => Ok(()),
        _ => Err(BARE_LF),
    }
}

const BARE_LF: Reject = Reject::bad("a line ends with LF instead of CRLF");

/// The same for empty lines in front of the request line, which are ignored (RFC 9112, section 2.2).
/// What is given ends with the method.
fn check_empty_lines(bytes: &[u8]) -> Result<(), Reject> {
    if bytes[0].is_ascii_graphic() {
        return Ok(());
    }
    let is_empty = |byte: &&u8| matches!(byte, b'\r' | b'\n');
    let length = bytes.iter().take_while(is_empty).count();
    match bytes[..length].chunks(2).all(|line| line == b"\r\n") {
        true => Ok(()),
        false => Err(BARE_LF),
    }
}

#[cfg(test)]
mod tests;
