//! The parser held against `httparse`, another one, on whatever bytes.
//!
//! What this one accepts `httparse` accepts too, and reads the same in it. What only this one refuses
//! is what it is stricter about: bare LF, targets that aren't ASCII, versions, and what the fields say.

use proptest::prelude::*;

use super::*;

const LIMITS: HeadLimits = HeadLimits {
    request_line: 4000,
    head: 8000,
    fields: 40,
};

/// What is refused for its grammar alone.
const GRAMMAR: [&str; 3] = [
    "the request line is malformed",
    "a header field's name is malformed",
    "a header field's value holds a forbidden byte",
];

const HEAD: &str = "POST /a/b%20c?d=e HTTP/1.1\r\nHost: example.org:8080\r\nUser-Agent: Mozilla/5.0 \
                    (X11; Linux x86_64; rv:128.0) Gecko/20100101\r\nX_1-long-name-of-no-letters-only: \
                    \t a\tb \r\nEmpty:\r\nContent-Length: 3\r\nConnection: Keep-Alive\r\n\r\nabc";

const PIECES: [&[u8]; 36] = [
    b"GET ",
    b"OPTIONS ",
    b"CONNECT ",
    b"get",
    b" ",
    b"/",
    b"/a?b",
    b"/a#b",
    b"/\xc3\xa9",
    b"*",
    b"http://h:1",
    b" HTTP/1.1\r\n",
    b" HTTP/1.1\n",
    b" HTTP/1.0\r\n",
    b" HTTP/1.2\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\r",
    b"\n",
    b"Host: a\r\n",
    b"host:a\r\n",
    b"Content-Length: 3\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close, x\r\n",
    b"Expect: 100-continue\r\n",
    b"X",
    b"X-Long-Name-Of-Many-Letters",
    b"x1_~",
    b":",
    b": ",
    b"\t",
    b"value of more than sixteen bytes",
    b"\0",
    b"\x7f",
    b"\x80\xff",
    b"(",
];

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14).prop_map(|list| list.concat())
}

/// A request line and some lines, most of them right.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    pieces().prop_map(|rest| [b"GET / HTTP/1.1\r\nHost: a\r\n", &rest[..], b"\r\n"].concat())
}

/// A head with a few bytes replaced, put in or taken out.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        any::<u8>(),
        prop::sample::select(&b" \t\r\n:\0\x7f\x80?#"[..])
    ];
    let change = (any::<prop::sample::Index>(), byte, 0..3);
    prop::collection::vec(change, 0..4).prop_map(|changes| {
        let mut bytes = HEAD.as_bytes().to_vec();
        for (place, byte, kind) in changes {
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => drop(bytes.remove(place)),
            }
        }
        bytes
    })
}

fn whatever() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop::collection::vec(any::<u8>(), 0..80);
    prop_oneof![bytes, pieces(), lines(), mutated(), mutated()]
}

fn check_against_httparse(bytes: &[u8]) {
    let mut fields = [httparse::EMPTY_HEADER; LIMITS.fields];
    let mut theirs = httparse::Request::new(&mut fields);
    let accepted = theirs.parse(bytes);
    let mut head = Head::default();
    match parse(bytes, 0, &LIMITS, &mut head) {
        Ok(Progress::Complete) => {
            assert_eq!(accepted, Ok(httparse::Status::Complete(head.end)));
            check_same(bytes, &head, &theirs);
        }
        Ok(Progress::Partial) => {
            assert!(!matches!(accepted, Ok(httparse::Status::Complete(_))));
        }
        Err(reject) if GRAMMAR.contains(&reject.detail) => {
            // Without a path they are still within the request line.
            let is_ascii = theirs.path.map_or(bytes.is_ascii(), str::is_ascii);
            assert!(accepted.is_err() || !is_ascii, "{reject:?}");
        }
        Err(_) => {}
    }
}

fn check_same(bytes: &[u8], head: &Head, theirs: &httparse::Request<'_, '_>) {
    let minor = u8::from(head.version == Version::HTTP_11);
    assert_eq!(Some(head.method.as_str()), theirs.method);
    assert_eq!(Some(minor), theirs.version);
    assert_eq!(Some(head.target.of(bytes)), theirs.path.map(str::as_bytes));
    let read = head
        .fields
        .iter()
        .map(|field| (field.name.of(bytes), field.value.of(bytes)));
    let expected = theirs
        .headers
        .iter()
        .map(|field| (field.name.as_bytes(), field.value));
    assert!(read.eq(expected));
}

fn outcome(bytes: &[u8], head: &mut Head) -> String {
    let result = parse(bytes, 0, &LIMITS, head);
    match result {
        Ok(Progress::Complete) => format!("{head:?}"),
        other => format!("{other:?}"),
    }
}

/// A head that comes in two parts must end as it does whole, or have failed so already.
fn check_every_cut(bytes: &[u8]) {
    let whole = outcome(bytes, &mut Head::default());
    let partial = format!("{:?}", Ok::<_, Reject>(Progress::Partial));
    for cut in 0..bytes.len() {
        let mut head = Head::default();
        let first = outcome(&bytes[..cut], &mut head);
        assert!(
            first == partial || first == whole,
            "cut at {cut}: {first}, then {whole}"
        );
        assert_eq!(outcome(bytes, &mut head), whole, "cut at {cut}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_accepted_httparse_accepts_too(bytes in whatever()) {
        check_against_httparse(&bytes);
    }

    #[test]
    fn no_bytes_and_no_limits_panic(
        bytes in whatever(),
        start: prop::sample::Index,
        request_line in 0_usize..60,
        head in 0_usize..200,
        fields in 0_usize..4,
    ) {
        let limits = HeadLimits { request_line, head, fields };
        let start = start.index(bytes.len() + 1);
        let _ = parse(&bytes, start, &limits, &mut Head::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_head_may_come_in_parts(bytes in whatever()) {
        check_every_cut(&bytes);
    }
}

#[test]
fn a_whole_head_is_accepted_by_both() {
    check_against_httparse(HEAD.as_bytes());
    check_every_cut(HEAD.as_bytes());
    assert_eq!(
        parse(HEAD.as_bytes(), 0, &LIMITS, &mut Head::default()),
        Ok(Progress::Complete)
    );
}
