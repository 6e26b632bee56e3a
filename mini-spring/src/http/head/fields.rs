//! The field lines, and the empty line that ends the head (RFC 9112, section 5).
//!
//! ```text
//! field-line   = field-name ":" OWS field-value OWS
//! field-name   = token
//! OWS          = *( SP / HTAB )
//! ```
//!
//! No white space in front of the colon (section 5.1), no line folded into the next (section 5.2), and
//! no CR, LF or other control character but HTAB in a value (RFC 9110, section 5.5). What a field says
//! about the connection is noted while its line is read: nothing is walked twice.

use http::StatusCode;

use super::control::Control;
use super::{BARE_LF, Field, Head, HeadLimits, Reject, Span, Stop, scan};

/// Reads the field lines from `at` on and gives back where the head ends.
#[inline(never)]
pub(super) fn read_fields(
    bytes: &[u8],
    start: usize,
    limits: &HeadLimits,
    head: &mut Head,
) -> Result<usize, Stop> {
    let mut control = Control::default();
    head.fields.clear();
    let mut rest = &bytes[start..];
    loop {
        let colon = scan::behind_name(rest);
        // Most values have one space in front.
        let value = match colon {
            [b':', b' ', value @ ..] | [b':', value @ ..] if colon.len() < rest.len() => value,
            _ => break,
        };
        if head.fields.len() >= limits.fields {
            return Err(TOO_MANY.into());
        }
        let (text, next) = read_value(value)?;
        let (name, place) = (bytes.len() - rest.len(), bytes.len() - value.len());
        let field = Field {
            name: Span::new(name, bytes.len() - colon.len()),
            value: trimmed(text, place),
        };
        head.fields.push(field);
        control.read(rest, rest.len() - colon.len(), bytes, field.value)?;
        rest = next;
    }
    let [b'\r', b'\n', body @ ..] = rest else {
        return Err(unnamed(rest));
    };
    control.conclude(head)?;
    Ok(bytes.len() - body.len())
}

/// RFC 6585, section 5.
const TOO_MANY: Reject = Reject::new(
    StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    "there are more header fields than this server accepts",
);

/// The value, and what stands behind its CRLF.
#[inline(always)]
fn read_value(bytes: &[u8]) -> Result<(&[u8], &[u8]), Stop> {
    let behind = scan::behind_printable(bytes);
    match behind {
        [b'\r', b'\n', next @ ..] => Ok((&bytes[..bytes.len() - behind.len()], next)),
        _ => read_other_value(bytes),
    }
}

#[inline(never)]
fn read_other_value(bytes: &[u8]) -> Result<(&[u8], &[u8]), Stop> {
    let behind = scan::behind_value(bytes);
    match behind {
        [b'\r', b'\n', next @ ..] => Ok((&bytes[..bytes.len() - behind.len()], next)),
        [] | [b'\r'] => Err(Stop::Partial),
        [b'\n', ..] => Err(BARE_LF.into()),
        _ => Err(Reject::bad("a header field's value holds a forbidden byte").into()),
    }
}

/// Where a value stands without the white space around it.
#[inline(always)]
fn trimmed(text: &[u8], place: usize) -> Span {
    match text {
        [..=b' ', ..] | [.., ..=b' '] => trim(text, place),
        _ => Span::new(place, place + text.len()),
    }
}

#[inline(never)]
fn trim(text: &[u8], place: usize) -> Span {
    let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let in_front = text.iter().take_while(is_space).count();
    let behind = text[in_front..].iter().rev().take_while(is_space).count();
    Span::new(place + in_front, place + text.len() - behind)
}

/// Why this is neither a field line nor the empty line behind the last.
#[cold]
fn unnamed(rest: &[u8]) -> Stop {
    match rest {
        [b'\r'] => Stop::Partial,
        [b'\n', ..] => BARE_LF.into(),
        _ if scan::behind_token(rest).is_empty() => Stop::Partial,
        _ => Reject::bad("a header field's name is malformed").into(),
    }
}
