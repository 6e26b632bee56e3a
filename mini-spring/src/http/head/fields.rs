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
        let length = scan::token(rest);
        let Some((name @ [_, ..], [b':', behind @ ..])) = rest.split_at_checked(length) else {
            break;
        };
        if head.fields.len() >= limits.fields {
            return Err(TOO_MANY.into());
        }
        // Most values have one space in front.
        let value = match behind {
            [b' ', value @ ..] => value,
            _ => behind,
        };
        let length = scan::value(value);
        let Some((text, [b'\r', b'\n', next @ ..])) = value.split_at_checked(length) else {
            return Err(unended(&value[length..]));
        };
        let (at, place) = (bytes.len() - rest.len(), bytes.len() - value.len());
        let field = Field {
            name: Span::new(at, at + name.len()),
            value: trimmed(text, place),
        };
        head.fields.push(field);
        control.read(name, bytes, field.value)?;
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

/// Where a value stands without the white space around it.
#[inline(always)]
fn trimmed(text: &[u8], place: usize) -> Span {
    match text {
        [b' ' | b'\t', ..] | [.., b' ' | b'\t'] => trim(text, place),
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

/// Why this, behind a value, isn't CRLF.
#[cold]
fn unended(rest: &[u8]) -> Stop {
    match rest {
        [] | [b'\r'] => Stop::Partial,
        [b'\n', ..] => BARE_LF.into(),
        _ => Reject::bad("a header field's value holds a forbidden byte").into(),
    }
}

/// Why this is neither a field line nor the empty line behind the last.
#[cold]
fn unnamed(rest: &[u8]) -> Stop {
    match rest {
        [b'\r'] => Stop::Partial,
        [b'\n', ..] => BARE_LF.into(),
        _ if scan::token(rest) == rest.len() => Stop::Partial,
        _ => Reject::bad("a header field's name is malformed").into(),
    }
}
