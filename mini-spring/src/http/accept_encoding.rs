//! Which content codings a client takes: the field `Accept-Encoding` (RFC 9110, section 12.5.3).
//!
//! ```text
//! Accept-Encoding = #( codings [ weight ] )
//! codings         = content-coding / "identity" / "*"
//! ```
//!
//! Read as laxly as [`accept`](super::accept): a malformed member is left out. `x-gzip` is `gzip` (section
//! 8.4.1.3). A client that sends no such field takes every coding by the letter of the RFC, and is sent none: it is
//! no browser, and may not even look.

use super::accept::{pieces, thousandths};

/// The coding that the client wants most, of these, which stand in the order in which the server prefers them.
/// `None`: the content is sent as it is.
pub(crate) fn preferred<'f, 'c>(
    fields: impl Iterator<Item = &'f [u8]> + Clone,
    codings: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let quality = |coding: &str| quality_of(fields.clone(), coding);
    // What isn't named is taken as it is, too, but no client that names a coding would rather have that.
    let plain = quality_named(fields.clone(), "identity").unwrap_or(0);
    let mut best: Option<(u16, &str)> = None;
    for coding in codings {
        let found = quality(coding);
        if found > 0 && found >= plain && best.is_none_or(|(best, _)| found > best) {
            best = Some((found, coding));
        }
    }
    best.map(|(_, coding)| coding)
}

/// The weight of a coding, in thousandths; one that isn't named has that of `*`.
fn quality_of<'f>(fields: impl Iterator<Item = &'f [u8]> + Clone, coding: &str) -> u16 {
    let named = quality_named(fields.clone(), coding);
    named
        .or_else(|| quality_named(fields, "*"))
        .unwrap_or_default()
}

fn quality_named<'f>(fields: impl Iterator<Item = &'f [u8]>, coding: &str) -> Option<u16> {
    let members = fields.flat_map(|field| pieces(field, b','));
    let mut found = members
        .filter_map(member)
        .filter(|(name, _)| is(name, coding));
    found.next().map(|(_, weight)| weight)
}

fn is(name: &[u8], coding: &str) -> bool {
    let alias = (coding == "gzip").then_some("x-gzip");
    let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
    is(coding) || alias.is_some_and(is)
}

/// A member of the list, and its weight.
fn member(text: &[u8]) -> Option<(&[u8], u16)> {
    let mut parts = pieces(text, b';');
    let name = parts.next()?;
    let mut weight = 1000;
    for part in parts {
        let equals = part.iter().position(|&byte| byte == b'=')?;
        let (name, value) = (part[..equals].trim_ascii(), part[equals + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"q") {
            weight = thousandths(value)?;
        }
    }
    (!name.is_empty()).then_some((name, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: &str, expected: &str) {
        let fields = [field.as_bytes()];
        let found = preferred(fields.into_iter(), ["zstd", "br", "gzip"]);
        assert_eq!(found.unwrap_or("none"), expected, "{field:?}");
    }

    #[test]
    fn the_wanted_one_is_chosen() {
        check("gzip", "gzip");
        check("gzip, deflate, br, zstd", "zstd");
        check("gzip, deflate, br", "br");
        check("GZIP;Q=0.5, x", "gzip");
        check("x-gzip", "gzip");
        check("br;q=0.5, gzip;q=0.8", "gzip");
        check("br;q=0.8, gzip;q=0.8", "br");
        check("*", "zstd");
        check("*;q=0.1, zstd;q=0", "br");
        check("*;q=0, gzip", "gzip");
        check("compress;q=0.5, gzip;q=1.0", "gzip");
        check("gzip;q=1.0, identity; q=0.5, *;q=0", "gzip");
    }

    #[test]
    fn nothing_is_forced_on_a_client() {
        for field in [
            "",
            "identity",
            "deflate",
            "gzip;q=0",
            "*;q=0",
            "gzip;q=0.5, identity",
            "gzip;q=x",
            "gzip;q=2",
            ";q=1",
            "gzip;;",
        ] {
            check(field, "none");
        }
        assert_eq!(preferred(std::iter::empty(), ["gzip"]), None);
    }

    #[test]
    fn several_fields_are_one_list() {
        let fields = [&b"gzip;q=0.5"[..], b"br;q=0.6"];
        assert_eq!(preferred(fields.into_iter(), ["gzip", "br"]), Some("br"));
    }
}
