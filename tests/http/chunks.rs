//! The chunked transfer coding of a request (RFC 9112, section 7.1): sizes, extensions, ends and trailers.

use super::case::{Case, Expected, chunked, refused, taken, unfinished};
use super::ways::{check, check_many};

#[test]
fn every_way() {
    check(&cases());
}

/// A body that goes into a file is decoded piece by piece.
#[test]
fn every_way_into_a_file() {
    let to_file = |mut case: Case| {
        if !case.sent.starts_with(b"POST ") {
            return None;
        }
        case.sent = replaced(&case.sent, "POST /echo ", "POST /file ");
        for answer in &mut case.answers {
            answer.replace("POST /echo ", "POST /file ");
        }
        Some(case)
    };
    check_many(&cases().into_iter().filter_map(to_file).collect::<Vec<_>>());
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes());
    let at = at.expect("a request to be changed");
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

pub fn cases() -> Vec<Case> {
    [
        sizes(),
        malformed_sizes(),
        extensions(),
        data(),
        trailers(),
        limits(),
        short(),
    ]
    .concat()
}

fn good(name: &str, section: &'static str, body: &str, decoded: &str) -> Case {
    taken(
        name,
        section,
        chunked(body),
        &format!("POST /echo [{decoded}]"),
    )
}

fn bad(name: &str, section: &'static str, body: &str) -> Case {
    refused(name, section, chunked(body), 400)
}

fn sizes() -> Vec<Case> {
    let good = |name, body, decoded| good(name, "9112 7.1", body, decoded);
    vec![
        good("no chunk", "0\r\n\r\n", ""),
        good("one chunk", "3\r\nabc\r\n0\r\n\r\n", "abc"),
        good(
            "three chunks",
            "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n",
            "abc",
        ),
        good(
            "a size in capitals",
            "A\r\n0123456789\r\n0\r\n\r\n",
            "0123456789",
        ),
        good(
            "a size in small letters",
            "a\r\n0123456789\r\n0\r\n\r\n",
            "0123456789",
        ),
        good(
            "a size of two digits",
            "10\r\n0123456789abcdef\r\n0\r\n\r\n",
            "0123456789abcdef",
        ),
        good(
            "zeros in front of a size",
            "0003\r\nabc\r\n0\r\n\r\n",
            "abc",
        ),
        good(
            "several zeros as the last size",
            "3\r\nabc\r\n000\r\n\r\n",
            "abc",
        ),
        good(
            "chunks of line ends",
            "4\r\n\r\n\r\n\r\n0\r\n\r\n",
            "\\r\\n\\r\\n",
        ),
        good(
            "chunks that look like the last",
            "5\r\n0\r\n\r\n\r\n0\r\n\r\n",
            "0\\r\\n\\r\\n",
        ),
    ]
}

/// Hexadecimal digits and nothing else; CRLF behind them.
fn malformed_sizes() -> Vec<Case> {
    let bad =
        |name: &str, size: &str| bad(name, "9112 7.1", &format!("{size}\r\nabc\r\n0\r\n\r\n"));
    let ended = |name, body: &str| refused(name, "9112 7.1", chunked(body), 400);
    vec![
        bad("an empty size", ""),
        bad("a size with a prefix", "0x3"),
        bad("a size with a plus", "+3"),
        bad("a size with a minus", "-3"),
        bad("a size of minus zero", "-0"),
        bad("a space in front of a size", " 3"),
        bad("a tab in front of a size", "\t3"),
        bad("a space behind a size", "3 "),
        bad("a tab behind a size", "3\t"),
        bad("a space in a size", "0 3"),
        bad("an underscore in a size", "0_3"),
        bad("a point in a size", "3.0"),
        bad("a letter that is no digit", "g"),
        bad("a size in brackets", "[3]"),
        bad("a quoted size", "\"3\""),
        bad("an h behind a size", "3h"),
        bad("a comma behind a size", "3,"),
        bad("a NUL behind a size", "3\0"),
        bad("a vertical tab behind a size", "3\x0b"),
        bad("a size in Arabic digits", "\u{663}"),
        bad("a size of 2^64", "10000000000000000"),
        bad("a size of 2^64 + 3", "10000000000000003"),
        bad("a size of 17 digits", "00000000000000003"),
        bad("a size of a hundred digits", &"f".repeat(100)),
        ended("a size that ends with LF", "3\nabc\r\n0\r\n\r\n"),
        ended("a size that ends with CR", "3\rabc\r\n0\r\n\r\n"),
        ended("a size that ends with CR CR LF", "3\r\r\nabc\r\n0\r\n\r\n"),
        ended("a last size that ends with LF", "3\r\nabc\r\n0\n\r\n"),
        ended("a size that is followed by LF CR", "3\n\rabc\r\n0\r\n\r\n"),
        refused(
            "a size of 2^64 - 1",
            "9112 7.1",
            chunked("ffffffffffffffff\r\nabc"),
            413,
        ),
        refused(
            "a size of 2^63",
            "9112 7.1",
            chunked("8000000000000000\r\nabc"),
            413,
        ),
        refused(
            "sizes whose sum overflows",
            "9112 7.1",
            chunked("1\r\na\r\nffffffffffffffff\r\nb"),
            413,
        ),
    ]
}

