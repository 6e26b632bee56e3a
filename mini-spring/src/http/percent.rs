//! Percent-decoding, decided once and in this place (RFC 3986, section 2.1).
//!
//! A path is split into segments *before* it is decoded, so `%2F` never separates segments. A `%`
//! that two hexadecimal digits don't follow is an error, and so is decoded text that is not UTF-8 or
//! holds NUL: none of them has a meaning that client and server would agree on.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// Why a piece of a request target can't be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// `%` without two hexadecimal digits behind it.
    Escape,
    /// The decoded bytes are not UTF-8.
    Utf8,
    /// A NUL, encoded as `%00`.
    Nul,
}

impl Malformed {
    /// What to tell the client.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Malformed::Escape => "`%` must be followed by two hexadecimal digits",
            Malformed::Utf8 => "the percent-decoded bytes are not UTF-8",
            Malformed::Nul => "it contains a NUL",
        }
    }
}

/// What `+` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    /// Itself: in a path.
    Literal,
    /// A space: in a query or a form (WHATWG URL, section 5.1).
    Space,
}

/// The text of one segment or one query value; borrowed where nothing is encoded.
pub(crate) fn decode(raw: &[u8], plus: Plus) -> Result<Cow<'_, str>, Malformed> {
    let is_plain =
        |&byte: &u8| byte != b'%' && byte != 0 && (byte != b'+' || plus == Plus::Literal);
    if raw.iter().all(is_plain) {
        let text = std::str::from_utf8(raw).map_err(|_| Malformed::Utf8)?;
        return Ok(Cow::Borrowed(text));
    }
    if !escapes_are_whole(raw) {
        return Err(Malformed::Escape);
    }
    let bytes: Vec<u8> = match plus {
        Plus::Literal => percent_decode(raw).collect(),
        Plus::Space => percent_decode(&with_spaces(raw)).collect(),
    };
    if bytes.contains(&0) {
        return Err(Malformed::Nul);
    }
    String::from_utf8(bytes)
        .map(Cow::Owned)
        .map_err(|_| Malformed::Utf8)
}

/// Whether `raw` is the encoded form of `text`. Allocates nothing.
pub(crate) fn is_encoding_of(raw: &[u8], text: &str) -> bool {
    if !raw.contains(&b'%') {
        return raw == text.as_bytes();
    }
    percent_decode(raw).eq(text.bytes())
}

fn escapes_are_whole(raw: &[u8]) -> bool {
    let digit = |at: usize| raw.get(at).is_some_and(u8::is_ascii_hexdigit);
    (0..raw.len())
        .filter(|&at| raw[at] == b'%')
        .all(|at| digit(at + 1) && digit(at + 2))
}

fn with_spaces(raw: &[u8]) -> Vec<u8> {
    let space = |&byte: &u8| if byte == b'+' { b' ' } else { byte };
    raw.iter().map(space).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes() {
        let check = |raw: &str, expected: Result<&str, Malformed>| {
            assert_eq!(
                decode(raw.as_bytes(), Plus::Literal).as_deref(),
                expected.as_ref().map(|text| *text),
                "{raw}"
            );
        };
        check("", Ok(""));
        check("plain", Ok("plain"));
        check("a%2Fb", Ok("a/b"));
        check("a%2fb", Ok("a/b"));
        check("caf%C3%A9", Ok("café"));
        check("a+b", Ok("a+b"));
        check("%2525", Ok("%25"));
        check("%", Err(Malformed::Escape));
        check("%4", Err(Malformed::Escape));
        check("%zz", Err(Malformed::Escape));
        check("%+1", Err(Malformed::Escape));
        check("%ff", Err(Malformed::Utf8));
        check("%C0%AF", Err(Malformed::Utf8));
        check("a%00", Err(Malformed::Nul));
    }

    #[test]
    fn plus_is_a_space_in_a_query_only() {
        assert_eq!(decode(b"a+b%2B", Plus::Space).unwrap(), "a b+");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused_unencoded_too() {
        assert_eq!(decode(b"\xff", Plus::Literal), Err(Malformed::Utf8));
    }

    #[test]
    fn compares_without_decoding_first() {
        assert!(is_encoding_of(b"users", "users"));
        assert!(is_encoding_of(b"us%65rs", "users"));
        assert!(is_encoding_of(b"caf%C3%A9", "café"));
        assert!(!is_encoding_of(b"user", "users"));
        assert!(!is_encoding_of(b"users%", "users"));
        assert!(!is_encoding_of(b"users%4", "users"));
    }
}
