//! Request smuggling: requests that two servers would cut at different places (RFC 9112, section 11.2).
//!
//! Each is refused, and nothing behind it is answered; or it is taken in the one way that the RFC has, and what stands
//! in its body is no request. `permutations` has all spellings of the fields that frame a body; here are the
//! attacks by name.

mod permutations;

use super::case::{Case, End, Expected, post, refused, taken};
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    [attacks(), chunk_lines(), ignored_bodies(), expectations()].concat()
}

/// What an attacker wants to be answered.
const INNER: &str = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

const SECTION: &str = "9112 11.2";

fn bad(name: &str, sent: impl Into<Vec<u8>>) -> Case {
    refused(name, SECTION, sent, 400)
}

/// Both fields, or one of them twice.
fn attacks() -> Vec<Case> {
    let length = INNER.len();
    let end = "0\r\n\r\n";
    let (all, chunk) = (
        length + end.len(),
        format!("{length:x}\r\n{INNER}\r\n{end}"),
    );
    let te = "Transfer-Encoding: chunked\r\n";
    vec![
        bad(
            "CL.TE",
            post(
                &format!("Content-Length: {all}\r\n{te}"),
                &format!("{end}{INNER}"),
            ),
        ),
        bad("TE.CL", post(&format!("Content-Length: 4\r\n{te}"), &chunk)),
        bad(
            "TE.CL, the other way round",
            post(&format!("{te}Content-Length: 4\r\n"), &chunk),
        ),
        bad(
            "CL.TE with a length of zero",
            post(&format!("Content-Length: 0\r\n{te}"), &chunk),
        ),
        bad(
            "TE.TE",
            post(&format!("{te}Transfer-Encoding: identity\r\n"), &chunk),
        ),
        bad(
            "TE.TE, the other way round",
            post(&format!("Transfer-Encoding: identity\r\n{te}"), &chunk),
        ),
        bad(
            "CL.CL",
            post(
                &format!("Content-Length: 0\r\nContent-Length: {length}\r\n"),
                INNER,
            ),
        ),
        bad(
            "CL.CL, the other way round",
            post(
                &format!("Content-Length: {length}\r\nContent-Length: 0\r\n"),
                INNER,
            ),
        ),
        bad(
            "CL,CL",
            post(&format!("Content-Length: 0, {length}\r\n"), INNER),
        ),
        bad(
            "0.CL by a folded line",
            post(&format!("Content-Length:\r\n {length}\r\n"), INNER),
        ),
        bad(
            "0.CL by white space",
            post(&format!("Content-Length : {length}\r\n"), INNER),
        ),
        bad(
            "TE.0 in HTTP/1.0",
            format!("POST /echo HTTP/1.0\r\nConnection: keep-alive\r\n{te}\r\n{chunk}"),
        ),
        bad(
            "TE in a version that looks like 1.1",
            format!("POST /echo HTTP/1.1x\r\nHost: a\r\n{te}\r\n{chunk}"),
        ),
        bad(
            "TE in a version of two digits",
            format!("POST /echo HTTP/1.10\r\nHost: a\r\n{te}\r\n{chunk}"),
        ),
        taken(
            "a length that Connection names",
            "9112 6.3",
            post(
                &format!("Connection: Content-Length\r\nContent-Length: {length}\r\n"),
                INNER,
            ),
            &format!("POST /echo [{}]", INNER.escape_default()),
        ),
        taken(
            "a coding that Connection names",
            "9112 6.3",
            post(&format!("Connection: Transfer-Encoding\r\n{te}"), &chunk),
            &format!("POST /echo [{}]", INNER.escape_default()),
        ),
        taken(
            "Content-Encoding frames nothing",
            "9112 6.3",
            post(
                &format!("Content-Encoding: chunked\r\nContent-Length: {length}\r\n"),
                INNER,
            ),
            &format!("POST /echo [{}]", INNER.escape_default()),
        ),
        taken(
            "TE frames nothing",
            "9110 10.1.4",
            post(
                &format!("TE: chunked\r\nContent-Length: {length}\r\n"),
                INNER,
            ),
            &format!("POST /echo [{}]", INNER.escape_default()),
        ),
    ]
}

