//! Entity tags, and how they are compared (RFC 9110, section 8.8.3).
//!
//! ```text
//! entity-tag = [ weak ] opaque-tag
//! weak       = %s"W/"
//! opaque-tag = DQUOTE *etagc DQUOTE
//! etagc      = %x21 / %x23-7E / obs-text
//! ```
//!
//! A list is read up to the first element that is none. Knows no request and no answer.

use std::fmt::{self, Display, Write};

use http::HeaderValue;
use http::header::InvalidHeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// An entity tag: the name of one state of what a URL stands for (RFC 9110, section 8.8.3).
///
/// In front of the content it is all that is needed: clients that have this state already, as their
/// `If-None-Match` says, are answered 304 without the content, by the server itself. So it is with every
/// 200 to GET or HEAD that has a field `ETag` or `Last-Modified`, however that came into it. Before something is
/// changed, a handler asks [`Preconditions`](crate::Preconditions).
///
/// ```
/// use mini_spring::{App, ETag, Json, Request, route, routes};
///
/// #[route(GET, "/books/<id>")]
/// fn book(id: u32) -> (ETag, Json<String>) {
///     let version = 3;
///     (ETag::strong(version), Json(format!("book {id}")))
/// }
///
/// let app = App::empty().mount("/", routes![book]);
/// let request = Request::get("/books/7").header("If-None-Match", "\"3\"");
/// assert_eq!(app.call(request.build()?).status(), 304);
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ETag {
    /// As it is sent: visible ASCII only.
    text: String,
}

impl ETag {
    /// Two answers with this tag are the same, byte by byte.
    ///
    /// What can't stand in a tag is percent-encoded.
    ///
    /// ```
    /// # use mini_spring::ETag;
    /// assert_eq!(ETag::strong("v 7").to_string(), "\"v%207\"");
    /// ```
    pub fn strong(state: impl Display) -> Self {
        ETag::with("\"", &state)
    }

    /// Two answers with this tag mean the same, though perhaps not byte by byte. No range of such a state is
    /// taken up again, and it doesn't let `If-Match` pass (RFC 9110, section 8.8.1).
    ///
    /// ```
    /// # use mini_spring::ETag;
    /// assert_eq!(ETag::weak(7).to_string(), "W/\"7\"");
    /// ```
    pub fn weak(state: impl Display) -> Self {
        ETag::with("W/\"", &state)
    }

    fn with(begin: &str, state: &dyn Display) -> Self {
        let mut plain = String::new();
        // Writing to a string doesn't fail; a Display that does leaves what it has written.
        let _ = write!(plain, "{state}");
        let mut text = begin.to_owned();
        text.extend(utf8_percent_encode(&plain, NOT_IN_A_TAG));
        text.push('"');
        ETag { text }
    }

    /// The tag as clients' tags are compared with it.
    pub(crate) fn tag(&self) -> Option<Tag<'_>> {
        Tag::only(self.text.as_bytes())
    }
}

/// What is no etagc, everything that isn't ASCII, and what begins an escape.
const NOT_IN_A_TAG: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

impl Display for ETag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl TryFrom<ETag> for HeaderValue {
    type Error = InvalidHeaderValue;

    fn try_from(tag: ETag) -> Result<Self, InvalidHeaderValue> {
        HeaderValue::try_from(tag.text)
    }
}

/// An entity tag where it stands in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'t> {
    is_weak: bool,
    opaque: &'t [u8],
}

impl<'t> Tag<'t> {
    /// The tag at the beginning, and what is behind it.
    fn first(text: &'t [u8]) -> Option<(Self, &'t [u8])> {
        let (is_weak, rest) = match text.strip_prefix(b"W/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let rest = rest.strip_prefix(b"\"")?;
        let end = rest.iter().position(|&byte| !is_etagc(byte))?;
        let (opaque, rest) = rest.split_at(end);
        Some((Tag { is_weak, opaque }, rest.strip_prefix(b"\"")?))
    }

    /// The tag that this text is.
    pub(crate) fn only(text: &'t [u8]) -> Option<Self> {
        match Tag::first(text)? {
            (tag, b"") => Some(tag),
            _ => None,
        }
    }

    /// The tags of a list; empty elements are passed over (RFC 9110, section 5.6.1.2).
    pub(crate) fn list(mut text: &'t [u8]) -> impl Iterator<Item = Self> {
        std::iter::from_fn(move || {
            let begin = text
                .iter()
                .position(|byte| !matches!(byte, b',' | b' ' | b'\t'))?;
            let (tag, rest) = Tag::first(&text[begin..])?;
            text = rest;
            let behind = rest.trim_ascii_start();
            (behind.is_empty() || behind.starts_with(b",")).then_some(tag)
        })
    }

    /// Both are strong and the same (RFC 9110, section 8.8.3.2).
    pub(crate) fn is_strongly(self, other: Self) -> bool {
        !self.is_weak && self == other
    }

    /// They are the same, whether weak or not (section 8.8.3.2).
    pub(crate) fn is_weakly(self, other: Self) -> bool {
        self.opaque == other.opaque
    }
}

fn is_etagc(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7E | 0x80..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_list(text: &str, expected: &[&str]) {
        let show = |tag: Tag<'_>| {
            let weak = if tag.is_weak { "W/" } else { "" };
            format!("{weak}{}", String::from_utf8_lossy(tag.opaque))
        };
        let found: Vec<String> = Tag::list(text.as_bytes()).map(show).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn lists() {
        check_list("\"a\"", &["a"]);
        check_list("W/\"a\"", &["W/a"]);
        check_list("\"a\", W/\"b\" ,\"\"", &["a", "W/b", ""]);
        check_list(" ,\t, \"a\",,\"b\",", &["a", "b"]);
        check_list("\"a,b\", \"c\"", &["a,b", "c"]);
        check_list("\"é\"", &["é"]);
        check_list("", &[]);
    }

    #[test]
    fn lists_end_where_they_are_malformed() {
        check_list("\"a\", b, \"c\"", &["a"]);
        check_list("\"a\" \"b\"", &[]);
        check_list("\"a", &[]);
        check_list("w/\"a\"", &[]);
        check_list("W/ \"a\"", &[]);
        check_list("\"a b\"", &[]);
        check_list("*", &[]);
    }

    /// The table of RFC 9110, section 8.8.3.2.
    #[test]
    fn comparisons() {
        let check = |one: &str, other: &str, strong: bool, weak: bool| {
            let [one, other] = [one, other].map(|text| Tag::only(text.as_bytes()).unwrap());
            assert_eq!(one.is_strongly(other), strong);
            assert_eq!(one.is_weakly(other), weak);
        };
        check("W/\"1\"", "W/\"1\"", false, true);
        check("W/\"1\"", "W/\"2\"", false, false);
        check("W/\"1\"", "\"1\"", false, true);
        check("\"1\"", "\"1\"", true, true);
    }

    #[test]
    fn made_tags_are_read_again() {
        for state in ["", "a", "a\"b", "a b%20\r\n", "é", "\u{7f}"] {
            let tag = ETag::strong(state);
            assert!(tag.tag().is_some(), "{tag}");
            assert!(HeaderValue::try_from(tag.clone()).is_ok());
            assert_ne!(tag, ETag::weak(state));
        }
        assert_eq!(ETag::strong("a\"b\u{e9}").to_string(), "\"a%22b%C3%A9\"");
        assert_ne!(ETag::strong("a b"), ETag::strong("a%20b"));
    }
}
