//! Field lines (RFC 9112, section 5; RFC 9110, section 5).

use super::case::{Case, refused, taken, unfinished};
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [
        names(),
        values(),
        malformed_values(),
        folds(),
        ends(),
        limits(),
    ]
    .concat()
}

fn with(lines: &[u8]) -> Vec<u8> {
    [b"GET /heard HTTP/1.1\r\nHost: a\r\n", lines, b"\r\n"].concat()
}

fn heard(name: &str, section: &'static str, lines: impl AsRef<[u8]>, body: &str) -> Case {
    taken(name, section, with(lines.as_ref()), body)
}

fn bad(name: &str, section: &'static str, lines: impl AsRef<[u8]>) -> Case {
    refused(name, section, with(lines.as_ref()), 400)
}

/// A token, and the colon right behind it.
fn names() -> Vec<Case> {
    let tokens = "!#$%&'*+-.^_`|~09azAZ";
    vec![
        heard(
            "every character of a token",
            "9110 5.1",
            format!("{tokens}: y\r\n"),
            &format!("{tokens}=y;"),
        ),
        heard(
            "an unknown field",
            "9110 5.1",
            "X-Unknown: y\r\n",
            "X-Unknown=y;",
        ),
        heard("a field of one letter", "9110 5.1", "X:y\r\n", "X=y;"),
        bad("a space in front of the colon", "9112 5.1", "X : y\r\n"),
        bad("a tab in front of the colon", "9112 5.1", "X\t: y\r\n"),
        bad(
            "a space in front of the colon of Host",
            "9112 5.1",
            "Host : b\r\n",
        ),
        bad("an empty name", "9110 5.1", ": y\r\n"),
        bad("a space in a name", "9110 5.1", "X Y: z\r\n"),
        bad("a line without a colon", "9112 5", "X\r\n"),
        bad(
            "a line without a colon but with spaces",
            "9112 5",
            "X y z\r\n",
        ),
        bad("a slash in a name", "9110 5.1", "X/Y: z\r\n"),
        bad("parentheses in a name", "9110 5.1", "X(Y): z\r\n"),
        bad("a quote in a name", "9110 5.1", "\"X\": z\r\n"),
        bad("brackets in a name", "9110 5.1", "X[Y]: z\r\n"),
        bad("a comma in a name", "9110 5.1", "X,Y: z\r\n"),
        bad("a semicolon in a name", "9110 5.1", "X;Y: z\r\n"),
        bad("an equals sign in a name", "9110 5.1", "X=Y: z\r\n"),
        bad("NUL in a name", "9110 5.1", "X\0Y: z\r\n"),
        bad("a control character in a name", "9110 5.1", "X\x01Y: z\r\n"),
        bad("DEL in a name", "9110 5.1", "X\x7fY: z\r\n"),
        bad("a high byte in a name", "9110 5.1", b"X\xe9Y: z\r\n"),
        bad("a name in UTF-8", "9110 5.1", "X\u{e9}: z\r\n"),
        bad("CR in a name", "9112 2.2", "X\rY: z\r\n"),
        bad("CR behind a name", "9112 2.2", "X\r: z\r\n"),
        bad("LF in a name", "9112 2.2", "X\nY: z\r\n"),
    ]
}

/// Octets: neither text nor words.
fn values() -> Vec<Case> {
    vec![
        heard("no space behind the colon", "9112 5.1", "X:y\r\n", "X=y;"),
        heard(
            "white space around a value",
            "9110 5.5",
            "X: \t y \t \r\n",
            "X=y;",
        ),
        heard(
            "white space inside a value",
            "9110 5.5",
            "X: a \t b\r\n",
            "X=a \\t b;",
        ),
        heard("an empty value", "9110 5.5", "X:\r\n", "X=;"),
        heard("a value of white space", "9110 5.5", "X: \t \r\n", "X=;"),
        heard("a colon in a value", "9112 5", "X: a: b\r\n", "X=a: b;"),
        heard(
            "a value of high bytes",
            "9112 2.2",
            b"X: \x80\xff\r\n",
            "X=\\x80\\xff;",
        ),
        heard(
            "a value in UTF-8",
            "9112 2.2",
            "X: \u{e9}\r\n",
            "X=\\xc3\\xa9;",
        ),
        heard(
            "a no-break space isn't trimmed",
            "9110 5.5",
            b"X: \xa0y\xa0\r\n",
            "X=\\xa0y\\xa0;",
        ),
        heard(
            "a next line of Latin 1 isn't one",
            "9110 5.5",
            b"X: a\x85b\r\n",
            "X=a\\x85b;",
        ),
        heard(
            "fields of one name keep their order",
            "9110 5.3",
            "X: 1\r\nY: 2\r\nX: 3\r\n",
            "X=1;Y=2;X=3;",
        ),
        heard(
            "a quote that stays open",
            "9110 5.6.4",
            "X: \"a\r\nY: b\"\r\n",
            "X=\\\"a;Y=b\\\";",
        ),
    ]
}

