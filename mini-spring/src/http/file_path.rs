//! Paths of files as clients say them: which of them may reach a file system. This is decided here, once.
//!
//! By one rule on every system, so that what a client reaches doesn't depend on where the server runs: what only
//! one of them takes for more than a name is refused on all. Knows text that is decoded already, by
//! [`percent`](super::percent), and no file. `docs/paths.md` has the whole way of a path as a table.

/// Whether it is a relative path of plain names; `.` and an empty part stand for nothing, the empty path is one.
pub(crate) fn is_inside(path: &str) -> bool {
    let is_absolute = path.starts_with('/');
    let mut parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    !is_absolute && parts.all(is_plain)
}

/// Whether a part of a path is the name of something in its directory, on any system.
pub(crate) fn is_plain(part: &str) -> bool {
    !matches!(part, "" | "." | "..")
        && !part.contains(is_special)
        // Windows leaves these out, and so would find another file, or a directory above.
        && !part.ends_with(['.', ' '])
        && !is_device(part)
}

/// What ends a name, or is more than a letter of it: `:` stands behind a drive and in front of a stream of Windows.
fn is_special(letter: char) -> bool {
    matches!(letter, '/' | '\\' | ':') || letter.is_control()
}

/// Whether Windows takes the name for a device, in whatever directory and with whatever behind a dot.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    let is_it = |known: &&str| stem.eq_ignore_ascii_case(known);
    let devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    devices.iter().any(is_it) || is_port(stem)
}

/// `COM1`, `LPT9`; superscripts count as digits.
fn is_port(stem: &str) -> bool {
    let kind = stem.get(..3).unwrap_or_default();
    let mut number = stem.get(3..).unwrap_or_default().chars();
    let digit = number.next();
    let is_number = digit.is_some_and(|digit| matches!(digit, '0'..='9' | '¹' | '²' | '³'));
    ["COM", "LPT"]
        .iter()
        .any(|known| kind.eq_ignore_ascii_case(known))
        && is_number
        && number.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for plain in [
            "a", ".env", "..a", "a..b", "a b", "é", "%2e%2e", "con1", "com", "com10", "null", "~",
            "..;", "a.con", "CONSOLE", "-rf", "*",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for special in [
            "",
            ".",
            "..",
            "...",
            "a.",
            "a ",
            ".. ",
            "a/b",
            "a\\b",
            "C:",
            "a:b",
            "a\0",
            "a\n",
            "a\u{7f}",
            "a\u{85}",
            "CON",
            "con.txt",
            "Nul",
            "aux.tar.gz",
            "prn ",
            "nul .txt",
            "com1",
            "LPT9.x",
            "COM¹",
            "conin$",
            "CONOUT$.a",
        ] {
            assert!(!is_plain(special), "{special:?}");
        }
    }

    #[test]
    fn paths() {
        for inside in ["", ".", "./a", "a/b.txt", "a//b/", "a..b/x", "a/./b"] {
            assert!(is_inside(inside), "{inside}");
        }
        for outside in [
            "..", "a/..", "a/../b", "/", "/a", "//a", "a/ ", "a/con/b", "a\\..\\b", "C:/a",
        ] {
            assert!(!is_inside(outside), "{outside}");
        }
    }
}
