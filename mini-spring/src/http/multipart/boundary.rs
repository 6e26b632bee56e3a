//! The boundary: which one it is, where it stands, and what follows it (RFC 2046, section 5.1.1).
//!
//! To search for it is the only work that is done for each byte of a form, so the crate `memchr` does it.

use memchr::{memmem::Finder, memrchr};

use super::parameters::split;
use super::{Detail, quoted};

/// The longest boundary, in bytes.
const LONGEST: usize = 70;

/// How much white space may stand behind a boundary, in bytes. Nobody sends any: gateways for mail were
/// allowed to add it.
const PADDING: usize = 256;

/// What stands between two parts.
#[derive(Debug)]
pub(crate) struct Boundary {
    /// CRLF, two hyphens and the boundary.
    delimiter: Finder<'static>,
}

/// What bytes behind which more may come begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// So many bytes of content, then the delimiter.
    Delimiter(usize),
    /// So many bytes of content, then nothing or what may become the delimiter.
    Content(usize),
}

/// How the line of a boundary goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// With so much white space, then CRLF and a part.
    Part(usize),
    /// The boundary was the last.
    Last,
    /// The boundary was the last if nothing more comes.
    LastAtEnd,
    /// More must come.
    Partial,
}

impl Boundary {
    /// The one that this Content-Type names.
    ///
    /// # Errors
    ///
    /// It names none, or one that is malformed.
    pub(crate) fn of(content_type: &[u8]) -> Result<Self, Detail> {
        let (_, parameters) = split(content_type);
        match parameters.single("boundary")? {
            Some(value) => Boundary::new(&value.unescaped()),
            None => Err(
                "expected a boundary, as in `multipart/form-data; boundary=x`, found none".into(),
            ),
        }
    }

    fn new(boundary: &[u8]) -> Result<Self, Detail> {
        let length = boundary.len();
        if length == 0 || length > LONGEST {
            return Err(
                format!("expected a boundary of 1 to {LONGEST} bytes, found {length}").into(),
            );
        }
        if !boundary.iter().all(|&byte| may_be_in_boundary(byte)) || boundary.ends_with(b" ") {
            let found = quoted(boundary);
            return Err(format!(
                "expected a boundary of letters, digits, `'()+_,-./:=?` and spaces in between, found {found}"
            )
            .into());
        }
        let delimiter = [b"\r\n--", boundary].concat();
        Ok(Boundary {
            delimiter: Finder::new(&delimiter).into_owned(),
        })
    }

    /// CRLF, two hyphens and the boundary.
    pub(crate) fn delimiter(&self) -> &[u8] {
        self.delimiter.needle()
    }

    /// How much content stands in front of the delimiter, or certainly belongs to no delimiter.
    pub(crate) fn find(&self, bytes: &[u8]) -> Found {
        match self.delimiter.find(bytes) {
            Some(length) => Found::Delimiter(length),
            None => Found::Content(bytes.len() - self.begun(bytes)),
        }
    }

    /// How many bytes at the end may be the beginning of a delimiter. It has a CR in its first place only,
    /// so it can only begin at the last.
    fn begun(&self, bytes: &[u8]) -> usize {
        let delimiter = self.delimiter();
        let most = bytes.len().min(delimiter.len() - 1);
        let end = &bytes[bytes.len() - most..];
        match memrchr(b'\r', end) {
            Some(place) if delimiter.starts_with(&end[place..]) => end.len() - place,
            _ => 0,
        }
    }

    /// Reads on behind a delimiter.
    ///
    /// # Errors
    ///
    /// Nothing of the kind may stand there: the content of a part has no line that begins with the boundary.
    pub(crate) fn line(behind: &[u8]) -> Result<Line, Detail> {
        let padding = |bytes: &[u8]| bytes.iter().take_while(|byte| is_space(**byte)).count();
        let (rest, is_last) = match behind {
            [] | [b'-'] => return Ok(Line::Partial),
            [b'-', b'-', rest @ ..] => (rest, true),
            rest => (rest, false),
        };
        let length = padding(rest);
        match &rest[length..] {
            _ if length > PADDING => Err(format!(
                "expected at most {PADDING} spaces behind the boundary, found more"
            )
            .into()),
            [b'\r', b'\n', ..] if is_last => Ok(Line::Last),
            [b'\r', b'\n', ..] => Ok(Line::Part(length)),
            [] if is_last => Ok(Line::LastAtEnd),
            [] | [b'\r'] => Ok(Line::Partial),
            // Not quoted: how much of it is here depends on how it came.
            _ => Err(
                "expected `--` or the end of the line behind the boundary, found something else"
                    .into(),
            ),
        }
    }
}

