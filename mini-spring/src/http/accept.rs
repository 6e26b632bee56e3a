//! Which media types a client wants: the field `Accept` (RFC 9110, sections 12.4.2 and 12.5.1).
//!
//! ```text
//! Accept      = #( media-range [ weight ] )
//! media-range = ( "*/*" / ( type "/*" ) / ( type "/" subtype ) ) parameters
//! weight      = OWS ";" OWS "q=" qvalue
//! qvalue      = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
//! ```
//!
//! Laxer than the grammar where clients are: `*` is `*/*` and `.2` is `0.2`, which Java's
//! `HttpURLConnection` sends, and digits behind the third are passed over. A member that is malformed all
//! the same is left out, and a field without any other member is as good as none.
//!
//! Types are asked about without parameters, so those of a range only make it count after one without: in
//! `text/html;level=1;q=0.3, text/html;q=0.7` it is 0.7.

use super::is_token;

/// How much a client wants a media type. The more it is wanted, the greater; of two types of the same
/// quality, the one that is named more precisely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quality {
    thousandths: u16,
    precision: Precision,
}

/// How precisely the member of the list names the type that decides about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precision {
    /// `*/*`, or nothing at all.
    Anything,
    /// `text/*`.
    Family,
    /// `text/html;level=1`.
    Variant,
    /// `text/html`.
    Type,
}

impl Quality {
    /// Of every type, where the client says nothing.
    pub(crate) const ANY: Self = Quality {
        thousandths: 1000,
        precision: Precision::Anything,
    };

    /// Of a type that isn't in the list.
    const NONE: Self = Quality {
        thousandths: 0,
        precision: Precision::Anything,
    };

    /// Whether the client takes the type at all.
    pub(crate) fn is_acceptable(self) -> bool {
        self.thousandths > 0
    }
}

/// How much `media_type`, such as `text/html`, is wanted by a client that has sent these `Accept`
/// fields: none of them, one, or several, which are one list (RFC 9110, section 5.3).
pub(crate) fn quality_of<'f>(
    accept: impl IntoIterator<Item = &'f [u8]>,
    media_type: &str,
) -> Quality {
    let members = accept.into_iter().flat_map(|field| pieces(field, b','));
    let mut is_any = true;
    let mut best: Option<Quality> = None;
    for (range, thousandths) in members.filter_map(member) {
        is_any = false;
        let Some(precision) = range.precision(media_type.as_bytes()) else {
            continue;
        };
        let found = Quality {
            thousandths,
            precision,
        };
        // The most precise range decides (section 12.5.1), however much another one is wanted.
        let rank = |quality: Quality| (quality.precision, quality.thousandths);
        if best.is_none_or(|best| rank(found) > rank(best)) {
            best = Some(found);
        }
    }
    best.unwrap_or(if is_any { Quality::ANY } else { Quality::NONE })
}

/// A media range; `*` stands for itself.
struct Range<'f> {
    family: &'f [u8],
    subtype: &'f [u8],
    has_parameters: bool,
}

impl Range<'_> {
    /// How precisely it names this type; `None`: it doesn't.
    fn precision(&self, media_type: &[u8]) -> Option<Precision> {
        if self.family == b"*" {
            return Some(Precision::Anything);
        }
        let slash = media_type.iter().position(|&byte| byte == b'/')?;
        let is = |name: &[u8], wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
        match is(self.family, &media_type[..slash]) {
            false => None,
            true if self.subtype == b"*" => Some(Precision::Family),
            true if !is(self.subtype, &media_type[slash + 1..]) => None,
            true if self.has_parameters => Some(Precision::Variant),
            true => Some(Precision::Type),
        }
    }
}

/// A member of the list: its range, and its weight in thousandths. `None`: it is empty or malformed.
fn member(text: &[u8]) -> Option<(Range<'_>, u16)> {
    let mut parts = pieces(text, b';');
    let (family, subtype) = range(parts.next()?)?;
    let mut has_parameters = false;
    let mut weight = 1000;
    for part in parts {
        let Some(equals) = part.iter().position(|&byte| byte == b'=') else {
            has_parameters |= !part.is_empty();
            continue;
        };
        if !part[..equals].trim_ascii().eq_ignore_ascii_case(b"q") {
            has_parameters = true;
            continue;
        }
        weight = thousandths(part[equals + 1..].trim_ascii())?;
        // What stands behind the weight was an extension once (RFC 7231, section 5.3.2) and means nothing.
        break;
    }
    let range = Range {
        family,
        subtype,
        has_parameters,
    };
    Some((range, weight))
}

/// Type and subtype.
fn range(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if text == b"*" {
        return Some((text, text));
    }
    let slash = text.iter().position(|&byte| byte == b'/')?;
    let (family, subtype) = (&text[..slash], &text[slash + 1..]);
    let is_name = |name: &[u8]| !name.is_empty() && name.iter().all(|&byte| is_token(byte));
    let is_range = is_name(family) && is_name(subtype) && (family != b"*" || subtype == b"*");
    is_range.then_some((family, subtype))
}

/// `0.25` as 250.
pub(super) fn thousandths(text: &[u8]) -> Option<u16> {
    let point = text.iter().position(|&byte| byte == b'.');
    let (whole, fraction) = text.split_at(point.unwrap_or(text.len()));
    let digits = fraction.get(1..).unwrap_or_default();
    if text.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |index| {
        digits
            .get(index)
            .map_or(0, |digit: &u8| u16::from(digit - b'0'))
    };
    match whole {
        b"0" | b"" => Some(100 * digit(0) + 10 * digit(1) + digit(2)),
        b"1" if digits.iter().all(|&digit| digit == b'0') => Some(1000),
        _ => None,
    }
}

