//! The body as text: which charset it is in, and how it becomes UTF-8.
//!
//! A charset is named by the labels of the encoding standard, <https://encoding.spec.whatwg.org>. By it
//! ISO-8859-1 is windows-1252, as clients that say the one send the other. Only US-ASCII isn't, although
//! the standard says so: what isn't ASCII in there is a mistake. Without the feature `charset` there are these
//! and UTF-8, with it all of the standard. Knows no media types but the parameter.

use std::borrow::Cow;

use super::body::invalid;
use super::content_coding;
use super::param::Short;
use crate::http::{StatusCode, media_type};
use crate::request::Request;
use crate::respond::Problem;

/// The body as text. Without a charset it is UTF-8.
pub(super) fn decoded(request: &Request) -> Result<Cow<'_, str>, Problem> {
    content_coding::must_be_none(request)?;
    let content_type = request.header_bytes("content-type").unwrap_or_default();
    let charset = match media_type::parameter(content_type, "charset") {
        Some(label) => Charset::of(&label).ok_or_else(|| unknown(&label))?,
        None => Charset::Utf8,
    };
    charset.decode(request.body()).map_err(invalid)
}

#[derive(Clone, Copy)]
enum Charset {
    Utf8,
    Ascii,
    Windows1252,
    #[cfg(feature = "charset")]
    Other(&'static encoding_rs::Encoding),
}

/// What is accepted, for messages.
const ACCEPTED: &str = if cfg!(feature = "charset") {
    "one of the encoding standard"
} else {
    "`utf-8`, `us-ascii`, `iso-8859-1` or `windows-1252`"
};

/// The charsets that need no other crate, by their labels.
const LABELS: [(&str, Charset); 12] = [
    ("utf-8", Charset::Utf8),
    ("utf8", Charset::Utf8),
    ("us-ascii", Charset::Ascii),
    ("ascii", Charset::Ascii),
    ("iso-8859-1", Charset::Windows1252),
    ("iso8859-1", Charset::Windows1252),
    ("iso_8859-1", Charset::Windows1252),
    ("latin1", Charset::Windows1252),
    ("l1", Charset::Windows1252),
    ("windows-1252", Charset::Windows1252),
    ("cp1252", Charset::Windows1252),
    ("x-cp1252", Charset::Windows1252),
];

impl Charset {
    fn of(label: &[u8]) -> Option<Self> {
        let label = label.trim_ascii();
        let is_it = |(known, _): &&(&str, _)| label.eq_ignore_ascii_case(known.as_bytes());
        let known = LABELS.iter().find(is_it);
        known.map(|(_, charset)| *charset).or_else(|| other(label))
    }