/// Unknown ones are ignored, which all are.
fn extensions() -> Vec<Case> {
    let extended = |extension: &str| format!("3{extension}\r\nabc\r\n0{extension}\r\n\r\n");
    let good = |name, extension| good(name, "9112 7.1.1", &extended(extension), "abc");
    let bad = |name, extension| bad(name, "9112 7.1.1", &extended(extension));
    vec![
        good("an extension", ";x"),
        good("an extension with a value", ";x=y"),
        good("several extensions", ";x=y;z;a=b"),
        good("white space around an extension", " ; x = y"),
        good("a tab in front of an extension", "\t;x"),
        good("a quoted value of an extension", ";x=\"a b;c\""),
        good("an escape in a quoted value", ";x=\"a\\\"b\""),
        good("a size in an extension", ";5"),
        bad("no semicolon in front of an extension", " x=y"),
        bad("CR in an extension", ";x\ry"),
        bad("CR in front of the end of an extension", ";x\r"),
        bad("LF in an extension", ";x\ny"),
        bad("LF at the end of an extension", ";x\n3"),
        bad("CRLF in a quoted value", ";x=\"a\r\nb\""),
        bad("NUL in an extension", ";x\0"),
        bad("a control character in an extension", ";x\x01"),
        bad("DEL in an extension", ";x\x7f"),
    ]
}

/// CRLF and nothing else stands behind a chunk's data.
fn data() -> Vec<Case> {
    let bad = |name, body| bad(name, "9112 7.1", body);
    vec![
        bad("no line end behind data", "3\r\nabc0\r\n\r\n"),
        bad("LF behind data", "3\r\nabc\n0\r\n\r\n"),
        bad("CR behind data", "3\r\nabc\r0\r\n\r\n"),
        bad("LF CR behind data", "3\r\nabc\n\r0\r\n\r\n"),
        bad("another byte instead of LF", "3\r\nabc\rX0\r\n\r\n"),
        bad("two other bytes instead of CRLF", "3\r\nabcXX0\r\n\r\n"),
        bad("more data than the size says", "3\r\nabcd\r\n0\r\n\r\n"),
        bad("less data than the size says", "4\r\nabc\r\n0\r\n\r\n"),
        bad("an empty line between chunks", "3\r\nabc\r\n\r\n0\r\n\r\n"),
        bad("a space behind data", "3\r\nabc \r\n0\r\n\r\n"),
        bad("LF at the very end", "3\r\nabc\r\n0\r\n\n"),
        bad(
            "CR and another byte at the very end",
            "3\r\nabc\r\n0\r\n\rX",
        ),
    ]
}

