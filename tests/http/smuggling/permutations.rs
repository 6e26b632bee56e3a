//! All spellings of the fields that frame a body, beside the other one and without.
//!
//! What must come of a line is said by its name and its value alone; the verdicts here know nothing of how the server
//! finds its own.

use super::INNER;
use crate::case::{Case, End, Expected};
use crate::ways::check_many;

/// What a field line is, taken by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It isn't the field that it looks like, and says nothing about the body.
    Another,
    /// It is the field, and right.
    Right,
    /// It is refused.
    Refused(u16),
}

use Verdict::{Another, Refused, Right};

const BAD: Verdict = Refused(400);

/// What can stand around a name, a hyphen in it, or in its place.
fn names(name: &str) -> Vec<(Vec<u8>, Verdict)> {
    let text = |name: String, verdict| (name.into_bytes(), verdict);
    let mut names = vec![
        text(name.to_owned(), Right),
        text(name.to_lowercase(), Right),
        text(name.to_uppercase(), Right),
        text(name.replace('-', "_"), Another),
        text(name.replace('-', ""), Another),
        text(name.replace('-', "--"), Another),
        text(name.replace('-', " "), BAD),
        text(format!("X-{name}"), Another),
        text(format!("{name}s"), Another),
        text(format!("{name}-"), Another),
        text(format!("_{name}"), Another),
        text(format!("{name}\r\n"), BAD),
        // What Unicode takes for another case of a letter.
        text(name.replace('n', "\u{144}"), BAD),
        text(name.replace('s', "\u{17f}").replace('g', "\u{1e21}"), BAD),
        text(format!("{name}:"), BAD),
        text(format!("\"{name}\""), BAD),
    ];
    for byte in [
        b' ', b'\t', 0, 0x0b, 0x0c, b'\r', b'\n', 0x1f, 0x7f, 0x85, 0xa0, 0xad, 0xff,
    ] {
        names.push(([name.as_bytes(), &[byte]].concat(), BAD));
        names.push(([&[byte], name.as_bytes()].concat(), BAD));
    }
    names
}

/// What can stand around a value.
fn values(value: &str) -> Vec<(Vec<u8>, Verdict)> {
    let mut values = vec![
        (value.into(), Right),
        (format!(" {value}").into(), Right),
        (format!("\t {value} \t").into(), Right),
        (format!("\r\n {value}").into(), BAD),
        (format!("\r\n\t{value}").into(), BAD),
        (format!(" {value}\r\n ").into(), BAD),
        (format!(" \"{value}\"").into(), BAD),
        (format!(" '{value}'").into(), BAD),
        (format!(" ({value})").into(), BAD),
        (format!(" {value},").into(), BAD),
        (format!(" ,{value}").into(), BAD),
        (format!(" {value}, {value}").into(), BAD),
        (format!(" {value} {value}").into(), BAD),
        (format!(" {value};q=1").into(), BAD),
        (format!(" {value};").into(), BAD),
        (format!(" ={value}").into(), BAD),
        (format!(": {value}").into(), BAD),
        (format!(" {value}\\r\\n").into(), BAD),
    ];
    for byte in [
        0, 0x01, 0x0b, 0x0c, b'\r', b'\n', 0x7f, 0x85, 0xa0, 0xff, b'+', b'-', b'_', b'.',
    ] {
        values.push(([value.as_bytes(), &[byte]].concat(), BAD));
        values.push(([&[byte], value.as_bytes()].concat(), BAD));
    }
    values
}

/// Values that are no spelling of `chunked`, and such that look like it.
fn other_codings() -> Vec<(Vec<u8>, Verdict)> {
    let mut values: Vec<(Vec<u8>, Verdict)> = vec![
        (b" CHUNKED".into(), Right),
        (b" gzip, chunked".into(), Refused(501)),
        (b" identity, chunked".into(), Refused(501)),
        (b" deflate;q=1 , chunked".into(), Refused(501)),
    ];
    for value in [
        "",
        " ",
        "xchunked",
        "chunkedx",
        "chunke",
        "chunk",
        "hunked",
        "identity",
        "gzip",
        "compress",
        "deflate",
        "br",
        "null",
        "chunked, identity",
        "chunked, gzip",
        "chunked, x",
        "chunked/1",
        "[chunked]",
        "x=chunked",
        "chunked=",
        "chun\u{212a}ed",
        "ch\u{fc}nked",
        "c h u n k e d",
        "chunked\tchunked",
        "gzip, chunked, identity",
        "chunked, gzip, chunked",
        "chunked\u{2028}",
        "cow",
    ] {
        values.push((format!(" {value}").into(), BAD));
    }
    values
}

/// A field line, its verdict, and how a case with it is called.
#[derive(Debug, Clone)]
struct Line {
    bytes: Vec<u8>,
    verdict: Verdict,
}

