//! Heads of answers held against `httparse`: whatever stands in them, it reads the same.

use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;

/// Names and values that a program may set; what frames the body is the server's.
fn fields() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = "x-[a-z0-9!#$%&'*+.^_`|~-]{1,30}";
    let byte = prop_oneof![4 => b' '..=b'~', 1 => 0x80..=0xff_u8, 1 => Just(b'\t')];
    let value = prop::collection::vec(byte, 0..80);
    prop::collection::vec((name, value), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_head_is_read_as_it_was_meant(
        status in 200_u16..600,
        fields in fields(),
        length in prop::option::of(any::<u64>()),
        is_old in any::<bool>(),
    ) {
        let status = StatusCode::from_u16(status).unwrap();
        let version = if is_old { Version::HTTP_10 } else { Version::HTTP_11 };
        let mut set = Fields::default();
        for (name, value) in &fields {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            set.append(name, &HeaderValue::from_bytes(value).unwrap());
        }
        let answer = AnswerHead {
            status,
            fields: &set,
            delimiter: Delimiter::of(status, version, length),
            persistence: Persistence::Close,
            now: 784_111_777,
        };
        let mut out = Vec::new();
        head(&mut out, &mut DateCache::new(), &answer);

        let mut places = [httparse::EMPTY_HEADER; 32];
        let mut read = httparse::Response::new(&mut places);
        prop_assert_eq!(read.parse(&out), Ok(httparse::Status::Complete(out.len())));
        prop_assert_eq!(read.code, Some(status.as_u16()));
        let found = |name: &str| {
            let same = read.headers.iter().filter(|field| field.name == name);
            same.map(|field| field.value.to_vec()).collect::<Vec<_>>()
        };
        for (name, _) in &fields {
            let same = fields.iter().filter(|(known, _)| known == name);
            let values: Vec<Vec<u8>> = same.map(|(_, value)| value.trim_ascii().to_vec()).collect();
            prop_assert_eq!(found(name), values);
        }
        // A 205 says that there is nothing (RFC 9110, section 15.3.6).
        let length = match status {
            StatusCode::RESET_CONTENT => Some(0),
            _ => length.filter(|_| !is_bodiless(status)),
        };
        let length = length.map(|length| length.to_string().into_bytes());
        prop_assert_eq!(found("content-length"), Vec::from_iter(length));
        prop_assert_eq!((found("date").len(), found("connection").len()), (1, 1));
    }
}