/// The text between separators, trimmed; a quoted string holds none (RFC 9110, section 5.6.4).
pub(super) fn pieces(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let pieces = text.split(move |&byte| {
        let was_escaped = std::mem::replace(&mut is_escaped, false);
        match byte {
            b'\\' => is_escaped = is_quoted && !was_escaped,
            b'"' => is_quoted ^= !was_escaped,
            _ => {}
        }
        byte == separator && !is_quoted
    });
    pieces.map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(fields: &[&str], media_type: &str) -> Quality {
        quality_of(fields.iter().map(|field| field.as_bytes()), media_type)
    }

    #[track_caller]
    fn check(field: &str, expected: &[(&str, u16)]) {
        for (media_type, thousandths) in expected {
            let found = quality(&[field], media_type).thousandths;
            assert_eq!(found, *thousandths, "{media_type} in {field:?}");
        }
    }

    /// Section 12.5.1.
    #[test]
    fn the_examples_of_the_rfc() {
        check(
            "audio/*; q=0.2, audio/basic",
            &[("audio/mp3", 200), ("audio/basic", 1000), ("text/plain", 0)],
        );
        check(
            "text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c",
            &[
                ("text/plain", 500),
                ("text/html", 1000),
                ("text/x-dvi", 800),
                ("text/css", 0),
            ],
        );
        check(
            "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, \
             text/plain;format=fixed;q=0.4, */*;q=0.5",
            &[("text/plain", 700), ("text/html", 300), ("image/jpeg", 500)],
        );
    }

    #[test]
    fn precise_ranges_decide_and_not_great_ones() {
        check("text/html;q=0, */*", &[("text/html", 0), ("a/b", 1000)]);
        check("*/*;q=0.1, text/*;q=0.2", &[("text/html", 200)]);
        check("text/html;q=0.1, text/html;q=0.9", &[("text/html", 900)]);
        check("text/html;level=1", &[("text/html", 1000)]);
        check("TEXT/Html", &[("text/html", 1000)]);
        assert!(!quality(&["text/html;q=0.000"], "text/html").is_acceptable());
        assert!(quality(&["text/html;q=0.001"], "text/html").is_acceptable());
    }

    #[test]
    fn nothing_said_is_everything_taken() {
        for fields in [&[][..], &[""], &[" , ,"], &["nonsense"], &["a/b;q=2"]] {
            assert_eq!(quality(fields, "text/html"), Quality::ANY, "{fields:?}");
        }
        assert_eq!(quality(&["*/*"], "a/b"), Quality::ANY);
    }

    #[test]
    fn several_fields_are_one_list() {
        let fields = ["text/html;q=0.5", "application/json"];
        assert_eq!(quality(&fields, "text/html").thousandths, 500);
        assert_eq!(quality(&fields, "application/json").thousandths, 1000);
        assert_eq!(quality(&fields, "text/plain"), Quality::NONE);
    }

    #[test]
    fn of_equal_qualities_the_named_one_is_greater() {
        let greater = |field: &str, one: &str, other: &str| {
            assert!(quality(&[field], one) > quality(&[field], other), "{field}");
        };
        greater("text/html, */*", "text/html", "application/json");
        greater("text/*, */*", "text/html", "application/json");
        greater("text/html, text/*", "text/html", "text/plain");
        greater("text/html;level=1, text/*", "text/html", "text/plain");
        greater("text/html, */*;q=0.9", "text/html", "application/json");
        let same = |media_type| quality(&["*/*"], media_type);
        assert_eq!(same("text/html"), same("application/json"));
    }

    #[test]
    fn weights() {
        let check = |text: &str, expected| {
            assert_eq!(thousandths(text.as_bytes()), expected, "{text:?}");
        };
        for (text, expected) in [
            ("0", 0),
            ("0.", 0),
            ("0.5", 500),
            ("0.25", 250),
            ("0.125", 125),
            ("0.9999", 999),
            (".2", 200),
            ("1", 1000),
            ("1.000", 1000),
        ] {
            check(text, Some(expected));
        }
        for text in [
            "", "2", "1.001", "-0.5", "0.x", "0,5", "00.5", "0.5 1", "nan",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn malformed_members_are_left_out() {
        check("text/html;q=high, a/b", &[("text/html", 0), ("a/b", 1000)]);
        check("text/, /html, */html, te xt/html, a/b", &[("text/html", 0)]);
        check("*;q=.2, a/b", &[("text/html", 200), ("a/b", 1000)]);
        check("a/b; Q = 0.5 ; q=1", &[("a/b", 500)]);
        check("a/b;;q=0.5;", &[("a/b", 500)]);
    }

    #[test]
    fn quoted_strings_hold_no_separators() {
        check(
            r#"a/b;x="1,c/d;q=0.1\",e/f";q=0.5, g/h"#,
            &[("a/b", 500), ("c/d", 0), ("e/f", 0), ("g/h", 1000)],
        );
        // Without its end it reaches to that of the field.
        check(r#"a/b;q=0.5, c/d;x=", e/f"#, &[("c/d", 1000), ("e/f", 0)]);
    }
}
