//! The reader of heads: the same however a head comes, and the same as in the model.

use mini_spring::__inside::Heads;
use mini_spring::__inside::readers::{BodyFraming, HeadSeen, Outcome};

use crate::cuts;
use crate::model::{self, Framing, Head, Read};

/// Limits that a fuzzer comes to.
const LINE: usize = 120;
const HEAD: usize = 700;
const FIELDS: usize = 12;

/// More bytes only take time.
const MOST: usize = 1024;

/// Checks the head that `bytes` begin with.
pub fn check(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(MOST)];
    let whole = read(&mut Heads::default(), bytes);
    for place in cuts::places(bytes) {
        let mut heads = Heads::default();
        let first = read(&mut heads, &bytes[..place]);
        assert!(
            first == Outcome::Partial || first == whole,
            "cut at {place}: {first:?}"
        );
        assert_eq!(read(&mut heads, bytes), whole, "cut at {place}");
    }
    match (whole, model::read(bytes)) {
        (Outcome::Whole(head), Read::Head(expected)) => same(bytes, &head, &expected),
        (Outcome::Whole(head), other) => panic!("{head:?} is {other:?}"),
        (other, Read::Head(expected)) => {
            let is_over =
                expected.line > LINE || expected.end > HEAD || expected.fields.len() > FIELDS;
            assert!(is_over, "{other:?} is {expected:?}");
            assert!(matches!(other, Outcome::Refused(414 | 431, _)), "{other:?}");
        }
        (Outcome::Partial, _) => assert!(bytes.len() < HEAD),
        (Outcome::Refused(status, detail), _) => {
            assert!(
                matches!(status, 400 | 414 | 417 | 431 | 501 | 505),
                "{detail}"
            );
        }
    }
}

fn read(heads: &mut Heads, bytes: &[u8]) -> Outcome<HeadSeen> {
    heads.read(bytes, LINE, HEAD, FIELDS)
}

fn same(bytes: &[u8], head: &HeadSeen, expected: &Head) {
    let framing = match head.framing {
        BodyFraming::Empty => Framing::Empty,
        BodyFraming::Length(length) => Framing::Length(length),
        BodyFraming::Chunked => Framing::Chunked,
    };
    let fields = head.fields.iter().map(|(name, value)| {
        let name = String::from_utf8(bytes[name.clone()].to_vec()).expect("a token");
        (name, bytes[value.clone()].to_vec())
    });
    let found = Head {
        method: head.method.clone(),
        version: head.version,
        target: bytes[head.target.clone()].to_vec(),
        host: bytes[head.host.clone()].to_vec(),
        fields: fields.collect(),
        framing,
        keep_alive: head.keep_alive,
        expects_continue: head.expects_continue,
        line: expected.line,
        end: head.end,
    };
    assert_eq!(&found, expected);
    let (path, query) = (&bytes[head.path.clone()], head.query.clone());
    assert!(!path.contains(&b'?') && path.len() <= found.target.len());
    let behind = query.map_or(head.path.end, |query| query.end);
    assert_eq!(behind, head.target.end);
}