/// `bchars`.
fn may_be_in_boundary(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boundary(content_type: &str) -> Result<String, String> {
        let boundary = Boundary::of(content_type.as_bytes()).map_err(Detail::into_owned)?;
        Ok(String::from_utf8_lossy(&boundary.delimiter()[4..]).into_owned())
    }

    #[test]
    fn boundaries_are_tokens_or_quoted() {
        let check = |parameters: &str, expected: &str| {
            let found = boundary(&format!("multipart/form-data{parameters}"));
            assert_eq!(found.as_deref(), Ok(expected), "{parameters}");
        };
        check("; boundary=x", "x");
        check(";charset=utf-8 ;Boundary=a-b_c", "a-b_c");
        check(
            "; boundary=\"a b:c/d=e?(f),g'h.i+j\"",
            "a b:c/d=e?(f),g'h.i+j",
        );
        let longest = "x".repeat(70);
        check(&format!("; boundary={longest}"), &longest);
        // Firefox, Chrome and curl.
        for known in [
            "---------------------------9051914041544843365972754266",
            "----WebKitFormBoundary7MA4YWxkTrZu0gW",
            "------------------------d74496d66958873e",
        ] {
            check(&format!("; boundary={known}"), known);
        }
    }

    #[test]
    fn other_boundaries_are_refused() {
        let check = |parameters: &str, expected: &str| {
            let found = boundary(&format!("multipart/form-data{parameters}"));
            assert_eq!(found.unwrap_err(), expected, "{parameters}");
        };
        let none = "expected a boundary, as in `multipart/form-data; boundary=x`, found none";
        check("", none);
        check("; charset=utf-8", none);
        check(
            "; boundary=\"\"",
            "expected a boundary of 1 to 70 bytes, found 0",
        );
        check(
            &format!("; boundary={}", "x".repeat(71)),
            "expected a boundary of 1 to 70 bytes, found 71",
        );
        for wrong in ["a*b", "a ", "é", r"a\\b"] {
            let found = wrong.replace(r"\\", r"\");
            check(
                &format!("; boundary=\"{wrong}\""),
                &format!(
                    "expected a boundary of letters, digits, `'()+_,-./:=?` and spaces in between, found `{found}`"
                ),
            );
        }
        check(
            "; boundary=a; boundary=a",
            "expected one parameter `boundary`, found several",
        );
        check(
            "; boundary=a:b",
            "expected `; name=value` with a token or a quoted value, found `:b`",
        );
    }

    #[test]
    fn what_may_become_a_delimiter_is_held_back() {
        let boundary = Boundary::new(b"ab").unwrap();
        let check = |bytes: &str, expected| assert_eq!(boundary.find(bytes.as_bytes()), expected);
        check("", Found::Content(0));
        check("text", Found::Content(4));
        check("text\r\n--ab", Found::Delimiter(4));
        check("\r\n--ab\r\n--ab", Found::Delimiter(0));
        for held in ["\r", "\r\n", "\r\n-", "\r\n--", "\r\n--a"] {
            check(&format!("text{held}"), Found::Content(4));
            check(held, Found::Content(0));
        }
        check("\r\r\n-", Found::Content(1));
        check("\r\n--\r\n--a", Found::Content(4));
        check("\r\n--\r\n--ab", Found::Delimiter(4));
        check("\r\n--b", Found::Content(5));
        check("\r\n--a\n", Found::Content(6));
    }

    #[test]
    fn lines_of_boundaries() {
        let check =
            |bytes: &str, expected| assert_eq!(Boundary::line(bytes.as_bytes()), Ok(expected));
        check("\r\nA: b", Line::Part(0));
        check(" \t\r\n", Line::Part(2));
        check("--\r\n", Line::Last);
        check("-- \t\r\nepilogue", Line::Last);
        check("--", Line::LastAtEnd);
        check("--  ", Line::LastAtEnd);
        for partial in ["", "-", " ", "\r", " \r", "--\r"] {
            check(partial, Line::Partial);
        }
        check(&(" ".repeat(256) + "\r\n"), Line::Part(256));
    }

    #[test]
    fn other_lines_are_refused() {
        let check = |bytes: &str, expected: &str| {
            assert_eq!(Boundary::line(bytes.as_bytes()).unwrap_err(), expected);
        };
        for wrong in ["x", "-x", "\n", "\rx", "-- x", "---", "--\n"] {
            let expected =
                "expected `--` or the end of the line behind the boundary, found something else";
            check(wrong, expected);
        }
        for end in ["", "\r\n"] {
            check(
                &(" ".repeat(257) + end),
                "expected at most 256 spaces behind the boundary, found more",
            );
        }
    }
}
