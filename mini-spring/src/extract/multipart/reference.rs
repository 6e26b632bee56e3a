//! Forms read by the rules, from memory and step by step as RFC 2046 writes them: what the reader must agree
//! with, whatever the bytes and wherever they are cut.

use proptest::prelude::*;

use super::tests::{Seen, form, read};
use crate::http::multipart::PartHead;

/// The parts of a form, or `None` where it is malformed.
fn parts(body: &[u8], boundary: &str) -> Option<Vec<Seen>> {
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    // The first delimiter may begin the body.
    let body = [b"\r\n", body].concat();
    let mut pieces = split(&body, &delimiter).into_iter();
    pieces.next()?;
    let mut seen = Vec::new();
    loop {
        let piece = pieces.next()?;
        match piece.strip_prefix(b"--") {
            // What follows the last line is epilogue, with whatever is in it.
            Some(rest) => {
                let rest = without_padding(rest);
                let is_last = rest.starts_with(b"\r\n") || (rest.is_empty() && pieces.len() == 0);
                // A CRLF that a delimiter was cut off from ends the line as well.
                let is_cut = rest.is_empty() && pieces.len() > 0;
                return (is_last || is_cut).then_some(seen);
            }
            None => seen.push(part(piece, pieces.len() > 0)?),
        }
    }
}

fn split<'b>(body: &'b [u8], delimiter: &[u8]) -> Vec<&'b [u8]> {
    let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
    while at < body.len() {
        if body[at..].starts_with(delimiter) {
            pieces.push(&body[start..at]);
            at += delimiter.len();
            start = at;
        } else {
            at += 1;
        }
    }
    pieces.push(&body[start..]);
    pieces
}

fn without_padding(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// What stands between two delimiters.
fn part(piece: &[u8], is_delimited: bool) -> Option<Seen> {
    let rest = without_padding(piece).strip_prefix(b"\r\n")?;
    let (mut head, mut rest) = (Vec::new(), rest);
    loop {
        // An empty line, or none: then there is no content, and the CRLF is the delimiter's.
        if let Some(content) = rest.strip_prefix(b"\r\n") {
            return is_delimited.then(|| seen(head, content))?;
        }
        if rest.is_empty() {
            return is_delimited.then(|| seen(head, b""))?;
        }
        let end = rest.windows(2).position(|two| two == b"\r\n");
        // The last line's CRLF may stand in front of the one that is the delimiter's.
        let end = end?;
        if !head.is_empty() {
            head.extend(b"\r\n");
        }
        head.extend(&rest[..end]);
        rest = &rest[end + 2..];
    }
}

fn seen(head: Vec<u8>, content: &[u8]) -> Option<Seen> {
    let head = PartHead::parse(head).ok()?;
    let file_name = head.file_name().map(str::to_owned);
    Some((head.name().to_owned(), file_name, content.to_vec()))
}

/// Pieces that make trouble when they meet.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop::sample::select(vec![
        "\r",
        "\n",
        "\r\n",
        "-",
        "--",
        "--x",
        "--xx",
        "\r\n--x",
        "\r\n--x\r\n",
        "\r\n--x--",
        " ",
        "x",
        "text",
    ]);
    prop::collection::vec(fragment, 0..8).prop_map(|fragments| fragments.concat().into_bytes())
}

/// A body that is a form nearly always.
fn forms() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec!["a", "b", "\"c d\"", "e; filename=f"]);
    let line = prop::sample::select(vec!["\r\n", "\r\n", "\r\n", " \r\n", "\n", ""]);
    let part = (name, fragments(), line).prop_map(|(name, content, line)| {
        let head = format!("--x{line}Content-Disposition: form-data; name={name}\r\n\r\n");
        [head.as_bytes(), &content, b"\r\n"].concat()
    });
    let end = prop::sample::select(vec![
        "--x--",
        "--x--\r\n",
        "--x--\r\n--x",
        "--x",
        "--x-",
        "",
    ]);
    (fragments(), prop::collection::vec(part, 0..5), end).prop_map(|(preamble, parts, end)| {
        let end = end.as_bytes().to_vec();
        let preamble = match preamble.is_empty() {
            true => preamble,
            false => [preamble, b"\r\n".to_vec()].concat(),
        };
        [vec![preamble], parts, vec![end]].concat().concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_reader_agrees_with_the_rules(
        body in prop_oneof![forms(), fragments()],
        cuts in prop::collection::btree_set(0_usize..400, 0..40),
    ) {
        let expected = parts(&body, "x");
        let found = read(form(&body, cuts.into_iter().collect(), "x")).ok();
        prop_assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(&body));
    }
}

#[test]
fn the_rules_read_what_is_known() {
    let body = b"p\r\n--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n--x";
    let expected = vec![("a".to_owned(), None, b"b".to_vec())];
    assert_eq!(parts(body, "x"), Some(expected));
    assert_eq!(parts(b"--x--", "x"), Some(vec![]));
    assert_eq!(parts(b"--x", "x"), None);
}
