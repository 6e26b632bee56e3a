//! The head of a request: request line and header fields (RFC 9112, sections 2 to 6).
//!
//! [`parse`] turns bytes into a [`Head`]: positions in the buffer, and what the fields say about the
//! framing of the body and the life of the connection. `httparse` reads the grammar; what it lets
//! through but a careful server must not is refused here. Every rule names its section.
//!
//! Stricter than required: a bare LF never ends a line; a Content-Length beside a
//! Transfer-Encoding, or repeated, is refused even where the values agree (RFC 9112, section 6.3).

use std::mem::MaybeUninit;

use http::{Method, StatusCode, Version};

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
            read_fields(buffer, request.headers, locate, head)?;
            check_host(buffer, head)?;
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
        _ if head.method == Method::CONNECT => {
            // authority-form is for proxies: section 3.2.3.
            return Err(Reject::new(
                StatusCode::NOT_IMPLEMENTED,
                "this server is no proxy",
            ));
        }
        _ => {
            let (authority, rest) = absolute_form(target)?;
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

fn read_fields(
    buffer: &[u8],
    fields: &[httparse::Header<'_>],
    locate: impl Fn(&[u8]) -> Span,
    head: &mut Head,
) -> Result<(), Reject> {
    let http_10 = head.version == Version::HTTP_10;
    let mut control = Control::default();
    head.fields.clear();
    head.fields.extend(fields.iter().map(|field| Field {
        name: locate(field.name.as_bytes()),
        value: locate(field.value),
    }));
    for (field, placed) in fields.iter().zip(&head.fields) {
        check_line_end(buffer, placed.name.start as usize)?;
        control.read(field.name.as_bytes(), field.value, placed.value)?;
    }
    check_line_end(buffer, head.end)?;
    check_line_end(buffer, head.end - 2)?;
    head.framing = match (control.length, control.chunked) {
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
    head.keep_alive = !control.close && (!http_10 || control.keep_alive);
    // From HTTP/1.0 the expectation is ignored: RFC 9110, section 10.1.1.
    head.expects_continue = control.expects_continue && !http_10;
    // A host in the request target wins over the field: RFC 9112, section 3.2.2.
    if head.host.is_empty() {
        head.host = control.host.unwrap_or_default();
    }
    if control.host.is_none() && !http_10 {
        return Err(Reject::bad("HTTP/1.1 requires a Host header field"));
    }
    Ok(())
}

/// What the fields that steer the connection have said so far.
#[derive(Default)]
struct Control {
    length: Option<u64>,
    chunked: bool,
    close: bool,
    keep_alive: bool,
    expects_continue: bool,
    host: Option<Span>,
}

impl Control {
    fn read(&mut self, name: &[u8], value: &[u8], place: Span) -> Result<(), Reject> {
        // The length decides first: nearly every other field is passed over with one comparison.
        match name.len() {
            4 if name.eq_ignore_ascii_case(b"host") => self.host(place),
            6 if name.eq_ignore_ascii_case(b"expect") => self.expect(value),
            // Most browsers send a User-Agent, which is as long.
            10 if matches!(name[0], b'C' | b'c') && name.eq_ignore_ascii_case(b"connection") => {
                self.connection(value);
                Ok(())
            }
            14 if name.eq_ignore_ascii_case(b"content-length") => self.content_length(value),
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => self.transfer_encoding(value),
            _ => Ok(()),
        }
    }

    /// RFC 9112, section 3.2.
    fn host(&mut self, value: Span) -> Result<(), Reject> {
        if self.host.replace(value).is_some() {
            return Err(Reject::bad("there is more than one Host header field"));
        }
        Ok(())
    }

    /// RFC 9110, section 10.1.1.
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
    fn transfer_encoding(&mut self, value: &[u8]) -> Result<(), Reject> {
        if !value.eq_ignore_ascii_case(b"chunked") {
            let ends_chunked = value
                .rsplit(|&byte| byte == b',')
                .next()
                .is_some_and(|last| last.trim_ascii().eq_ignore_ascii_case(b"chunked"));
            return Err(if ends_chunked {
                Reject::new(
                    StatusCode::NOT_IMPLEMENTED,
                    "the only transfer coding that this server knows is chunked",
                )
            } else {
                Reject::bad("the last transfer coding must be chunked")
            });
        }
        if self.chunked {
            return Err(Reject::bad("the body is chunked more than once"));
        }
        self.chunked = true;
        Ok(())
    }
}

/// The line in front of this place must end with CRLF: `httparse` takes a bare LF too, as RFC 9112,
/// section 2.2 allows, but proxies disagree about it, and what they disagree about can be used to
/// smuggle requests. That there is an LF it has seen to.
fn check_line_end(buffer: &[u8], end: usize) -> Result<(), Reject> {
    match buffer.get(end.wrapping_sub(2)) {
        Some(b'\r') => Ok(()),
        _ => Err(Reject::bad("a line ends with LF instead of CRLF")),
    }
}

/// uri-host [ ":" port ], without user information (RFC 9112, section 3.2; RFC 9110, section 4.2.4).
fn check_host(buffer: &[u8], head: &Head) -> Result<(), Reject> {
    let host = head.host.of(buffer);
    let end = match host.first() {
        Some(b'[') => ip_literal(host),
        _ => host.iter().position(|&byte| !HOST[usize::from(byte)]),
    };
    match &host[end.unwrap_or(host.len())..] {
        [] => Ok(()),
        [b':', digits @ ..] if digits.len() <= 5 && digits.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(Reject::bad("the host is malformed")),
    }
}

/// Where the address between brackets ends (RFC 3986, section 3.2.2); the start, if it doesn't.
fn ip_literal(host: &[u8]) -> Option<usize> {
    let in_address = |&byte: &u8| HOST[usize::from(byte)] || byte == b':';
    let length = host[1..].iter().take_while(|byte| in_address(byte)).count();
    match host.get(1 + length) {
        Some(b']') => Some(length + 2),
        _ => Some(0),
    }
}

/// The bytes of a reg-name or an IPv4 address: unreserved, sub-delims and `%` (RFC 3986, section
/// 3.2.2).
const HOST: [bool; 256] = {
    let others = b"-._~%!$&'()*+,;=";
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut other = 0;
    while other < others.len() {
        table[others[other] as usize] = true;
        other += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: HeadLimits = HeadLimits {
        request_line: 100,
        head: 400,
        fields: 5,
    };

    /// Parses whole and cut at every byte; a cut head must be partial or fail as the whole does.
    fn parse_all_ways(text: &str) -> Result<Head, Reject> {
        let mut head = Head::default();
        let whole = parse(text.as_bytes(), 0, &LIMITS, &mut head);
        for cut in 0..text.len() {
            match parse(&text.as_bytes()[..cut], 0, &LIMITS, &mut Head::default()) {
                Ok(Progress::Partial) => {}
                // A bare LF may end a head before its real end: it fails all the same.
                other => assert_eq!(other.err(), whole.err(), "{text:?} cut at {cut}"),
            }
        }
        whole.map(|progress| {
            assert_eq!(progress, Progress::Complete, "{text:?}");
            head
        })
    }

    fn accept(text: &str) -> Head {
        parse_all_ways(text).unwrap_or_else(|reject| panic!("{text:?}: {reject:?}"))
    }

    #[track_caller]
    fn refuse(text: &str, status: u16, detail: &str) {
        let reject = parse_all_ways(text).expect_err(text);
        assert_eq!((reject.status.as_u16(), reject.detail), (status, detail));
    }

    /// A head with these lines between a valid request line and the end.
    fn with(lines: &str) -> String {
        format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n")
    }

    #[test]
    fn positions_are_those_of_the_buffer() {
        let text = "xxxxGET /a%20b?c=d HTTP/1.1\r\nHost: h:80\r\nX-Y:  z \r\n\r\nrest";
        let mut head = Head::default();
        let parsed = parse(text.as_bytes(), 4, &LIMITS, &mut head);
        assert_eq!(parsed, Ok(Progress::Complete));
        let piece = |span: Span| std::str::from_utf8(span.of(text.as_bytes())).unwrap();
        assert_eq!(head.method, Method::GET);
        assert_eq!(piece(head.target), "/a%20b?c=d");
        assert_eq!(piece(head.path), "/a%20b");
        assert_eq!(head.query.map(piece), Some("c=d"));
        assert_eq!(piece(head.host), "h:80");
        assert_eq!(piece(head.fields[1].name), "X-Y");
        assert_eq!(piece(head.fields[1].value), "z");
        assert_eq!(&text[head.end..], "rest");
    }

    #[test]
    fn persistence() {
        let check = |text: &str, keep_alive| assert_eq!(accept(text).keep_alive, keep_alive);
        check(&with(""), true);
        check(&with("Connection: close\r\n"), false);
        check(&with("Connection: Upgrade, Close\r\n"), false);
        check(
            &with("Connection: keep-alive\r\nconnection: CLOSE\r\n"),
            false,
        );
        check("GET / HTTP/1.0\r\n\r\n", false);
        check("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true);
    }

    #[test]
    fn framing() {
        let check = |lines: &str, framing| assert_eq!(accept(&with(lines)).framing, framing);
        check("", Framing::Empty);
        check("Content-Length: 0\r\n", Framing::Length(0));
        check("Content-Length: 0042\r\n", Framing::Length(42));
        check("Transfer-Encoding: Chunked\r\n", Framing::Chunked);
    }

    #[test]
    fn faulty_framing_is_refused() {
        let number = "the Content-Length is not a decimal number";
        for value in ["", "+1", "-1", "0x1", "1 1", "1,1", "1;", "\u{661}"] {
            refuse(&with(&format!("Content-Length: {value}\r\n")), 400, number);
        }
        refuse(
            &with("Content-Length: 18446744073709551616\r\n"),
            400,
            "the Content-Length is too large",
        );
        refuse(
            &with("Content-Length: 1\r\nContent-Length: 1\r\n"),
            400,
            "there is more than one Content-Length header field",
        );
        refuse(
            &with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
            400,
            "Content-Length and Transfer-Encoding exclude each other",
        );
        refuse(
            &with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
            400,
            "the body is chunked more than once",
        );
        for value in [
            "identity",
            "chunked, gzip",
            "xchunked",
            "chunked;",
            "\"chunked\"",
        ] {
            refuse(
                &with(&format!("Transfer-Encoding: {value}\r\n")),
                400,
                "the last transfer coding must be chunked",
            );
        }
        refuse(
            &with("Transfer-Encoding: gzip, chunked\r\n"),
            501,
            "the only transfer coding that this server knows is chunked",
        );
        refuse(
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
            "HTTP/1.0 has no Transfer-Encoding",
        );
    }

    #[test]
    fn request_lines() {
        let line = "the request line is malformed";
        refuse("INVALID REQUEST\r\n\r\n", 400, line);
        refuse("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, line);
        refuse("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400, line);
        refuse("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, line);
        refuse("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, line);
        refuse("GET / http/1.1\r\nHost: a\r\n\r\n", 400, line);
        refuse("GET /\r\n\r\n", 400, line);
        let version = "this server speaks HTTP/1.1 and HTTP/1.0";
        refuse("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, version);
        let target = "the request target must be a path, or a URI with http:// or https://";
        refuse("GET users HTTP/1.1\r\nHost: a\r\n\r\n", 400, target);
        refuse("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, target);
        refuse(
            "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
            501,
            "this server is no proxy",
        );
        assert_eq!(accept("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").end, 29);
        accept("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    #[test]
    fn the_host_of_an_absolute_target_wins() {
        let text = "GET http://b:1/x?y HTTP/1.1\r\nHost: a\r\n\r\n";
        let head = accept(text);
        assert_eq!(head.host.of(text.as_bytes()), b"b:1");
        assert_eq!(head.path.of(text.as_bytes()), b"/x");
        refuse(
            "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n",
            400,
            "the request target's host is empty",
        );
    }

    #[test]
    fn hosts() {
        for host in [
            "",
            "a",
            "a:80",
            "127.0.0.1:8080",
            "[::1]:80",
            "a_b.c",
            "a%20b",
        ] {
            accept(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        }
        for host in [
            "a b", "u@a", "a/b", "a:b", "a:1:2", "[::1", "a:123456", "a?b",
        ] {
            let text = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
            refuse(&text, 400, "the host is malformed");
        }
        refuse(
            "GET / HTTP/1.1\r\n\r\n",
            400,
            "HTTP/1.1 requires a Host header field",
        );
        refuse(
            "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            400,
            "there is more than one Host header field",
        );
    }

    #[test]
    fn malformed_fields() {
        let name = "a header field's name is malformed";
        refuse(&with("X : y\r\n"), 400, name);
        refuse(&with(" folded\r\n"), 400, name);
        refuse(&with("no colon\r\n"), 400, name);
        let value = "a header field's value holds a forbidden byte";
        refuse(&with("X: a\0b\r\n"), 400, value);
        refuse(&with("X: a\rb\r\n"), 400, value);
    }

    #[test]
    fn a_bare_lf_ends_no_line() {
        let detail = "a line ends with LF instead of CRLF";
        refuse("GET / HTTP/1.1\nHost: a\r\n\r\n", 400, detail);
        refuse("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400, detail);
        refuse("GET / HTTP/1.1\r\nHost: a\r\n\n", 400, detail);
        refuse("GET / HTTP/1.1\r\nHost: a\n\r\n", 400, detail);
    }

    #[test]
    fn limits() {
        let long = "x".repeat(101);
        let line = "the request line is longer than this server accepts";
        refuse(
            &format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"),
            414,
            line,
        );
        let head = "the header fields are larger than this server accepts";
        let large = format!("X: {}\r\n", "y".repeat(400));
        refuse(&with(&large), 431, head);
        let fields = "there are more header fields than this server accepts";
        refuse(&with(&"X: y\r\n".repeat(5)), 431, fields);
        accept(&with(&"X: y\r\n".repeat(4)));
    }

    #[test]
    fn expectations() {
        assert!(accept(&with("Expect: 100-Continue\r\n")).expects_continue);
        assert!(!accept("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expects_continue);
        refuse(
            &with("Expect: magic\r\n"),
            417,
            "the only expectation that this server knows is 100-continue",
        );
    }
}
