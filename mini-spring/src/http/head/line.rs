//! The request line (RFC 9112, section 3).
//!
//! ```text
//! request-line = method SP request-target SP HTTP-version CRLF
//! method       = token
//! HTTP-version = "HTTP/" DIGIT "." DIGIT
//! ```
//!
//! One space between the words, none in them, and CRLF at the end: what is more lenient reads the same
//! line differently from the proxy in front of it (section 11.2). The target is visible ASCII, which
//! is all that a URI can hold (RFC 3986, section 2).

use http::{Method, StatusCode, Version};

use super::target::read_target;
use super::{BARE_LF, Head, HeadLimits, Reject, Span, Stop, TARGET_TOO_LONG, scan};

/// Reads the request line at `start` and gives back where the field lines begin.
#[inline(always)]
pub(super) fn read_line(
    bytes: &[u8],
    start: usize,
    limits: &HeadLimits,
    head: &mut Head,
) -> Result<usize, Stop> {
    let line = bytes.get(start..).unwrap_or_default();
    let (method, rest) = match line.strip_prefix(b"GET ") {
        Some(rest) => (None, rest),
        None => read_method(line, limits)?,
    };
    // Whatever else is wrong with it, what is answered to HEAD has no body.
    head.method = method.unwrap_or(Method::GET);
    let query = scan::behind_path(rest);
    let behind = match query {
        [b'?' | b'#', ..] => scan::behind_target(query),
        _ => query,
    };
    let (target, end) = (bytes.len() - rest.len(), bytes.len() - behind.len());
    let version = match behind.first_chunk() == Some(b" HTTP/1.1\r\n") && end > target {
        true => Version::HTTP_11,
        false => other_version(line, end - target, behind, limits)?,
    };
    let line_end = end + " HTTP/1.1".len();
    if line_end - start > limits.request_line {
        return Err(TARGET_TOO_LONG.into());
    }
    head.version = version;
    head.target = Span::new(target, end);
    read_target(bytes, bytes.len() - query.len(), head)?;
    Ok(line_end + 2)
}

/// The method if it isn't GET, and what stands behind its space.
#[inline(never)]
fn read_method<'b>(
    line: &'b [u8],
    limits: &HeadLimits,
) -> Result<(Option<Method>, &'b [u8]), Stop> {
    let behind = scan::behind_token(line);
    match (&line[..line.len() - behind.len()], behind) {
        (_, []) => Err(Stop::Partial),
        (method @ [_, ..], [b' ', rest @ ..]) => match Method::from_bytes(method) {
            Ok(method) => Ok((Some(method), rest)),
            Err(_) => Err(malformed(line, rest, limits)),
        },
        (_, [_, rest @ ..]) => Err(malformed(line, rest, limits)),
    }
}

/// What stands behind the target instead of ` HTTP/1.1` and CRLF: the only thing that is taken is
/// HTTP/1.0.
#[cold]
fn other_version(
    line: &[u8],
    target: usize,
    behind: &[u8],
    limits: &HeadLimits,
) -> Result<Version, Stop> {
    match behind {
        [] => return Err(Stop::Partial),
        [b' ', ..] if target > 0 => {}
        [_, rest @ ..] => return Err(malformed(line, rest, limits)),
    }
    if behind.starts_with(b" HTTP/1.0\r\n") {
        return Ok(Version::HTTP_10);
    }
    // Whether it is a version at all is only known at the end of the line.
    let Some(line_feed) = behind.iter().position(|&byte| byte == b'\n') else {
        return Err(Stop::Partial);
    };
    let (version, rest) = (&behind[..line_feed], &behind[line_feed + 1..]);
    if is_too_long(line, rest, limits) {
        return Err(TARGET_TOO_LONG.into());
    }
    Err(match version {
        b" HTTP/1.1" | b" HTTP/1.0" => BARE_LF.into(),
        [
            b' ',
            b'H',
            b'T',
            b'T',
            b'P',
            b'/',
            major,
            b'.',
            minor,
            b'\r',
        ] if major.is_ascii_digit() && minor.is_ascii_digit() => VERSION.into(),
        _ => malformed(line, rest, limits),
    })
}

/// RFC 9110, section 15.6.6.
const VERSION: Reject = Reject::new(
    StatusCode::HTTP_VERSION_NOT_SUPPORTED,
    "this server speaks HTTP/1.1 and HTTP/1.0",
);

/// The line is malformed, which its last byte in front of `rest` has shown.
#[cold]
fn malformed(line: &[u8], rest: &[u8], limits: &HeadLimits) -> Stop {
    match is_too_long(line, rest, limits) {
        true => TARGET_TOO_LONG.into(),
        false => Reject::bad("the request line is malformed").into(),
    }
}

/// Whether the line was too long before `rest` came: so what is refused doesn't depend on how it comes.
fn is_too_long(line: &[u8], rest: &[u8], limits: &HeadLimits) -> bool {
    super::is_line_too_long(&line[..line.len() - rest.len()], limits)
}
