//! Media types as fields name them (RFC 9110, section 8.3.1).
//!
//! ```text
//! media-type = type "/" subtype parameters
//! parameters = *( OWS ";" OWS [ parameter-name "=" ( token / quoted-string ) ] )
//! ```
//!
//! Read as leniently as clients write them: what is no parameter is passed over. Knows no media type.

use std::borrow::Cow;

use super::accept::pieces;

/// A media type without its parameters.
pub(crate) fn essence(media_type: &[u8]) -> &[u8] {
    let end = media_type.iter().position(|&byte| byte == b';');
    media_type[..end.unwrap_or(media_type.len())].trim_ascii()
}

/// Whether a type, without its parameters, is this one, or of this kind: `image/*`. Without case (section 8.3.1).
pub(crate) fn is_in(essence: &[u8], range: &str) -> bool {
    let range = range.as_bytes();
    match range.strip_suffix(b"*") {
        Some(kind) => essence
            .get(..kind.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(kind)),
        None => essence.eq_ignore_ascii_case(range),
    }
}

/// Whether a type, without its parameters, is JSON (RFC 6839, section 3.1).
pub(crate) fn is_json(essence: &[u8]) -> bool {
    let suffix = essence.len().saturating_sub(b"+json".len());
    essence.eq_ignore_ascii_case(b"application/json")
        || (essence.contains(&b'/') && essence[suffix..].eq_ignore_ascii_case(b"+json"))
}

/// The value of the first parameter of this name, which is compared without case, out of its quotes.
pub(crate) fn parameter<'t>(media_type: &'t [u8], name: &str) -> Option<Cow<'t, [u8]>> {
    let mut parameters = pieces(media_type, b';').skip(1);
    parameters.find_map(|piece| {
        let equals = piece.iter().position(|&byte| byte == b'=')?;
        let is_it = piece[..equals]
            .trim_ascii()
            .eq_ignore_ascii_case(name.as_bytes());
        is_it.then(|| unquoted(piece[equals + 1..].trim_ascii()))
    })
}

/// A value as it is meant: what stands between quotes, without the backslashes (section 5.6.4).
pub(super) fn unquoted(value: &[u8]) -> Cow<'_, [u8]> {
    let [b'"', inner @ .., b'"'] = value else {
        return Cow::Borrowed(value);
    };
    if !inner.contains(&b'\\') {
        return Cow::Borrowed(inner);
    }
    let mut is_escaped = false;
    let meant = inner.iter().copied().filter(|&byte| {
        is_escaped = byte == b'\\' && !is_escaped;
        !is_escaped
    });
    Cow::Owned(meant.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found() {
        let check = |media_type: &str, expected: Option<&str>| {
            let found = parameter(media_type.as_bytes(), "charset");
            let found = found.map(|value| String::from_utf8(value.into_owned()).unwrap());
            assert_eq!(found.as_deref(), expected, "{media_type}");
        };
        check("text/plain", None);
        check("text/plain; charset=utf-8", Some("utf-8"));
        check("text/plain;CHARSET = x ; a=b", Some("x"));
        check("text/plain; a=\"; charset=x\"; charset=y", Some("y"));
        check(r#"text/plain; a="\"; charset=x"; charset=y"#, Some("y"));
        check(r#"text/plain; charset="a\"\\b""#, Some(r#"a"\b"#));
        check("text/plain; charset=\"utf-8\"; charset=x", Some("utf-8"));
        check("text/plain; charset=", Some(""));
        check("text/plain; charset", None);
        check("text/plain;;; charset=\"x", Some("\"x"));
        check("charset=x", None);
        check("", None);
    }

    #[test]
    fn ranges() {
        let check = |essence: &str, range, expected| {
            assert_eq!(
                is_in(essence.as_bytes(), range),
                expected,
                "{essence} {range}"
            );
        };
        check("image/png", "image/png", true);
        check("IMAGE/png", "image/PNG", true);
        check("image/png", "image/*", true);
        check("Image/png", "image/*", true);
        check("image/png", "image/pn", false);
        check("images/png", "image/*", false);
        check("image", "image/*", false);
        check("", "image/*", false);
    }

    #[test]
    fn essences() {
        assert_eq!(essence(b"text/plain ; a=b"), b"text/plain");
        assert_eq!(essence(b" text/plain"), b"text/plain");
        assert_eq!(essence(b";"), b"");
    }
}