/// They are read, held against the grammar, and dropped.
fn trailers() -> Vec<Case> {
    let body = |lines: &str| format!("3\r\nabc\r\n0\r\n{lines}\r\n");
    let good = |name, lines| good(name, "9112 7.1.2", &body(lines), "abc");
    let bad = |name, lines| bad(name, "9112 7.1.2", &body(lines));
    let heard = |name, line: &str| {
        let head = "GET /heard HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        taken(
            name,
            "9110 6.5.1",
            format!("{head}{}", body(line)),
            "Transfer-Encoding=chunked;",
        )
    };
    vec![
        good("a trailer field", "X: y\r\n"),
        good("several trailer fields", "X: y\r\nZ:\r\nA:b\r\n"),
        good("Content-Length in a trailer", "Content-Length: 5\r\n"),
        good(
            "Transfer-Encoding in a trailer",
            "Transfer-Encoding: chunked\r\n",
        ),
        good("Host in a trailer", "Host: b\r\n"),
        good("Connection in a trailer", "Connection: close\r\n"),
        good("Expect in a trailer", "Expect: 100-continue\r\n"),
        heard("a trailer is no header", "X: y\r\n"),
        heard(
            "no credentials in a trailer",
            "Authorization: Basic YTpi\r\n",
        ),
        heard(
            "no client address in a trailer",
            "X-Forwarded-For: 203.0.113.1\r\n",
        ),
        bad("a trailer without a colon", "X\r\n"),
        bad("a space in front of a trailer's colon", "X : y\r\n"),
        bad("a trailer without a name", ": y\r\n"),
        bad("a folded trailer", "X: y\r\n z\r\n"),
        bad("a trailer that ends with LF", "X: y\n"),
        bad("CR in a trailer", "X: y\rz\r\n"),
        bad("NUL in a trailer", "X: y\0\r\n"),
        bad("a trailer with a space in front", " X: y\r\n"),
        bad(
            "a request in place of a trailer",
            "GET /smuggled HTTP/1.1\r\n",
        ),
    ]
}

/// 16 KiB of extensions, 8 KiB of trailer fields, 2 MiB of data.
fn limits() -> Vec<Case> {
    let extension = format!("3;{}\r\nabc\r\n0\r\n\r\n", "x".repeat(16 * 1024 + 1));
    let many = format!("{}0\r\n\r\n", "1;xxxxxxx\r\na\r\n".repeat(2400));
    let trailer = format!("0\r\nX: {}\r\n\r\n", "y".repeat(8 * 1024));
    let trailers = format!("0\r\n{}\r\n", "X: yyyyyyyyyyy\r\n".repeat(700));
    let over = |name, section, body: &str| refused(name, section, chunked(body), 413);
    vec![
        over("an extension that is too long", "9112 7.1.1", &extension),
        over("extensions that are too many", "9112 7.1.1", &many),
        over("a trailer that is too long", "9112 7.1.2", &trailer),
        over("trailers that are too many", "9112 7.1.2", &trailers),
        over("a chunk over the limit", "9110 15.5.14", "200001\r\nabc"),
        bad(
            "zeros without an end in front of a size",
            "9112 7.1",
            &"0".repeat(64 * 1024),
        ),
    ]
}

/// A body that isn't whole is no success.
fn short() -> Vec<Case> {
    let short = |name, body| unfinished(name, "9112 8", chunked(body));
    vec![
        short("no chunk yet", ""),
        short("half a size", "3"),
        short("half a chunk", "3\r\nab"),
        short("chunks without the last", "3\r\nabc\r\n"),
        short("a last chunk without the end", "3\r\nabc\r\n0\r\n"),
        short("half of the end", "3\r\nabc\r\n0\r\n\r"),
        short("a trailer without its end", "3\r\nabc\r\n0\r\nX: y\r\n"),
    ]
}

/// What a handler reads while it arrives is decoded by the same rules.
#[test]
fn a_body_that_is_read_while_it_arrives() {
    let server = super::support::TestServer::start(super::app::app());
    let cases = [sizes(), malformed_sizes(), extensions(), data(), trailers()].concat();
    for case in cases.iter().filter(|case| case.sent.starts_with(b"POST")) {
        let mut client = server.connect();
        client.drip(replaced(&case.sent, "POST /echo ", "POST /live "));
        let answer = client.head();
        let expected: &Expected = &case.answers[0];
        assert_eq!(answer.status, expected.status, "{}", case.name);
    }
}