/// Lines of a chunked body that some end elsewhere: chunk extensions (TERM.EXT and EXT.TERM) and the
/// two bytes behind the data (TERM.SPILL and SPILL.TERM).
fn chunk_lines() -> Vec<Case> {
    let bad = |name, body: String| bad(name, post("Transfer-Encoding: chunked\r\n", &body));
    let end = "0\r\n\r\n";
    vec![
        bad("TERM.EXT by LF", format!("2;\nxx\r\n26\r\n{end}{INNER}")),
        bad("TERM.EXT by CR", format!("2;\rxx\r\n26\r\n{end}{INNER}")),
        bad(
            "TERM.EXT in a quoted value",
            format!("2;x=\"\r\nxx\r\n{end}{INNER}\"\r\n"),
        ),
        bad("TERM.SPILL by LF", format!("5\r\nAAAAA\n2\r\n{end}{INNER}")),
        bad(
            "TERM.SPILL by other bytes",
            format!("5\r\nAAAAAXX2\r\n45\r\n{end}{INNER}"),
        ),
        bad(
            "a chunk that ends at once",
            format!("5\r\nAAAAA0\r\n\r\n{INNER}"),
        ),
        bad(
            "a size that is cut at a space",
            format!("0 5\r\n\r\n{INNER}"),
        ),
        bad(
            "a size that is cut at a letter",
            format!("0x26\r\n\r\n{INNER}"),
        ),
        bad(
            "a size that wraps to nothing",
            format!("10000000000000000\r\n\r\n{INNER}"),
        ),
        bad(
            "a size that wraps to something",
            format!("f{:016x}\r\n{INNER}\r\n{end}", INNER.len()),
        ),
        bad("a negative size", format!("-1\r\n\r\n{INNER}")),
        bad("a size that isn't there", format!("\r\n\r\n{INNER}")),
        bad("a size that is an extension", format!(";0\r\n\r\n{INNER}")),
        bad(
            "a trailer that ends with LF and a request",
            format!("0\r\nX: y\n\r\n{INNER}"),
        ),
        bad("an end of LF", format!("0\r\n\n{INNER}")),
        bad("an end of CR", format!("0\r\n\r{INNER}")),
        bad("no end", format!("0\r\n{INNER}")),
    ]
}

/// CL.0: a body is a body on every request, whatever its method, its answer, or its handler.
fn ignored_bodies() -> Vec<Case> {
    let with_length = |line: &str| {
        let length = INNER.len();
        format!("{line} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{INNER}")
    };
    let with_chunks = |line: &str| {
        let size = INNER.len();
        format!(
            "{line} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
             {size:x}\r\n{INNER}\r\n0\r\n\r\n"
        )
    };
    let body = INNER.escape_default().to_string();
    let echoed = |method: &str| Expected::ok(format!("{method} /echo [{body}]"));
    let answers = [
        ("GET /echo", echoed("GET")),
        ("DELETE /echo", echoed("DELETE")),
        ("GET /probe", Expected::ok("probe")),
        ("HEAD /probe", Expected::status(200).for_head()),
    ];
    // What is answered without its body ends the connection if that isn't here yet, so it is here.
    let mut cases: Vec<Case> = Vec::new();
    for (line, expected) in answers {
        for (kind, sent) in [("CL.0", with_length(line)), ("TE.0", with_chunks(line))] {
            let name = format!("{kind}: {line}");
            cases.push(Case::new(
                name,
                "9112 9.3",
                sent,
                [expected.clone()],
                End::Open,
            ));
        }
    }
    cases
}

/// A body that is announced with an expectation is one, too.
fn expectations() -> Vec<Case> {
    let length = INNER.len();
    let with = |value: &str| {
        post(
            &format!("Expect:{value}\r\nContent-Length: {length}\r\n"),
            INNER,
        )
    };
    let body = format!("POST /echo [{}]", INNER.escape_default());
    let bad = |name, value: &str, status| refused(name, "9110 10.1.1", with(value), status);
    vec![
        taken(
            "Expect and a request in the body",
            "9110 10.1.1",
            with(" 100-continue"),
            &body,
        )
        .may_continue(),
        bad("Expect with something in front", " y 100-continue", 417),
        bad("Expect behind a folded line", "\r\n 100-continue", 417),
        bad("Expect with a NUL", " 100-continue\0", 400),
        bad("Expect with a vertical tab", "\x0b100-continue", 400),
        bad("Expect of another case and a comma", " 100-Continue,", 417),
        bad("Expect in quotes", " \"100-continue\"", 417),
        bad("Expect with a no-break space", "\u{a0}100-continue", 417),
        refused(
            "Expect with a space in front of the colon",
            "9112 5.1",
            post(
                &format!("Expect : 100-continue\r\nContent-Length: {length}\r\n"),
                INNER,
            ),
            400,
        ),
    ]
}

/// What is answered without waiting for its body: 404 and 405. Where the body is late, the connection ends; what
/// comes of it later is no request, in whatever pieces it comes.
#[test]
fn a_late_body_is_no_request() {
    let server = mini_spring::__inside::Stepped::new(super::app::app(), super::support::config());
    let server = server.expect("a server");
    for target in ["/none", "/probe"] {
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n",
            INNER.len()
        );
        let all = head.clone() + INNER + INNER;
        for at in head.len()..head.len() + INNER.len() {
            let mut wire = server.connect().unwrap();
            let mut bytes = wire.feed(&all.as_bytes()[..at]).unwrap();
            bytes.extend(wire.feed(&all.as_bytes()[at..]).unwrap());
            let answers = String::from_utf8(bytes).unwrap();
            assert_eq!(
                answers.matches("HTTP/1.1 ").count(),
                1,
                "split at {at}: {answers}"
            );
            assert!(answers.contains("\r\nconnection: close\r\n"), "{answers}");
            assert!(wire.is_closed(), "split at {at}");
        }
    }
}
