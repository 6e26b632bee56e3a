//! The forms of a request target (RFC 9112, section 3.2).
//!
//! ```text
//! origin-form   = absolute-path [ "?" query ]
//! absolute-form = absolute-URI
//! asterisk-form = "*"
//! ```
//!
//! Knows that the target is visible ASCII.

use http::{Method, StatusCode};

use super::host::check_host;
use super::{Head, Reject, Span};

/// Takes the target apart. Up to `path_end` it holds neither `?` nor `#`.
#[inline(always)]
pub(super) fn read_target(bytes: &[u8], path_end: usize, head: &mut Head) -> Result<(), Reject> {
    // CONNECT, and with it the authority-form, is for proxies: section 3.2.3.
    if head.method == Method::CONNECT {
        return Err(NO_PROXY);
    }
    let (start, end) = (head.target.start as usize, head.target.end as usize);
    let path = match bytes.get(start) {
        // Section 3.2.1.
        Some(b'/') => {
            head.host = Span::default();
            start
        }
        _ => other_form(bytes, head)?,
    };
    // The `?` of an absolute-form may stand right behind the authority.
    head.path = Span::new(path, path_end);
    head.query = match path_end < end {
        true => Some(read_query(bytes, path_end, end)?),
        false => None,
    };
    Ok(())
}

const NO_PROXY: Reject = Reject::new(StatusCode::NOT_IMPLEMENTED, "this server is no proxy");

/// A fragment is never sent (RFC 9110, section 7.1); a client that sends one means something else.
#[inline]
fn read_query(bytes: &[u8], mark: usize, end: usize) -> Result<Span, Reject> {
    match bytes[mark..end].contains(&b'#') {
        false => Ok(Span::new(mark + 1, end)),
        true => Err(Reject::bad("the request target holds a fragment")),
    }
}

/// Where the path begins in the asterisk-form (section 3.2.4) and in the absolute-form, which also
/// names the host (section 3.2.2).
#[cold]
fn other_form(bytes: &[u8], head: &mut Head) -> Result<usize, Reject> {
    let start = head.target.start as usize;
    let target = head.target.of(bytes);
    head.host = Span::default();
    if target == b"*" && head.method == Method::OPTIONS {
        return Ok(start);
    }
    let scheme = ["http://", "https://"]
        .map(str::as_bytes)
        .into_iter()
        .find(|scheme| {
            target
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
        .ok_or(Reject::bad(
            "the request target must be a path, or a URI with http:// or https://",
        ))?;
    let authority = &target[scheme.len()..];
    let end = authority
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?'))
        .unwrap_or(authority.len());
    // RFC 9110, section 4.2.1; a port alone is no host.
    if matches!(authority.get(..end), None | Some([] | [b':', ..])) {
        return Err(Reject::bad("the request target's host is empty"));
    }
    check_host(&authority[..end])?;
    let start = start + scheme.len();
    head.host = Span::new(start, start + end);
    Ok(start + end)
}