impl Line {
    fn of(name: &[u8], value: &[u8], verdict: Verdict) -> Self {
        Line {
            bytes: [name, b":", value, b"\r\n"].concat(),
            verdict,
        }
    }
}

/// Every name with the plain value, and the plain name with every value.
fn lines(name: &str, value: &str, others: Vec<(Vec<u8>, Verdict)>) -> Vec<Line> {
    let plain = format!(" {value}");
    let by_name = names(name)
        .into_iter()
        .map(|(name, verdict)| Line::of(&name, plain.as_bytes(), verdict));
    let by_value = values(value)
        .into_iter()
        .chain(others)
        .map(|(value, verdict)| Line::of(name.as_bytes(), &value, verdict));
    by_name.chain(by_value).collect()
}

fn codings() -> Vec<Line> {
    lines("Transfer-Encoding", "chunked", other_codings())
}

fn lengths() -> Vec<Line> {
    let more = ["0x10", "1_0", "1e1", "1 0", "ten", "\u{661}"].map(|value| {
        let value = format!(" {value}");
        (value.into_bytes(), BAD)
    });
    lines("Content-Length", &body().len().to_string(), more.to_vec())
}

/// A chunk that holds a request; as a whole, it begins as no request does.
fn body() -> String {
    format!("{:x}\r\n{INNER}\r\n0\r\n\r\n", INNER.len())
}

fn case(lines: &[&Line], answers: Vec<Expected>, end: End) -> Case {
    let fields: Vec<u8> = lines.iter().flat_map(|line| line.bytes.clone()).collect();
    let head = [b"POST /echo HTTP/1.1\r\nHost: a\r\n", &fields[..], b"\r\n"].concat();
    let name = format!("a body framed by {}", fields.escape_ascii());
    Case::new(
        name,
        "9112 11.2",
        [head, body().into()].concat(),
        answers,
        end,
    )
}

fn refused(lines: &[&Line], status: u16) -> Case {
    case(lines, vec![Expected::refusal(status)], End::Closed)
}

fn taken(lines: &[&Line], body: &str) -> Case {
    let body = format!("POST /echo [{}]", body.escape_default());
    case(lines, vec![Expected::ok(body)], End::Open)
}

/// Without a length there is no body: the next request begins with a chunk's size, and is none.
fn unframed(lines: &[&Line]) -> Case {
    let answers = vec![Expected::ok("POST /echo []"), Expected::refusal(400)];
    case(lines, answers, End::Closed)
}

/// Each line alone. `whole` is the body if it is right.
fn alone(lines: &[Line], whole: &str) -> Vec<Case> {
    let case = |line: &Line| match line.verdict {
        Right => taken(&[line], whole),
        Another => unframed(&[line]),
        Refused(status) => refused(&[line], status),
    };
    lines.iter().map(case).collect()
}

/// Each line with a good one of the other field, in front or behind. Two that are right exclude each other.
fn beside(lines: &[Line], other: &Line, whole: &str) -> Vec<Case> {
    let case = |line: &Line, order: &[&Line]| match line.verdict {
        Right => refused(order, 400),
        Another => taken(order, whole),
        Refused(status) => refused(order, status),
    };
    lines
        .iter()
        .flat_map(|line| [case(line, &[line, other]), case(line, &[other, line])])
        .collect()
}

fn length() -> Line {
    let length = format!(" {}", body().len());
    Line::of(b"Content-Length", length.as_bytes(), Right)
}

fn coding() -> Line {
    Line::of(b"Transfer-Encoding", b" chunked", Right)
}

#[test]
fn codings_every_way() {
    let cases = [
        alone(&codings(), INNER),
        beside(&codings(), &length(), &body()),
    ]
    .concat();
    assert!(cases.len() > 250, "{}", cases.len());
    check_many(&cases);
}

#[test]
fn lengths_every_way() {
    let cases = [
        alone(&lengths(), &body()),
        beside(&lengths(), &coding(), INNER),
    ]
    .concat();
    assert!(cases.len() > 200, "{}", cases.len());
    check_many(&cases);
}

/// Two lines of one field are refused, whichever they are: only if both are another's is nothing said.
#[test]
fn twice_every_way() {
    let twice = |lines: Vec<Line>, good: Line, whole: &str| -> Vec<Case> {
        let case = |line: &Line| match line.verdict {
            Another => taken(&[&good, line], whole),
            // It is the second line that makes it wrong.
            Right => refused(&[&good, line], 400),
            Refused(status) => refused(&[&good, line], status),
        };
        lines.iter().map(case).collect()
    };
    let cases = [
        twice(codings(), coding(), INNER),
        twice(lengths(), length(), &body()),
    ];
    check_many(&cases.concat());
}