/// No control character but HTAB.
fn malformed_values() -> Vec<Case> {
    let one_by_one = (0..0x20)
        .chain([0x7f])
        .filter(|byte| ![b'\t', b'\r', b'\n'].contains(byte))
        .map(|byte: u8| {
            let line = [b"X: a", &[byte][..], b"b\r\n"].concat();
            bad(
                &format!("the byte {byte:#04x} in a value"),
                "9110 5.5",
                line,
            )
        });
    let mut cases: Vec<Case> = one_by_one.collect();
    cases.extend([
        bad("CR in a value", "9110 5.5", "X: a\rb\r\n"),
        bad("CR at the end of a value", "9110 5.5", "X: a\r\r\n"),
        bad("CR in an empty value", "9110 5.5", "X:\r\r\n"),
        bad("LF in a value", "9110 5.5", "X: a\nb: c\r\n"),
        bad("NUL at the end of a value", "9110 5.5", "X: a\0\r\n"),
        bad("NUL in front of a value", "9110 5.5", "X: \0a\r\n"),
    ]);
    cases
}

fn folds() -> Vec<Case> {
    let bad = |name, lines: &str| bad(name, "9112 5.2", lines);
    vec![
        bad("a line folded with a space", "X: a\r\n b\r\n"),
        bad("a line folded with a tab", "X: a\r\n\tb\r\n"),
        bad("a fold behind an empty value", "X:\r\n b\r\n"),
        bad("a fold without anything", "X: a\r\n \r\n"),
        bad("a fold that looks like a field", "X: a\r\n Y: b\r\n"),
        bad("a fold behind Host", " b\r\n"),
    ]
}

/// A head ends with an empty line, and lines with CRLF.
fn ends() -> Vec<Case> {
    let bad = |name, sent: &str| refused(name, "9112 2.2", sent, 400);
    vec![
        bad(
            "a field line that ends with LF",
            "GET /heard HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
        ),
        bad(
            "a last line that ends with LF",
            "GET /heard HTTP/1.1\r\nHost: a\n\r\n",
        ),
        bad(
            "an empty line that is LF",
            "GET /heard HTTP/1.1\r\nHost: a\r\n\n",
        ),
        bad(
            "an empty line that is CR",
            "GET /heard HTTP/1.1\r\nHost: a\r\n\rX",
        ),
        bad(
            "lines that end with LF",
            "GET /heard HTTP/1.1\r\nHost: a\nX: y\n\n",
        ),
        bad(
            "lines that end with CR",
            "GET /heard HTTP/1.1\r\nHost: a\rX: y\r\r",
        ),
        bad(
            "LF in front of CRLF",
            "GET /heard HTTP/1.1\r\nHost: a\r\nX: y\n\r\n\r\n",
        ),
        unfinished(
            "a name without an end",
            "9110 5.3",
            "GET /heard HTTP/1.1\r\nHost: a\r\nX",
        ),
        unfinished(
            "a value without an end",
            "9110 5.3",
            "GET /heard HTTP/1.1\r\nHost: a\r\nX: y",
        ),
        unfinished(
            "a CR without LF",
            "9110 5.3",
            "GET /heard HTTP/1.1\r\nHost: a\r\n\r",
        ),
    ]
}

/// Of server.head and server.fields: what is over them is 431 (RFC 6585, section 5).
fn limits() -> Vec<Case> {
    let large = format!("X: {}\r\n", "y".repeat(16 * 1024));
    let long = format!("{}: y\r\n", "X".repeat(16 * 1024));
    let over = |name: &str, lines: &str| refused(name, "9110 5.4", with(lines.as_bytes()), 431);
    vec![
        over("a value that is too large", &large),
        over("a name that is too long", &long),
        over("too many fields", &"X: y\r\n".repeat(100)),
        refused(
            "a value that is too large and doesn't end",
            "9110 5.4",
            &with(large.as_bytes())[..16_400],
            431,
        ),
        heard(
            "as many fields as there may be",
            "9110 5.4",
            "X: y\r\n".repeat(99),
            &"X=y;".repeat(99),
        ),
    ]
}
