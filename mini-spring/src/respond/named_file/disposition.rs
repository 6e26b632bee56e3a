//! `Content-Disposition`: under which name a file is to be saved (RFC 6266).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::one_line::steers;

/// What isn't an attr-char (RFC 8187, section 3.2.1).
const NOT_AN_ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The field's value for a download of this name. What can't be in the name of a file is replaced.
///
/// `filename` has what every client reads alike; where that isn't the whole name, `filename*` follows with
/// all of it (RFC 6266, section 4.3 and appendix D).
pub(super) fn attachment(name: &str) -> String {
    let name: String = name.chars().map(in_a_name).collect();
    let plain: String = name.chars().map(in_plain).collect();
    match plain.as_str() {
        "" => "attachment".to_owned(),
        _ if plain == name => format!("attachment; filename=\"{plain}\""),
        _ => {
            let whole = utf8_percent_encode(&name, NOT_AN_ATTR_CHAR);
            format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
        }
    }
}

/// A name leads nowhere else, whatever system it is saved on.
fn in_a_name(letter: char) -> char {
    match letter {
        '/' | '\\' => '_',
        // One that turns the direction of writing shows `exe.jpg` for `gpj.exe`.
        letter if steers(letter) => '_',
        letter => letter,
    }
}

/// Clients disagree about quotes, about escapes in them, and about what isn't ASCII.
fn in_plain(letter: char) -> char {
    match letter {
        '"' | '%' => '_',
        letter if letter.is_ascii() => letter,
        _ => '_',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |name: &str, expected: &str| assert_eq!(attachment(name), expected);
        check("report.pdf", "attachment; filename=\"report.pdf\"");
        check(
            "my report; 2.pdf",
            "attachment; filename=\"my report; 2.pdf\"",
        );
        check("", "attachment");
        check(
            "r\u{e9}sum\u{e9} \u{20ac}.pdf",
            "attachment; filename=\"r_sum_ _.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9%20%E2%82%AC.pdf",
        );
        check(
            "a\"b%41'.txt",
            "attachment; filename=\"a_b_41'.txt\"; filename*=UTF-8''a%22b%2541%27.txt",
        );
        check("../etc\\passwd", "attachment; filename=\".._etc_passwd\"");
        check("a\r\nX: b\0\u{85}", "attachment; filename=\"a__X: b__\"");
        check("a\u{202e}gpj.exe", "attachment; filename=\"a_gpj.exe\"");
    }
}