    /// The text, without a byte order mark; an error says what was expected.
    fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, String> {
        match self {
            Charset::Utf8 => {
                // A mark is no part of the text (RFC 3629, section 6).
                let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                let mark = bytes.len() - text.len();
                std::str::from_utf8(text)
                    .map(Cow::Borrowed)
                    .map_err(|error| expected("UTF-8", error.valid_up_to() + mark))
            }
            Charset::Ascii => ascii(bytes)
                .map(Cow::Borrowed)
                .map_err(|length| expected("US-ASCII", length)),
            Charset::Windows1252 => Ok(match ascii(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => Cow::Owned(bytes.iter().copied().map(windows_1252).collect()),
            }),
            #[cfg(feature = "charset")]
            Charset::Other(encoding) => decode_other(encoding, bytes),
        }
    }
}

fn expected(charset: &str, place: usize) -> String {
    format!("expected {charset}, found something else at byte {place}")
}

#[cold]
fn unknown(label: &[u8]) -> Problem {
    let label = String::from_utf8_lossy(label);
    let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    problem.with_detail(format!(
        "expected a text whose charset is {ACCEPTED}, found `{}`; send it as UTF-8",
        Short(&label)
    ))
}

/// The text, if all of it is ASCII, or else how much of it is.
fn ascii(bytes: &[u8]) -> Result<&str, usize> {
    let end = bytes.iter().position(|byte| !byte.is_ascii());
    match (end, std::str::from_utf8(bytes)) {
        (None, Ok(text)) => Ok(text),
        (end, _) => Err(end.unwrap_or(bytes.len())),
    }
}

/// What the bytes from 0x80 to 0x9f mean; those before and behind mean the character of the same number.
const C1: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => C1[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(not(feature = "charset"))]
fn other(_: &[u8]) -> Option<Charset> {
    None
}

#[cfg(feature = "charset")]
fn other(label: &[u8]) -> Option<Charset> {
    encoding_rs::Encoding::for_label_no_replacement(label).map(Charset::Other)
}

#[cfg(feature = "charset")]
fn decode_other<'b>(
    declared: &'static encoding_rs::Encoding,
    bytes: &'b [u8],
) -> Result<Cow<'b, str>, String> {
    use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

    // Of UTF-16 the mark tells in which order the bytes stand (RFC 2781, section 3.2).
    let marked = Encoding::for_bom(bytes).filter(|(marked, _)| {
        [declared, *marked]
            .iter()
            .all(|it| [UTF_16BE, UTF_16LE].contains(it))
    });
    let (encoding, mark) = marked.unwrap_or((declared, 0));
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    text.ok_or_else(|| format!("expected {}, found something else", encoding.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::FromRequest;

    fn read(content_type: Option<&str>, body: &[u8]) -> Result<String, String> {
        let request = Request::post("/").body(body);
        let request = match content_type {
            Some(content_type) => request.header("Content-Type", content_type),
            None => request,
        };
        let request = request.build().unwrap();
        let borrowed = <&str>::from_request(&request).map(str::to_owned);
        let owned = String::from_request(&request);
        match (borrowed, owned) {
            (Ok(borrowed), Ok(owned)) if borrowed == owned => Ok(owned),
            (Err(borrowed), Err(owned)) => {
                assert_eq!(borrowed.to_string(), owned.to_string());
                Err(owned.to_string())
            }
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn check(charset: &str, body: &[u8], expected: &str) {
        let content_type = format!("text/plain; charset={charset}");
        assert_eq!(read(Some(&content_type), body).as_deref(), Ok(expected));
    }

    #[track_caller]
    fn fails(charset: &str, body: &[u8], expected: &str) {
        let content_type = format!("text/plain; charset={charset}");
        assert_eq!(read(Some(&content_type), body).unwrap_err(), expected);
    }

    #[test]
    fn without_a_charset_it_is_utf_8() {
        assert_eq!(read(None, "é".as_bytes()).as_deref(), Ok("é"));
        let json = read(Some("application/json"), "é".as_bytes());
        assert_eq!(json.as_deref(), Ok("é"));
        assert!(read(Some("text/plain"), b"\xe9").is_err());
    }

    #[test]
    fn charsets() {
        check("UTF-8", "é".as_bytes(), "é");
        check("\"utf8\"", "\u{feff}a\u{feff}".as_bytes(), "a\u{feff}");
        check("us-ascii", b"a~", "a~");
        check("ISO-8859-1", b"a\xe9\x80", "aé€");
        check("latin1", b"a", "a");
        check("windows-1252", b"\x93\x81\xff", "“\u{81}ÿ");
        check("windows-1252", b"", "");
    }

    #[test]
    fn what_is_malformed_is_400() {
        let start = "400 Bad Request: expected";
        fails(
            "utf-8",
            b"ab\xff",
            &format!("{start} UTF-8, found something else at byte 2"),
        );
        let marked = b"\xef\xbb\xbfa\xff";
        fails(
            "utf-8",
            marked,
            &format!("{start} UTF-8, found something else at byte 4"),
        );
        fails(
            "ascii",
            "aé".as_bytes(),
            &format!("{start} US-ASCII, found something else at byte 1"),
        );
    }

    #[test]
    fn what_is_unknown_is_415() {
        let start = "415 Unsupported Media Type: expected a text whose charset is";
        let end = "; send it as UTF-8";
        fails(
            "klingon",
            b"a",
            &format!("{start} {ACCEPTED}, found `klingon`{end}"),
        );
        fails("", b"a", &format!("{start} {ACCEPTED}, found ``{end}"));
        let long = read(Some(&format!("a/b;charset={}", "x".repeat(10_000))), b"a");
        assert!(long.unwrap_err().len() < 1_000);
    }

    #[cfg(not(feature = "charset"))]
    #[test]
    fn the_feature_has_the_others() {
        let start = "415 Unsupported Media Type: expected a text whose charset is";
        fails(
            "koi8-r",
            b"a",
            &format!("{start} {ACCEPTED}, found `koi8-r`; send it as UTF-8"),
        );
    }

    #[cfg(feature = "charset")]
    mod feature {
        use super::*;

        #[test]
        fn other_charsets() {
            check("koi8-r", b"\xf4\xd2\xc9", "Три");
            check("Shift_JIS", b"\x93\xfa\x96\x7b", "日本");
            check("utf-16", b"a\0\xe9\0", "aé");
            check("utf-16", b"\xff\xfea\0", "a");
            check("utf-16", b"\xfe\xff\0a", "a");
            check("utf-16be", b"\0a", "a");
            let start = "400 Bad Request: expected";
            fails(
                "utf-16",
                b"a",
                &format!("{start} UTF-16LE, found something else"),
            );
            fails(
                "shift_jis",
                b"\x93",
                &format!("{start} Shift_JIS, found something else"),
            );
        }

        #[test]
        fn windows_1252_is_that_of_the_standard() {
            for byte in 0..=u8::MAX {
                let (text, _, _) = encoding_rs::WINDOWS_1252.decode(std::slice::from_ref(&byte));
                assert_eq!(text.chars().next(), Some(windows_1252(byte)), "{byte}");
            }
        }

        #[test]
        fn labels_are_those_of_the_standard() {
            use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
            for (label, charset) in LABELS {
                let standard = Encoding::for_label(label.as_bytes()).unwrap();
                let expected = match charset {
                    Charset::Utf8 => UTF_8,
                    _ => WINDOWS_1252,
                };
                assert_eq!(standard, expected, "{label}");
            }
        }
    }
}
